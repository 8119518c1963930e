/* workspace/schema.h: which tables a workspace has, as a number, and how it is brought forward. */

#ifndef WORKSPACE_SCHEMA_H
#define WORKSPACE_SCHEMA_H

#include "engine/engine.h"

/* The schema that this program reads and writes: schema.sql. migrations/N.sql brings N - 1 to N. */
enum { schema_version = 4 };

/* The migration to a schema, or NULL where there is none. */
typedef const char *(*schema_migration)(struct arena *arena, long to);
const char *schema_embedded_migration(struct arena *arena, long to);

/* Brings the tables from one schema to another, one after the other, in one transaction, and notes
   the new number. On any error nothing is changed. */
enum status schema_bring_forward(struct engine *engine, long from, long to,
                                 schema_migration migration, struct error *error);

#endif
