/* report/hazards_shown.h: the rate of finishing beside the restricted means of a time. */

#ifndef REPORT_HAZARDS_SHOWN_H
#define REPORT_HAZARDS_SHOWN_H

#include "evidence/result.h"
#include "report/lines.h"

#include <jansson.h>

/* A new reference. */
json_t *hazards_json(const struct hazards *hazards);

/* One line of a row in full; nothing where there is none. */
void hazards_add(struct lines *lines, const json_t *row);

#endif
