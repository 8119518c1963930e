/* report/publish.h

   The one place that withholds. It works on the document, so that what it takes out can reach no
   renderer.

   Nothing is shown of fewer than min_group workers: a change needs that many in each period, a
   comparison in each arm, both also among the items that their values rest on (cells that both
   sides have), the counts of a row altogether. What fails loses every number, and its reason where
   it has one.

   Complementary suppression. The results of a row are sums over nearly the same items: who has
   items in the period, who of them has an outcome, who of them is in an arm, who has another
   outcome. Where fewer than min_group workers stand between two of them, their values could be had
   by subtraction. The results are taken in the order change, comparison, further changes, counts;
   each is held against those already shown, and
     a comparison too near to the change is withheld; but one whose arms were given (a trial's) goes
     before every change of the document, and a change too near to it is withheld, here and in the
     documents of other periods and commands (evidence/plan/trials.h),
     a further change too near to a result in the same unit is withheld; in another unit, where
       values can't be subtracted, it loses its counts, and its numbers all digits but two, for a
       mean in ten digits tells how many items it is of,
     counts too near to any result of any row are taken out, then those too near to others' counts,
     and where a reason for leaving items out would tell of fewer than min_group workers, no reason
       is counted.
   The p value of a draw has one digit: in ten it tells how many units were drawn into either arm.
   Workers who are in one of two results only count as well, whatever the others' items do. A
   comparison is held against the period's change also where that is not shown: the next period
   shows it as its earlier one. Use cases share no items; rows of one use case (two plans) may
   share nearly all, so that each result is held against those of the rows before it, too: what is
   too near to one in the same unit is withheld, and in another unit loses its counts. So are their
   arms, for two comparisons may differ by many people, and in one arm by few. Otherwise
   documents are not held against each other: who may ask for any dates, metrics and cells can
   narrow down (docs/privacy.md).

   In a workspace of the user's own data min_group is 1 and nothing is withheld; each but CSV,
   which has no head, says so there. */

#ifndef REPORT_PUBLISH_H
#define REPORT_PUBLISH_H

#include <jansson.h>
#include <stdbool.h>

/* Withholds in place, removes what is only for this step, writes the rows' sentences, and puts the
   rows in the order in which they are read (order.h). false: there was no memory for some of that,
   and what should be withheld may still be there; nothing of the document may be shown. */
bool publish(json_t *document);

#endif
