#include "report/between.h"

#include <string.h>

/* Who is behind a result. */
struct behind {
    const struct reach *before; /* NULL: nothing of the earlier period */
    const struct reach *now;
};

struct all_behind {
    struct behind of[results_max];
    size_t count;
};

static struct all_behind all_behind(const struct row *row)
{
    struct all_behind all = {
        .of =
            {
                [result_counts] = {NULL, &row->reach},
                [result_change] = {&row->change.reach_before, &row->change.reach_now},
                [result_comparison] = {NULL, &row->comparison.reach},
            },
        .count = results_least,
    };
    for (size_t i = 0; i < row->also_count; i++)
        all.of[all.count++] =
            (struct behind){&row->also[i].change.reach_before, &row->also[i].change.reach_now};
    return all;
}

/* The fewest workers, above 0, that two results differ by in a period; 0: by nobody. */
static int64_t differing(const struct behind *a, const struct behind *b)
{
    int64_t now = reach_between(a->now, b->now);
    int64_t before =
        a->before != NULL && b->before != NULL ? reach_between(a->before, b->before) : 0;
    return now == 0 || (before > 0 && before < now) ? before : now;
}

/* One result with the first `count` of others. */
static json_t *line_json(const struct behind *one, const struct all_behind *others, size_t count)
{
    json_t *line = json_array();
    for (size_t j = 0; j < count; j++)
        (void)json_array_append_new(line, json_integer((json_int_t)differing(one, &others->of[j])));
    return line;
}

json_t *between_json(const struct row *row)
{
    struct all_behind all = all_behind(row);
    json_t *lines = json_array();
    for (size_t i = 0; i < all.count; i++)
        (void)json_array_append_new(lines, line_json(&all.of[i], &all, i));
    return lines;
}

json_t *between_rows_json(const struct row *rows, size_t index)
{
    struct all_behind own = all_behind(&rows[index]);
    json_t *list = json_array();
    for (size_t j = 0; j < index; j++) {
        if (strcmp(rows[j].use_case, rows[index].use_case) != 0)
            continue;
        struct all_behind others = all_behind(&rows[j]);
        json_t *lines = json_array();
        for (size_t i = 0; i < own.count; i++)
            (void)json_array_append_new(lines, line_json(&own.of[i], &others, others.count));
        (void)json_array_append_new(
            list, json_pack("{s:I, s:o}", "row", (json_int_t)j, "between", lines));
    }
    return list;
}
