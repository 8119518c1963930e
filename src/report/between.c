#include "report/between.h"

#include "base/hash.h"
#include "base/lookup.h"
#include "base/text.h"
#include "report/values.h"

#include <string.h>

/* Who is behind a result. */
struct behind {
    const struct reach *before; /* NULL: nothing of the earlier period */
    const struct reach *now;
    const struct reach *arms; /* two, of now, or NULL */
    const struct reach *all;  /* of more arms than two: who is in any that may be shown; or NULL */
    struct days days_before;
    struct days days_now;
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
                [result_counts] = {.now = &row->reach},
                [result_change] = {.before = &row->change.reach_before,
                                   .now = &row->change.reach_now},
                [result_comparison] = {.now = &row->comparison.reach,
                                       .arms = row->comparison.reach_of_arm},
            },
        .count = results_least,
    };
    if (row->plan.arm != NULL && row->comparison.exists)
        all.of[result_comparison].all = &row->plan.in_any;
    for (size_t i = 0; i < row->also_count; i++)
        all.of[all.count++] = (struct behind){.before = &row->also[i].change.reach_before,
                                              .now = &row->also[i].change.reach_now};
    return all;
}

/* The fewer of two counts that are above 0. */
static int64_t fewer(int64_t a, int64_t b)
{
    return a == 0 || (b > 0 && b < a) ? b : a;
}

/* It is chance to be in two arms of more, as it is to be in one. */
static int64_t differing_now(const struct behind *a, const struct behind *b)
{
    return a->all != NULL || b->all != NULL ? reach_between_items(a->now, b->now)
                                            : reach_between(a->now, b->now);
}

/* The fewest workers, above 0, that two results differ by in a period; 0: by nobody. */
static int64_t differing(const struct behind *a, const struct behind *b)
{
    int64_t now = differing_now(a, b);
    int64_t before =
        a->before != NULL && b->before != NULL ? reach_between(a->before, b->before) : 0;
    int64_t fewest = fewer(now, before);
    if (a->all != NULL && a->all->count > 0)
        fewest = fewer(fewest, reach_between(a->all, b->now));
    if (b->all != NULL && b->all->count > 0)
        fewest = fewer(fewest, reach_between(a->now, b->all));
    return fewest;
}

/* One result with the first `count` of others. */
static json_t *line_json(const struct behind *one, const struct all_behind *others, size_t count)
{
    json_t *line = json_array();
    for (size_t j = 0; j < count; j++)
        line = value_listed(line, json_integer((json_int_t)differing(one, &others->of[j])));
    return line;
}

json_t *between_json(const struct row *row)
{
    struct all_behind all = all_behind(row);
    json_t *lines = json_array();
    for (size_t i = 0; i < all.count; i++)
        lines = value_listed(lines, line_json(&all.of[i], &all, i));
    return lines;
}

/* ---- Between rows ------------------------------------------------------------------------------
 */

static const struct days whenever = {INT64_MIN, INT64_MAX};

static bool meet(struct days a, struct days b)
{
    return a.from < b.until && b.from < a.until;
}

/* On which days the items behind the results of a row were opened. */
static struct all_behind behind_in_days(const struct evidence *evidence, const struct row *row)
{
    struct all_behind all = all_behind(row);
    bool planned = row->plan.name != NULL;
    bool timeless = planned ? row->plan.timeless : !evidence->has_period;
    for (size_t i = 0; i < all.count; i++) {
        struct behind *one = &all.of[i];
        bool own = planned && (evidence->own_periods || one->before == NULL);
        one->days_now = own ? row->plan.period : evidence->period;
        one->days_before = own ? days_before(row->plan.period) : evidence->against;
        if (timeless || (!own && !evidence->has_period)) {
            one->days_now = whenever;
            one->days_before = whenever;
        }
    }
    return all;
}

/* What of a comparison a reach is. Arms of one plan of more than two are apart: nothing of one is
   had by subtracting another. */
