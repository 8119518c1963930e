/* The log of a ratio of sums, adjusted for covariates: least squares of what each item adds to it
   (docs/methods/comparison.md). */

#include "evidence/estimate/estimators.h"

#include "assay/moments.h"
#include "assay/ratio.h"
#include "base/embedded.h"
#include "base/error.h"
#include "evidence/estimate/counts.h"
#include "evidence/estimate/moments_frame.h"

#include <math.h>
#include <string.h>

enum { frame_worker, frame_arm, frame_excluded, frame_items, frame_moments, frame_cluster };
enum { numerator, denominator, outcomes };

/* An item of an arm counts as numerator times the first, denominator times the second, and the
   logarithm of the arm's ratio. */
struct line {
    double of_numerator, of_denominator, level;
};

static enum status read_frame(struct workspace *workspace, const struct sample *sample,
                              struct arena *arena, struct frame *out, struct error *error)
{
    struct text columns = {.arena = arena};
    for (size_t i = 0; i < sample_covariates(sample); i++)
        text_addf(&columns, "x%zu, ", i + 1);
    text_add(&columns, "case when excluded = 0 then y end, case when excluded = 0 then d end");
    const char *sql = TEXT_FILLED(arena, embedded_text("evidence/estimate/moments_by_worker.sql"),
                                  {"columns", text_get(&columns)}, {"groups", ""},
                                  {"cluster", sample_by_team(sample) ? "cluster" : "worker"},
                                  {"cluster_too", sample_by_team(sample) ? ", cluster" : ""},
                                  {"sample", sample_sql(arena, sample)});
    return engine_query(workspace->engine, sql, sample_values(arena, sample), arena, out, error);
}

static bool takes_part(const struct frame *frame, size_t row)
{
    return frame_integer(frame, row, frame_excluded) == EXCLUDED_NOT &&
           frame_text(frame, row, frame_cluster) != NULL;
}

/* A frame with other moments. */
static struct frame with_moments(const struct frame *frame, const double *const *lists,
                                 struct arena *arena)
{
    struct frame out = *frame;
    out.columns = arena_array(arena, frame->column_count, sizeof *out.columns);
    memcpy(out.columns, frame->columns, frame->column_count * sizeof *out.columns);
    out.columns[frame_moments].lists = lists;
    return out;
}

/* ---- Moments of other columns ------------------------------------------------------------ */

static double *moments_new(struct arena *arena, size_t columns, double items)
{
    double *out = arena_array(arena, assay_moments_size(columns), 1);
    out[0] = items;
    return out;
}

static double *cross_at(double *moments, size_t columns, size_t i, size_t j)
{
    return &moments[1 + columns + i * (i + 1) / 2 + j];
}

/* Of the last two columns alone. */
static const double *sums_of(const double *moments, size_t covariates, struct arena *arena)
{
    size_t all = covariates + outcomes;
    double *out = moments_new(arena, outcomes, moments[0]);
    for (size_t i = 0; i < outcomes; i++) {
        out[1 + i] = assay_moments_mean(moments, covariates + i);
        for (size_t j = 0; j <= i; j++)
            *cross_at(out, outcomes, i, j) =
                assay_moments_cross(all, moments, covariates + i, covariates + j);
    }
    return out;
}

/* Of the covariates and what items add. */
static const double *added_of(const double *moments, size_t covariates, const struct line *line,
                              struct arena *arena)
{
    size_t all = covariates + outcomes;
    double a = line->of_numerator;
    double b = line->of_denominator;
    double *out = moments_new(arena, covariates + 1, moments[0]);
    size_t n = covariates;
    for (size_t i = 0; i < covariates; i++) {
        out[1 + i] = assay_moments_mean(moments, i);
        for (size_t j = 0; j <= i; j++)
            *cross_at(out, covariates + 1, i, j) = assay_moments_cross(all, moments, i, j);
        *cross_at(out, covariates + 1, n, i) = a * assay_moments_cross(all, moments, n, i) +
                                               b * assay_moments_cross(all, moments, n + 1, i);
    }
    out[1 + n] =
        a * assay_moments_mean(moments, n) + b * assay_moments_mean(moments, n + 1) + line->level;
    *cross_at(out, covariates + 1, n, n) =
        fmax(0, a * a * assay_moments_cross(all, moments, n, n) +
                    2 * a * b * assay_moments_cross(all, moments, n + 1, n) +
                    b * b * assay_moments_cross(all, moments, n + 1, n + 1));
    return out;
}

