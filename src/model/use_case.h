/* model/use_case.h

   use_cases.yaml: a list of {use_case: support.billing, when: FORMULA}. The first whose formula is
   true names an item's use case; where none is, the connector's own stays. Applied when facts are
   built, from what the item is (struct formula_names, before_use_only): a use case chosen by AI
   use, or by a measure of what came out, would make every comparison inside it meaningless. */

#ifndef MODEL_USE_CASE_H
#define MODEL_USE_CASE_H

#include "assay/status.h"
#include "base/arena.h"
#include "base/place.h"
#include "base/yaml.h"
#include "engine/engine.h"
#include "model/formula.h"

#include <stdbool.h>
#include <stddef.h>

enum { use_cases_max = 500 };

struct use_case {
    const char *name; /* dotted, lower case */
    const char *when;
    size_t when_length;
    struct place place;     /* of `when` */
    struct formula formula; /* after use_cases_compile */
};

struct use_cases {
    struct use_case *list; /* a name may stand in several rules */
    size_t count;
    const char *sql; /* after use_cases_compile: one VARCHAR expression over a relation `facts`,
                        null where no rule fits */
};

/* "support.billing": parts of lower-case letters, digits and _, beginning with a letter, joined
   by dots; at most 100 bytes. */
bool use_case_is_name(const char *name);

enum status use_cases_read(struct arena *arena, const struct yaml *root, struct use_cases *out,
                           struct error *error);

/* An absent file is no rules. */
enum status use_cases_read_file(struct arena *arena, const char *path, struct use_cases *out,
                                struct error *error);

enum status use_cases_compile(struct arena *arena, struct engine *engine, struct use_cases *cases,
                              struct error *error);

#endif
