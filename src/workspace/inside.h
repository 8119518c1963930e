/* workspace/inside.h: what the files of this folder share. */

#ifndef WORKSPACE_INSIDE_H
#define WORKSPACE_INSIDE_H

#include "workspace/workspace.h"

#define SETTINGS_NAME "assay.yaml"
#define REGISTRY_NAME "registry.jsonl"
#define KEY_NAME "secret.key"
#define DATABASE_NAME "assay.duckdb"

/* Does the folder hold the settings of a workspace? */
bool workspace_is(struct arena *arena, const char *folder);

/* The workspace that the path is, or lies in; NULL: none. */
const char *workspace_at_or_above(struct arena *arena, const char *path);

/* The engine takes the time zone on trust until a time is read: this tries it. */
enum status workspace_try_time_zone(struct arena *arena, struct engine *engine,
                                    const struct settings *settings, struct error *error);

#endif
