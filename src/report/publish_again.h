/* report/publish_again.h

   A report that is published beside an earlier one of the same work: whoever has both can subtract.
   Where a count of a result differs by fewer than min_group, of items or of workers, fewer than
   min_group people may stand between the two, and the result is withheld from the later one, which
   says so.

   It knows counts, not people: where many items came to few people between the two, it does not
   see that (docs/privacy.md). */

#ifndef REPORT_PUBLISH_AGAIN_H
#define REPORT_PUBLISH_AGAIN_H

#include <jansson.h>
#include <stdbool.h>

/* Do the periods of two documents share a day? */
bool published_overlap(const json_t *document, const json_t *earlier);

/* Withholds in a published document what is too near to the earlier one. false: as of publish(). */
bool publish_against(json_t *document, const json_t *earlier);

#endif
