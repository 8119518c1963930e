#include "cli/answer.h"

#include "base/error.h"

#include <string.h>

static enum status run(struct cli *cli, const struct arguments *arguments, struct error *error)
{
    if (arguments->word_count > 1)
        return error_set(error, ERROR_INPUT, "compare takes one period, such as 2026Q3");
    const char *metric = argument_text(arguments, "metric", NULL);
    if (metric == NULL)
        return error_set(error, ERROR_INPUT,
                         "name a metric: assay compare --metric time_to_complete (assay metrics "
                         "lists them)");
    const char **adjust = arena_array(cli->arena, arguments->given_count, sizeof *adjust);
    size_t adjust_count = 0;
    for (size_t i = 0; i < arguments->given_count; i++)
        if (strcmp(arguments->given[i].flag->name, "adjust") == 0)
            adjust[adjust_count++] = arguments->given[i].value;
    const struct answer_request request = {
        .period =
            {
                .period = arguments->word_count == 1 ? arguments->words[0] : NULL,
                .from = argument_text(arguments, "from", NULL),
                .to = argument_text(arguments, "to", NULL),
            },
        .metric = metric,
        .use_case = argument_text(arguments, "use-case", NULL),
        .arms = argument_text(arguments, "arms", NULL),
        .adjust = adjust,
        .adjust_count = adjust_count,
        .cuped = argument_given(arguments, "cuped"),
        .interact = argument_given(arguments, "interact"),
        .like = argument_text(arguments, "like", NULL),
        .landmark = argument_text(arguments, "landmark", NULL),
        .errors = argument_text(arguments, "errors", NULL),
        .quantile = argument_text(arguments, "quantile", NULL),
        .explain = argument_given(arguments, "explain"),
    };
    return cli_answer(cli, arguments, &request, answer_compare, true, error);
}

const struct command command_compare = {
    .name = "compare",
    .group = "See what got better",
    .usage = "--metric METRIC [PERIOD]",
    .summary = "Compare one metric between two arms, with everything that qualifies it",
    .details =
        "Arms are as assigned where a tenth of the items was; else as found: with AI (a "
        "successful\n"
        "call named the item or its session) beside without; or AI named beside no AI named, "
        "where\n"
        "only marks exist. As found, times count from a landmark on, since longer work meets AI\n"
        "more often; the naive difference stands beside the one like with like.\n"
        "Where nothing can be compared, or may not be shown, it says why, and exits with 1.",
    .example = "  assay compare --metric time_to_complete --use-case support.billing\n"
               "  assay compare --metric rework_rate --like size,worker --explain\n"
               "  assay compare --metric quality_score --arms tool=a,tool=b --adjust 'ln(size)'",
    .flags =
        {
            {"metric", "METRIC", "the metric (assay metrics lists them)"},
            {"use-case", "USE_CASE", "the kind of work (default: the only one)"},
            {"arms", "A,B", "two arms, the baseline first: no_ai,ai or tool=a,tool=b or model=…"},
            {"adjust", "FORMULA", "a covariate, such as 'ln(predicted_minutes)' (repeatable)"},
            {"cuped", NULL,
             "adjust for each person's mean of the metric in the period before (CUPED)"},
            {"interact", NULL, "covariates with slopes of each arm's own (Lin 2013)"},
            {"like", "FORMULAS", "what makes items alike, comma between; may name worker"},
            {"landmark", "SPAN", "as found, count times from here on: 2h, 1d"},
            {"errors", "KIND",
             "of least squares: cr2 (default), cr3, cr1, cr0, classical, hc0, hc1, hc2 or hc3"},
            {"quantile", "KIND", "t (default) or normal, for comparison with papers"},
            {"from", "DATE", "first day of the period"},
            {"to", "DATE", "last day of the period"},
            FORMAT_FLAG,
            {"explain", NULL, "show the SQL that the numbers come from"},
        },
    .repeatable = {"adjust"},
    .run = run,
};
