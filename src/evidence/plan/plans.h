/* evidence/plan/plans.h: plans of a workspace, compiled against its facts and held against its
 * data. */

#ifndef EVIDENCE_PLANS_H
#define EVIDENCE_PLANS_H

#include "evidence/sample/cohort.h"
#include "model/plan.h"
#include "workspace/workspace.h"

/* The plan plans/NAME.yaml, compiled. Facts have to be current. */
enum status plans_named(struct workspace *workspace, const char *name, struct arena *arena,
                        struct plan *out, struct error *error);

/* What the data hold for a plan: items of its use case opened in its period. */
struct plan_items {
    int64_t items;
    int64_t workers;
    bool any;         /* else first is not known */
    int64_t first;    /* microseconds: when the first of them was opened */
    int64_t use_case; /* items of the use case at any time */
    bool timeless;    /* none of them has a time: all are the plan's */
};

enum status plans_items(struct workspace *workspace, const struct plan *plan, struct arena *arena,
                        struct plan_items *out, struct error *error);

/* The plan's period and the one before it as moments; now->all where no item of its use case has a
   time (a trial's table), and then its from and until are the period's nevertheless. */
enum status plans_span(struct workspace *workspace, const struct plan *plan, struct arena *arena,
                       struct span *now, struct span *before, struct error *error);

#endif
