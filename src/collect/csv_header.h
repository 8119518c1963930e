/* collect/csv_header.h: the first record of a CSV file, read before the engine reads the rest. */

#ifndef COLLECT_CSV_HEADER_H
#define COLLECT_CSV_HEADER_H

#include "assay/status.h"
#include "base/arena.h"

#include <stddef.h>

struct csv_header {
    char delimiter;     /* the one of , ; tab | that the header holds most of */
    const char **names; /* trimmed, unquoted, at least one, each different */
    size_t count;
};

enum { csv_header_bytes = 1 << 20 };

/* Reads the header from the first bytes of a file (up to csv_header_bytes of them are enough).
   path is for messages. ERROR_INPUT: a name twice or missing, bytes that are no text. */
enum status csv_header_parse(struct arena *arena, const char *path, const char *bytes,
                             size_t length, struct csv_header *out, struct error *error);

#endif
