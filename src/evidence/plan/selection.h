/* evidence/plan/selection.h

   Many plans in one report: Benjamini & Yekutieli (2005), JASA 100:71-81. R is the largest number
   for which R of the N intervals at level 1 - .05 R / N exclude 0; these are selected, and all N
   are shown and judged at that level (of R = 1 where none is). A plan that asks for more than the
   level has its own. Plans that cannot decide (as found, before and after, a failed check) are of
   the N and never of the R: they make nobody's level looser. Of the others what is selected then
   excludes 0 and nothing else does, whatever kind of interval it is: intervals are estimated again
   at each level that is tried, never rescaled. */

#ifndef EVIDENCE_SELECTION_H
#define EVIDENCE_SELECTION_H

#include "evidence/plan/planned.h"

/* A plan that has been answered at its own level, and what it was asked with. */
struct answered_plan {
    struct planned planned;
    struct comparison_request like;
    struct row *row;
};

/* Judges the plans together. At most as many passes over their primary metrics as there are plans,
   two or three in practice.
   plans    with an estimate that readers will see: what they may not see must not move the level
   failed   on an error the number of the plan that could not be estimated again; all plans are then
            as they were before */
enum status selection_judge(struct workspace *workspace, struct answered_plan *const *plans,
                            size_t count, struct arena *arena, struct selected *out, size_t *failed,
                            struct error *error);

#endif
