#include "assay/quantile.h"

#include "base/error.h"
#include "stats/density.h"
#include "stats/design.h"

#include <math.h>

/* ---- Ranks ------------------------------------------------------------------------------ */

/* The quantile of the normal distribution for 95 %, as the paper has it at every level. */
static const double z = 1.959963984540054;
static const double common_part = 0.1; /* of a cluster's items in their variance */
static const double widest = 0.75;     /* of the way to the nearer end */

enum status assay_quantile_ranks(double share, double items, double concentration, double out[2],
                                 struct error *error)
{
    if (!(share > 0 && share < 1) || !(items > 0) || !isfinite(items) ||
        !(concentration > 0 && concentration <= 1 + 1e-9))
        return error_set(error, ERROR_DOMAIN,
                         "a quantile of %g of %g items with concentration %g is out of range",
                         share, items, concentration);
    double end = fmin(share, 1 - share);
    double spread = share * (1 - share);
    double width = z * sqrt(spread / items);
    if (!(width < end))
        return error_set(error, ERROR_DOMAIN,
                         "%g items are too few to tell how dense values are about the quantile of "
                         "%g: over %.0f are needed",
                         items, share, z * z * spread / (end * end));
    double by_cluster =
        z * sqrt(spread * (common_part * concentration + (1 - common_part) / items));
    width = fmax(width, fmin(by_cluster, widest * end));
    out[0] = share - width;
    out[1] = share + width;
    return STATUS_OK;
}

enum status quantile_density(const struct quantile_arm *arm, int number, double *out,
                             struct error *error)
{
    double spread = arm->at_rank[1] - arm->at_rank[0];
    if (!(arm->rank[0] >= 0 && arm->rank[0] < arm->rank[1] && arm->rank[1] <= 1) ||
        !(arm->at_rank[0] <= arm->value && arm->value <= arm->at_rank[1]) || !isfinite(spread))
        return error_set(error, ERROR_DOMAIN, "the ranks and quantiles of arm %d are out of order",
                         number);
    if (!(spread > 0))
        return error_set(error, ERROR_DOMAIN,
                         "all values between the ranks %g and %g of arm %d are one: too many ties",
                         arm->rank[0], arm->rank[1], number);
    *out = (arm->rank[1] - arm->rank[0]) / spread;
    return STATUS_OK;
}

double quantile_step(double equal_share, double items, double density)
{
    return fmax(0, equal_share - 1 / items) / density;
}

/* ---- Sums of an arm --------------------------------------------------------------------- */

struct arm {
    double up_to, equal; /* items */
    double share;        /* p_a */
};

static enum status check_counts(double items, double up_to, double equal, size_t cluster,
                                struct error *error)
{
    if (isfinite(items) && equal >= 0 && equal <= up_to && up_to <= items)
        return STATUS_OK;
    return error_set(error, ERROR_DOMAIN, "cluster %zu has counts that cannot be", cluster + 1);
}

static enum status sum_arm(const struct quantile_clusters *clusters, int number, struct arm *arm,
                           struct quantile *out, struct error *error)
{
    *arm = (struct arm){0};
    for (size_t g = 0; g < clusters->count; g++) {
        double items = clusters->items[number][g];
        enum status status =
            check_counts(items, clusters->up_to[number][g], clusters->equal[number][g], g, error);
        if (status != STATUS_OK)
            return status;
        out->arms[number].clusters += items > 0;
        out->arms[number].items += items;
        arm->up_to += clusters->up_to[number][g];
        arm->equal += clusters->equal[number][g];
    }
    if (out->arms[number].clusters == 0)
        return error_set(error, ERROR_DOMAIN, "no cluster has items of arm %d", number);
    if (out->arms[number].clusters == 1)
        return error_set(error, ERROR_DOMAIN,
                         "one cluster has all items of arm %d: no other shows by how much clusters "
                         "differ",
                         number);
    arm->share = arm->up_to / out->arms[number].items;
    return STATUS_OK;
}

