#include "evidence/compare/by_parts.h"

#include "base/embedded.h"
#include "engine/sql_text.h"
#include "evidence/estimate/told.h"
#include "evidence/sample/cells.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Columns of by_cells.sql. */
enum {
    frame_cluster,
    frame_worker,
    frame_part,
    frame_stratum,
    frame_arm,
    frame_items,
    frame_mean,
    frame_divisor,
    frame_low,
    frame_high,
    frame_divisor_low,
    frame_divisor_high,
    frame_name,
    frame_cluster_name,
    frame_worker_name,
    frame_print
};

/* ---- Reading ------------------------------------------------------------------------------- */

static size_t count_of(const int64_t *numbers, size_t rows)
{
    int64_t most = -1;
    for (size_t i = 0; i < rows; i++)
        most = numbers[i] > most ? numbers[i] : most;
    return (size_t)(most + 1);
}

/* Numbers of a column; NAN where there is none. */
static const double *numbers_of(const struct frame *frame, size_t column, struct arena *arena)
{
    double *out = arena_array(arena, frame->rows, sizeof *out);
    for (size_t i = 0; i < frame->rows; i++)
        out[i] = frame->columns[column].valid[i] ? frame_number(frame, i, column) : NAN;
    return out;
}

static void take_frame(const struct frame *frame, struct arena *arena, struct parts *out)
{
    out->rows = frame->rows;
    out->cluster = frame->columns[frame_cluster].integers;
    out->worker = frame->columns[frame_worker].integers;
    out->part = frame->columns[frame_part].integers;
    out->stratum = frame->columns[frame_stratum].integers;
    out->arm = frame->columns[frame_arm].integers;
    out->print = frame->columns[frame_print].integers;
    out->items = numbers_of(frame, frame_items, arena);
    out->mean = numbers_of(frame, frame_mean, arena);
    out->divisor = numbers_of(frame, frame_divisor, arena);
    out->low = numbers_of(frame, frame_low, arena);
    out->high = numbers_of(frame, frame_high, arena);
    out->divisor_low = numbers_of(frame, frame_divisor_low, arena);
    out->divisor_high = numbers_of(frame, frame_divisor_high, arena);
    out->clusters = count_of(out->cluster, out->rows);
    out->workers = count_of(out->worker, out->rows);
    out->strata = count_of(out->stratum, out->rows);
    out->count = count_of(out->part, out->rows);
    out->name = arena_array(arena, out->count + 1, sizeof *out->name);
    out->cluster_name = arena_array(arena, out->clusters, sizeof *out->cluster_name);
    out->worker_name = arena_array(arena, out->workers, sizeof *out->worker_name);
    out->others = arena_array(arena, out->count, sizeof *out->others);
    for (size_t i = 0; i < out->rows; i++) {
        out->name[out->part[i]] = frame_text(frame, i, frame_name);
        out->cluster_name[out->cluster[i]] = frame_text(frame, i, frame_cluster_name);
        out->worker_name[out->worker[i]] = frame_text(frame, i, frame_worker_name);
    }
    out->name[out->count] = "others";
}

static enum status take_items(struct workspace *workspace, const struct sample *asked,
                              struct arena *arena, struct parts *out, struct error *error)
{
    const char *outcome = asked->metric->kind == METRIC_DURATION ? "minutes, ended" : "y";
    const char *sql = TEXT_FILLED(arena, embedded_text("evidence/compare/by_items.sql"),
                                  {"outcome", outcome}, {"sample", sample_sql(arena, asked)});
    out->items_taken = *asked;
    out->items_taken.taken = "select * from by_items";
    return engine_make_temporary(workspace->engine, "by_items", sql, sample_values(arena, asked),
                                 error);
}

