#include "assay/staggered.h"

#include "base/embedded.h"
#include "base/error.h"
#include "evidence/estimate/staggered.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Columns of staggered_panel.sql. */
enum { panel_unit, panel_period, panel_first, panel_items, panel_outcome, panel_stratum };

/* The panel as libassay takes it, without units that were treated from its first period on. */
struct panel {
    struct staggered_rows rows;
    int64_t *unit;
    int64_t *period;
    int64_t *first;
    int64_t *stratum;
    double *mean;
    double *weight;
    int64_t from, until;
    int64_t units;
    int64_t always;
};

/* What the queries are made of. */
struct panel_sql {
    const char *period_of_since;
    const char *sample;
    const char *waves;
    const char *strata; /* a join of the units' strata as u */
    const char *stratum;
};

static struct panel_sql sql_of(struct workspace *workspace, const struct plan *plan,
                               const struct sample *sample, const struct waves *waves,
                               struct arena *arena)
{
    return (struct panel_sql){
        .period_of_since = waves_period(arena, workspace, plan, "w.since"),
        .sample = sample_sql(arena, sample),
        .waves = waves->sql,
        .strata =
            waves->strata == NULL
                ? ""
                : arena_printf(arena, "left join (%s) u on u.unit = s.cluster", waves->strata),
        .stratum = waves->strata == NULL ? "''" : "u.stratum",
    };
}

/* ---- From the frame to a panel ----------------------------------------------------------- */

static int64_t first_of(const struct frame *frame, size_t row)
{
    return frame->columns[panel_first].valid[row] ? frame_integer(frame, row, panel_first)
                                                  : ASSAY_NEVER_TREATED;
}

static size_t end_of_unit(const struct frame *frame, size_t row)
{
    size_t end = row;
    while (end < frame->rows &&
           frame_integer(frame, end, panel_unit) == frame_integer(frame, row, panel_unit))
        end++;
    return end;
}

/* Items per period in which the unit was seen before it could act on its treatment, which may
   change how many items follow. 0: never seen then. */
static double weight_of(const struct frame *frame, size_t from, size_t until, int64_t ahead)
{
    double items = 0;
    double periods = 0;
    int64_t first = first_of(frame, from);
    for (size_t row = from; row < until; row++) {
        if (first != ASSAY_NEVER_TREATED &&
            frame_integer(frame, row, panel_period) >= first - ahead)
            break;
        items += frame_number(frame, row, panel_items);
        periods += 1;
    }
    return periods > 0 ? items / periods : 0;
}

static void take_unit(const struct frame *frame, size_t from, size_t until, double weight,
                      const struct panel_outcome *outcome, struct panel *out)
{
    for (size_t row = from; row < until; row++) {
        size_t at = out->rows.count++;
        double value = frame_number(frame, row, panel_outcome);
        out->unit[at] = frame_integer(frame, row, panel_unit);
        out->period[at] = frame_integer(frame, row, panel_period);
        out->first[at] = first_of(frame, row);
        out->stratum[at] = frame_integer(frame, row, panel_stratum);
        out->mean[at] = outcome->log ? log(value) : value;
        out->weight[at] = weight;
    }
    out->units++;
}

/* Where the kept units begin and end. */
static void take_ends(struct panel *panel)
{
    panel->from = INT64_MAX;
    panel->until = INT64_MIN;
    for (size_t row = 0; row < panel->rows.count; row++) {
        panel->from = panel->period[row] < panel->from ? panel->period[row] : panel->from;
        panel->until = panel->period[row] > panel->until ? panel->period[row] : panel->until;
    }
}

/* The units that are treated after the period `from`, ahead included. */
static void keep_later(const struct frame *frame, const struct panel_outcome *outcome, int64_t from,
                       int64_t ahead, struct panel *out)
{
    out->rows.count = 0;
    out->units = 0;
    out->always = 0;
    for (size_t row = 0, end = 0; row < frame->rows; row = end) {
        end = end_of_unit(frame, row);
        double weight = weight_of(frame, row, end, ahead);
        if (first_of(frame, row) <= from + ahead || weight == 0)
            out->always++;
        else
            take_unit(frame, row, end, weight, outcome, out);
    }
    take_ends(out);
}

