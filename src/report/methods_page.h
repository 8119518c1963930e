/* report/methods_page.h: the analysis of a plan as a short methods section. It holds no effect:
   what was planned, how it is told, and, once the period is over, what the data's checks say. */

#ifndef REPORT_METHODS_PAGE_H
#define REPORT_METHODS_PAGE_H

#include "evidence/plan/planned.h"
#include "report/text.h"

/* document   the published document of `assay compare PLAN`, or NULL before the period's end
   style      of a terminal; NULL: Markdown */
char *methods_page(struct arena *arena, const struct planned *planned, const json_t *document,
                   const struct text_style *style);

#endif
