/* report/compliers_shown.h: what taking an offer did to those who took it because of it: as JSON,
   what of that is withheld, and as lines. */

#ifndef REPORT_COMPLIERS_SHOWN_H
#define REPORT_COMPLIERS_SHOWN_H

#include "evidence/result.h"
#include "report/lines.h"
#include "report/withhold.h"

#include <jansson.h>

/* Null where the comparison has none. Holds, until compliers_publish, who is between it and the
   comparison. */
json_t *compliers_json(const struct comparison *comparison);

/* Withholds it where the items on which uptake is known are those of the comparison but for those
   of fewer than `least` workers: effect times uptake would give theirs. */
void compliers_publish(json_t *comparison, struct withhold *withhold);

void compliers_add(struct lines *lines, const json_t *row);

#endif
