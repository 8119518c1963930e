#include "evidence/estimate/weekly.h"

#include "assay/moments.h"
#include "base/embedded.h"
#include "base/error.h"
#include "engine/sql_text.h"
#include "evidence/estimate/carried.h"
#include "evidence/estimate/effect.h"
#include "evidence/sample/local_time.h"

#include <math.h>
#include <string.h>

const char *weekly_day(struct arena *arena, const struct workspace *workspace, const char *moment)
{
    return arena_printf(arena, "floor(epoch_us(%s) / 864e8)", local_time(arena, workspace, moment));
}

/* Monday, 1969-12-29, is three days before the first of 1970. */
const char *weekly_week(struct arena *arena, const struct workspace *workspace, const char *moment)
{
    return arena_printf(arena, "floor((%s + 3) / 7)::bigint::varchar",
                        weekly_day(arena, workspace, moment));
}

/* ---- The panel -------------------------------------------------------------------------- */

/* Columns of weekly_cells.sql. */
enum { cell_unit, cell_week, cell_items, cell_share, cell_mean, cell_variance, cell_unknown };

/* Columns of the fit: dummies of all weeks but the first, the share, the outcome. */
struct panel {
    struct frame frame;
    int64_t *weeks; /* distinct, growing */
    size_t week_count;
    const double **moments; /* of each unit, with its own effect taken out */
    const double **plain;   /* of each unit: share and outcome, as they are */
    size_t units;
    size_t columns;
    double items;
    double share; /* means over items */
    double outcome;
};

const char *weekly_value(struct arena *arena, const struct sample *sample)
{
    if (sample->metric->kind != METRIC_DURATION)
        return "y";
    const char *horizon = sql_number(arena, sample_horizon(sample));
    return arena_printf(arena,
                        "case when minutes >= %s then %s when ended then minutes::double end",
                        horizon, horizon);
}

static enum status read_cells(struct workspace *workspace, const struct sample *sample,
                              struct arena *arena, struct frame *out, struct error *error)
{
    const char *sql =
        TEXT_FILLED(arena, embedded_text("evidence/estimate/weekly_cells.sql"),
                    {"value", weekly_value(arena, sample)}, {"sample", sample_sql(arena, sample)});
    return engine_query(workspace->engine, sql, sample_values(arena, sample), arena, out, error);
}

/* A number's place among the weeks; weeks are few. Adds it where it is not there. */
static size_t place_of(struct panel *panel, int64_t week)
{
    size_t at = 0;
    while (at < panel->week_count && panel->weeks[at] < week)
        at++;
    if (at < panel->week_count && panel->weeks[at] == week)
        return at;
    memmove(panel->weeks + at + 1, panel->weeks + at,
            (panel->week_count - at) * sizeof *panel->weeks);
    panel->weeks[at] = week;
    panel->week_count++;
    return at;
}

/* Moments of as many rows alike but for their outcome, whose mean and variance are known. */
static void moments_of_cell(size_t columns, double items, const double *row, double variance,
                            double *out)
{
    memset(out, 0, assay_moments_size(columns));
    out[0] = items;
    memcpy(out + 1, row, columns * sizeof *row);
    out[assay_moments_length(columns) - 1] = items * variance;
}

static void add_cell(struct panel *panel, size_t row, double *numbers, double *one)
{
    const struct frame *frame = &panel->frame;
    size_t unit = (size_t)frame_integer(frame, row, cell_unit);
    size_t week = place_of(panel, frame_integer(frame, row, cell_week));
    double items = frame_number(frame, row, cell_items);
    double variance = frame_number(frame, row, cell_variance);
    double pair[2] = {frame_number(frame, row, cell_share), frame_number(frame, row, cell_mean)};
    memset(numbers, 0, panel->columns * sizeof *numbers);
    if (week > 0)
        numbers[week - 1] = 1;
    memcpy(numbers + panel->columns - 2, pair, sizeof pair);
    moments_of_cell(panel->columns, items, numbers, variance, one);
    assay_moments_merge(panel->columns, one, (void *)panel->moments[unit]);
    moments_of_cell(2, items, pair, variance, one);
    assay_moments_merge(2, one, (void *)panel->plain[unit]);
    panel->items += items;
    panel->share += items * pair[0];
    panel->outcome += items * pair[1];
}

