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

/* ---- The arms ---------------------------------------------------------------------------- */

static enum status find_lines(const struct frame *frame, size_t covariates,
                              const struct sample *sample, struct ratio_line out[2],
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
        if (assay_ratio_line(items[arm], total[arm], &out[arm], NULL) != STATUS_OK)
            return error_set(error, ERROR_DOMAIN,
                             "the sums of \"%s\" are not above 0: there is no ratio to compare",
                             sample->arms.names[arm]);
    }
    return STATUS_OK;
}

/* ---- Moments of other columns ------------------------------------------------------------ */

/* The covariates stand before numerator and denominator. */
struct columns {
    size_t covariates;
    double *sums_alone; /* matrix of assay_moments_map */
    double *added[2];   /* by arm: the covariates, and what items add */
    double *shift[2];
    double *no_shift;
};

static struct columns columns_of(size_t covariates, const struct ratio_line lines[2],
                                 struct arena *arena)
{
    size_t all = covariates + outcomes;
    struct columns out = {
        .covariates = covariates,
        .sums_alone = arena_array(arena, outcomes * all, sizeof(double)),
        .no_shift = arena_array(arena, all, sizeof(double)),
    };
    for (size_t i = 0; i < outcomes; i++)
        out.sums_alone[i * all + covariates + i] = 1;
    for (int arm = 0; arm < 2; arm++) {
        double *matrix = arena_array(arena, (covariates + 1) * all, sizeof *matrix);
        for (size_t i = 0; i < covariates; i++)
            matrix[i * all + i] = 1;
        matrix[covariates * all + covariates + numerator] = lines[arm].of_numerator;
        matrix[covariates * all + covariates + denominator] = lines[arm].of_denominator;
        out.added[arm] = matrix;
        out.shift[arm] = arena_array(arena, covariates + 1, sizeof(double));
        out.shift[arm][covariates] = log(lines[arm].ratio);
    }
    return out;
}

/* A frame with moments of other columns: both sums, or the covariates and what items add. */
static struct frame mapped(const struct frame *frame, const struct columns *columns, bool sums,
                           struct arena *arena)
{
    struct frame out = *frame;
    size_t all = columns->covariates + outcomes;
    size_t wanted = sums ? outcomes : columns->covariates + 1;
    const double **lists = arena_array(arena, frame->rows, sizeof *lists);
    for (size_t row = 0; row < frame->rows; row++) {
        if (!takes_part(frame, row))
            continue;
        int64_t arm = frame_integer(frame, row, frame_arm);
        double *moments = arena_array(arena, assay_moments_length(wanted), sizeof *moments);
        assay_moments_map(all, frame->columns[frame_moments].lists[row], wanted,
                          sums ? columns->sums_alone : columns->added[arm],
                          sums ? columns->no_shift : columns->shift[arm], moments);
        lists[row] = moments;
    }
    out.columns = arena_array(arena, frame->column_count, sizeof *out.columns);
    memcpy(out.columns, frame->columns, frame->column_count * sizeof *out.columns);
    out.columns[frame_moments].lists = lists;
    return out;
}

/* ---- Together ---------------------------------------------------------------------------- */

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
    struct ratio_line lines[2] = {0};
    struct carried carried = {0};
    size_t covariates = sample_covariates(sample);
    enum status status = read_frame(workspace, sample, arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    counts_of_frame(&frame, arena, counts);
    status = find_lines(&frame, covariates, sample, lines, error);
    if (status != STATUS_OK)
        return status;
    struct columns columns = columns_of(covariates, lines, arena);
    struct frame of_sums = mapped(&frame, &columns, true, arena);
    struct frame of_items = mapped(&frame, &columns, false, arena);
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
        counts->value[arm] = out->mean[arm] = lines[arm].ratio;
    return status;
}
