#include "cli/cli.h"

#include "base/error.h"
#include "model/metric.h"

#include <string.h>

static void list(struct cli *cli, const struct metric *metrics, size_t count)
{
    for (size_t i = 0; i < count; i++)
        (void)fprintf(cli->out, "%-20s %-11s %s better · worth acting on: %-5s %s%s\n",
                      metrics[i].name, metric_kind_name(metrics[i].kind),
                      metrics[i].better == METRIC_LOWER ? "lower " : "higher",
                      amount_text(cli->arena, metrics[i].material), metrics[i].label,
                      metrics[i].built_in ? "" : "  (yours)");
}

static enum status run(struct cli *cli, const struct arguments *arguments, struct error *error)
{
    const char *workspace = NULL;
    enum status status =
        workspace_find(cli->arena, argument_text(arguments, "workspace", NULL), &workspace, error);
    if (status != STATUS_OK)
        return status;
    const char *folder =
        workspace != NULL ? arena_printf(cli->arena, "%s/metrics", workspace) : NULL;
    if (arguments->word_count == 2 && strcmp(arguments->words[0], "show") == 0) {
        const struct place place = {.file = "metrics show"};
        struct metric metric;
        status = metric_find(cli->arena, folder, arguments->words[1], &place, &metric, error);
        if (status == STATUS_OK)
            (void)fprintf(cli->out, "# %s\n%s", metric.file, metric.source);
        return status;
    }
    if (arguments->word_count > 0)
        return error_set(error, ERROR_INPUT, "metrics takes nothing, or: show NAME");
    struct metric *metrics = NULL;
    size_t count = 0;
    struct metric_broken broken = {NULL, 0};
    status = metric_list(cli->arena, folder, &metrics, &count, &broken, error);
    if (status == STATUS_OK)
        list(cli, metrics, count);
    cli_show_broken(cli, broken.list, broken.count);
    return status;
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
    .run = run,
};
