#include "evidence/compare/hidden_difference.h"

#include "assay/moments.h"
#include "assay/sensitivity.h"
#include "base/embedded.h"
#include "engine/sql_text.h"

#include <math.h>
#include <string.h>

const double sensitivity_least = 0.01;

enum { levels_most = 12, frame_worker = 0, frame_arm = 1, frame_excluded = 2, frame_moments = 4 };

/* A part of the cells, and its dummies among the columns of the fit; 1 is the arm. */
struct part {
    const char *name;
    size_t first;
    size_t count;
};

struct model {
    struct formula dummies[assay_moments_columns_max];
    size_t dummy_count;
    struct part parts[cell_parts_max];
    size_t part_count;
    bool within_persons;
};

/* ---- Columns ---------------------------------------------------------------------------- */

static enum status add_part(struct workspace *workspace, const struct sample *sample,
                            const char *name, const char *sql, struct arena *arena,
                            struct model *model, struct error *error)
{
    struct frame frame;
    struct part part = {name, model->dummy_count + 2, 0};
    const char *scope = sample->scope != NULL ? sample->scope : "true";
    enum status status =
        engine_query(workspace->engine,
                     TEXT_FILLED(arena, embedded_text("evidence/compare/cell_levels.sql"),
                                 {"part", sql}, {"scope", scope}),
                     cohort_values(arena, sample->use_case, &sample->span), arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    /* One level is what the others are held against: the rest where there are too many. */
    size_t from = frame.rows <= levels_most ? 1 : 0;
    for (size_t i = from; i < frame.rows && i < levels_most; i++) {
        if (model->dummy_count + 3 >= assay_moments_columns_max)
            break;
        model->dummies[model->dummy_count++] = (struct formula){
            .sql = arena_printf(arena, "case when %s = %s then 1e0 else 0e0 end", sql,
                                sql_literal(arena, frame_text(&frame, i, 0))),
            .defined_sql = "true",
        };
        part.count++;
    }
    if (part.count > 0)
        model->parts[model->part_count++] = part;
    return STATUS_OK;
}

static enum status build(struct workspace *workspace, const struct sample *sample,
                         const struct cells *cells, struct arena *arena, struct model *model,
                         struct error *error)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < cells->part_count && status == STATUS_OK; i++) {
        if (strcmp(cells->names[i], "person") == 0)
            model->within_persons = true;
        else
            status =
                add_part(workspace, sample, cells->names[i], cells->parts[i], arena, model, error);
    }
    return status;
}

/* ---- Moments ---------------------------------------------------------------------------- */

static enum status moments_of(struct workspace *workspace, const struct sample *sample,
                              const struct comparison *comparison, struct arena *arena,
                              struct frame *out, struct error *error)
{
    struct text columns = {.arena = arena};
    bool times = sample->metric->kind == METRIC_DURATION;
    double horizon = sample_horizon(sample);
    for (size_t i = 0; i < sample->covariate_count; i++)
        text_addf(&columns, "x%zu, ", i + 1);
    if (!times)
        text_add(&columns, "case when excluded = 0 then y end");
    const char *sql = embedded_text(times ? "evidence/compare/moments_of_times.sql"
                                          : "evidence/estimate/moments_by_worker.sql");
    sql = times ? TEXT_FILLED(arena, sql, {"columns", text_get(&columns)},
                              {"horizon", sql_number(arena, horizon)},
                              {"mean_0", sql_number(arena, comparison->means[0])},
                              {"mean_1", sql_number(arena, comparison->means[1])},
                              {"log_0", sql_number(arena, log(comparison->means[0]))},
                              {"log_1", sql_number(arena, log(comparison->means[1]))},
                              {"sample", sample_sql(arena, sample)})
                : TEXT_FILLED(arena, sql, {"columns", text_get(&columns)}, {"cluster", "worker"},
                              {"cluster_too", ""}, {"groups", ""},
                              {"sample", sample_sql(arena, sample)});
    return engine_query(workspace->engine, sql, sample_values(arena, sample), arena, out, error);
}

struct people {
    double **list;
    size_t count;
};

