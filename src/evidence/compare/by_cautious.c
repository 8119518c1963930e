#include "evidence/compare/by_cautious.h"

#include "assay/cautious.h"

#include <math.h>

/* The clusters of a cell: one entry for each arm they are in. */
struct entries {
    size_t count;
    int *arm;
    double *items, *mean, *residual;
    double items_of[2], mean_of[2];
    bool apart; /* each cluster is in one arm */
    bool below_0;
};

static struct entries entries_of(const struct blocked_rows *rows, struct arena *arena)
{
    struct entries out = {
        .arm = arena_array(arena, rows->count, sizeof *out.arm),
        .items = arena_array(arena, rows->count, sizeof *out.items),
        .mean = arena_array(arena, rows->count, sizeof *out.mean),
        .residual = arena_array(arena, rows->count, sizeof *out.residual),
        .apart = true,
    };
    for (size_t first = 0, end = 0; first < rows->count; first = end) {
        double items[2] = {0, 0};
        double total[2] = {0, 0};
        for (; end < rows->count && rows->cluster[end] == rows->cluster[first]; end++) {
            items[rows->arm[end]] += rows->items[end];
            total[rows->arm[end]] += rows->items[end] * rows->mean[end];
        }
        out.apart = out.apart && (items[0] == 0 || items[1] == 0);
        for (int arm = 0; arm < 2; arm++) {
            if (items[arm] == 0)
                continue;
            out.arm[out.count] = arm;
            out.items[out.count] = items[arm];
            out.mean[out.count++] = total[arm] / items[arm];
            out.below_0 = out.below_0 || total[arm] < 0;
            out.items_of[arm] += items[arm];
            out.mean_of[arm] += total[arm];
        }
    }
    for (int arm = 0; arm < 2; arm++)
        out.mean_of[arm] /= out.items_of[arm];
    for (size_t i = 0; i < out.count; i++)
        out.residual[i] = out.mean[i] - out.mean_of[out.arm[i]];
    return out;
}

static enum outcome_range range_of(const struct metric *metric, bool below_0)
{
    if (metric->kind == METRIC_PROPORTION)
        return OUTCOME_SHARE;
    return below_0 || metric->scale == METRIC_LOG ? OUTCOME_ANY : OUTCOME_AT_LEAST_0;
}

enum status by_widen(const struct blocked_rows *rows, const struct metric *metric, double level,
                     struct arena *arena, struct estimate *estimate, double *scale,
                     struct error *error)
{
    const struct entries of = entries_of(rows, arena);
    const struct arm_clusters clusters = {of.count, of.arm, of.items, of.mean, of.residual};
    enum outcome_range range = range_of(metric, of.below_0);
    struct cautious cautious = {.estimate = *estimate};
    double quantile = 0;
    double variance = estimate->standard_error * estimate->standard_error;
    /* As the whole comparison has it: shares of clusters in one arm vary by items at least. */
    double least = of.apart && range == OUTCOME_SHARE ? 1 : 0;
    enum status status =
        of.apart ? assay_cautious(&clusters, range, least, level, estimate, &cautious, error)
                 : assay_score_widen(range, of.mean_of, of.items_of, variance, least, level,
                                     &cautious.estimate, error);
    if (status == STATUS_OK)
        status = assay_quantile(level, cautious.estimate.df, &quantile, error);
    if (status != STATUS_OK)
        return status;
    const struct estimate *wide = &cautious.estimate;
    double reach = fmax(wide->value - wide->interval.low, wide->interval.high - wide->value);
    *scale = fmax(1, reach / (quantile * estimate->standard_error));
    cautious.estimate.standard_error = *scale * estimate->standard_error;
    *estimate = cautious.estimate;
    return STATUS_OK;
}
