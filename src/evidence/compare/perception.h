/* evidence/compare/perception.h: what people expected of AI, and what they said afterwards, beside
   what was measured. Of the group, never of a person. */

#ifndef EVIDENCE_PERCEPTION_H
#define EVIDENCE_PERCEPTION_H

#include "evidence/compare/comparison.h"

/* Fills out->perception where the metric is a time, the arms are without AI and with it, and items
   hold what people expected or said.
   sample   of the comparison, whose estimate is made */
enum status perception_fill(struct workspace *workspace, const struct comparison_request *request,
                            const struct sample *sample, struct arena *arena,
                            struct comparison *out, struct error *error);

#endif