/* ---- The arms ---------------------------------------------------------------------------- */

static enum status find_lines(const struct frame *frame, size_t covariates,
                              const struct sample *sample, struct line out[2], double ratio[2],
                              struct error *error)
{
    double items[2] = {0, 0};
    double total[2][outcomes] = {{0, 0}, {0, 0}};
    for (size_t row = 0; row < frame->rows; row++) {
        if (!takes_part(frame, row))
            continue;
        const double *moments = frame->columns[frame_moments].lists[row];
        int64_t arm = frame_integer(frame, row, frame_arm);
        items[arm] += moments[0];
        for (size_t i = 0; i < outcomes; i++)
            total[arm][i] += moments[0] * assay_moments_mean(moments, covariates + i);
    }
    for (int arm = 0; arm < 2; arm++) {
        if (!(items[arm] > 0))
            return error_set(error, ERROR_DOMAIN, "one arm has no item with an outcome");
        if (!(total[arm][numerator] > 0) || !(total[arm][denominator] > 0))
            return error_set(error, ERROR_DOMAIN,
                             "the sums of \"%s\" are not above 0: there is no ratio to compare",
                             sample->arms.names[arm]);
        ratio[arm] = total[arm][numerator] / total[arm][denominator];
        out[arm] = (struct line){items[arm] / total[arm][numerator],
                                 -items[arm] / total[arm][denominator], log(ratio[arm])};
    }
    return STATUS_OK;
}

/* Where a denominator is near 0 the straight line is none. */
static enum status check_strength(const struct frame *sums, const struct sample *sample,
                                  const struct precision *precision, struct arena *arena,
                                  struct carried *carried, struct error *error)
{
    struct ratio ratio;
    struct ratio_clusters clusters = ratio_by_cluster(arena, sums, sample_by_team(sample));
    enum status status = assay_ratio(&clusters, precision->level, &ratio, error);
    for (int arm = 0; arm < 2 && status == STATUS_OK; arm++)
        if (ratio.arms[arm].strength < assay_ratio_strength_straight)
            status = error_set(error, ERROR_DOMAIN,
                               "in \"%s\" the denominator is only %.1f standard errors above 0, "
                               "too near for an adjustment; leave the covariates out",
                               sample->arms.names[arm], ratio.arms[arm].strength);
    if (status == STATUS_OK)
        *carried = ratio_carried(&clusters, &ratio);
    return status;
}

enum status estimate_ratio_adjusted(struct workspace *workspace, const struct sample *sample,
                                    const struct precision *precision, struct arena *arena,
                                    struct sample_counts *counts, struct estimated *out,
                                    struct error *error)
{
    struct frame frame;
    struct line lines[2] = {0};
    double ratio[2] = {NAN, NAN};
    struct carried carried = {0};
    size_t covariates = sample_covariates(sample);
    enum status status = read_frame(workspace, sample, arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    counts_of_frame(&frame, arena, counts);
    status = find_lines(&frame, covariates, sample, lines, ratio, error);
    if (status != STATUS_OK)
        return status;
    const double **sums = arena_array(arena, frame.rows, sizeof *sums);
    const double **added = arena_array(arena, frame.rows, sizeof *added);
    for (size_t row = 0; row < frame.rows; row++) {
        const double *moments = frame.columns[frame_moments].lists[row];
        if (!takes_part(&frame, row))
            continue;
        const struct line *line = &lines[frame_integer(&frame, row, frame_arm)];
        sums[row] = sums_of(moments, covariates, arena);
        added[row] = added_of(moments, covariates, line, arena);
    }
    struct frame of_sums = with_moments(&frame, sums, arena);
    struct frame of_items = with_moments(&frame, added, arena);
    struct metric as_log = *sample->metric;
    struct sample asked = *sample;
    struct precision by_cluster = *precision;
    struct sample_counts same;
    as_log.kind = METRIC_MEAN;
    as_log.scale = METRIC_LOG;
    asked.metric = &as_log;
    by_cluster.variance = VARIANCE_CR2;
    struct moments_frame items;
    moments_frame_keep(&asked, &of_items, covariates + 1, arena, &items);
    status = check_strength(&of_sums, sample, precision, arena, &carried, error);
    if (status == STATUS_OK)
        status = estimate_of_frame(workspace, &items, &by_cluster, arena, &same, out, error);
    out->carried = carried;
    for (int arm = 0; arm < 2; arm++)
        counts->value[arm] = out->mean[arm] = ratio[arm];
    return status;
}
