#include "evidence/plan/power_metric.h"

#include "assay/power.h"
#include "assay/power_resample.h"
#include "assay/power_shown.h"
#include "assay/variance_components.h"
#include "evidence/estimate/effect.h"
#include "evidence/sample/reason.h"

#include <math.h>
#include <string.h>

enum { items_least = 50, workers_least = 4, resample_runs = 1000, resample_seed = 20 };
enum { shown_runs = 500, shown_seed = 20, shown_steps = 9 };
static const double most_scale = 1e4;
static const double step_of[power_steps] = {0.25, 0.5, 1, 1.5, 2};

/* ---- Effects and differences ------------------------------------------------------------------
 */

/* How an effect in the good direction lies on the scale that parts add up on. */
struct scaling {
    const struct metric *metric;
    enum effect_scale scale;
    bool log_ratio;
    double value;
};

static double difference_of(const struct scaling *s, double effect)
{
    double signed_effect = s->metric->better == METRIC_LOWER ? -effect : effect;
    if (s->log_ratio)
        return signed_effect > -1 ? log1p(signed_effect) : NAN;
    return s->scale == SCALE_RELATIVE ? signed_effect * s->value : signed_effect;
}

static double effect_from(const struct scaling *s, double difference)
{
    double effect = difference;
    if (s->log_ratio)
        effect = expm1(difference);
    else if (s->scale == SCALE_RELATIVE)
        effect = difference / s->value;
    return s->metric->better == METRIC_LOWER ? -effect : effect;
}

/* Better by more than the metric was: a ratio of -1 or less, or beyond the ends of its values. */
static bool is_impossible(const struct scaling *s, double amount)
{
    bool to_nothing =
        s->scale == SCALE_RELATIVE && s->metric->better == METRIC_LOWER && amount >= 1;
    return to_nothing || amount > effect_most_possible(s->metric, s->scale, s->value);
}

/* ---- The past as a design ----------------------------------------------------------------------
 */

/* Cells of one worker (and team, where by_team) become one. Cells are ordered by worker. */
static size_t merge_workers(const struct past *past, bool by_team, struct component_worker *out)
{
    size_t count = 0;
    size_t first = 0; /* of this worker */
    size_t last = SIZE_MAX;
    for (size_t i = 0; i < past->count; i++) {
        const struct past_cell *cell = &past->cells[i];
        if (cell->worker != last)
            first = count;
        last = cell->worker;
        size_t at = first;
        while (at < count && by_team && out[at].team != (int64_t)cell->team)
            at++;
        if (at == count)
            out[count++] = (struct component_worker){.team = (int64_t)cell->team};
        struct component_worker *into = &out[at];
        double items = into->items + cell->items;
        double apart = cell->mean - into->mean;
        into->squares += cell->squares + apart * apart * into->items * cell->items / items;
        into->mean += apart * cell->items / items;
        into->items = items;
    }
    return count;
}

/* Coefficient of variation. */
static double variation(size_t count, const double *values)
{
    double mean = 0;
    double squares = 0;
    for (size_t i = 0; i < count; i++)
        mean += values[i] / (double)count;
    for (size_t i = 0; i < count; i++)
        squares += (values[i] - mean) * (values[i] - mean) / (double)count;
    return mean > 0 ? sqrt(squares) / mean : 0;
}

struct shape {
    struct power_design design;
    struct power_outcome outcome;
    double units;              /* workers or teams */
    struct shown_design shown; /* the same where these are drawn; count 0 where they are not */
};

