/* evidence/estimate/weekly.h

   More of a unit's work with AI in one of its weeks than in another: least squares of the outcome
   on the share of the unit's week that had AI, with an effect of each unit and of each week, errors
   by unit (assay/regression.h). What sets units apart at all times is taken out, and what a week
   does to all of them. Which items are given AI enters as far as the share moves by chance: then
   weeks with more of the work that AI is given to have the larger shares.

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
   ERROR_DOMAIN, ERROR_SINGULAR: as assay_regression_open and _contrast. */
enum status estimate_weekly(struct workspace *workspace, const struct sample *sample,
                            const struct precision *precision, struct arena *arena,
                            struct estimated *out, struct weekly *weekly, const char **why_not,
                            struct error *error);

#endif
