/* evidence/estimate/contributions.h

   What each person's items add to a published number, so that a later report can be held against
   it: who stands between two numbers, and whether few of them carry the difference. It is kept in
   the workspace only (evidence/published_work.h), and never shown. */

#ifndef EVIDENCE_CONTRIBUTIONS_H
#define EVIDENCE_CONTRIBUTIONS_H

#include "assay/status.h"
#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct contribution {
    const char *worker;
    int64_t items;
    double weight; /* items, or the divisors of a ratio */
    double total;  /* of the values */
    int64_t print; /* of which items and values it is; those of two sets are joined by xor */
};

/* Ordered by worker. known: false where nobody took down whose a number is. */
struct contributions {
    bool known;
    size_t count;
    size_t capacity;
    struct contribution *list;
};

struct frame;
struct sample;
struct workspace;

/* Of the two arms of a sample, or periods of a change. known is true. */
enum status contributions_of(struct workspace *workspace, const struct sample *sample,
                             struct arena *arena, struct contributions out[2], struct error *error);

/* Of a row with the columns worker, items, weight, total, print from `column` on. */
struct contribution contribution_of_row(const struct frame *frame, size_t row, size_t column);

/* Workers come in order. */
void contributions_add(struct contributions *contributions, struct arena *arena,
                       const struct contribution *one);

/* The one and the other, or the one without the other; who adds nothing is not in it. */
struct contributions contributions_joined(struct arena *arena, const struct contributions *a,
                                          const struct contributions *b);
struct contributions contributions_less(struct arena *arena, const struct contributions *a,
                                        const struct contributions *b);

bool contributions_same(const struct contributions *a, const struct contributions *b);

int64_t contributions_items(const struct contributions *contributions);

/* Of how many people a difference tells: those who are in it, or the fewer who carry it nearly
   alone (told.h), by weight or, where only values changed, by what they changed by. 0: of nobody.
 */
int64_t contributions_tell_of(struct arena *arena, const struct contributions *difference);

#endif
