/* collect/git_import.h

   A repository into the workspace: its commits as items of the use case code.change, with size,
   person and named tool, and the measures reworked (within 21 days) and reverted. Merges have the
   measures alone, for the pull requests that links name. The second import reads what is new, and
   again what was not 21 days old. docs/git.md has the rules. */

#ifndef COLLECT_GIT_IMPORT_H
#define COLLECT_GIT_IMPORT_H

#include "collect/git_log.h"
#include "collect/import.h"

struct git_import_request {
    const char *folder;
    void (*progress)(void *context, int64_t done, int64_t total); /* may be NULL */
    void *progress_context;
};

struct git_import_result {
    struct git_history history; /* counts of what was read; people are in it, in memory only */
    bool continued;             /* an earlier import was gone on from */
    size_t marked;              /* new items that name an AI */
    struct import_table items;
    struct import_table measures;
};

enum status git_import(struct workspace *workspace, const struct git_import_request *request,
                       struct arena *arena, struct git_import_result *out, struct error *error);

#endif
