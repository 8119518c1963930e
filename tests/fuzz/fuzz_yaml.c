/* The YAML reader, on any bytes: every answer is a tree whose places lie inside the file, or
   ERROR_INPUT with a sentence. What reads its trees has targets of its own. */

#include "base/yaml.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct yaml *node, int lines)
{
    if (node->line < 1 || node->column < 1 || node->line > lines + 1)
        abort();
    if (node->kind == YAML_SCALAR && (node->text == NULL || strlen(node->text) != node->length))
        abort();
    for (size_t i = 0; i < node->count; i++) {
        check(node->values[i], lines);
        if (node->kind == YAML_MAP && node->keys[i]->kind != YAML_SCALAR)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create();
    struct error error = {.status = STATUS_OK};
    const char *text = (const char *)data;
    struct yaml *root = NULL;
    int lines = 1;
    for (size_t i = 0; i < size; i++)
        lines += text[i] == '\n' || text[i] == '\r';
    enum status status = yaml_read(arena, "fuzz.yaml", text, size, &root, &error);
    if (status == STATUS_OK) {
        check(root, lines);
    } else if (status != ERROR_INPUT || error.message[0] == '\0') {
        abort();
    }
    arena_destroy(arena);
    return 0;
}
