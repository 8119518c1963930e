/* The header of a CSV file, on any bytes: names are there, different, and hold no NUL. */

#include "collect/csv_header.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create();
    struct csv_header header = {0};
    struct error error;
    if (csv_header_parse(arena, "f.csv", (const char *)data, size, &header, &error) == STATUS_OK) {
        if (header.count == 0)
            abort();
        for (size_t i = 0; i < header.count; i++)
            for (size_t j = 0; j <= i; j++)
                if (header.names[i][0] == '\0' ||
                    (j < i && strcasecmp(header.names[i], header.names[j]) == 0))
                    abort();
    }
    arena_destroy(arena);
    return 0;
}
