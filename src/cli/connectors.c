#include "cli/catalogue.h"

#include "collect/connector.h"

static void describe(FILE *out, const struct connector *connector)
{
    (void)fprintf(out, "%s: %s\n\nreads     %s\nseen      %s\nfills    ", connector->name,
                  connector->about, connector->reads, connector->seen);
    for (size_t i = 0; i < connector->block_count; i++)
        (void)fprintf(out, " %s", connector->blocks[i].table);
    if (connector->example != NULL)
        (void)fprintf(out, "\nexample   %s", connector->example);
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
        (void)fprintf(cli->out, "%-14s %-6s %s%s\n", connectors[i].name, connectors[i].reads,
                      connectors[i].about, connectors[i].built_in ? "" : "  (yours)");
    if (broken > 1)
        (void)fprintf(cli->log, "%zu of your own cannot be read; the last:\n", broken);
    cli_show_broken(cli, error, broken > 0 ? 1 : 0);
    return STATUS_OK;
}

static enum status run(struct cli *cli, const struct arguments *arguments, struct error *error)
{
    const struct catalogue catalogue = {"connectors", list, show};
    return cli_catalogue(cli, arguments, &catalogue, error);
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
