/* workspace/workspace.h

   A workspace is a folder: settings, the database, the key of the pseudonyms, the registry, and the
   user's own metrics, plans and connectors. A command opens it, alone for writing or beside others
   for reading, and closes it. */

#ifndef WORKSPACE_WORKSPACE_H
#define WORKSPACE_WORKSPACE_H

#include "base/arena.h"
#include "base/hash.h"
#include "engine/engine.h"
#include "workspace/registry.h"
#include "workspace/settings.h"

#include <stdbool.h>
#include <stdint.h>

/* When the clocks of the time zone were changed, and how far they were ahead of UTC from then on;
   in microseconds, up to `until`. */
enum { clock_changes_max = 64 };
struct clock_changes {
    size_t count; /* 0: not read (evidence/sample/local_time.h) */
    int64_t from[clock_changes_max];
    int64_t ahead[clock_changes_max];
    int64_t until;
};

struct workspace {
    const char *folder;
    struct settings settings;
    struct engine *engine;
    struct hash_key key; /* after workspace_read_key */
    bool writable;
    bool publishing; /* numbers are asked for with whose they are (contributions.h) */
    struct registry registry;
    bool group_rule_known;   /* min_group and own_data are as the registry says */
    long group_rule_changes; /* times that they were changed since init, as the registry says */
    struct clock_changes clock;
    int lock;
};

/* The workspace folder: explicit_folder if given, else ASSAY_WORKSPACE, else the current folder or
   the nearest above it that holds assay.yaml. *out is NULL where there is none and none was named.
   ERROR_INPUT: a folder was named and is no workspace. */
enum status workspace_find(struct arena *arena, const char *explicit_folder, const char **out,
                           struct error *error);

struct workspace_options {
    const char *name;      /* NULL: the folder's name */
    const char *time_zone; /* NULL: the system's, else UTC */
    bool own_data;         /* all data is the user's own or consented: min_group 1 */
};

/* Makes a workspace in folder (made if missing, mode 0700). Refuses one that holds anything but
   hidden files, unless it was left unfinished by an earlier init, and one inside a workspace. What
   fails leaves nothing behind. */
enum status workspace_init(const char *folder, const struct workspace_options *options,
                           struct error *error);

/* Opens it.
   write    alone; an older schema is brought forward first, whatever is asked for
   wait     for others to finish
   command  what others are told is using it
   ERROR_BUSY: in use. ERROR_INPUT: made by a newer assay, settings wrong, registry broken. */
enum status workspace_open(struct arena *arena, const char *folder, bool write, bool wait,
                           const char *command, struct workspace **out, struct error *error);
void workspace_close(struct workspace *workspace); /* NULL is fine */

/* Reads the key of the pseudonyms, which imports need and nothing else does.
   ERROR_INPUT: it is gone, damaged, or another than the data were read with. */
enum status workspace_read_key(struct workspace *workspace, struct arena *arena,
                               struct error *error);

/* Counts the imports that changed something. Part of every report. */
enum status workspace_data_version(struct workspace *workspace, int64_t *out, struct error *error);
enum status workspace_bump_data_version(struct workspace *workspace, struct error *error);

/* What assay keeps about the workspace under one name, "" where nothing is kept. */
enum status workspace_get(struct workspace *workspace, const char *thing, struct arena *arena,
                          const char **out, struct error *error);
enum status workspace_put(struct workspace *workspace, const char *thing, const char *value,
                          struct error *error);

/* Keeps how long the registry is, so that a shorter one is known to be cut. */
enum status workspace_note_registry(struct workspace *workspace, struct arena *arena,
                                    struct error *error);

/* The same after a command that reads has added a line (a look, a published report), and has closed
   the workspace. Where the database cannot be written now (others use it and `wait` is false, or it
   may only be read), nothing: the next that opens it for writing notes it. */
void workspace_note_later(const char *folder, bool wait, const char *command);

/* A path inside the folder. */
char *workspace_path(const struct workspace *workspace, struct arena *arena, const char *name);

/* min_group of the settings, 1 for own data. */
int workspace_min_group(const struct workspace *workspace);

#endif
