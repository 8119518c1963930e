#include "evidence/compare/by_estimates.h"

#include "assay/blocked.h"
#include "assay/heterogeneity.h"
#include "assay/quantile.h"
#include "assay/ratio.h"
#include "base/error.h"
#include "evidence/compare/by_cautious.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Times of a cell that are seen for a smaller part of the comparison's horizon than this would make
   all cells' so short. */
static const double horizon_least = 0.5;

bool by_takes_items(const struct metric *metric)
{
    return metric->kind == METRIC_DURATION || metric->kind == METRIC_QUANTILE;
}

/* ---- From means of rows -------------------------------------------------------------------- */

/* A cell's rows, of strata that both arms have. */
struct cell_rows {
    size_t count, strata;
    int64_t *cluster, *stratum, *arm;
    double *items, *mean, *divisor;
};

static struct cell_rows rows_of(const struct parts *parts, const struct tally *tally, size_t cell,
                                struct arena *arena)
{
    struct cell_rows out = {
        .strata = parts->has_strata ? parts->strata : 1,
        .cluster = arena_array(arena, parts->rows, sizeof *out.cluster),
        .stratum = arena_array(arena, parts->rows, sizeof *out.stratum),
        .arm = arena_array(arena, parts->rows, sizeof *out.arm),
        .items = arena_array(arena, parts->rows, sizeof *out.items),
        .mean = arena_array(arena, parts->rows, sizeof *out.mean),
        .divisor = arena_array(arena, parts->rows, sizeof *out.divisor),
    };
    for (size_t i = 0; i < parts->rows; i++) {
        if (parts_cell(parts, i) != cell || !tally->matched[parts_within(parts, i)])
            continue;
        out.cluster[out.count] = parts->cluster[i];
        out.stratum[out.count] = parts->has_strata ? parts->stratum[i] : 0;
        out.arm[out.count] = parts->arm[i];
        out.items[out.count] = parts->items[i];
        out.mean[out.count] = parts->mean[i];
        out.divisor[out.count++] = parts->divisor[i];
    }
    return out;
}

static enum status ratio_of(const struct cell_rows *of, double level, struct arena *arena,
                            double *part, struct estimate *out, struct error *error)
{
    const struct ratio_rows rows = {of->count, of->cluster, of->stratum, of->arm,
                                    of->items, of->mean,    of->divisor, of->strata};
    struct ratio ratio;
    double unmatched[2];
    double *scratch =
        arena_array(arena, assay_ratio_within_scratch(of->count, of->strata), sizeof *scratch);
    enum status status = assay_ratio_within_deletions(&rows, BLOCKED_ARM_1, level, scratch, part,
                                                      &ratio, unmatched, error);
    if (status == STATUS_OK && ratio.weak)
        return error_set(error, ERROR_DOMAIN, "a denominator is too near to 0");
    if (status == STATUS_OK)
        *out = ratio.estimate;
    return status;
}

/* A logarithm of a ratio grows as its difference of means does. */
static enum status widen(const struct blocked_rows *rows, enum blocked_scale scale,
                         const struct metric *metric, double level, struct arena *arena,
                         struct estimate *out, struct error *error)
{
    struct blocked blocked;
    double grown = 1;
    if (scale == BLOCKED_DIFFERENCE)
        return by_widen(rows, metric, level, arena, out, &grown, error);
    double *scratch = arena_array(arena, assay_blocked_scratch(rows->cell_count), sizeof *scratch);
    enum status status =
        assay_blocked(rows, BLOCKED_ARM_1, BLOCKED_DIFFERENCE, level, scratch, &blocked, error);
    if (status == STATUS_OK)
        status = by_widen(rows, metric, level, arena, &blocked.estimate, &grown, error);
    if (status != STATUS_OK)
        return status;
    return assay_estimate(out->value, grown * out->standard_error, out->df, level, out, error);
}

