#include "assay/heterogeneity.h"

#include "assay/multiple.h"
#include "base/error.h"
#include "stats/design.h"

#include <math.h>

/* What cells have in common may take so much of the least variance at most. */
static const double common_most = 0.9;

size_t assay_heterogeneity_scratch(size_t count)
{
    return 2 * count + assay_adjust_scratch(count);
}

void assay_parts_of_deletions(size_t clusters, double *deviation)
{
    double count = 0;
    double sum = 0;
    for (size_t g = 0; g < clusters; g++)
        if (!isnan(deviation[g])) {
            count++;
            sum += deviation[g];
        }
    for (size_t g = 0; g < clusters; g++)
        deviation[g] =
            isnan(deviation[g]) ? 0 : sqrt((count - 1) / count) * (sum / count - deviation[g]);
}

static enum status check_cells(const struct cell_estimates *cells, struct error *error)
{
    if (cells->count < 2)
        return error_set(error, ERROR_DOMAIN, "there is one cell: nothing to compare it with");
    for (size_t c = 0; c < cells->count; c++)
        if (!isfinite(cells->value[c]) || !(cells->variance[c] > 0) || !(cells->df[c] > 0) ||
            !(cells->items[c] > 0))
            return error_set(error, ERROR_DOMAIN, "cell %zu: its estimate is none", c + 1);
    for (size_t i = 0; i < cells->count * cells->clusters; i++)
        if (!isfinite(cells->part[i]))
            return error_set(error, ERROR_DOMAIN, "cell %zu: what a cluster adds to it is none",
                             i / cells->clusters + 1);
    return STATUS_OK;
}

/* The mean of the covariances of two cells, at least 0. */
static double common_of(const struct cell_estimates *cells)
{
    double total = 0; /* variance of the sum of the cells */
    double own = 0;
    double pairs = (double)cells->count * ((double)cells->count - 1);
    for (size_t g = 0; g < cells->clusters; g++) {
        double sum = 0;
        for (size_t c = 0; c < cells->count; c++) {
            double z = cells->part[c * cells->clusters + g];
            sum += z;
            own += z * z;
        }
        total += sum * sum;
    }
    return fmax(0, (total - own) / pairs);
}

/* So much of it as leaves every cell a variance of its own. */
static double taken_of(const struct cell_estimates *cells, double common)
{
    double least = INFINITY;
    for (size_t c = 0; c < cells->count; c++)
        least = fmin(least, cells->variance[c]);
    return fmin(common, common_most * least);
}

/* The cell less the others. */
static enum status against_others(const struct cell_estimates *cells, size_t cell, double level,
                                  struct estimate *out, struct error *error)
{
    double others = 0;
    double value = cells->value[cell];
    double second = 0;
    double fourth = 0;
    double sum = 0;
    double squares = 0;
    double in_it = 0;
    for (size_t c = 0; c < cells->count; c++)
        others += c == cell ? 0 : cells->items[c];
    for (size_t c = 0; c < cells->count; c++) {
        double weight = c == cell ? 1 : cells->items[c] / others;
        double x = weight * weight * cells->variance[c];
        value -= c == cell ? 0 : weight * cells->value[c];
        sum += x;
        squares += x * x / cells->df[c];
    }
    for (size_t g = 0; g < cells->clusters; g++) {
        double z = 0;
        for (size_t c = 0; c < cells->count; c++)
            z += (c == cell ? 1 : -cells->items[c] / others) * cells->part[c * cells->clusters + g];
        second += z * z;
        fourth += z * z * z * z;
        in_it += z != 0;
    }
    double df = fmin(in_it - 1, influence_df(second, fourth));
    df = fmax(1, fmin(df, sum * sum / squares));
    return assay_estimate(value, sqrt(second), df, level, out, error);
}

/* The pooled mean moves with what the cells have in common, too. */
static enum status add_common(double common, double cells, double level, struct pooled *pooled,
                              struct error *error)
{
    double quantile = 0;
    double error_of_mean = sqrt(pooled->mean.standard_error * pooled->mean.standard_error + common);
    enum status status = assay_quantile(level, cells - 1, &quantile, error);
    if (status == STATUS_OK)
        status = assay_estimate(pooled->mean.value, error_of_mean, cells - 1, level, &pooled->mean,
                                error);
    double half = quantile * sqrt(error_of_mean * error_of_mean + pooled->between);
    if (status == STATUS_OK)
        pooled->prediction =
            (struct interval){pooled->mean.value - half, pooled->mean.value + half};
    return status;
}

enum status assay_heterogeneity(const struct cell_estimates *cells, double rate, double level,
                                double *scratch, struct cell_answer *answers,
                                struct heterogeneity *out, struct error *error)
{
    double *variance = scratch;
    double *p = variance + cells->count;
    double *rest = p + cells->count;
    struct pooled other;
    enum status status = check_cells(cells, error);
    if (status != STATUS_OK)
        return status;
    out->common = common_of(cells);
    double taken = taken_of(cells, out->common);
    for (size_t c = 0; c < cells->count; c++)
        variance[c] = cells->variance[c] - taken;
    const struct pooling_cells pooling = {cells->count, cells->value, variance};
    status = assay_pool(&pooling, POOLING_REML, level, &out->pooled, error);
    if (status == STATUS_OK)
        status = assay_pool(&pooling, POOLING_PAULE_MANDEL, level, &other, error);
    for (size_t c = 0; status == STATUS_OK && c < cells->count; c++) {
        struct shrunken *shrunken = &answers[c].shrunken;
        *shrunken = assay_shrink(&out->pooled, cells->value[c], variance[c]);
        shrunken->standard_error =
            sqrt(shrunken->standard_error * shrunken->standard_error + out->common);
        status = against_others(cells, c, level, &answers[c].against, error);
        p[c] = answers[c].against.p;
    }
    if (status == STATUS_OK)
        status = assay_adjust(ADJUSTMENT_BENJAMINI_HOCHBERG, cells->count, p, rest, p, error);
    if (status == STATUS_OK)
        status = add_common(out->common, (double)cells->count, level, &out->pooled, error);
    if (status != STATUS_OK)
        return status;
    out->between_paule_mandel = other.between;
    out->p = 1;
    out->different = 0;
    for (size_t c = 0; c < cells->count; c++) {
        answers[c].adjusted_p = p[c];
        answers[c].different = p[c] <= rate;
        out->different += answers[c].different;
        out->p = fmin(out->p, p[c]);
    }
    return STATUS_OK;
}
