/* report/held.h

   Which verdicts of a published report still hold: words and settings of two published documents
   side by side, and what may have changed them. No number of either is used, so that nothing can be
   had by subtracting one from the other. */

#ifndef REPORT_HELD_H
#define REPORT_HELD_H

#include "report/lines.h"

#include <jansson.h>

/* Adds "compared_with" to a published document: what it says of each row that either has.
   name   of the published report */
void held_add(json_t *document, const json_t *then, const char *name);

/* "Against 2026Q3 as published on 2026-10-02: 5 of 6 verdicts held.", and a line for each that did
   not; nothing where the document is compared with none. */
void held_lines(struct lines *lines, const json_t *document);

/* One sentence of an entry: "sales.first_draft (first-drafts): better, now at a price. Since then:
   more data." */
char *held_sentence(struct arena *arena, const json_t *entry);

/* "5 of 6 verdicts of 2026Q3, published on 2026-10-02, held." NULL: compared with none. */
char *held_summary(struct arena *arena, const json_t *document);

#endif
