#include "assignment/draw.h"

#include "base/arena.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static uint64_t hash_of(const struct draw *draw, const char *text)
{
    char digits[17] = "";
    hash_pseudonym(draw->key, text, strlen(text), digits);
    return strtoull(digits, NULL, 16);
}

uint64_t draw_order(const struct draw *draw, const char *unit)
{
    struct arena *arena = arena_create();
    uint64_t hash = hash_of(draw, arena_printf(arena, "assign\n%s\norder\n%s", draw->plan, unit));
    arena_destroy(arena);
    return hash;
}

int draw_block_size(double probability)
{
    static const int otherwise = 10;
    for (int size = 2; size <= draw_block_max; size++) {
        double places = size * probability;
        /* A block of 2 or 3 would give its last place away to who knows the others. */
        if (fabs(places - round(places)) < 1e-9)
            return size >= 4 ? size : 2 * size;
    }
    return otherwise;
}

struct place {
    uint64_t hash;
    int at;
};

static int by_hash(const void *one, const void *other)
{
    const struct place *a = one;
    const struct place *b = other;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return a->at - b->at;
}

/* The places of a block, by their hashes. */
static void order_places(const struct draw *draw, const char *stratum, int64_t block, int size,
                         struct place *places)
{
    struct arena *arena = arena_create();
    for (int i = 0; i < size; i++)
        places[i] =
            (struct place){hash_of(draw, arena_printf(arena, "assign\n%s\nplace\n%s\n%lld\n%d",
                                                      draw->plan, stratum, (long long)block, i)),
                           i};
    arena_destroy(arena);
    qsort(places, (size_t)size, sizeof *places, by_hash);
}

void draw_block(const struct draw *draw, const char *stratum, int64_t block, double probability,
                int *arms)
{
    struct place places[draw_block_max] = {0};
    struct arena *arena = arena_create();
    int size = draw_block_size(probability);
    double start =
        (double)hash_of(draw, arena_printf(arena, "assign\n%s\nstart\n%s", draw->plan, stratum)) /
        0x1p64;
    double per_block = size * probability;
    if (fabs(per_block - round(per_block)) < 1e-9)
        per_block = round(per_block);
    /* A number near 2^64 rounds up to it; U stays below 1. */
    start = fmin(start, 1 - 0x1p-53);
    double taken =
        floor((double)(block + 1) * per_block + start) - floor((double)block * per_block + start);
    arena_destroy(arena);
    order_places(draw, stratum, block, size, places);
    for (int i = 0; i < size; i++)
        arms[places[i].at] = i < taken;
}

int draw_equal_size(int arms)
{
    return arms >= 4 ? arms : 2 * arms;
}

void draw_equal(const struct draw *draw, const char *stratum, int64_t block, int size, int parts,
                int *out)
{
    struct place places[draw_waves_max] = {0};
    order_places(draw, stratum, block, size, places);
    for (int i = 0; i < size; i++)
        out[places[i].at] = i / (size / parts);
}
