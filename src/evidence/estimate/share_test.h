/* evidence/estimate/share_test.h

   Is the share of items with something the same in both arms? Difference of two shares by cluster,

       phi_g = (k_g1 - r_1 n_g1)/n_1 - (k_g0 - r_0 n_g0)/n_0,   V = G/(G-1) sum phi_g^2,

   against t with G - 1 degrees of freedom. */

#ifndef EVIDENCE_SHARE_TEST_H
#define EVIDENCE_SHARE_TEST_H

#include "base/arena.h"

#include <stddef.h>

struct share_of_cluster {
    double items[2]; /* n, by arm */
    double hits[2];  /* k */
};

struct share_test {
    struct share_of_cluster *list;
    size_t count, capacity;
};

/* A cluster without items is left out. */
void share_test_add(struct share_test *test, struct arena *arena,
                    const struct share_of_cluster *one);

/* shares   by arm; NAN without items
   p        NAN: nothing to tell by */
void share_test_finish(const struct share_test *test, double shares[2], double *p);

#endif