static struct panel panel_of(const struct frame *frame, const struct panel_outcome *outcome,
                             int64_t ahead, struct arena *arena)
{
    struct panel out = {
        .unit = arena_array(arena, frame->rows, sizeof *out.unit),
        .period = arena_array(arena, frame->rows, sizeof *out.period),
        .first = arena_array(arena, frame->rows, sizeof *out.first),
        .stratum = arena_array(arena, frame->rows, sizeof *out.stratum),
        .mean = arena_array(arena, frame->rows, sizeof *out.mean),
        .weight = arena_array(arena, frame->rows, sizeof *out.weight),
    };
    int64_t from = INT64_MIN / 2;
    keep_later(frame, outcome, from, ahead, &out);
    /* Without the units that were treated all along the panel may begin later. */
    while (out.rows.count > 0 && out.from > from) {
        from = out.from;
        keep_later(frame, outcome, from, ahead, &out);
    }
    out.rows.unit = out.unit;
    out.rows.period = out.period;
    out.rows.first = out.first;
    out.rows.stratum = out.stratum;
    out.rows.mean = out.mean;
    out.rows.weight = out.weight;
    return out;
}

/* ---- What the design does not allow ------------------------------------------------------- */

static bool any_without_value(const struct panel *panel)
{
    for (size_t row = 0; row < panel->rows.count; row++)
        if (!isfinite(panel->mean[row]))
            return true;
    return false;
}

/* Why nothing can be compared with anything, in the words of plans; NULL: it may be. */
static const char *refusal(const struct panel *panel, const struct plan *plan,
                           const struct panel_outcome *outcome, int64_t ahead, struct arena *arena)
{
    const char *every = plan->every == PLAN_MONTH ? "month" : "week";
    const char *unit = plan_unit_name(plan->unit);
    int64_t earliest = ASSAY_NEVER_TREATED;
    bool waits = false; /* some unit is treated later than another, or never */
    if (panel->units == 0 && panel->always > 0)
        return arena_printf(arena,
                            "every %s has it from the first %s of the plan's period on, so that "
                            "there is no before; begin the period earlier",
                            unit, every);
    for (size_t row = 0; row < panel->rows.count; row++)
        earliest = panel->first[row] < earliest ? panel->first[row] : earliest;
    for (size_t row = 0; row < panel->rows.count; row++)
        waits = waits || panel->first[row] > earliest + ahead;
    if (earliest > panel->until)
        return arena_printf(arena, "no %s with items starts within the plan's period", unit);
    if (!waits)
        return arena_printf(arena,
                            "every %s starts in the same %s and none stays without, so that nobody "
                            "is left to compare with; that is a before and after (design: "
                            "before_after)",
                            unit, every);
    if (outcome->log && any_without_value(panel))
        return arena_printf(arena,
                            "in some %s a %s has a value of 0, or none, and so no logarithm, which "
                            "this metric's changes are taken of",
                            every, unit);
    return NULL;
}

/* ---- Which waves are in it ---------------------------------------------------------------- */

static bool in_an_average(const struct staggered_cell *cell)
{
    return cell->has_error && cell->period >= cell->group;
}

static bool is_in_it(const struct staggered_summary *summary, int64_t group)
{
    for (size_t k = 0; k < summary->cells; k++)
        if (summary->cell[k].group == group && in_an_average(&summary->cell[k]))
            return true;
    return false;
}

/* ---- The effect as a share of what would have been ----------------------------------------- */

/* Its baseline is what the treated units were at in their last period before, weighted as the
   effect is by unit; errors and covariance from the units' influences, as the effect's are. */
