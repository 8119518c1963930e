/* report/sentence.h: what a row says, in one or two plain sentences. The only place that makes
 * them. */

#ifndef REPORT_SENTENCE_H
#define REPORT_SENTENCE_H

#include <jansson.h>

/* From a row of the published document. To be freed with sentence_free. */
char *sentence_of_row(const json_t *row);
void sentence_free(char *sentence);

#endif
