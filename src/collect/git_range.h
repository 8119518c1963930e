/* collect/git_range.h

   One pass of `git log` with diffs over a run of first-parent commits, oldest first, that survives
   file contents missing from the clone: git ends at the first commit that needs them; the pass goes
   on behind it. Where one commit after another is missing, ever longer stretches are given up, so
   that a clone without any old contents costs a few dozen processes, not one per commit. */

#ifndef COLLECT_GIT_RANGE_H
#define COLLECT_GIT_RANGE_H

#include <stdbool.h>
#include <stddef.h>

#include "assay/status.h"
#include "collect/git_log.h"
#include "collect/git_process.h"

struct git_range {
    const char *directory;
    const struct git_commit *commits;
    size_t first;               /* the first to read */
    size_t count;               /* of commits; the last one is the tip */
    const char *const *options; /* of git log, beside those for the order; NULL at the end */
    git_sink *sink;
    /* The last commit whose header came is whole (complete), or may be cut off. */
    enum status (*finish)(void *context, bool complete, struct error *error);
    /* Commits from first on, count of them, could not be read. */
    enum status (*lost)(void *context, size_t first, size_t count, struct error *error);
    void *context;
    /* The last commit whose header came; the sink sets it by git_range_seen. SIZE_MAX: none yet. */
    size_t seen;
};

/* Call for each commit header. Fails with ERROR_INTERNAL if the sha is none of the range. */
enum status git_range_seen(struct git_range *range, const char *sha, struct error *error);

enum status git_range_read(struct git_range *range, struct error *error);

#endif