/* One array of moments of (arm, dummies.., y) per worker, whose rows follow each other. */
static struct people by_person(const struct frame *frame, size_t covariates, bool within,
                               struct arena *arena)
{
    size_t columns = covariates + 2;
    struct people people = {arena_array(arena, frame->rows, sizeof(double *)), 0};
    double *one = arena_alloc(arena, assay_moments_size(columns));
    const char *last = NULL;
    for (size_t row = 0; row < frame->rows; row++) {
        const char *worker = frame_text(frame, row, frame_worker);
        if (frame_integer(frame, row, frame_excluded) != EXCLUDED_NOT || worker == NULL)
            continue;
        if (last == NULL || strcmp(last, worker) != 0) {
            people.list[people.count] = arena_alloc(arena, assay_moments_size(columns));
            assay_moments_init(columns, people.list[people.count++]);
        }
        last = worker;
        moments_with_arm(covariates + 1, frame->columns[frame_moments].lists[row],
                         (double)frame_integer(frame, row, frame_arm), one);
        assay_moments_merge(columns, one, people.list[people.count - 1]);
    }
    for (size_t g = 0; within && g < people.count; g++)
        assay_moments_within(columns, people.list[g]);
    return people;
}

/* The moments without one column. */
static void drop_column(struct people *people, size_t columns, size_t column, struct arena *arena)
{
    for (size_t g = 0; g < people->count; g++) {
        const double *old = people->list[g];
        double *fresh = arena_alloc(arena, assay_moments_size(columns - 1));
        fresh[0] = old[0];
        for (size_t i = 0, to = 0; i < columns; i++) {
            if (i == column)
                continue;
            fresh[1 + to] = old[1 + i];
            for (size_t j = 0, with = 0; j <= i; j++)
                if (j != column)
                    fresh[1 + (columns - 1) + to * (to + 1) / 2 + with++] =
                        assay_moments_cross(columns, old, i, j);
            to++;
        }
        people->list[g] = fresh;
    }
}

/* ---- The fit ---------------------------------------------------------------------------- */

static void forget_column(struct model *model, size_t column)
{
    model->dummy_count--;
    for (size_t i = 0; i < model->part_count; i++) {
        struct part *part = &model->parts[i];
        if (column >= part->first && column < part->first + part->count)
            part->count--;
        else if (part->first > column)
            part->first--;
    }
}

/* Dummies that follow from others go, one after the other. NULL and a sentence where there is no
   fit. */
static enum status fit_of(struct people *people, struct model *model, struct arena *arena,
                          struct regression **out, const char **why_not, struct error *error)
{
    for (;;) {
        struct error why = {0};
        size_t column = 0;
        size_t columns = model->dummy_count + 2;
        enum status status = assay_regression_open(
            columns, people->count, (const double *const *)people->list, &column, out, &why);
        if (status == ERROR_SINGULAR && column > 1) {
            drop_column(people, columns, column - 1, arena);
            forget_column(model, column);
            continue;
        }
        if (status == ERROR_SINGULAR || status == ERROR_DOMAIN) {
            *why_not = "what was measured decides the arm, or all of the outcome";
            return STATUS_OK;
        }
        if (status != STATUS_OK && error != NULL)
            *error = why;
        return status;
    }
}

/* ---- How strong ------------------------------------------------------------------------- */

/* R2 without what so many columns explain of so many rows by chance. */
static double beyond_chance(const struct regression *fit, size_t columns, double r2)
{
    return fmax(r2 - (double)columns / (double)assay_regression_fit(fit).rows, 0);
}

static bool is_too_weak(const struct regression *fit, size_t columns,
                        const struct confounder *as_strong)
{
    double treatment = beyond_chance(fit, columns, as_strong->treatment);
    double outcome = beyond_chance(fit, columns, as_strong->outcome);
    return sqrt(outcome * treatment / (1 - treatment)) < sensitivity_least;
}

/* The part whose equal would shift the effect most. Of one whose equal cannot be, since it would
   explain all of the arm, that is infinitely far. */
static void find_strongest(const struct regression *fit, const struct model *model,
                           struct sensitivity *out)
{
    double most = -1;
    for (size_t i = 0; i < model->part_count; i++) {
        size_t columns[assay_moments_columns_max];
        const struct part *part = &model->parts[i];
        struct confounder as_strong = {0, 0};
        if (part->count == 0)
            continue;
        for (size_t j = 0; j < part->count; j++)
            columns[j] = part->first + j;
        const struct covariate covariate = {part->count, columns};
        bool can_be = assay_benchmark(fit, 1, &covariate, 1, &as_strong, NULL) == STATUS_OK;
        double shift =
            can_be ? as_strong.outcome * as_strong.treatment / (1 - as_strong.treatment) : INFINITY;
        if (shift <= most)
            continue;
        most = shift;
        out->strongest = part->name;
        out->as_strong = can_be;
        out->treatment = can_be ? as_strong.treatment : NAN;
        out->outcome = can_be ? as_strong.outcome : NAN;
        out->too_weak = can_be && is_too_weak(fit, part->count, &as_strong);
    }
}

