#include "assay/ratio.h"

#include "base/error.h"

#include <math.h>
#include <string.h>

/* Sums of an arm in a cell. */
struct cell {
    double items[2];
    double numerator[2];
    double denominator[2];
};

enum { cell_doubles = sizeof(struct cell) / sizeof(double) };

size_t assay_ratio_within_scratch(size_t count, size_t cell_count)
{
    return count + cell_count * cell_doubles + assay_blocked_scratch(cell_count);
}

static enum status check_rows(const struct ratio_rows *rows, struct error *error)
{
    for (size_t i = 0; i < rows->count; i++) {
        bool in_range = rows->cell[i] >= 0 && (size_t)rows->cell[i] < rows->cell_count &&
                        (rows->arm[i] == 0 || rows->arm[i] == 1);
        if (!in_range)
            return error_set(error, ERROR_DOMAIN, "row %zu: its cell or arm is out of range",
                             i + 1);
        if (!isfinite(rows->items[i]) || !(rows->items[i] > 0) || !isfinite(rows->numerator[i]) ||
            !isfinite(rows->denominator[i]))
            return error_set(error, ERROR_DOMAIN, "row %zu holds a number that is not finite",
                             i + 1);
    }
    return STATUS_OK;
}

static double weight(enum blocked_weights weights, const struct cell *cell)
{
    if (weights == BLOCKED_PRECISION)
        return cell->items[0] * cell->items[1] / (cell->items[0] + cell->items[1]);
    return cell->items[weights == BLOCKED_ARM_1];
}

/* The weighted means of each arm, over the cells with both. */
static void weigh(const struct ratio_rows *rows, enum blocked_weights weights, struct cell *cells,
                  struct ratio_arm arms[2])
{
    double sum = 0;
    memset(cells, 0, rows->cell_count * sizeof *cells);
    for (size_t i = 0; i < rows->count; i++) {
        struct cell *cell = &cells[rows->cell[i]];
        cell->items[rows->arm[i]] += rows->items[i];
        cell->numerator[rows->arm[i]] += rows->items[i] * rows->numerator[i];
        cell->denominator[rows->arm[i]] += rows->items[i] * rows->denominator[i];
    }
    for (size_t c = 0; c < rows->cell_count; c++) {
        const struct cell *cell = &cells[c];
        if (!(cell->items[0] > 0 && cell->items[1] > 0))
            continue;
        double w = weight(weights, cell);
        sum += w;
        for (int arm = 0; arm < 2; arm++) {
            arms[arm].items += cell->items[arm];
            arms[arm].numerator += w * cell->numerator[arm] / cell->items[arm];
            arms[arm].denominator += w * cell->denominator[arm] / cell->items[arm];
        }
    }
    for (int arm = 0; arm < 2; arm++) {
        arms[arm].numerator /= sum; /* NAN without a cell of both arms */
        arms[arm].denominator /= sum;
        arms[arm].ratio = arms[arm].numerator / arms[arm].denominator;
    }
}

/* Clusters and strength of an arm, from the clusters' sums of denominators. */
static void find_strength(const struct ratio_rows *rows, int64_t arm, struct ratio_arm *out)
{
    double mean = 0;
    double squares = 0;
    for (size_t first = 0, end = 0; first < rows->count; first = end) {
        double sum = 0;
        bool has = false;
        for (; end < rows->count && rows->cluster[end] == rows->cluster[first]; end++)
            if (rows->arm[end] == arm) {
                sum += rows->items[end] * rows->denominator[end];
                has = true;
            }
        if (!has)
            continue;
        double step = sum - mean;
        out->clusters++;
        mean += step / (double)out->clusters;
        squares += step * (sum - mean);
    }
    double count = (double)out->clusters;
    out->strength = squares > 0 ? mean * sqrt(count * (count - 1) / squares) : INFINITY;
}

enum status assay_ratio_within(const struct ratio_rows *rows, enum blocked_weights weights,
                               double level, double *scratch, struct ratio *out,
                               double unmatched[2], struct error *error)
{
    return assay_ratio_within_deletions(rows, weights, level, scratch, NULL, out, unmatched, error);
}

enum status assay_ratio_within_deletions(const struct ratio_rows *rows,
                                         enum blocked_weights weights, double level,
                                         double *scratch, double *deviation, struct ratio *out,
                                         double unmatched[2], struct error *error)
{
    struct ratio result = {0};
    struct blocked blocked;
    double *z = scratch;
    struct cell *cells = (struct cell *)(scratch + rows->count);
    enum status status = check_rows(rows, error);
    if (status != STATUS_OK)
        return status;
    weigh(rows, weights, cells, result.arms);
    for (int arm = 0; arm < 2; arm++)
        if (result.arms[arm].numerator <= 0 || result.arms[arm].denominator <= 0)
            return error_set(error, ERROR_DOMAIN,
                             "means of %g over %g in arm %d have no ratio to compare: both must be "
                             "above 0",
                             result.arms[arm].numerator, result.arms[arm].denominator, arm);
    for (size_t i = 0; i < rows->count; i++) {
        const struct ratio_arm *arm = &result.arms[rows->arm[i]];
        z[i] = (rows->numerator[i] - arm->ratio * rows->denominator[i]) / arm->numerator;
        if (!isfinite(z[i]))
            z[i] = 0; /* no cell has both arms: assay_blocked says so */
    }
    const struct blocked_rows linear = {
        rows->count, rows->cluster, rows->cell, rows->arm, rows->items, z, rows->cell_count};
    status = assay_blocked_deletions(&linear, weights, BLOCKED_DIFFERENCE, level,
                                     scratch + rows->count + rows->cell_count * cell_doubles,
                                     deviation, &blocked, error);
    if (status != STATUS_OK)
        return status;
    for (int arm = 0; arm < 2; arm++) {
        find_strength(rows, arm, &result.arms[arm]);
        unmatched[arm] = blocked.unmatched[arm];
    }
    double value = log(result.arms[1].ratio / result.arms[0].ratio);
    result.clusters = blocked.clusters;
    result.has_interval = result.arms[0].strength >= assay_ratio_strength_least &&
                          result.arms[1].strength >= assay_ratio_strength_least;
    result.weak = !result.has_interval;
    result.estimate = (struct estimate){value, NAN, NAN, NAN, NAN, {NAN, NAN}};
    if (result.has_interval)
        status = assay_estimate(value, blocked.estimate.standard_error, blocked.estimate.df, level,
                                &result.estimate, error);
    if (status == STATUS_OK)
        *out = result;
    return status;
}
