#include "evidence/sample/reach.h"

#include <stdbool.h>
#include <string.h>

void reach_add(struct reach *reach, struct arena *arena, const char *worker, int64_t items)
{
    if (items == 0)
        return;
    size_t capacity = reach->capacity;
    reach->workers =
        arena_grow(arena, reach->workers, reach->count, &capacity, sizeof *reach->workers);
    reach->items =
        arena_grow(arena, reach->items, reach->count, &reach->capacity, sizeof *reach->items);
    reach->workers[reach->count] = worker;
    reach->items[reach->count++] = items;
}

void reach_add_print(struct reach *reach, struct arena *arena, const char *worker, int64_t items,
                     int64_t print)
{
    size_t capacity = reach->capacity;
    if (items == 0)
        return;
    reach->prints =
        arena_grow(arena, reach->prints, reach->count, &capacity, sizeof *reach->prints);
    reach->prints[reach->count] = print;
    reach_add(reach, arena, worker, items);
}

struct reach reach_joined(struct arena *arena, const struct reach *a, const struct reach *b)
{
    struct reach both = {0};
    size_t i = 0;
    size_t j = 0;
    while (i < a->count || j < b->count) {
        int order = i == a->count ? 1 : j == b->count ? -1 : strcmp(a->workers[i], b->workers[j]);
        reach_add(&both, arena, order <= 0 ? a->workers[i] : b->workers[j],
                  (order <= 0 ? a->items[i] : 0) + (order >= 0 ? b->items[j] : 0));
        i += order <= 0;
        j += order >= 0;
    }
    return both;
}

/* Has a worker other items in the one than in the other? */
static bool differ(const struct reach *a, size_t i, const struct reach *b, size_t j)
{
    return a->items[i] != b->items[j] ||
           (a->prints != NULL && b->prints != NULL && a->prints[i] != b->prints[j]);
}

static void count_between(const struct reach *a, const struct reach *b, int64_t *differing,
                          int64_t *alone)
{
    size_t i = 0;
    size_t j = 0;
    while (i < a->count || j < b->count) {
        int order = i == a->count ? 1 : j == b->count ? -1 : strcmp(a->workers[i], b->workers[j]);
        *differing += order != 0 || differ(a, i, b, j);
        *alone += order != 0;
        i += order <= 0;
        j += order >= 0;
    }
}

int64_t reach_between(const struct reach *a, const struct reach *b)
{
    int64_t differing = 0;
    int64_t alone = 0;
    count_between(a, b, &differing, &alone);
    return alone > 0 ? alone : differing;
}

int64_t reach_between_items(const struct reach *a, const struct reach *b)
{
    int64_t differing = 0;
    int64_t alone = 0;
    count_between(a, b, &differing, &alone);
    return differing;
}
