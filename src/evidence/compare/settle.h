/* evidence/compare/settle.h: how much more of the same would settle what is open. */

#ifndef EVIDENCE_SETTLE_H
#define EVIDENCE_SETTLE_H

#include "evidence/result.h"
#include "model/metric.h"

/* A number of items as people say it: up to two digits that count. -1 where there is none: not
   above 0, not a number, or beyond counting. */
int64_t settle_rounded(double items);

/* Fills items_needed and needed_why of a guardrail that is open.

   With effect e, its lower bound l (both in the good direction) and a loss of at most a allowed, it
   is held once e - l < e + a. The distance to the bound falls with the root of the items, so that
   of N items (((e - l) / (e + a))^2 - 1) N more are needed, if the effect stays what it is. Where
   every item is alike, the limit falls with the items themselves: the ratio is not squared.

   of   the primary metric's comparison: N are its items, and the unit that was assigned. A
   guardrail known of a part of them is then taken to be known of the same part of what comes.

   Where the effect lies on the other side, more items would rather show it broken; where people or
   teams were assigned, more of them are needed, and more items of the same need not narrow
   anything: needed_why says either, and items_needed is -1. */
void settle_guardrail(const struct comparison *of, const struct metric *metric,
                      struct guardrail_result *guardrail, struct arena *arena);

#endif
