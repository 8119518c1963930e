#include "collect/connector_place.h"

#include "base/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct connector_place connector_place_at(const struct connector_block *block, size_t offset)
{
    struct connector_place place = {block->line, block->column};
    for (size_t i = 0; i < offset && block->select[i] != '\0'; i++) {
        place.column++;
        if (block->select[i] == '\n')
            place = (struct connector_place){place.line + 1, 1};
    }
    return place;
}

/* The engine shows a long line in part, "..." standing for the rest of it on either side. The
   column that the caret is under, in the whole line, from 0; SIZE_MAX: unknown. */
static size_t caret_in_line(struct arena *arena, const char *line, const char *shown)
{
    size_t length = strcspn(shown, "\n");
    const char *caret_line = shown[length] == '\n' ? shown + length + 1 : "";
    size_t caret = strspn(caret_line, " ");
    const char *text = strstr(shown, ": ");
    if (caret_line[caret] != '^' || text == NULL || text >= shown + length)
        return SIZE_MAX;
    text += 2;
    size_t before = (size_t)(text - shown);
    if (caret < before)
        return SIZE_MAX;
    caret -= before;
    if (strncmp(text, "...", 3) != 0 || caret < 3)
        return caret;
    size_t size = (size_t)(shown + length - text) - 3;
    char *part = arena_text_n(arena, text + 3, size);
    if (size > 3 && strcmp(part + size - 3, "...") == 0)
        part[size - 3] = '\0';
    const char *found = strstr(line, part);
    return found != NULL ? (size_t)(found - line) + caret - 3 : SIZE_MAX;
}

struct connector_place connector_place_of(struct arena *arena, const struct connector_block *block,
                                          const char *checked, const char *message)
{
    const struct connector_place unknown = {block->line, 0};
    const char *mark = strstr(message, "\nLINE ");
    const char *hole = checked != NULL ? strstr(checked, "{select}") : NULL;
    if (mark == NULL || (checked != NULL && hole == NULL))
        return unknown;
    long line = strtol(mark + strlen("\nLINE "), NULL, 10);
    size_t indent = 0; /* what stands before the select in its first line */
    for (const char *at = checked; hole != NULL && at < hole; at++) {
        line -= *at == '\n';
        indent = *at == '\n' ? 0 : indent + 1;
    }
    if (line < 1 || line > 100000)
        return unknown;
    const char *text = block->select;
    for (long i = 1; i < line && text != NULL; i++)
        text = (text = strchr(text, '\n')) != NULL ? text + 1 : NULL;
    if (text == NULL)
        return unknown;
    size_t column = caret_in_line(arena, arena_text_n(arena, text, strcspn(text, "\n")), mark + 1);
    struct connector_place place = {block->line + (int)line - 1, 0};
    if (column == SIZE_MAX)
        return place;
    size_t shift = line > 1 ? 1 : (size_t)block->column;
    size_t cut = line > 1 ? 0 : indent;
    /* A part of a long line was found in the select itself, where nothing stands before it. */
    if (strncmp(strstr(mark, ": "), ": ...", 5) == 0)
        cut = 0;
    if (column >= cut)
        place.column = (int)(column - cut + shift);
    return place;
}
