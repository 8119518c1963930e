/* The outcome on the share of a unit's week that had AI, each item's own part of it left out. */

#include "evidence/estimate/weekly.h"

#include "assay/leave_out.h"
#include "assay/moments.h"
#include "base/embedded.h"
#include "base/error.h"
#include "base/text.h"
#include "evidence/estimate/carried.h"

#include <math.h>

/* Columns of weekly_arms.sql. */
enum { frame_unit, frame_week, frame_arm, frame_items, frame_mean, frame_squares, frame_unknown };

static enum status ask(struct workspace *workspace, const struct sample *sample, const char *name,
                       struct arena *arena, struct frame *out, struct error *error)
{
    const char *sql =
        TEXT_FILLED(arena, embedded_text(name), {"value", weekly_value(arena, sample)},
                    {"sample", sample_sql(arena, sample)});
    return engine_query(workspace->engine, sql, sample_values(arena, sample), arena, out, error);
}

static struct leave_out_rows rows_of(const struct frame *frame)
{
    size_t periods = 0;
    for (size_t row = 0; row < frame->rows; row++) {
        size_t week = (size_t)frame_integer(frame, row, frame_week);
        periods = week >= periods ? week + 1 : periods;
    }
    return (struct leave_out_rows){
        .count = frame->rows,
        .unit = frame->columns[frame_unit].integers,
        .period = frame->columns[frame_week].integers,
        .arm = frame->columns[frame_arm].integers,
        .items = frame->columns[frame_items].numbers,
        .mean = frame->columns[frame_mean].numbers,
        .squares = frame->columns[frame_squares].numbers,
        .period_count = periods,
    };
}

static size_t units_of(const struct frame *frame)
{
    return (size_t)frame_integer(frame, frame->rows - 1, frame_unit) + 1;
}

static const char *refusal(const struct frame *frame, const struct sample *sample,
                           const struct leave_out_rows *rows, struct arena *arena)
{
    int64_t unknown = 0;
    for (size_t row = 0; row < frame->rows; row++)
        unknown += frame_integer(frame, row, frame_unknown);
    return weekly_refuses(arena, sample, units_of(frame), rows->period_count,
                          assay_leave_out_periods_max, unknown);
}

/* Why there is no slope though there are units and weeks: NULL, if for another reason. */
static const char *why_none(enum status status, const struct leave_out *fit)
{
    if (status == ERROR_SINGULAR)
        return weekly_flat;
    if (status == STATUS_OK && !(fit->uptake.mean > 0))
        return "the share of work with AI moves by no more than the chance of which items a week "
               "holds: nothing is left to tell its effect by; compare larger teams, or weeks "
               "between which something decided how much is done with AI";
    return NULL;
}

/* ---- Who carries it ----------------------------------------------------------------------- */

/* Moments of (arm, outcome) by unit. */
static const double **moments_of(const struct leave_out_rows *rows, size_t units,
                                 struct arena *arena)
{
    const double **list = arena_array(arena, units, sizeof *list);
    double *one = arena_alloc(arena, assay_moments_size(2));
    for (size_t unit = 0; unit < units; unit++) {
        double *fresh = arena_alloc(arena, assay_moments_size(2));
        assay_moments_init(2, fresh);
        list[unit] = fresh;
    }
    for (size_t i = 0; i < rows->count; i++) {
        const double outcome[3] = {rows->items[i], rows->mean[i], rows->squares[i]};
        moments_with_arm(1, outcome, (double)rows->arm[i], one);
        assay_moments_merge(2, one, (void *)list[rows->unit[i]]);
    }
    return list;
}

static enum status take_carried(const struct sample *sample, const struct leave_out_rows *rows,
                                size_t units, const double *influence, struct arena *arena,
                                struct estimated *out, struct error *error)
{
    double squares = 0;
    double most = 0;
    size_t extreme[2] = {0, 0};
    for (size_t unit = 0; unit < units; unit++) {
        squares += influence[unit] * influence[unit];
        most = fmax(most, influence[unit] * influence[unit]);
        extreme[0] = influence[unit] > influence[extreme[0]] ? unit : extreme[0];
        extreme[1] = influence[unit] < influence[extreme[1]] ? unit : extreme[1];
    }
    out->carried = carried_of(moments_of(rows, units, arena), units, 2,
                              sample->metric->kind == METRIC_PROPORTION);
    out->carried.worth[0] = out->carried.worth[1] = NAN; /* units have both, in parts */
    out->carried.top = squares > 0 ? most / squares : NAN;
    out->without_one = (struct leverage){true, out->estimate.value, out->estimate.value};
    for (int side = 0; side < 2; side++) {
        double value = NAN;
        enum status status = assay_leave_out_without(rows, (int64_t)extreme[side], &value, error);
        if (status != STATUS_OK && status != ERROR_DOMAIN)
            return status;
        if (isnan(value))
            continue;
        out->without_one.low = fmin(out->without_one.low, value);
        out->without_one.high = fmax(out->without_one.high, value);
    }
    return STATUS_OK;
}

