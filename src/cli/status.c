#include "cli/cli.h"

#include "base/error.h"
#include "base/terminal.h"
#include "collect/rejects.h"
#include "evidence/facts/facts.h"
#include "evidence/facts/overview.h"

#include <math.h>

/* A number of items, or that it is of too few people. */
static const char *count_shown(struct arena *arena, const struct frame *frame, size_t row,
                               size_t column)
{
    if (!frame->columns[column].valid[row])
        return "few";
    return arena_printf(arena, "%lld", (long long)frame_integer(frame, row, column));
}

static void show_use_cases(struct cli *cli, const struct overview *overview)
{
    FILE *out = cli->out;
    const struct frame *frame = &overview->use_cases;
    if (frame->rows == 0)
        return;
    (void)fprintf(out, "\n%-28s %9s %9s %9s   %s\n", "use case", "items", "with AI", "AI named",
                  "from … to");
    for (size_t i = 0; i < frame->rows; i++)
        (void)fprintf(out, "%-28s %9lld %9s %9s   %s … %s\n",
                      frame_text(frame, i, 0) != NULL
                          ? text_printable(cli->arena, frame_text(frame, i, 0))
                          : "(of too few people)",
                      (long long)frame_integer(frame, i, 1), count_shown(cli->arena, frame, i, 4),
                      count_shown(cli->arena, frame, i, 5),
                      frame_text(frame, i, 2) != NULL ? frame_text(frame, i, 2) : "no times",
                      frame_text(frame, i, 3) != NULL ? frame_text(frame, i, 3) : "");
    if (overview->unsorted_share > 0)
        (void)fprintf(out, "No rule of use_cases.yaml fits %.0f %% of the items.\n",
                      overview->unsorted_share * 100);
}

static void show_imports(FILE *out, const struct frame *imports)
{
    if (imports->rows == 0) {
        (void)fputs(
            "\nNothing was imported yet: assay import git DIR, or assay import items FILE\n", out);
        return;
    }
    (void)fprintf(out, "\n%-22s %-17s %10s %10s %10s\n", "import", "at", "read", "accepted",
                  "rejected");
    for (size_t i = 0; i < imports->rows; i++)
        (void)fprintf(out, "%-22s %-17s %10lld %10lld %10lld\n", frame_text(imports, i, 0),
                      frame_text(imports, i, 1), (long long)frame_integer(imports, i, 2),
                      (long long)frame_integer(imports, i, 3),
                      (long long)frame_integer(imports, i, 4));
}

static void show_rejected(void *context, const struct reject_row *row)
{
    struct cli *cli = context;
    (void)fprintf(cli->out, "%.12s  %-22s  ", row->file_hash, row->connector);
    if (row->reject.row > 0)
        (void)fprintf(cli->out, "%10lld  ", (long long)row->reject.row);
    else
        (void)fprintf(cli->out, "%10s  ", "-");
    (void)fprintf(cli->out, "%s%s%s\n", row->reject.column != NULL ? row->reject.column : "",
                  row->reject.column != NULL ? ": " : "", row->reject.reason);
}

static enum status list_rejected(struct cli *cli, const struct arguments *arguments,
                                 struct error *error)
{
    struct workspace *workspace = NULL;
    enum status status = cli_open(cli, arguments, false, &workspace, error);
    if (status != STATUS_OK)
        return status;
    (void)fprintf(cli->out, "%-12s  %-22s  %10s  %s\n", "file", "import", "row", "column: reason");
    status = rejects_each(workspace->engine, show_rejected, cli, error);
    (void)fputs("`sha256sum FILE` begins with what stands under file.\n", cli->log);
    workspace_close(workspace);
    return status;
}

static enum status run(struct cli *cli, const struct arguments *arguments, struct error *error)
{
    const char *folder = NULL;
    struct workspace *workspace = NULL;
    struct overview overview;
    if (arguments->word_count > 0)
        return error_set(error, ERROR_INPUT, "status takes no words, only flags");
    if (argument_given(arguments, "rejected"))
        return list_rejected(cli, arguments, error);
    enum status status = cli_workspace(cli, arguments, &folder, error);
    if (status == STATUS_OK)
        status = facts_open(cli->arena, folder, argument_given(arguments, "wait"), cli->command,
                            &workspace, error);
    if (status == STATUS_OK)
        status = overview_read(workspace, cli->arena, &overview, error);
    if (status == STATUS_OK) {
        const struct settings *settings = &workspace->settings;
        (void)fprintf(cli->out, "Workspace %s in %s   data version %lld · times in %s\n",
                      text_printable(cli->arena, settings->name), folder,
                      (long long)overview.data_version, settings->time_zone);
        if (settings->own_data)
            (void)fputs("Groups of one are shown: all data is declared as your own or consented.\n",
                        cli->out);
        else
            (void)fprintf(cli->out, "Reports show nothing of fewer than %d people.\n",
                          settings->min_group);
        for (size_t i = 0; i < overview.tables.rows; i++)
            (void)fprintf(cli->out, "  %-28s %9lld\n", frame_text(&overview.tables, i, 0),
                          (long long)frame_integer(&overview.tables, i, 1));
        const struct frame *links = &overview.links;
        (void)fprintf(
            cli->out,
            "Calls name an item: %lld · its session: %lld · meet one in time: %lld · name "
            "one that is not here: %lld · none: %lld\n",
            (long long)frame_integer(links, 0, 0), (long long)frame_integer(links, 0, 1),
            (long long)frame_integer(links, 0, 2), (long long)frame_integer(links, 0, 3),
            (long long)frame_integer(links, 0, 4));
        if (frame_integer(&overview.unbelieved, 0, 0) > 0)
            (void)fprintf(cli->out,
                          "Items with dates too early or late to be true: %lld · of these done and "
                          "closed in the future, so that no time counts them: %lld\n",
                          (long long)frame_integer(&overview.unbelieved, 0, 0),
                          (long long)frame_integer(&overview.unbelieved, 0, 1));
        for (size_t i = 0; i < overview.hidden_measure_count; i++)
            (void)fprintf(
                cli->out,
                "The measure %s is named like a column: write measure('%s') in formulas.\n",
                overview.hidden_measures[i], overview.hidden_measures[i]);
        show_use_cases(cli, &overview);
        show_imports(cli->out, &overview.imports);
    }
    workspace_close(workspace);
    return status;
}

const struct command command_status = {
    .name = "status",
    .group = "Bring data in",
    .usage = "[--rejected]",
    .summary = "Say what the workspace holds: imports, use cases, and how calls meet items",
    .details = NULL,
    .example = "  assay status\n  assay status --rejected",
    .flags = {{"rejected", NULL, "list the rows that imports rejected, by file, row and column"}},
    .no_names = true,
    .run = run,
};
