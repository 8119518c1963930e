/* evidence/sample/reach.h

   Who is behind a published number. Two numbers over nearly the same items tell, by subtraction, of
   the few who are behind one of them only; how many these are is counted here, and report/publish.c
   decides. A reach never leaves the process. */

#ifndef EVIDENCE_REACH_H
#define EVIDENCE_REACH_H

#include "base/arena.h"

#include <stddef.h>
#include <stdint.h>

/* Items by worker, ordered by worker. Empty: nobody, or not known. */
struct reach {
    size_t count;
    size_t capacity;
    const char **workers;
    int64_t *items;
    int64_t *prints; /* of which items these are; NULL: not known */
};

/* Workers come in order; items of 0 are not kept. */
void reach_add(struct reach *reach, struct arena *arena, const char *worker, int64_t items);

/* The same with a print of the items, the same of the same items whatever their order: as many
   others are told apart by it. All of a reach have one, or none. */
void reach_add_print(struct reach *reach, struct arena *arena, const char *worker, int64_t items,
                     int64_t print);

/* Those of both, whose items are not the same ones. */
struct reach reach_joined(struct arena *arena, const struct reach *a, const struct reach *b);

/* The fewest workers that a reader could single out by subtracting one from the other, 0 where
   there are none: those with more items in the one than in the other, or, where these are fewer,
   those who are in one only. O(count of both). */
int64_t reach_between(const struct reach *a, const struct reach *b);

/* Those with more items in the one than in the other: of arms, which it is chance to be in. */
int64_t reach_between_items(const struct reach *a, const struct reach *b);

#endif
