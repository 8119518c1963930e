#include "cli/answer.h"

#include "base/error.h"

static enum status run(struct cli *cli, const struct arguments *arguments, struct error *error)
{
    if (arguments->word_count > 1)
        return error_set(error, ERROR_INPUT, "report takes one period, such as 2026Q3");
    const struct answer_request request = {
        .period =
            {
                .period = arguments->word_count == 1 ? arguments->words[0] : NULL,
                .from = argument_text(arguments, "from", NULL),
                .to = argument_text(arguments, "to", NULL),
                .against = argument_text(arguments, "against", NULL),
            },
    };
    return cli_answer(cli, arguments, &request, answer_report, false, error);
}

const struct command command_report = {
    .name = "report",
    .group = "See what got better",
    .usage = "[PERIOD]",
    .summary = "Say what got better this quarter, and what AI's part in it was",
    .details =
        "Each use case has a change (this period against the one before, on the earlier mix of\n"
        "work; whatever the cause) and a comparison (work with AI beside work without). Arms that\n"
        "were assigned are taken as assigned; else they are as found, which does not show what AI\n"
        "did. The period is the last quarter that had ended by the end of the data, unless given:\n"
        "2026Q3, 2026-07, 2026, or --from and --to. Dates include their last day.",
    .example = "  assay report\n"
               "  assay report 2026Q3 --against 2025Q3 --format markdown",
    .flags =
        {
            {"from", "DATE", "first day of the period"},
            {"to", "DATE", "last day of the period"},
            {"against", "PERIOD", "the period to compare with (default: the one before)"},
            FORMAT_FLAG,
            {"all", NULL, "every row, not the first twelve"},
        },
    .run = run,
};
