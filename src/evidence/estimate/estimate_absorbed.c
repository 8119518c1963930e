/* Means and proportions within more strata than dummies are made of. */

#include "evidence/estimate/estimators.h"

#include "assay/absorbed.h"
#include "assay/moments.h"
#include "base/embedded.h"
#include "base/error.h"
#include "base/text.h"
#include "evidence/estimate/carried.h"
#include "evidence/estimate/effect.h"

#include <math.h>

/* Columns of stratum_moments.sql, and of moments of (arm, y). */
enum { frame_cluster, frame_stratum, frame_arm, frame_moments };
enum { columns = 2 };

struct strata_frame {
    struct absorbed_rows rows;
    const double **clusters; /* moments, by number */
    size_t count;
};

/* Rows of one cluster follow each other. */
static struct strata_frame read_frame(const struct frame *frame, struct arena *arena)
{
    double *items = arena_array(arena, frame->rows, sizeof *items);
    double *mean = arena_array(arena, frame->rows, sizeof *mean);
    double *squares = arena_array(arena, frame->rows, sizeof *squares);
    double *one = arena_alloc(arena, assay_moments_size(columns));
    const int64_t *cluster = frame->columns[frame_cluster].integers;
    struct strata_frame out = {.clusters = arena_array(arena, frame->rows, sizeof(double *))};
    size_t strata = 0;
    for (size_t i = 0; i < frame->rows; i++) {
        const double *moments = frame->columns[frame_moments].lists[i];
        size_t stratum = (size_t)frame_integer(frame, i, frame_stratum);
        items[i] = moments[0];
        mean[i] = assay_moments_mean(moments, 0);
        squares[i] = assay_moments_cross(1, moments, 0, 0);
        strata = stratum >= strata ? stratum + 1 : strata;
        if (i == 0 || cluster[i] != cluster[i - 1]) {
            double *fresh = arena_alloc(arena, assay_moments_size(columns));
            assay_moments_init(columns, fresh);
            out.clusters[out.count++] = fresh;
        }
        moments_with_arm(1, moments, (double)frame_integer(frame, i, frame_arm), one);
        assay_moments_merge(columns, one, (void *)out.clusters[out.count - 1]);
    }
    out.rows = (struct absorbed_rows){
        .count = frame->rows,
        .cluster = cluster,
        .stratum = frame->columns[frame_stratum].integers,
        .arm = frame->columns[frame_arm].integers,
        .items = items,
        .mean = mean,
        .squares = squares,
        .stratum_count = strata,
    };
    return out;
}

/* As wide as the errors by cluster have to be (evidence/estimate/carried.h). */
static enum status widen(const struct sample *sample, const struct precision *precision,
                         const struct strata_frame *frame, const double *residual,
                         struct absorbed *absorbed, struct arena *arena, struct error *error)
{
    double scale = 1;
    double standard_error = absorbed->estimate.standard_error;
    bool is_share = sample->metric->scale != METRIC_LOG &&
                    effect_scale_of(sample->metric, false) == SCALE_RELATIVE;
    const struct carried_clusters of = {frame->count, columns, frame->clusters, residual,
                                        1 - absorbed->r_squared};
    enum status status = carried_widen(&of, sample->metric, precision->level, arena,
                                       &absorbed->estimate, &scale, error);
    if (status == STATUS_OK && is_share && scale > 1)
        status =
            assay_estimate(absorbed->estimate.value, scale * standard_error, absorbed->estimate.df,
                           precision->level, &absorbed->estimate, error);
    absorbed->baseline.variance *= scale * scale;
    absorbed->baseline.covariance *= scale * scale;
    return status;
}

enum status estimate_absorbed(struct workspace *workspace, const struct sample *sample,
                              const struct precision *precision, struct arena *arena,
                              struct sample_counts *counts, struct estimated *out,
                              struct error *error)
{
    struct frame frame;
    struct absorbed absorbed;
    enum status status = sample_count(workspace, sample, arena, counts, error);
    if (status != STATUS_OK)
        return status;
    if (counts->items[0] == 0 || counts->items[1] == 0)
        return error_set(error, ERROR_DOMAIN, "one arm has no item with an outcome");
    const char *sql = TEXT_FILLED(arena, embedded_text("evidence/estimate/stratum_moments.sql"),
                                  {"sample", sample_sql(arena, sample)});
    status =
        engine_query(workspace->engine, sql, sample_values(arena, sample), arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    struct strata_frame strata = read_frame(&frame, arena);
    double *residual = arena_array(arena, strata.count, sizeof *residual);
    status = assay_absorbed(&strata.rows, precision->variance, precision->normal, precision->level,
                            residual, &absorbed, error);
    bool cautious = !precision->normal &&
                    (precision->variance == VARIANCE_CR2 || precision->variance == VARIANCE_CR3);
    if (status == STATUS_OK && cautious)
        status = widen(sample, precision, &strata, residual, &absorbed, arena, error);
    if (status != STATUS_OK)
        return status;
    bool log_scale = sample->metric->scale == METRIC_LOG;
    *out = (struct estimated){
        .estimate = absorbed.estimate,
        .log_ratio = log_scale,
        .clusters = (int64_t)absorbed.clusters,
        .carried = carried_of(strata.clusters, strata.count, columns,
                              sample->metric->kind == METRIC_PROPORTION),
        .without_one = {true, absorbed.lowest, absorbed.highest},
        .mean = {log_scale ? exp(absorbed.mean[0]) : absorbed.mean[0],
                 log_scale ? exp(absorbed.mean[1]) : absorbed.mean[1]},
        .baseline = absorbed.baseline,
        .level = precision->level,
        .horizon_minutes = NAN,
    };
    if (!log_scale)
        out->difference = absorbed.estimate;
    return STATUS_OK;
}
