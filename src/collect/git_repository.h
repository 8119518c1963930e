/* collect/git_repository.h: finds a repository, its default branch, and what the clone lacks. */

#ifndef COLLECT_GIT_REPOSITORY_H
#define COLLECT_GIT_REPOSITORY_H

#include <stdbool.h>

#include "assay/status.h"

struct arena;

struct git_repository {
    const char *head;   /* sha of the branch's newest commit */
    const char *branch; /* see struct git_history */
    bool shallow;       /* the branch's first-parent history was cut */
};

/* revision  NULL: refs/remotes/origin/HEAD if it points to a commit, else HEAD
   Fails with ERROR_INPUT and a mend: no folder, no repository, not the user's, no commits. */
enum status git_repository_find(struct arena *arena, const char *directory, const char *revision,
                                struct git_repository *repository, struct error *error);

#endif