static enum status shape_of(const struct power_asking *asking, const struct past *past,
                            struct arena *arena, struct power_metric *out, struct shape *shape,
                            struct error *error)
{
    const struct plan *plan = asking->plan;
    bool by_team = plan->design <= PLAN_ENCOURAGEMENT && plan->unit == PLAN_TEAM;
    struct component_worker *list = arena_array(arena, past->count, sizeof *list);
    double *scratch = arena_array(arena, 2 * past->teams, sizeof *scratch);
    struct variance_components found;
    size_t count = merge_workers(past, by_team, list);
    enum status status =
        assay_variance_components(count, list, by_team ? past->teams : 0, scratch, &found, error);
    if (status != STATUS_OK)
        return status;
    double *items = arena_array(arena, count, sizeof *items);
    double *of_team = arena_array(arena, past->teams, sizeof *of_team);
    for (size_t g = 0; g < count; g++) {
        items[g] = list[g].items;
        of_team[list[g].team] += list[g].items;
    }
    bool drawn = plan->design == PLAN_RANDOMISED || plan->design == PLAN_ENCOURAGEMENT;
    double whole = found.total > 0 ? found.total : 1;
    out->correlation = (found.worker + found.team) / whole;
    out->team_correlation = by_team ? found.team / whole : NAN;
    *shape = (struct shape){
        .design =
            {
                .unit = by_team                              ? POWER_TEAMS
                        : drawn && plan->unit == PLAN_WORKER ? POWER_WORKERS
                                                             : POWER_ITEMS,
                .treated = drawn ? plan->probability : 0.5,
                .items = past->items / (double)count,
                .items_cv = variation(count, items),
                .correlation = fmin(out->correlation, 1 - 1e-9),
                .workers = by_team ? (double)count / (double)past->teams : 1,
                .team_cv = by_team ? variation(past->teams, of_team) : 0,
                .team_correlation = by_team ? fmin(out->team_correlation, 1 - 1e-9) : 0,
            },
        .outcome = {.deviation = {sqrt(found.total), sqrt(found.total)}},
        .units = by_team ? (double)past->teams : (double)count,
    };
    if (shape->design.unit == POWER_ITEMS)
        shape->design.items *= asking->pair;
    else
        shape->units *= asking->pair;
    double all = shape->design.items * shape->design.workers;
    double together = (1 + shape->design.team_cv * shape->design.team_cv) * all;
    double own = (1 + shape->design.items_cv * shape->design.items_cv) * shape->design.items;
    double likeness = shape->design.correlation; /* of two items of what is drawn */
    if (by_team && together > 1 && together > own)
        likeness = ((own - 1) * shape->design.correlation +
                    (together - own) * shape->design.team_correlation) /
                   (together - 1);
    if (shape->design.unit != POWER_ITEMS)
        shape->shown = (struct shown_design){
            by_team ? past->teams : count, by_team ? of_team : items, plan->probability, likeness};
    if (asking->goal->metric.kind == METRIC_PROPORTION && !asking->guardrail)
        shape->outcome = (struct power_outcome){.share = true, .control = past->value};
    return STATUS_OK;
}

/* ---- By formula --------------------------------------------------------------------------------
 */

static double scaled_power(const struct shape *shape, double scale, double difference, double level)
{
    struct power_design design = shape->design;
    double power = NAN;
    design.items = fmax(1, design.items * scale);
    return assay_power(&design, &shape->outcome, shape->units, difference, level, &power, NULL) ==
                   STATUS_OK
               ? power
               : NAN;
}

/* Times as many items of the same units for a power; NAN: no number of them is enough. */
static double scale_needed(const struct shape *shape, double difference, double level, double power)
{
    double low = 1 / shape->design.items;
    double high = most_scale;
    if (!(scaled_power(shape, high, difference, level) >= power))
        return NAN;
    while (high - low > 1e-4 * high) {
        double middle = sqrt(low * high);
        if (scaled_power(shape, middle, difference, level) >= power)
            high = middle;
        else
            low = middle;
    }
    return high;
}

/* ---- As wide as it is shown --------------------------------------------------------------------
 */

static double shown_power(const struct shape *shape, double units, double scale, double difference,
                          double level)
{
    double power = NAN;
    return assay_power_shown(&shape->shown, &shape->outcome, units, scale, difference, level,
                             shown_runs, shown_seed, &power, NULL) == STATUS_OK
               ? power
               : NAN;
}

/* What is varied until the power is reached: times what the formula asks for. */
enum varied { VARIED_DIFFERENCE, VARIED_SCALE, VARIED_UNITS };

static double power_of_varied(const struct power_asking *asking, const struct shape *shape,
                              enum varied what, double value, double difference)
{
    double level = asking->plan->confidence;
    switch (what) {
    case VARIED_DIFFERENCE:
        return shown_power(shape, shape->units, asking->scale, value, level);
    case VARIED_SCALE:
        return shown_power(shape, shape->units, value, difference, level);
    case VARIED_UNITS:
        return shown_power(shape, value, asking->scale, difference, level);
    }
    return NAN;
}

/* The least value from low on with the power; NAN: none up to high. */
static double least_with_power(const struct power_asking *asking, const struct shape *shape,
                               enum varied what, double low, double high, double difference)
{
    if (isnan(low) || !(power_of_varied(asking, shape, what, high, difference) >= asking->power))
        return NAN;
    if (power_of_varied(asking, shape, what, low, difference) >= asking->power)
        return low;
    for (int step = 0; step < shown_steps; step++) {
        double middle = low > 0 ? sqrt(low * high) : -sqrt(low * high);
        if (power_of_varied(asking, shape, what, middle, difference) >= asking->power)
            high = middle;
        else
            low = middle;
    }
    return high;
}

