#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct block {
    struct block *previous;
    size_t used;
    size_t size;
    max_align_t data[];
};

struct arena {
    struct block *last;
};

enum { block_bytes = 64 * 1024 };

static void *give_up(void)
{
    (void)fputs("assay: out of memory\n", stderr);
    abort();
}

struct arena *arena_create(void)
{
    struct arena *arena = calloc(1, sizeof *arena);
    if (arena == NULL)
        return give_up();
    return arena;
}

void arena_destroy(struct arena *arena)
{
    if (arena == NULL)
        return;
    struct block *block = arena->last;
    while (block != NULL) {
        struct block *previous = block->previous;
        free(block);
        block = previous;
    }
    free(arena);
}

void *arena_alloc(struct arena *arena, size_t size)
{
    size_t align = sizeof(max_align_t);
    if (size > SIZE_MAX - sizeof(struct block) - align)
        return give_up();
    size_t wanted = (size + align - 1) / align * align;
    struct block *block = arena->last;
    if (block == NULL || block->size - block->used < wanted) {
        size_t room = wanted > block_bytes ? wanted : block_bytes;
        struct block *fresh = calloc(1, sizeof *fresh + room);
        if (fresh == NULL)
            return give_up();
        fresh->size = room;
        fresh->previous = block;
        arena->last = block = fresh;
    }
    void *memory = (char *)block->data + block->used;
    block->used += wanted;
    return memory;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size)
        return give_up();
    return arena_alloc(arena, count * size);
}

void *arena_grow(struct arena *arena, void *array, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return array;
    size_t larger = *capacity < 8 ? 16 : *capacity * 2;
    void *copy = arena_array(arena, larger, size);
    if (count > 0)
        memcpy(copy, array, count * size);
    *capacity = larger;
    return copy;
}

char *arena_text_n(struct arena *arena, const char *text, size_t length)
{
    char *copy = arena_alloc(arena, length + 1);
    memcpy(copy, text, length);
    return copy;
}

char *arena_text(struct arena *arena, const char *text)
{
    return text == NULL ? NULL : arena_text_n(arena, text, strlen(text));
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0) {
        va_end(again);
        return give_up();
    }
    char *text = arena_alloc(arena, (size_t)length + 1);
    (void)vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}
