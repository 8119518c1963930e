/* report/power_words.h: sentences of a published document of power, for its renderings. */

#ifndef REPORT_POWER_WORDS_H
#define REPORT_POWER_WORDS_H

#include "base/arena.h"

#include <jansson.h>
#include <stdbool.h>

/* row   of the document's metrics, in all that follow */

const char *power_percent(struct arena *arena, double share);
/* "10 %", "1.2 points", "3 min" */
const char *power_effect(struct arena *arena, const json_t *row, double effect);

/* "What can drafts tell?" */
const char *power_question(struct arena *arena, const json_t *document);
/* "support.billing · randomised by item · 13 weeks" */
const char *power_design(struct arena *arena, const json_t *document);
/* "from … up to …: about 40 people, …"; NULL where there is no past, or none to be told. */
const char *power_past(struct arena *arena, const json_t *document);

bool power_is_primary(const json_t *row);
/* Why there are no numbers; NULL: there are. */
const char *power_cannot_say(struct arena *arena, const json_t *row);
/* Of a primary metric. */
const char *power_detectable(struct arena *arena, const json_t *document, const json_t *row);
const char *power_needed(struct arena *arena, const json_t *document, const json_t *row);
/* Of a guardrail. */
const char *power_guardrail(struct arena *arena, const json_t *document, const json_t *row);

/* "By formula; items of one person are alike by 0.10, at 95 % confidence. …" */
const char *power_method(struct arena *arena, const json_t *document);

#endif