static double farthest(const struct shape *shape, double difference)
{
    if (!shape->outcome.share)
        return 8 * difference;
    return difference < 0 ? -shape->outcome.control : 1 - shape->outcome.control;
}

/* Where the interval that is shown tells less than the formula of CR2 says, by more than the chance
   of made-up trials, what it tells. */
static void as_shown(const struct power_asking *asking, const struct past *past,
                     const struct scaling *s, const struct shape *shape, double difference,
                     double detectable, struct power_metric *out)
{
    static const double most = 64;
    double level = asking->plan->confidence;
    double chance = sqrt(asking->power * (1 - asking->power) / shown_runs);
    double promised = isnan(detectable)
                          ? NAN
                          : shown_power(shape, shape->units, asking->scale, detectable, level);
    if (shape->shown.count == 0 || !(promised < asking->power - 2.5 * chance))
        return;
    out->simulated = true;
    out->power =
        fmin(out->power, shown_power(shape, shape->units, asking->scale, difference, level));
    double found = least_with_power(asking, shape, VARIED_DIFFERENCE, detectable,
                                    farthest(shape, detectable), 0);
    out->detectable = isnan(found) ? NAN : fabs(effect_from(s, found));
    double needed = out->items_needed / past->items;
    needed = least_with_power(asking, shape, VARIED_SCALE, needed, needed * most, difference);
    out->items_needed = needed * past->items;
    out->weeks_needed = needed / asking->scale * asking->weeks;
    out->units_needed = least_with_power(asking, shape, VARIED_UNITS, out->units_needed,
                                         out->units_needed * most, difference);
    for (size_t i = 0; i < power_steps && !asking->guardrail; i++) {
        struct power_step *step = &out->steps[i];
        step->power = fmin(step->power, shown_power(shape, shape->units, asking->scale,
                                                    difference_of(s, step->effect), level));
    }
}

static void by_formula(const struct power_asking *asking, const struct past *past,
                       const struct scaling *s, const struct shape *shape, double difference,
                       struct power_metric *out)
{
    double level = asking->plan->confidence;
    double found = NAN;
    struct power_design design = shape->design;
    design.items = fmax(1, design.items * asking->scale);
    double detectable = NAN;
    out->power = scaled_power(shape, asking->scale, difference, level);
    if (assay_power_detectable(&design, &shape->outcome, shape->units, level, asking->power,
                               difference < 0, &found, NULL) == STATUS_OK)
        detectable = found;
    if (!isnan(detectable))
        out->detectable = fabs(effect_from(s, found));
    double needed = scale_needed(shape, difference, level, asking->power);
    out->items_needed = needed * past->items;
    out->weeks_needed = needed / asking->scale * asking->weeks;
    if (design.unit != POWER_ITEMS && assay_power_units(&design, &shape->outcome, difference, level,
                                                        asking->power, &found, NULL) == STATUS_OK)
        out->units_needed = found;
    for (size_t i = 0; i < power_steps && !asking->guardrail; i++) {
        double effect = step_of[i] * out->amount;
        out->steps[i] = (struct power_step){
            effect, scaled_power(shape, asking->scale, difference_of(s, effect), level)};
    }
    as_shown(asking, past, s, shape, difference, detectable, out);
    out->units_needed /= asking->pair;
}

/* ---- By resampling -----------------------------------------------------------------------------
 */

static struct resample_panel panel_of(const struct power_asking *asking, const struct past *past,
                                      struct arena *arena)
{
    const struct plan *plan = asking->plan;
    bool by_worker = plan->design == PLAN_BEFORE_AFTER || plan->unit == PLAN_WORKER;
    size_t units = by_worker ? past->workers : past->teams;
    double *items = arena_array(arena, units * asking->segments, sizeof *items);
    double *mean = arena_array(arena, units * asking->segments, sizeof *mean);
    for (size_t i = 0; i < past->count; i++) {
        const struct past_cell *cell = &past->cells[i];
        size_t unit = by_worker ? cell->worker : cell->team;
        int64_t last = (int64_t)asking->segments - 1;
        if (cell->segment > last && plan->design != PLAN_BEFORE_AFTER)
            continue;
        /* All that lies behind the day that divides is after it. */
        size_t at = unit * asking->segments + (size_t)(cell->segment < last ? cell->segment : last);
        items[at] += cell->items;
        mean[at] += (cell->mean - mean[at]) * cell->items / items[at];
    }
    return (struct resample_panel){units, asking->segments, items, mean};
}

