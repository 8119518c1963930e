#include "estimators.h"

#include "assay/sequence.h"
#include "evidence/checks/checks.h"
#include "evidence/compare/change.h"
#include "evidence/compare/designs.h"

static const double horizon_days = 14;
static const int64_t day = (int64_t)86400 * 1000000;

#define EFFORT "value: effort\nbetter: lower\nmaterial: 10%\n"

const struct metric_file estimator_metrics[] = {
    {"mean", "metric: mean\nkind: mean\n" EFFORT},
    {"log_mean", "metric: log_mean\nkind: mean\nscale: log\n" EFFORT},
    {"proportion",
     "metric: proportion\nkind: proportion\nvalue: event = 1\nbetter: lower\nmaterial: 1pp\n"},
    {"ratio", "metric: ratio\nkind: ratio\nnumerator: effort\ndenominator: finished\n"
              "better: lower\nmaterial: 10%\n"},
    {"quantile", "metric: quantile\nkind: quantile\nquantile: 0.5\n" EFFORT},
    {"duration", "metric: duration\nkind: duration\nfrom: started_at\nto: closed_at\n"
                 "horizon: 14d\nbetter: lower\nmaterial: 10%\n"},
};
const size_t estimator_metric_count = sizeof estimator_metrics / sizeof *estimator_metrics;

/* ---- Truths -------------------------------------------------------------------------------- */

static double times(const struct population *population)
{
    (void)population;
    return exp(population_effect()) - 1;
}

static double duration(const struct population *population)
{
    return population_duration_effect(population, horizon_days);
}

/* Of the offer, which not all take. */
static double times_offered(const struct population *population)
{
    return population_uptake * times(population);
}

/* ---- What is shown --------------------------------------------------------------------------- */

/* Do the checks that need no further look at the data doubt the interval? The units of these
   populations are people, or teams of one, and all of them have items. */
static bool is_doubted(const struct comparison_request *request, const struct row *row,
                       struct arena *arena)
{
    enum status (*const doubts[])(const struct checking *, struct finding *, struct error *) = {
        check_few_clusters, check_few_units, check_few_events, check_skewed};
    const struct arm_result *arms = row->comparison.arms;
    const struct sample sample = {.arms.units = {arms[0].workers, arms[1].workers}};
    const struct checking checking = {
        .request = request, .sample = &sample, .arena = arena, .row = row};
    for (size_t i = 0; i < sizeof doubts / sizeof *doubts; i++) {
        struct finding finding = {.p = NAN};
        assert_ok(doubts[i](&checking, &finding, &error));
        if (finding.applies && finding.found)
            return true;
    }
    return false;
}

static bool has_limits(struct interval interval)
{
    return !isnan(interval.low) && !isnan(interval.high);
}

static bool holds(struct interval interval, double truth)
{
    return interval.low <= truth && truth <= interval.high;
}

static struct comparison_request request_of(const struct asking_about *about)
{
    return (struct comparison_request){
        .use_case = about->use_case,
        .metric = about->metric,
        .span = {.from = population_begins, .until = population_ends},
        .previous = {.from = population_begins - population_days * day, .until = population_begins},
        .landmark_minutes = NAN,
        .variance = VARIANCE_CR2,
        .errors = "cr2",
        .level = 0.95,
        .min_group = 1,
        .interval_only = true,
    };
}

static struct answer answer_of(const struct asking_about *about,
                               const struct comparison_request *request, const struct row *row)
{
    const struct interval *interval = &row->comparison.estimate.interval;
    if (!row->comparison.exists || !has_limits(*interval))
        return (struct answer){.given = false};
    return (struct answer){true, is_doubted(request, row, about->arena),
                           holds(*interval, about->truth)};
}

/* ---- As drawn -------------------------------------------------------------------------------- */

