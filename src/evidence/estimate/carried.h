/* evidence/estimate/carried.h

   Which clusters carry a mean or a proportion, and the caution that follows from it
   (assay/cautious.h). */

#ifndef EVIDENCE_CARRIED_H
#define EVIDENCE_CARRIED_H

#include "assay/regression.h"
#include "base/arena.h"
#include "evidence/estimate/estimators.h"

/* Of clusters by the moments of (arm, covariates.., y), columns of them. */
struct carried carried_of(const double *const *clusters, size_t count, size_t columns,
                          bool proportion);

/* Clusters by their moments of (arm, .., y), as they were fitted. */
struct carried_clusters {
    size_t count;
    size_t columns;
    const double *const *list;
    const double *residual; /* their means */
    double unexplained;     /* 1 - R^2 where more than the arm was fitted, else 1 */
};

/* The mean residual of each cluster of a fit. */
const double *carried_residuals(const struct regression *fit, const double *const *clusters,
                                struct arena *arena);

/* The estimate by CR2 or CR3, as wide as it has to be.
   scale   by how much standard errors grow where one number has to tell it; 1 where nothing does */
enum status carried_widen(const struct carried_clusters *of, const struct metric *metric,
                          double level, struct arena *arena, struct estimate *estimate,
                          double *scale, struct error *error);

/* Is every item of a proportion alike? Then there is nothing to fit. */
bool carried_is_alike(const double *const *clusters, size_t count, size_t columns);

/* The difference of such a proportion. A cluster that is in one arm counts as one item at most (as
   less where sizes differ), since its items may be alike whatever happens; of clusters in both arms
   each item counts, since what a cluster brings is in both. ERROR_DOMAIN: an arm of fewer than 2
   clusters. */
enum status carried_alike(const double *const *clusters, size_t count, size_t columns, double level,
                          struct estimate *out, struct error *error);

/* What clusters have in each arm and add to its value: [a][g], 0 where one has no items in arm a.
 */
struct arm_parts {
    size_t count;
    const double *items[2];
    const double *part[2];
};

struct carried carried_of_parts(const struct arm_parts *parts);

/* An estimate from such parts, as wide as it has to be where each cluster is in one arm.
   scale   by how much its standard error grows */
enum status carried_widen_parts(const struct arm_parts *parts, double level, struct arena *arena,
                                struct estimate *estimate, double *scale, struct error *error);

#endif
