/* evidence/compare/settle.h: how much more would settle what is open. */

#ifndef EVIDENCE_SETTLE_H
#define EVIDENCE_SETTLE_H

#include "evidence/result.h"
#include "model/metric.h"

/* A number of items as people say it: up to two digits that count. -1 where there is none: not
   above 0, not a number, or beyond counting. */
int64_t settle_rounded(double items);

/* Times as many units as there are, for an interval of which a half is as long as room allows.

   It falls with the root of the units, and with t's quantile, whose degrees of freedom grow with
   them: the times f at which half t(df f) / t(df) / sqrt(f) = room. Units that bring the same
   precision each, and as unlike in size as these, are taken to come.

   half    of the interval as it is
   room    what it may be
   df      of t at half; not above 0, not finite or not a number: normal, and f = (half / room)^2
   level   of the interval, in (0, 1)
   NAN: no number of them, for room is not above 0 or half is not finite. */
double settle_times(double half, double room, double df, double level);

/* Fills items_needed and needed_why of a comparison that is unproven since it tells too little.

   An interval as wide as the margin excludes 0 or lies within the margin, whatever the effect is:
   half of it may be margin / 2. Where items were assigned these are counted; where people, teams or
   blocks of time were, more items of the same need not narrow anything, and needed_why says how
   many times as many of them it takes, or why none can be named.

   margin   the smallest effect worth acting on, on the scale of the estimate */
void settle_metric(struct comparison *of, double margin, struct arena *arena);

/* Fills items_needed and needed_why of a guardrail that is open.

   With effect e, its lower bound l (both in the good direction) and a loss of at most a allowed, it
   is held once e - l < e + a, if the effect stays what it is: half is e - l and the room e + a.
   Where every item is alike, the limit falls with the items themselves: times is half / room.

   of   the primary metric's comparison: its items, and the unit that was assigned. A
   guardrail known of a part of them is then taken to be known of the same part of what comes.

   Where the effect lies on the other side, more items would rather show it broken: needed_why says
   so, and items_needed is -1. */
void settle_guardrail(const struct comparison *of, const struct metric *metric,
                      struct guardrail_result *guardrail, struct arena *arena);

#endif