static enum status by_resampling(const struct power_asking *asking, const struct past *past,
                                 const struct scaling *s, double difference, struct arena *arena,
                                 struct power_metric *out, struct error *error)
{
    static const enum resample_design designs[] = {[PLAN_SWITCHBACK] = RESAMPLE_SWITCHBACK,
                                                   [PLAN_STAGGERED] = RESAMPLE_STAGGERED,
                                                   [PLAN_BEFORE_AFTER] = RESAMPLE_BEFORE_AFTER};
    const struct resample_panel panel = panel_of(asking, past, arena);
    struct resample_run *runs = arena_array(arena, resample_runs, sizeof *runs);
    double level = asking->plan->confidence;
    double found = NAN;
    size_t made = 0;
    enum status status = assay_resample(designs[asking->plan->design], &panel, 0.5, 0,
                                        resample_runs, resample_seed, runs, &made, error);
    if (status == STATUS_OK)
        status = assay_resample_power(made, runs, difference, level, &out->power, error);
    if (status == STATUS_OK)
        status = assay_resample_detectable(made, runs, level, asking->power, difference < 0, &found,
                                           error);
    if (status != STATUS_OK)
        return status;
    out->simulated = true;
    out->detectable = fabs(effect_from(s, found));
    /* The variance of a mean over units falls as their number grows. */
    out->units_needed = (double)panel.units * (found / difference) * (found / difference);
    if (asking->plan->design == PLAN_SWITCHBACK) /* and over blocks */
        out->weeks_needed = asking->weeks * (found / difference) * (found / difference);
    for (size_t i = 0; i < power_steps && !asking->guardrail && status == STATUS_OK; i++) {
        out->steps[i].effect = step_of[i] * out->amount;
        double step = difference_of(s, out->steps[i].effect);
        if (!isnan(step))
            status = assay_resample_power(made, runs, step, level, &out->steps[i].power, error);
        else
            out->steps[i].power = NAN;
    }
    return status;
}

/* ---- Together ----------------------------------------------------------------------------------
 */

static bool is_over_time(enum plan_design design)
{
    return design == PLAN_SWITCHBACK || design == PLAN_STAGGERED || design == PLAN_BEFORE_AFTER;
}

enum status power_metric(const struct power_asking *asking, const struct past *past,
                         struct arena *arena, struct power_metric *out, struct error *error)
{
    struct metric metric = asking->goal->metric;
    struct shape shape;
    struct error why = {0};
    metric.material = asking->goal->amount;
    struct scaling s = {&metric, effect_scale_of(&metric, past->log_ratio), past->log_ratio,
                        past->value};
    *out = (struct power_metric){
        .metric = effect_metric(&metric),
        .guardrail = asking->guardrail,
        .scale = s.scale,
        .amount = effect_margin(&metric, s.scale, past->value),
        .power = NAN,
        .detectable = NAN,
        .items_needed = NAN,
        .weeks_needed = NAN,
        .units_needed = NAN,
        .correlation = NAN,
        .team_correlation = NAN,
        .why_not = past->why_not,
        .fewest = past->fewest,
    };
    if (out->why_not == NULL && (past->items < items_least || past->workers < workers_least))
        out->why_not =
            arena_printf(arena, "the past is too thin: it takes %d items of %d people at least",
                         items_least, workers_least);
    double difference = difference_of(&s, asking->guardrail ? -out->amount : out->amount);
    if (out->why_not == NULL && (out->amount == 0 || isnan(out->amount)))
        out->why_not = "the metric is 0 in the past, so that the amount says nothing";
    if (out->why_not == NULL && !asking->guardrail && is_impossible(&s, out->amount))
        out->why_not =
            "the metric cannot get better by so much: from what it was in the past no more "
            "than a smaller amount is left; write one (improve_by, or --improve-by)";
    if (out->why_not == NULL && (isnan(difference) || difference == 0))
        out->why_not = "the amount is none that the metric could change by; write a smaller one";
    if (out->why_not != NULL)
        return STATUS_OK;
    enum status status = shape_of(asking, past, arena, out, &shape, &why);
    if (status == STATUS_OK && !(shape.outcome.deviation[0] > 0) && !shape.outcome.share)
        out->why_not = "the metric was the same for every item in the past";
    else if (status == STATUS_OK && is_over_time(asking->plan->design))
        status = by_resampling(asking, past, &s, difference, arena, out, &why);
    else if (status == STATUS_OK)
        by_formula(asking, past, &s, &shape, difference, out);
    if (status == ERROR_DOMAIN) {
        out->why_not = reason_of(&why, arena);
        return STATUS_OK;
    }
    if (status != STATUS_OK && error != NULL)
        *error = why;
    return status;
}