static struct answer ask_planned(const struct asking_about *about,
                                 struct comparison_request *request)
{
    struct row row = {0};
    request->arms.plan = about->use_case;
    assert_ok(comparison_estimate(about->fixture->workspace, request, about->arena, &row, &error));
    return answer_of(about, request, &row);
}

static struct answer as_drawn(const struct asking_about *about)
{
    struct comparison_request request = request_of(about);
    return ask_planned(about, &request);
}

static struct answer within_strata(const struct asking_about *about)
{
    struct comparison_request request = request_of(about);
    const struct formula team = {.type = FORMULA_TEXT, .sql = "facts.team", .defined_sql = "true"};
    static const char *const label = "team";
    request.strata = &team;
    request.strata_labels = &label;
    request.strata_count = 1;
    return ask_planned(about, &request);
}

static struct answer adjusted(const struct asking_about *about)
{
    struct comparison_request request = request_of(about);
    request.earlier = true;
    return ask_planned(about, &request);
}

static struct answer interacted(const struct asking_about *about)
{
    struct comparison_request request = request_of(about);
    request.earlier = true;
    request.interact = true;
    return ask_planned(about, &request);
}

/* The truth is to be in the interval at each of three looks, up to the planned end. */
static struct answer at_each_look(const struct asking_about *about)
{
    enum { looks = 3 };
    struct answer all = {.given = false, .holds = true};
    for (int look = 1; look <= looks; look++) {
        struct comparison_request request = request_of(about);
        double share = (double)look / looks;
        request.span.until = population_begins + population_days * day / looks * look;
        assert_ok(assay_sequence_level(share, 0.95, &request.level, &error));
        struct answer one = ask_planned(about, &request);
        if (!one.given || about->population->clusters < assay_sequence_clusters_least)
            continue;
        all.given = true;
        all.noted = all.noted || one.noted;
        all.holds = all.holds && one.holds;
    }
    return all;
}

/* ---- By a design of plans ----------------------------------------------------------------------
 */

static struct answer by_design(const struct asking_about *about, const struct plan *plan)
{
    struct row row = {0};
    struct comparison_request request = request_of(about);
    design_estimate *design = design_of(plan->design);
    request.arms.names = "no_ai,ai";
    assert_ok(design(about->fixture->workspace, plan, &request, about->arena, &row, &error));
    if (plan->design != PLAN_ENCOURAGEMENT)
        return answer_of(about, &request, &row);
    const struct compliers *compliers = row.comparison.compliers;
    if (!row.comparison.exists || !compliers->exists)
        return (struct answer){.given = false};
    struct answer answer = {true, compliers->weak || is_doubted(&request, &row, about->arena),
                            false};
    if (has_limits(compliers->interval))
        answer.holds = holds(compliers->interval, about->truth);
    for (size_t i = 0; !has_limits(compliers->interval) && i < compliers->set_count; i++)
        answer.holds = answer.holds || holds(compliers->set[i], about->truth);
    return answer;
}

static const char *const arms[] = {"no_ai", "ai"};

static struct answer in_turns(const struct asking_about *about)
{
    return by_design(about, &(struct plan){.name = about->use_case,
                                           .design = PLAN_SWITCHBACK,
                                           .unit = PLAN_TEAM,
                                           .block = 7 * day,
                                           .arms = {arms, 2}});
}

static struct answer in_waves(const struct asking_about *about)
{
    return by_design(about, &(struct plan){.name = about->use_case,
                                           .design = PLAN_STAGGERED,
                                           .unit = PLAN_WORKER,
                                           .every = PLAN_WEEK,
                                           .arms = {arms, 2}});
}

static struct answer compliers(const struct asking_about *about)
{
    return by_design(about, &(struct plan){.name = about->use_case,
                                           .design = PLAN_ENCOURAGEMENT,
                                           .unit = PLAN_WORKER,
                                           .probability = about->population->share,
                                           .arms = {arms, 2}});
}

/* ---- As found ----------------------------------------------------------------------------------
 */

