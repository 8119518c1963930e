/* report/weekly_shown.h: what an effect within units and weeks is made of: as JSON, and as lines.
 */

#ifndef REPORT_WEEKLY_SHOWN_H
#define REPORT_WEEKLY_SHOWN_H

#include "evidence/result.h"
#include "report/lines.h"

#include <jansson.h>

/* Null where the comparison is not made by week. */
json_t *weekly_json(const struct weekly *weekly);

/* What the effect is called beside the naive one: "from none to all". NULL: not made by week. */
const char *weekly_name(const json_t *comparison);

/* "within team and week" */
const char *weekly_within(const json_t *comparison);

void weekly_add(struct lines *lines, const json_t *row);

#endif
