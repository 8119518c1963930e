/* base/lookup.h: numbers of texts, 0, 1, 2, … in the order in which they came. */

#ifndef BASE_LOOKUP_H
#define BASE_LOOKUP_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Start with {.arena = arena}. What it holds lives as long as the arena. */
struct lookup {
    struct arena *arena;
    const char **texts; /* by number */
    size_t count;
    size_t capacity;
    size_t *slots; /* a number plus 1; 0: free */
    size_t slot_count;
};

/* The number that the text has, or gets now. is_new may be NULL. */
size_t lookup_add(struct lookup *lookup, const char *text, bool *is_new);

/* The number that the text has, or SIZE_MAX. */
size_t lookup_find(const struct lookup *lookup, const char *text);

#endif
