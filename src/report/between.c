#include "report/between.h"

#include "base/hash.h"
#include "base/lookup.h"
#include "base/text.h"

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

/* ---- Between rows ------------------------------------------------------------------------------
 */

/* Reaches of a period that differ, by number. */
struct numbered {
    struct arena *arena;
    struct lookup places; /* of their lists in memory: plans share those */
    size_t *number_of;
    size_t number_capacity;
    struct lookup contents;
    const struct reach **list;
    size_t list_capacity;
    json_t *near;
    struct lookup use_cases;
    struct numbers {
        size_t *list;
        size_t count;
        size_t capacity;
    } * of_use_case;
    size_t use_case_capacity;
};

static const char *content_of(struct arena *arena, const char *use_case, const struct reach *reach)
{
    struct text text = {.arena = arena};
    text_addf(&text, "%s\n", use_case);
    for (size_t i = 0; i < reach->count; i++)
        text_addf(&text, "%s %lld\n", reach->workers[i], (long long)reach->items[i]);
    char *digest = arena_alloc(arena, hash_hex_length + 1);
    hash_sha256(text_get(&text), text.length, digest);
    return digest;
}

/* Holds a new number against those of its use case. */
static void hold(struct numbered *numbered, const char *use_case, size_t number, int64_t least)
{
    bool is_new = false;
    size_t place = lookup_add(&numbered->use_cases, use_case, &is_new);
    if (is_new) {
        numbered->of_use_case =
            arena_grow(numbered->arena, numbered->of_use_case, place, &numbered->use_case_capacity,
                       sizeof *numbered->of_use_case);
        numbered->of_use_case[place] = (struct numbers){NULL, 0, 0};
    }
    struct numbers *others = &numbered->of_use_case[place];
    (void)json_array_append_new(numbered->near, json_array());
    for (size_t i = 0; i < others->count; i++) {
        size_t other = others->list[i];
        int64_t between = reach_between(numbered->list[number], numbered->list[other]);
        if (between == 0 || between >= least)
            continue;
        (void)json_array_append_new(json_array_get(numbered->near, number),
                                    json_integer((json_int_t)other));
        (void)json_array_append_new(json_array_get(numbered->near, other),
                                    json_integer((json_int_t)number));
    }
    others->list = arena_grow(numbered->arena, others->list, others->count, &others->capacity,
                              sizeof *others->list);
    others->list[others->count++] = number;
}

static json_t *number_of(struct numbered *numbered, const char *use_case, const struct reach *reach,
                         int64_t least)
{
    struct arena *arena = numbered->arena;
    bool is_new = false;
    if (reach == NULL)
        return json_null();
    size_t place = lookup_add(
        &numbered->places,
        arena_printf(arena, "%p %zu %s", (const void *)reach->items, reach->count, use_case),
        &is_new);
    if (is_new) {
        bool is_new_content = false;
        size_t number =
            lookup_add(&numbered->contents, content_of(arena, use_case, reach), &is_new_content);
        numbered->number_of = arena_grow(arena, numbered->number_of, place,
                                         &numbered->number_capacity, sizeof *numbered->number_of);
        numbered->number_of[place] = number;
        if (is_new_content) {
            numbered->list = arena_grow(arena, numbered->list, number, &numbered->list_capacity,
                                        sizeof *numbered->list);
            numbered->list[number] = reach;
            hold(numbered, use_case, number, least);
        }
    }
    return json_integer((json_int_t)numbered->number_of[place]);
}

static struct numbered numbered_start(struct arena *arena)
{
    return (struct numbered){
        .arena = arena,
        .places = {.arena = arena},
        .contents = {.arena = arena},
        .use_cases = {.arena = arena},
        .near = json_array(),
    };
}

struct all_between between_rows(const struct evidence *evidence)
{
    struct arena *arena = arena_create();
    struct numbered before = numbered_start(arena);
    struct numbered now = numbered_start(arena);
    json_t *behind = json_array();
    for (size_t i = 0; i < evidence->row_count; i++) {
        const struct row *row = &evidence->rows[i];
        const struct all_behind all = all_behind(row);
        json_t *results = json_array();
        for (size_t r = 0; r < all.count; r++)
            (void)json_array_append_new(
                results,
                json_pack("[o, o]",
                          number_of(&before, row->use_case, all.of[r].before, evidence->min_group),
                          number_of(&now, row->use_case, all.of[r].now, evidence->min_group)));
        (void)json_array_append_new(behind, results);
    }
    json_t *near = json_pack("{s:o, s:o}", "before", before.near, "now", now.near);
    arena_destroy(arena);
    return (struct all_between){behind, near};
}
