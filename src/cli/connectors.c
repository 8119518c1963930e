#include "cli/cli.h"

#include "base/error.h"
#include "collect/connector.h"

#include <string.h>

static void list(struct cli *cli, const struct connector *connectors, size_t count)
{
    for (size_t i = 0; i < count; i++)
        (void)fprintf(cli->out, "%-22s %-18s %s%s\n", connectors[i].name, connectors[i].reads,
                      connectors[i].about, connectors[i].built_in ? "" : "  (yours)");
}

static void show(struct cli *cli, const struct connector *connector)
{
    FILE *out = cli->out;
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

static enum status run(struct cli *cli, const struct arguments *arguments, struct error *error)
{
    const char *workspace = NULL;
    enum status status =
        workspace_find(cli->arena, argument_text(arguments, "workspace", NULL), &workspace, error);
    if (status != STATUS_OK)
        return status;
    const char *folder =
        workspace != NULL ? arena_printf(cli->arena, "%s/connectors", workspace) : NULL;
    if (arguments->word_count == 2 && strcmp(arguments->words[0], "show") == 0) {
        struct connector connector;
        status = connector_find(cli->arena, folder, arguments->words[1], &connector, error);
        if (status == STATUS_OK)
            show(cli, &connector);
        return status;
    }
    if (arguments->word_count > 0)
        return error_set(error, ERROR_INPUT, "connectors takes nothing, or: show NAME");
    struct connector *connectors = NULL;
    size_t count = 0;
    size_t broken = 0;
    status = connector_list(cli->arena, folder, &connectors, &count, &broken, error);
    if (status != STATUS_OK)
        return status;
    list(cli, connectors, count);
    if (broken > 0)
        (void)fprintf(cli->log, "%zu of your own cannot be read; the last: %s: %s\n", broken,
                      error->place, error->message);
    return STATUS_OK;
}

const struct command command_connectors = {
    .name = "connectors",
    .group = "Bring data in",
    .usage = "[show NAME]",
    .summary = "List the formats that assay reads, or show one with its columns and options",
    .details =
        "A connector is one .sql file that renames columns. Your own lie in the workspace's\n"
        "folder connectors/ and are found first; docs/connectors.md describes how to write one.",
    .example = "  assay connectors\n  assay connectors show items",
    .flags = {{NULL, NULL, NULL}},
    .run = run,
};
