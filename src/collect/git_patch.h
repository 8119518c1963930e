/* collect/git_patch.h

   Push parser of `git log -p -U0 --format=commit %H`: which lines each commit takes from and adds
   to each file. The text of the lines is counted and dropped; a hunk's own counts say where it
   ends, so no line of a file can be mistaken for a header.

   Events come in the order of the output:
       commit (file hunk*)* commit ... */

#ifndef COLLECT_GIT_PATCH_H
#define COLLECT_GIT_PATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "assay/status.h"
#include "collect/git_bytes.h"
#include "collect/git_records.h"

/* Paths are as git has them: bytes, unquoted, without a/ and b/. old_path and new_path differ for a
   rename only. */
struct git_file_change {
    const char *old_path;
    const char *new_path;
    bool created; /* starts empty, whatever the path held before */
    bool deleted;
    bool binary; /* no lines on either side */
};

/* Deletes old_count lines from line old_start on (1 is the first), and puts new_count lines there.
   With old_count 0 the new lines come behind line old_start. Hunks of a file ascend. */
struct git_hunk {
    uint64_t old_start;
    uint64_t old_count;
    uint64_t new_count;
};

struct git_patch_events {
    enum status (*commit)(void *context, const char *sha, struct error *error);
    enum status (*file)(void *context, const struct git_file_change *change, struct error *error);
    enum status (*hunk)(void *context, const struct git_hunk *hunk, struct error *error);
    void *context;
};

struct git_patch {
    struct git_patch_events events;
    struct git_bytes line;     /* of the headers only */
    struct git_bytes old_path; /* NUL-terminated, or empty */
    struct git_bytes new_path;
    struct git_file_change change;
    uint64_t old_left; /* lines of the hunk still to come */
    uint64_t new_left;
    bool in_file;     /* between `diff --git` and the next one */
    bool announced;   /* the file event has been sent */
    bool inside_line; /* of a hunk, behind its first byte */
};

enum status git_patch_push(struct git_patch *patch, const char *bytes, size_t length,
                           struct error *error);

/* Sends what the last header lines began. */
enum status git_patch_finish(struct git_patch *patch, struct error *error);
void git_patch_free(struct git_patch *patch);

#endif
