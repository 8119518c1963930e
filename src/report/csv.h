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

#endif
