/* report/parts.h: what a ratio is made of: as JSON, what is withheld of it, and as people read it.
 */

#ifndef REPORT_PARTS_H
#define REPORT_PARTS_H

#include "base/arena.h"
#include "evidence/result.h"
#include "report/withhold.h"

#include <jansson.h>

/* A list of the two arms' or periods' parts, or null. For publish() it says who is behind each. */
json_t *parts_json(const struct ratio_parts *parts);

/* For publish() only: takes out of a change or comparison that is shown the parts that few workers
   are behind, or all but few, and what was there for publish() to know. */
void parts_publish(json_t *shown, struct withhold *withhold);

/* One line: "with AI: 120 USD (of it 9.0 USD on abandoned, 3.2 USD on open items) over 410 · 2.0 %
   of calls without a price". */
char *parts_line(struct arena *arena, const json_t *metric, const json_t *part);

#endif
