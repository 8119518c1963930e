/* collect/git_reverts.h

   Which commit reverts which: "This reverts commit SHA" in the message of a later commit on the
   branch, merges and bots included, whenever. The sha may be shortened to 7 digits. A sha that no
   earlier commit on the branch has (squashed branches), or that several have, reverts nothing. A
   commit whose revert is itself reverted stays reverted. */

#ifndef COLLECT_GIT_REVERTS_H
#define COLLECT_GIT_REVERTS_H

#include <stddef.h>
#include <stdint.h>

#include "collect/git_log.h"

struct git_reverts {
    struct git_revert {
        const char *sha; /* as the message has it */
        size_t by;       /* index of the commit with the message */
        size_t target;   /* SIZE_MAX: none; set by git_reverts_resolve */
    } * data;            /* ascending by `by` */
    size_t count;
    size_t capacity;
};

void git_reverts_add(struct git_reverts *reverts, struct arena *arena, size_t by, const char *sha);

/* Finds the targets among all commits of the branch, and sets their reverted and reverted_at. */
void git_reverts_resolve(struct git_reverts *reverts, struct arena *arena,
                         struct git_commit *commits, size_t count);

/* Per commit the first one that reverts it at most `window` microseconds later, or SIZE_MAX. */
size_t *git_reverts_within(const struct git_reverts *reverts, struct arena *arena,
                           const struct git_commit *commits, size_t count, int64_t window);

#endif
