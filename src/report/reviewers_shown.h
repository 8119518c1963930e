/* report/reviewers_shown.h: how far the reviewers agree whose scores a metric is made of. */

#ifndef REPORT_REVIEWERS_SHOWN_H
#define REPORT_REVIEWERS_SHOWN_H

#include "base/arena.h"
#include "evidence/result.h"
#include "report/withhold.h"

#include <jansson.h>

/* null where the metric is of no reviews, or no two scored the same items. Holds "_" for
   reviewers_publish, which takes it out. */
json_t *reviewers_json(const struct reviewers_agree *agree);

/* Takes it out where it is of few reviewers, or of few people's items; whether it did. */
bool reviewers_publish(json_t *comparison, struct withhold *withhold);

/* "alpha 0.58 (0.41 … 0.71; …) …", with a warning where it is low; NULL where there is none. */
const char *reviewers_line(struct arena *arena, const json_t *row);

#endif
