#include "assay/quantile.h"

#include "base/error.h"
#include "stats/density.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* Items of a cell, by arm. */
struct cell {
    double items[2];
    double up_to[2];
    double equal[2];
};

enum { cell_doubles = sizeof(struct cell) / sizeof(double) };

size_t assay_quantile_within_scratch(size_t count, size_t cell_count)
{
    return count + cell_count * cell_doubles + assay_blocked_scratch(cell_count);
}

static enum status check_rows(const struct quantile_rows *rows, struct error *error)
{
    for (size_t i = 0; i < rows->count; i++) {
        if (rows->cell[i] < 0 || (size_t)rows->cell[i] >= rows->cell_count ||
            (rows->arm[i] != 0 && rows->arm[i] != 1))
            return error_set(error, ERROR_DOMAIN, "row %zu: its cell or arm is out of range",
                             i + 1);
        if (!isfinite(rows->items[i]) || !(rows->items[i] > 0) || !(rows->equal[i] >= 0) ||
            !(rows->equal[i] <= rows->up_to[i]) || !(rows->up_to[i] <= rows->items[i]))
            return error_set(error, ERROR_DOMAIN, "row %zu has counts that cannot be", i + 1);
    }
    return STATUS_OK;
}

/* Shares of an arm's weighted items in cells that both arms have. */
struct shares {
    double up_to[2];
    double equal[2];
    double items[2]; /* as many, unweighted */
};

static void weigh(const struct quantile_rows *rows, int mix, struct cell *cells, struct shares *out)
{
    double sum = 0;
    memset(cells, 0, rows->cell_count * sizeof *cells);
    for (size_t i = 0; i < rows->count; i++) {
        struct cell *cell = &cells[rows->cell[i]];
        cell->items[rows->arm[i]] += rows->items[i];
        cell->up_to[rows->arm[i]] += rows->up_to[i];
        cell->equal[rows->arm[i]] += rows->equal[i];
    }
    for (size_t c = 0; c < rows->cell_count; c++) {
        const struct cell *cell = &cells[c];
        if (!(cell->items[0] > 0 && cell->items[1] > 0))
            continue;
        double w = cell->items[mix];
        sum += w;
        for (int arm = 0; arm < 2; arm++) {
            out->items[arm] += cell->items[arm];
            out->up_to[arm] += w * cell->up_to[arm] / cell->items[arm];
            out->equal[arm] += w * cell->equal[arm] / cell->items[arm];
        }
    }
    for (int arm = 0; arm < 2 && sum > 0; arm++) {
        out->up_to[arm] /= sum;
        out->equal[arm] /= sum;
    }
}

/* Clusters with an item in the arm; rows are ordered by cluster. */
static size_t clusters_of(const struct quantile_rows *rows, int64_t arm)
{
    size_t count = 0;
    for (size_t first = 0, end = 0; first < rows->count; first = end) {
        bool has = false;
        for (; end < rows->count && rows->cluster[end] == rows->cluster[first]; end++)
            has = has || rows->arm[end] == arm;
        count += has;
    }
    return count;
}

/* What rounding adds to the jackknife's variances. */
static enum status add_steps(const struct quantile_arm arms[2], enum blocked_scale scale,
                             const struct blocked *blocked, double level, struct quantile *out,
                             struct error *error)
{
    bool logs = scale == BLOCKED_LOG_RATIO;
    double rounding[2];
    double value = logs ? log(arms[1].value / arms[0].value) : arms[1].value - arms[0].value;
    for (int arm = 0; arm < 2; arm++) {
        double step = logs ? out->arms[arm].step / arms[arm].value : out->arms[arm].step;
        rounding[arm] = step * step / 4;
    }
    out->baseline = (struct baseline){NAN, NAN, NAN, NAN};
    if (!logs)
        out->baseline =
            (struct baseline){arms[0].value, blocked->baseline.variance + rounding[0],
                              blocked->baseline.covariance - rounding[0], blocked->baseline.df};
    out->arms[0].standard_error = sqrt(out->baseline.variance);
    out->arms[1].standard_error = NAN;
    double error_of_means = blocked->estimate.standard_error;
    return assay_estimate(value, sqrt(error_of_means * error_of_means + rounding[1] + rounding[0]),
                          blocked->estimate.df, level, &out->estimate, error);
}

enum status assay_quantile_within(const struct quantile_rows *rows,
                                  const struct quantile_arm arms[2], enum blocked_weights weights,
                                  double level, double *scratch, struct quantile *out,
                                  double unmatched[2], struct error *error)
{
    return assay_quantile_within_deletions(rows, arms, weights, BLOCKED_DIFFERENCE, level, scratch,
                                           NULL, out, unmatched, error);
}

enum status assay_quantile_within_deletions(const struct quantile_rows *rows,
                                            const struct quantile_arm arms[2],
                                            enum blocked_weights weights, enum blocked_scale scale,
                                            double level, double *scratch, double *deviation,
                                            struct quantile *out, double unmatched[2],
                                            struct error *error)
{
    struct quantile result = {0};
    struct shares shares = {0};
    struct blocked blocked;
    double *linear = scratch;
    struct cell *cells = (struct cell *)(scratch + rows->count);
    enum status status = check_rows(rows, error);
    if (status != STATUS_OK)
        return status;
    weigh(rows, weights == BLOCKED_ARM_1, cells, &shares);
    for (int arm = 0; arm < 2 && status == STATUS_OK; arm++) {
        status = quantile_density(&arms[arm], arm, &result.arms[arm].density, error);
        result.arms[arm].items = shares.items[arm];
        result.arms[arm].clusters = clusters_of(rows, arm);
    }
    for (size_t i = 0; i < rows->count && status == STATUS_OK; i++) {
        int64_t arm = rows->arm[i];
        linear[i] = arms[arm].value - (rows->up_to[i] / rows->items[i] - shares.up_to[arm]) /
                                          result.arms[arm].density;
    }
    if (status != STATUS_OK)
        return status;
    const struct blocked_rows blocks = {rows->count, rows->cluster, rows->cell,      rows->arm,
                                        rows->items, linear,        rows->cell_count};
    status = assay_blocked_deletions(&blocks, weights, scale, level,
                                     scratch + rows->count + rows->cell_count * cell_doubles,
                                     deviation, &blocked, error);
    if (status != STATUS_OK)
        return status;
    for (int arm = 0; arm < 2; arm++) {
        result.arms[arm].step =
            quantile_step(shares.equal[arm], shares.items[arm], result.arms[arm].density);
        unmatched[arm] = blocked.unmatched[arm];
    }
    result.clusters = blocked.clusters;
    status = add_steps(arms, scale, &blocked, level, &result, error);
    if (status == STATUS_OK)
        *out = result;
    return status;
}
