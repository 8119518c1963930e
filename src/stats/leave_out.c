#include "assay/leave_out.h"

#include "assay/moments.h"
#include "base/error.h"
#include "stats/instrument_fit.h"
#include "stats/instrument_wald.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { columns_max = assay_leave_out_periods_max + 2 }; /* z, periods but one, a, y */

/* A unit's period. */
struct cell {
    size_t unit; /* among those that take part */
    size_t period;
    double items[2];
    double mean[2];
    double squares[2];
    double share;
    double moved; /* share, units and periods taken out */
    double part;  /* b */
};

struct panel {
    struct cell *cells;
    size_t cell_count;
    int64_t *names; /* of units, as given */
    size_t unit_count;
    size_t periods;           /* with a cell */
    size_t kept[columns_max]; /* periods with a column of their own */
    size_t kept_count;
    double items;
    double alone;
    double *moments; /* of each unit */
    const double **list;
    size_t columns;
};

/* ---- Reading ---------------------------------------------------------------------------- */

static enum status check_rows(const struct leave_out_rows *rows, struct error *error)
{
    if (rows->period_count > assay_leave_out_periods_max)
        return error_set(error, ERROR_DOMAIN, "%zu periods: up to %d can be had",
                         rows->period_count, assay_leave_out_periods_max);
    for (size_t i = 0; i < rows->count; i++) {
        if (i > 0 && (rows->unit[i] < rows->unit[i - 1] || (rows->unit[i] == rows->unit[i - 1] &&
                                                            rows->period[i] < rows->period[i - 1])))
            return error_set(error, ERROR_DOMAIN,
                             "row %zu: rows must be ordered by unit and period", i + 1);
        if (rows->unit[i] < 0 || rows->period[i] < 0 ||
            (size_t)rows->period[i] >= rows->period_count ||
            (rows->arm[i] != 0 && rows->arm[i] != 1))
            return error_set(error, ERROR_DOMAIN, "row %zu: its unit, period or arm is none",
                             i + 1);
        if (!(rows->items[i] > 0) || !isfinite(rows->items[i]) || !isfinite(rows->mean[i]) ||
            !(rows->squares[i] >= 0) || !isfinite(rows->squares[i]))
            return error_set(error, ERROR_DOMAIN, "row %zu: its numbers are not finite", i + 1);
    }
    return STATUS_OK;
}

static void add_row(const struct leave_out_rows *rows, size_t i, struct cell *cell)
{
    size_t arm = (size_t)rows->arm[i];
    double items = cell->items[arm] + rows->items[i];
    double step = rows->mean[i] - cell->mean[arm];
    cell->squares[arm] +=
        rows->squares[i] + step * step * cell->items[arm] * rows->items[i] / items;
    cell->mean[arm] += step * rows->items[i] / items;
    cell->items[arm] = items;
}

/* Cells of two items and more, without one unit (below 0: with all). */
static void read_cells(const struct leave_out_rows *rows, int64_t left_out, struct panel *panel)
{
    for (size_t i = 0, end = 0; i < rows->count; i = end) {
        struct cell cell = {.period = (size_t)rows->period[i]};
        for (; end < rows->count && rows->unit[end] == rows->unit[i] &&
               rows->period[end] == rows->period[i];
             end++)
            add_row(rows, end, &cell);
        double items = cell.items[0] + cell.items[1];
        if (rows->unit[i] == left_out)
            continue;
        if (items < 2) {
            panel->alone += items;
            continue;
        }
        if (panel->unit_count == 0 || panel->names[panel->unit_count - 1] != rows->unit[i])
            panel->names[panel->unit_count++] = rows->unit[i];
        cell.unit = panel->unit_count - 1;
        cell.share = cell.items[1] / items;
        panel->items += items;
        panel->cells[panel->cell_count++] = cell;
    }
}

static enum status open_panel(const struct leave_out_rows *rows, struct panel *panel,
                              struct error *error)
{
    size_t units = 0;
    size_t columns = rows->period_count + 2 > 3 ? rows->period_count + 2 : 3;
    for (size_t i = 0; i < rows->count; i++)
        units += i == 0 || rows->unit[i] != rows->unit[i - 1];
    *panel = (struct panel){
        .cells = calloc(rows->count + 1, sizeof *panel->cells),
        .names = calloc(units + 1, sizeof *panel->names),
        .moments = calloc((units + 1) * assay_moments_length(columns), sizeof(double)),
        .list = calloc(units + 1, sizeof *panel->list),
    };
    if (panel->cells == NULL || panel->names == NULL || panel->moments == NULL ||
        panel->list == NULL)
        return error_memory(error);
    return STATUS_OK;
}