enum status parts_read(struct workspace *workspace, const struct comparison_request *request,
                       const struct by_wish *wish, const struct sample *sample, bool take,
                       struct arena *arena, struct parts *out, struct error *error)
{
    struct frame *frame = arena_alloc(arena, sizeof *frame);
    struct frame *left_out = arena_alloc(arena, sizeof *left_out);
    struct sample asked = *sample;
    struct cells by;
    *out = (struct parts){.metric = sample->metric, .has_strata = sample->cell != NULL};
    enum status status = cells_of(workspace, request->use_case, &request->span, wish->formula,
                                  &wish->label, 1, arena, &by, error);
    if (status != STATUS_OK)
        return status;
    asked.cell = arena_printf(arena, "%s || chr(31) || %s", by.sql,
                              sample->cell != NULL ? sample->cell : "''");
    const char *rest = TEXT_FILLED(arena, embedded_text("evidence/compare/by_left_out.sql"),
                                   {"sample", sample_sql(arena, &asked)});
    status =
        engine_query(workspace->engine, rest, sample_values(arena, &asked), arena, left_out, error);
    out->left_out = left_out;
    if (status == STATUS_OK && take) {
        status = take_items(workspace, &asked, arena, out, error);
        asked = out->items_taken;
    }
    const char *sql = TEXT_FILLED(arena, embedded_text("evidence/compare/by_cells.sql"),
                                  {"value", told_value(sample->metric)},
                                  {"divisor", told_divisor(sample->metric)},
                                  {"sample", sample_sql(arena, &asked)});
    if (status == STATUS_OK)
        status =
            engine_query(workspace->engine, sql, sample_values(arena, &asked), arena, frame, error);
    if (status == STATUS_OK)
        take_frame(frame, arena, out);
    return status;
}

/* ---- Who is in a cell ---------------------------------------------------------------------- */

size_t parts_cell(const struct parts *parts, size_t row)
{
    size_t part = (size_t)parts->part[row];
    return parts->others[part] ? parts->count : part;
}

size_t parts_within(const struct parts *parts, size_t row)
{
    return parts->has_strata ? (size_t)parts->stratum[row] : parts_cell(parts, row);
}

bool parts_any_others(const struct parts *parts)
{
    for (size_t c = 0; c < parts->count; c++)
        if (parts->others[c])
            return true;
    return false;
}

/* A row, to be sorted by who it is of. Unmatched rows are of a cell beyond all. */
struct entry {
    size_t cell;
    int64_t arm, worker;
    size_t row;
};

static int by_worker(const void *left, const void *right)
{
    const struct entry *a = left;
    const struct entry *b = right;
    if (a->cell != b->cell)
        return a->cell < b->cell ? -1 : 1;
    if (a->arm != b->arm)
        return a->arm < b->arm ? -1 : 1;
    return (a->worker > b->worker) - (a->worker < b->worker);
}

