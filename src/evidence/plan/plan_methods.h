/* evidence/plan/plan_methods.h: a plan, what the registry says of it and, once its period is over,
   its answer, for the methods section. */

#ifndef EVIDENCE_PLAN_METHODS_H
#define EVIDENCE_PLAN_METHODS_H

#include "evidence/answer.h"
#include "evidence/plan/planned.h"

struct plan_methods {
    struct planned planned;
    bool ended;               /* the data reach the end of its period: there is an answer */
    struct evidence evidence; /* where ended: as of `assay compare PLAN` */
};

/* Before the period's end nothing is estimated, and no look is recorded.
   shown   as of answer.h
   ERROR_INPUT: as planned_find. */
enum status plan_methods(struct workspace *workspace, const char *name, answer_shown shown,
                         struct arena *arena, struct plan_methods *out, struct error *error);

#endif
