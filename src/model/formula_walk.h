/* model/formula_walk.h: what the two halves of the walk over the engine's tree share
   (formula_tree.c: leaves, comparisons, case; formula_calls.c: functions and operators). */

#ifndef MODEL_FORMULA_WALK_H
#define MODEL_FORMULA_WALK_H

#include "model/formula_internal.h"

struct walk {
    struct formula_reading *reading;
    size_t prefix; /* bytes of the statement before the text */
    int depth;
};

/* The text under key, or "". */
const char *walk_text(const json_t *json, const char *key);

/* No alias, and no key beside these and the four that every node has: what a later engine adds
   falls out. */
bool walk_has_only(const json_t *json, const char *const *keys, size_t count);
#define HAS_ONLY(json, ...)                                                                        \
    walk_has_only(json, (const char *const[]){__VA_ARGS__},                                        \
                  sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

struct node *walk_new(struct walk *walk, enum node_kind kind, size_t offset);
enum status walk_node(struct walk *walk, const json_t *json, size_t outer, struct node **out);
enum status walk_array(struct walk *walk, struct node *node, const json_t *array);
enum status walk_finish(struct walk *walk, struct node *node, struct node **out); /* types it */
enum status walk_refuse(struct walk *walk, size_t offset);

enum status walk_function(struct walk *walk, const json_t *json, size_t offset, struct node **out);
enum status walk_operator(struct walk *walk, const json_t *json, size_t offset, struct node **out);

#endif
