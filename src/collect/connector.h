/* collect/connector.h

   A connector maps one export format to canonical tables. It is one .sql file: a header of comment
   lines (`-- connector: NAME`, `-- about:`, `-- reads:`, `-- seen:` or `-- from memory`,
   `-- example:`, `-- gaps:`, `-- options:`, `-- attrs:`, `-- columns:`), then one block for each
   table it fills: `-- into: TABLE` and one `select … from source;`.

   It renames and reshapes only. Types, checks and pseudonyms are the work of
   collect/tables/TABLE.sql, so that no connector can forget them. The user's own connectors lie in
   the workspace's folder connectors/ and are found before the built-in ones. docs/connectors.md
   describes the format. */

#ifndef COLLECT_CONNECTOR_H
#define COLLECT_CONNECTOR_H

#include "assay/status.h"
#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

/* Bits of connector.formats: 1 << enum file_format. */
enum { connector_reads_csv = 1, connector_reads_json = 2, connector_reads_parquet = 4 };

struct connector_option {
    const char *name;
    const char *value; /* the default, or what --set gave */
};

/* A column that the connector expects; named ones may be mapped and may be missing. */
struct connector_column {
    const char *name;
    bool required;
};

struct connector_block {
    const char *table;
    const char *select; /* one statement without its semicolon */
    int line;           /* in the connector's file, of its first character */
    int column;
    bool reorders; /* may give rows in another order than the file's, or not each of them */
};

struct connector {
    const char *name;
    const char *path; /* for messages; built-in ones are named builtin/connectors/NAME.sql */
    const char *text;
    bool built_in;
    const char *about;
    const char *reads;
    unsigned formats;
    const char *seen;
    const char *example;
    const char *gaps;
    const char *export_command; /* how the export is made, or NULL */
    struct connector_option *options;
    size_t option_count;
    const char **attrs; /* keys kept; any_attrs: all of them */
    size_t attr_count;
    bool any_attrs;
    struct connector_column *columns; /* none: source has the file's own columns */
    size_t column_count;
    bool rows_from_code; /* reads: git; source is filled by a reader of ours */
    struct connector_block *blocks;
    size_t block_count;
};

/* Reads a connector's text. Errors are placed at path:line. */
enum status connector_parse(struct arena *arena, const char *path, const char *text,
                            struct connector *out, struct error *error);

/* Paths of the connectors in folder, sorted; a folder that is missing (or NULL) has none. */
const char **connector_paths(struct arena *arena, const char *folder, size_t *count);

/* Reads one of them. */
enum status connector_read(struct arena *arena, const char *path, struct connector *out,
                           struct error *error);

/* Finds NAME in folder (may be NULL), then among the built-in ones.
   ERROR_INPUT names the nearest one that there is. */
enum status connector_find(struct arena *arena, const char *folder, const char *name,
                           struct connector *out, struct error *error);

/* All of them, the user's first, in the order of their names.
   Those that cannot be parsed are left out and counted in broken. */
enum status connector_list(struct arena *arena, const char *folder, struct connector **out,
                           size_t *count, size_t *broken, struct error *error);

/* Sets an option; the names there are stand in the error when it has none of that name. */
enum status connector_set(struct connector *connector, const char *name, const char *value,
                          struct error *error);

#endif
