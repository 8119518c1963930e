#include "cli/answer.h"

#include "base/error.h"
#include "base/time.h"
#include "model/plan.h"
#include "report/shown.h"

#include <string.h>

/* The first flag that is none of those that fit; NULL: all do. */
static const char *misfit(const struct arguments *arguments, const char *const *fitting)
{
    for (size_t i = 0; i < arguments->given_count; i++) {
        const char *name = arguments->given[i].flag->name;
        size_t j = 0;
        while (fitting[j] != NULL && strcmp(name, fitting[j]) != 0)
            j++;
        if (fitting[j] == NULL)
            return name;
    }
    return NULL;
}

/* What a plan decides is not asked for beside it. */
static enum status run_plan(struct cli *cli, const struct arguments *arguments, const char *plan,
                            struct error *error)
{
    static const char *const fitting[] = {"early",   "errors",    "by",   "format",
                                          "explain", "workspace", "wait", NULL};
    const char *wrong = misfit(arguments, fitting);
    if (wrong != NULL)
        return error_at(error, ERROR_INPUT, arena_printf(cli->arena, "--%s", wrong), 0, 0,
                        "the plan %s decides that; leave it out", plan);
    const struct answer_request request = {
        .plan = plan,
        .shown = report_shown,
        .early = argument_given(arguments, "early"),
        .errors = argument_text(arguments, "errors", NULL),
        .by = argument_text(arguments, "by", NULL),
        .explain = argument_given(arguments, "explain"),
    };
    return cli_answer(cli, arguments, &request, answer_plan, ANSWER_COMPARISON, error);
}

/* What goes with one plan only. */
static enum status check_all(struct cli *cli, const struct arguments *arguments,
                             struct error *error)
{
    static const char *const fitting[] = {"all",    "from",      "to",   "errors",
                                          "format", "workspace", "wait", NULL};
    struct days days;
    const char *wrong = misfit(arguments, fitting);
    for (size_t i = 0; i < arguments->word_count; i++)
        if (!days_parse(arguments->words[i], &days))
            return error_at(error, ERROR_INPUT, "--all", 0, 0,
                            "this compares every plan, or those of a period such as 2026Q3; leave "
                            "%s out, or --all",
                            arguments->words[i]);
    if (arguments->word_count > 1)
        return error_at(error, ERROR_INPUT, "--all", 0, 0, "this takes one period at most");
    if (wrong == NULL)
        return STATUS_OK;
    const char *flag = arena_printf(cli->arena, "--%s", wrong);
    if (strcmp(wrong, "early") == 0)
        return error_at(error, ERROR_INPUT, flag, 0, 0,
                        "a look goes on record, and is taken at one plan at a time: assay compare "
                        "PLAN --early");
    if (strcmp(wrong, "explain") == 0)
        return error_at(error, ERROR_INPUT, flag, 0, 0,
                        "this is shown of one plan at a time: assay compare PLAN --explain");
    return error_at(error, ERROR_INPUT, flag, 0, 0, "each plan decides that; leave it out");
}

static struct period_flags period_of_arguments(const struct arguments *arguments)
{
    return (struct period_flags){
        .period = arguments->word_count == 1 ? arguments->words[0] : NULL,
        .from = argument_text(arguments, "from", NULL),
        .to = argument_text(arguments, "to", NULL),
    };
}

static enum status run_all(struct cli *cli, const struct arguments *arguments, struct error *error)
{
    const struct answer_request request = {
        .period = period_of_arguments(arguments),
        .shown = report_shown,
        .errors = argument_text(arguments, "errors", NULL),
    };
    enum status status = check_all(cli, arguments, error);
    return status == STATUS_OK
               ? cli_answer(cli, arguments, &request, answer_each_plan, ANSWER_COMPARISONS, error)
               : status;
}

