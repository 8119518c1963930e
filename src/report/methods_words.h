/* report/methods_words.h

   How the paragraphs of a methods section are written, and what each is written from. */

#ifndef REPORT_METHODS_WORDS_H
#define REPORT_METHODS_WORDS_H

#include "evidence/plan/planned.h"
#include "report/format.h"
#include "report/lines.h"
#include "report/methods_table.h"

struct methods {
    struct arena *arena;
    const struct plan *plan;
    const struct lock *lock;
    const json_t *row; /* NULL: the period is not over */
    const struct text_style *style;
    struct lines lines;
    bool cited[REFERENCES];
};

/* A paragraph with its name before it. */
void methods_paragraph(struct methods *m, const char *name, const char *text);

/* What a user wrote, as code. */
const char *methods_code(struct methods *m, const char *text);

void methods_add_formulas(struct methods *m, struct text *out,
                          const struct plan_formulas *formulas);
void methods_add_texts(struct methods *m, struct text *out, const char *what,
                       const struct plan_texts *texts);

/* Those of these that were not cited yet, in brackets. */
void methods_cite(struct methods *m, struct text *out, const enum reference *cites, size_t count);

/* methods_estimator.c: how the plan's primary metric is estimated, and how its interval is made. */
void methods_add_estimator(struct methods *m);

#endif
