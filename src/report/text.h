/* report/text.h: a document for a terminal. */

#ifndef REPORT_TEXT_H
#define REPORT_TEXT_H

#include "base/arena.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct text_style {
    size_t width; /* columns; at least 60 are used */
    bool colour;
    bool ascii;        /* only ASCII bytes come out */
    bool all;          /* every row, not the first twelve */
    bool without_arms; /* of one row in full: their table stands elsewhere */
};

/* The report: what changed, AI beside no AI, what can't be said. */
char *render_text(struct arena *arena, const json_t *document, const struct text_style *style);

/* One row in full: arms, naive beside like with like, who was left out, checks. */
char *render_text_detail(struct arena *arena, const json_t *document,
                         const struct text_style *style);

#endif
