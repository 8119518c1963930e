#include "cli/answer.h"

#include "base/error.h"
#include "cli/published.h"
#include "report/shown.h"

/* What would be lost beside another flag is refused. */
static enum status check(const struct arguments *arguments, struct error *error)
{
    if (arguments->word_count > 1)
        return error_set(error, ERROR_INPUT, "report takes one period, such as 2026Q3");
    if (argument_given(arguments, "again") && !argument_given(arguments, "publish"))
        return error_at(error, ERROR_INPUT, "--again", 0, 0,
                        "this goes with --publish: assay report --publish --again");
    if (argument_given(arguments, "list") &&
        (arguments->word_count > 0 || argument_given(arguments, "publish")))
        return error_at(error, ERROR_INPUT, "--list", 0, 0,
                        "this shows the reports that were published, and makes none");
    return STATUS_OK;
}

static enum status run(struct cli *cli, const struct arguments *arguments, struct error *error)
{
    const char *with = argument_text(arguments, "compare-with", NULL);
    struct answer_request request = {
        .period =
            {
                .period = arguments->word_count == 1 ? arguments->words[0] : NULL,
                .from = argument_text(arguments, "from", NULL),
                .to = argument_text(arguments, "to", NULL),
                .against = argument_text(arguments, "against", NULL),
            },
        .publishing = argument_given(arguments, "publish"),
        .shown = report_shown,
    };
    const struct period_flags *period = &request.period;
    enum status status = check(arguments, error);
    if (status == STATUS_OK && argument_given(arguments, "list"))
        return cli_published_list(cli, arguments, error);
    /* Held against itself, unless another period is asked for. */
    if (status == STATUS_OK && with != NULL && period->period == NULL && period->from == NULL &&
        period->to == NULL)
        status = cli_published_days(cli, arguments, with, &request.period.from, &request.period.to,
                                    error);
    return status == STATUS_OK ? cli_answer_with(cli, arguments, &request, answer_report,
                                                 cli_published, ANSWER_REPORT, error)
                               : status;
}

const struct command command_report = {
    .name = "report",
    .group = "See what got better",
    .usage = "[PERIOD]",
    .summary = "Say what got better this quarter, and what AI's part in it was",
    .details =
        "A plan whose period meets the report's has a row: its answer as it was planned, judged\n"
        "together with the others that end in the period, beside the change of its metric. Each\n"
        "other use case has a change (this period against the one before, on the earlier mix of\n"
        "work; whatever the cause) and a comparison (work with AI beside work without). Arms that\n"
        "were assigned are taken as assigned; else they are as found, which does not show what AI\n"
        "did. The period is the last quarter that had ended by the end of the data, unless given:\n"
        "2026Q3, 2026-07, 2026, or --from and --to. Dates include their last day.\n"
        "--publish keeps the report as readers see it in reports/ and in the registry; it is "
        "never\n"
        "written over. --compare-with says which of its words still hold.\n"
        "Where a plan or metric cannot be read, or a row fails inside assay, the others are\n"
        "answered, and what is broken is named. Exit status then: 2 (a failure that is a defect "
        "of\n"
        "assay: 3).",
    .example = "  assay report\n"
               "  assay report 2026Q3 --against 2025Q3 --format markdown\n"
               "  assay report 2026Q3 --publish\n"
               "  assay report --compare-with 2026Q3",
    .flags =
        {
            {"from", "DATE", "first day of the period"},
            {"to", "DATE", "last day of the period"},
            {"against", "PERIOD", "the period to compare with (default: the one before)"},
            FORMAT_FLAG,
            {"all", NULL, "every row, not the first twelve"},
            {"publish", NULL, "keep it in reports/, with a line of the registry"},
            {"again", NULL, "publish: a further report of a period that has one"},
            {"compare-with", "REPORT", "say which words of a published report held"},
            {"list", NULL, "show the reports that were published"},
        },
    .no_names = true,
    .run = run,
};
