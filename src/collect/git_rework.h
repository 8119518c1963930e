/* collect/git_rework.h

   Which commit was reworked: a fix commit at most 21 days younger deletes a line that it added.

   All diffs of the first-parent history are replayed once, from old to new, keeping who added each
   line (git_owners.h). That gives the same pairs of fix and victim as `git blame --first-parent` of
   each deleted line (tests/unit/test_git_history.c), for the price of one `git log -p`.

   An owner matters until the last fix commit that is at most 21 days younger has passed, and only
   while it is not reworked; committer times may run backwards, so this is taken from the times of
   all fixes still to come, not from the clock. */

#ifndef COLLECT_GIT_REWORK_H
#define COLLECT_GIT_REWORK_H

#include "collect/git_range.h"

/* commits     oldest first; times and is_fix are set. rework_known is set to false where
               the clone lacks contents, and left alone otherwise
   first       the first commit to replay; earlier lines belong to nobody
   fixed_by    per commit the index of the first fix that reworks it, or SIZE_MAX; filled
   lost        as in git_range.h
   progress    called with the index of the commit reached; false stops. May be NULL */
enum status git_rework_replay(const char *directory, struct git_commit *commits, size_t first,
                              size_t count, size_t *fixed_by, struct git_lost *lost,
                              bool (*progress)(void *context, size_t reached), void *context,
                              struct error *error);

#endif
