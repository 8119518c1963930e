#include "evidence/compare/without_ai.h"

#include "assay/blocked.h"
#include "base/embedded.h"
#include "base/error.h"
#include "evidence/estimate/counts.h"
#include "evidence/estimate/effect.h"
#include "evidence/sample/arms.h"

#include <math.h>
#include <string.h>

/* What a comparison says of the items that were done without AI. */
struct asked {
    struct workspace *workspace;
    const struct comparison_request *request;
    const struct sample *sample;
    struct arena *arena;
};

/* Costs have to be known of so many items of either arm. */
static const double known_least = 0.7;

/* ---- Does it say anything of work without AI? ----------------------------------------------- */

static bool has_failed(const struct row *row)
{
    for (size_t i = 0; i < row->check_count; i++)
        if (strcmp(row->checks[i].state, "failed") == 0)
            return true;
    return false;
}

/* As found, only times are compared from a moment on at which the longer work has not met more AI:
   other outcomes look worse with AI for that alone. */
static bool speaks(const struct asked *asked, const struct row *row)
{
    const struct comparison *comparison = &row->comparison;
    bool assigned = comparison->arms_from == ARMS_ASSIGNED;
    bool timed =
        comparison->arms_from == ARMS_USE && asked->request->metric->kind == METRIC_DURATION;
    return comparison->exists && arms_with_and_without(&asked->sample->arms) &&
           (assigned || timed) && !has_failed(row) &&
           comparison->fewest >= asked->request->min_group &&
           comparison->carry_without >= asked->request->min_group && !isnan(row->margin);
}

/* The effect on the items done without AI. Without cells that is the comparison's own; within them
   they are weighted to the mix of these items. */
static enum status effect_without(const struct asked *asked, const struct comparison *comparison,
                                  struct without_ai *out, struct estimate *difference,
                                  struct error *error)
{
    const struct comparison_request *request = asked->request;
    const struct precision precision = {request->level, request->variance, request->normal};
    struct sample_counts counts = {0};
    struct estimated within = {0};
    enum effect_scale scale;
    out->effect = comparison->estimate;
    out->items = comparison->arms[0].items;
    *difference = comparison->difference;
    if (asked->sample->cell == NULL || strcmp(comparison->design, "staggered") == 0)
        return STATUS_OK;
    enum status status = estimate_sample(asked->workspace, asked->sample, 0, &precision,
                                         asked->arena, &counts, &within, error);
    if (status == STATUS_OK)
        status = effect_of(asked->sample->metric, &within, &out->effect, &scale, error);
    if (status != STATUS_OK)
        return status;
    out->items = llround((1 - within.unmatched[0]) * (double)comparison->arms[0].items);
    *difference = within.difference;
    struct matched_workers matched;
    status = counts_of_matched(asked->workspace, asked->sample, asked->arena, &matched, error);
    out->items_tell_of = matched.unmatched_arms[0];
    return status;
}

/* ---- Hours ---------------------------------------------------------------------------------- */

static double hours_in(const char *unit)
{
    return strcmp(unit, "minutes") == 0 ? 1.0 / 60
           : strcmp(unit, "hours") == 0 ? 1
           : strcmp(unit, "days") == 0  ? 24
                                        : NAN;
}

/* Is all that is counted paid time? Elapsed time is never taken for that. */
static bool is_labour(const struct metric *metric)
{
    const struct formula *formula = &metric->value.compiled;
    for (size_t i = 0; metric->kind == METRIC_MEAN && i < formula->used_count; i++)
        if (strcmp(formula->used[i], "labour_minutes") != 0 &&
            strcmp(formula->used[i], "review_minutes") != 0)
            return false;
    return metric->kind == METRIC_MEAN && formula->used_count > 0 &&
           !isnan(hours_in(metric->unit)) && metric->better == METRIC_LOWER;
}

static struct saved times(const struct estimate *each, double items, double unit)
{
    return (struct saved){
        .exists = true,
        .value = each->value * items * unit,
        .interval = {each->interval.low * items * unit, each->interval.high * items * unit},
    };
}

/* The mean of what is compared on the log scale, whose ratio tells of no sums. */
static enum status mean_difference(const struct asked *asked, struct estimate *out,
                                   struct error *error)
{
    const struct comparison_request *request = asked->request;
    const struct precision precision = {request->level, request->variance, request->normal};
    struct metric metric = *asked->sample->metric;
    struct sample sample = *asked->sample;
    struct sample_counts counts = {0};
    struct estimated estimated = {0};
    metric.scale = METRIC_IDENTITY;
    sample.metric = &metric;
    enum status status = estimate_sample(asked->workspace, &sample, -1, &precision, asked->arena,
                                         &counts, &estimated, error);
    *out = estimated.difference;
    return status;
}

