/* evidence/estimate/weekly.h

   More of a unit's work with AI in one of its weeks than in another, with an effect of each unit
   and of each week, errors by unit. What sets units apart at all times is taken out, and what a
   week does to all of them.

   Of shares between none and all, each item's own part is left out of the share that it is told by
   (assay/leave_out.h): otherwise which items are given AI would enter as far as the share moves by
   chance. Weeks that have AI or have not need no such care: least squares (assay/regression.h).

   What is estimated is the slope: the outcome with all of the work done with AI less that with
   none. It is a weighted mean of the units' own slopes where these differ, with weights that may be
   negative (de Chaisemartin & D'Haultfoeuille 2020, American Economic Review 110:2964-2996). */

#ifndef EVIDENCE_WEEKLY_H
#define EVIDENCE_WEEKLY_H

#include "evidence/estimate/estimators.h"

/* Number of the day that a moment of facts lies in, as people count them; SQL. */
const char *weekly_day(struct arena *arena, const struct workspace *workspace, const char *moment);

/* Number of the week, from Monday on, that a moment of facts lies in, as SQL text for a cell. */
const char *weekly_week(struct arena *arena, const struct workspace *workspace, const char *moment);

/* sample    arms by item or by week, its clusters the units and its cell the week; means,
             proportions and times, these of followed items
   out       clusters are units
   weekly    is filled but for its unit
   why_not   set, with STATUS_OK, where the data allow no estimate: a sentence
   ERROR_DOMAIN, ERROR_SINGULAR: as the estimators named above. */
enum status estimate_weekly(struct workspace *workspace, const struct sample *sample,
                            const struct precision *precision, struct arena *arena,
                            struct estimated *out, struct weekly *weekly, const char **why_not,
                            struct error *error);

/* The part of it for shares, without the people behind it. */
enum status estimate_share(struct workspace *workspace, const struct sample *sample,
                           const struct precision *precision, struct arena *arena,
                           struct estimated *out, struct weekly *weekly, const char **why_not,
                           struct error *error);

/* An item's outcome as SQL over the sample: times up to the horizon, so that their mean is the
   restricted one; NULL where it is not known. */
const char *weekly_value(struct arena *arena, const struct sample *sample);

/* What stands in the way before anything is fitted, or NULL.
   unknown   items without a value */
const char *weekly_refuses(struct arena *arena, const struct sample *sample, size_t units,
                           size_t weeks, size_t weeks_most, int64_t unknown);
extern const char weekly_flat[]; /* why a share that does not move tells nothing */

#endif
