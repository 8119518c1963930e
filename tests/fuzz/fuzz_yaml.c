/* Fuzzing the YAML reader and what reads its trees: every answer is a tree whose places lie inside
   the file, or ERROR_INPUT with a sentence.

   clang -g -O1 -fsanitize=fuzzer,address -Isrc -Iinclude tests/fuzz/fuzz_yaml.c
     (the files of src/base and src/model, the engine) -lfyaml -ljansson */

#include "base/yaml.h"
#include "model/metric.h"
#include "model/use_case.h"

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
        struct metric metric;
        struct use_cases cases;
        check(root, lines);
        (void)metric_read(arena, "fuzz.yaml", text, size, &metric, &error);
        (void)use_cases_read(arena, root, &cases, &error);
    } else if (status != ERROR_INPUT || error.message[0] == '\0') {
        abort();
    }
    arena_destroy(arena);
    return 0;
}
