/* report/event_study.h: what stands beside the effect of a staggered rollout: as JSON, what of that
   is withheld, and as lines. */

#ifndef REPORT_EVENT_STUDY_H
#define REPORT_EVENT_STUDY_H

#include "evidence/result.h"
#include "report/lines.h"
#include "report/withhold.h"

#include <jansson.h>

/* Of a comparison; null where it has none. Holds, until events_publish, who is behind it. */
json_t *events_json(const struct comparison *comparison);

/* Withholds of a comparison's `events` what would tell of few people: all points where a mean that
   any of them is made of rests on fewer than `least` workers, since the points and the whole effect
   together may tell each wave's; and counts of people. */
void events_publish(json_t *comparison, struct withhold *withhold);

/* How many units take part, and a line for each point. */
void events_add(struct lines *lines, const json_t *row);

#endif
