/* workspace/rewrite.h

   A database without what was deleted from it. An engine leaves deleted rows in the file, in blocks
   that it may use again some day; so the tables are copied into a new file, which takes the place
   of the old one. That is also what makes it wholly done or not at all: the old file stays as it
   was until the last step, a rename. */

#ifndef WORKSPACE_REWRITE_H
#define WORKSPACE_REWRITE_H

#include "workspace/workspace.h"

/* Called inside a transaction of the workspace's engine: copies the tables as the transaction sees
   them, adds a line to the registry, and puts the new file in the old one's place. Needs as much
   room on the disk as the tables take.
   kind, fields   of the registry's line
   On success the workspace's engine is open on the new file, with no transaction: do not roll back.
   On failure the transaction is still open and nothing was changed, except where the message says
   so; the workspace may then be without an engine, and has to be closed. */
enum status workspace_rewrite(struct workspace *workspace, const char *kind,
                              const struct registry_field *fields, size_t count,
                              struct error *error);

/* Removes the new file that a killed command may have left. */
void rewrite_remove_left(const char *database);

#endif
