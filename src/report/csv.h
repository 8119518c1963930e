/* report/csv.h: a document as CSV (RFC 4180), one line per change and per comparison. */

#ifndef REPORT_CSV_H
#define REPORT_CSV_H

#include "base/arena.h"
#include "base/text.h"

#include <jansson.h>

char *render_csv(struct arena *arena, const json_t *document);

/* Adds a cell and a comma: in quotes where needed; a text that a spreadsheet would run as a formula
   begins with an apostrophe. */
void csv_add_text(struct text *out, const char *text);

/* Adds a line: of each cell its text, or its number where the text is NULL; NAN: an empty cell. */
void csv_add_cells(struct text *out, const char *const *text, const double *number, size_t count);

/* Adds the line of the columns' names. */
void csv_add_head(struct text *out, const char *const *names, size_t count);

#endif
