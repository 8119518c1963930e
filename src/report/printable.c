#include "report/printable.h"

#include "base/terminal.h"
#include "base/text.h"

#include <string.h>

static bool make_text(json_t *text, bool keep_lines)
{
    struct arena *arena = arena_create();
    struct text out = {.arena = arena};
    const char *at = json_string_value(text);
    while (keep_lines && strchr(at, '\n') != NULL) {
        size_t length = strcspn(at, "\n");
        text_addf(&out, "%s\n", text_printable(arena, arena_text_n(arena, at, length)));
        at += length + 1;
    }
    text_add(&out, text_printable(arena, at));
    bool done = json_string_set(text, text_get(&out)) == 0;
    arena_destroy(arena);
    return done;
}

static bool make(json_t *node, bool keep_lines)
{
    bool done = true;
    if (json_is_string(node))
        return make_text(node, keep_lines);
    for (size_t i = 0; i < json_array_size(node); i++)
        done = make(json_array_get(node, i), keep_lines) && done;
    for (void *at = json_object_iter(node); at != NULL; at = json_object_iter_next(node, at))
        done = make(json_object_iter_value(at), strcmp(json_object_iter_key(at), "explain") == 0) &&
               done;
    return done;
}

bool printable_document(json_t *document)
{
    return make(document, false);
}
