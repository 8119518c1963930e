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
    bool drawn;            /* every start carries a probability */
    const char *why;       /* a clause */
    const char *strata;    /* SQL, one row per unit: unit, stratum; NULL: there are none */
    const char *strata_by; /* "team × role" */
    int64_t ahead;         /* anticipation, in periods */
};

/* Periods are months of the calendar, or weeks that begin with the day of week_starts, in the
   workspace's time zone; the first and last of a plan may be cut short by its own days. Draws of
   waves and panels of outcomes take both rules from here: a wave that began within a period would
   have work without in its first one. */

/* Does the day (since 1970-01-01) begin a period? */
bool waves_begins(const struct workspace *workspace, const struct plan *plan, int64_t day);

/* The number of the period that a moment lies in, as SQL. */
const char *waves_period(struct arena *arena, const struct workspace *workspace,
                         const struct plan *plan, const char *moment);

/* Did the unit start in the period of the moment, on another day than the first of it? A truth, as
   SQL; null where since is. What the unit did then is partly with and partly without. */
const char *waves_begun_within(struct arena *arena, const struct workspace *workspace,
                               const struct plan *plan, const char *moment, const char *since);

/* why_not   set, with STATUS_OK, where there are no waves: a sentence
   arms      plan, unit_kind and names are set */
enum status waves_find(struct workspace *workspace, const struct plan *plan,
                       const struct sample *sample, struct arena *arena, struct waves *out,
                       const char **why_not, struct error *error);

#endif
