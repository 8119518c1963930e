/* collect/last_import.h

   Whether an import would be the last one over again. It is when everything that decides over its
   rows is the same (bytes of the file, connector, options, columns named, time zone, program) and
   the data are those that it left: whatever changes a row raises the workspace's data version. An
   import of the same changes nothing then, so it need not be made. */

#ifndef COLLECT_LAST_IMPORT_H
#define COLLECT_LAST_IMPORT_H

#include "collect/import.h"

/* All that decides over the rows of an import but the data that are there, as a hash. */
const char *last_import_print(struct arena *arena, const struct workspace *workspace,
                              const struct connector *connector,
                              const struct import_request *request, const struct source_file *file);

/* Was an import with this print the last one, and has nothing changed since? */
enum status last_import_is(struct workspace *workspace, const char *print, struct arena *arena,
                           bool *out, struct error *error);

/* Notes the import in the caller's transaction. */
enum status last_import_note(struct workspace *workspace, const char *print, struct arena *arena,
                             struct error *error);

/* Keeps what was said of calls whose items are not here: it holds as long as the data stay as they
   are. imported_as   the table's name in `imported` */
enum status last_import_keep_unmet(struct workspace *workspace, const char *imported_as,
                                   const char *unmet_note, struct arena *arena,
                                   struct error *error);

/* What it told of a table, by its name in `imported`: how many rows, and calls without an item. */
enum status last_import_told(struct workspace *workspace, const char *hash, const char *imported_as,
                             struct arena *arena, struct import_table *out, struct error *error);

#endif
