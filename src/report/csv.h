/* report/csv.h: a document as CSV (RFC 4180), one line per change and per comparison. */

#ifndef REPORT_CSV_H
#define REPORT_CSV_H

#include "base/arena.h"

#include <jansson.h>

char *render_csv(struct arena *arena, const json_t *document);

#endif
