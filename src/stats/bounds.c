#include "assay/bounds.h"

#include "base/error.h"
#include "stats/design.h"

#include <math.h>
#include <stdbool.h>

#define MATHLIB_STANDALONE
#include <Rmath.h>

/* ---- Counts of an arm --------------------------------------------------------------------- */

struct counted {
    double assigned; /* n */
    double observed; /* r */
    double share;    /* p */
    double mean;
    double factor; /* G / (G - 1), of items where they are independent */
};

static size_t cluster_of(const struct bounds_arm *arm, size_t row)
{
    return arm->cluster == NULL ? 0 : arm->cluster[row];
}

static enum status check_row(const struct bounds_arm *arm, size_t clusters, size_t row,
                             struct error *error)
{
    if (!isfinite(arm->value[row]) || !(arm->items[row] > 0) || !isfinite(arm->items[row]))
        return error_set(error, ERROR_DOMAIN, "row %zu has no finite value, or no items", row + 1);
    if (row > 0 && arm->value[row] < arm->value[row - 1])
        return error_set(error, ERROR_DOMAIN, "row %zu is below the one before", row + 1);
    if (cluster_of(arm, row) >= clusters)
        return error_set(error, ERROR_DOMAIN, "row %zu is of a cluster that does not exist",
                         row + 1);
    return STATUS_OK;
}

/* observed: by cluster, filled here. */
static enum status count_arm(const struct bounds_arm *arm, size_t clusters, double *observed,
                             struct counted *out, struct error *error)
{
    struct counted counted = {.assigned = 0};
    double present = 0;
    for (size_t g = 0; g < clusters; g++)
        observed[g] = 0;
    for (size_t row = 0; row < arm->count; row++) {
        enum status status = check_row(arm, clusters, row, error);
        if (status != STATUS_OK)
            return status;
        observed[cluster_of(arm, row)] += arm->items[row];
        counted.observed += arm->items[row];
        counted.mean += (arm->value[row] - counted.mean) * arm->items[row] / counted.observed;
    }
    for (size_t g = 0; g < clusters; g++) {
        if (!isfinite(arm->assigned[g]) || arm->assigned[g] < observed[g] * (1 - 1e-12))
            return error_set(error, ERROR_DOMAIN, "cluster %zu has more outcomes than items",
                             g + 1);
        counted.assigned += arm->assigned[g];
        present += arm->assigned[g] > 0;
    }
    double independent = arm->cluster == NULL ? counted.assigned : present;
    if (arm->count == 0 || !(independent >= 2))
        return error_set(error, ERROR_DOMAIN,
                         "an arm without an outcome, or of fewer than 2 clusters");
    counted.share = counted.observed / counted.assigned;
    counted.factor = independent / (independent - 1);
    *out = counted;
    return STATUS_OK;
}

/* ---- One trimmed mean --------------------------------------------------------------------- */

/* What is left of the trimmed arm, at its upper or lower end. */
struct kept {
    double share; /* 1 - q */
    double mean;
    double edge; /* the outermost value of which something is left */
    bool upper;
};

static struct kept keep(const struct bounds_arm *arm, double observed, double share, bool upper)
{
    struct kept kept = {.share = share, .upper = upper};
    double wanted = share * observed;
    double have = 0;
    for (size_t i = 0; i < arm->count && have < wanted; i++) {
        size_t row = upper ? arm->count - 1 - i : i;
        double left = wanted - have;
        double items = fmin(arm->items[row], left);
        /* Rounding of the share is no item: where the trim ends between two values, it is there. */
        if (i > 0 && items < 1e-9 * arm->items[row])
            break;
        have += items;
        kept.mean += (arm->value[row] - kept.mean) * items / have;
        kept.edge = arm->value[row];
    }
    return kept;
}

/* What an item with this value adds to the mean of what is left, in observed items. */
static double influence_on(const struct kept *kept, double value)
{
    double beyond = kept->upper ? fmax(value - kept->edge, 0) : -fmax(kept->edge - value, 0);
    return beyond / kept->share + kept->edge - kept->mean;
}

/* ---- The error of one bound ---------------------------------------------------------------- */

struct halves {
    const struct bounds_arm *arm[2]; /* the trimmed one, the other */
    const struct counted *counted[2];
    const double *observed[2]; /* by cluster */
};

/* By row, what an item with an outcome adds but for its having one. */
static double influence_of(const struct halves *halves, int half, const struct kept *kept,
                           double value)
{
    return half == 0 ? influence_on(kept, value) : halves->counted[1]->mean - value;
}

/* What having an outcome adds, to be taken with whether it has one less the arm's share. */
static double influence_of_having(const struct kept *kept, int half)
{
    return half == 0 ? kept->mean - kept->edge : kept->edge - kept->mean;
}

static double independent_variance(const struct halves *halves, const struct kept *kept)
{
    double variance = 0;
    for (int half = 0; half < 2; half++) {
        const struct bounds_arm *arm = halves->arm[half];
        const struct counted *counted = halves->counted[half];
        double having = influence_of_having(kept, half);
        double without = having * counted->share;
        double sum = (counted->assigned - counted->observed) * without * without;
        for (size_t row = 0; row < arm->count; row++) {
            double with =
                influence_of(halves, half, kept, arm->value[row]) + having * (1 - counted->share);
            sum += arm->items[row] * with * with;
        }
        variance += counted->factor * sum / (counted->observed * counted->observed);
    }
    return variance;
}