static enum status mean_of(const struct cell_rows *of, const struct metric *metric,
                           const struct by_way *way, struct arena *arena, double *part,
                           struct estimate *out, struct error *error)
{
    const struct blocked_rows rows = {of->count, of->cluster, of->stratum, of->arm,
                                      of->items, of->mean,    of->strata};
    enum blocked_scale scale =
        way->log_scale && !way->log_metric ? BLOCKED_LOG_RATIO : BLOCKED_DIFFERENCE;
    struct blocked blocked;
    double *scratch = arena_array(arena, assay_blocked_scratch(of->strata), sizeof *scratch);
    enum status status = assay_blocked_deletions(&rows, BLOCKED_ARM_1, scale, way->level, scratch,
                                                 part, &blocked, error);
    if (status != STATUS_OK)
        return status;
    *out = blocked.estimate;
    return way->cautious ? widen(&rows, scale, metric, way->level, arena, out, error) : STATUS_OK;
}

static enum status from_rows(const struct parts *parts, const struct tally *tally, size_t cell,
                             const struct by_way *way, struct arena *arena, double *part,
                             struct estimate *out, struct error *error)
{
    struct cell_rows rows = rows_of(parts, tally, cell, arena);
    for (size_t g = 0; g < parts->clusters; g++)
        part[g] = NAN;
    enum status status = parts->metric->kind == METRIC_RATIO
                             ? ratio_of(&rows, way->level, arena, part, out, error)
                             : mean_of(&rows, parts->metric, way, arena, part, out, error);
    if (status == STATUS_OK)
        assay_parts_of_deletions(parts->clusters, part);
    return status;
}

/* ---- From the items ------------------------------------------------------------------------ */

