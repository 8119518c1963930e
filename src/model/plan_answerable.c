/* What no data can answer, known from a plan and its metrics alone. What only data can tell is said
   where they are compared. */

#include "model/plan.h"

#include "assay/interacted.h"
#include "model/arm_names.h"

#include <string.h>

/* Does it compare two arms side by side, as assigned or as found? */
static bool is_side_by_side(const struct plan *plan)
{
    return plan->design != PLAN_STAGGERED && plan->design != PLAN_BEFORE_AFTER;
}

/* ---- Keys --------------------------------------------------------------------------------- */

/* Tools, or models, that are told apart; work without AI may be what they stand beside. */
static bool are_of_one_kind(const struct plan_texts *arms, const char *key)
{
    for (size_t i = strcmp(arms->list[0], "no_ai") == 0 ? 1 : 0; i < arms->count; i++)
        if (arm_after_key(arms->list[i], key) == NULL)
            return false;
    return true;
}

static bool are_found(const struct plan_texts *arms)
{
    static const char *const found[][2] = {{"no_ai", "ai"}, {"unmarked", "marked"}};
    const char *const *names = arms->list;
    for (size_t i = 0; i < 2; i++)
        if (arms->count == 2 && strcmp(names[0], found[i][0]) == 0 &&
            strcmp(names[1], found[i][1]) == 0)
            return true;
    return are_of_one_kind(arms, "tool") || are_of_one_kind(arms, "model");
}

static enum status check_arms(const struct plan *plan, struct error *error)
{
    const struct plan_texts *arms = &plan->arms;
    for (size_t i = 0; i < arms->count && is_side_by_side(plan); i++)
        if (strchr(arms->list[i], ',') != NULL)
            return place_error(error, &plan->places.arms,
                               "an arm's name holds no comma; write \"%.60s\" without it",
                               arms->list[i]);
    if (plan->design == PLAN_LIKE_WITH_LIKE && !are_found(arms))
        return place_error(
            error, &plan->places.arms,
            "as found, arms are [no_ai, ai] or, by marks, [unmarked, marked], or tools or "
            "models, after no_ai or not: [tool=A, tool=B], [no_ai, model=A, model=B]; write one "
            "of these");
    return STATUS_OK;
}

static enum status check_period(const struct plan *plan, struct error *error)
{
    int year[2];
    int month[2];
    int day[2];
    const struct days *period = &plan->period;
    if (plan->design == PLAN_SWITCHBACK && period->until - period->from <= plan->block / TIME_DAY)
        return place_error(error, &plan->places.block,
                           "the plan's period holds one block, so that no team has blocks of both "
                           "arms; write a shorter block, or a longer period");
    if (plan->design != PLAN_STAGGERED || plan->every != PLAN_MONTH)
        return STATUS_OK;
    day_split(period->from, &year[0], &month[0], &day[0]);
    day_split(period->until - 1, &year[1], &month[1], &day[1]);
    if (year[0] == year[1] && month[0] == month[1])
        return place_error(error, &plan->places.period,
                           "it lies in one month, so that there is none before a start; write a "
                           "longer period, or design: {every: week}");
    return STATUS_OK;
}

/* The year before is another one. */
static enum status check_season(const struct plan *plan, struct error *error)
{
    if (plan->season && day_year_before(plan->period.until) > plan->period.from)
        return place_error(error, &plan->places.season,
                           "the plan's period is longer than a year, so that the year before would "
                           "be part of it; leave season out, or write a shorter period");
    return STATUS_OK;
}

static enum status check_cluster(const struct plan *plan, struct error *error)
{
    if (plan->cluster == PLAN_TEAM && plan->unit != PLAN_TEAM && !is_side_by_side(plan))
        return place_error(error, &plan->places.cluster,
                           "errors of the design %s are by person here, not by team; leave cluster "
                           "out",
                           plan_design_name(plan->design));
    return STATUS_OK;
}

static enum status check_looks(const struct plan *plan, struct error *error)
{
    if (plan->anytime && !is_side_by_side(plan))
        return place_error(
            error, &plan->places.looks,
            "what is estimated grows with the period here, so that no interval holds "
            "at all looks together; write looks: end");
    if (plan->anytime && plan->arms.count > 2)
        return place_error(error, &plan->places.looks,
                           "effects of several arms are judged together once, and at no look "
                           "before; write looks: end, or two arms");
    return STATUS_OK;
}

/* ---- Covariates --------------------------------------------------------------------------- */

