/* evidence/asking.h: what every step of an answer needs; inside evidence/ only. */

#ifndef EVIDENCE_ASKING_H
#define EVIDENCE_ASKING_H

#include "evidence/answer.h"
#include "evidence/compare/comparison.h"

struct asking {
    struct workspace *workspace;
    const struct answer_request *request;
    struct period period;
    struct arena *arena;
    struct evidence *out;
    struct frame there;    /* of asking_find_there */
    struct trials *trials; /* plan/trials.h: NULL until they are asked for */
};

/* Reads the period, fills the head of out, and notes what readers have to know of the data. */
enum status asking_begin(struct asking *asking, struct error *error);

/* Columns of asking_use_cases. */
enum { use_case_name, use_case_items, use_case_workers };

/* Use cases of the period, the largest first. */
enum status asking_use_cases(struct asking *asking, struct frame *out, struct error *error);

/* Columns of asking_find_there, one row; the first and last day are NULL where no item has a time.
 */
enum {
    there_items,
    there_starts,
    there_calls,
    there_unsorted,
    there_first,
    there_last,
    there_marked,
    there_last_day
};

/* What the whole workspace holds, whatever the period. */
enum status asking_find_there(struct asking *asking, struct error *error);

/* Who has items of a use case in a span. */
enum status asking_reach(struct asking *asking, const char *use_case, const struct span *span,
                         struct reach *out, struct error *error);

/* --errors: least squares' kind of errors and its code; cr2 where text is NULL.
   ERROR_INPUT: no such kind. */
enum status asking_errors(const char *text, enum variance *out, const char **code,
                          struct error *error);

/* --by, one formula: not named by any plan.
   ERROR_INPUT: no formula that may stand there. */
enum status asking_by(struct asking *asking, struct comparison_request *out, struct error *error);

/* A file of the user's that cannot be read: something that cannot be said, and a fault.
   what   "the plan x" */
void asking_unread(struct asking *asking, const char *what, const struct error *why,
                   const char *action);

/* The reason for a part of the answer that failed, where the other parts can be answered all the
   same; NULL where they can't: somebody stopped it, or memory, disk or workspace are not to be had.
   What is wrong inside assay is a fault, too, named by what was asked. */
const char *asking_failed(struct asking *asking, const char *what, enum status status,
                          const struct error *why);

/* The same of a comparison; false: the others cannot be answered either. */
bool asking_no_comparison(struct asking *asking, const char *what, enum status status,
                          const struct error *why, struct comparison *out);

/* "file:line:column: sentence", from the workspace's folder on */
const char *asking_placed(struct asking *asking, const struct error *why);

/* Adds to what readers have to know, whichever row they read. */
void asking_note(struct asking *asking, const char *note);

/* Adds to what cannot be said. action is a command, or NULL. */
void asking_cannot_say(struct asking *asking, const char *what, const char *why,
                       const char *action);

#endif
