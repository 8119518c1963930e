/* evidence/compare/change.h

   A metric in this period against the one before, on the earlier mix of cells: descriptive. What
   changed the work may be anything, so it is never called AI's doing. */

#ifndef EVIDENCE_CHANGE_H
#define EVIDENCE_CHANGE_H

#include "evidence/result.h"
#include "evidence/sample/sample.h"
#include "workspace/workspace.h"

/* Always gives a change: exists is false, with a sentence, where it cannot be estimated. Fails only
   where the engine does. */
enum status change_estimate(struct workspace *workspace, const char *use_case,
                            const struct metric *metric, const struct span *now,
                            const struct span *before, struct arena *arena, struct change *out,
                            struct error *error);

#endif