static void take_baseline(const struct panel *panel, const struct staggered_summary *summary,
                          int64_t ahead, const double *influence, double df, struct estimated *out)
{
    double weights = 0;
    double total = 0;
    double variance = 0;
    double covariance = 0;
    double treated = 0;
    for (int pass = 0; pass < 2; pass++) {
        int64_t cluster = -1;
        for (size_t row = 0; row < panel->rows.count; row++) {
            bool begins = row == 0 || panel->unit[row] != panel->unit[row - 1];
            bool last = row + 1 == panel->rows.count || panel->unit[row + 1] != panel->unit[row] ||
                        panel->period[row + 1] >= panel->first[row] - ahead;
            cluster += begins;
            if (!is_in_it(summary, panel->first[row]) || summary->is_unlike[cluster] || !last ||
                panel->period[row] >= panel->first[row] - ahead)
                continue;
            double part = panel->weight[row] * (panel->mean[row] - out->baseline.mean) / weights;
            if (pass == 0) {
                weights += panel->weight[row];
                total += panel->weight[row] * panel->mean[row];
                treated += 1;
            } else {
                variance += part * part;
                covariance += part * influence[cluster];
            }
        }
        if (pass == 0)
            out->baseline.mean = total / weights;
    }
    double factor = treated > 1 ? treated / (treated - 1) : 1;
    out->baseline.variance = factor * variance;
    out->baseline.covariance = sqrt(factor) * covariance;
    out->baseline.df = df;
}

/* ---- Who is behind it --------------------------------------------------------------------- */

/* Workers of the waves that the effect is of, and of the largest set they are compared with. */
static enum status count_people(struct workspace *workspace, const struct sample *sample,
                                const struct panel_sql *sql, int64_t ahead,
                                const struct staggered_summary *summary, struct arena *arena,
                                int64_t *fewest, struct error *error)
{
    struct frame frame;
    struct text groups = {.arena = arena};
    int64_t after = INT64_MAX;
    int64_t last = INT64_MIN;
    for (size_t k = 0; k < summary->cells; k++) {
        const struct staggered_cell *cell = &summary->cell[k];
        if (!in_an_average(cell))
            continue;
        if (cell->group != last)
            text_addf(&groups, "%s%lld", groups.length > 0 ? ", " : "", (long long)cell->group);
        last = cell->group;
        after = cell->period + ahead < after ? cell->period + ahead : after;
    }
    const char *file = embedded_text("evidence/estimate/staggered_people.sql");
    const char *query = TEXT_FILLED(
        arena, file, {"period_of_since", sql->period_of_since}, {"sample", sql->sample},
        {"waves", sql->waves}, {"strata", sql->strata}, {"stratum", sql->stratum},
        {"in_it", text_get(&groups)}, {"after", arena_printf(arena, "%lld", (long long)after)});
    enum status status =
        engine_query(workspace->engine, query, sample_values(arena, sample), arena, &frame, error);
    if (status == STATUS_OK) {
        int64_t treated = frame_integer(&frame, 0, 0);
        int64_t controls = frame_integer(&frame, 0, 1);
        *fewest = treated < controls ? treated : controls;
    }
    return status;
}

/* The fewest workers behind any mean of a wave, or of what it may be compared with, in a period:
   with fewer of them the points would tell, together with the whole, of a small group. */
static enum status count_behind(struct workspace *workspace, const struct sample *sample,
                                const struct panel_sql *sql, int64_t ahead,
                                const struct panel *panel, struct arena *arena, int64_t *fewest,
                                struct error *error)
{
    enum { behind_period, behind_wave, behind_of_wave, behind_later };
    struct frame frame;
    const char *file = embedded_text("evidence/estimate/staggered_behind.sql");
    const char *query =
        TEXT_FILLED(arena, file, {"period_of_since", sql->period_of_since}, {"sample", sql->sample},
                    {"waves", sql->waves}, {"strata", sql->strata}, {"stratum", sql->stratum},
                    {"within", sql->strata[0] != '\0' ? "true" : "false"});
    enum status status =
        engine_query(workspace->engine, query, sample_values(arena, sample), arena, &frame, error);
    *fewest = INT64_MAX;
    for (size_t row = 0; status == STATUS_OK && row < frame.rows; row++) {
        int64_t wave = frame_integer(&frame, row, behind_wave);
        int64_t of_wave = frame_integer(&frame, row, behind_of_wave);
        int64_t later = frame_integer(&frame, row, behind_later);
        if (wave <= panel->from + ahead || wave > panel->until)
            continue;
        if (of_wave > 0 && of_wave < *fewest)
            *fewest = of_wave;
        if (later > 0 && later < *fewest)
            *fewest = later;
    }
    return status;
}

