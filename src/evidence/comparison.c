#include "evidence/comparison.h"

#include "base/embedded.h"
#include "base/error.h"
#include "evidence/arms.h"
#include "evidence/cells.h"
#include "evidence/checks.h"
#include "evidence/coarse_time.h"
#include "evidence/counts.h"
#include "evidence/earlier.h"
#include "evidence/effect.h"
#include "evidence/hidden_marks.h"
#include "evidence/perception.h"
#include "evidence/reason.h"
#include "evidence/without_ai.h"

#include <math.h>
#include <string.h>

/* ---- Refusals --------------------------------------------------------------------------- */

static bool is_as_found(const struct arms *arms)
{
    return arms->kind != ARMS_BY_ASSIGNMENT;
}

/* Is all that the metric counts what AI costs? */
static bool is_ai_cost_alone(const struct metric *metric)
{
    const struct formula *formula = &metric->numerator.compiled;
    if (metric->kind != METRIC_RATIO)
        return false;
    for (size_t i = 0; i < formula->used_count; i++)
        if (strcmp(formula->used[i], "usd") != 0 && strcmp(formula->used[i], "usd_inferred") != 0)
            return false;
    return true;
}

static bool is_without_ai(const char *arm)
{
    return strcmp(arm, "no_ai") == 0 || strcmp(arm, "unmarked") == 0;
}

/* What cannot be compared, or not as found, whatever the numbers. */
static const char *refusal(const struct metric *metric, const struct arms *arms)
{
    if (is_ai_cost_alone(metric) &&
        (is_without_ai(arms->names[0]) || is_without_ai(arms->names[1])))
        return "what AI costs is 0 without it, so the two can't be told apart by that; compare "
               "tools or models, or see the change";
    if (arms->kind == ARMS_BY_MARK && metric->kind == METRIC_DURATION)
        return "times can't be compared as found: the mark is made when the work ends";
    if (is_as_found(arms) && metric->kind != METRIC_DURATION && metric->grows_with_time)
        return "what grows with time can't be compared as found: longer work meets AI more often";
    if (arms->randomised && arms->draw_differs)
        return "units were drawn with differing probabilities, so the arms hold different mixes of "
               "them and a plain difference is biased; import those of each probability as a plan "
               "of its own";
    return NULL;
}

/* ---- The landmark ----------------------------------------------------------------------- */

/* The time by which a fifth of the completed work of a span was done; NAN where it is the work of
   fewer than min_group people. */
static enum status landmark_of(struct workspace *workspace,
                               const struct comparison_request *request, const struct span *span,
                               struct arena *arena, double *out, struct error *error)
{
    const struct metric *metric = request->metric;
    struct frame frame;
    const char *sql = embedded_text("evidence/landmark.sql");
    sql = TEXT_FILLED(arena, sql, {"start", metric->from.compiled.sql},
                      {"finish", metric->to.compiled.sql});
    enum status status =
        engine_query(workspace->engine, sql, cohort_values(arena, request->use_case, span), arena,
                     &frame, error);
    if (status == STATUS_OK)
        *out = frame_integer(&frame, 0, 1) >= request->min_group
                   ? coarse_landmark(frame_number(&frame, 0, 0))
                   : NAN;
    return status;
}

/* Of the previous period, else of all the data, else NAN. */
static enum status default_landmark(struct workspace *workspace,
                                    const struct comparison_request *request, struct arena *arena,
                                    double *out, struct error *error)
{
    enum status status = landmark_of(workspace, request, &request->previous, arena, out, error);
    if (status == STATUS_OK && isnan(*out))
        status = landmark_of(workspace, request, &(struct span){.all = true}, arena, out, error);
    return status;
}

/* ---- Naive and like with like ----------------------------------------------------------- */

static struct excluded excluded_of(const int64_t by_reason[EXCLUSIONS])
{
    return (struct excluded){
        .unclear = by_reason[EXCLUDED_UNCLEAR],
        .open = by_reason[EXCLUDED_OPEN],
        .maturing = by_reason[EXCLUDED_MATURING],
        .before_landmark = by_reason[EXCLUDED_BEFORE_LANDMARK],
        .missing = by_reason[EXCLUDED_MISSING],
        .undefined = by_reason[EXCLUDED_UNDEFINED],
        .no_worker = by_reason[EXCLUDED_NO_WORKER],
    };
}

