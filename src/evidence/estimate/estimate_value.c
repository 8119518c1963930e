/* Means and proportions: least squares by cluster, and the blocked difference. */

#include "evidence/estimate/estimators.h"

#include "assay/blocked.h"
#include "assay/interacted.h"
#include "assay/moments.h"
#include "base/embedded.h"
#include "base/error.h"
#include "engine/sql_text.h"
#include "evidence/estimate/carried.h"
#include "evidence/estimate/counts.h"
#include "evidence/estimate/effect.h"
#include "evidence/estimate/moments_frame.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- Counts ------------------------------------------------------------------------------- */

enum status sample_count(struct workspace *workspace, const struct sample *sample,
                         struct arena *arena, struct sample_counts *out, struct error *error)
{
    struct moments_frame frame;
    if (sample->metric->kind == METRIC_RATIO)
        return count_ratio(workspace, sample, arena, out, error);
    if (sample->metric->kind == METRIC_QUANTILE)
        return counts_of_items(workspace, sample, arena, out, error);
    enum status status = moments_frame_read(workspace, sample, arena, &frame, error);
    if (status == STATUS_OK)
        moments_frame_count(&frame, sample->metric->scale == METRIC_LOG, arena, out);
    return status;
}

/* ---- Least squares ---------------------------------------------------------------------- */

void moments_with_arm(size_t k, const double *moments, double arm, double *out)
{
    size_t wide = k + 1;
    memset(out, 0, assay_moments_size(wide));
    out[0] = moments[0];
    out[1] = arm;
    memcpy(out + 2, moments + 1, k * sizeof *out);
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j <= i; j++)
            out[1 + wide + (i + 1) * (i + 2) / 2 + j + 1] = assay_moments_cross(k, moments, i, j);
}

