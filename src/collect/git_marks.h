/* collect/git_marks.h

   What a commit says about itself: which AI tool it names, whose work it is, whether it is a fix,
   and what it reverts.

   A mark says that AI was named; its absence says nothing. Marks are the author, a trailer-like
   line in any paragraph (squash merges put them in the middle), or a whole line such as
   `Generated with [Claude Code](URL)`. The subject is never a trailer, and prose that mentions a
   tool is no mark. Rules and traps: docs/git.md. */

#ifndef COLLECT_GIT_MARKS_H
#define COLLECT_GIT_MARKS_H

#include <stdbool.h>
#include <stddef.h>

#include "collect/git_identities.h"

struct arena;

struct git_marks {
    const char *tool;   /* the first tool named, git_tool_unknown if only AI as such is, or NULL */
    bool ai_author;     /* the author is an AI, not a person with a tool */
    bool is_bot;        /* to be dropped: the author is a bot and no AI */
    const char *person; /* lower-case address in valid UTF-8: the author's; of an AI author's commit
                           the first human co-author's; or NULL */
    bool is_fix;        /* fix, bug or hotfix as a word of the subject, or a line `Fixes:` */
    bool title_is_fix;  /* the same words in the next line that is not blank: of a merge, the title
                           of what it merges */
    const char **reverts; /* hex digits (7 to 64) after "This reverts commit", in lower case */
    size_t revert_count;
};

/* name, email  the author's, any bytes
   message      subject first; any bytes but NUL within length
   names        further tools and bots, or NULL
   All that the result points to is in the arena, or constant. */
struct git_marks git_marks_read(struct arena *arena, const char *name, const char *email,
                                const char *message, size_t length, const struct git_names *names);

/* The reverts alone. */
const char **git_marks_reverts(struct arena *arena, const char *message, size_t length,
                               size_t *count);

#endif