/* ---- Together ------------------------------------------------------------------------------ */

/* The mean without AI is the outcome's less slope x share. With r and p, the parts of z in the
   outcome and in the arm, slope = r / p, and slope / (mean - slope share) is r as a share of
   mean p - share r. */
static void take_share(const struct leave_out *fit, struct arena *arena, struct estimated *out)
{
    struct estimate *of = arena_alloc(arena, sizeof *of);
    double m = fit->mean;
    double s = fit->share;
    double variance = fit->outcome.standard_error * fit->outcome.standard_error;
    *of = fit->outcome;
    out->of_share = of;
    out->baseline = (struct baseline){
        .mean = m * fit->uptake.mean - s * fit->outcome.value,
        .variance =
            m * m * fit->uptake.variance - 2 * m * s * fit->uptake.covariance + s * s * variance,
        .covariance = m * fit->uptake.covariance - s * variance,
        .df = fit->outcome.df,
    };
}

static struct weekly weekly_of(const struct leave_out *fit)
{
    const struct interval interval = fit->estimate.interval;
    return (struct weekly){
        .units = (int64_t)fit->units,
        .weeks = (int64_t)fit->periods,
        .unit_weeks = (int64_t)fit->cells,
        .share = fit->share,
        .spread = fit->spread,
        .chance = fmin(1, fmax(0, fit->chance)),
        .unbounded = !isfinite(interval.low) || !isfinite(interval.high),
    };
}

static void take(const struct sample *sample, const struct precision *precision,
                 const struct leave_out *fit, struct arena *arena, struct estimated *out)
{
    *out = (struct estimated){
        .estimate = fit->estimate,
        .clusters = (int64_t)fit->units,
        .log_ratio = sample->metric->scale == METRIC_LOG,
        .mean = {NAN, NAN},
        .level = precision->level,
        .horizon_minutes = sample->metric->kind == METRIC_DURATION ? sample_horizon(sample) : NAN,
    };
    take_share(fit, arena, out);
    if (!out->log_ratio)
        out->difference = out->estimate;
    if (weekly_of(fit).unbounded)
        out->no_interval = "so little of how the share of work with AI moves is more than the "
                           "chance of which items a week holds that the effect may be of any size";
}

enum status estimate_share(struct workspace *workspace, const struct sample *sample,
                           const struct precision *precision, struct arena *arena,
                           struct estimated *out, struct weekly *weekly, const char **why_not,
                           struct error *error)
{
    struct frame frame;
    struct frame alone;
    struct leave_out fit = {.items = 0};
    enum status status =
        ask(workspace, sample, "evidence/estimate/weekly_arms.sql", arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    if (frame.rows == 0)
        return error_set(error, ERROR_DOMAIN, "no item with an outcome is in an arm");
    struct leave_out_rows rows = rows_of(&frame);
    size_t units = units_of(&frame);
    *why_not = refusal(&frame, sample, &rows, arena);
    if (*why_not != NULL)
        return STATUS_OK;
    double *influence = arena_array(arena, units, sizeof *influence);
    status = assay_leave_out(&rows, precision->variance, precision->normal, precision->level,
                             influence, &fit, error);
    *why_not = why_none(status, &fit);
    if (status != STATUS_OK || *why_not != NULL)
        return *why_not != NULL ? STATUS_OK : status;
    take(sample, precision, &fit, arena, out);
    *weekly = weekly_of(&fit);
    status = take_carried(sample, &rows, units, influence, arena, out, error);
    if (status == STATUS_OK)
        status = ask(workspace, sample, "evidence/estimate/weekly_alone.sql", arena, &alone, error);
    if (status != STATUS_OK)
        return status;
    weekly->alone_items = frame_integer(&alone, 0, 0);
    weekly->alone_workers = frame_integer(&alone, 0, 1);
    return STATUS_OK;
}