/* The same over clusters' sums. parts: by cluster, overwritten */
static double clustered_variance(const struct halves *halves, const struct kept *kept,
                                 size_t clusters, double *parts, double *df)
{
    double second = 0;
    double fourth = 0;
    for (size_t g = 0; g < clusters; g++)
        parts[g] = 0;
    for (int half = 0; half < 2; half++) {
        const struct bounds_arm *arm = halves->arm[half];
        const struct counted *counted = halves->counted[half];
        double scale = sqrt(counted->factor) / counted->observed;
        double having = influence_of_having(kept, half);
        for (size_t row = 0; row < arm->count; row++)
            parts[arm->cluster[row]] +=
                scale * arm->items[row] * influence_of(halves, half, kept, arm->value[row]);
        for (size_t g = 0; g < clusters; g++)
            parts[g] +=
                scale * having * (halves->observed[half][g] - counted->share * arm->assigned[g]);
    }
    for (size_t g = 0; g < clusters; g++) {
        double square = parts[g] * parts[g];
        second += square;
        fourth += square * square;
    }
    *df = fmin(*df, fmax(1, influence_df(second, fourth)));
    return second;
}

/* ---- Together ------------------------------------------------------------------------------ */

/* The c of Imbens & Manski, between the one-sided quantile and the two-sided. */
static enum status quantile_of(double level, double df, double width, double *out,
                               struct error *error)
{
    double low = 0;
    double high = 0;
    enum status status = assay_quantile(level, df, &high, error);
    for (int step = 0; status == STATUS_OK && step < 200 && high - low > 1e-14 * high; step++) {
        double middle = (low + high) / 2;
        double outside =
            isinf(df)
                ? pnorm5(-middle, 0, 1, true, false) + pnorm5(middle + width, 0, 1, false, false)
                : pt(-middle, df, true, false) + pt(middle + width, df, false, false);
        if (outside > 1 - level)
            low = middle;
        else
            high = middle;
    }
    *out = high;
    return status;
}

static enum status finish(double level, struct bounds *bounds, struct error *error)
{
    double quantile = 0;
    double largest = fmax(bounds->standard_error[0], bounds->standard_error[1]);
    if (!(fmin(bounds->standard_error[0], bounds->standard_error[1]) > 0) || !isfinite(largest))
        return error_set(error, ERROR_DOMAIN,
                         "the standard error of a bound is 0: the rows leave nothing to judge "
                         "chance by");
    double width = (bounds->bounds.high - bounds->bounds.low) / largest;
    enum status status = quantile_of(level, bounds->df, width, &quantile, error);
    bounds->interval.low = bounds->bounds.low - quantile * bounds->standard_error[0];
    bounds->interval.high = bounds->bounds.high + quantile * bounds->standard_error[1];
    return status;
}

size_t assay_bounds_scratch(size_t clusters)
{
    return 3 * clusters;
}

enum status assay_bounds(const struct bounds_arm arms[2], size_t clusters, double level,
                         double *scratch, struct bounds *out, struct error *error)
{
    struct counted counted[2] = {{.assigned = 0}, {.assigned = 0}};
    double *observed[2] = {scratch, scratch + clusters};
    bool independent = arms[0].cluster == NULL;
    if (independent != (arms[1].cluster == NULL) || (independent && clusters != 1))
        return error_set(error, ERROR_DOMAIN, "clusters are given of one arm only");
    for (int arm = 0; arm < 2; arm++) {
        enum status status = count_arm(&arms[arm], clusters, observed[arm], &counted[arm], error);
        if (status != STATUS_OK)
            return status;
    }
    int trimmed = counted[1].share >= counted[0].share ? 1 : 0;
    int other = 1 - trimmed;
    struct halves halves = {{&arms[trimmed], &arms[other]},
                            {&counted[trimmed], &counted[other]},
                            {observed[trimmed], observed[other]}};
    struct bounds result = {.df = independent ? INFINITY : (double)clusters - 1,
                            .share = {counted[0].share, counted[1].share},
                            .trimmed = 1 - counted[other].share / counted[trimmed].share,
                            .trimmed_arm = trimmed};
    double difference[2];
    for (int side = 0; side < 2; side++) {
        /* The upper end of arm 1, or the lower of arm 0, gives the upper bound. */
        bool upper = side == trimmed;
        struct kept kept =
            keep(&arms[trimmed], counted[trimmed].observed, 1 - result.trimmed, upper);
        difference[side] = trimmed == 1 ? kept.mean - counted[0].mean : counted[1].mean - kept.mean;
        result.standard_error[side] =
            sqrt(independent ? independent_variance(&halves, &kept)
                             : clustered_variance(&halves, &kept, clusters, scratch + 2 * clusters,
                                                  &result.df));
    }
    result.bounds = (struct interval){difference[0], difference[1]};
    enum status status = finish(level, &result, error);
    if (status == STATUS_OK)
        *out = result;
    return status;
}
