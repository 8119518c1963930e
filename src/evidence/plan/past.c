#include "evidence/plan/past.h"

#include "assay/moments.h"
#include "assay/quantile.h"
#include "assay/restricted_mean.h"
#include "base/embedded.h"
#include "base/error.h"
#include "base/table.h"
#include "engine/sql_text.h"
#include "evidence/estimate/told.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- The sample -------------------------------------------------------------------------------
 */

/* Segment and team of an item; what the washout takes is in segment -1. */
static const char *cell_sql(struct arena *arena, const struct past_request *request)
{
    const char *since =
        arena_printf(arena, "(epoch_us(facts.counted_at) - %lld)", (long long)request->span.from);
    return arena_printf(arena,
                        "concat(case when %s %% %lld < %lld then -1 else %s // %lld end, '|', "
                        "coalesce(facts.team, ''))",
                        since, (long long)request->segment, (long long)request->washout, since,
                        (long long)request->segment);
}

static struct sample sample_of(struct arena *arena, const struct past_request *request)
{
    return (struct sample){
        .use_case = request->use_case,
        .metric = request->metric,
        .span = request->span,
        .arms = {.kind = ARMS_BY_PERIOD, .names = {"before", "now"}, .before = request->span},
        .landmark_minutes = NAN,
        .scope = request->scope,
        .cell = cell_sql(arena, request),
    };
}

static enum status cells_frame(struct workspace *workspace, const struct sample *sample,
                               const char *columns, struct arena *arena, struct frame *out,
                               struct error *error)
{
    const char *sql = TEXT_FILLED(arena, embedded_text("evidence/plan/past_cells.sql"),
                                  {"columns", columns}, {"sample", sample_sql(arena, sample)});
    return engine_query(workspace->engine, sql, sample_values(arena, sample), arena, out, error);
}

/* ---- Into cells -------------------------------------------------------------------------------
 */

static size_t number_of(const char *name, const char **names, size_t *count)
{
    size_t i = 0;
    while (i < *count && strcmp(names[i], name) != 0)
        i++;
    if (i == *count)
        names[(*count)++] = name;
    return i;
}

/* Rows are ordered by worker. part: the mean of an item's part from the means of its columns, and
   squares from their cross-products. */
struct parts {
    double weight[2]; /* of the columns */
    double constant;
    size_t columns;
};

static void take_cells(const struct frame *frame, const struct parts *parts, struct arena *arena,
                       struct past *out)
{
    struct past_cell *cells = arena_array(arena, frame->rows, sizeof *cells);
    const char **teams = arena_array(arena, frame->rows, sizeof *teams);
    const char *last = NULL;
    for (size_t row = 0; row < frame->rows; row++) {
        const char *worker = frame_text(frame, row, 0);
        const double *moments = frame->columns[3].lists[row];
        char *team = NULL;
        long long segment = strtoll(frame_text(frame, row, 1), &team, 10);
        if (segment < 0)
            continue;
        struct past_cell *cell = &cells[out->count++];
        out->workers += last == NULL || strcmp(last, worker) != 0;
        last = worker;
        *cell = (struct past_cell){.worker = out->workers - 1,
                                   .team = number_of(team + 1, teams, &out->teams),
                                   .segment = segment,
                                   .items = moments[0],
                                   .mean = parts->constant};
        for (size_t i = 0; i < parts->columns; i++) {
            cell->mean += parts->weight[i] * assay_moments_mean(moments, i);
            for (size_t j = 0; j < parts->columns; j++)
                cell->squares +=
                    parts->weight[i] * parts->weight[j] *
                    assay_moments_cross(parts->columns, moments, i > j ? i : j, i > j ? j : i);
        }
        cell->squares = fmax(0, cell->squares);
        out->items += cell->items;
    }
    out->cells = cells;
    out->fewest = (int64_t)out->workers;
}

/* ---- By kind of metric ------------------------------------------------------------------------
 */

static double mean_of(const struct frame *frame, size_t column)
{
    double items = 0;
    double mean = 0;
    for (size_t row = 0; row < frame->rows; row++) {
        const double *moments = frame->columns[3].lists[row];
        items += moments[0];
        mean += (assay_moments_mean(moments, column) - mean) * moments[0] / items;
    }
    return mean;
}

