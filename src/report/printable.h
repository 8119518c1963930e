/* report/printable.h: labels come from files of strangers, and go to a terminal. */

#ifndef REPORT_PRINTABLE_H
#define REPORT_PRINTABLE_H

#include <jansson.h>
#include <stdbool.h>

/* Replaces in every text of the document what would steer a terminal (text_printable); for the
   renderers that show texts as they are. The lines of explain keep their ends. false: no memory. */
bool printable_document(json_t *document);

#endif
