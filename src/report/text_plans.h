/* report/text_plans.h: rows of plans in a report for a terminal. */

#ifndef REPORT_TEXT_PLANS_H
#define REPORT_TEXT_PLANS_H

#include "report/lines.h"

#include <jansson.h>

/* Two or three lines a plan: what changed and AI's part in it, then what qualifies that; at most
   `limit` plans. Returns how many there are. */
size_t add_plans(struct lines *lines, const json_t *document, size_t limit);

/* Why the intervals are wider than those of each plan, or arm, alone: false discoveries are kept to
   a twentieth of those that differ from 0. NULL: they are not. */
const char *judged_in_words(struct arena *arena, const json_t *document);

/* "Reworked or reopened, Quality": guardrails in a state; "" where none is. */
const char *guardrails_in(struct arena *arena, const json_t *row, const char *state,
                          bool with_effect);

/* What the margin is an amount of, in the metric's good direction: "−10 %". */
const char *target_text(struct arena *arena, const json_t *row);

#endif
