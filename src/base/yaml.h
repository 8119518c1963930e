/* base/yaml.h

   Small YAML files as trees in which each node knows its place, so that whoever checks the content
   can point at it. The reading is libfyaml's; what goes beyond plain maps, lists and scalars
   (anchors, aliases, tags, several documents, a key twice) is refused. */

#ifndef BASE_YAML_H
#define BASE_YAML_H

#include "assay/status.h"
#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml {
    enum yaml_kind kind;
    const char *file;
    int line;            /* from 1 */
    int column;          /* from 1 */
    const char *text;    /* YAML_SCALAR */
    bool quoted;         /* YAML_SCALAR: written in quotes, so a text whatever it looks like */
    struct yaml **items; /* YAML_LIST, and the values of YAML_MAP */
    struct yaml **keys;  /* YAML_MAP: scalars */
    size_t count;
};

enum { yaml_bytes_max = 1 << 20, yaml_depth_max = 32 };

/* Parses text (named file in errors). An empty document gives *out = NULL.
   ERROR_INPUT with file:line:column. */
enum status yaml_parse(struct arena *arena, const char *file, const char *text, size_t length,
                       struct yaml **out, struct error *error);
enum status yaml_read(struct arena *arena, const char *path, struct yaml **out,
                      struct error *error);

/* The value of a key, NULL if the map (or the key) is not there, or the value is null or ~. */
struct yaml *yaml_get(const struct yaml *map, const char *key);

/* Each returns ERROR_INPUT at the node's place, naming `what`, when it is something else. */
enum status yaml_text(const struct yaml *node, const char *what, const char **out,
                      struct error *error);
enum status yaml_integer(const struct yaml *node, const char *what, int low, int high, int *out,
                         struct error *error);
enum status yaml_truth(const struct yaml *node, const char *what, bool *out, struct error *error);
enum status yaml_texts(struct arena *arena, const struct yaml *node, const char *what,
                       const char ***out, size_t *count, struct error *error);
enum status yaml_is_map(const struct yaml *node, const char *file, const char *what,
                        struct error *error);

/* Every key of the map is one of these; the error names the nearest. */
enum status yaml_check_keys(const struct yaml *map, const char *const *allowed, size_t count,
                            struct error *error);

/* An error at a node. */
enum status yaml_error(const struct yaml *node, struct error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