static int by_number(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Of sorted numbers, how often the most frequent one comes. */
static int64_t most_alike(double *numbers, size_t count)
{
    int64_t most = 0;
    qsort(numbers, count, sizeof *numbers, by_number);
    for (size_t first = 0, end = 0; first < count; first = end) {
        while (end < count && numbers[end] == numbers[first])
            end++;
        most = (int64_t)(end - first) > most ? (int64_t)(end - first) : most;
    }
    return most;
}

/* Between what the values of one person lie. */
struct range {
    double low, high, divisor_low, divisor_high;
};

static struct range range_of(const struct parts *parts, const struct entry *entries, size_t count)
{
    struct range out = {NAN, NAN, NAN, NAN};
    for (size_t i = 0; i < count; i++) { /* fmin passes over NAN */
        size_t row = entries[i].row;
        out.low = fmin(out.low, parts->low[row]);
        out.high = fmax(out.high, parts->high[row]);
        out.divisor_low = fmin(out.divisor_low, parts->divisor_low[row]);
        out.divisor_high = fmax(out.divisor_high, parts->divisor_high[row]);
    }
    return out;
}

/* What one person's rows weigh: their items, of a ratio their divisors. */
static double weight_of(const struct parts *parts, const struct entry *entries, size_t count)
{
    double weight = 0;
    for (size_t i = 0; i < count; i++) {
        size_t row = entries[i].row;
        weight += parts->items[row] *
                  (parts->metric->kind == METRIC_RATIO ? fabs(parts->divisor[row]) : 1);
    }
    return isnan(weight) ? 0 : weight;
}

/* The people of one arm of a cell, whose entries stand together; numbers is scratch for three
   times as many. */
static struct told_of people_of(const struct parts *parts, const struct entry *entries,
                                size_t count, double *numbers)
{
    struct told_of out = {0};
    double *divisors = numbers + count;
    double *weights = divisors + count;
    size_t usual = 0;
    size_t usual_divisors = 0;
    for (size_t first = 0, end = 0; first < count; first = end) {
        while (end < count && entries[end].worker == entries[first].worker)
            end++;
        struct range range = range_of(parts, entries + first, end - first);
        weights[out.people++] = weight_of(parts, entries + first, end - first);
        out.not_0 += range.low != 0 || range.high != 0;
        out.divided += !isnan(range.divisor_low);
        if (range.low == range.high)
            numbers[usual++] = range.low;
        if (range.divisor_low == range.divisor_high)
            divisors[usual_divisors++] = range.divisor_low;
    }
    out.alike = most_alike(numbers, usual);
    out.divided_alike = most_alike(divisors, usual_divisors);
    out.carry = told_carriers(weights, (size_t)out.people);
    return out;
}

static bool *matched_of(const struct parts *parts, size_t strata, struct arena *arena)
{
    bool *out = arena_array(arena, strata, sizeof *out);
    bool(*has)[2] = arena_array(arena, strata, sizeof *has);
    for (size_t i = 0; i < parts->rows; i++)
        has[parts_within(parts, i)][parts->arm[i]] = true;
    for (size_t s = 0; s < strata; s++)
        out[s] = has[s][0] && has[s][1];
    return out;
}

/* Of quantiles it is the estimate that says what else they would tell (fewest_beside). */
static void count_people(const struct parts *parts, const struct entry *entries, size_t count,
                         double *numbers, struct tally *out)
{
    size_t cell = entries[0].cell;
    struct told_of people = people_of(parts, entries, count, numbers);
    if (cell > parts->count) {
        out->unmatched[entries[0].arm] = people.people;
        return;
    }
    out->workers[cell][entries[0].arm] = people.people;
    int64_t told = parts->metric->kind == METRIC_QUANTILE ? 0 : told_fewest(parts->metric, &people);
    if (people.carry > 0 && (told == 0 || people.carry < told))
        told = people.carry;
    if (told > 0 && (out->tells_of[cell] == 0 || told < out->tells_of[cell]))
        out->tells_of[cell] = told;
}

static struct entry *sorted_entries(const struct parts *parts, const bool *matched,
                                    struct arena *arena)
{
    struct entry *entries = arena_array(arena, parts->rows, sizeof *entries);
    for (size_t i = 0; i < parts->rows; i++) {
        bool counts = matched[parts_within(parts, i)];
        entries[i] = (struct entry){counts ? parts_cell(parts, i) : parts->count + 1, parts->arm[i],
                                    parts->worker[i], i};
    }
    qsort(entries, parts->rows, sizeof *entries, by_worker);
    return entries;
}

static struct tally tally_of(const struct parts *parts, struct arena *arena)
{
    size_t cells = parts->count + 1;
    struct tally out = {
        .items = arena_array(arena, cells, sizeof *out.items),
        .workers = arena_array(arena, cells, sizeof *out.workers),
        .tells_of = arena_array(arena, cells, sizeof *out.tells_of),
        .matched = matched_of(parts, parts->has_strata ? parts->strata : cells, arena),
    };
    struct entry *entries = sorted_entries(parts, out.matched, arena);
    double *numbers = arena_array(arena, 3 * parts->rows, sizeof *numbers);
    for (size_t i = 0; i < parts->rows; i++)
        if (out.matched[parts_within(parts, i)])
            out.items[parts_cell(parts, i)][parts->arm[i]] += parts->items[i];
    for (size_t first = 0, end = 0; first < parts->rows; first = end) {
        while (end < parts->rows && entries[end].cell == entries[first].cell &&
               entries[end].arm == entries[first].arm)
            end++;
        count_people(parts, entries + first, end - first, numbers, &out);
    }
    return out;
}

/* ---- Put together -------------------------------------------------------------------------- */

bool parts_small(const struct tally *tally, size_t cell, int least)
{
    return tally->workers[cell][0] < least || tally->workers[cell][1] < least ||
           (tally->tells_of[cell] > 0 && tally->tells_of[cell] < least);
}

bool parts_fold_smallest(struct parts *parts, const struct tally *tally)
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

struct tally parts_fold(struct parts *parts, int least, struct arena *arena)
{
    struct tally counted = tally_of(parts, arena);
    for (size_t c = 0; c < parts->count; c++)
        parts->others[c] = parts->others[c] || parts_small(&counted, c, least);
    counted = tally_of(parts, arena);
    while (parts_any_others(parts) && parts_small(&counted, parts->count, least) &&
           parts_fold_smallest(parts, &counted))
        counted = tally_of(parts, arena);
    return counted;
}

struct reach (*parts_reach(const struct parts *parts, const struct tally *tally,
                           struct arena *arena))[2]
{
    struct reach(*out)[2] = arena_array(arena, parts->count + 1, sizeof *out);
    struct entry *entries = sorted_entries(parts, tally->matched, arena);
    for (size_t first = 0, end = 0; first < parts->rows; first = end) {
        const struct entry *one = &entries[first];
        double items = 0;
        int64_t print = 0;
        for (; end < parts->rows && entries[end].cell == one->cell &&
               entries[end].arm == one->arm && entries[end].worker == one->worker;
             end++)
            items += parts->items[entries[end].row], print ^= parts->print[entries[end].row];
        if (one->cell <= parts->count)
            reach_add_print(&out[one->cell][one->arm], arena, parts->worker_name[one->worker],
                            (int64_t)items, print);
    }
    return out;
}

/* ---- Who is left out ------------------------------------------------------------------------ */

/* A worker and the cell of an item that is left out. */
struct left_out {
    size_t cell;
    const char *worker;
};

static int by_cell(const void *left, const void *right)
{
    const struct left_out *a = left;
    const struct left_out *b = right;
    if (a->cell != b->cell)
        return a->cell < b->cell ? -1 : 1;
    return strcmp(a->worker, b->worker);
}

static void keep_fewest(int64_t workers, int64_t *fewest)
{
    if (workers > 0 && (*fewest == 0 || workers < *fewest))
        *fewest = workers;
}

int64_t parts_left_out(const struct parts *parts, const struct tally *tally, struct arena *arena)
{
    const struct frame *frame = parts->left_out;
    struct left_out *list = arena_array(arena, frame->rows, sizeof *list);
    size_t count = 0;
    int64_t fewest = 0;
    keep_fewest(tally->unmatched[0], &fewest);
    keep_fewest(tally->unmatched[1], &fewest);
    /* Both lists of names are in the same order; a part may have nothing but what is left out. */
    for (size_t i = 0, part = 0; i < frame->rows; i++) {
        const char *name = frame_text(frame, i, 0);
        while (part < parts->count && strcmp(parts->name[part], name) < 0)
            part++;
        if (part < parts->count && strcmp(parts->name[part], name) == 0)
            list[count++] = (struct left_out){parts->others[part] ? parts->count : part,
                                              frame_text(frame, i, 1)};
    }
    qsort(list, count, sizeof *list, by_cell);
    for (size_t first = 0, end = 0; first < count; first = end) {
        int64_t workers = 0;
        for (; end < count && list[end].cell == list[first].cell; end++)
            workers += end == first || strcmp(list[end].worker, list[end - 1].worker) != 0;
        keep_fewest(workers, &fewest);
    }
    return fewest;
}

/* ---- The items of a cell ------------------------------------------------------------------- */

struct sample parts_sample(const struct parts *parts, size_t cell, struct arena *arena)
{
    struct sample out = parts->items_taken;
    struct text names = {.arena = arena};
    bool others = cell == parts->count;
    for (size_t c = 0; c < parts->count; c++)
        if (others ? !parts->others[c] : c == cell)
            text_addf(&names, "%s%s", names.length > 0 ? ", " : "",
                      sql_literal(arena, parts->name[c]));
    out.cell = parts->has_strata ? out.cell : NULL;
    out.taken =
        arena_printf(arena, "select * replace (%s as cell) from by_items where part %sin (%s)",
                     parts->has_strata ? "cell" : "''", others ? "not " : "", text_get(&names));
    return out;
}
