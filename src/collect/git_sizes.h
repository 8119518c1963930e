/* collect/git_sizes.h: lines added and deleted by each commit, against its first parent.

   `git log --numstat` with git's default context: with -U0 (which the replay needs) git trims the
   common end of two files first, and a few counts differ. */

#ifndef COLLECT_GIT_SIZES_H
#define COLLECT_GIT_SIZES_H

#include "collect/git_range.h"

/* Sets lines_added, lines_deleted and size_known of commits[first] to commits[count - 1].
   lost               as in git_range.h
   progress, context  as in git_rework.h */
enum status git_sizes_read(const char *directory, struct git_commit *commits, size_t first,
                           size_t count, struct git_lost *lost,
                           bool (*progress)(void *context, size_t reached), void *context,
                           struct error *error);

#endif
