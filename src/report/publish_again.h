/* report/publish_again.h

   A report that is published beside earlier ones of the same work: whoever has both can subtract.
   Whatever two of them show of one use case and metric is held against each other, where days meet:
   each period of a change, each arm, both arms together, each group. Where a count differs by fewer
   than min_group, of items or of workers, fewer than min_group people may stand between the two; so
   they may where counts are the same and the value is another. The result is withheld from the
   later report, which says so. A result that an earlier one shows just as it is tells nothing new,
   and stays.

   It knows counts and values, not people: where many items came to few people between the two, it
   does not see that (docs/privacy.md). */

#ifndef REPORT_PUBLISH_AGAIN_H
#define REPORT_PUBLISH_AGAIN_H

#include <jansson.h>
#include <stdbool.h>

/* Withholds in a published document what is too near to an earlier one.
   earlier   [{"name", "document"}] of all that were published
   false: as of publish(). */
bool publish_against(json_t *document, const json_t *earlier);

#endif
