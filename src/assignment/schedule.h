/* assignment/schedule.h: the moments at which arms of a plan may change: ends of a switchback's
   blocks, beginnings of a rollout's waves. */

#ifndef ASSIGNMENT_SCHEDULE_H
#define ASSIGNMENT_SCHEDULE_H

#include "model/plan.h"
#include "workspace/workspace.h"

enum { schedule_most = 1000 };

struct schedule {
    int64_t *at; /* moments, growing */
    size_t count;
};

/* Ends of blocks: at[b] and at[b + 1] are those of block b, the last one the period's end.
   ERROR_INPUT: fewer than two blocks in the period, or over schedule_most. */
enum status schedule_blocks(struct workspace *workspace, const struct plan *plan,
                            struct arena *arena, struct schedule *out, struct error *error);

/* Beginnings of months or weeks (waves_begins) that the plan's period holds behind its first whole
   one: before the first wave there has to be a time without, as long as those that follow. Only
   those from `now` on.
   ERROR_INPUT: fewer than two are left. */
enum status schedule_waves(struct workspace *workspace, const struct plan *plan, int64_t now,
                           struct arena *arena, struct schedule *out, struct error *error);

#endif
