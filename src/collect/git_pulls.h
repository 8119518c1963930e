/* collect/git_pulls.h

   The numbers of pull requests in GitHub's own words: the subject of a merge, of a squash, and
   what it makes of the button Revert. Any other mention of a number is none. */

#ifndef COLLECT_GIT_PULLS_H
#define COLLECT_GIT_PULLS_H

#include <stddef.h>
#include <stdint.h>

/* N of a subject `Merge pull request #N from ...`, or 0.
   message  subject first; any bytes but NUL within length */
int64_t git_pull_merged(const char *message, size_t length);

/* N of a subject that ends with ` (#N)`, as squashes of GitHub do, or 0. */
int64_t git_pull_squashed(const char *message, size_t length);

/* N of `Revert "... (#N)"` in the subject, or below the subject of a merge, or of a merge's subject
   `Merge pull request #M from OWNER/revert-N-...`; 0 without. */
int64_t git_pull_reverted(const char *message, size_t length);

#endif