static enum status fill_hours(const struct asked *asked, struct estimate difference,
                              struct without_ai *out, struct error *error)
{
    const struct metric *metric = asked->request->metric;
    bool duration = metric->kind == METRIC_DURATION;
    double unit = duration ? 1.0 / 60 : hours_in(metric->unit);
    enum status status = STATUS_OK;
    if (!(duration || metric->kind == METRIC_MEAN) || isnan(unit) || metric->better != METRIC_LOWER)
        return STATUS_OK;
    if (metric->kind == METRIC_MEAN && metric->scale == METRIC_LOG)
        status = mean_difference(asked, &difference, error);
    if (status == STATUS_OK && difference.standard_error > 0) {
        out->hours = times(&difference, (double)out->items, unit);
        out->hours_of = duration ? "elapsed" : is_labour(metric) ? "labour" : "measured";
    }
    return status;
}

/* ---- Dollars -------------------------------------------------------------------------------- */

static const char ai_dollars[] = "(facts.usd + facts.usd_inferred)";

/* The plain difference on the mix of the items without AI, where nothing varies. */
static double plain_difference(const struct blocked_rows *rows, struct arena *arena)
{
    double *items = arena_array(arena, 2 * rows->cell_count, sizeof *items);
    double *total = arena_array(arena, 2 * rows->cell_count, sizeof *total);
    double weight = 0;
    double sum = 0;
    for (size_t i = 0; i < rows->count; i++) {
        size_t at = 2 * (size_t)rows->cell[i] + (size_t)rows->arm[i];
        items[at] += rows->items[i];
        total[at] += rows->items[i] * rows->mean[i];
    }
    for (size_t c = 0; c < 2 * rows->cell_count; c += 2)
        if (items[c] > 0 && items[c + 1] > 0) {
            weight += items[c];
            sum += items[c] * (total[c + 1] / items[c + 1] - total[c] / items[c]);
        }
    return sum / weight;
}

/* Are the dollars known of nearly all items of either arm? */
static bool is_known(const struct blocked_rows *rows, const struct comparison *comparison)
{
    double items[2] = {0, 0};
    for (size_t i = 0; i < rows->count; i++)
        items[rows->arm[i]] += rows->items[i];
    for (int arm = 0; arm < 2; arm++)
        if (!(items[arm] >= known_least * (double)comparison->arms[arm].items))
            return false;
    return true;
}

/* Dollars of each item with AI less those without, on the mix of the items without, by items.
   dollars   SQL over facts; missing where they are not known */
static enum status dollars_saved(const struct asked *asked, const char *dollars,
                                 const struct comparison *comparison, double items,
                                 struct saved *out, struct error *error)
{
    struct arena *arena = asked->arena;
    struct sample sample = *asked->sample;
    const struct formula counted = {.sql = dollars, .defined_sql = "true", .type = FORMULA_NUMBER};
    struct frame frame;
    struct matched_workers matched;
    sample.covariates = &counted;
    sample.covariate_count = 1;
    sample.earlier = false;
    const char *sql = TEXT_FILLED(arena, embedded_text("evidence/estimate/cell_means.sql"),
                                  {"value", "x1"}, {"sample", sample_sql(arena, &sample)});
    enum status status = engine_query(asked->workspace->engine, sql, sample_values(arena, &sample),
                                      arena, &frame, error);
    if (status == STATUS_OK)
        status = counts_of_matched(asked->workspace, &sample, arena, &matched, error);
    if (status != STATUS_OK || frame.rows == 0)
        return status;
    struct blocked_rows rows = {
        .count = frame.rows,
        .cluster = frame.columns[0].integers,
        .cell = frame.columns[1].integers,
        .arm = frame.columns[2].integers,
        .items = frame.columns[3].numbers,
        .mean = frame.columns[4].numbers,
    };
    for (size_t i = 0; i < rows.count; i++)
        if ((size_t)rows.cell[i] >= rows.cell_count)
            rows.cell_count = (size_t)rows.cell[i] + 1;
    if (!is_known(&rows, comparison) || matched.arms[0] == 0 || matched.arms[1] == 0)
        return STATUS_OK;
    struct blocked blocked;
    struct error why = {0};
    double *scratch = arena_array(arena, assay_blocked_scratch(rows.cell_count), sizeof *scratch);
    status = assay_blocked(&rows, BLOCKED_ARM_0, BLOCKED_DIFFERENCE, asked->request->level, scratch,
                           &blocked, &why);
    if (status != STATUS_OK)
        blocked.estimate =
            (struct estimate){.value = plain_difference(&rows, arena), .interval = {NAN, NAN}};
    *out = times(&blocked.estimate, items, 1);
    out->fewest = matched.arms[0] < matched.arms[1] ? matched.arms[0] : matched.arms[1];
    return STATUS_OK;
}

