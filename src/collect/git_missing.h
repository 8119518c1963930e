/* collect/git_missing.h

   Which commits cannot be compared with their parent because the clone lacks file contents: partial
   clones, and copies that leave large files out.

   git itself ends at the first such commit, and in a partial clone each try costs it a scan of all
   objects. So the contents that the commits need (`git log --raw`, which reads trees only) are
   compared once with the list of all objects that are there. Memory: 40 bytes per changed file and
   commit, in clones that lack something only. */

#ifndef COLLECT_GIT_MISSING_H
#define COLLECT_GIT_MISSING_H

#include <stdbool.h>
#include <stddef.h>

#include "assay/status.h"
#include "collect/git_log.h"

/* Sets lost[i] for commits[first] to commits[count - 1]; the others are left alone. When even the
   trees are missing, every commit that is not told by them is lost. */
enum status git_missing_find(const char *directory, const struct git_commit *commits, size_t first,
                             size_t count, bool *lost, struct error *error);

#endif