static void close_panel(struct panel *panel)
{
    free(panel->cells);
    free(panel->names);
    free(panel->moments);
    free(panel->list);
}

/* ---- Moments by unit -------------------------------------------------------------------- */

static void begin_moments(struct panel *panel, size_t columns)
{
    size_t length = assay_moments_length(columns);
    panel->columns = columns;
    for (size_t unit = 0; unit < panel->unit_count; unit++) {
        double *moments = panel->moments + unit * length;
        assay_moments_init(columns, moments);
        panel->list[unit] = moments;
    }
}

static double *moments_of(const struct panel *panel, size_t unit)
{
    return panel->moments + unit * assay_moments_length(panel->columns);
}

/* Rows alike but for the last column, of which squares is the sum about its mean. */
static void add_alike(struct panel *panel, size_t unit, double items, const double *row,
                      double squares)
{
    double one[1 + columns_max * (columns_max + 3) / 2] = {items};
    memcpy(one + 1, row, panel->columns * sizeof *row);
    one[assay_moments_length(panel->columns) - 1] = squares;
    assay_moments_merge(panel->columns, one, moments_of(panel, unit));
}

/* 1 in the column of the period, if it has one. */
static void put_period(const struct panel *panel, size_t period, double *row)
{
    for (size_t j = 0; j < panel->kept_count; j++)
        row[j] = panel->kept[j] == period;
}

/* ---- The share, units and periods taken out --------------------------------------------- */

/* Moments of (periods, a), units' effects still in. */
static void share_moments(struct panel *panel)
{
    begin_moments(panel, panel->kept_count + 1);
    for (size_t c = 0; c < panel->cell_count; c++) {
        const struct cell *cell = &panel->cells[c];
        double row[columns_max] = {0};
        double items = cell->items[0] + cell->items[1];
        put_period(panel, cell->period, row);
        row[panel->kept_count] = cell->share;
        add_alike(panel, cell->unit, items, row, items * cell->share * (1 - cell->share));
    }
}

static void drop_period(struct panel *panel, size_t at)
{
    memmove(panel->kept + at, panel->kept + at + 1,
            (--panel->kept_count - at) * sizeof *panel->kept);
}

/* The fit of a on units and periods. Where units and periods fall into parts that share neither,
   each part has a period more than can be told. out is NULL where no period can. */
static enum status fit_share(struct panel *panel, struct regression **out, struct error *error)
{
    *out = NULL;
    while (panel->kept_count > 0) {
        size_t column = 0;
        share_moments(panel);
        for (size_t unit = 0; unit < panel->unit_count; unit++)
            assay_moments_within(panel->columns, moments_of(panel, unit));
        enum status status = assay_regression_open(panel->columns, panel->unit_count, panel->list,
                                                   &column, out, error);
        if (status != ERROR_SINGULAR)
            return status;
        drop_period(panel, column - 1);
    }
    return STATUS_OK;
}

/* Share and leverage of a cell beside its unit's means and the periods. */
static void take_out(const struct panel *panel, const struct regression *fit, struct cell *cell)
{
    double away[columns_max] = {0};
    double items = cell->items[0] + cell->items[1];
    const double *unit = moments_of(panel, cell->unit);
    size_t p = panel->kept_count;
    double leverage = 1 / unit[0];
    put_period(panel, cell->period, away);
    for (size_t j = 0; j < p; j++)
        away[j] -= assay_moments_mean(unit, j);
    cell->moved = cell->share - assay_moments_mean(unit, p);
    if (fit != NULL) {
        const struct regression_fit about = assay_regression_fit(fit);
        for (size_t i = 0; i < p; i++) {
            cell->moved -= about.coefficient[1 + i] * away[i];
            for (size_t j = 0; j < p; j++)
                leverage += away[i] * about.inverse[i * p + j] * away[j];
        }
    }
    cell->part = fmax(0, 1 / items - leverage) * items / (items - 1);
}

static void find_periods(struct panel *panel, size_t period_count)
{
    bool has[assay_leave_out_periods_max + 1] = {false};
    for (size_t c = 0; c < panel->cell_count; c++)
        has[panel->cells[c].period] = true;
    for (size_t period = 0; period < period_count; period++)
        if (has[period] && panel->periods++ > 0)
            panel->kept[panel->kept_count++] = period;
}

