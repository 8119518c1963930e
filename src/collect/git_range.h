/* collect/git_range.h

   One pass of `git log` with diffs over a run of first-parent commits, oldest first, that survives
   file contents missing from the clone. git ends at the first commit that needs them; then it is
   found out which commits do (git_missing.h), and the pass goes on over the others. */

#ifndef COLLECT_GIT_RANGE_H
#define COLLECT_GIT_RANGE_H

#include <stdbool.h>
#include <stddef.h>

#include "assay/status.h"
#include "collect/git_log.h"
#include "collect/git_process.h"

/* Commits that cannot be compared with their parents, shared between passes. */
struct git_lost {
    bool *commits; /* one per commit */
    size_t from;   /* the first commit that any pass reads */
    bool known;    /* commits is filled in: some pass met missing contents and found out */
};

struct git_range {
    const char *directory;
    const struct git_commit *commits;
    size_t first; /* the first to read */
    size_t count; /* of commits; the last one is the tip */
    struct git_lost *lost;
    const char *const *options; /* of git log, beside those for the order; NULL at the end */
    git_sink *sink;
    /* The last commit whose header came is whole (complete), or may be cut off. */
    enum status (*finish)(void *context, bool complete, struct error *error);
    /* Commits from first on, count of them, could not be read; called in its place among them,
       from git_range_seen too. */
    enum status (*skip)(void *context, size_t first, size_t count, struct error *error);
    void *context;
    size_t next; /* behind the last commit whose header came; git_range_seen moves it */
};

/* To be called for each commit header, with what came before it concluded; the commit is
   range->next - 1 then. Fails with ERROR_INTERNAL if the sha is none that is still to come. */
enum status git_range_seen(struct git_range *range, const char *sha, struct error *error);

enum status git_range_read(struct git_range *range, struct error *error);

#endif
