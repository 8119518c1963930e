/* A list of units, on any bytes: every row has a unit, a cell per column and a line of its own. */

#include "assignment/unit_file.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create();
    struct unit_file file;
    struct error error;
    const char *bytes = arena_text_n(arena, (const char *)data, size);
    if (unit_file_parse(arena, "u.csv", bytes, size, "item", &file, &error) == STATUS_OK) {
        if (file.count == 0 || file.unit_column >= file.column_count)
            abort();
        for (size_t i = 0; i < file.count; i++) {
            if (file.cells[i][file.unit_column][0] == '\0')
                abort();
            if (i > 0 && file.lines[i] <= file.lines[i - 1])
                abort();
        }
    }
    arena_destroy(arena);
    return 0;
}
