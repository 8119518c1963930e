/* evidence/estimate/stratified_sums.h

   Sums by stratum, cluster and arm of what items within strata add to an estimate of times
   (assay/stratified.h). */

#ifndef EVIDENCE_STRATIFIED_SUMS_H
#define EVIDENCE_STRATIFIED_SUMS_H

#include "assay/stratified.h"
#include "evidence/estimate/estimators.h"

enum { stratified_columns_max = 2 };

struct stratified_sums {
    size_t count, strata, clusters;
    const char *const *names; /* of clusters */
    int64_t *stratum, *cluster, *arm;
    const double *items;
    const double *influence[stratified_columns_max];
    double *weight; /* by stratum: at first its items in the second arm */
    double *value;  /* by stratum, 0 at first */
};

/* From a statement over the temporary table `timed` with the columns cluster (by which it is
   ordered), stratum, arm, items, and influences. */
enum status stratified_read(struct workspace *workspace, const char *embedded, bool by_team,
                            struct arena *arena, struct stratified_sums *out, struct error *error);

/* A stratum by the number that it has in `timed`. */
void stratified_weigh(struct stratified_sums *sums, int64_t stratum, double weight, double value);

struct stratified_rows stratified_rows_of(const struct stratified_sums *sums, size_t column);

enum status stratified_estimate(const struct stratified_rows *rows, enum stratified_ties ties,
                                double value, const struct precision *precision,
                                struct estimate *out, struct error *error);

#endif