static enum status read_value(struct workspace *workspace, const struct sample *sample,
                              struct arena *arena, struct past *out, struct error *error)
{
    struct frame frame;
    const struct parts parts = {.weight = {1}, .columns = 1};
    enum status status = cells_frame(workspace, sample, "y", arena, &frame, error);
    if (status != STATUS_OK || frame.rows == 0)
        return status;
    out->log_ratio = sample->metric->scale == METRIC_LOG;
    out->value = out->log_ratio ? exp(mean_of(&frame, 0)) : mean_of(&frame, 0);
    take_cells(&frame, &parts, arena, out);
    return STATUS_OK;
}

/* (y - R d) / mean of y: the log of the ratio, by the delta method. */
static enum status read_ratio(struct workspace *workspace, const struct sample *sample,
                              struct arena *arena, struct past *out, struct error *error)
{
    struct frame frame;
    enum status status = cells_frame(workspace, sample, "y, d", arena, &frame, error);
    if (status != STATUS_OK || frame.rows == 0)
        return status;
    double numerator = mean_of(&frame, 0);
    double denominator = mean_of(&frame, 1);
    if (!(numerator > 0) || !(denominator > 0)) {
        out->why_not = "the numerator or the denominator is not above 0 in sum";
        return STATUS_OK;
    }
    const struct parts parts = {{1 / numerator, -1 / denominator}, 0, 2};
    out->log_ratio = true;
    out->value = numerator / denominator;
    take_cells(&frame, &parts, arena, out);
    return STATUS_OK;
}

/* Workers with items up to the quantile, or beyond it, where these are fewer: the value is one
   item's. Cells are of workers in order; their means are shares of items up to the quantile. */
static int64_t fewest_beside(const struct frame *frame)
{
    int64_t sides[2] = {0, 0};
    const char *last[2] = {NULL, NULL};
    for (size_t row = 0; row < frame->rows; row++) {
        const char *worker = frame_text(frame, row, 0);
        double up_to = assay_moments_mean(frame->columns[3].lists[row], 0);
        const bool has[2] = {up_to > 0, up_to < 1};
        for (int side = 0; side < 2; side++)
            if (has[side] && (last[side] == NULL || strcmp(last[side], worker) != 0)) {
                sides[side]++;
                last[side] = worker;
            }
    }
    return sides[0] < sides[1] ? sides[0] : sides[1];
}

