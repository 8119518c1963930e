/* report/power_page.h

   What a plan can tell, as one document (docs/power.schema.json), as a page of a terminal, as
   Markdown and as CSV. The document holds what may not be shown until power_publish has been over
   it. */

#ifndef REPORT_POWER_PAGE_H
#define REPORT_POWER_PAGE_H

#include "evidence/plan/plan_power.h"
#include "report/text.h"

/* NULL where there is no memory. The caller drops the reference. */
json_t *power_document(const struct plan_power *power, const char *version);

/* Withholds what rests on fewer than min_group people, and rounds the rest to two digits: whoever
   asks for two plans that differ by one person's items sees no difference. false: as of publish().
 */
bool power_publish(json_t *document);

/* Of a published document. */
char *power_page(struct arena *arena, const json_t *document, const struct text_style *style);
char *power_markdown(struct arena *arena, const json_t *document);
char *power_csv(struct arena *arena, const json_t *document);

#endif
