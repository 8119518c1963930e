#include "cli/catalogue.h"

#include "base/terminal.h"
#include "model/metric.h"

/* "10%", "2 hours" */
static const char *amount(struct arena *arena, const struct metric *metric)
{
    const char *text = amount_text(arena, metric->material);
    if (metric->material.scale != AMOUNT_UNITS || metric->unit[0] == '\0')
        return text;
    return arena_printf(arena, "%s %s", text, text_printable(arena, metric->unit));
}

static enum status list(struct cli *cli, const char *folder, struct error *error)
{
    struct metric *metrics = NULL;
    size_t count = 0;
    struct metric_broken broken = {NULL, 0};
    enum status status = metric_list(cli->arena, folder, &metrics, &count, &broken, error);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < count; i++)
        (void)fprintf(cli->out, "%-20s %-11s %s better · worth acting on: %-5s %s%s\n",
                      metrics[i].name, metric_kind_name(metrics[i].kind),
                      metrics[i].better == METRIC_LOWER ? "lower " : "higher",
                      amount(cli->arena, &metrics[i]), text_printable(cli->arena, metrics[i].label),
                      metrics[i].built_in ? "" : "  (yours)");
    cli_show_broken(cli, broken.list, broken.count);
    return STATUS_OK;
}

static enum status show(struct cli *cli, const char *folder, const char *name, struct error *error)
{
    const struct place place = {.file = "metrics show"};
    struct metric metric;
    enum status status = metric_find(cli->arena, folder, name, &place, &metric, error);
    if (status == STATUS_OK)
        (void)fprintf(cli->out, "# %s\n%s", metric.file, metric.source);
    return status;
}

static enum status run(struct cli *cli, const struct arguments *arguments, struct error *error)
{
    const struct catalogue catalogue = {"metrics", list, show, NULL};
    return cli_catalogue(cli, arguments, &catalogue, error);
}

const struct command command_metrics = {
    .name = "metrics",
    .group = "Define success",
    .usage = "[show NAME]",
    .summary = "List the metrics, or show one: what it is, and what it is not",
    .details =
        "A metric is one YAML file that says how a number is made from items. Your own lie in\n"
        "the workspace's folder metrics/ and are found first; docs/metrics.md describes them.",
    .example = "  assay metrics\n  assay metrics show rework_rate",
    .flags = {{NULL, NULL, NULL}},
    .no_names = true,
    .run = run,
};
