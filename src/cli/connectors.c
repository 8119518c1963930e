#include "cli/catalogue.h"

#include "base/error.h"
#include "collect/connector.h"
#include "collect/connector_check.h"
#include "collect/draft.h"

#include <string.h>

static void describe(FILE *out, const struct connector *connector)
{
    (void)fprintf(out, "%s: %s\n\nreads     %s\nseen      %s\nfills    ", connector->name,
                  connector->about, connector->reads, connector->seen);
    for (size_t i = 0; i < connector->block_count; i++)
        (void)fprintf(out, " %s", connector->blocks[i].table);
    for (const char *line = connector->example; line != NULL && *line != '\0';) {
        size_t length = strcspn(line, "\n");
        (void)fprintf(out, "\n%-10s%.*s", line == connector->example ? "example" : "", (int)length,
                      line);
        line += length + (line[length] == '\n');
    }
    if (connector->gaps != NULL)
        (void)fprintf(out, "\ngaps      %s", connector->gaps);
    if (connector->export_command != NULL)
        (void)fprintf(out, "\nexport    %s", connector->export_command);
    for (size_t i = 0; i < connector->option_count; i++)
        (void)fprintf(out, "%s%s=%s", i == 0 ? "\noptions   " : ", ", connector->options[i].name,
                      connector->options[i].value);
    for (size_t i = 0; i < connector->column_count; i++)
        (void)fprintf(out, "%s%s%s", i == 0 ? "\ncolumns   " : ", ", connector->columns[i].name,
                      connector->columns[i].required ? " (needed)" : "");
    if (connector->any_attrs)
        (void)fputs("\nattrs     any (attr.KEY)", out);
    for (size_t i = 0; i < connector->attr_count && !connector->any_attrs; i++)
        (void)fprintf(out, "%s%s", i == 0 ? "\nattrs     " : ", ", connector->attrs[i]);
    (void)fprintf(out, "\nfile      %s\n\n%s", connector->path, connector->text);
}

static void show_verdict(void *context, const struct connector_verdict *one)
{
    struct cli *cli = context;
    if (one->fine)
        (void)fprintf(cli->out, "fine   %-22s %s%s\n", one->name, one->path,
                      one->bound ? "" : "  (no `-- columns:` line: only its syntax was checked)");
    else
        (void)fprintf(cli->out, "wrong  %-22s %s%s%s\n", one->name, one->error->place,
                      one->error->place[0] != '\0' ? ": " : "", one->error->message);
}

static enum status check(struct cli *cli, const char *folder, const char *only, struct error *error)
{
    size_t failed = 0;
    enum status status =
        connector_check_all(cli->arena, folder, only, show_verdict, cli, &failed, error);
    if (failed > 0)
        cli->exit_code = 1;
    return status;
}

static enum status draft(struct cli *cli, const struct arguments *arguments, const char *folder,
                         struct error *error)
{
    const char *name = arguments->words[1];
    const char *file = arguments->words[2];
    const char *path = NULL;
    struct draft made;
    if (folder == NULL)
        return error_set(error, ERROR_INPUT,
                         "no workspace here or above, in which the connector would lie; make one: "
                         "assay init q3 && cd q3");
    enum status status = draft_connector(cli->arena, name, file,
                                         argument_text(arguments, "into", NULL), &made, error);
    if (status == STATUS_OK)
        status = draft_write(cli->arena, folder, name, &made, &path, error);
    if (status != STATUS_OK)
        return status;
    (void)fprintf(cli->out, "%s: into %s, %zu columns found, %zu left to decide about.\n", path,
                  made.table, made.mapped, made.left);
    if (made.missing != NULL)
        (void)fprintf(cli->out,
                      "Not found, and each row needs it: %s. Name the file's column for it there, "
                      "under columns and in the select.\n",
                      made.missing);
    (void)fprintf(cli->out,
                  "Read it, then:  assay connectors --check %s, and "
                  "assay import %s FILE --dry-run\n",
                  name, name);
    return STATUS_OK;
}

static enum status show(struct cli *cli, const char *folder, const char *name, struct error *error)
{
    struct connector connector;
    enum status status = connector_find(cli->arena, folder, name, &connector, error);
    if (status == STATUS_OK)
        describe(cli->out, &connector);
    return status;
}

static enum status list(struct cli *cli, const char *folder, struct error *error)
{
    struct connector *connectors = NULL;
    size_t count = 0;
    size_t broken = 0;
    enum status status = connector_list(cli->arena, folder, &connectors, &count, &broken, error);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < count; i++)
        (void)fprintf(cli->out, "%-22s %-18s %s%s\n", connectors[i].name, connectors[i].reads,
                      connectors[i].about, connectors[i].built_in ? "" : "  (yours)");
    if (broken > 1)
        (void)fprintf(cli->log, "%zu of your own cannot be read; the last:\n", broken);
    cli_show_broken(cli, error, broken > 0 ? 1 : 0);
    return STATUS_OK;
}

static enum status run(struct cli *cli, const struct arguments *arguments, struct error *error)
{
    const struct catalogue catalogue = {"connectors", list, show, ", or: new NAME FILE"};
    bool makes = arguments->word_count == 3 && strcmp(arguments->words[0], "new") == 0;
    bool checks = arguments->word_count <= 1 && argument_given(arguments, "check");
    if (argument_given(arguments, makes ? "check" : "into") ||
        (argument_given(arguments, "check") && !checks))
        return error_set(error, ERROR_INPUT,
                         "write --check, or --check NAME; --into belongs to: new NAME FILE");
    if (!makes && !checks)
        return cli_catalogue(cli, arguments, &catalogue, error);
    const char *workspace = NULL;
    enum status status =
        workspace_find(cli->arena, argument_text(arguments, "workspace", NULL), &workspace, error);
    const char *folder =
        workspace != NULL ? arena_printf(cli->arena, "%s/connectors", workspace) : NULL;
    if (status != STATUS_OK)
        return status;
    return makes ? draft(cli, arguments, folder, error)
                 : check(cli, folder, arguments->words[0], error);
}

const struct command command_connectors = {
    .name = "connectors",
    .group = "Bring data in",
    .usage = "[show NAME | new NAME FILE | --check [NAME]]",
    .summary = "List the formats that assay reads, show or check them, or draft a new one",
    .details =
        "A connector is one .sql file that renames columns. Your own lie in the workspace's\n"
        "folder connectors/ and are found first; docs/connectors.md describes how to write one.\n"
        "\n"
        "`new` drafts one there from the names of a file's columns, never from its values: what "
        "looks\n"
        "like a column of a table is mapped to it, and the rest stands in comments.",
    .example = "  assay connectors\n  assay connectors show items\n"
               "  assay connectors new helpdesk tickets.csv\n  assay connectors --check helpdesk",
    .flags =
        {
            {"check", NULL,
             "try all of them, yours too, or the named one, on a table without rows"},
            {"into", "TABLE", "with new: fill this table instead of the one that fits best"},
        },
    .run = run,
};