/* The estimate on the scale that confounding is reckoned on: logs of ratios, the rest as shown. */
struct scale_of_fit {
    bool logs;
    double unit; /* what the spread of the fit is divided by */
};

static struct scale_of_fit scale_of(const struct sample *sample, const struct comparison *out)
{
    bool logs = sample->metric->kind == METRIC_DURATION || sample->metric->scale == METRIC_LOG;
    bool shares = !logs && out->scale == SCALE_RELATIVE;
    return (struct scale_of_fit){logs, shares ? out->means[0] : 1};
}

static double into_fit(const struct scale_of_fit *scale, double effect)
{
    return scale->logs ? log1p(effect) : effect;
}

static double out_of_fit(const struct scale_of_fit *scale, double value)
{
    return scale->logs ? expm1(value) : value;
}

static enum status confound(const struct regression *fit, const struct sample *sample,
                            struct comparison *out, struct error *error)
{
    struct sensitivity *sensitivity = &out->sensitivity;
    const struct scale_of_fit scale = scale_of(sample, out);
    const struct effect_estimate *shown = &out->estimate;
    double spread = 0;
    double quantile = 0;
    struct robustness robustness;
    struct confounding with;
    enum status status = assay_confounding_spread(fit, 1, &spread, error);
    if (status == STATUS_OK)
        status = assay_quantile(out->level, shown->df, &quantile, error);
    if (status != STATUS_OK)
        return status;
    double low = into_fit(&scale, shown->interval.low);
    double high = into_fit(&scale, shown->interval.high);
    const struct confounded confounded = {into_fit(&scale, shown->effect),
                                          (high - low) / 2 / quantile, shown->df,
                                          spread / scale.unit};
    status = assay_robustness(&confounded, 1, out->level, &robustness, error);
    if (status != STATUS_OK)
        return status;
    sensitivity->robustness = robustness.of_value;
    sensitivity->exists = true;
    if (!sensitivity->as_strong)
        return STATUS_OK;
    const struct confounder confounder = {sensitivity->treatment, sensitivity->outcome};
    status = assay_confounding(&confounded, &confounder, out->level, &with, error);
    if (status == STATUS_OK)
        sensitivity->interval = (struct interval){out_of_fit(&scale, with.interval.low),
                                                  out_of_fit(&scale, with.interval.high)};
    return status;
}

/* ---- Together --------------------------------------------------------------------------- */

static const char *refusal(const struct sample *sample, const struct comparison *out)
{
    enum metric_kind kind = sample->metric->kind;
    if (kind == METRIC_RATIO || kind == METRIC_QUANTILE)
        return "of ratios of sums and quantiles it is not reckoned";
    if (!isfinite(out->estimate.interval.low) || !isfinite(out->estimate.interval.high))
        return "there is no interval with two ends";
    return out->estimate.df > 1 ? NULL : "too few people carry the comparison";
}

enum status hidden_difference(struct workspace *workspace, const struct comparison_request *request,
                              const struct sample *sample, const struct cells *cells,
                              struct arena *arena, struct comparison *out, struct error *error)
{
    struct model *model = arena_alloc(arena, sizeof *model);
    struct regression *fit = NULL;
    struct frame frame;
    struct sample with_dummies = *sample;
    (void)request;
    out->sensitivity = (struct sensitivity){
        .why_not = refusal(sample, out), .interval = {-INFINITY, INFINITY}, .robustness = NAN};
    if (out->sensitivity.why_not != NULL)
        return STATUS_OK;
    *model = (struct model){0};
    enum status status = build(workspace, sample, cells, arena, model, error);
    if (status != STATUS_OK)
        return status;
    size_t covariates = model->dummy_count;
    with_dummies.covariates = model->dummies;
    with_dummies.covariate_count = covariates;
    with_dummies.cell = NULL;
    status = moments_of(workspace, &with_dummies, out, arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    struct people people = by_person(&frame, covariates, model->within_persons, arena);
    status = fit_of(&people, model, arena, &fit, &out->sensitivity.why_not, error);
    if (status != STATUS_OK || fit == NULL)
        return status;
    find_strongest(fit, model, &out->sensitivity);
    if (out->sensitivity.strongest == NULL) {
        out->sensitivity.why_not = "nothing but persons was measured to hold it against";
    } else {
        struct error why = {0};
        status = confound(fit, sample, out, &why);
        if (status == ERROR_DOMAIN) {
            out->sensitivity.why_not = "the fit leaves nothing that a difference could explain";
            status = STATUS_OK;
        } else if (status != STATUS_OK && error != NULL) {
            *error = why;
        }
    }
    assay_regression_close(fit);
    return status;
}
