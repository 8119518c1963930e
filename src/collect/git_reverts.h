/* collect/git_reverts.h

   Which commit reverts which: "This reverts commit SHA" in the message of a later commit on the
   branch, merges and bots included, whenever. The sha may be shortened to 7 digits. A sha that no
   earlier commit on the branch has (squashed branches), or that several have, reverts nothing. A
   commit whose revert is itself reverted stays reverted.

   What stands in a branch counts as its merge's (git_branches.h): the sha of a commit inside a
   merged branch names the merge, and a message inside one is the merge's own. A merge is named by
   its pull request's number, too (git_pulls.h); other commits are not, since what they say of
   themselves is a sha. */

#ifndef COLLECT_GIT_REVERTS_H
#define COLLECT_GIT_REVERTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collect/git_branches.h"
#include "collect/git_log.h"

struct git_reverts {
    struct git_revert {
        const char *sha; /* as the message has it; NULL: pull is told instead */
        int64_t pull;
        size_t by;     /* index of the commit with the message */
        size_t target; /* SIZE_MAX: none; set by git_reverts_resolve */
    } * data;          /* ascending by `by` once resolved */
    size_t count;
    size_t capacity;
};

void git_reverts_add(struct git_reverts *reverts, struct arena *arena, size_t by, const char *sha);
void git_reverts_add_pull(struct git_reverts *reverts, struct arena *arena, size_t by,
                          int64_t pull);

/* Adds what the messages of merged branches say; branches are resolved. */
void git_reverts_add_branches(struct git_reverts *reverts, struct arena *arena,
                              const struct git_branches *branches,
                              const struct git_commit *commits);

/* Finds the targets among all commits of the branch, and sets their reverted and reverted_at. May
   be called again when more is known of the branches. True if all were found. */
bool git_reverts_resolve(struct git_reverts *reverts, struct arena *arena,
                         const struct git_branches *branches, struct git_commit *commits,
                         size_t count);

/* Per commit the first one that reverts it at most `window` microseconds later, or SIZE_MAX. */
size_t *git_reverts_within(const struct git_reverts *reverts, struct arena *arena,
                           const struct git_commit *commits, size_t count, int64_t window);

#endif