static enum status take_out_all(struct panel *panel, struct error *error)
{
    struct regression *fit = NULL;
    double squares = 0; /* of a, within units */
    share_moments(panel);
    for (size_t unit = 0; unit < panel->unit_count; unit++)
        squares += assay_moments_cross(panel->columns, moments_of(panel, unit), panel->kept_count,
                                       panel->kept_count);
    if (!(squares > 0))
        return error_set(error, ERROR_SINGULAR, "within units all items are treated alike");
    enum status status = fit_share(panel, &fit, error);
    if (status == STATUS_OK) {
        share_moments(panel);
        for (size_t c = 0; c < panel->cell_count; c++)
            take_out(panel, fit, &panel->cells[c]);
    }
    assay_regression_close(fit);
    return status;
}

/* ---- The slope -------------------------------------------------------------------------- */

/* y'A a and a'A a, and the same with A = P - W. */
struct products {
    double outcome, uptake;
    double outcome_of_shares, uptake_of_shares;
};

static struct products products_of(const struct panel *panel)
{
    struct products out = {0, 0, 0, 0};
    double centre = 0;
    for (size_t c = 0; c < panel->cell_count; c++) /* keeps a far origin out of the sums */
        for (size_t arm = 0; arm < 2; arm++)
            centre += panel->cells[c].items[arm] / panel->items * panel->cells[c].mean[arm];
    for (size_t c = 0; c < panel->cell_count; c++) {
        const struct cell *cell = &panel->cells[c];
        double items = cell->items[0] + cell->items[1];
        double both = cell->items[0] * cell->items[1] / items;
        double total =
            cell->items[0] * (cell->mean[0] - centre) + cell->items[1] * (cell->mean[1] - centre);
        out.outcome_of_shares += cell->moved * total;
        out.uptake_of_shares += items * cell->moved * cell->moved; /* as with the share itself */
        out.outcome -= cell->part * both * (cell->mean[1] - cell->mean[0]);
        out.uptake -= cell->part * both;
    }
    out.outcome += out.outcome_of_shares;
    out.uptake += out.uptake_of_shares;
    return out;
}

static enum status prepare(const struct leave_out_rows *rows, int64_t left_out, struct panel *panel,
                           struct products *products, struct error *error)
{
    enum status status = check_rows(rows, error);
    if (status == STATUS_OK)
        status = open_panel(rows, panel, error);
    if (status != STATUS_OK)
        return status;
    read_cells(rows, left_out, panel);
    if (panel->unit_count < 2)
        return error_set(error, ERROR_DOMAIN,
                         "fewer than two units have two items in a period: at least 2 are needed");
    find_periods(panel, rows->period_count);
    status = take_out_all(panel, error);
    if (status != STATUS_OK)
        return status;
    *products = products_of(panel);
    if (!(products->uptake_of_shares > 1e-18 * panel->items))
        return error_set(error, ERROR_SINGULAR, "the share moves with the periods alone");
    return STATUS_OK;
}

enum status assay_leave_out_without(const struct leave_out_rows *rows, int64_t left_out,
                                    double *out, struct error *error)
{
    struct panel panel = {0};
    struct products products = {0, 0, 0, 0};
    enum status status = prepare(rows, left_out, &panel, &products, error);
    close_panel(&panel);
    *out = status == STATUS_OK ? products.outcome / products.uptake : NAN;
    return status == ERROR_SINGULAR ? STATUS_OK : status;
}

/* ---- Errors ----------------------------------------------------------------------------- */

/* Moments of (z, periods, a, y), units' effects taken out. */
static void instrument_moments(struct panel *panel)
{
    begin_moments(panel, panel->kept_count + 3);
    for (size_t c = 0; c < panel->cell_count; c++) {
        const struct cell *cell = &panel->cells[c];
        for (size_t arm = 0; arm < 2; arm++) {
            double row[columns_max + 1] = {0};
            if (!(cell->items[arm] > 0))
                continue;
            row[0] = cell->moved - cell->part * ((double)arm - cell->share);
            put_period(panel, cell->period, row + 1);
            row[panel->columns - 2] = (double)arm;
            row[panel->columns - 1] = cell->mean[arm];
            add_alike(panel, cell->unit, cell->items[arm], row, cell->squares[arm]);
        }
    }
    for (size_t unit = 0; unit < panel->unit_count; unit++)
        assay_moments_within(panel->columns, moments_of(panel, unit));
}

static void influences(const struct panel *panel, const struct products *products, double slope,
                       double *out)
{
    for (size_t unit = 0; unit < panel->unit_count; unit++) {
        const double *moments = moments_of(panel, unit);
        size_t y = panel->columns - 1;
        out[panel->names[unit]] = (assay_moments_cross(panel->columns, moments, y, 0) -
                                   slope * assay_moments_cross(panel->columns, moments, y - 1, 0)) /
                                  products->uptake;
    }
}

