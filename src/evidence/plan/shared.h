/* evidence/plan/shared.h

   What many plans of one report share, read once: the moments at which days begin, the items of a
   use case in a period, and the change of a metric. So the cost of a plan that runs on does not
   grow with the data. */

#ifndef EVIDENCE_SHARED_H
#define EVIDENCE_SHARED_H

#include "base/lookup.h"
#include "evidence/asking.h"
#include "evidence/plan/plans.h"

/* The items of a use case in a period, and who has them. */
struct cohort {
    struct plan_items items;
    struct reach reach;
};

struct shared {
    struct asking *asking;
    int64_t last_day; /* of any item */
    struct lookup days;
    int64_t *moments;
    size_t moments_capacity;
    struct lookup cohorts;
    struct cohort *cohort;
    size_t cohort_capacity;
    struct lookup changes;
    struct change *change;
    size_t change_capacity;
};

/* Nothing is read yet. */
enum status shared_begin(struct asking *asking, struct shared *out, struct error *error);

/* As period_span. */
enum status shared_span(struct shared *shared, struct days days, struct span *out,
                        struct error *error);

/* The cohort of a plan. */
enum status shared_cohort(struct shared *shared, const struct plan *plan, struct cohort *out,
                          struct error *error);

/* The change of a plan's primary metric in its whole use case between the periods of the report,
   whatever the cause. */
enum status shared_change(struct shared *shared, const struct plan *plan, struct change *out,
                          struct error *error);

#endif
