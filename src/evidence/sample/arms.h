/* evidence/sample/arms.h: which arms a use case has: as assigned where a tenth of its items was, or
   where assigned arms are asked for; else as found. */

#ifndef EVIDENCE_ARMS_H
#define EVIDENCE_ARMS_H

#include "evidence/sample/sample.h"
#include "workspace/workspace.h"

/* Which arms are asked for. */
struct arms_wish {
    const char *names; /* "no_ai,ai", "tool=a,tool=b", "no_ai,tool=a"; NULL: those that there are */
    const char *plan;  /* as this plan assigned them, and no other; NULL: any */
    const struct plan_texts
        *all_arms;     /* of the plan that asks, where they are more than two, or NULL */
    bool lumped;       /* of more than two arms all but one are taken for one */
    bool as_found;     /* whatever was assigned: a plan asks */
    const char *scope; /* a truth over facts, which units have to have an item in; NULL: none */
};

/* why_not  set, with STATUS_OK, where there are no two arms to compare: a sentence
   ERROR_INPUT: the names cannot be read, or one names an arm that there is not. */
enum status arms_find(struct workspace *workspace, const char *use_case, const struct span *span,
                      const struct arms_wish *wish, struct arena *arena, struct arms *out,
                      const char **why_not, struct error *error);

/* Is the first arm that without AI, and the second the one with it? */
bool arms_with_and_without(const struct arms *arms);

#endif
