/* report/without_ai.h: where work without AI was right, and what leaving AI out saved: as JSON, as
   withheld, and as people read it. */

#ifndef REPORT_WITHOUT_AI_H
#define REPORT_WITHOUT_AI_H

#include "base/arena.h"
#include "evidence/result.h"
#include "report/withhold.h"

#include <jansson.h>

/* A new reference; null where the comparison says no such thing. publish() asks without_ai_publish
   before anything is shown. */
json_t *without_ai_json(const struct row *row);

/* Withholds in a row what tells of fewer than `least` workers; all of it where the comparison is
   withheld. Writes the sentence. Returns whether a sum was withheld. */
bool without_ai_publish(json_t *row, struct withhold *withhold);

/* "not using AI was right on 412 items; that saved about 90 h (10 … 170)"; NULL: nothing to say. */
const char *without_ai_line(const json_t *row);

/* Is it not known whether that was right? */
bool without_ai_is_unclear(const json_t *row);

/* The word on one of the sums, hours or dollars: better only where it lies beyond 0. */
const char *without_ai_word(const json_t *row, const json_t *part);

#endif