static void fill_counts(const struct sample *sample, const struct sample_counts *counts,
                        struct comparison *out)
{
    for (int arm = 0; arm < 2; arm++)
        out->arms[arm] = (struct arm_result){
            .arm = sample->arms.names[arm],
            .items = counts->items[arm],
            .workers = counts->workers[arm],
            .value = counts->value[arm],
        };
    out->known_share[0] = counts->known_share[0];
    out->known_share[1] = counts->known_share[1];
    out->known_p = counts->known_p;
    out->reach = counts->reach_of_both;
    out->fewest = counts->workers[0] < counts->workers[1] ? counts->workers[0] : counts->workers[1];
    out->no_worker_share =
        counts->total > 0 ? (double)counts->excluded[EXCLUDED_NO_WORKER] / (double)counts->total
                          : 0;
    out->excluded = excluded_of(counts->excluded);
    out->excluded_by = excluded_of(counts->excluded_workers);
}

static enum status fill_linked(struct workspace *workspace,
                               const struct comparison_request *request, struct arena *arena,
                               struct comparison *out, struct error *error)
{
    struct frame frame;
    out->linked = (struct link_shares){0, 0, 0, 1};
    enum status status = engine_query(workspace->engine, "select count(*) from usage_link",
                                      ENGINE_NO_VALUES, arena, &frame, error);
    if (status != STATUS_OK || frame_integer(&frame, 0, 0) == 0)
        return status;
    status =
        engine_query(workspace->engine, embedded_text("evidence/linked.sql"),
                     cohort_values(arena, request->use_case, &request->span), arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    out->linked = (struct link_shares){frame_number(&frame, 0, 0), frame_number(&frame, 0, 1),
                                       frame_number(&frame, 0, 2), frame_number(&frame, 0, 3)};
    return STATUS_OK;
}

/* A quantile is the value of one item: who lies beyond it must be many too. */
static void keep_fewest_beside(const struct estimated *estimated, struct comparison *out)
{
    if (estimated->fewest_beside > 0 && estimated->fewest_beside < out->fewest)
        out->fewest = estimated->fewest_beside;
}

/* The estimate that the verdict reads, into the comparison. */
static enum status fill_estimate(const struct sample *sample, const struct estimated *estimated,
                                 const char *errors, struct comparison *out, struct error *error)
{
    enum status status = effect_of(sample->metric, estimated, &out->estimate, &out->scale, error);
    out->clusters = estimated->clusters;
    out->carried = estimated->carried;
    out->difference = estimated->difference;
    out->means[0] = estimated->mean[0];
    out->means[1] = estimated->mean[1];
    out->errors = errors;
    bool by_item = errors[0] == 'h' || strcmp(errors, "classical") == 0;
    out->errors_by = by_item ? "item" : sample_by_team(sample) ? "team" : "worker";
    out->horizon_days = effect_days(estimated->horizon_minutes);
    out->no_interval = estimated->no_interval;
    keep_fewest_beside(estimated, out);
    return status;
}

/* How the errors of a metric are made where there are no cells. */
static const char *errors_of(const struct comparison_request *request)
{
    enum metric_kind kind = request->metric->kind;
    bool by_influence = kind == METRIC_DURATION || kind == METRIC_RATIO || kind == METRIC_QUANTILE;
    return by_influence ? "influence" : request->errors;
}

/* As found: the naive difference, and beside it the one within cells, weighted to the AI arm's
   mix. The second one counts. */
static enum status compare_as_found(struct workspace *workspace,
                                    const struct comparison_request *request, struct sample *sample,
                                    const struct precision *precision, struct arena *arena,
                                    struct comparison *out, struct error *error)
{
    struct sample_counts counts = {0};
    struct sample_counts again = {0};
    struct estimated naive = {0};
    struct estimated within = {0};
    struct cells cells;
    enum effect_scale scale;
    const char *naive_errors = errors_of(request);
    sample->cell = NULL;
    enum status status =
        estimate_sample(workspace, sample, -1, precision, arena, &counts, &naive, error);
    fill_counts(sample, &counts, out);
    if (status == STATUS_OK)
        status = effect_of(sample->metric, &naive, &out->naive, &scale, error);
    if (status != STATUS_OK)
        return status;
    out->has_naive = true;
    status =
        request->like_count > 0
            ? cells_of(workspace, request->use_case, &request->span, request->like,
                       request->like_labels, request->like_count, arena, &cells, error)
            : cells_default(workspace, request->use_case, &request->span, arena, &cells, error);
    if (status != STATUS_OK)
        return status;
    if (cells.sql == NULL) { /* nothing to be alike in */
        out->design = "as_found";
        return fill_estimate(sample, &naive, naive_errors, out, error);
    }
    sample->cell = cells.sql;
    status = estimate_sample(workspace, sample, 1, precision, arena, &again, &within, error);
    if (status != STATUS_OK)
        return status;
    out->design = "like_with_like";
    out->cells = cells.label;
    out->excluded.unmatched = (int64_t)llround(within.unmatched[0] * (double)out->arms[0].items +
                                               within.unmatched[1] * (double)out->arms[1].items);
    struct matched_workers matched;
    status = counts_of_matched(workspace, sample, arena, &matched, error);
    if (status != STATUS_OK)
        return status;
    out->fewest = matched.arms[0] < matched.arms[1] ? matched.arms[0] : matched.arms[1];
    out->excluded_by.unmatched = matched.unmatched;
    keep_fewest_beside(&naive, out);
    return fill_estimate(sample, &within,
                         sample->metric->kind == METRIC_DURATION ? "influence" : "jackknife", out,
                         error);
}

static enum status compare_as_assigned(struct workspace *workspace,
                                       const struct comparison_request *request,
                                       struct sample *sample, const struct precision *precision,
                                       struct arena *arena, struct comparison *out,
                                       struct error *error)
{
    struct sample_counts counts = {0};
    struct estimated estimated = {0};
    out->design = sample->arms.randomised ? "randomised" : "assigned";
    out->plan = sample->arms.plan;
    enum status status =
        estimate_sample(workspace, sample, -1, precision, arena, &counts, &estimated, error);
    fill_counts(sample, &counts, out);
    if (status != STATUS_OK)
        return status;
    return fill_estimate(sample, &estimated, errors_of(request), out, error);
}

/* ---- The verdict ------------------------------------------------------------------------ */

/* Items more, at the same precision per item, for an interval of half the margin on each side: then
   it lies within the margin, or shows on which side of zero the effect is. Only where items are
   what was assigned: more items of the same people or teams need not narrow anything. */
static int64_t items_needed(const struct comparison *comparison, double margin)
{
    struct interval interval = comparison->estimate.interval;
    double half = (interval.high - interval.low) / 2;
    double items = (double)(comparison->arms[0].items + comparison->arms[1].items);
    double wanted = items * (half / (margin / 2)) * (half / (margin / 2));
    if (strcmp(comparison->unit, "item") != 0)
        return -1;
    if (isnan(wanted) || wanted <= items || wanted > 1e15)
        return -1;
    double more = wanted - items;
    double round_to = fmax(1, pow(10, floor(log10(more)) - 1));
    return (int64_t)(ceil(more / round_to) * round_to);
}

static void judge(const struct comparison_request *request, struct row *row)
{
    struct comparison *comparison = &row->comparison;
    row->margin_from = request->planned ? "plan" : "metric";
    row->margin = effect_margin(request->metric, comparison->scale, comparison->arms[0].value);
    bool small = comparison->arms[0].workers < request->min_group ||
                 comparison->arms[1].workers < request->min_group;
    bool failed = false;
    for (size_t i = 0; i < row->check_count; i++)
        failed = failed || strcmp(row->checks[i].state, "failed") == 0;
    const struct verdict_input input = {
        .small_group = small,
        .check_failed = failed,
        .as_found = strcmp(comparison->design, "randomised") != 0,
        .effect = effect_in_good_direction(request->metric, comparison->estimate.interval),
        .margin = row->margin,
        .guardrails = request->guardrails,
        .guardrail_count = request->guardrail_count,
    };
    row->verdict = verdict_of(&input);
    /* Work that takes longer meets more calls, and ends worse or better for that alone. */
    if (comparison->arms_from == ARMS_USE && request->metric->kind != METRIC_DURATION)
        row->verdict.leaning = LEANING_NONE;
    comparison->items_needed =
        row->verdict.reason == REASON_TOO_FEW ? items_needed(comparison, row->margin) : -1;
}

/* Flags that would change nothing are refused: who gives one believes in it. */
static enum status check_flags(const struct comparison_request *request, bool as_found,
                               struct error *error)
{
    bool duration = request->metric->kind == METRIC_DURATION;
    if (as_found && (request->covariate_count > 0 || request->earlier))
        return error_at(error, ERROR_INPUT, request->covariate_count > 0 ? "--adjust" : "--cuped",
                        0, 0,
                        "the arms are as found here, and compared like with like: write --like "
                        "size,team in its place");
    if (!as_found && request->like_count > 0)
        return error_at(error, ERROR_INPUT, "--like", 0, 0,
                        "the arms were assigned here, and are compared as assigned: leave --like "
                        "out%s",
                        duration ? "" : ", or write --adjust 'ln(size)' for a narrower interval");
    if (isnan(request->landmark_minutes) || (as_found && duration))
        return STATUS_OK;
    return error_at(error, ERROR_INPUT, "--landmark", 0, 0,
                    duration ? "the arms were assigned here, and times count from the start: leave "
                               "--landmark out"
                             : "only times count from a landmark; leave it out for this metric");
}

/* ---- Together --------------------------------------------------------------------------- */

static void cannot(struct comparison *out, const char *why)
{
    out->exists = false;
    out->why_not = why;
}

/* The estimators speak of arms and clusters; where the counts say it more plainly, they do. */
static const char *plain_reason(const struct sample *sample, const struct comparison *out,
                                struct arena *arena, const struct error *why)
{
    bool counted = out->arms[0].arm != NULL;
    if (counted && out->arms[0].items + out->arms[1].items == 0)
        return out->excluded.maturing > 0
                   ? "no item of either arm is old enough for the metric to be known"
                   : "no item of either arm has a value of the metric";
    for (int arm = 0; counted && arm < 2; arm++) {
        const char *name = sample->arms.names[arm];
        if (out->arms[arm].items == 0)
            return arena_printf(arena, "no item of the arm %s has an outcome", name);
    }
    for (int arm = 0; counted && arm < 2; arm++) {
        const char *name = sample->arms.names[arm];
        if (out->arms[arm].workers == 1)
            return arena_printf(arena,
                                "all items of the arm %s are of one person: no other shows by how "
                                "much people differ",
                                name);
    }
    return reason_of(why, arena);
}

static const char *const *explain(struct arena *arena, const struct sample *sample)
{
    const char **lines = arena_array(arena, 4, sizeof *lines);
    lines[0] = "Every number of this row is an aggregate over these items:";
    lines[1] = sample_sql(arena, sample);
    return lines;
}

/* Which arms, and how they came about. Leaves a reason in out->why_not where there are none. */
static enum status choose_arms(struct workspace *workspace,
                               const struct comparison_request *request, struct arena *arena,
                               struct sample *sample, struct comparison *out, struct error *error)
{
    static const enum arms_from from[] = {
        [ARMS_BY_ASSIGNMENT] = ARMS_ASSIGNED, [ARMS_BY_MARK] = ARMS_MARK, [ARMS_BY_USE] = ARMS_USE};
    const char *why_not = NULL;
    enum status status = arms_find(workspace, request->use_case, &request->span, &request->arms,
                                   arena, &sample->arms, &why_not, error);
    if (status != STATUS_OK)
        return status;
    if (why_not == NULL)
        why_not = refusal(request->metric, &sample->arms);
    if (why_not != NULL) {
        cannot(out, why_not);
        return STATUS_OK;
    }
    out->arms_from = from[sample->arms.kind];
    out->arms_why = sample->arms.why;
    if (sample->arms.unit_kind != NULL)
        out->unit = sample->arms.unit_kind;
    return check_flags(request, is_as_found(&sample->arms), error);
}

/* Where times of arms as found count from; others have none. */
static enum status choose_landmark(struct workspace *workspace,
                                   const struct comparison_request *request, struct arena *arena,
                                   struct sample *sample, struct comparison *out,
                                   struct error *error)
{
    if (!is_as_found(&sample->arms) || request->metric->kind != METRIC_DURATION)
        return STATUS_OK;
    sample->landmark_minutes = request->landmark_minutes;
    if (isnan(sample->landmark_minutes)) {
        enum status status =
            default_landmark(workspace, request, arena, &sample->landmark_minutes, error);
        if (status != STATUS_OK)
            return status;
    }
    if (isnan(sample->landmark_minutes))
        cannot(out, arena_printf(arena,
                                 "fewer than %d people completed such work, so that no landmark "
                                 "can be taken from it; set one: --landmark 2h",
                                 request->min_group));
    else
        out->landmark_days = effect_days(sample->landmark_minutes);
    return STATUS_OK;
}

/* The estimate, or in out->why_not the reason why the numbers allow none. */
static enum status estimate(struct workspace *workspace, const struct comparison_request *request,
                            struct arena *arena, struct sample *sample, struct comparison *out,
                            struct error *error)
{
    const struct precision precision = {request->level, request->variance, request->normal};
    struct error why = {0};
    enum status status =
        is_as_found(&sample->arms)
            ? compare_as_found(workspace, request, sample, &precision, arena, out, &why)
            : compare_as_assigned(workspace, request, sample, &precision, arena, out, &why);
    if (status == ERROR_DOMAIN || status == ERROR_SINGULAR) {
        cannot(out, plain_reason(sample, out, arena, &why));
        return STATUS_OK;
    }
    if (status != STATUS_OK && error != NULL)
        *error = why;
    return status;
}

/* What stands beside the estimate, and the verdict on it. */
static enum status complete(struct workspace *workspace, const struct comparison_request *request,
                            struct arena *arena, const struct sample *sample, struct row *row,
                            struct error *error)
{
    struct comparison *out = &row->comparison;
    out->exists = true;
    if (request->explain)
        out->explain = explain(arena, sample);
    enum status status = fill_linked(workspace, request, arena, out, error);
    if (status == STATUS_OK)
        status = ratio_parts(workspace, sample, arena, &out->parts, error);
    if (status == STATUS_OK)
        status = perception_fill(workspace, request, sample, arena, out, error);
    if (status != STATUS_OK)
        return status;
    if (out->arms_from == ARMS_MARK)
        hidden_marks_fill(request->metric, out);
    checks_run(request->metric, &sample->arms, arena, row);
    judge(request, row);
    return without_ai_fill(workspace, request, sample, arena, row, error);
}

enum status comparison_estimate(struct workspace *workspace,
                                const struct comparison_request *request, struct arena *arena,
                                struct row *row, struct error *error)
{
    struct comparison *out = &row->comparison;
    *out = (struct comparison){
        .level = request->level,
        .landmark_days = NAN,
        .horizon_days = NAN,
        .items_needed = -1,
        .unit = "item",
        .adjusted = request->adjusted,
        .adjusted_earlier = request->earlier,
        .interacted = request->interact,
        .means = {NAN, NAN},
        .naive = {NAN, {NAN, NAN}, NAN, NAN},
        .estimate = {NAN, {NAN, NAN}, NAN, NAN},
    };
    row->verdict = (struct verdict){.word = VERDICT_UNPROVEN, .reason = REASON_TOO_FEW};
    row->margin = NAN;
    row->margin_from = "metric";
    struct sample sample = {
        .use_case = request->use_case,
        .metric = request->metric,
        .span = request->span,
        .landmark_minutes = NAN,
        .covariates = request->covariates,
        .covariate_count = request->covariate_count,
        .scope = request->arms.scope,
        .earlier = request->earlier,
        .earlier_span = request->previous,
        .interact = request->interact,
    };
    enum status status = choose_arms(workspace, request, arena, &sample, out, error);
    if (status == STATUS_OK && out->why_not == NULL)
        status = choose_landmark(workspace, request, arena, &sample, out, error);
    if (status == STATUS_OK && out->why_not == NULL && request->earlier)
        status = earlier_look(workspace, &sample, request->min_group, arena, &out->why_not, error);
    if (status == STATUS_OK && out->why_not == NULL)
        status = estimate(workspace, request, arena, &sample, out, error);
    if (status == STATUS_OK && out->why_not == NULL)
        status = complete(workspace, request, arena, &sample, row, error);
    return status;
}
