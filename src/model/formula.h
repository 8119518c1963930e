/* model/formula.h

   The small language of metric values, covariates, strata, filters and use cases.

     and or not · = <> < <= > >= · between · in (list) · is [not] null
     case [x] when … then … [else …] end · + - * /
     12.5  'text'  name  attr('key')  person('key')
     minutes(span) hours(span) days(span)          a span is a time less a time
     ln(x) exp(x) abs(x) round(x [, digits])        digits: a whole number from 0 to 15
     least(a, …) greatest(a, …) coalesce(a, …) nullif(a, b)
     lower(text) contains(text, part)               contains minds case: write contains(lower(…), …)

   A formula is parsed by the engine's own parser, checked node by node against this list, typed
   (number, truth, text, time, span; nothing is converted), and written anew from the checked tree:
   no byte of what a user wrote reaches a statement but inside a re-quoted 'text' or "name" that
   exists.

   Missing propagates, least and greatest included (SQL's own skip what is missing); and, or, not,
   case and coalesce follow SQL's three-valued logic. ln(x <= 0), x / 0 and any result that is no
   finite number are missing and *undefined*, which defined_sql tells apart.

   THE SQL stands alone or in any expression of a query one of whose relations is named `facts`:
   names are written facts."size", measures facts."m_NAME", attributes facts.attrs['key']
   and facts.worker_attrs['key']. Numbers
   come as DOUBLE, truths as BOOLEAN, texts as VARCHAR, times as TIMESTAMP (UTC), spans as DOUBLE
   microseconds. It is in parentheses where it needs any, on one line but for line breaks inside
   a text. */

#ifndef MODEL_FORMULA_H
#define MODEL_FORMULA_H

#include "assay/status.h"
#include "base/arena.h"
#include "base/place.h"
#include "engine/engine.h"

#include <stdbool.h>
#include <stddef.h>

enum { formula_bytes_max = 4096, formula_depth_max = 64, formula_sql_max = 64 * 1024 };

enum formula_type { FORMULA_NUMBER, FORMULA_TRUTH, FORMULA_TEXT, FORMULA_TIME, FORMULA_SPAN };

enum formula_dialect { FORMULA_DUCKDB };

const char *formula_type_name(enum formula_type type); /* "a number", "a truth", … */

/* ---- Names ------------------------------------------------------------------------------- */

enum formula_access {
    FORMULA_OPEN,   /* in any formula */
    FORMULA_CELLS,  /* worker: only where names.worker says so */
    FORMULA_CLOSED, /* item_id, session: never */
    FORMULA_MAP     /* attrs, worker_attrs: only through attr('key'), person('key') */
};

struct formula_column {
    const char *name;
    enum formula_type type;
    enum formula_access access;
    bool before_use; /* a column of `item` that does not depend on AI use: fit for use cases */
};

/* The columns of facts (and session, which exists to be refused), without measures. */
const struct formula_column *formula_facts_names(size_t *count);

struct formula_measure {
    const char *name;
    bool present; /* false: a known name without a column; its value is missing everywhere */
};

struct formula_names {
    const struct formula_column *columns;
    size_t column_count;
    const struct formula_measure *measures;
    size_t measure_count;
    bool worker;          /* worker may be named (--like, cells) */
    bool listed;          /* who names none that there is, is told all columns */
    bool before_use_only; /* only columns with before_use, and no measures (use cases) */
};

/* The columns of facts, the measures that facts has as columns, and the standard measures that it
   has not. present is copied. */
struct formula_names formula_names_of(struct arena *arena, const char *const *present,
                                      size_t count);

/* names and also the measures of the list, without a column where they are not there. */
struct formula_names formula_names_with(struct arena *arena, const struct formula_names *names,
                                        const char *const *list, size_t count);

/* ---- Formulas ---------------------------------------------------------------------------- */

struct formula {
    enum formula_type type;
    const char *sql;
    bool can_be_undefined;
    const char *defined_sql; /* a truth, never missing: false where the value is missing only
                                because of ln(x <= 0), x / 0 or an overflow, every input that it
                                took being there; "true" unless can_be_undefined */
    const char *const
        *used;             /* columns and measures named, each once, in order; "attr('key')" and
                              "person('key')" for attributes, "measure('name')" where so written */
    const size_t *used_at; /* the byte of the text at which each stands first */
    size_t used_count;
    bool names_worker; /* its cells are never shown */
};

/* Compiles text for the dialect.
   engine  parses; nothing is run that reads a table. One in memory will do.
   place   where the text stands; errors add the line and column inside
   out     everything allocated in arena; untouched on error
   Fails with ERROR_INPUT at the place; with the engine's own status where it cannot work. */
enum status formula_compile(struct arena *arena, struct engine *engine,
                            const struct formula_names *names, enum formula_dialect dialect,
                            const char *text, size_t length, const struct place *place,
                            struct formula *out, struct error *error);

/* Fails at the place unless the formula has that type. */
enum status formula_expect(const struct formula *formula, enum formula_type type,
                           const struct place *place, struct error *error);

/* Length of the first formula of a list: up to a comma that stands in no bracket and no text. */
size_t formula_list_part(const char *text);

#endif
