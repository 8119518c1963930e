#include "evidence/compare/by_cells.h"

#include "assay/blocked.h"
#include "assay/heterogeneity.h"
#include "base/embedded.h"
#include "base/error.h"
#include "evidence/estimate/effect.h"
#include "evidence/sample/cells.h"

#include <math.h>
#include <string.h>

/* A part is a value of the formula; a cell is a part that is shown, or all others together. */
struct parts {
    const struct frame *frame;
    const int64_t *cluster, *worker, *part, *stratum, *arm;
    const double *items, *mean;
    size_t rows, count, clusters, workers, strata;
    const char **name;
    bool *others;    /* put together with the other others */
    bool has_strata; /* like with like within; else all of a cell is compared */
};

enum { no_cell = -1 };

/* ---- Reading ------------------------------------------------------------------------------- */

static size_t count_of(const int64_t *numbers, size_t rows)
{
    int64_t most = -1;
    for (size_t i = 0; i < rows; i++)
        most = numbers[i] > most ? numbers[i] : most;
    return (size_t)(most + 1);
}

static enum status read_parts(struct workspace *workspace, const struct comparison_request *request,
                              const struct sample *sample, struct arena *arena, struct parts *out,
                              struct error *error)
{
    struct frame *frame = arena_alloc(arena, sizeof *frame);
    struct sample asked = *sample;
    struct cells by;
    enum status status = cells_of(workspace, request->use_case, &request->span, request->by,
                                  &request->by_label, 1, arena, &by, error);
    if (status != STATUS_OK)
        return status;
    asked.cell = arena_printf(arena, "%s || chr(31) || %s", by.sql,
                              sample->cell != NULL ? sample->cell : "''");
    const char *sql = TEXT_FILLED(arena, embedded_text("evidence/compare/by_cells.sql"),
                                  {"sample", sample_sql(arena, &asked)});
    status =
        engine_query(workspace->engine, sql, sample_values(arena, &asked), arena, frame, error);
    if (status != STATUS_OK)
        return status;
    *out = (struct parts){
        .frame = frame,
        .cluster = frame->columns[0].integers,
        .worker = frame->columns[1].integers,
        .part = frame->columns[2].integers,
        .stratum = frame->columns[3].integers,
        .arm = frame->columns[4].integers,
        .items = frame->columns[5].numbers,
        .mean = frame->columns[6].numbers,
        .rows = frame->rows,
        .has_strata = sample->cell != NULL,
    };
    out->clusters = count_of(out->cluster, out->rows);
    out->workers = count_of(out->worker, out->rows);
    out->strata = count_of(out->stratum, out->rows);
    out->count = count_of(out->part, out->rows);
    out->name = arena_array(arena, out->count + 1, sizeof *out->name);
    out->others = arena_array(arena, out->count, sizeof *out->others);
    for (size_t i = 0; i < out->rows; i++)
        out->name[out->part[i]] = frame_text(frame, i, 7);
    out->name[out->count] = "others";
    return STATUS_OK;
}

/* ---- Who is in a cell ---------------------------------------------------------------------- */

/* The cell of a row: its part, or the one of all others. */
static size_t cell_of(const struct parts *parts, size_t row)
{
    size_t part = (size_t)parts->part[row];
    return parts->others[part] ? parts->count : part;
}

/* What a row is compared within. Strata are parts of parts. */
static size_t within(const struct parts *parts, size_t row)
{
    return parts->has_strata ? (size_t)parts->stratum[row] : cell_of(parts, row);
}

/* Items and workers of each cell and arm, of strata that both arms have. */
struct tally {
    double (*items)[2]; /* count + 1 of both */
    int64_t (*workers)[2];
    int64_t unmatched[2]; /* workers with an item in another stratum */
    bool *matched;
};

static struct tally tally(const struct parts *parts, struct arena *arena)
{
    size_t cells = parts->count + 1;
    size_t strata = parts->has_strata ? parts->strata : cells;
    struct tally out = {
        .items = arena_array(arena, cells, sizeof *out.items),
        .workers = arena_array(arena, cells, sizeof *out.workers),
        .matched = arena_array(arena, strata, sizeof *out.matched),
    };
    bool(*has)[2] = arena_array(arena, strata, sizeof *has);
    bool *seen = arena_array(arena, (cells + 1) * parts->workers * 2, sizeof *seen);
    for (size_t i = 0; i < parts->rows; i++)
        has[within(parts, i)][parts->arm[i]] = true;
    for (size_t s = 0; s < strata; s++)
        out.matched[s] = has[s][0] && has[s][1];
    for (size_t i = 0; i < parts->rows; i++) {
        bool counts = out.matched[within(parts, i)];
        size_t cell = counts ? cell_of(parts, i) : cells;
        size_t arm = (size_t)parts->arm[i];
        bool *known = &seen[(cell * parts->workers + (size_t)parts->worker[i]) * 2 + arm];
        if (counts)
            out.items[cell][arm] += parts->items[i];
        if (!*known)
            (counts ? out.workers[cell] : out.unmatched)[arm]++;
        *known = true;
    }
    return out;
}

