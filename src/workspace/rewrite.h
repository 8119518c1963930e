/* workspace/rewrite.h

   A database without what was deleted from it. An engine leaves deleted rows in the file, in blocks
   that it may use again some day; so the tables are copied into a new file, which takes the place
   of the old one. That is also what makes it wholly done or not at all: the old file stays as it
   was until the last step, a rename.

   The line of the registry is written just before the rename, when all else is on the disk, and is
   taken back where the rename fails: what failed leaves no line, and can be asked for again. Only a
   crash between the two, or a disk that takes nothing back, leaves a line of what was not done. */

#ifndef WORKSPACE_REWRITE_H
#define WORKSPACE_REWRITE_H

#include "workspace/workspace.h"

/* Called inside a transaction of the workspace's engine: copies the tables as the transaction sees
   them, adds a line to the registry, and puts the new file in the old one's place. Needs as much
   room on the disk as the tables take.
   kind, fields   of the registry's line
   On success the workspace's engine is open on the new file, with no transaction: do not roll back.
   On failure nothing was changed, except where the message says so; the transaction is still open,
   or the workspace is without an engine, and has to be closed. */
enum status workspace_rewrite(struct workspace *workspace, const char *kind,
                              const struct registry_field *fields, size_t count,
                              struct error *error);

/* Removes the new file that a killed command may have left. */
void rewrite_remove_left(const char *database);

#endif
