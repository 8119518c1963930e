/* evidence/plan/found.h: which plans a question over many is about. */

#ifndef EVIDENCE_FOUND_H
#define EVIDENCE_FOUND_H

#include "evidence/asking.h"
#include "evidence/plan/planned.h"

struct found_plan {
    struct planned planned;
    const char *why_not; /* a sentence: it may not be answered; NULL: it may */
};

/* In the order of their names. */
struct found_plans {
    struct found_plan **list;
    size_t count;
    size_t capacity;
    size_t pairs; /* comparisons of all of them */
    size_t files; /* of plans, those among them that were left */
};

/* The workspace's plans whose period overlaps that of the question, or all where it has none,
   compiled, each with its lock. A plan that cannot be read becomes something that cannot be said,
   and so does one that was locked and whose file is gone; one that was changed after its lock has
   its why_not. */
enum status found_plans(struct asking *asking, struct found_plans *out, struct error *error);

#endif
