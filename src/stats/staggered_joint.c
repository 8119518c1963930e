/* SYNOPSIS
     assay_staggered_joint(parts, influence, count, clusters, -1, &joint, &error);

   DESCRIPTION
     Wald's statistic W = a' V^-1 a of the m effects a, V being the sums of products of the
   clusters' influences. With few clusters V is itself uncertain, and W larger than chi-square. As
   for Hotelling's T^2 with nu degrees of freedom in V,

         F = W (nu - m + 1) / (nu m)   has F with m and nu - m + 1

     nu is the least of the effects' own degrees of freedom, so that few treated clusters count as
     few. For normal changes of clusters of one size in one arm, nu = c - 1, this is exact.

   REFERENCE
     Hotelling (1931), The generalization of Student's ratio, Annals of Mathematical Statistics
     2:360-378. Pustejovsky & Tipton (2018), Journal of Business & Economic Statistics 36:672-683,
     section 3.2, for the approximation by clusters. */
#include "stats/staggered_panel.h"

#include "base/error.h"

#include <math.h>
#include <stdlib.h>

#define MATHLIB_STANDALONE
#include <Rmath.h>

/* Correlations of the effects `which`, row by row, their lower triangle. */
static void correlate(const struct staggered_effect *parts, const double *influence,
                      const size_t *which, size_t count, size_t clusters, double *out)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j <= i; j++) {
            const double *a = influence + which[i] * clusters;
            const double *b = influence + which[j] * clusters;
            double sum = 0;
            for (size_t c = 0; c < clusters; c++)
                sum += a[c] * b[c];
            out[i * count + j] = sum / (parts[which[i]].estimate.standard_error *
                                        parts[which[j]].estimate.standard_error);
        }
}

/* z' R^-1 z = y'y with L y = z, R = L L'. false: R is singular. */
static bool square_of(size_t count, const double *root, const double *z, double *y, double *out)
{
    *out = 0;
    for (size_t i = 0; i < count; i++) {
        double left = z[i];
        for (size_t j = 0; j < i; j++)
            left -= root[i * count + j] * y[j];
        if (!(root[i * count + i] > 0))
            return false;
        y[i] = left / root[i * count + i];
        *out += y[i] * y[i];
    }
    return true;
}

enum status assay_staggered_joint(const struct staggered_effect *parts, const double *influence,
                                  size_t part_count, size_t clusters, int64_t before,
                                  struct staggered_joint *out, struct error *error)
{
    struct staggered_joint joint = {.statistic = NAN, .df = NAN, .p = NAN};
    double least = INFINITY;
    size_t *which = malloc((part_count + 1) * sizeof *which);
    double *root = malloc((part_count + 2) * (part_count + 1) * sizeof *root);
    if (which == NULL || root == NULL) {
        free(which);
        free(root);
        return error_memory(error);
    }
    for (size_t i = 0; i < part_count; i++)
        if (parts[i].has_interval && parts[i].at < before) {
            which[joint.effects++] = i;
            least = fmin(least, parts[i].estimate.df);
        }
    size_t count = joint.effects;
    double *z = root + count * count;
    for (size_t i = 0; i < count; i++)
        z[i] = parts[which[i]].estimate.value / parts[which[i]].estimate.standard_error;
    correlate(parts, influence, which, count, clusters, root);
    staggered_root(count, root);
    double df = least - (double)count + 1;
    if (count > 0 && df >= 1 && square_of(count, root, z, z + count, &joint.statistic)) {
        joint.told = true;
        joint.df = df;
        joint.p =
            pf(joint.statistic * df / (least * (double)count), (double)count, df, false, false);
    } else {
        joint.statistic = NAN;
    }
    free(which);
    free(root);
    *out = joint;
    return STATUS_OK;
}
