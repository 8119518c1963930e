/* report/publish_again.h

   A report that is published beside earlier ones of the same work: whoever has both can subtract.
   Whatever two of them show of one use case and metric is held against each other, where days meet:
   each period of a change, each arm, both arms together, each group, each guardrail. Where few
   people stand between the two, or carry what does, the result is withheld from the later report,
   which says so. A result that an earlier one shows just as it is tells nothing new, and stays.

   What several earlier reports tell together with it (two months and their quarter: the third
   month) is had from publish_periods.h.

   Who stands between two numbers is known of reports whose people were kept
   (evidence/published_work.h); else counts and values have to do: a count that differs by fewer
   than min_group, or the same counts with another value. */

#ifndef REPORT_PUBLISH_AGAIN_H
#define REPORT_PUBLISH_AGAIN_H

#include "evidence/published_work.h"

#include <jansson.h>
#include <stdbool.h>

/* Withholds in a published document what is too near to an earlier one.
   earlier   [{"name", "sha256", "document"}] of all that were published
   work      whose the numbers of the document are (report "") and those of earlier ones, where that
             is known; those of the document that readers will have become `kept`
   false: as of publish(). */
bool publish_against(json_t *document, const json_t *earlier, struct published_work *work);

#endif