struct part {
    bool is_arm;      /* it is chance to be in it */
    const char *plan; /* of more than two arms; else NULL */
    const char *arm;  /* of that plan; NULL: of several of its arms */
};

/* A reach that differs from all others, and the days that it was met with. */
struct number {
    const struct reach *reach;
    struct part part; /* without a plan where it was met with several */
    size_t use_case;
    struct days days;
};

struct numbered {
    struct arena *arena;
    struct lookup places; /* of their lists in memory: plans share those */
    size_t *number_of;
    size_t number_capacity;
    struct lookup contents;
    struct number *list;
    size_t capacity;
    struct lookup use_cases;
};

static const char *content_of(struct arena *arena, const char *use_case, const struct reach *reach,
                              bool is_arm)
{
    struct text text = {.arena = arena};
    text_addf(&text, "%s%s\n", is_arm ? "arm\n" : "", use_case);
    for (size_t i = 0; i < reach->count; i++)
        text_addf(&text, "%s %lld %lld\n", reach->workers[i], (long long)reach->items[i],
                  reach->prints != NULL ? (long long)reach->prints[i] : 0LL);
    char *digest = arena_alloc(arena, hash_hex_length + 1);
    hash_sha256(text_get(&text), text.length, digest);
    return digest;
}

/* The number of what is at a place that was not met before. */
static size_t new_place(struct numbered *numbered, const char *use_case, const struct reach *reach,
                        const struct part *part, struct days days)
{
    bool is_new = false;
    size_t number = lookup_add(&numbered->contents,
                               content_of(numbered->arena, use_case, reach, part->is_arm), &is_new);
    if (!is_new)
        return number;
    numbered->list = arena_grow(numbered->arena, numbered->list, number, &numbered->capacity,
                                sizeof *numbered->list);
    numbered->list[number] =
        (struct number){reach, *part, lookup_add(&numbered->use_cases, use_case, NULL), days};
    return number;
}

static bool is_same(const char *a, const char *b)
{
    return a != NULL && b != NULL ? strcmp(a, b) == 0 : a == b;
}

static bool is_same_part(const struct part *a, const struct part *b)
{
    return is_same(a->plan, b->plan) && is_same(a->arm, b->arm);
}

static bool are_apart(const struct part *a, const struct part *b)
{
    return a->plan != NULL && is_same(a->plan, b->plan) && !(a->arm != NULL && is_same_part(a, b));
}

/* Nobody has no number: nothing is had by subtracting it. */
static json_t *number_of(struct numbered *numbered, const char *use_case, const struct reach *reach,
                         const struct part *part, struct days days)
{
    struct arena *arena = numbered->arena;
    bool is_new = false;
    if (reach == NULL || reach->count == 0)
        return json_null();
    size_t place = lookup_add(
        &numbered->places,
        arena_printf(arena, "%p %zu %s", (const void *)reach->items, reach->count, use_case),
        &is_new);
    if (is_new) {
        size_t number = new_place(numbered, use_case, reach, part, days);
        numbered->number_of = arena_grow(arena, numbered->number_of, place,
                                         &numbered->number_capacity, sizeof *numbered->number_of);
        numbered->number_of[place] = number;
    }
    struct number *number = &numbered->list[numbered->number_of[place]];
    if (!is_same_part(&number->part, part))
        number->part.plan = NULL;
    struct days *met = &number->days;
    if (days.from < met->from)
        met->from = days.from;
    if (days.until > met->until)
        met->until = days.until;
    return json_integer((json_int_t)numbered->number_of[place]);
}

static bool add_number(json_t *near, size_t of, size_t other)
{
    return json_array_append_new(json_array_get(near, of), json_integer((json_int_t)other)) == 0;
}

/* Of each number those that it is near to. Items of days that do not meet are others: nothing is
   had by subtracting them. */
