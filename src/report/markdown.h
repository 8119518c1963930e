/* report/markdown.h: a document as Markdown, for a review or a wiki. */

#ifndef REPORT_MARKDOWN_H
#define REPORT_MARKDOWN_H

#include "base/arena.h"

#include <jansson.h>

/* Without what would end a cell or begin markup. */
char *markdown_escaped(struct arena *arena, const char *text);

char *render_markdown(struct arena *arena, const json_t *document);

/* One row in full. */
char *render_markdown_detail(struct arena *arena, const json_t *document);

#endif