/* psi_ga */
static double influence(const struct quantile_clusters *clusters, const struct quantile *about,
                        const struct arm arms[2], int number, size_t g)
{
    double count = (double)about->arms[number].clusters;
    double away = clusters->up_to[number][g] - arms[number].share * clusters->items[number][g];
    return -sqrt(count / (count - 1)) * away /
           (about->arms[number].items * about->arms[number].density);
}

/* ---- Together --------------------------------------------------------------------------- */

/* Sums over clusters of squares and fourth powers, of the difference and of what its share of the
   baseline, x = d / value_0, owes to them: psi_g1 - (1 + x) psi_g0. */
struct powers {
    double second, fourth;
    double share_second, share_fourth;
    double arm_second[2];
    double with_baseline; /* products of psi_g and psi_g0 */
    struct design design;
};

static void add_cluster(struct powers *powers, const double psi[2], double share)
{
    double d = psi[1] - psi[0];
    double of_share = psi[1] - (1 + share) * psi[0];
    powers->second += d * d;
    powers->fourth += d * d * d * d;
    powers->share_second += of_share * of_share;
    powers->share_fourth += of_share * of_share * of_share * of_share;
    powers->with_baseline += d * psi[0];
    for (int arm = 0; arm < 2; arm++)
        powers->arm_second[arm] += psi[arm] * psi[arm];
}

static double degrees_of_freedom(const struct quantile *quantile, const struct powers *powers,
                                 double second, double fourth)
{
    double df = fmin((double)quantile->clusters - 1, influence_df(second, fourth));
    return fmax(1, fmin(df, design_df(&powers->design)));
}

static enum status complete(const struct quantile_arm arms[2], const struct powers *powers,
                            double level, struct quantile *out, struct error *error)
{
    double rounding[2];
    for (int arm = 0; arm < 2; arm++) {
        rounding[arm] = out->arms[arm].step * out->arms[arm].step / 4;
        out->arms[arm].standard_error = sqrt(powers->arm_second[arm] + rounding[arm]);
    }
    out->baseline = (struct baseline){
        arms[0].value, powers->arm_second[0] + rounding[0], powers->with_baseline - rounding[0],
        degrees_of_freedom(out, powers, powers->share_second, powers->share_fourth)};
    return assay_estimate(arms[1].value - arms[0].value,
                          powers->second > 0 ? sqrt(powers->second + rounding[1] + rounding[0]) : 0,
                          degrees_of_freedom(out, powers, powers->second, powers->fourth), level,
                          &out->estimate, error);
}

enum status assay_quantile_difference(const struct quantile_clusters *clusters,
                                      const struct quantile_arm arms[2], double level,
                                      struct quantile *out, struct error *error)
{
    struct quantile result = {0};
    struct powers powers = {0};
    struct arm sums[2];
    enum status status = STATUS_OK;
    for (int arm = 0; arm < 2 && status == STATUS_OK; arm++) {
        status = sum_arm(clusters, arm, &sums[arm], &result, error);
        if (status == STATUS_OK)
            status = quantile_density(&arms[arm], arm, &result.arms[arm].density, error);
        if (status == STATUS_OK)
            result.arms[arm].step = quantile_step(sums[arm].equal / result.arms[arm].items,
                                                  result.arms[arm].items, result.arms[arm].density);
    }
    if (status != STATUS_OK)
        return status;
    double share = arms[0].value != 0 ? arms[1].value / arms[0].value - 1 : 0;
    for (size_t g = 0; g < clusters->count; g++) {
        const double psi[2] = {influence(clusters, &result, sums, 0, g),
                               influence(clusters, &result, sums, 1, g)};
        result.clusters += clusters->items[0][g] > 0 || clusters->items[1][g] > 0;
        add_cluster(&powers, psi, share);
        design_add(&powers.design, clusters->items[1][g] / result.arms[1].items,
                   clusters->items[0][g] / result.arms[0].items);
    }
    status = complete(arms, &powers, level, &result, error);
    if (status == STATUS_OK)
        *out = result;
    return status;
}
