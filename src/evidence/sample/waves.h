/* evidence/sample/waves.h

   From when on each unit of a staggered plan is treated, and in which period that is: SQL that
   panels are made with. Starts are those that were assigned; where the plan assigned nothing, those
   of people's seats. */

#ifndef EVIDENCE_WAVES_H
#define EVIDENCE_WAVES_H

#include "evidence/sample/sample.h"
#include "model/plan.h"
#include "workspace/workspace.h"

struct waves {
    const char *sql; /* one row per unit: unit, since (null: never) */
    bool from_seats;
    bool drawn;      /* every start carries a probability */
    const char *why; /* a clause */
    int64_t ahead;   /* anticipation, in periods */
};

/* The number of the period that a moment lies in, as SQL: months of the calendar, or weeks counted
   from the plan's first day, in the workspace's time zone. */
const char *waves_period(struct arena *arena, const struct workspace *workspace,
                         const struct plan *plan, const char *moment);

/* why_not   set, with STATUS_OK, where there are no waves: a sentence
   arms      plan, unit_kind and names are set */
enum status waves_find(struct workspace *workspace, const struct plan *plan,
                       const struct sample *sample, struct arena *arena, struct waves *out,
                       const char **why_not, struct error *error);

#endif
