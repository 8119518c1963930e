#include "report/publish_near.h"

static bool is_few(const struct publishing *p, json_int_t workers)
{
    return workers > 0 && workers < p->least;
}

bool publish_near(const struct publishing *p, size_t one, size_t other)
{
    const json_t *line = json_array_get(p->between, one > other ? one : other);
    const json_t *workers = json_array_get(line, one > other ? other : one);
    return p->shown[other] && is_few(p, json_integer_value(workers));
}

static const json_t *metric_of(const struct publishing *p, size_t result)
{
    const json_t *also = json_object_get(p->row, "also");
    return json_object_get(
        result < results_least ? p->row : json_array_get(also, result - results_least), "metric");
}

static bool alike(const json_t *a, const json_t *b)
{
    return json_equal(json_object_get(a, "unit"), json_object_get(b, "unit")) &&
           json_equal(json_object_get(a, "kind"), json_object_get(b, "kind"));
}

bool publish_same_unit(const struct publishing *p, size_t one, size_t other)
{
    return alike(metric_of(p, one), metric_of(p, other));
}

bool publish_near_rows(const struct publishing *p, size_t one, bool same_unit)
{
    size_t index = 0;
    json_t *entry = NULL;
    json_array_foreach(p->between_rows, index, entry)
    {
        const struct publishing *row = &p->rows[json_integer_value(json_object_get(entry, "row"))];
        const json_t *line = json_array_get(json_object_get(entry, "between"), one);
        for (size_t other = 0; other < json_array_size(line); other++)
            if (row->shown[other] && is_few(p, json_integer_value(json_array_get(line, other))) &&
                (!same_unit || alike(metric_of(p, one), metric_of(row, other))))
                return true;
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