static enum status run(struct cli *cli, const struct arguments *arguments, struct error *error)
{
    struct days days;
    if (argument_given(arguments, "all"))
        return run_all(cli, arguments, error);
    if (arguments->word_count > 1)
        return error_set(error, ERROR_INPUT,
                         "compare takes one period, such as 2026Q3, or one plan");
    if (arguments->word_count == 1 && plan_is_name(arguments->words[0]) &&
        !days_parse(arguments->words[0], &days))
        return run_plan(cli, arguments, arguments->words[0], error);
    if (argument_given(arguments, "early"))
        return error_at(error, ERROR_INPUT, "--early", 0, 0,
                        "this goes with a plan: assay compare PLAN --early");
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
        .period = period_of_arguments(arguments),
        .metric = metric,
        .use_case = argument_text(arguments, "use-case", NULL),
        .arms = argument_text(arguments, "arms", NULL),
        .adjust = adjust,
        .adjust_count = adjust_count,
        .cuped = argument_given(arguments, "cuped"),
        .interact = argument_given(arguments, "interact"),
        .like = argument_text(arguments, "like", NULL),
        .by = argument_text(arguments, "by", NULL),
        .dose = argument_given(arguments, "dose"),
        .landmark = argument_text(arguments, "landmark", NULL),
        .errors = argument_text(arguments, "errors", NULL),
        .quantile = argument_text(arguments, "quantile", NULL),
        .explain = argument_given(arguments, "explain"),
    };
    return cli_answer(cli, arguments, &request, answer_compare, ANSWER_COMPARISON, error);
}

const struct command command_compare = {
    .name = "compare",
    .group = "See what got better",
    .usage = "PLAN | --all [PERIOD] | --metric METRIC [PERIOD]",
    .summary = "Compare one metric between two arms, with everything that qualifies it",
    .details =
        "Arms are as assigned where a tenth of the items was; else as found: with AI (a "
        "successful\n"
        "call named the item or its session) beside without; or AI named beside no AI named, "
        "where\n"
        "only marks exist. As found, times count from a landmark on, since longer work meets AI\n"
        "more often; the naive difference stands beside the one like with like.\n"
        "With --dose, teams' weeks are compared by the share of their work with AI: what sets "
        "teams\n"
        "and weeks apart is taken out, and so is the chance of which items a week holds.\n"
        "Where only totals per person and day tell of AI, people's weeks with it are compared "
        "with\n"
        "their weeks without.\n"
        "With a PLAN, what it asked for: its arms, period, guardrails and margin (docs/plans.md).\n"
        "With --all, a row for every plan, or for those whose period meets PERIOD, each with the\n"
        "numbers that assay compare PLAN gives it. What runs stays shut, and what is broken is\n"
        "named. Exit status then: 2 where a plan or metric cannot be read (the others are "
        "answered).\n"
        "Where nothing can be compared, or may not be shown, it says why, and exits with 1.",
    .example = "  assay compare --all 2026Q3\n"
               "  assay compare --metric time_to_complete --use-case support.billing\n"
               "  assay compare --metric rework_rate --like size,worker --explain\n"
               "  assay compare --metric rework_rate --use-case code.change --dose\n"
               "  assay compare --metric quality_score --arms tool=a,tool=b --adjust 'ln(size)'",
    .flags =
        {
            {"metric", "METRIC", "the metric (assay metrics lists them)"},
            {"use-case", "USE_CASE", "the kind of work (default: the only one)"},
            {"arms", "A,B",
             "two arms, the baseline first: no_ai,ai or no_ai,tool=a or tool=a,tool=b or model=…"},
            {"adjust", "FORMULA", "a covariate, such as 'ln(predicted_minutes)' (repeatable)"},
            {"cuped", NULL,
             "adjust for each person's mean of the metric in the period before (CUPED)"},
            {"interact", NULL, "covariates with slopes of each arm's own (Lin 2013)"},
            {"like", "FORMULAS", "what makes items alike, comma between; may name worker"},
            {"by", "FORMULA",
             "the effect in each value of a column or formula (team, role, size > 10, "
             "attr('kind'), "
             "person('training')), alone and drawn to the others; of a PLAN also beside those that "
             "it names"},
            {"dose", NULL,
             "a team's weeks with more of its work done with AI beside its weeks with less"},
            {"landmark", "SPAN", "as found, count times from here on: 2h, 1d"},
            {"errors", "KIND",
             "of least squares: cr2 (default), cr3, cr1, cr0, classical, hc0, hc1, hc2 or hc3"},
            {"quantile", "KIND", "t (default) or normal, for comparison with papers"},
            {"all", NULL, "every plan, or those of a period, each as PLAN alone answers it"},
            {"early", NULL, "PLAN: show the numbers before its period ends; goes on record"},
            {"from", "DATE", "first day of the period"},
            {"to", "DATE", "last day of the period"},
            FORMAT_FLAG,
            {"explain", NULL, "show the SQL that the numbers come from"},
        },
    .repeatable = {"adjust"},
    .no_names = true,
    .run = run,
};
