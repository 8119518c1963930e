/* model/formula_internal.h: the typed tree between a formula's text and its SQL. */

#ifndef MODEL_FORMULA_INTERNAL_H
#define MODEL_FORMULA_INTERNAL_H

#include "model/formula.h"

#include <jansson.h>

enum node_kind {
    NODE_NUMBER,
    NODE_TEXT,
    NODE_NULL, /* only as a branch of case */
    NODE_COLUMN,
    NODE_MEASURE,
    NODE_ABSENT, /* a measure without a column */
    NODE_ATTR,   /* of the item */
    NODE_PERSON, /* of who did it, at its start */
    NODE_CALL,   /* function */
    NODE_BINARY, /* operator: + - * / = <> < <= > >= and or; and, or take two or more */
    NODE_MINUS,  /* unary */
    NODE_NOT,
    NODE_BETWEEN, /* value, low, high */
    NODE_IN,      /* value, choices …; operator "in" or "not in" */
    NODE_IS,      /* value; operator "is null" or "is not null" */
    NODE_CASE     /* when, then, … , else */
};

enum call {
    CALL_MINUTES,
    CALL_HOURS,
    CALL_DAYS,
    CALL_LN,
    CALL_EXP,
    CALL_ABS,
    CALL_LEAST,
    CALL_GREATEST,
    CALL_ROUND,
    CALL_COALESCE,
    CALL_NULLIF,
    CALL_LOWER,
    CALL_CONTAINS
};

struct node {
    enum node_kind kind;
    enum formula_type type;
    size_t offset; /* byte of the text where it stands */
    const char
        *text; /* NODE_TEXT, _COLUMN, _MEASURE, _ATTR, _PERSON: text or name; else the operator */
    enum call call;
    double number;
    size_t count;
    struct node **children;
};

/* What reading one formula carries along. */
struct formula_reading {
    struct arena *arena;
    const struct formula_names *names;
    const char *text;
    size_t length;
    const struct place *place;
    struct error *error;
    const char **used;
    size_t *used_at; /* bytes of the text */
    size_t used_count;
    size_t used_capacity;
    bool names_worker;
};

/* Error at a byte of the text. Returns ERROR_INPUT. */
enum status formula_error(struct formula_reading *reading, size_t offset, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* formula_scan.c: refuses what the language has no use for before any parser sees it (comments,
   semicolons, parameters, dots, brackets …). Where it lets something pass, the tree is still
   checked; it exists for clear sentences and as a second wall. */
enum status formula_scan(struct formula_reading *reading);

/* formula_tree.c: the engine's JSON of one expression to a typed tree. prefix: bytes of the
   statement before the text. */
enum status formula_tree(struct formula_reading *reading, const json_t *expression, size_t prefix,
                         struct node **out);

/* formula_types.c: checks a node whose children are typed, and types it. */
enum status formula_type_node(struct formula_reading *reading, struct node *node);

/* formula_names.c: a column, else a measure; and the measure, also where a column is named like
   it. */
enum status formula_name(struct formula_reading *reading, size_t offset, const char *name,
                         struct node **out);
enum status formula_measure(struct formula_reading *reading, size_t offset, const char *name,
                            struct node **out);
void formula_note_use(struct formula_reading *reading, const char *name, size_t offset);

/* formula_sql.c: writes the tree. total: ln, / and overflows give 0 where they are undefined, so
   that only missing inputs make the result missing. Returns false over formula_sql_max. */
bool formula_write(struct arena *arena, const struct node *root, enum formula_dialect dialect,
                   bool total, const char **out);
bool formula_can_be_undefined(const struct node *node);

#endif
