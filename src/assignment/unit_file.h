/* assignment/unit_file.h

   A list of units that people wrote: one per line, or CSV whose first line names the columns, one
   of which holds the units and others what strata are made of. It may hold names of people, so
   errors quote nothing of its rows. */

#ifndef ASSIGNMENT_UNIT_FILE_H
#define ASSIGNMENT_UNIT_FILE_H

#include "assay/status.h"
#include "base/arena.h"

#include <stddef.h>

struct unit_file {
    const char *const *columns; /* of the first line; one without a name where there is none */
    size_t column_count;
    size_t unit_column;
    const char *const **cells; /* by row, then column: trimmed */
    const int *lines;          /* by row: where it begins, from 1 */
    size_t count;
};

/* Reads a list.
   kind   item, worker or team: what the units are
   ERROR_INPUT with path and line: no text, no unit, a row without one, with more cells than
   columns, a quote that does not end, columns of which none holds the units. */
enum status unit_file_parse(struct arena *arena, const char *path, const char *bytes, size_t length,
                            const char *kind, struct unit_file *out, struct error *error);

#endif