static void read_panel(struct arena *arena, struct panel *panel)
{
    const struct frame *frame = &panel->frame;
    panel->units = (size_t)frame_integer(frame, frame->rows - 1, cell_unit) + 1;
    panel->columns = panel->week_count + 1;
    panel->moments = arena_array(arena, panel->units, sizeof *panel->moments);
    panel->plain = arena_array(arena, panel->units, sizeof *panel->plain);
    for (size_t unit = 0; unit < panel->units; unit++) {
        double *wide = arena_alloc(arena, assay_moments_size(panel->columns));
        double *pair = arena_alloc(arena, assay_moments_size(2));
        assay_moments_init(panel->columns, wide);
        assay_moments_init(2, pair);
        panel->moments[unit] = wide;
        panel->plain[unit] = pair;
    }
    double *numbers = arena_array(arena, panel->columns, sizeof *numbers);
    double *one = arena_alloc(arena, assay_moments_size(panel->columns));
    for (size_t row = 0; row < frame->rows; row++)
        add_cell(panel, row, numbers, one);
    for (size_t unit = 0; unit < panel->units; unit++)
        assay_moments_within(panel->columns, (double *)panel->moments[unit]);
    panel->share /= panel->items;
    panel->outcome /= panel->items;
}

/* ---- The fit ------------------------------------------------------------------------------ */

/* Leaves one column out of moments whose means are 0. */
static void drop_column(size_t columns, size_t left_out, double *moments)
{
    size_t to = columns; /* behind n and the means of one column fewer */
    for (size_t i = 0, from = 1 + columns; i < columns; i++)
        for (size_t j = 0; j <= i; j++, from++)
            if (i != left_out && j != left_out)
                moments[to++] = moments[from];
    memset(moments + 1, 0, (columns - 1) * sizeof *moments);
}

/* Where units and weeks fall into parts that share neither (some units ended before others began),
   each part has a week more than can be told: its dummy is left out, and nothing else changes. */
static enum status fit_panel(struct panel *panel, struct regression **out, bool *flat,
                             struct error *error)
{
    size_t column = 0;
    *flat = false;
    enum status status =
        assay_regression_open(panel->columns, panel->units, panel->moments, &column, out, error);
    while (status == ERROR_SINGULAR && column + 1 < panel->columns) {
        for (size_t unit = 0; unit < panel->units; unit++)
            drop_column(panel->columns, column - 1, (double *)panel->moments[unit]);
        panel->columns--;
        status = assay_regression_open(panel->columns, panel->units, panel->moments, &column, out,
                                       error);
    }
    *flat = status == ERROR_SINGULAR;
    return status;
}

/* ---- Who carries it ----------------------------------------------------------------------- */

/* To the first order, by how much a unit moves the slope: row of the inverse of the cross-products
   times the sum of its residuals by column. */
static double influence_of(const struct regression_fit *fit, size_t columns, const double *moments)
{
    size_t p = columns - 1;
    const double *inverse = fit->inverse + (p - 1) * p;
    double sum = 0;
    for (size_t j = 0; j < p; j++) {
        double score = assay_moments_cross(columns, moments, j, p);
        for (size_t k = 0; k < p; k++)
            score -= assay_moments_cross(columns, moments, j, k) * fit->coefficient[k + 1];
        sum += inverse[j] * score;
    }
    return sum;
}

static double slope_without(const struct panel *panel, size_t left_out, struct arena *arena)
{
    const double **kept = arena_array(arena, panel->units, sizeof *kept);
    struct regression *fit = NULL;
    double value = NAN;
    size_t count = 0;
    for (size_t unit = 0; unit < panel->units; unit++)
        if (unit != left_out)
            kept[count++] = panel->moments[unit];
    if (assay_regression_open(panel->columns, count, kept, NULL, &fit, NULL) == STATUS_OK)
        value = assay_regression_fit(fit).coefficient[panel->columns - 1];
    assay_regression_close(fit);
    return value;
}

