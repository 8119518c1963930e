/* base/text.h: growing texts, nearest names, UTF-8 widths. */

#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "assay/status.h"
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

/* Cells that UTF-8 text takes in a terminal, one per code point but combining marks (0) and wide
   East Asian characters (2). Invalid bytes count 1. */
size_t text_width(const char *text);

/* What may go to a terminal: characters that steer one (C0, DEL, C1) or turn the direction of
   writing become U+FFFD, and blanks that are none (tab, end of line) a blank. */
char *text_printable(struct arena *arena, const char *text);

/* Whole file as text. Fails with ERROR_IO, or ERROR_INPUT over max bytes, or with a NUL inside. */

enum status text_read_file(struct arena *arena, const char *path, size_t max, char **out,
                           size_t *length, struct error *error);

/* Writes a file wholly or not at all (a new file beside it, synced, then renamed). mode as open. */
enum status text_write_file(const char *path, const char *bytes, size_t length, unsigned mode,
                            struct error *error);

#endif
