#include "evidence/estimate/estimate_season.h"

#include "assay/double_difference.h"
#include "base/embedded.h"
#include "base/error.h"
#include "base/lookup.h"
#include "base/text.h"
#include "evidence/estimate/effect.h"

#include <math.h>
#include <stdlib.h>

enum { years = 2, spans = assay_double_spans };

/* ---- Cells that all four spans have ------------------------------------------------------ */

static enum status make_cells(struct workspace *workspace, const char *table, const char *file,
                              const struct sample *sample, struct arena *arena, struct error *error)
{
    const char *sql =
        TEXT_FILLED(arena, embedded_text(file), {"sample", sample_sql(arena, sample)});
    return engine_make_temporary(workspace->engine, table, sql, sample_values(arena, sample),
                                 error);
}

/* Both years' items of these cells alone. */
static void restrict_to_cells(struct sample *sample, struct arena *arena)
{
    sample->mix = "season_cells";
    if (sample->cell == NULL)
        return;
    sample->scope = arena_printf(arena, "(%s) and (%s) in (select cell from season_cells)",
                                 sample->scope != NULL ? sample->scope : "true", sample->cell);
}

enum status season_within(struct workspace *workspace, struct season_samples *samples,
                          struct arena *arena, struct error *error)
{
    struct frame frame;
    enum status status =
        make_cells(workspace, "season_earlier", "evidence/estimate/season_earlier.sql",
                   &samples->then, arena, error);
    if (status == STATUS_OK)
        status = make_cells(workspace, "season_cells", "evidence/estimate/season_cells.sql",
                            &samples->now, arena, error);
    if (status == STATUS_OK)
        status = engine_query(workspace->engine, "select count(*) from season_cells",
                              ENGINE_NO_VALUES, arena, &frame, error);
    if (status == STATUS_OK && frame_integer(&frame, 0, 0) == 0)
        status = error_set(error, ERROR_DOMAIN,
                           "no work is alike in both spans and in those of the year before");
    restrict_to_cells(&samples->now, arena);
    restrict_to_cells(&samples->then, arena);
    return status;
}

/* ---- Means, proportions and ratios -------------------------------------------------------- */

struct mean_row {
    int64_t worker, cell, span;
    double items, mean, divisor;
};

struct mean_rows {
    struct lookup workers;
    struct lookup cells;
    struct mean_row *list;
    size_t count;
    bool ratio;
};

static enum status read_year(struct workspace *workspace, const struct sample *sample,
                             struct arena *arena, struct frame *out, struct error *error)
{
    bool ratio = sample->metric->kind == METRIC_RATIO;
    const char *sql =
        TEXT_FILLED(arena, embedded_text("evidence/estimate/season_means.sql"),
                    {"divisor", ratio ? "d" : "1e0"}, {"sample", sample_sql(arena, sample)});
    return engine_query(workspace->engine, sql, sample_values(arena, sample), arena, out, error);
}

/* Spans 0 and 1 are of this year, 2 and 3 of the one before. */
static void add_year(const struct frame *frame, int64_t year, struct mean_rows *out)
{
    for (size_t row = 0; row < frame->rows; row++)
        out->list[out->count++] = (struct mean_row){
            (int64_t)lookup_add(&out->workers, frame_text(frame, row, 0), NULL),
            (int64_t)lookup_add(&out->cells, frame_text(frame, row, 1), NULL),
            frame_integer(frame, row, 2) + 2 * year,
            frame_number(frame, row, 3),
            frame_number(frame, row, 4),
            frame_number(frame, row, 5),
        };
}

static int by_worker(const void *left, const void *right)
{
    const struct mean_row *one = left;
    const struct mean_row *other = right;
    if (one->worker != other->worker)
        return one->worker < other->worker ? -1 : 1;
    if (one->cell != other->cell)
        return one->cell < other->cell ? -1 : 1;
    return (one->span > other->span) - (one->span < other->span);
}