static int by_name(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* What clusters of a cell add, by their number among all. */
static void place_parts(const struct cluster_parts *found, const struct parts *parts, double *part)
{
    memset(part, 0, parts->clusters * sizeof *part);
    for (size_t g = 0; g < found->count; g++) {
        const char **at = bsearch(&found->name[g], parts->cluster_name, parts->clusters,
                                  sizeof *parts->cluster_name, by_name);
        if (at != NULL)
            part[at - parts->cluster_name] = found->part[g];
    }
}

/* horizon   of times: the least one of cells so far, and of this one */
static enum status from_items(struct workspace *workspace, const struct parts *parts, size_t cell,
                              const struct by_way *way, double *horizon, struct arena *arena,
                              double *part, struct estimate *out, struct error *error)
{
    struct sample sample = parts_sample(parts, cell, arena);
    struct sample_counts counts;
    struct estimated estimated;
    const struct precision precision = {way->level, VARIANCE_CR2, false};
    enum status status = STATUS_OK;
    sample.horizon_most = *horizon;
    if (parts->metric->kind == METRIC_DURATION)
        status = estimate_duration(workspace, &sample, parts->has_strata ? 1 : -1, &precision,
                                   arena, &counts, &estimated, error);
    else
        status = estimate_quantile_parts(workspace, &sample,
                                         way->log_scale ? BLOCKED_LOG_RATIO : BLOCKED_DIFFERENCE,
                                         way->level, arena, &estimated, error);
    if (status != STATUS_OK)
        return status;
    if (parts->metric->kind == METRIC_QUANTILE && estimated.fewest_beside < way->least)
        return error_set(error, ERROR_DOMAIN, "few people are on one side of a quantile");
    if (estimated.horizon_minutes < horizon_least * way->horizon_minutes)
        return error_set(error, ERROR_DOMAIN, "its items were seen for a short time only");
    *horizon = fmin(*horizon, estimated.horizon_minutes);
    *out = estimated.estimate;
    place_parts(&estimated.parts, parts, part);
    return STATUS_OK;
}

/* ---- All cells ----------------------------------------------------------------------------- */

static size_t count_cells(const struct parts *parts)
{
    size_t cells = parts_any_others(parts);
    for (size_t c = 0; c < parts->count; c++)
        cells += !parts->others[c];
    return cells;
}

static void start(const struct parts *parts, struct arena *arena, struct by_estimates *out)
{
    size_t cells = count_cells(parts);
    *out = (struct by_estimates){
        .cell = arena_array(arena, cells, sizeof *out->cell),
        .value = arena_array(arena, cells, sizeof *out->value),
        .variance = arena_array(arena, cells, sizeof *out->variance),
        .df = arena_array(arena, cells, sizeof *out->df),
        .items = arena_array(arena, cells, sizeof *out->items),
        .interval = arena_array(arena, cells, sizeof *out->interval),
        .part = arena_array(arena, cells * parts->clusters, sizeof *out->part),
    };
}

/* What clusters add is scaled to the variance, of which rounding may make up a part. */
static void add_estimate(const struct parts *parts, const struct tally *tally, size_t cell,
                         const struct estimate *estimate, struct by_estimates *out)
{
    double *part = out->part + out->count * parts->clusters;
    double squares = 0;
    for (size_t g = 0; g < parts->clusters; g++)
        squares += part[g] * part[g];
    for (size_t g = 0; g < parts->clusters; g++)
        part[g] *= estimate->standard_error / sqrt(squares);
    out->cell[out->count] = cell;
    out->value[out->count] = estimate->value;
    out->variance[out->count] = estimate->standard_error * estimate->standard_error;
    out->df[out->count] = estimate->df;
    out->interval[out->count] = estimate->interval;
    out->items[out->count++] = tally->items[cell][0] + tally->items[cell][1];
}

/* One round. again   parts joined the others, or times have to end earlier */
static enum status estimate_once(struct workspace *workspace, const struct by_way *way,
                                 struct parts *parts, double *horizon, struct arena *arena,
                                 struct tally *tally, struct by_estimates *out, bool *any,
                                 bool *again, struct error *error)
{
    double first_horizon = *horizon;
    *again = *any = false;
    *tally = parts_fold(parts, way->least, arena);
    if (count_cells(parts) < 2)
        return STATUS_OK;
    start(parts, arena, out);
    for (size_t c = 0; c <= parts->count; c++) {
        struct estimate estimate = {0};
        struct error why = {0};
        double *part = out->part + out->count * parts->clusters;
        if (c == parts->count ? *again || !parts_any_others(parts) : parts->others[c])
            continue;
        if (parts_small(tally, c, way->least))
            return STATUS_OK;
        enum status status =
            by_takes_items(parts->metric)
                ? from_items(workspace, parts, c, way, horizon, arena, part, &estimate, &why)
                : from_rows(parts, tally, c, way, arena, part, &estimate, &why);
        if (status == ERROR_DOMAIN || status == ERROR_SINGULAR) {
            if (c < parts->count)
                parts->others[c] = true;
            *again = c < parts->count || parts_fold_smallest(parts, tally);
            if (!*again)
                return STATUS_OK;
            continue;
        }
        if (status != STATUS_OK) {
            if (error != NULL)
                *error = why;
            return status;
        }
        add_estimate(parts, tally, c, &estimate, out);
    }
    if (*again) {
        *horizon = first_horizon;
        return STATUS_OK;
    }
    out->horizon_minutes = *horizon;
    *again = *horizon < first_horizon;
    *any = out->count >= 2;
    return STATUS_OK;
}

enum status by_estimate(struct workspace *workspace, const struct by_way *way, struct parts *parts,
                        struct arena *arena, struct tally *tally, struct by_estimates *out,
                        bool *any, struct error *error)
{
    bool again = true;
    double horizon = way->horizon_minutes;
    enum status status = STATUS_OK;
    while (status == STATUS_OK && again)
        status =
            estimate_once(workspace, way, parts, &horizon, arena, tally, out, any, &again, error);
    if (status == STATUS_OK && parts->metric->kind != METRIC_DURATION)
        out->horizon_minutes = NAN;
    return status;
}
