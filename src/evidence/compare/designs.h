/* evidence/compare/designs.h

   How a plan of each design is answered: one function per design, from what is asked of one metric
   (the primary or a guardrail) to the comparison of a row; and designs that need no plan. To add
   one: a file design_NAME.c, its function below, and its line in designs.c. */

#ifndef EVIDENCE_DESIGNS_H
#define EVIDENCE_DESIGNS_H

#include "evidence/compare/comparison.h"
#include "model/plan.h"

/* Fills comparison, verdict, margin and checks of the row, as comparison_estimate does. What cannot
   be estimated has exists = false and a sentence.
   request   names the arms and the scope of the plan; a guardrail's has neither covariates nor
             guardrails of its own */
typedef enum status design_estimate(struct workspace *workspace, const struct plan *plan,
                                    const struct comparison_request *request, struct arena *arena,
                                    struct row *row, struct error *error);

design_estimate *design_of(enum plan_design design);

/* The arms of a request are those that the plan assigned, within the strata that it drew in. */
void design_as_drawn(const struct plan *plan, struct arena *arena,
                     struct comparison_request *request);

design_estimate design_randomised;
design_estimate design_switchback;
design_estimate design_staggered;
design_estimate design_encouragement;
design_estimate design_like_with_like;
design_estimate design_before_after;

/* Without a plan (NULL): a team's weeks with more of its work done with AI beside its others, as
   found. Flags of the request that it cannot follow are errors. */
design_estimate design_dose;

/* Without a plan (NULL): people's weeks with AI beside their weeks without, as found. Leaves the
   row as it is where anything but daily totals tells of AI on the items, or nothing does. */
design_estimate design_worker_week;

/* What is compared where no plan says how: the arms that there are, else people's weeks. */
enum status designs_without_plan(struct workspace *workspace,
                                 const struct comparison_request *request, struct arena *arena,
                                 struct row *row, struct error *error);

#endif
