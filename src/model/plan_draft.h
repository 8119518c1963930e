/* model/plan_draft.h

   A plan that is being written: what its file is to say, from a template, from flags, from answers.
   All of it is text; what it means is checked by reading the file that comes out of it. */

#ifndef MODEL_PLAN_DRAFT_H
#define MODEL_PLAN_DRAFT_H

#include "model/plan.h"

/* What can be said of a plan, in the order of the file. Names are those of flags and templates,
   with - for _ in flags. */
enum draft_key {
    DRAFT_USE_CASE,
    DRAFT_QUESTION,
    DRAFT_DESIGN,
    DRAFT_UNIT,
    DRAFT_PROBABILITY,
    DRAFT_STRATA,
    DRAFT_CELLS,
    DRAFT_BLOCK,
    DRAFT_WASHOUT,
    DRAFT_ANTICIPATION,
    DRAFT_EVERY,
    DRAFT_DATE,
    DRAFT_POLICY,
    DRAFT_SEASON,
    DRAFT_ARMS,
    DRAFT_FROM,
    DRAFT_TO,
    DRAFT_METRIC,
    DRAFT_IMPROVE_BY,
    DRAFT_ADJUST_FOR,
    DRAFT_LOOKS,
    DRAFT_ITEMS,
    DRAFT_CONFIDENCE,
    DRAFT_KEYS
};

const char *plan_draft_key(enum draft_key key);  /* "improve_by" */
const char *plan_draft_flag(enum draft_key key); /* "improve-by" */

struct plan_draft {
    const char *name;
    const char *template;                        /* its name, or NULL */
    const char *about;                           /* of a template: what its items are, or NULL */
    const char *why;                             /* of a template: why this design, or NULL */
    const char *because;                         /* of a template: why this metric, or NULL */
    const char *value[DRAFT_KEYS];               /* NULL: not said. Lists have commas between. */
    const char *guardrails[plan_guardrails_max]; /* "rework_rate:1pp" */
    size_t guardrail_count;
};

/* What is said of the design goes when the design does: a switchback has no probability. */
void plan_draft_set(struct plan_draft *draft, enum draft_key key, const char *value);

/* Are such words said of this design (DRAFT_UNIT to DRAFT_SEASON)? */
bool plan_draft_fits(const char *design, enum draft_key key);

/* The first key that a plan cannot do without, and that has no value; DRAFT_KEYS: none. */
enum draft_key plan_draft_missing(const struct plan_draft *draft);

/* What a flag said, in the file: columns [from, until) of a line, counted from 1. */
struct plan_draft_span {
    size_t line;
    size_t from;
    size_t until;
    const char *flag; /* "--improve-by" */
};

/* The file, and which flag said what of it, so that an error of a place can name the flag. */
struct plan_draft_file {
    const char *text;
    const struct plan_draft_span *spans;
    size_t span_count;
};

/* The flag that said what stands there, the narrowest first; NULL: none. */
const char *plan_draft_flag_at(const struct plan_draft_file *file, size_t line, size_t column);

/* ERROR_INPUT: a guardrail that is not METRIC:AMOUNT. */
enum status plan_draft_write(struct arena *arena, const struct plan_draft *draft,
                             struct plan_draft_file *out, struct error *error);

/* ---- Templates: builtin/plans/ ------------------------------------------------------------- */

struct plan_template {
    const char *name;
    const char *label;
    struct plan_draft draft; /* without a name and a period */
};

/* All of them, by name. */
enum status plan_templates(struct arena *arena, struct plan_template **out, size_t *count,
                           struct error *error);

/* ERROR_INPUT at --template: there is none of that name, with the nearest. */
enum status plan_template_find(struct arena *arena, const char *name, struct plan_template *out,
                               struct error *error);

#endif
