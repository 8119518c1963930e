/* evidence/plan/plan_power.h

   What a plan can tell, from the workspace's own past: the smallest effect that its period shows
   with a given power, the power at what it wants, and how much more would be needed.

   Designs in which units are drawn once (item, worker, team) by formula (assay/power.h); those over
   time (switchback, staggered, before_after) by resampling the past's units
   (assay/power_resample.h). */

#ifndef EVIDENCE_PLAN_POWER_H
#define EVIDENCE_PLAN_POWER_H

#include "evidence/plan/plans.h"
#include "evidence/result.h"

struct plan_power_request {
    const char *plan;
    const char *improve_by; /* an amount in place of the plan's; NULL: the plan's */
    double weeks;           /* in place of the period's; 0: the period's */
    double items;           /* in place of what the past's rate gives; 0: that */
    double power;           /* wanted, such as 0.8 */
};

enum { power_steps = 5 };

struct power_step {
    double effect; /* in the good direction, on the scale */
    double power;
};

/* A metric of the plan. Effects are improvements; of a guardrail, what may get worse: its power is
   the chance that it is shown to be held where nothing changes. */
struct power_metric {
    struct metric_shown metric;
    bool guardrail;
    enum effect_scale scale;
    double amount; /* improve_by, or allow */
    double power;  /* at the amount */
    double detectable;
    double items_needed; /* for the amount; NAN: no number of them is enough, or not known */
    double weeks_needed;
    double units_needed; /* workers or teams, in the same time; NAN: not known */
    double correlation;  /* of two items of a worker */
    double team_correlation;
    struct power_step steps[power_steps]; /* primary alone */
    bool simulated;
    const char *why_not; /* a sentence; NULL: there are numbers */
    int64_t fewest;      /* workers behind the numbers */
};

struct plan_power {
    const struct plan *plan;
    bool has_past;
    struct days past;
    double weeks;
    double items;    /* expected, of the primary metric; NAN: not known */
    int64_t workers; /* that the past had */
    int64_t teams;
    double power; /* wanted */
    int min_group;
    const char *workspace;
    struct power_metric metrics[1 + plan_guardrails_max];
    size_t metric_count;
    const char *notes[8];
    size_t note_count;
};

/* ERROR_INPUT: no such plan, a flag out of range. A past that is too thin is no error: each metric
   then says why. */
enum status plan_power(struct workspace *workspace, const struct plan_power_request *request,
                       struct arena *arena, struct plan_power *out, struct error *error);

#endif
