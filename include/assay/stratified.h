/* assay/stratified.h

   The error of an estimate that compares two arms within strata, from what each cluster adds to it,
   where clusters were drawn within strata: what strata differ by is no part of it.

   With phi_gsa the sum of the influences of cluster g's items in arm a of stratum s, and w_gsa its
   share of their weight, a stratum whose arms have 2 clusters each at least tells how much clusters
   differ by itself. Its influences are taken about their own mean, and CR2's factor for a mean
   (Bell & McCaffrey 2002, Survey Methodology 28:169-181) is that of arm and stratum:

       z_g = sum over s of r_gs1 - r_gs0,
       r_gsa = (phi_gsa - w_gsa sum over h of phi_hsa) / sqrt(1 - w_gsa)

   A stratum in which an arm has one cluster (a matched pair) tells that only beside the others:
   it counts as one, by how far what it adds, D_s, lies from its share W_s of what all add,

       z_s = (D_s - W_s sum over t of D_t) / sqrt(1 - W_s),   D_s = sum over g of phi_gs1 - phi_gs0

   With pairs of one weight that is the paired t. V is the sum of the z's squares, t has

       df = min(number of z's - 1,  3 (sum z^2)^2 / sum z^4 - 2,
                (sum u_s)^2 / (sum u_s^2 / (n_s + 2)) - 2,  (sum t_s)^2 / sum q_s),   at least 1

   The second is that of restricted_mean.h, which takes the z's for independent. The third takes
   strata for it, whose clusters differ by amounts of their own: u_s is the sum of a stratum's z^2,
   n_s its clusters less 2 (less 1 where some are in both arms), or 1 where it counts as one; under
   normal z's both squares are unbiased. The last knows the design alone, as that of
   restricted_mean.h, of which t_s = W_s^2 (s_s1 + s_s0) and q_s = W_s^4 q of the shares within the
   stratum; strata that count as one are clusters of variance t_s and share W_s.

   Clusters in several strata tie these: strata that share a cluster are either taken as one (they
   then differ by more, and the error is too large rather than too small), or a cluster's sum goes
   over them.

   Oracle: R, t.test, and the definition with matrices: tests/oracle/stratified.R. Coverage:
   tests/unit/test_stratified_coverage.c. */

#ifndef ASSAY_STRATIFIED_H
#define ASSAY_STRATIFIED_H

#include "assay/estimate.h"
#include "assay/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Rows by stratum, cluster and arm, in any order; a triple may have several. */
struct stratified_rows {
    size_t count;
    const int64_t *stratum; /* 0 .. strata - 1 */
    const int64_t *cluster; /* 0 .. clusters - 1 */
    const int64_t *arm;     /* 0 or 1 */
    const double *items;    /* number (weight), above 0 */
    const double *influence;
    size_t strata, clusters;
    const double *weight; /* by stratum: W_s in any unit, 0 or more; every stratum has rows, or 0 */
    const double *value;  /* by stratum: D_s; NULL: from the influences */
};

enum stratified_ties { STRATIFIED_JOINED, STRATIFIED_APART };

/* Estimates.
   scale   by arm: what influences are multiplied by
   part    NULL, or by cluster: numbers whose squares have the variance as their sum, for estimates
           that share clusters (assay/heterogeneity.h). The z of a stratum that counts as one is
           shared out evenly. Undefined on error.
   Allocates O(count + strata + clusters).
   ERROR_DOMAIN: numbers out of range or not finite, a stratum without one of the arms, one stratum
   alone that has one cluster in an arm, APART a cluster of such a stratum in another one too, or a
   standard error of 0. ERROR_MEMORY. out is then untouched. */
ASSAY_API enum status assay_stratified(const struct stratified_rows *rows,
                                       enum stratified_ties ties, const double scale[2],
                                       double value, double level, struct estimate *out,
                                       double *part, struct error *error);

#endif