/* The part of the interval that is an interval. */
static struct interval hull_of(const struct instrument_set *set)
{
    if (set->count == 1)
        return set->parts[0];
    return (struct interval){-INFINITY, INFINITY};
}

/* A level at which t has the quantile that the normal distribution has at this one. */
static enum status level_of(bool normal, double level, double df, double *out, struct error *error)
{
    double quantile = 0;
    double p = 0;
    *out = level;
    if (!normal)
        return STATUS_OK;
    enum status status = assay_quantile(level, INFINITY, &quantile, error);
    if (status == STATUS_OK)
        status = assay_p_value(quantile, df, &p, error);
    *out = 1 - p;
    return status;
}

static enum status read_instrument(const struct instrument *instrument, enum variance kind,
                                   bool normal, double level, struct leave_out *out,
                                   struct error *error)
{
    struct wald offer;
    struct wald uptake;
    struct wald both;
    struct instrument_set set;
    struct estimate plain;
    double used = level;
    double s = instrument->scale;
    const struct regression *effect = instrument->fits[INSTRUMENT_EFFECT].regression;
    enum status status = wald_of(instrument, INSTRUMENT_OFFER, kind, &offer, error);
    if (status == STATUS_OK)
        status = wald_of(instrument, INSTRUMENT_UPTAKE, kind, &uptake, error);
    if (status == STATUS_OK)
        status = wald_of(instrument, INSTRUMENT_BOTH, kind, &both, error);
    if (status == STATUS_OK && effect == NULL)
        return error_set(error, ERROR_SINGULAR, "the share moves by chance alone");
    double contrast[assay_moments_columns_max] = {0};
    contrast[1 + instrument->covariates] = 1;
    if (status == STATUS_OK)
        status = assay_regression_contrast(effect, kind, contrast, offer.df2, level, &plain, error);
    if (status == STATUS_OK)
        status = level_of(normal, level, offer.df2, &used, error);
    if (status == STATUS_OK)
        status = assay_instrument_set(instrument, kind, used, &set, error);
    double df = normal ? INFINITY : offer.df2;
    if (status == STATUS_OK)
        status = assay_estimate(offer.coefficient[0], sqrt(offer.variance[0]), df, level,
                                &out->outcome, error);
    if (status != STATUS_OK)
        return status;
    double covariance =
        (offer.variance[0] + s * s * uptake.variance[0] - both.variance[0]) / (2 * s);
    out->uptake =
        (struct baseline){uptake.coefficient[0], uptake.variance[0], covariance, INFINITY};
    out->estimate = out->outcome;
    out->estimate.standard_error = plain.standard_error;
    out->estimate.interval = hull_of(&set);
    return STATUS_OK;
}

/* ---- Together --------------------------------------------------------------------------- */

static void describe(const struct panel *panel, const struct products *products,
                     struct leave_out *out)
{
    for (size_t c = 0; c < panel->cell_count; c++)
        for (size_t arm = 0; arm < 2; arm++) {
            double weight = panel->cells[c].items[arm] / panel->items;
            out->share += weight * (double)arm;
            out->mean += weight * panel->cells[c].mean[arm];
        }
    out->estimate.value = products->outcome / products->uptake;
    out->slope_of_shares = products->outcome_of_shares / products->uptake_of_shares;
    out->items = panel->items;
    out->alone = panel->alone;
    out->spread = sqrt(products->uptake_of_shares / panel->items);
    out->chance = 1 - products->uptake / products->uptake_of_shares;
    out->units = panel->unit_count;
    out->periods = panel->periods;
    out->cells = panel->cell_count;
}

enum status assay_leave_out(const struct leave_out_rows *rows, enum variance kind, bool normal,
                            double level, double *influence, struct leave_out *out,
                            struct error *error)
{
    struct panel panel = {0};
    struct products products = {0, 0, 0, 0};
    struct instrument *instrument = NULL;
    struct leave_out result = {.items = 0};
    enum status status = prepare(rows, -1, &panel, &products, error);
    if (status == STATUS_OK) {
        instrument_moments(&panel);
        status = assay_instrument_open(1, panel.kept_count, panel.unit_count, panel.list,
                                       &instrument, error);
    }
    if (status == STATUS_OK)
        status = read_instrument(instrument, kind, normal, level, &result, error);
    if (status == STATUS_OK) {
        describe(&panel, &products, &result);
        if (influence != NULL)
            influences(&panel, &products, result.estimate.value, influence);
        *out = result;
    }
    assay_instrument_close(instrument);
    close_panel(&panel);
    return status;
}
