#include "evidence/compare/perception.h"

#include "assay/restricted_mean.h"
#include "base/embedded.h"
#include "base/error.h"
#include "evidence/estimate/effect.h"
#include "evidence/facts/metrics.h"
#include "evidence/sample/arms.h"

#include <math.h>
#include <string.h>

static bool is_minutes(const char *unit)
{
    return strcmp(unit, "minutes") == 0 || strcmp(unit, "hours") == 0 || strcmp(unit, "days") == 0;
}

/* Is the metric a time that people could have had an expectation of? */
static bool is_time(const struct metric *metric)
{
    return metric->kind == METRIC_DURATION ||
           (metric->kind == METRIC_MEAN && metric->better == METRIC_LOWER &&
            is_minutes(metric->unit));
}

/* ---- Expected ------------------------------------------------------------------------------- */

/* The mean of weights and values that come summed by cluster, with the errors of a mean by cluster:
   its influences are phi_g = (total_g - mean weight_g) / weight.
   log_of   of the mean, rather than the mean */
static enum status mean_by_cluster(const struct frame *frame, bool log_of, double level,
                                   struct arena *arena, struct estimate *out, struct error *error)
{
    const double *weight = frame->columns[1].numbers;
    const double *total = frame->columns[2].numbers;
    double *influence = arena_array(arena, frame->rows, sizeof *influence);
    double all = 0;
    double sum = 0;
    for (size_t g = 0; g < frame->rows; g++) {
        all += weight[g];
        sum += total[g];
    }
    double mean = sum / all;
    double scale = log_of ? mean : 1;
    for (size_t g = 0; g < frame->rows; g++)
        influence[g] = (total[g] - mean * weight[g]) / all / scale;
    const struct arm_influence one = {log_of ? log(mean) : mean, weight, influence};
    return assay_restricted_mean_estimate(frame->rows, &one, level, out, error);
}

/* Everybody expected the same, or one person alone expected anything: there is a number, and no
   interval. */
static enum status without_interval(const struct frame *frame, bool log_of, struct perceived *out)
{
    double all = 0;
    double sum = 0;
    for (size_t g = 0; g < frame->rows; g++) {
        all += frame->columns[1].numbers[g];
        sum += frame->columns[2].numbers[g];
    }
    out->effect = log_of ? sum / all - 1 : expm1(sum / all);
    out->interval = (struct interval){NAN, NAN};
    return STATUS_OK;
}

/* The same scale as the metric's own: a ratio of geometric means, or of sums. */
static enum status expected(struct workspace *workspace, const struct comparison_request *request,
                            const struct sample *sample, struct arena *arena, struct perceived *out,
                            struct error *error)
{
    static const char *const names[] = {"predicted_minutes", "predicted_minutes_ai"};
    bool geometric = sample->metric->scale == METRIC_LOG;
    struct sample asked = *sample;
    struct formula *covariates = NULL;
    struct frame frame;
    enum status status = metrics_covariates(workspace, names, 2, arena, &covariates, error);
    if (status != STATUS_OK)
        return status;
    asked.covariates = covariates;
    asked.covariate_count = 2;
    asked.earlier = false;
    asked.cell = NULL;
    const char *sql = TEXT_FILLED(arena, embedded_text("evidence/compare/expected_by_cluster.sql"),
                                  {"weight", geometric ? "1e0" : "x1"},
                                  {"value", geometric ? "ln(x2 / x1)" : "(x2 / x1)"},
                                  {"sample", sample_sql(arena, &asked)});
    status =
        engine_query(workspace->engine, sql, sample_values(arena, &asked), arena, &frame, error);
    if (status != STATUS_OK || frame.rows == 0)
        return status;
    struct estimate estimate;
    struct effect effect;
    struct error why = {0};
    out->exists = true;
    out->fewest = frame_integer(&frame, 0, 3);
    status = mean_by_cluster(&frame, !geometric, request->level, arena, &estimate, &why);
    if (status == STATUS_OK)
        status = assay_effect_ratio(&estimate, &effect, &why);
    if (status != STATUS_OK)
        return without_interval(&frame, !geometric, out);
    out->effect = effect.value;
    out->interval = effect.interval;
    return STATUS_OK;
}

/* ---- Said afterwards ------------------------------------------------------------------------ */

/* The comparison itself, of the time that people said it took. Only as assigned: as found, work
   that lasts longer meets AI more often, whoever says how long it was. */
static enum status said(struct workspace *workspace, const struct comparison_request *request,
                        const struct sample *sample, struct arena *arena, struct perceived *out,
                        struct error *error)
{
    static const char *const names[] = {"reported_minutes"};
    struct sample asked = *sample;
    struct formula *value = NULL;
    struct metric metric = *sample->metric;
    struct sample_counts counts = {0};
    struct estimated estimated = {0};
    struct effect_estimate effect;
    enum effect_scale scale;
    struct error why = {0};
    enum status status = metrics_covariates(workspace, names, 1, arena, &value, error);
    if (status != STATUS_OK)
        return status;
    metric.kind = METRIC_MEAN;
    metric.scale = sample->metric->scale;
    metric.value.compiled = value[0];
    metric.has_range = false;
    metric.material.scale = AMOUNT_RELATIVE;
    asked.metric = &metric;
    asked.landmark_minutes = NAN;
    asked.cell = NULL;
    const struct precision precision = {request->level, request->variance, request->normal};
    status = estimate_regression(workspace, &asked, &precision, arena, &counts, &estimated, &why);
    if (status == STATUS_OK)
        status = effect_of(&metric, &estimated, &effect, &scale, &why);
    if (status == ERROR_DOMAIN || status == ERROR_SINGULAR)
        return STATUS_OK; /* too little was said */
    if (status != STATUS_OK) {
        if (error != NULL)
            *error = why;
        return status;
    }
    *out = (struct perceived){
        .exists = true,
        .effect = effect.effect,
        .interval = effect.interval,
        .fewest = counts.workers[0] < counts.workers[1] ? counts.workers[0] : counts.workers[1],
    };
    return STATUS_OK;
}

/* ---- Together ------------------------------------------------------------------------------- */

enum status perception_fill(struct workspace *workspace, const struct comparison_request *request,
                            const struct sample *sample, struct arena *arena,
                            struct comparison *out, struct error *error)
{
    struct frame held;
    if (!is_time(sample->metric) || !arms_with_and_without(&sample->arms) ||
        out->scale != SCALE_RELATIVE)
        return STATUS_OK;
    enum status status = engine_query(
        workspace->engine,
        "select count(distinct name) filter (name in ('predicted_minutes', "
        "'predicted_minutes_ai')), count(*) filter (name = 'reported_minutes') from measure",
        ENGINE_NO_VALUES, arena, &held, error);
    if (status == STATUS_OK && frame_integer(&held, 0, 0) == 2)
        status = expected(workspace, request, sample, arena, &out->perception.expected, error);
    if (status == STATUS_OK && frame_integer(&held, 0, 1) > 0 &&
        sample->arms.kind == ARMS_BY_ASSIGNMENT)
        status = said(workspace, request, sample, arena, &out->perception.said, error);
    return status;
}