static enum status check_covariate(const struct plan_formulas *all, size_t i, struct error *error)
{
    const struct metric_formula *formula = &all->list[i];
    if (formula->compiled.used_count == 0)
        return place_error(error, &formula->place,
                           "it names nothing of an item, so that it is the same for every item; "
                           "leave it out");
    for (size_t j = 0; j < i; j++)
        if (strcmp(all->list[j].compiled.sql, formula->compiled.sql) == 0)
            return place_error(error, &formula->place,
                               "the same stands before it already; leave one of them out");
    return STATUS_OK;
}

static enum status check_covariates(const struct plan *plan, struct error *error)
{
    size_t count = plan->adjust_for.count + (plan->earlier ? 2 : 0);
    enum status status = STATUS_OK;
    for (size_t i = 0; i < plan->adjust_for.count && status == STATUS_OK; i++)
        status = check_covariate(&plan->adjust_for, i, error);
    if (status != STATUS_OK || !plan->interact)
        return status;
    if (plan->design == PLAN_SWITCHBACK)
        return place_error(error, &plan->places.interact,
                           "slopes of each arm's own have no room beside the effects of teams and "
                           "periods; leave interact out");
    if (count > assay_interacted_covariates_max)
        return place_error(error, &plan->places.interact,
                           "%zu covariates with slopes of each arm's own: at most %d can be had; "
                           "leave interact out",
                           count, assay_interacted_covariates_max);
    return STATUS_OK;
}

/* ---- Effects by group --------------------------------------------------------------------- */

const char *plan_by_refusal(const struct plan *plan)
{
    if (plan->design == PLAN_SWITCHBACK)
        return "what sets teams and their weeks apart is taken out of the whole, not within groups";
    if (!is_side_by_side(plan))
        return "effects by group are told of arms side by side";
    if (plan->anytime)
        return "effects by group are told once, and their intervals hold at no look before";
    return NULL;
}

static enum status check_by(const struct plan *plan, struct error *error)
{
    const char *why = plan_by_refusal(plan);
    enum status status = STATUS_OK;
    if (plan->by.count > 0 && why != NULL)
        return place_error(error, &plan->by.list[0].place, "%s; leave by out", why);
    if (plan->by.count > plan_by_max)
        return place_error(error, &plan->by.list[plan_by_max].place,
                           "a plan has at most %d of these: of many groupings some differ by "
                           "chance",
                           plan_by_max);
    for (size_t i = 0; i < plan->by.count && status == STATUS_OK; i++)
        status = check_covariate(&plan->by, i, error);
    return status;
}

/* ---- Metrics ------------------------------------------------------------------------------ */

static enum status check_goal(const struct plan *plan, const struct plan_goal *goal,
                              struct error *error)
{
    const struct metric *metric = &goal->metric;
    bool as_found = plan->design == PLAN_LIKE_WITH_LIKE;
    if (plan->design == PLAN_STAGGERED && metric->kind == METRIC_QUANTILE)
        return place_error(error, &goal->place,
                           "a quantile of each unit and period has no honest change: too few items "
                           "lie beyond it; plan a mean, a proportion or a time");
    if (plan->season && metric->kind == METRIC_QUANTILE)
        return place_error(error, &goal->place,
                           "a quantile of four spans has no honest change of a change in this "
                           "version; leave season out, or plan a mean, a proportion, a ratio or a "
                           "time");
    for (size_t i = 1; i < plan->arms.count && is_side_by_side(plan); i++) {
        const char *const arms[] = {plan->arms.list[0], plan->arms.list[i]};
        const char *why = metric_refused_between(metric, arms, as_found);
        if (why != NULL)
            return place_error(error, &goal->place, "%s", why);
    }
    if (as_found && metric->kind == METRIC_DURATION && plan->landmark > 0 &&
        plan->landmark >= metric->horizon)
        return place_error(error, &plan->places.landmark,
                           "it lies beyond the horizon of %s, so that no time is left to count; "
                           "write an earlier one",
                           goal->name);
    return STATUS_OK;
}

static enum status check_goals(const struct plan *plan, struct error *error)
{
    enum status status = check_goal(plan, &plan->primary, error);
    for (size_t i = 0; i < plan->guardrail_count && status == STATUS_OK; i++)
        status = check_goal(plan, &plan->guardrails[i], error);
    return status;
}

/* ---- Together ----------------------------------------------------------------------------- */

enum status plan_check_answerable(const struct plan *plan, struct error *error)
{
    static enum status (*const checks[])(const struct plan *, struct error *) = {
        check_arms,  check_period,     check_season, check_cluster,
        check_looks, check_covariates, check_by,     check_goals};
    enum status status = STATUS_OK;
    for (size_t i = 0; i < sizeof checks / sizeof *checks && status == STATUS_OK; i++)
        status = checks[i](plan, error);
    return status;
}
