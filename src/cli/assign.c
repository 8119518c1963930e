#include "cli/cli.h"

#include "assignment/assign.h"
#include "base/error.h"
#include "evidence/facts/facts.h"
#include "report/assigned.h"

#include <string.h>

static enum status check_format(const char *format, struct error *error)
{
    static const char *const formats[] = {"text", "csv", "json"};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (strcmp(format, formats[i]) == 0)
            return STATUS_OK;
    return error_at(error, ERROR_INPUT, "--format", 0, 0, "\"%s\" is none of text, csv and json",
                    format);
}

static void show(struct cli *cli, const char *format, const struct assigned *assigned)
{
    if (strcmp(format, "csv") == 0)
        assigned_csv(cli->out, cli->arena, assigned);
    else if (strcmp(format, "json") == 0)
        assigned_json(cli->out, cli->arena, assigned);
    else
        assigned_text(cli->out, cli->arena, assigned);
    assigned_summary(cli->log, assigned);
}

static enum status run(struct cli *cli, const struct arguments *arguments, struct error *error)
{
    const char *format = argument_text(arguments, "format", "text");
    struct workspace *workspace = NULL;
    struct planned planned = {0};
    struct assigned assigned = {0};
    struct arena *clear = arena_create(); /* what was given, names of people among it */
    enum status status = check_format(format, error);
    if (status == STATUS_OK && arguments->word_count == 0)
        status = error_set(error, ERROR_INPUT,
                           "name a plan and units: assay assign PLAN UNIT…, or --from FILE "
                           "(assay plan list shows plans)");
    const struct assign_request request = {
        .words = arguments->word_count > 0 ? arguments->words + 1 : NULL,
        .word_count = arguments->word_count > 0 ? arguments->word_count - 1 : 0,
        .path = argument_text(arguments, "from", NULL),
        .item_source = argument_text(arguments, "item-source", "items"),
    };
    if (status == STATUS_OK && request.path != NULL && request.word_count > 0)
        status = error_at(error, ERROR_INPUT, "--from", 0, 0,
                          "units stand in the file or behind the plan, not both");
    if (status == STATUS_OK)
        status = cli_open(cli, arguments, true, &workspace, error);
    if (status == STATUS_OK)
        status = facts_build(workspace, error);
    if (status == STATUS_OK)
        status = planned_find(workspace, arguments->words[0], cli->arena, &planned, error);
    if (status == STATUS_OK)
        status = assign_units(workspace, &planned, &request, cli->arena, clear, &assigned, error);
    if (status == STATUS_OK)
        show(cli, format, &assigned);
    workspace_close(workspace);
    arena_destroy(clear);
    return status;
}

const struct command command_assign = {
    .name = "assign",
    .group = "Define success",
    .usage = "PLAN UNIT…",
    .summary = "Draw which items, people or teams get which arm of a locked plan",
    .details =
        "The design of the plan says what a unit is, and what is drawn: an arm (randomised,\n"
        "encouragement), arms by turns over blocks of the period (switchback), or the wave from\n"
        "which on a unit has the second arm (staggered). Draws are balanced in blocks, within the\n"
        "strata of the plan, and follow from the workspace's key: nobody without it can guess the\n"
        "next one. A unit that was drawn before keeps what it has, however often it is given.\n"
        "\n"
        "A file has one unit per line, or is CSV with a first line that names its columns: one\n"
        "named item, worker, team or unit, and one for each stratum that the data do not say. A\n"
        "unit that is in the data already is in the stratum that they say.\n"
        "\n"
        "People are named in a file, never on the command line; what is stored of them is their\n"
        "pseudonym. The plan has to be locked. What was drawn is stored, and the registry gets a\n"
        "line with the number of units. docs/plans.md says how a draw is had again by hand.",
    .example = "  printf '%s\\n' item,team TICKET-1,north TICKET-2,south > tickets.csv\n"
               "  assay assign billing-replies --from tickets.csv\n"
               "  assay assign billing-replies TICKET-1 --format csv\n"
               "  assay assign team-rollout --from teams.csv",
    .flags =
        {
            {"from", "FILE", "units from a file, - is the standard input"},
            {"item-source", "NAME", "source of item ids that name none (items)"},
            {"format", "FORMAT", "text, csv or json"},
        },
    .run = run,
};
