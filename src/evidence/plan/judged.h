/* evidence/plan/judged.h: answered plans, or the arms of one, judged together where readers will
   see them (selection.h), and what is left of one that cannot be. */

#ifndef EVIDENCE_JUDGED_H
#define EVIDENCE_JUDGED_H

#include "evidence/asking.h"
#include "evidence/plan/selection.h"

/* Judges those of some rows of asking->out that readers will see.
   running   also those whose period is not over
   out       how many, and at which level */
enum status judged_together(struct asking *asking, struct answered_plan *plans, size_t count,
                            bool running, struct selected *out, struct error *error);

/* The row of a plan of which nothing is known but that it failed; an error where the others cannot
   be answered either. */
enum status judged_failed(struct asking *asking, struct answered_plan *plan, enum status status,
                          const struct error *why, struct error *error);

#endif
