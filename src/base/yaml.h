/* base/yaml.h

   The YAML that people write for assay: maps, lists and scalars, one document, nothing else.
   Anchors, aliases, tags, directives, further documents, duplicate keys, keys that are no plain
   text and tabs as indentation are refused with line and column, so that what a file says is what
   stands in it. Read with libfyaml; the tree lives in the caller's arena. */

#ifndef BASE_YAML_H
#define BASE_YAML_H

#include "assay/status.h"
#include "base/arena.h"
#include "base/place.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { yaml_bytes_max = 1 << 20, yaml_depth_max = 32, yaml_nodes_max = 20000 };

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml {
    enum yaml_kind kind;
    const char *file;
    int line;   /* of the first character, from 1 */
    int column; /* in characters, from 1; an empty value stands where its key does */

    /* YAML_SCALAR */
    const char *text; /* NUL-terminated, without a NUL inside */
    size_t length;
    bool quoted;   /* 'so', "so" or as a block; `10` is a number, `"10"` is a text */
    int text_line; /* of the text itself, after an opening quote */
    int text_column;
    bool exact; /* the text stands in the file byte for byte, on one line */

    /* YAML_LIST: values; YAML_MAP: keys (scalars) and values */
    size_t count;
    struct yaml **keys;
    struct yaml **values;
};

/* Reads a file. An empty file is an empty scalar at 1:1; see yaml_is_empty. */
enum status yaml_read_file(struct arena *arena, const char *path, struct yaml **out,
                           struct error *error);

/* Reads text; name stands for the file in errors. */
enum status yaml_read(struct arena *arena, const char *name, const char *text, size_t length,
                      struct yaml **out, struct error *error);

/* Nothing there: an empty plain scalar, `~` or `null`, or a list or map without entries. */
bool yaml_is_empty(const struct yaml *node);

/* The value under key, or NULL (also where map is NULL or no map). */
const struct yaml *yaml_get(const struct yaml *map, const char *key);

/* Where a node stands; what (may be NULL) is said before the message. */
struct place yaml_place(const struct yaml *node, const char *what);

/* Where the text of a scalar stands: for errors inside it. */
struct place yaml_text_place(const struct yaml *node, const char *what);

/* Error at the node: "FILE:LINE:COLUMN" and "what: sentence". Returns ERROR_INPUT. */
enum status yaml_error(const struct yaml *node, const char *what, struct error *error,
                       const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The node as a C value. `what` names it in errors. On error out is untouched. node is not NULL. */
enum status yaml_text(const struct yaml *node, const char *what, const char **out,
                      struct error *error); /* a text that is not empty */
enum status yaml_number(const struct yaml *node, const char *what, double *out,
                        struct error *error); /* finite, in decimal notation, not quoted */
enum status yaml_integer(const struct yaml *node, const char *what, int64_t *out,
                         struct error *error); /* whole, at most 2^53 */
enum status yaml_bool(const struct yaml *node, const char *what, bool *out,
                      struct error *error); /* true or false, not quoted */
enum status yaml_list_of_text(struct arena *arena, const struct yaml *node, const char *what,
                              const char *const **out, size_t *count, struct error *error);

/* One of the words; *out is its index. */
enum status yaml_word(const struct yaml *node, const char *what, const char *const *words,
                      size_t count, size_t *out, struct error *error);

/* Fails unless node is a map whose keys are all among those allowed: the error names the first
   that is not, where it stands, and the nearest allowed. what (may be NULL) names the map. */
enum status yaml_check_keys(const struct yaml *node, const char *what, const char *const *allowed,
                            size_t count, struct error *error);

/* The value under key; missing is an error at the map that says what to write (example). */
enum status yaml_require(const struct yaml *map, const char *key, const char *example,
                         const struct yaml **out, struct error *error);

#endif
