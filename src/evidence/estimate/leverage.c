#include "evidence/estimate/leverage.h"

#include "assay/moments.h"

#include <math.h>

static void take(struct leverage *range, double value)
{
    if (!range->known)
        *range = (struct leverage){true, value, value};
    range->low = fmin(range->low, value);
    range->high = fmax(range->high, value);
}

/* ---- A fit ------------------------------------------------------------------------------ */

struct arm_sums {
    double items[2];
    double total[2];
};

/* Of a cluster's moments of (arm, x.., y): sum of arm y = c + n mean(arm) mean(y). */
static struct arm_sums sums_of(const double *moments, size_t columns)
{
    double n = moments[0];
    double arm = assay_moments_mean(moments, 0);
    double y = assay_moments_mean(moments, columns - 1);
    double treated = assay_moments_cross(columns, moments, columns - 1, 0) + n * arm * y;
    return (struct arm_sums){{n - n * arm, n * arm}, {n * y - treated, treated}};
}

static double difference_without(const struct arm_sums *all, const struct arm_sums *one)
{
    double mean[2];
    for (int arm = 0; arm < 2; arm++) {
        double items = all->items[arm] - one->items[arm];
        mean[arm] = items > 0.5 ? (all->total[arm] - one->total[arm]) / items : NAN;
    }
    return mean[1] - mean[0];
}

/* The coefficient fitted without one cluster; NAN where it cannot be. */
static double coefficient_without(const double *const *clusters, size_t count, size_t columns,
                                  size_t left_out, struct arena *arena)
{
    const double **kept = arena_array(arena, count, sizeof *kept);
    struct regression *fit = NULL;
    size_t next = 0;
    double value = NAN;
    for (size_t g = 0; g < count; g++)
        if (g != left_out)
            kept[next++] = clusters[g];
    if (assay_regression_open(columns, next, kept, NULL, &fit, NULL) == STATUS_OK)
        value = assay_regression_fit(fit).coefficient[1];
    assay_regression_close(fit);
    return value;
}

struct leverage leverage_of_fit(const double *const *clusters, size_t count, size_t columns,
                                double value, struct arena *arena)
{
    struct arm_sums all = {{0, 0}, {0, 0}};
    struct leverage plain = {0};
    struct leverage out = {0};
    size_t extreme[2] = {0, 0};
    for (size_t g = 0; g < count; g++) {
        struct arm_sums one = sums_of(clusters[g], columns);
        for (int arm = 0; arm < 2; arm++) {
            all.items[arm] += one.items[arm];
            all.total[arm] += one.total[arm];
        }
    }
    for (size_t g = 0; g < count; g++) {
        struct arm_sums one = sums_of(clusters[g], columns);
        double without = difference_without(&all, &one);
        if (isnan(without)) /* an arm of one cluster */
            return (struct leverage){0};
        extreme[0] = plain.known && without >= plain.low ? extreme[0] : g;
        extreme[1] = plain.known && without <= plain.high ? extreme[1] : g;
        take(&plain, without);
    }
    if (count < 2 || columns == 2)
        return plain;
    take(&out, value);
    for (int side = 0; side < 2; side++) {
        double without = coefficient_without(clusters, count, columns, extreme[side], arena);
        if (!isnan(without))
            take(&out, without);
    }
    return out;
}

/* ---- Ratios ----------------------------------------------------------------------------- */

static double sum_of(const double *moments, size_t outcome)
{
    return moments == NULL ? 0 : moments[0] * assay_moments_mean(moments, outcome);
}

struct leverage leverage_of_ratio(const struct ratio_clusters *clusters, double value)
{
    double total[2][2] = {{0, 0}, {0, 0}};
    struct leverage out = {0};
    for (size_t g = 0; g < clusters->count; g++)
        for (int arm = 0; arm < 2; arm++)
            for (size_t i = 0; i < 2; i++)
                total[arm][i] += sum_of(clusters->arms[arm][g], i);
    take(&out, value);
    for (size_t g = 0; g < clusters->count; g++) {
        double ratio[2];
        for (int arm = 0; arm < 2; arm++) {
            const double *one = clusters->arms[arm][g];
            ratio[arm] = (total[arm][0] - sum_of(one, 0)) / (total[arm][1] - sum_of(one, 1));
        }
        double without = log(ratio[1] / ratio[0]);
        if (isfinite(without))
            take(&out, without);
    }
    return out;
}

/* ---- Influences ------------------------------------------------------------------------- */

struct leverage leverage_of_influence(size_t count, const double *const influence[2],
                                      const double scale[2], double value)
{
    struct leverage out = {0};
    double factor = (double)count / ((double)count - 1);
    for (size_t g = 0; count > 1 && g < count; g++)
        take(&out, value - factor * (influence[1][g] / scale[1] - influence[0][g] / scale[0]));
    return out;
}
