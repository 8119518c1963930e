/* evidence/plan/trials.h

   A change beside the trials of its periods. A trial leaves items out that were assigned (a
   washout, a stratum with one arm, a covariate that is missing) or has a scope; where those are of
   few people, its comparison and the change would tell of them by subtraction. The comparison is
   what the trial was made for and stays: the change is what is withheld, beside the trial and a
   period later, when its earlier period is that of the trial. */

#ifndef EVIDENCE_TRIALS_H
#define EVIDENCE_TRIALS_H

#include "evidence/asking.h"

/* Fills in beside_trial and beside_other of a change between the periods of the question. */
enum status trials_beside(struct asking *asking, const char *use_case, const struct metric *metric,
                          struct change *change, struct error *error);

#endif