/* -(1(y <= q) - share) / density, the density from the values at ranks (assay/quantile.h). */
static enum status read_quantile(struct workspace *workspace, const struct sample *sample,
                                 struct arena *arena, struct past *out, struct error *error)
{
    static const double wide = 1.959963984540054;
    struct frame frame;
    double share = sample->metric->quantile;
    const struct frame none = {0};
    frame = none;
    enum status status = engine_query(
        workspace->engine,
        TEXT_FILLED(arena, "select count(*) as items from ({sample}) where excluded = 0",
                    {"sample", sample_sql(arena, sample)}),
        sample_values(arena, sample), arena, &frame, error);
    if (status != STATUS_OK || frame_integer(&frame, 0, 0) < 20)
        return status;
    double items = (double)frame_integer(&frame, 0, 0);
    double step = wide * sqrt(share * (1 - share) / items);
    const char *sql = TEXT_FILLED(
        arena, embedded_text("evidence/plan/past_quantile.sql"),
        {"low", sql_number(arena, fmax(0, share - step))}, {"share", sql_number(arena, share)},
        {"high", sql_number(arena, fmin(1, share + step))}, {"sample", sample_sql(arena, sample)});
    status =
        engine_query(workspace->engine, sql, sample_values(arena, sample), arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    const double *at = frame.columns[0].lists[0];
    double quantile = at[1];
    double slope = (at[2] - at[0]) / (2 * step); /* 1 / density */
    if (!(slope > 0)) {
        out->why_not = "too many items have the very value of the quantile";
        return STATUS_OK;
    }
    const char *column =
        arena_printf(arena, "case when y <= %s then 1e0 else 0e0 end", sql_number(arena, quantile));
    status = cells_frame(workspace, sample, column, arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    const struct parts parts = {{-slope}, slope * share, 1};
    out->value = quantile;
    take_cells(&frame, &parts, arena, out);
    out->fewest = fewest_beside(&frame);
    return STATUS_OK;
}

static enum status keep_influence(struct workspace *workspace, const struct risk_table *table,
                                  const double *event, const double *censored, double scale,
                                  struct error *error)
{
    struct engine_appender *appender = NULL;
    enum status status = engine_run(workspace->engine,
                                    "create or replace temp table influence (minutes double, ended "
                                    "boolean, phi double)",
                                    error);
    if (status == STATUS_OK)
        status = engine_appender_open(workspace->engine, "temp.influence", &appender, error);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < 2 * table->count && status == STATUS_OK; i++) {
        bool ended = i % 2 == 1;
        const struct engine_value row[] = {
            engine_number("", table->time[i / 2]), engine_bool("", ended),
            engine_number("", (ended ? event[i / 2] : censored[i / 2]) * scale)};
        status = engine_append(appender, row, 3, error);
    }
    enum status closed = engine_appender_close(appender, status == STATUS_OK ? error : NULL);
    return status != STATUS_OK ? status : closed;
}

/* Influences add up to the restricted mean itself, so that those of an item are times items. */
static enum status read_duration(struct workspace *workspace, const struct sample *sample,
                                 struct arena *arena, struct past *out, struct error *error)
{
    struct frame frame;
    struct restricted_mean mean;
    struct error why = {0};
    const char *horizon = sql_number(arena, (double)sample->metric->horizon / 6e7);
    const char *query = sample_sql(arena, sample);
    const struct parts parts = {.weight = {1}, .columns = 1};
    enum status status =
        engine_query(workspace->engine,
                     TEXT_FILLED(arena, embedded_text("evidence/plan/past_risk.sql"),
                                 {"horizon", horizon}, {"sample", query}),
                     sample_values(arena, sample), arena, &frame, error);
    if (status != STATUS_OK || frame.rows == 0)
        return status;
    const struct risk_table table = {frame.rows, frame.columns[0].numbers, frame.columns[1].numbers,
                                     frame.columns[2].numbers};
    double *event = arena_array(arena, table.count, sizeof *event);
    double *censored = arena_array(arena, table.count, sizeof *censored);
    status = assay_restricted_mean(&table, (double)sample->metric->horizon / 6e7, event, censored,
                                   &mean, &why);
    if (status != STATUS_OK && status != ERROR_DOMAIN && status != ERROR_SINGULAR) {
        if (error != NULL)
            *error = why;
        return status;
    }
    if (status != STATUS_OK || !(mean.mean > 0)) {
        out->why_not = "its items were seen for too short a time";
        return STATUS_OK;
    }
    status = keep_influence(workspace, &table, event, censored, mean.items / mean.mean, error);
    if (status == STATUS_OK)
        status = engine_query(workspace->engine,
                              TEXT_FILLED(arena, embedded_text("evidence/plan/past_influence.sql"),
                                          {"horizon", horizon}, {"sample", query}),
                              sample_values(arena, sample), arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    out->log_ratio = true;
    out->value = mean.mean;
    take_cells(&frame, &parts, arena, out);
    return STATUS_OK;
}

enum status past_read(struct workspace *workspace, const struct past_request *request,
                      struct arena *arena, struct past *out, struct error *error)
{
    static enum status (*const readers[])(struct workspace * workspace, const struct sample *sample,
                                          struct arena *arena, struct past *out,
                                          struct error *error) = {
        [METRIC_MEAN] = read_value,        [METRIC_PROPORTION] = read_value,
        [METRIC_DURATION] = read_duration, [METRIC_RATIO] = read_ratio,
        [METRIC_QUANTILE] = read_quantile,
    };
    TABLE_OF(readers, METRIC_QUANTILE + 1);
    const struct sample sample = sample_of(arena, request);
    *out = (struct past){.value = NAN};
    struct told told = {0};
    enum status status = readers[request->metric->kind](workspace, &sample, arena, out, error);
    if (status == STATUS_OK && out->why_not == NULL && out->count > 0)
        status = told_people(workspace, &sample, arena, &told, error);
    if (status == STATUS_OK)
        told_keep(&told, TOLD_MIX_0, &out->fewest);
    if (status == STATUS_OK && out->why_not == NULL && out->count == 0)
        out->why_not = "the past has no item with a value of it";
    return status;
}
