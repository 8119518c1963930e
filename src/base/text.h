/* base/text.h: growing texts, templates, nearest names. */

#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

/* A text that grows in an arena; always NUL-terminated once something was added. Start with
   {.arena = arena}. */
struct text {
    struct arena *arena;
    char *bytes;
    size_t length;
    size_t capacity;
};

void text_add(struct text *text, const char *more);
void text_add_n(struct text *text, const char *more, size_t length);
void text_addf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
const char *text_get(const struct text *text); /* "" when nothing was added */

/* The name nearest to what was written (edits counted, any case), or NULL where none is near enough
   to be meant: at most a third of its length, and one more. */
const char *text_nearest(const char *written, const char *const *names, size_t count);

/* "a, b, c"; NULL where there are none. */
const char *text_joined(struct arena *arena, const char *const *texts, size_t count);

/* Without blanks at both ends. */
char *text_trimmed(struct arena *arena, const char *text, size_t length);

/* One {name} of a template, and what stands in its place. */
struct text_slot {
    const char *name;
    const char *value;
};

/* The template with every {name} of a slot filled, in one pass: what was filled in is never looked
   at again, so that a {name} inside a value stays as it is. */
char *text_filled(struct arena *arena, const char *template, const struct text_slot *slots,
                  size_t count);
#define TEXT_FILLED(arena, template, ...)                                                          \
    text_filled(arena, template, (const struct text_slot[]){__VA_ARGS__},                          \
                sizeof((const struct text_slot[]){__VA_ARGS__}) / sizeof(struct text_slot))

#endif
