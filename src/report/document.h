/* report/document.h

   Evidence as one JSON document, the only thing that renderers see. Its schema is
   docs/report.schema.json. A number that does not exist is null, with a reason beside it; numbers
   have at most ten significant digits, since sums over threads repeat no further. */

#ifndef REPORT_DOCUMENT_H
#define REPORT_DOCUMENT_H

#include "evidence/result.h"

#include <jansson.h>

/* A new reference; nothing is withheld in it yet: publish() does that, before anything is shown.
   version   of this program */
json_t *document_make(const struct evidence *evidence, const char *version);

/* Does the document of one comparison, as published, hold its estimate? */
bool document_compares(const json_t *document);

/* The indented text of a document; to be freed with free(). */
char *document_json(const json_t *document);

#endif
