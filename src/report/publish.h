/* report/publish.h

   The one place that withholds. It works on the document, so that what it takes out can reach no
   renderer.

   Nothing is shown of fewer than min_group workers: a change needs that many in each period, a
   comparison in each arm. What fails loses every number.

   Complementary suppression. A reader who sees a change and a comparison of the same metric sees
   two sums over nearly the same workers: all with an outcome in the period, and those in the arms.
   Where
   items of fewer than min_group workers are in the one and not in the other, their values could be
   had by subtraction; then the comparison is withheld. Counts of different metrics of one use case
   are not looked at together. Counts of a row go with its change.

   In a workspace of the user's own data min_group is 1 and nothing is withheld; every rendering
   says so at its head. */

#ifndef REPORT_PUBLISH_H
#define REPORT_PUBLISH_H

#include <jansson.h>

/* Withholds in place, removes what is only for this step, and writes the rows' sentences. */
void publish(json_t *document);

#endif