enum status cluster_moments(struct workspace *workspace, const struct sample *sample,
                            struct arena *arena, struct sample_counts *counts,
                            struct cluster_moments *out, struct error *error)
{
    struct moments_frame frame;
    enum status status = moments_frame_read(workspace, sample, arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    const struct terms terms = moments_frame_terms(&frame, arena);
    struct clusters clusters = moments_frame_clusters(&frame, &terms, arena);
    moments_frame_count(&frame, false, arena, counts);
    *out = (struct cluster_moments){
        .columns = terms_columns(&terms),
        .list = clusters.list,
        .count = clusters.count,
        .covariates = frame.columns - 1,
    };
    out->of_arm = moments_frame_of_arm(&frame, arena, &out->of_arm_count);
    return STATUS_OK;
}

/* Why there is no fit. Columns: the arm, formulas, the mean before, whether it is missing, and the
   slopes of arm 1. */
static enum status singular(const struct sample *sample, size_t column, struct arena *arena,
                            struct error *error)
{
    const char *what = "the arm";
    size_t covariates = sample_covariates(sample);
    if (column > covariates + 1)
        return error_set(
            error, ERROR_SINGULAR,
            "a covariate varies too little in one of the arms for slopes of each arm's "
            "own; leave those out (--interact, or interact: true)");
    if (column > sample->covariate_count + 1)
        what = "what people did before";
    else if (column > sample->covariate_count + 1 - sample->dummy_count)
        what = "a stratum or period";
    else if (column > 1)
        what = arena_printf(arena, "covariate %zu", column - 1);
    return error_set(error, ERROR_SINGULAR,
                     "%s is the same for every item, or follows from what stands before it; "
                     "leave it out",
                     what);
}

/* HC errors need the rows once more: the moments of the scores, formed in SQL. */
static enum status hc_variance(struct workspace *workspace, const struct sample *sample,
                               const struct terms *terms, const struct regression *fit,
                               enum variance kind, struct arena *arena, double *out,
                               struct error *error);

/* a'Vb over all coefficients. */
static double form(size_t size, const double *a, const double *matrix, const double *b)
{
    double sum = 0;
    for (size_t i = 0; i < size; i++)
        for (size_t j = 0; j < size; j++)
            sum += a[i] * matrix[i * size + j] * b[j];
    return sum;
}

/* What the arm's coefficient is a share of: the mean of arm 0 at the mean covariates, where those
   of slopes of arm 1's own are 0.
   variance   of the coefficients */
static enum status fit_baseline(const struct terms *terms, const struct regression *fit,
                                const struct precision *precision, const double *variance,
                                struct arena *arena, struct estimated *out, struct error *error)
{
    struct regression_fit about = assay_regression_fit(fit);
    size_t size = about.coefficients;
    double *zero = arena_array(arena, size, sizeof *zero);
    double *arm = arena_array(arena, size, sizeof *arm);
    double *share = arena_array(arena, size, sizeof *share);
    struct estimate chance = {.df = INFINITY};
    double mean = 0;
    arm[1] = 1;
    zero[0] = 1;
    for (size_t j = 2; j < 2 + terms->covariates; j++)
        zero[j] = about.centre[j - 1];
    for (size_t j = 0; j < size; j++)
        mean += zero[j] * about.coefficient[j];
    out->mean[0] = mean;
    out->mean[1] = mean + about.coefficient[1];
    for (size_t j = 0; j < size && mean > 0; j++)
        share[j] = arm[j] - about.coefficient[1] / mean * zero[j];
    enum status status = STATUS_OK;
    if (mean > 0 && precision->variance < VARIANCE_HC0 && !precision->normal)
        status = assay_regression_contrast(fit, precision->variance, share, 0, precision->level,
                                           &chance, error);
    out->baseline = (struct baseline){mean, form(size, zero, variance, zero),
                                      form(size, zero, variance, arm), chance.df};
    return status;
}

/* By cluster, with the caution that CR2 and CR3 need; other errors are as papers have them, and so
   is the difference of arms as found, on which no verdict rests. */
static bool is_cautious(const struct sample *sample, const struct precision *precision)
{
    return sample->arms.kind == ARMS_BY_ASSIGNMENT && !precision->normal &&
           (precision->variance == VARIANCE_CR2 || precision->variance == VARIANCE_CR3);
}

/* A share of a baseline is told by standard errors alone.
   scale   of them */
static enum status estimate_by_cluster(const struct sample *sample,
                                       const struct precision *precision,
                                       const struct regression *fit,
                                       const struct clusters *clusters, const double *contrast,
                                       bool is_share, struct arena *arena, struct estimate *out,
                                       double *scale, struct error *error)
{
    *scale = 1;
    enum status status =
        assay_regression_contrast(fit, precision->variance, contrast,
                                  precision->normal ? INFINITY : 0, precision->level, out, error);
    if (status != STATUS_OK || !is_cautious(sample, precision))
        return status;
    double standard_error = out->standard_error;
    struct regression_fit about = assay_regression_fit(fit);
    const struct carried_clusters of = {clusters->count, about.coefficients, clusters->list,
                                        carried_residuals(fit, clusters->list, arena),
                                        about.coefficients > 2 ? 1 - about.r_squared : 1};
    status = carried_widen(&of, sample->metric, precision->level, arena, out, scale, error);
    if (status == STATUS_OK && is_share && *scale > 1)
        status = assay_estimate(out->value, *scale * standard_error, out->df, precision->level, out,
                                error);
    return status;
}

/* The estimate of the arm's coefficient and, where it is shown as a share, its baseline. */
static enum status estimate_fit(struct workspace *workspace, const struct sample *sample,
                                const struct terms *terms, const struct precision *precision,
                                const struct regression *fit, const struct clusters *clusters,
                                struct arena *arena, struct estimated *out, struct error *error)
{
    struct regression_fit about = assay_regression_fit(fit);
    size_t size = about.coefficients;
    double *contrast = arena_array(arena, size, sizeof *contrast);
    double *variance = arena_array(arena, size * size, sizeof *variance);
    double scale = 1;
    bool by_item = precision->variance >= VARIANCE_HC0;
    bool is_share = !out->log_ratio && effect_scale_of(sample->metric, false) == SCALE_RELATIVE;
    enum status status = STATUS_OK;
    contrast[1] = 1;
    if (by_item) {
        status =
            hc_variance(workspace, sample, terms, fit, precision->variance, arena, variance, error);
        if (status == STATUS_OK)
            status = assay_estimate(about.coefficient[1], sqrt(variance[size + 1]),
                                    precision->normal ? INFINITY : (double)(about.rows - size),
                                    precision->level, &out->estimate, error);
    } else {
        status = estimate_by_cluster(sample, precision, fit, clusters, contrast, is_share, arena,
                                     &out->estimate, &scale, error);
        if (status == STATUS_OK && is_share)
            status = assay_regression_variance(fit, precision->variance, variance, error);
    }
    for (size_t i = 0; i < size * size; i++)
        variance[i] *= scale * scale;
    if (status == STATUS_OK && is_share)
        status = fit_baseline(terms, fit, precision, variance, arena, out, error);
    return status;
}

/* A proportion of a trial that is 0, or 1, for every item. */
static enum status estimate_alike(const struct precision *precision,
                                  const struct clusters *clusters, size_t columns,
                                  struct estimated *out, struct error *error)
{
    enum status status = carried_alike(clusters->list, clusters->count, columns, precision->level,
                                       &out->estimate, error);
    if (status != STATUS_OK)
        return status;
    out->carried = carried_of(clusters->list, clusters->count, columns, true);
    out->carried.eventful = (int64_t)clusters->count; /* no few of them carry it */
    out->carried.alike = true;
    out->without_one = (struct leverage){true, 0, 0};
    out->baseline = (struct baseline){.mean = out->mean[0], .df = out->estimate.df};
    out->difference = out->estimate;
    return STATUS_OK;
}

enum status estimate_of_frame(struct workspace *workspace, const struct moments_frame *frame,
                              const struct precision *precision, struct arena *arena,
                              struct sample_counts *counts, struct estimated *out,
                              struct error *error)
{
    const struct sample *sample = frame->sample;
    struct regression *fit = NULL;
    size_t column = 0;
    const struct terms terms = moments_frame_terms(frame, arena);
    size_t columns = terms_columns(&terms);
    moments_frame_count(frame, sample->metric->scale == METRIC_LOG, arena, counts);
    struct clusters clusters = moments_frame_clusters(frame, &terms, arena);
    if (counts->items[0] == 0 || counts->items[1] == 0)
        return error_set(error, ERROR_DOMAIN, "one arm has no item with an outcome");
    *out = (struct estimated){.clusters = (int64_t)clusters.count,
                              .mean = {counts->value[0], counts->value[1]},
                              .level = precision->level,
                              .horizon_minutes = NAN,
                              .log_ratio = sample->metric->scale == METRIC_LOG};
    if (sample->metric->kind == METRIC_PROPORTION && is_cautious(sample, precision) &&
        carried_is_alike(clusters.list, clusters.count, columns))
        return estimate_alike(precision, &clusters, columns, out, error);
    enum status status =
        assay_regression_open(columns, clusters.count, clusters.list, &column, &fit, error);
    if (status == ERROR_SINGULAR)
        return singular(sample, column, arena, error);
    if (status != STATUS_OK)
        return status;
    out->carried = carried_of(clusters.list, clusters.count, columns,
                              sample->metric->kind == METRIC_PROPORTION);
    out->without_one = leverage_of_fit(clusters.list, clusters.count, columns,
                                       assay_regression_fit(fit).coefficient[1], arena);
    status = estimate_fit(workspace, sample, &terms, precision, fit, &clusters, arena, out, error);
    assay_regression_close(fit);
    if (!out->log_ratio)
        out->difference = out->estimate;
    return status;
}

enum status estimate_regression(struct workspace *workspace, const struct sample *sample,
                                const struct precision *precision, struct arena *arena,
                                struct sample_counts *counts, struct estimated *out,
                                struct error *error)
{
    struct moments_frame frame;
    enum status status = moments_frame_read(workspace, sample, arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    return estimate_of_frame(workspace, &frame, precision, arena, counts, out, error);
}

/* ---- The second pass for HC0 to HC3 ----------------------------------------------------- */

/* e and h of a row as SQL, from the fit: e = y - b0 - sum b_j x_j,
   h = 1/N + sum_jk inverse_jk (x_j - centre_j)(x_k - centre_k). */
static void residual_and_leverage(struct arena *arena, const struct regression_fit *fit,
                                  const char *const *x, const char **residual,
                                  const char **leverage)
{
    size_t p = fit->coefficients - 1;
    struct text e = {.arena = arena};
    struct text h = {.arena = arena};
    text_addf(&e, "y - %s", sql_number(arena, fit->coefficient[0]));
    text_add(&h, sql_number(arena, 1 / (double)fit->rows));
    for (size_t j = 0; j < p; j++) {
        text_addf(&e, " - %s * %s", sql_number(arena, fit->coefficient[j + 1]), x[j]);
        for (size_t i = 0; i < p; i++)
            text_addf(&h, " + %s * (%s - %s) * (%s - %s)",
                      sql_number(arena, fit->inverse[j * p + i]), x[j],
                      sql_number(arena, fit->centre[j]), x[i], sql_number(arena, fit->centre[i]));
    }
    *residual = text_get(&e);
    *leverage = text_get(&h);
}

static enum status hc_variance(struct workspace *workspace, const struct sample *sample,
                               const struct terms *terms, const struct regression *fit,
                               enum variance kind, struct arena *arena, double *out,
                               struct error *error)
{
    struct regression_fit about = assay_regression_fit(fit);
    size_t p = about.coefficients - 1;
    const char **x = arena_array(arena, p, sizeof *x);
    const char *residual = NULL;
    const char *leverage = NULL;
    x[0] = "arm";
    for (size_t j = 1; j <= terms->covariates; j++)
        x[j] = arena_printf(arena, "x%zu", j);
    for (size_t j = terms->covariates + 1; terms->centre != NULL && j < p; j++) {
        size_t of = j - terms->covariates;
        x[j] = arena_printf(arena, "(arm * (x%zu - %s))", of,
                            sql_number(arena, terms->centre[of - 1]));
    }
    residual_and_leverage(arena, &about, x, &residual, &leverage);
    /* r = e / (1 - h)^(k/2): k = 0 for HC0 and HC1, 1 for HC2, 2 for HC3. */
    const char *power = kind == VARIANCE_HC3   ? "(1e0 - h)"
                        : kind == VARIANCE_HC2 ? "sqrt(1e0 - h)"
                                               : "1e0";
    struct text columns = {.arena = arena};
    text_addf(&columns, "e / %s", power);
    for (size_t j = 0; j < p; j++)
        text_addf(&columns, ", e / %s * (%s - %s)", power, x[j],
                  sql_number(arena, about.centre[j]));
    const char *sql = embedded_text("evidence/estimate/score_moments.sql");
    sql = TEXT_FILLED(arena, sql, {"columns", text_get(&columns)}, {"residual", residual},
                      {"leverage", leverage}, {"sample", sample_sql(arena, sample)});
    struct frame frame;
    enum status status =
        engine_query(workspace->engine, sql, sample_values(arena, sample), arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    double *meat = arena_array(arena, assay_regression_meat_length(fit), sizeof *meat);
    assay_regression_meat_from_moments(fit, frame.columns[0].lists[0], meat);
    return assay_regression_hc(fit, kind, meat, out, error);
}

/* ---- Within cells ----------------------------------------------------------------------- */

enum status estimate_blocked(struct workspace *workspace, const struct sample *sample,
                             int mix_of_arm, const struct precision *precision, struct arena *arena,
                             struct estimated *out, struct error *error)
{
    struct frame frame;
    struct blocked blocked;
    const char *sql = TEXT_FILLED(arena, embedded_text("evidence/estimate/cell_means.sql"),
                                  {"value", "y"}, {"sample", sample_sql(arena, sample)});
    enum status status =
        engine_query(workspace->engine, sql, sample_values(arena, sample), arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    if (frame.rows == 0)
        return error_set(error, ERROR_DOMAIN, "no item with an outcome is in an arm");
    size_t cells = 0;
    for (size_t row = 0; row < frame.rows; row++)
        if ((size_t)frame_integer(&frame, row, 1) >= cells)
            cells = (size_t)frame_integer(&frame, row, 1) + 1;
    const struct blocked_rows rows = {
        .count = frame.rows,
        .cluster = frame.columns[0].integers,
        .cell = frame.columns[1].integers,
        .arm = frame.columns[2].integers,
        .items = frame.columns[3].numbers,
        .mean = frame.columns[4].numbers,
        .cell_count = cells,
    };
    double *scratch = arena_array(arena, assay_blocked_scratch(cells), sizeof *scratch);
    status = assay_blocked(&rows, mix_of_arm == 0 ? BLOCKED_ARM_0 : BLOCKED_ARM_1,
                           BLOCKED_DIFFERENCE, precision->level, scratch, &blocked, error);
    if (status != STATUS_OK)
        return status;
    if (precision->normal)
        status = assay_estimate(blocked.estimate.value, blocked.estimate.standard_error, INFINITY,
                                precision->level, &blocked.estimate, error);
    if (status != STATUS_OK)
        return status;
    if (precision->normal)
        blocked.baseline.df = INFINITY;
    bool log_scale = sample->metric->scale == METRIC_LOG;
    *out = (struct estimated){
        .estimate = blocked.estimate,
        .log_ratio = log_scale,
        .clusters = (int64_t)blocked.clusters,
        .without_one = {true, blocked.lowest, blocked.highest},
        .mean = {log_scale ? exp(blocked.mean[0]) : blocked.mean[0],
                 log_scale ? exp(blocked.mean[1]) : blocked.mean[1]},
        .baseline = blocked.baseline,
        .level = precision->level,
        .unmatched = {blocked.unmatched[0], blocked.unmatched[1]},
        .horizon_minutes = NAN,
    };
    if (!log_scale)
        out->difference = blocked.estimate;
    return STATUS_OK;
}