static enum status read_means(struct workspace *workspace, const struct season_samples *samples,
                              struct arena *arena, struct mean_rows *out, struct error *error)
{
    struct frame frames[years];
    const struct sample *of[years] = {&samples->now, &samples->then};
    enum status status = STATUS_OK;
    *out = (struct mean_rows){.workers = {.arena = arena},
                              .cells = {.arena = arena},
                              .ratio = samples->now.metric->kind == METRIC_RATIO};
    for (int year = 0; year < years && status == STATUS_OK; year++)
        status = read_year(workspace, of[year], arena, &frames[year], error);
    if (status != STATUS_OK)
        return status;
    out->list = arena_array(arena, frames[0].rows + frames[1].rows, sizeof *out->list);
    for (int64_t year = 0; year < years; year++)
        add_year(&frames[year], year, out);
    qsort(out->list, out->count, sizeof *out->list, by_worker);
    return STATUS_OK;
}

static struct double_rows rows_of(const struct mean_rows *means, struct arena *arena)
{
    int64_t *numbers = arena_array(arena, 3 * means->count, sizeof *numbers);
    double *values = arena_array(arena, 3 * means->count, sizeof *values);
    for (size_t i = 0; i < means->count; i++) {
        const struct mean_row *row = &means->list[i];
        numbers[i] = row->worker;
        numbers[means->count + i] = row->cell;
        numbers[2 * means->count + i] = row->span;
        values[i] = row->items;
        values[means->count + i] = row->mean;
        values[2 * means->count + i] = row->divisor;
    }
    return (struct double_rows){
        .count = means->count,
        .cluster = numbers,
        .cell = numbers + means->count,
        .span = numbers + 2 * means->count,
        .items = values,
        .mean = values + means->count,
        .divisor = means->ratio ? values + 2 * means->count : NULL,
        .cell_count = means->cells.count,
    };
}

static const char weak[] = "in one of the four spans the denominator is too near 0 for an interval";

static struct estimate without_interval(double value)
{
    return (struct estimate){value, NAN, NAN, NAN, NAN, {NAN, NAN}};
}

static void take_change(const struct double_difference *from, size_t year, bool logs, bool of_logs,
                        struct estimated *out)
{
    *out = (struct estimated){
        .estimate = from->change[year],
        .log_ratio = logs,
        .mean = {from->mean[2 * year], from->mean[2 * year + 1]},
        .horizon_minutes = NAN,
    };
    for (int arm = 0; arm < 2 && of_logs; arm++)
        out->mean[arm] = exp(out->mean[arm]);
}

static enum status of_means(struct workspace *workspace, const struct season_samples *samples,
                            const struct precision *precision, struct arena *arena,
                            struct estimated *out, struct estimated change[years], int64_t *fewest,
                            struct error *error)
{
    const struct metric *metric = samples->now.metric;
    bool of_logs = metric->scale == METRIC_LOG;
    bool logs = effect_scale_of(metric, of_logs || metric->kind == METRIC_RATIO) == SCALE_RELATIVE;
    struct mean_rows means;
    struct double_difference found;
    enum status status = read_means(workspace, samples, arena, &means, error);
    if (status != STATUS_OK)
        return status;
    const struct double_rows rows = rows_of(&means, arena);
    double *scratch =
        arena_array(arena, assay_double_difference_scratch(rows.cell_count), sizeof *scratch);
    status =
        assay_double_difference(&rows, logs && !of_logs ? BLOCKED_LOG_RATIO : BLOCKED_DIFFERENCE,
                                precision->level, scratch, &found, error);
    if (status == STATUS_OK && precision->normal)
        status = assay_estimate(found.estimate.value, found.estimate.standard_error, INFINITY,
                                precision->level, &found.estimate, error);
    if (status != STATUS_OK)
        return status;
    bool has_interval = !(found.strength < assay_ratio_strength_least);
    for (size_t year = 0; year < years; year++) {
        if (!has_interval)
            found.change[year] = without_interval(found.change[year].value);
        take_change(&found, year, logs, of_logs, &change[year]);
    }
    *out = change[0];
    out->estimate = has_interval ? found.estimate : without_interval(found.estimate.value);
    out->no_interval = has_interval ? NULL : weak;
    out->clusters = (int64_t)found.clusters;
    out->without_one = (struct leverage){true, found.lowest, found.highest};
    out->level = precision->level;
    *fewest = INT64_MAX;
    for (int s = 0; s < spans; s++)
        if ((int64_t)found.clusters_of[s] < *fewest)
            *fewest = (int64_t)found.clusters_of[s];
    return STATUS_OK;
}