/* ---- Points ------------------------------------------------------------------------------- */

static struct interval scaled(struct interval interval, bool log_ratio, double baseline)
{
    if (log_ratio)
        return (struct interval){expm1(interval.low), expm1(interval.high)};
    return (struct interval){interval.low / baseline, interval.high / baseline};
}

/* Units of the cells that a point is an average of. */
static void count_units(const struct staggered_summary *summary, struct event_point *point)
{
    for (size_t k = 0; k < summary->cells; k++) {
        const struct staggered_cell *cell = &summary->cell[k];
        if (!cell->has_error || cell->period - cell->group != point->at)
            continue;
        point->units[1] += (int64_t)cell->units[1];
        if ((int64_t)cell->units[0] > point->units[0])
            point->units[0] = (int64_t)cell->units[0];
    }
}

/* baseline   what a difference is shown as a share of; 1: it is not */
static void take_points(const struct staggered_effect *parts, size_t count, double baseline,
                        bool log_ratio, int64_t ahead, const struct staggered_summary *summary,
                        struct arena *arena, struct event_study *out)
{
    out->points = arena_array(arena, count, sizeof *out->points);
    for (size_t i = 0; i < count; i++) {
        const struct staggered_effect *part = &parts[i];
        if (!part->has_interval)
            continue;
        struct event_point *point = &out->points[out->count++];
        struct interval value = {part->estimate.value, part->estimate.value};
        point->at = part->at;
        point->effect =
            (struct effect_estimate){scaled(value, log_ratio, baseline).low,
                                     scaled(part->estimate.interval, log_ratio, baseline),
                                     part->estimate.df, part->estimate.p};
        point->band = scaled(part->band, log_ratio, baseline);
        count_units(summary, point);
        if (part->at < -ahead) {
            out->has_trend = true;
            out->trend = out->trend || part->band.low > 0 || part->band.high < 0;
        }
    }
}

/* ---- Together ----------------------------------------------------------------------------- */

static void take_summary(const struct staggered_summary *summary, const struct plan *plan,
                         const struct panel *panel, const struct waves *waves,
                         struct event_study *out)
{
    *out = (struct event_study){
        .every = plan->every == PLAN_MONTH ? "month" : "week",
        .anticipation = waves->ahead,
        .periods = (int64_t)summary->periods,
        .units = (int64_t)summary->units,
        .waves = (int64_t)summary->groups,
        .never = (int64_t)summary->never,
        .always = panel->always + (int64_t)summary->always,
        .with_gaps = (int64_t)summary->with_gaps,
        .lone = (int64_t)summary->lone,
        .unlike = (int64_t)summary->unlike,
        .strata = (int64_t)summary->matched,
    };
}

