/* report/season_shown.h: the change of the same days a year before, which a plan takes off. */

#ifndef REPORT_SEASON_SHOWN_H
#define REPORT_SEASON_SHOWN_H

#include "base/arena.h"
#include "evidence/result.h"
#include "report/withhold.h"

#include <jansson.h>

/* null where none was taken off. */
json_t *season_json(const struct season *season);

/* In two digits: in ten, the change of this year beside that of another plan of the same days would
   tell of the few people whose work has no like a year before. */
void season_publish(json_t *comparison, const struct withhold *withhold);

/* "the same days of the year before (2025-09-01 … 2025-10-30) moved by +2.0 (+1.1 … +2.9), …";
   NULL where none was taken off. */
const char *season_line(struct arena *arena, const json_t *row);

#endif
