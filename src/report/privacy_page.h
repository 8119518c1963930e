/* report/privacy_page.h

   The page on a workspace's privacy, for a works council: what is stored, since when, by which
   settings, who may read, and what no role can see. One document, from which the page is written
   as text or as Markdown. */

#ifndef REPORT_PRIVACY_PAGE_H
#define REPORT_PRIVACY_PAGE_H

#include "report/text.h"
#include "workspace/privacy.h"

/* The document; NULL where there is no memory. The caller drops the reference. */
json_t *privacy_document(const struct privacy *privacy, const char *version);

/* The page.
   style   of a terminal; NULL: Markdown */
char *privacy_page(struct arena *arena, const json_t *document, const struct text_style *style);

#endif
