/* collect/git_branches.h

   What merges brought in: by which commit of the first-parent history each other commit came to the
   branch. That is the oldest first-parent merge from which it can be reached by a parent other than
   the first, and from no first-parent commit before.

   Where a shallow clone was cut, a branch may run into old history of the main line unseen. What a
   merge brought in there is not known, and none of it is said to be the merge's. */

#ifndef COLLECT_GIT_BRANCHES_H
#define COLLECT_GIT_BRANCHES_H

#include "collect/git_log.h"
#include "collect/git_records.h"

struct git_branches {
    struct git_branch_commit {
        const char *sha;
        const char *parents;  /* their shas between blanks */
        const char **reverts; /* as in git_marks.h */
        size_t revert_count;
        int64_t pull; /* as in git_pulls.h */
        size_t merge; /* index of the first-parent commit that it is or came by; SIZE_MAX: not
                         known */
    } * data;         /* ascending by sha once resolved */
    size_t count;
    size_t capacity;
};

/* One commit, of the first-parent history or not, in any order; none twice. */
void git_branches_add(struct git_branches *branches, struct arena *arena,
                      const struct git_record *record);

/* Sets `merge` of all that were added, and `pull` of the merges among them.
   commits  the first-parent history, oldest first; those that were not added end the search */
void git_branches_resolve(struct git_branches *branches, struct arena *arena,
                          struct git_commit *commits, size_t count, bool shallow);

#endif