/* ---- Times -------------------------------------------------------------------------------- */

/* The curves of both years end where the shorter one does. */
static enum status estimate_times(struct workspace *workspace, struct season_samples samples,
                                  const struct precision *precision, struct arena *arena,
                                  struct estimated change[years], struct error *error)
{
    struct sample *of[years] = {&samples.now, &samples.then};
    struct sample_counts counts;
    enum status status = STATUS_OK;
    for (int turn = 0; turn < years && status == STATUS_OK; turn++) {
        for (int year = 0; year < years && status == STATUS_OK; year++)
            status = estimate_duration(workspace, of[year], 0, precision, arena, &counts,
                                       &change[year], error);
        double horizon = fmin(change[0].horizon_minutes, change[1].horizon_minutes);
        if (status != STATUS_OK || change[0].horizon_minutes == change[1].horizon_minutes)
            break;
        samples.now.horizon_most = samples.then.horizon_most = horizon;
    }
    return status;
}

/* Two years' parts by person. */
static struct double_parts parts_of(const struct estimated change[years], struct arena *arena)
{
    struct lookup people = {.arena = arena};
    struct double_parts out = {.value = {change[0].estimate.value, change[1].estimate.value}};
    double *part[years];
    double *items[spans];
    size_t most = change[0].parts.count + change[1].parts.count;
    for (int year = 0; year < years; year++)
        out.part[year] = part[year] = arena_array(arena, most, sizeof(double));
    for (int s = 0; s < spans; s++)
        out.items[s] = items[s] = arena_array(arena, most, sizeof(double));
    for (int year = 0; year < years; year++)
        for (size_t g = 0; g < change[year].parts.count; g++) {
            const struct cluster_parts *from = &change[year].parts;
            size_t person = lookup_add(&people, from->name[g], NULL);
            part[year][person] = from->part[g];
            for (int arm = 0; arm < 2; arm++)
                items[2 * year + arm][person] = from->items[arm][g];
        }
    out.clusters = people.count;
    return out;
}

static void describe_times(const struct double_parts *parts, struct estimated *out, int64_t *fewest)
{
    double value = out->estimate.value;
    out->without_one = (struct leverage){true, value, value};
    for (size_t g = 0; g < parts->clusters; g++) {
        double without = value - (parts->part[0][g] - parts->part[1][g]);
        out->without_one.low = fmin(out->without_one.low, without);
        out->without_one.high = fmax(out->without_one.high, without);
    }
    *fewest = INT64_MAX;
    for (int s = 0; s < spans; s++) {
        int64_t people = 0;
        for (size_t g = 0; g < parts->clusters; g++)
            people += parts->items[s][g] > 0;
        *fewest = people < *fewest ? people : *fewest;
    }
}

static enum status of_times(struct workspace *workspace, const struct season_samples *samples,
                            const struct precision *precision, struct arena *arena,
                            struct estimated *out, struct estimated change[years], int64_t *fewest,
                            struct error *error)
{
    enum status status = estimate_times(workspace, *samples, precision, arena, change, error);
    if (status != STATUS_OK)
        return status;
    const struct double_parts parts = parts_of(change, arena);
    *out = change[0];
    out->difference = (struct estimate){0};
    out->clusters = (int64_t)parts.clusters;
    status = assay_double_difference_of_parts(&parts, precision->level, &out->estimate, error);
    if (status == STATUS_OK && precision->normal)
        status = assay_estimate(out->estimate.value, out->estimate.standard_error, INFINITY,
                                precision->level, &out->estimate, error);
    if (status == STATUS_OK)
        describe_times(&parts, out, fewest);
    return status;
}

enum status estimate_season(struct workspace *workspace, const struct season_samples *samples,
                            const struct precision *precision, struct arena *arena,
                            struct estimated *out, struct estimated change[years], int64_t *fewest,
                            struct error *error)
{
    if (samples->now.metric->kind == METRIC_QUANTILE)
        return error_set(error, ERROR_DOMAIN,
                         "a quantile of four spans is not set against that of the year before");
    if (samples->now.metric->kind == METRIC_DURATION)
        return of_times(workspace, samples, precision, arena, out, change, fewest, error);
    return of_means(workspace, samples, precision, arena, out, change, fewest, error);
}
