/* stats/secular.h

   Functions of a diagonal matrix plus a vector times itself, H = diag(l) + r r', applied to
   vectors: f(H) v, without the matrix. The eigenvalues are the roots m of the secular equation

       1 + sum over k of r_k^2 / (l_k - m) = 0,

   one beyond each l_k (Golub 1973, SIAM Review 15:318-334, section 5). A root is kept as its
   distance from the nearest pole l_k, so that l_k - m has all its digits, and that of f(H) v with
   it. Equal l_k are taken together; where r has nothing, l_k is an eigenvalue itself.

   With f(H) = Q diag(f) Q' and f as a variance asks for (fit_adjustment). O(k^2) for k entries. */

#ifndef STATS_SECULAR_H
#define STATS_SECULAR_H

#include "assay/regression.h"

#include <stddef.h>

struct secular {
    size_t count;           /* k */
    const double *diagonal; /* l, at least 0 and not above 1 */
    const double *vector;   /* r, no longer than 1 */
    size_t *order;          /* of the entries, by l */
    size_t *pole_of;        /* of an entry; count: none, r has nothing there */
    size_t poles;
    double *pole;  /* increasing */
    double *reach; /* squared length of r there */
    size_t *near;  /* of the root beyond each pole: the pole that it is nearest to, */
    double *away;  /* and how far it is from it */
    double *along; /* scratch of secular_apply */
    double *turned;
};

/* Numbers of scratch for k entries: doubles, and sizes. */
static inline size_t secular_doubles(size_t count)
{
    return 5 * count;
}
static inline size_t secular_sizes(size_t count)
{
    return 3 * count;
}

/* Finds the eigenvalues. What is given must outlive the solution. */
void secular_solve(size_t count, const double *diagonal, const double *vector, double *doubles,
                   size_t *sizes, struct secular *out);

/* out = f(H) vector. */
void secular_apply(const struct secular *secular, enum variance kind, const double *vector,
                   double *out);

/* The squared length of a vector along eigenvalues of 1. */
double secular_alone(const struct secular *secular, const double *vector);

#endif
