/* A registry file of any bytes: it is read or refused, and a line appended to what was read leads
   to a chain that holds. */

#include "workspace/registry.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char path[64];
    struct registry before;
    struct registry after;
    struct error error;
    if (path[0] == '\0')
        (void)snprintf(path, sizeof path, "/tmp/assay-fuzz-registry-%ld", (long)getpid());
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file < 0 || write(file, data, size) != (ssize_t)size)
        abort();
    (void)close(file);
    if (registry_read(path, &before, &error) == STATUS_OK) {
        const struct registry_field field = {.name = "setting", .text = "x"};
        if (registry_append(path, "setting", &field, 1, &after, &error) != STATUS_OK ||
            after.lines != before.lines + 1)
            abort();
    }
    (void)unlink(path);
    return 0;
}