static json_t *near_json(const struct numbered *numbered, int64_t least)
{
    size_t count = numbered->contents.count;
    json_t *near = json_array();
    bool whole = true;
    for (size_t i = 0; i < count; i++)
        near = value_listed(near, json_array());
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++) {
            const struct number *a = &numbered->list[i];
            const struct number *b = &numbered->list[j];
            size_t more = a->reach->count > b->reach->count ? a->reach->count - b->reach->count
                                                            : b->reach->count - a->reach->count;
            if (a->use_case != b->use_case || !meet(a->days, b->days) || (int64_t)more >= least ||
                are_apart(&a->part, &b->part))
                continue;
            int64_t between = a->part.is_arm || b->part.is_arm
                                  ? reach_between_items(a->reach, b->reach)
                                  : reach_between(a->reach, b->reach);
            if (between == 0 || between >= least)
                continue;
            whole = whole && add_number(near, i, j) && add_number(near, j, i);
        }
    if (whole)
        return near;
    json_decref(near);
    return NULL;
}

/* The plan of a row that has more than two arms; NULL: another. */
static const char *plan_of_more(const struct row *row)
{
    return row->plan.arm != NULL ? row->plan.name : NULL;
}

static struct part part_of_arm(const struct row *row, size_t arm)
{
    return (struct part){true, plan_of_more(row), row->comparison.arms[arm].arm};
}

static json_t *numbers_json(struct numbered *numbered, const struct row *row,
                            const struct behind *one)
{
    static const struct part whole = {false, NULL, NULL};
    const char *use_case = row->use_case;
    const char *plan = one->all != NULL ? plan_of_more(row) : NULL;
    const struct part pair = {one->all != NULL, plan, NULL};
    const struct part any = {false, plan, NULL};
    json_t *numbers =
        json_pack("[o, o]", number_of(numbered, use_case, one->before, &whole, one->days_before),
                  number_of(numbered, use_case, one->now, &pair, one->days_now));
    for (size_t arm = 0; arm < 2 && one->arms != NULL; arm++) {
        const struct part part = part_of_arm(row, arm);
        numbers = value_listed(
            numbers, number_of(numbered, use_case, &one->arms[arm], &part, one->days_now));
    }
    if (one->all != NULL)
        numbers =
            value_listed(numbers, number_of(numbered, use_case, one->all, &any, one->days_now));
    return numbers;
}

/* Of a cell's arms; which is in which is chance, as in those of the whole. */
static json_t *by_numbers_json(struct numbered *numbered, const struct row *row,
                               const struct by_cells *by, struct days days)
{
    json_t *numbers = json_array();
    for (size_t c = 0; c < by->count; c++)
        for (size_t arm = 0; arm < 2; arm++) {
            const struct part part = part_of_arm(row, arm);
            numbers =
                value_listed(numbers, number_of(numbered, row->use_case,
                                                &by->cells[c].reach_of_arm[arm], &part, days));
        }
    return numbers;
}

struct all_between between_rows(const struct evidence *evidence)
{
    struct arena *arena = arena_create();
    struct numbered numbered = {
        .arena = arena,
        .places = {.arena = arena},
        .contents = {.arena = arena},
        .use_cases = {.arena = arena},
    };
    json_t *behind = json_array();
    json_t *by = json_array();
    for (size_t i = 0; i < evidence->row_count; i++) {
        const struct row *row = &evidence->rows[i];
        const struct all_behind all = behind_in_days(evidence, row);
        json_t *results = json_array();
        for (size_t r = 0; r < all.count; r++) {
            results = value_listed(results, numbers_json(&numbered, row, &all.of[r]));
        }
        behind = value_listed(behind, results);
        json_t *groups = json_array();
        for (size_t g = 0; g < row->comparison.by_count; g++)
            groups = value_listed(groups, by_numbers_json(&numbered, row, &row->comparison.by[g],
                                                          all.of[result_comparison].days_now));
        by = value_listed(by, groups);
    }
    json_t *near = near_json(&numbered, evidence->min_group);
    arena_destroy(arena);
    return (struct all_between){behind, by, near};
}
