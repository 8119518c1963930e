/* evidence/arms.h: which arms a use case has: as assigned where a tenth of its items was, or where
   assigned arms are asked for; else as found. */

#ifndef EVIDENCE_ARMS_H
#define EVIDENCE_ARMS_H

#include "evidence/sample.h"
#include "workspace/workspace.h"

/* wanted   what --arms said ("no_ai,ai", "tool=a,tool=b"), or NULL
   why_not  set, with STATUS_OK, where there are no two arms to compare: a sentence
   ERROR_INPUT: wanted cannot be read, or names an arm that there is not. */
enum status arms_find(struct workspace *workspace, const char *use_case, const struct span *span,
                      const char *wanted, struct arena *arena, struct arms *out,
                      const char **why_not, struct error *error);

#endif
