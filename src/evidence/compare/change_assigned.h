/* evidence/compare/change_assigned.h

   A change beside a trial. Where nearly all items of a period were assigned and those of few people
   were not, the change and the comparison as assigned would tell of these few by subtraction. The
   comparison is what the trial was made for and stays; the change leaves the few items out, in
   every report and answer, whichever of its two periods they are in. So both speak of the same
   items, and there is nothing to subtract. What a trial leaves out of its assigned items is not
   looked at here: plan/trials.h. */

#ifndef EVIDENCE_CHANGE_ASSIGNED_H
#define EVIDENCE_CHANGE_ASSIGNED_H

#include "evidence/estimate/estimators.h"

/* scope   NULL: nothing is left out; else a truth over facts for the change's sample, in words of
           temporary tables that the next call makes anew */
enum status change_assigned(struct workspace *workspace, const struct sample *change,
                            const struct sample_counts *counts, struct arena *arena,
                            const char **scope, struct error *error);

#endif
