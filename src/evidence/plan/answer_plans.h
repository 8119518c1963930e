/* evidence/plan/answer_plans.h: the plans of a report's period, as rows of it. */

#ifndef EVIDENCE_ANSWER_PLANS_H
#define EVIDENCE_ANSWER_PLANS_H

#include "evidence/asking.h"
#include "evidence/plan/plans.h"

/* Adds to asking->out a row for each plan whose period overlaps the report's, and judges those that
   end in it together. A plan whose period ends later has no numbers: the report that it ends in has
   them. A plan that cannot be read becomes something that cannot be said; one that was changed
   after its lock has a row that says so. */
enum status answer_plans(struct asking *asking, struct error *error);

/* What stands beside a plan's comparison in its row: the change of its primary metric in its whole
   use case between the periods of the question, whatever the cause, and who is in the cohort.
   span    the plan's period
   items   what the data hold for it */
enum status answer_plans_beside(struct asking *asking, const struct plan *plan,
                                const struct span *span, const struct plan_items *items,
                                struct row *row, struct error *error);

/* Has a use case a row of a plan? */
bool answer_plans_has(const struct evidence *evidence, const char *use_case);

#endif
