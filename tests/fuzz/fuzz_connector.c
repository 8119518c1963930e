/* A connector's text, on any bytes without a NUL: what is accepted has a name and a select each. */

#include "collect/connector.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (memchr(data, '\0', size) != NULL)
        return 0;
    struct arena *arena = arena_create();
    struct connector connector;
    struct error error;
    const char *text = arena_text_n(arena, (const char *)data, size);
    if (connector_parse(arena, "f.sql", text, &connector, &error) == STATUS_OK) {
        if (connector.name == NULL || connector.block_count == 0)
            abort();
        for (size_t i = 0; i < connector.block_count; i++)
            if (connector.blocks[i].select == NULL || connector.blocks[i].select[0] == '\0')
                abort();
    }
    arena_destroy(arena);
    return 0;
}
