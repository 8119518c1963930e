#include "evidence/compare/comparing.h"

#include "base/embedded.h"
#include "evidence/checks/checks.h"
#include "evidence/compare/by_cells.h"
#include "evidence/compare/hidden_marks.h"
#include "evidence/compare/nobody.h"
#include "evidence/compare/opt_outs.h"
#include "evidence/compare/perception.h"
#include "evidence/compare/reviewers.h"
#include "evidence/compare/settle.h"
#include "evidence/compare/without_ai.h"
#include "evidence/estimate/counts.h"
#include "evidence/estimate/effect.h"
#include "evidence/estimate/told.h"
#include "evidence/sample/reason.h"

#include <math.h>
#include <string.h>

void comparing_begin(const struct comparison_request *request, struct row *row)
{
    row->comparison = (struct comparison){
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
}

/* ---- What is behind the estimate -------------------------------------------------------- */

static struct excluded excluded_of(const int64_t by_reason[EXCLUSIONS])
{
    return (struct excluded){
        .unclear = by_reason[EXCLUDED_UNCLEAR],
        .open = by_reason[EXCLUDED_OPEN],
        .maturing = by_reason[EXCLUDED_MATURING],
        .before_landmark = by_reason[EXCLUDED_BEFORE_LANDMARK],
        .missing = by_reason[EXCLUDED_MISSING],
        .undefined = by_reason[EXCLUDED_UNDEFINED],
        .washout = by_reason[EXCLUDED_WASHOUT],
        .no_worker = by_reason[EXCLUDED_NO_WORKER],
        .assigned_late = by_reason[EXCLUDED_ASSIGNED_LATE],
        .no_team = by_reason[EXCLUDED_NO_TEAM],
    };
}

void comparing_counts(const struct sample *sample, const struct sample_counts *counts,
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
    out->unknown_workers[0] = counts->unknown_workers[0];
    out->unknown_workers[1] = counts->unknown_workers[1];
    out->reach = counts->reach_of_both;
    out->reach_of_arm[0] = counts->reach[0];
    out->reach_of_arm[1] = counts->reach[1];
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
    enum status status =
        engine_query(workspace->engine, "select count(*) from (from usage_link limit 1)",
                     ENGINE_NO_VALUES, arena, &frame, error);
    if (status != STATUS_OK || frame_integer(&frame, 0, 0) == 0)
        return status;
    status =
        engine_query(workspace->engine, embedded_text("evidence/compare/linked.sql"),
                     cohort_values(arena, request->use_case, &request->span), arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    out->linked = (struct link_shares){frame_number(&frame, 0, 0), frame_number(&frame, 0, 1),
                                       frame_number(&frame, 0, 2), frame_number(&frame, 0, 3)};
    return STATUS_OK;
}

void comparing_keep_fewest(const struct estimated *estimated, struct comparison *out)
{
    if (estimated->fewest_beside > 0 && estimated->fewest_beside < out->fewest)
        out->fewest = estimated->fewest_beside;
}

enum status comparing_effect(const struct sample *sample, const struct estimated *estimated,
                             const char *errors, struct comparison *out, struct error *error)
{
    enum status status = effect_of(sample->metric, estimated, &out->estimate, &out->scale, error);
    out->clusters = estimated->clusters;
    out->carried = estimated->carried;
    out->without_one = effect_without_one(sample->metric, estimated);
    out->difference = estimated->difference;
    out->means[0] = estimated->mean[0];
    out->means[1] = estimated->mean[1];
    out->errors = errors;
    bool by_item = errors[0] == 'h' || strcmp(errors, "classical") == 0;
    out->errors_by = by_item                  ? "item"
                     : sample->block > 0      ? "block"
                     : sample_by_team(sample) ? "team"
                                              : "worker";
    out->horizon_days = effect_days(estimated->horizon_minutes);
    out->hazards = estimated->hazards;
    out->no_interval = estimated->no_interval;
    comparing_keep_fewest(estimated, out);
    return status;
}

/* ---- Within cells ----------------------------------------------------------------------- */

const char *comparing_errors(const struct comparison_request *request)
{
    enum metric_kind kind = request->metric->kind;
    bool adjusted = request->covariate_count > 0 || request->earlier;
    bool by_influence = kind == METRIC_DURATION || kind == METRIC_RATIO || kind == METRIC_QUANTILE;
    if (kind == METRIC_RATIO && adjusted)
        return "cr2";
    return by_influence ? "influence" : request->errors;
}

enum status comparing_within(struct workspace *workspace, const struct comparison_request *request,
                             struct sample *sample, const struct cells *cells, int mix_of_arm,
                             const struct precision *precision, struct arena *arena,
                             struct comparison *out, struct error *error)
{
    struct sample_counts counts = {0};
    struct sample_counts again = {0};
    struct estimated naive = {0};
    struct estimated within = {0};
    struct matched_workers matched;
    enum effect_scale scale;
    sample->cell = NULL;
    enum status status =
        estimate_sample(workspace, sample, -1, precision, arena, &counts, &naive, error);
    comparing_counts(sample, &counts, out);
    if (status == STATUS_OK)
        status = effect_of(sample->metric, &naive, &out->naive, &scale, error);
    if (status != STATUS_OK)
        return status;
    out->has_naive = true;
    if (cells->sql == NULL) /* nothing to be alike in */
        return comparing_effect(sample, &naive, comparing_errors(request), out, error);
    sample->cell = cells->sql;
    status =
        estimate_sample(workspace, sample, mix_of_arm, precision, arena, &again, &within, error);
    if (status != STATUS_OK)
        return status;
    out->cells = cells->label;
    out->excluded.unmatched = (int64_t)llround(within.unmatched[0] * (double)out->arms[0].items +
                                               within.unmatched[1] * (double)out->arms[1].items);
    status = counts_of_matched(workspace, sample, arena, &matched, error);
    if (status != STATUS_OK)
        return status;
    out->fewest = matched.arms[0] < matched.arms[1] ? matched.arms[0] : matched.arms[1];
    out->excluded_by.unmatched = matched.unmatched;
    comparing_keep_fewest(&naive, out);
    return comparing_effect(sample, &within,
                            sample->metric->kind == METRIC_DURATION ? "influence" : "jackknife",
                            out, error);
}

/* ---- The verdict ------------------------------------------------------------------------ */

/* Does the design carry a verdict? The others are as found, or before and after. */
static bool carries(const char *design)
{
    static const char *const designs[] = {"randomised", "switchback", "staggered"};
    for (size_t i = 0; i < sizeof designs / sizeof designs[0]; i++)
        if (strcmp(design, designs[i]) == 0)
            return true;
    return false;
}

/* Work that takes longer meets more calls, and ends worse or better for that alone. */
static bool is_by_length(const struct comparison_request *request, const struct comparison *out)
{
    return (out->arms_from == ARMS_USE || out->beside_none) &&
           request->metric->kind != METRIC_DURATION;
}

/* Would the verdict on these arms be another if a hidden difference were there, as strong as the
   strongest measured one? If not, a plan that was like with like from the start is judged as if
   its arms had been assigned. */
static void judge_sensitivity(const struct comparison_request *request, struct row *row,
                              struct verdict_input *input)
{
    struct sensitivity *sensitivity = &row->comparison.sensitivity;
    struct verdict_input with = *input;
    with.as_found = false;
    with.check_failed = false;
    const struct verdict plain = verdict_of(&with);
    with.effect = effect_in_good_direction(request->metric, sensitivity->interval);
    sensitivity->settled = plain.word != VERDICT_UNPROVEN && plain.word != VERDICT_WITHHELD;
    sensitivity->overturns = verdict_of(&with).word != plain.word;
    if (request->planned && strcmp(row->comparison.design, "like_with_like") == 0 &&
        !is_by_length(request, &row->comparison))
        input->as_found = sensitivity->overturns || sensitivity->too_weak;
}

void comparing_judge(const struct comparison_request *request, struct arena *arena, struct row *row)
{
    struct comparison *comparison = &row->comparison;
    row->margin_from = request->planned ? "plan" : "metric";
    bool small = comparison->arms[0].workers < request->min_group ||
                 comparison->arms[1].workers < request->min_group ||
                 (comparison->season.exists && comparison->fewest < request->min_group);
    bool failed = false;
    for (size_t i = 0; i < row->check_count; i++)
        failed = failed || strcmp(row->checks[i].state, "failed") == 0;
    struct verdict_input input = {
        .small_group = small,
        .check_failed = failed,
        .as_found = !carries(comparison->design),
        .effect = effect_in_good_direction(request->metric, comparison->estimate.interval),
        .margin = row->margin,
        .guardrails = request->guardrails,
        .guardrail_count = request->guardrail_count,
    };
    if (comparison->sensitivity.exists)
        judge_sensitivity(request, row, &input);
    row->verdict = verdict_of(&input);
    if (is_by_length(request, comparison))
        row->verdict.leaning = LEANING_NONE;
    comparison->items_needed = -1;
    comparison->needed_why = NULL;
    if (row->verdict.reason == REASON_TOO_FEW)
        settle_metric(comparison, row->margin, arena);
}

/* ---- What there is no estimate of --------------------------------------------------------- */

void comparing_cannot(struct comparison *out, const char *why)
{
    out->exists = false;
    out->why_not = why;
}

/* Why an arm, or both, have no item that counts; *out stays NULL where they have. */
static enum status empty_arms(struct workspace *workspace, const struct sample *sample,
                              const struct comparison *comparison, struct arena *arena,
                              const char **out, struct error *error)
{
    const struct arm_result *arms = comparison->arms;
    if (arms[0].items > 0 && arms[1].items > 0)
        return STATUS_OK;
    int arm = arms[0].items + arms[1].items == 0 ? both_arms : arms[0].items > 0;
    return nobody_why(workspace, sample, arm, arena, out, error);
}

static const char *reason_in_words(const struct sample *sample, const struct comparison *out,
                                   struct arena *arena, const struct error *why)
{
    for (int arm = 0; out->arms[0].arm != NULL && arm < 2; arm++) {
        if (out->arms[arm].workers == 1)
            return arena_printf(arena,
                                "all items of the arm %s are of one person: no other shows by how "
                                "much people differ",
                                sample->arms.names[arm]);
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

enum status comparing_refused(struct workspace *workspace, enum status status,
                              const struct error *why, const struct sample *sample,
                              struct arena *arena, struct comparison *out, struct error *error)
{
    bool refused = status == ERROR_DOMAIN || status == ERROR_SINGULAR;
    if (refused) {
        const char *reason = NULL;
        status = out->arms[0].arm == NULL
                     ? STATUS_OK
                     : empty_arms(workspace, sample, out, arena, &reason, error);
        comparing_cannot(out, reason != NULL ? reason : reason_in_words(sample, out, arena, why));
    }
    if (status == STATUS_OK && out->why_not != NULL) /* the reason, too, is of so many people */
        return counts_behind(workspace, sample, arena, &out->fewest, error);
    if (status != STATUS_OK && !refused && error != NULL)
        *error = *why;
    return status;
}

/* ---- Of how many people ----------------------------------------------------------------- */

/* Strata with a dummy each are cells for who is behind what. */
static enum status keep_told(struct workspace *workspace, const struct sample *sample,
                             struct arena *arena, struct comparison *out, struct error *error)
{
    struct told told;
    struct sample in_cells = *sample;
    enum told_mix mix = sample->arms.kind == ARMS_BY_PERIOD ? TOLD_MIX_0 : TOLD_MIX_1;
    if (out->strata.dummies) {
        mix = TOLD_LEVELS;
        if (!sample->absorbed && sample->group_count == 1)
            in_cells.cell = sample->groups[0].sql;
    }
    enum status status = told_people(workspace, &in_cells, arena, &told, error);
    if (status != STATUS_OK)
        return status;
    told_keep(&told, mix, &out->fewest);
    out->carry_without = told_carrying(&told, TOLD_MIX_0);
    return STATUS_OK;
}

/* ---- Together --------------------------------------------------------------------------- */

enum status comparing_finish(struct workspace *workspace, const struct comparison_request *request,
                             struct arena *arena, const struct sample *sample, struct row *row,
                             struct error *error)
{
    struct comparison *out = &row->comparison;
    out->exists = true;
    if (request->explain)
        out->explain = explain(arena, sample);
    enum status status = keep_told(workspace, sample, arena, out, error);
    if (status == STATUS_OK && workspace->publishing)
        status = contributions_of(workspace, sample, arena, out->contributions, error);
    if (status != STATUS_OK || request->interval_only)
        return status;
    status = fill_linked(workspace, request, arena, out, error);
    if (status == STATUS_OK)
        status = ratio_parts(workspace, sample, arena, &out->parts, error);
    if (status == STATUS_OK && request->opt_outs)
        status = opt_outs_fill(workspace, sample, request->level, arena, out, error);
    if (status == STATUS_OK)
        status = perception_fill(workspace, request, sample, arena, out, error);
    if (status == STATUS_OK)
        status = reviewers_fill(workspace, sample, request->level, arena, &out->reviewers, error);
    if (status != STATUS_OK)
        return status;
    bool weekly = out->weekly.unit != NULL;
    if (out->arms_from == ARMS_MARK && !weekly)
        hidden_marks_fill(request->metric, out);
    row->margin = effect_margin(request->metric, out->scale, out->arms[0].value);
    if (out->no_interval == NULL && out->scale == SCALE_RELATIVE)
        out->no_interval = effect_no_interval(arena, request->metric, &out->estimate, out->means[0],
                                              &out->difference, request->level);
    status =
        checks_run(&(struct checking){workspace, request, sample, arena, row, NULL}, row, error);
    if (status == STATUS_OK)
        comparing_judge(request, arena, row);
    if (status == STATUS_OK && !weekly) /* of a share, no item was left without */
        status = without_ai_fill(workspace, request, sample, arena, row, error);
    if (status == STATUS_OK)
        status = by_cells_fill(workspace, request, sample, arena, out, error);
    return status;
}
