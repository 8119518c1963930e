/* evidence/plan/power_metric.h: the power of one metric of a plan; inside evidence/ only. */

#ifndef EVIDENCE_POWER_METRIC_H
#define EVIDENCE_POWER_METRIC_H

#include "evidence/plan/past.h"
#include "evidence/plan/plan_power.h"

struct power_asking {
    const struct plan *plan;
    const struct plan_goal *goal; /* its amount is that asked for */
    bool guardrail;
    double power;
    double weeks; /* of the plan */
    double scale; /* items of the plan for one of the past */
    double pair;  /* of the plan's items or units, those in two arms: 1 where it has two */
    size_t segments;
};

/* Fills the row from the past; where the past says nothing, why_not. */
enum status power_metric(const struct power_asking *asking, const struct past *past,
                         struct arena *arena, struct power_metric *out, struct error *error);

#endif