static const char *labour_dollars(struct arena *arena, const struct metric *metric)
{
    return arena_printf(arena, "(((%s) * %.17g) * facts.usd_per_hour)", metric->value.compiled.sql,
                        hours_in(metric->unit));
}

static enum status fill_dollars(const struct asked *asked, const struct comparison *comparison,
                                struct without_ai *out, struct error *error)
{
    double items = (double)out->items;
    enum status status = dollars_saved(asked, ai_dollars, comparison, items, &out->ai_usd, error);
    if (status != STATUS_OK || !is_labour(asked->request->metric))
        return status;
    const char *labour = labour_dollars(asked->arena, asked->request->metric);
    status = dollars_saved(asked, labour, comparison, items, &out->labour_usd, error);
    if (status == STATUS_OK && out->ai_usd.exists && out->labour_usd.exists)
        status = dollars_saved(asked, arena_printf(asked->arena, "(%s + %s)", ai_dollars, labour),
                               comparison, items, &out->usd, error);
    return status;
}

/* ---- Together ------------------------------------------------------------------------------- */

static bool is_by_lot(const struct comparison *comparison)
{
    bool drawn_waves = comparison->events != NULL && comparison->events->drawn;
    return strcmp(comparison->design, "randomised") == 0 ||
           strcmp(comparison->design, "switchback") == 0 || drawn_waves;
}

/* The same rules as the verdict's. Drawn by lot it is the verdict itself, and a loss within the
   plan's margin is a loss. */
static bool is_better(const struct asked *asked, const struct row *row,
                      const struct without_ai *out)
{
    struct interval good = effect_in_good_direction(asked->request->metric, out->effect.interval);
    bool worse =
        row->verdict.word == VERDICT_WORSE ||
        (row->verdict.word == VERDICT_NO_MATERIAL_CHANGE && row->verdict.leaning == LEANING_WORSE);
    return out->by_lot ? worse : good.high < 0;
}

static bool is_equal(const struct asked *asked, const struct row *row, const struct without_ai *out)
{
    struct interval good = effect_in_good_direction(asked->request->metric, out->effect.interval);
    if (out->by_lot)
        return row->verdict.word == VERDICT_NO_MATERIAL_CHANGE;
    return -row->margin < good.low && good.high < row->margin;
}

static bool is_above_0(const struct saved *saved)
{
    return isnan(saved->interval.low) ? saved->value > 0 : saved->interval.low > 0;
}

/* A time is told in hours and a cost in dollars, whose interval may hold 0 where the effect's does
   not, and does where a guardrail made the verdict. Other metrics have no such sum. */
static bool is_sure(const struct metric *metric, const struct without_ai *out)
{
    if (out->hours.exists)
        return is_above_0(&out->hours);
    return strcmp(metric->unit, "USD") != 0 || !out->ai_usd.exists || is_above_0(&out->ai_usd);
}

enum status without_ai_fill(struct workspace *workspace, const struct comparison_request *request,
                            const struct sample *sample, struct arena *arena, struct row *row,
                            struct error *error)
{
    const struct asked asked = {workspace, request, sample, arena};
    const struct comparison *comparison = &row->comparison;
    struct without_ai out = {.by_lot = is_by_lot(comparison)};
    struct estimate difference;
    struct error why = {0};
    if (!speaks(&asked, row) ||
        effect_in_good_direction(request->metric, comparison->estimate.interval).low > 0)
        return STATUS_OK;
    enum status status = effect_without(&asked, comparison, &out, &difference, &why);
    bool better = status == STATUS_OK && is_better(&asked, row, &out);
    bool equal = status == STATUS_OK && !better && is_equal(&asked, row, &out);
    if (better || equal)
        status = fill_dollars(&asked, comparison, &out, &why);
    if (status == STATUS_OK &&
        (better || (equal && out.ai_usd.exists && is_above_0(&out.ai_usd)))) {
        out.exists = true;
        status = fill_hours(&asked, difference, &out, &why);
        out.word = equal                            ? WITHOUT_AI_AS_GOOD
                   : is_sure(request->metric, &out) ? WITHOUT_AI_BETTER
                                                    : WITHOUT_AI_UNCLEAR;
    }
    if (status == ERROR_DOMAIN || status == ERROR_SINGULAR)
        return STATUS_OK; /* too little for such a sum */
    if (status == STATUS_OK)
        row->without_ai = out;
    else if (error != NULL)
        *error = why;
    return status;
}
