/* report/withhold.h

   For publish() and what it calls: takes values out of a document, and keeps whether each could be
   taken. Where memory fails a value may still be there; whoever took it goes on, and asks `failed`
   once at the end: such a document is not shown. */

#ifndef REPORT_WITHHOLD_H
#define REPORT_WITHHOLD_H

#include <jansson.h>
#include <stdbool.h>

struct withhold {
    json_int_t least; /* of fewer workers nothing is told */
    const char *why;  /* said where something is taken out: "fewer than 8 workers" */
    bool failed;
};

/* The object has `value` under the key in place of what was there. Takes the reference; NULL, which
   json_pack returns where memory fails, fails. Nothing where `object` is none: there is nothing to
   take out. */
void withhold_by(struct withhold *withhold, json_t *object, const char *key, json_t *value);

/* null under the key */
void withhold_value(struct withhold *withhold, json_t *object, const char *key);

/* null under each key; the last is NULL */
void withhold_values(struct withhold *withhold, json_t *object, const char *const *keys);

/* null under every key that the object has */
void withhold_all(struct withhold *withhold, json_t *object);

/* A further entry of a list. Takes the reference. */
void withhold_add(struct withhold *withhold, json_t *list, json_t *entry);

#endif