static bool is_small(const struct tally *tally, size_t cell, int least)
{
    return tally->workers[cell][0] < least || tally->workers[cell][1] < least;
}

static bool any_others(const struct parts *parts)
{
    for (size_t c = 0; c < parts->count; c++)
        if (parts->others[c])
            return true;
    return false;
}

/* The shown part with the fewest items joins the others. Returns whether there was one. */
static bool fold_smallest(struct parts *parts, const struct tally *tally)
{
    size_t smallest = parts->count;
    for (size_t c = 0; c < parts->count; c++) {
        double items = tally->items[c][0] + tally->items[c][1];
        if (!parts->others[c] && (smallest == parts->count ||
                                  items < tally->items[smallest][0] + tally->items[smallest][1]))
            smallest = c;
    }
    if (smallest < parts->count)
        parts->others[smallest] = true;
    return smallest < parts->count;
}

/* Small parts are put together, and others with them until these are enough people: what is left
   out of a whole that is shown could be had by subtraction. */
static struct tally fold(struct parts *parts, int least, struct arena *arena)
{
    struct tally counted = tally(parts, arena);
    for (size_t c = 0; c < parts->count; c++)
        parts->others[c] = parts->others[c] || is_small(&counted, c, least);
    counted = tally(parts, arena);
    while (any_others(parts) && is_small(&counted, parts->count, least) &&
           fold_smallest(parts, &counted))
        counted = tally(parts, arena);
    return counted;
}

/* ---- Estimates ----------------------------------------------------------------------------- */

struct estimates {
    size_t count;
    size_t *cell;
    double *value, *variance, *df, *items, *deviation;
    struct interval *interval;
};

static enum status estimate_cell(const struct parts *parts, const struct tally *tally, size_t cell,
                                 enum blocked_scale scale, double level, struct arena *arena,
                                 double *deviation, struct blocked *out, struct error *error)
{
    int64_t *cluster = arena_array(arena, parts->rows, sizeof *cluster);
    int64_t *stratum = arena_array(arena, parts->rows, sizeof *stratum);
    int64_t *arm = arena_array(arena, parts->rows, sizeof *arm);
    double *items = arena_array(arena, parts->rows, sizeof *items);
    double *mean = arena_array(arena, parts->rows, sizeof *mean);
    struct blocked_rows rows = {0, cluster, stratum, arm, items, mean, 0};
    for (size_t g = 0; g < parts->clusters; g++)
        deviation[g] = NAN;
    for (size_t i = 0; i < parts->rows; i++) {
        if (cell_of(parts, i) != cell || !tally->matched[within(parts, i)])
            continue;
        cluster[rows.count] = parts->cluster[i];
        stratum[rows.count] = parts->has_strata ? parts->stratum[i] : 0;
        arm[rows.count] = parts->arm[i];
        items[rows.count] = parts->items[i];
        mean[rows.count++] = parts->mean[i];
    }
    rows.cell_count = parts->has_strata ? parts->strata : 1;
    double *scratch = arena_array(arena, assay_blocked_scratch(rows.cell_count), sizeof *scratch);
    return assay_blocked_deletions(&rows, BLOCKED_ARM_1, scale, level, scratch, deviation, out,
                                   error);
}

/* Estimates of all shown cells. A part whose numbers allow none joins the others, and all is done
   again; so it ends. Returns false where nothing is left. */
static bool estimate_cells(struct parts *parts, int least, enum blocked_scale scale, double level,
                           struct arena *arena, struct tally *tally, struct estimates *out)
{
    size_t cells = parts->count + 1;
    *out = (struct estimates){
        .cell = arena_array(arena, cells, sizeof *out->cell),
        .value = arena_array(arena, cells, sizeof *out->value),
        .variance = arena_array(arena, cells, sizeof *out->variance),
        .df = arena_array(arena, cells, sizeof *out->df),
        .items = arena_array(arena, cells, sizeof *out->items),
        .interval = arena_array(arena, cells, sizeof *out->interval),
        .deviation = arena_array(arena, cells * parts->clusters, sizeof *out->deviation),
    };
    *tally = fold(parts, least, arena);
    for (size_t c = 0; c < cells; c++) {
        struct blocked blocked;
        struct error why = {0};
        bool shown = c == parts->count ? any_others(parts) : !parts->others[c];
        if (!shown)
            continue;
        if (is_small(tally, c, least))
            return false;
        if (estimate_cell(parts, tally, c, scale, level, arena,
                          out->deviation + out->count * parts->clusters, &blocked,
                          &why) != STATUS_OK) {
            if (c < parts->count)
                parts->others[c] = true;
            else if (!fold_smallest(parts, tally))
                return false;
            return estimate_cells(parts, least, scale, level, arena, tally, out);
        }
        out->cell[out->count] = c;
        out->value[out->count] = blocked.estimate.value;
        out->variance[out->count] =
            blocked.estimate.standard_error * blocked.estimate.standard_error;
        out->df[out->count] = blocked.estimate.df;
        out->interval[out->count] = blocked.estimate.interval;
        out->items[out->count++] = tally->items[c][0] + tally->items[c][1];
    }
    return out->count >= 2;
}