static enum status averages(const struct staggered *staggered, const struct panel *panel,
                            const struct panel_outcome *outcome, bool is_share, double level,
                            uint64_t seed, int64_t ahead, struct arena *arena,
                            struct estimated *out, struct event_study *events, struct error *error)
{
    struct staggered_summary summary = assay_staggered_summary(staggered);
    struct staggered_effects overall;
    struct staggered_effects by_event;
    struct staggered_joint before;
    const struct staggered_band band = {.seed = seed};
    size_t groups = assay_staggered_parts(staggered, STAGGERED_GROUP);
    size_t points = assay_staggered_parts(staggered, STAGGERED_EVENT);
    struct staggered_effect *parts =
        arena_array(arena, (groups > points ? groups : points) + 1, sizeof *parts);
    double *influence = arena_array(
        arena, ((groups > points ? groups : points) + 1) * summary.clusters, sizeof *influence);
    enum status status = assay_staggered_effects(staggered, STAGGERED_GROUP, level, NULL, parts,
                                                 influence, &overall, error);
    if (status != STATUS_OK)
        return status;
    if (!overall.overall.has_interval)
        return error_set(error, ERROR_DOMAIN, "the standard error is 0");
    *out = (struct estimated){
        .estimate = overall.overall.estimate,
        .log_ratio = outcome->log || outcome->metric.scale == METRIC_LOG,
        .clusters = (int64_t)summary.clusters,
        .mean = {NAN, NAN},
        .level = level,
        .horizon_minutes = outcome->horizon_minutes,
    };
    if (is_share)
        take_baseline(panel, &summary, ahead, influence + groups * summary.clusters,
                      out->estimate.df, out);
    status = assay_staggered_effects(staggered, STAGGERED_EVENT, level, &band, parts, influence,
                                     &by_event, error);
    if (status == STATUS_OK)
        status = assay_staggered_joint(parts, influence, points, summary.clusters, -ahead, &before,
                                       error);
    if (status == STATUS_OK) {
        events->trend_p = before.p;
        take_points(parts, points, is_share ? out->baseline.mean : 1, out->log_ratio, ahead,
                    &summary, arena, events);
    }
    return status;
}

enum status estimate_staggered(struct workspace *workspace, const struct plan *plan,
                               const struct sample *sample, const struct waves *waves,
                               const struct panel_outcome *outcome, double level, uint64_t seed,
                               struct arena *arena, struct estimated *out,
                               struct event_study *events, int64_t *fewest, const char **why_not,
                               struct error *error)
{
    struct frame frame;
    struct staggered *staggered = NULL;
    const struct staggered_design design = {
        .base = STAGGERED_BASE_SAME, .gaps = STAGGERED_GAPS_BY_CELL, .anticipation = waves->ahead};
    const struct panel_sql sql = sql_of(workspace, plan, sample, waves, arena);
    const char *file = embedded_text("evidence/estimate/staggered_panel.sql");
    const char *query =
        TEXT_FILLED(arena, file, {"outcome", outcome->of_group},
                    {"period_of_since", sql.period_of_since}, {"sample", sql.sample},
                    {"waves", sql.waves}, {"strata", sql.strata}, {"stratum", sql.stratum});
    enum status status =
        engine_query(workspace->engine, query, sample_values(arena, sample), arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    if (frame.rows == 0)
        return error_set(error, ERROR_DOMAIN, "no item with an outcome is in an arm");
    struct panel panel = panel_of(&frame, outcome, waves->ahead, arena);
    *why_not = refusal(&panel, plan, outcome, waves->ahead, arena);
    if (*why_not != NULL)
        return STATUS_OK;
    bool is_share = !outcome->log && outcome->metric.scale == METRIC_IDENTITY &&
                    outcome->metric.material.scale == AMOUNT_RELATIVE;
    status = assay_staggered_open(&panel.rows, &design, &staggered, error);
    if (status != STATUS_OK)
        return status;
    struct staggered_summary summary = assay_staggered_summary(staggered);
    take_summary(&summary, plan, &panel, waves, events);
    status = averages(staggered, &panel, outcome, is_share, level, seed, waves->ahead, arena, out,
                      events, error);
    if (status == STATUS_OK)
        status =
            count_people(workspace, sample, &sql, waves->ahead, &summary, arena, fewest, error);
    if (status == STATUS_OK)
        status = count_behind(workspace, sample, &sql, waves->ahead, &panel, arena, &events->fewest,
                              error);
    assay_staggered_close(staggered);
    return status;
}
