#include "report/publish_near.h"

static bool is_few(const struct publishing *p, json_int_t workers)
{
    return workers > 0 && workers < p->withhold->least;
}

bool publish_near(const struct publishing *p, size_t one, size_t other)
{
    const json_t *line = json_array_get(p->between, one > other ? one : other);
    const json_t *workers = json_array_get(line, one > other ? other : one);
    return p->shown[other] && is_few(p, json_integer_value(workers));
}

/* Counts have no unit: nothing is alike them. */
static const json_t *metric_of(const struct publishing *p, size_t result)
{
    const json_t *also = json_object_get(p->row, "also");
    if (result == result_counts)
        return NULL;
    return json_object_get(
        result < results_least ? p->row : json_array_get(also, result - results_least), "metric");
}

static bool alike(const json_t *a, const json_t *b)
{
    return a != NULL && json_equal(json_object_get(a, "unit"), json_object_get(b, "unit")) &&
           json_equal(json_object_get(a, "kind"), json_object_get(b, "kind"));
}

bool publish_same_unit(const struct publishing *p, size_t one, size_t other)
{
    return alike(metric_of(p, one), metric_of(p, other));
}

/* ---- Rows before ----------------------------------------------------------------------------- */

/* Metrics of results that are shown, no two of them alike. */
struct shown_metrics {
    const json_t **list;
    size_t count;
    size_t capacity;
};

enum { numbers_most = 5 }; /* as in between.h: before, now, of each arm, and of all */

struct near_rows {
    struct arena *arena;
    const json_t *near;
    struct shown_metrics *shown; /* by number */
};

struct near_rows *near_rows_start(struct arena *arena, const json_t *near)
{
    struct near_rows *rows = arena_alloc(arena, sizeof *rows);
    *rows = (struct near_rows){
        .arena = arena,
        .near = near,
        .shown = arena_array(arena, json_array_size(near), sizeof *rows->shown),
    };
    return rows;
}

static bool has_alike(const struct shown_metrics *shown, const json_t *metric)
{
    for (size_t i = 0; i < shown->count; i++)
        if (alike(shown->list[i], metric))
            return true;
    return false;
}

/* One of the numbers behind a result, or null. */
static const json_t *number_of(const struct publishing *p, size_t result, size_t which)
{
    const json_t *number = json_array_get(json_array_get(p->behind, result), which);
    return json_is_integer(number) ? number : NULL;
}

void near_rows_add_number(struct near_rows *rows, const json_t *number, const json_t *metric)
{
    if (!json_is_integer(number))
        return;
    struct shown_metrics *shown = &rows->shown[json_integer_value(number)];
    if (has_alike(shown, metric))
        return;
    shown->list =
        arena_grow(rows->arena, shown->list, shown->count, &shown->capacity, sizeof *shown->list);
    shown->list[shown->count++] = metric;
}

bool near_rows_has(const struct near_rows *rows, const json_t *number)
{
    size_t index = 0;
    json_t *other = NULL;
    if (!json_is_integer(number))
        return false;
    json_array_foreach(json_array_get(rows->near, (size_t)json_integer_value(number)), index,
                       other) if (rows->shown[json_integer_value(other)].count > 0) return true;
    return false;
}

void near_rows_add(struct near_rows *rows, const struct publishing *done)
{
    for (size_t result = 0; result < json_array_size(done->behind); result++)
        for (size_t which = 0; which < numbers_most && done->shown[result]; which++)
            near_rows_add_number(rows, number_of(done, result, which), metric_of(done, result));
}

bool publish_near_rows(const struct publishing *p, size_t one, bool same_unit)
{
    for (size_t which = 0; which < numbers_most; which++) {
        const json_t *number = number_of(p, one, which);
        size_t index = 0;
        json_t *other = NULL;
        if (number == NULL)
            continue;
        json_array_foreach(json_array_get(p->before->near, (size_t)json_integer_value(number)),
                           index, other)
        {
            const struct shown_metrics *shown = &p->before->shown[json_integer_value(other)];
            if (same_unit ? has_alike(shown, metric_of(p, one)) : shown->count > 0)
                return true;
        }
    }
    return false;
}

bool publish_near_any(const struct publishing *p, size_t one)
{
    for (size_t other = 0; other < results_max; other++)
        if (other != one && publish_near(p, one, other))
            return true;
    return publish_near_rows(p, one, false);
}
