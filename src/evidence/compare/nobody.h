/* evidence/compare/nobody.h: why no item of an arm has a number that could be compared. */

#ifndef EVIDENCE_NOBODY_H
#define EVIDENCE_NOBODY_H

#include "evidence/sample/sample.h"
#include "workspace/workspace.h"

enum { both_arms = 2 };

/* A sentence with the mend where there is one, of the arm of that number or of both; NULL where an
   item takes part. One more pass over the sample, and where covariates may be to blame one for each
   of them. */
enum status nobody_why(struct workspace *workspace, const struct sample *sample, int arm,
                       struct arena *arena, const char **out, struct error *error);

#endif
