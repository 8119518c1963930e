/* collect/git_owners.h

   Which commit added each line of each file, while a history is replayed from old to new.

   A file is a list of runs (owner, lines); what follows the last run, however long, belongs to
   nobody. A file that is not held belongs to nobody as a whole. So a replay may begin anywhere: at
   the root, where a shallow clone was cut, or 21 days before the newest import.

   The caller says from when on an owner still matters; other runs fall back to nobody as their file
   is next changed, so memory is bounded by the lines of recent commits, not by the repository.

   Cost: one pass over the runs of a file per change of it. Runs are at most its lines, all of which
   git itself read and compared to print the change. */

#ifndef COLLECT_GIT_OWNERS_H
#define COLLECT_GIT_OWNERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "assay/status.h"
#include "collect/git_patch.h"

struct git_owners;

/* Owners are numbers from 0 on. */
#define GIT_NOBODY UINT32_MAX

/* What the owners ask of the replay. */
struct git_owners_events {
    /* Lines of this owner were deleted; called once or more per run. */
    void (*deleted)(void *context, uint32_t owner);
    /* Whether anyone will still ask for this owner's lines. */
    bool (*matters)(void *context, uint32_t owner);
    /* Lines of this owner are in a file that is forgotten; called once or more per file. */
    void (*forgotten)(void *context, uint32_t owner);
    void *context;
};

/* NULL without memory. */
struct git_owners *git_owners_open(const struct git_owners_events *events);
void git_owners_close(struct git_owners *owners); /* NULL is fine */

/* One commit: begin, its files with their hunks, end. All files see the state before the commit.
   begin drops what an unended commit left.
   owner  of the lines it adds; GIT_NOBODY if nobody will ask */
void git_owners_begin(struct git_owners *owners, uint32_t owner);
enum status git_owners_file(struct git_owners *owners, const struct git_file_change *change,
                            struct error *error);
enum status git_owners_hunk(struct git_owners *owners, const struct git_hunk *hunk,
                            struct error *error);
enum status git_owners_end(struct git_owners *owners, struct error *error);

/* From here on the lines of this file, or of all, belong to nobody: a commit could not be read. Not
   within a commit. */
void git_owners_forget(struct git_owners *owners, const char *path);
void git_owners_forget_all(struct git_owners *owners);

/* How many runs are held, for tests. */
size_t git_owners_runs(const struct git_owners *owners);

#endif