static void take_carried(const struct panel *panel, const struct regression_fit *fit,
                         bool proportion, struct arena *arena, struct estimated *out)
{
    double squares = 0;
    double most = 0;
    size_t extreme[2] = {0, 0};
    double moved[2] = {0, 0};
    for (size_t unit = 0; unit < panel->units; unit++) {
        double influence = influence_of(fit, panel->columns, panel->moments[unit]);
        squares += influence * influence;
        most = fmax(most, influence * influence);
        for (int side = 0; side < 2; side++)
            if ((side == 0 ? influence : -influence) > moved[side]) {
                extreme[side] = unit;
                moved[side] = side == 0 ? influence : -influence;
            }
    }
    out->carried = carried_of(panel->plain, panel->units, 2, proportion);
    out->carried.worth[0] = out->carried.worth[1] = NAN; /* units have both, in parts */
    out->carried.top = squares > 0 ? most / squares : NAN;
    out->without_one = (struct leverage){true, out->estimate.value, out->estimate.value};
    for (int side = 0; side < 2; side++) {
        double value = slope_without(panel, extreme[side], arena);
        if (isnan(value))
            continue;
        out->without_one.low = fmin(out->without_one.low, value);
        out->without_one.high = fmax(out->without_one.high, value);
    }
}

/* ---- Together ------------------------------------------------------------------------------ */

const char *weekly_refuses(struct arena *arena, const struct sample *sample, size_t units,
                           size_t weeks, size_t weeks_most, int64_t unknown)
{
    bool teams = sample_by_team(sample);
    if (units < 2)
        return arena_printf(arena,
                            "all items are of one %s: what a week does can't be told from what AI "
                            "does without another beside it",
                            teams ? "team" : "person");
    if (weeks < 2)
        return "all items are of one week, and weeks are what is compared";
    if (weeks > weeks_most)
        return arena_printf(arena,
                            "the period has more than %zu weeks; name a shorter one: --from, "
                            "--to",
                            weeks_most);
    if (unknown > 0)
        return arena_printf(arena,
                            "some items were abandoned, and this metric does not say what "
                            "their time is (abandoned: censored), which a mean of %s and weeks "
                            "needs; take one with abandoned: never_done",
                            teams ? "teams" : "people");
    return NULL;
}

static const char *refusal(const struct panel *panel, const struct sample *sample,
                           struct arena *arena)
{
    int64_t unknown = 0;
    for (size_t row = 0; row < panel->frame.rows; row++)
        unknown += frame_integer(&panel->frame, row, cell_unknown);
    return weekly_refuses(arena, sample, panel->units, panel->week_count,
                          assay_moments_columns_max - 1, unknown);
}

const char weekly_flat[] = "the share of work with AI moves with the weeks alone, or not at all: "
                           "no unit has more of it than others in some weeks and less in other "
                           "weeks";

/* The mean without AI, at the units and weeks as they are: outcome - slope share. Residuals of a
   unit sum to 0, so that all of its chance is the slope's. */
static struct baseline baseline_of(const struct panel *panel, const struct estimate *estimate)
{
    double variance = estimate->standard_error * estimate->standard_error;
    return (struct baseline){
        .mean = panel->outcome - estimate->value * panel->share,
        .variance = panel->share * panel->share * variance,
        .covariance = -panel->share * variance,
        .df = estimate->df,
    };
}

static enum status estimate_slope(const struct panel *panel, const struct regression *fit,
                                  const struct precision *precision, struct arena *arena,
                                  struct estimate *out, struct error *error)
{
    double *contrast = arena_array(arena, panel->columns, sizeof *contrast);
    contrast[panel->columns - 1] = 1;
    return assay_regression_contrast(fit, precision->variance, contrast,
                                     precision->normal ? INFINITY : 0, precision->level, out,
                                     error);
}

