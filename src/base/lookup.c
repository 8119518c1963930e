#include "base/lookup.h"

#include <string.h>

enum { slots_least = 64 }; /* a power of 2, as all later counts are */

/* FNV-1a, 64 bits. Texts come from files of the user's own: nobody gains by making it slow. */
static uint64_t hash_of(const char *text)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
    return hash;
}

/* The slot that holds the text, or the free one where it belongs. At least half of them are free.
 */
static size_t slot_of(const struct lookup *lookup, const char *text)
{
    size_t slot = (size_t)hash_of(text) & (lookup->slot_count - 1);
    while (lookup->slots[slot] != 0 && strcmp(lookup->texts[lookup->slots[slot] - 1], text) != 0)
        slot = (slot + 1) & (lookup->slot_count - 1);
    return slot;
}

static void make_room(struct lookup *lookup)
{
    if (lookup->count < lookup->slot_count / 2)
        return;
    lookup->slot_count = lookup->slot_count == 0 ? slots_least : lookup->slot_count * 2;
    lookup->slots = arena_array(lookup->arena, lookup->slot_count, sizeof *lookup->slots);
    for (size_t i = 0; i < lookup->count; i++)
        lookup->slots[slot_of(lookup, lookup->texts[i])] = i + 1;
}

size_t lookup_add(struct lookup *lookup, const char *text, bool *is_new)
{
    make_room(lookup);
    size_t slot = slot_of(lookup, text);
    bool added = lookup->slots[slot] == 0;
    if (added) {
        lookup->texts = arena_grow(lookup->arena, lookup->texts, lookup->count, &lookup->capacity,
                                   sizeof *lookup->texts);
        lookup->texts[lookup->count++] = arena_text(lookup->arena, text);
        lookup->slots[slot] = lookup->count;
    }
    if (is_new != NULL)
        *is_new = added;
    return lookup->slots[slot] - 1;
}

size_t lookup_find(const struct lookup *lookup, const char *text)
{
    if (lookup->count == 0)
        return SIZE_MAX;
    size_t number = lookup->slots[slot_of(lookup, text)];
    return number > 0 ? number - 1 : SIZE_MAX;
}
