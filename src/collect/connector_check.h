/* collect/connector_check.h: would a connector run? Its selects are bound over a source without
   rows. */

#ifndef COLLECT_CONNECTOR_CHECK_H
#define COLLECT_CONNECTOR_CHECK_H

#include "collect/connector.h"
#include "engine/engine.h"

/* ERROR_INPUT, placed in the connector's file: the select cannot be run, gives a column that the
   table does not have, or lacks one without which each row would be rejected. A connector without
   `-- columns:`, whose source is not known, is checked for its syntax only. */
enum status connector_check(struct arena *arena, const struct connector *connector,
                            struct error *error);

struct connector_verdict {
    const char *name; /* the file's, where it cannot be read */
    const char *path;
    bool fine;
    bool bound; /* selects were bound to columns, not only parsed */
    const struct error *error;
};

/* Checks the user's, then the built-in ones; with 'only' those of that name, which is an error
   where there are none. *failed counts those that are not fine. */
enum status connector_check_all(struct arena *arena, const char *folder, const char *only,
                                void (*visit)(void *context, const struct connector_verdict *one),
                                void *context, size_t *failed, struct error *error);

/* Of one block, whose select gives the columns named in the first column of `given` (pipe_columns):
   ERROR_INPUT as above. */
enum status connector_check_columns(struct arena *arena, const struct connector *connector,
                                    const struct connector_block *block, const struct frame *given,
                                    struct error *error);

/* What a select into the table may give, from collect/tables/TABLE.sql. */
const char **connector_table_columns(struct arena *arena, const char *table, size_t *count);

/* Those of them without which a row is rejected. */
const char **connector_table_needs(struct arena *arena, const char *table, size_t *count);

#endif