static enum status count_people(struct workspace *workspace, const struct sample *sample,
                                struct arena *arena, struct weekly *out, struct error *error)
{
    struct frame frame;
    const char *sql = TEXT_FILLED(arena, embedded_text("evidence/estimate/weekly_people.sql"),
                                  {"sample", sample_sql(arena, sample)});
    enum status status =
        engine_query(workspace->engine, sql, sample_values(arena, sample), arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    out->varying = frame_integer(&frame, 0, 0);
    int64_t without = frame_integer(&frame, 0, 1);
    int64_t with = frame_integer(&frame, 0, 2);
    out->fewest = without < with ? without : with;
    return STATUS_OK;
}

/* Weeks that have AI or have not: least squares. */
static enum status estimate_weeks(struct workspace *workspace, const struct sample *sample,
                                  const struct precision *precision, struct arena *arena,
                                  struct estimated *out, struct weekly *weekly,
                                  const char **why_not, struct error *error)
{
    struct panel panel = {0};
    struct regression *fit = NULL;
    bool flat = false;
    enum status status = read_cells(workspace, sample, arena, &panel.frame, error);
    if (status != STATUS_OK)
        return status;
    if (panel.frame.rows == 0)
        return error_set(error, ERROR_DOMAIN, "no item with an outcome is in an arm");
    panel.weeks = arena_array(arena, panel.frame.rows + 1, sizeof *panel.weeks);
    for (size_t row = 0; row < panel.frame.rows; row++)
        (void)place_of(&panel, frame_integer(&panel.frame, row, cell_week));
    panel.units = (size_t)frame_integer(&panel.frame, panel.frame.rows - 1, cell_unit) + 1;
    *why_not = refusal(&panel, sample, arena);
    if (*why_not != NULL)
        return STATUS_OK;
    read_panel(arena, &panel);
    weekly->weeks = (int64_t)panel.week_count;
    status = fit_panel(&panel, &fit, &flat, error);
    if (flat) {
        *why_not = weekly_flat;
        return STATUS_OK;
    }
    if (status != STATUS_OK)
        return status;
    *out = (struct estimated){
        .clusters = (int64_t)panel.units,
        .log_ratio = sample->metric->scale == METRIC_LOG,
        .mean = {NAN, NAN},
        .level = precision->level,
        .horizon_minutes = sample->metric->kind == METRIC_DURATION ? sample_horizon(sample) : NAN,
    };
    const struct regression_fit about = assay_regression_fit(fit);
    size_t p = panel.columns - 1;
    status = estimate_slope(&panel, fit, precision, arena, &out->estimate, error);
    if (status == STATUS_OK) {
        out->baseline = baseline_of(&panel, &out->estimate);
        if (!out->log_ratio)
            out->difference = out->estimate;
        take_carried(&panel, &about, sample->metric->kind == METRIC_PROPORTION, arena, out);
        weekly->units = (int64_t)panel.units;
        weekly->unit_weeks = (int64_t)panel.frame.rows;
        weekly->share = panel.share;
        weekly->spread = sqrt(1 / (about.inverse[p * p - 1] * panel.items));
        weekly->chance = NAN;
    }
    assay_regression_close(fit);
    return status;
}

enum status estimate_weekly(struct workspace *workspace, const struct sample *sample,
                            const struct precision *precision, struct arena *arena,
                            struct estimated *out, struct weekly *weekly, const char **why_not,
                            struct error *error)
{
    bool by_week = sample->arms.kind == ARMS_BY_WEEK;
    *weekly = (struct weekly){0};
    if (sample->metric->kind == METRIC_DURATION && sample_horizon(sample) <= 0)
        return error_set(error, ERROR_DOMAIN, "the landmark lies beyond the horizon");
    enum status status =
        by_week ? estimate_weeks(workspace, sample, precision, arena, out, weekly, why_not, error)
                : estimate_share(workspace, sample, precision, arena, out, weekly, why_not, error);
    if (status != STATUS_OK || *why_not != NULL)
        return status;
    return count_people(workspace, sample, arena, weekly, error);
}
