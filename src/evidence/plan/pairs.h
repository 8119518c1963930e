/* evidence/plan/pairs.h

   The comparisons of a plan: each arm but the baseline beside it. A pair is answered as a plan of
   two arms is, in a row of its own; what they share is here. */

#ifndef EVIDENCE_PAIRS_H
#define EVIDENCE_PAIRS_H

#include "evidence/asking.h"
#include "evidence/plan/planned.h"

/* The plan as one of its pairs, with its lock.
   which   0 .. plan_pair_count - 1 */
struct planned pairs_one(struct arena *arena, const struct planned *planned, size_t which);

/* Fills in_any of the rows of one plan, which are answered: who is in those of its arms that have
   min_group workers. A reader who adds them up has a number that no row holds. Nothing is to be
   done of two arms. */
void pairs_join(struct arena *arena, int min_group, struct row *rows, size_t count);

#endif
