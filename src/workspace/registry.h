/* workspace/registry.h

   registry.jsonl: what was said and when. Append-only lines of JSON, each holding the SHA-256 of
   the line before it (with its newline), so that a changed or missing line shows. It can be checked
   by hand: `sed -n 2p registry.jsonl | sha256sum` is the "prev" of line 3.

   It shows accidents. Somebody who may write the file can also write a whole new chain; only a head
   that was kept elsewhere shows that. */

#ifndef WORKSPACE_REGISTRY_H
#define WORKSPACE_REGISTRY_H

#include "assay/status.h"
#include "base/arena.h"
#include "base/hash.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct registry {
    size_t lines;
    char head[hash_hex_length + 1]; /* hash of the last line; 64 zeros where there is none */
    bool cut;                       /* behind them stands the beginning of one more */
    size_t group_rules;             /* lines that say min_group and own_data; the last one says: */
    double min_group;
    bool own_data;
};

/* One field of a line beside n, at, kind and prev: a map where there are fields, else a text, else
   a number. */
struct registry_field {
    const char *name;
    const char *text;
    double number;
    const struct registry_field *fields;
    size_t field_count;
};

/* Reads the whole chain and checks it; waits while a line is being appended. A file that is missing
   is an empty registry. ERROR_INPUT with file:line where the chain breaks or a line is no JSON;
   out then holds the lines before. */
enum status registry_read(const char *path, struct registry *out, struct error *error);

/* Called with each line of a registry in order; `line` is a JSON object that lives for the call. */
typedef void (*registry_visitor)(const json_t *line, void *context);

/* The same, and calls visit (may be NULL) with each line. */
enum status registry_visit(const char *path, registry_visitor visit, void *context,
                           struct registry *out, struct error *error);

/* Checks the chain, appends a line and syncs it to disk; the file is locked meanwhile.
   kind    lock, amend, assign, look, publish, setting or forget
   out     the registry with the line in it; untouched on error
   ERROR_INPUT: the chain is broken; a field is text that is not UTF-8 or a number that is none; the
   registry is full. On any error nothing was added. */
enum status registry_append(const char *path, const char *kind, const struct registry_field *fields,
                            size_t count, struct registry *out, struct error *error);

/* The same in steps, for what has to be done between knowing the line and writing it. The file is
   locked from begin to end; nobody else appends meanwhile. */
struct registry_line;

/* As registry_append, but for the writing. `out` is what the registry will be with the line in it.
   path   lives until end */
enum status registry_line_begin(const char *path, const char *kind,
                                const struct registry_field *fields, size_t count,
                                struct registry *out, struct registry_line **line,
                                struct error *error);
enum status registry_line_write(struct registry_line *line, struct error *error);

/* After the writing: as if it had not been. False where that fails. */
bool registry_line_take_back(struct registry_line *line);
void registry_line_end(struct registry_line *line); /* NULL is fine */

#endif