static struct answer as_found(const struct asking_about *about)
{
    struct row row = {0};
    const struct comparison_request request = request_of(about);
    assert_ok(comparison_estimate(about->fixture->workspace, &request, about->arena, &row, &error));
    return answer_of(about, &request, &row);
}

static struct answer by_weeks(const struct asking_about *about)
{
    struct row row = {0};
    const struct comparison_request request = request_of(about);
    assert_ok(
        design_worker_week(about->fixture->workspace, NULL, &request, about->arena, &row, &error));
    return answer_of(about, &request, &row);
}

static struct answer by_share(const struct asking_about *about)
{
    struct row row = {0};
    const struct comparison_request request = request_of(about);
    assert_ok(design_dose(about->fixture->workspace, NULL, &request, about->arena, &row, &error));
    return answer_of(about, &request, &row);
}

static struct answer between_periods(const struct asking_about *about)
{
    struct change change;
    const struct comparison_request request = request_of(about);
    assert_ok(change_estimate(about->fixture->workspace, about->use_case, about->metric,
                              &request.span, &request.previous, about->arena, &change, &error));
    if (!change.exists || !has_limits(change.estimate.interval))
        return (struct answer){.given = false};
    return (struct answer){true, false, holds(change.estimate.interval, about->truth)};
}

/* ---- All of them
 * --------------------------------------------------------------------------------- */

const struct estimator estimators[] = {
    {"mean", BY_WORKER, "mean", times, as_drawn},
    {"log_mean", BY_WORKER, "log_mean", times, as_drawn},
    {"proportion", BY_WORKER, "proportion", population_events, as_drawn},
    {"ratio", BY_WORKER, "ratio", times, as_drawn},
    {"quantile", BY_WORKER, "quantile", times, as_drawn},
    {"duration", BY_WORKER, "duration", duration, as_drawn},
    {"mean", BY_ITEM, "mean", times, as_drawn},
    {"log_mean", BY_ITEM, "log_mean", times, as_drawn},
    {"proportion", BY_ITEM, "proportion", population_events, as_drawn},
    {"ratio", BY_ITEM, "ratio", times, as_drawn},
    {"quantile", BY_ITEM, "quantile", times, as_drawn},
    {"duration", BY_ITEM, "duration", duration, as_drawn},
    {"sequence", BY_ITEM, "mean", times, at_each_look},
    {"mean", BY_STRATUM, "mean", times, within_strata},
    {"duration", BY_STRATUM, "duration", duration, within_strata},
    {"mean_cuped", BY_EARLIER, "mean", times, adjusted},
    {"mean_cuped_lin", BY_EARLIER, "mean", times, interacted},
    {"switchback", BY_TURNS, "mean", times, in_turns},
    {"switchback_proportion", BY_TURNS, "proportion", population_events, in_turns},
    {"staggered", BY_WAVES, "mean", times, in_waves},
    {"staggered_duration", BY_WAVES, "duration", duration, in_waves},
    {"offer", BY_OFFER, "mean", times_offered, as_drawn},
    {"compliers", BY_OFFER, "mean", times, compliers},
    {"like_with_like", BY_FOUND, "mean", times, as_found},
    {"like_with_like_log", BY_FOUND, "log_mean", times, as_found},
    {"change_mean", BY_PERIOD, "mean", population_change_of_mean, between_periods},
    {"change_proportion", BY_PERIOD, "proportion", population_change_of_events, between_periods},
    {"change_ratio", BY_PERIOD, "ratio", population_change_of_mean, between_periods},
    {"change_quantile", BY_PERIOD, "quantile", population_change_of_median, between_periods},
    {"change_duration", BY_PERIOD, "duration", duration, between_periods},
    {"worker_week", BY_WEEK, "mean", times, by_weeks},
    {"dose", BY_SHARE, "mean", times, by_share},
};
const size_t estimator_count = sizeof estimators / sizeof *estimators;
