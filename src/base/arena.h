/* base/arena.h

   Memory that is freed all at once: one arena per command or request. Allocation never returns
   NULL; a process that cannot get memory for its small structures ends with a message, since
   nothing useful can follow (large data lives in the engine, which reports its own limit). */

#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_create(void);
void arena_destroy(struct arena *arena); /* NULL is fine */

/* Zeroed memory, aligned for any type. Size 0 gives a valid pointer. */
void *arena_alloc(struct arena *arena, size_t size);

/* Zeroed array. Ends the process when count * size overflows. */
void *arena_array(struct arena *arena, size_t count, size_t size);

/* An array of `size`-byte elements that must hold one more: returns it, or a copy twice as large.
   capacity is updated. */
void *arena_grow(struct arena *arena, void *array, size_t count, size_t *capacity, size_t size);

char *arena_text(struct arena *arena, const char *text);                  /* NULL gives NULL */
char *arena_text_n(struct arena *arena, const char *text, size_t length); /* adds the NUL */
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