/* ---- Together ------------------------------------------------------------------------------ */

/* From the scale of the estimate to the one that is shown. */
static double shown(double value, bool log_scale)
{
    return log_scale ? expm1(value) : value;
}

static struct interval shown_interval(struct interval interval, bool log_scale)
{
    return (struct interval){shown(interval.low, log_scale), shown(interval.high, log_scale)};
}

static enum status compare_cells(const struct parts *parts, const struct tally *tally,
                                 const struct estimates *estimates, double level, bool log_scale,
                                 struct arena *arena, struct by_cells *out, struct error *error)
{
    struct heterogeneity result;
    struct cell_answer *answers = arena_array(arena, estimates->count, sizeof *answers);
    const struct cell_estimates cells = {estimates->count,    parts->clusters, estimates->value,
                                         estimates->variance, estimates->df,   estimates->items,
                                         estimates->deviation};
    size_t length = assay_heterogeneity_scratch(cells.count, cells.clusters);
    double quantile = 0;
    enum status status =
        assay_heterogeneity(&cells, by_cells_rate, level,
                            arena_array(arena, length, sizeof(double)), answers, &result, error);
    if (status == STATUS_OK)
        status = assay_quantile(level, (double)cells.count - 1, &quantile, error);
    if (status != STATUS_OK)
        return status;
    out->cells = arena_array(arena, cells.count, sizeof *out->cells);
    out->count = cells.count;
    for (size_t c = 0; c < cells.count; c++) {
        const struct shrunken *shrunken = &answers[c].shrunken;
        double half = quantile * shrunken->standard_error;
        size_t cell = estimates->cell[c];
        out->cells[c] = (struct by_cell){
            .name = parts->name[cell],
            .others = cell == parts->count,
            .items = {(int64_t)tally->items[cell][0], (int64_t)tally->items[cell][1]},
            .workers = {tally->workers[cell][0], tally->workers[cell][1]},
            .effect = shown(estimates->value[c], log_scale),
            .interval = shown_interval(estimates->interval[c], log_scale),
            .shrunken = shown(shrunken->value, log_scale),
            .shrunken_interval = shown_interval(
                (struct interval){shrunken->value - half, shrunken->value + half}, log_scale),
            .own = shrunken->own,
            .p = answers[c].adjusted_p,
            .different = answers[c].different,
        };
    }
    out->mean = shown(result.pooled.mean.value, log_scale);
    out->mean_interval = shown_interval(result.pooled.mean.interval, log_scale);
    out->prediction = shown_interval(result.pooled.prediction, log_scale);
    out->between = sqrt(result.pooled.between);
    out->between_paule_mandel = sqrt(result.between_paule_mandel);
    out->p = result.p;
    return STATUS_OK;
}

enum status by_cells_fill(struct workspace *workspace, const struct comparison_request *request,
                          const struct sample *sample, struct arena *arena, struct comparison *out,
                          struct error *error)
{
    struct parts parts;
    struct tally tally;
    struct estimates estimates;
    struct error why = {0};
    if (request->by == NULL)
        return STATUS_OK;
    out->by.label = request->by_label;
    enum status status = read_parts(workspace, request, sample, arena, &parts, error);
    if (status != STATUS_OK)
        return status;
    bool log_metric = request->metric->scale == METRIC_LOG;
    bool log_scale = log_metric || out->scale == SCALE_RELATIVE;
    enum blocked_scale scale = log_scale && !log_metric ? BLOCKED_LOG_RATIO : BLOCKED_DIFFERENCE;
    if (parts.rows == 0 || !estimate_cells(&parts, request->min_group, scale, request->level, arena,
                                           &tally, &estimates)) {
        out->by.why_not = arena_printf(arena, "there are no two groups with %d people in each arm",
                                       request->min_group);
        return STATUS_OK;
    }
    for (int arm = 0; arm < 2; arm++)
        if (tally.unmatched[arm] > 0 &&
            (out->by.rest_tells_of == 0 || tally.unmatched[arm] < out->by.rest_tells_of))
            out->by.rest_tells_of = tally.unmatched[arm];
    status =
        compare_cells(&parts, &tally, &estimates, request->level, log_scale, arena, &out->by, &why);
    if (status == ERROR_DOMAIN) {
        out->by.why_not = "the groups do not differ at all";
        return STATUS_OK;
    }
    if (status != STATUS_OK && error != NULL)
        *error = why;
    return status;
}
