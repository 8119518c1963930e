/* report/opt_outs.h: items of a drawn plan without an outcome, in the document and on a terminal.
 */

#ifndef REPORT_OPT_OUTS_H
#define REPORT_OPT_OUTS_H

#include "evidence/result.h"
#include "report/lines.h"
#include "report/withhold.h"

#include <jansson.h>

/* null where there is nothing of them. Holds "_" for opt_outs_publish. */
json_t *opt_outs_json(const struct comparison *comparison);

/* Withholds of a comparison's opt_outs what rests on fewer than `least` workers, or shows them by
   subtraction from what is left. In publish_opt_outs.c. */
void opt_outs_publish(json_t *comparison, struct withhold *withhold);

/* Before the arms: who has no outcome. */
void opt_outs_add(struct lines *lines, const json_t *row);
/* Under the effect: what is left of it, whoever they are. */
void opt_outs_add_bounds(struct lines *lines, const json_t *row);

/* The same without their headings; NULL where there is nothing to say. */
const char *opt_outs_text(struct arena *arena, const json_t *row);
const char *opt_outs_bounds_text(struct arena *arena, const json_t *row);
static const char opt_outs_heading[] = "Of the items drawn, ";
static const char opt_outs_bounds_heading[] = "Who is missing: ";

#endif
