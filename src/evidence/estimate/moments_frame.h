/* evidence/estimate/moments_frame.h

   The compressed frame of least squares: moments of covariates and outcome by worker, cluster, arm
   and, where dummies stand for groups of items, by group. A dummy is the same for all items of a
   group, so that it is put into the moments afterwards, once for each cluster, in place of being
   multiplied with every other column for every item. */

#ifndef EVIDENCE_MOMENTS_FRAME_H
#define EVIDENCE_MOMENTS_FRAME_H

#include "engine/engine.h"
#include "evidence/estimate/estimators.h"

/* Of items that count and have a cluster. */
struct moments_row {
    const char *cluster;
    size_t level[dummy_groups_max]; /* place of its group among its values */
    int arm;
    const double *moments; /* of the columns that are no dummies */
};

struct moments_frame {
    const struct sample *sample;
    struct frame frame;
    size_t columns;           /* of its moments: covariates that are no dummies, then y */
    struct moments_row *rows; /* by cluster, groups and arm */
    size_t count;
};

/* What is fitted: y on the arm and covariates, and on the covariates of arm 1 where it has slopes
   of its own. */
struct terms {
    size_t covariates;    /* dummies among them */
    const double *centre; /* of slopes of each arm's own; NULL: both arms share them */
};

struct clusters {
    const double **list;
    size_t count;
};

enum status moments_frame_read(struct workspace *workspace, const struct sample *sample,
                               struct arena *arena, struct moments_frame *out, struct error *error);

/* The same of rows that are there. */
void moments_frame_keep(const struct sample *sample, const struct frame *frame, size_t columns,
                        struct arena *arena, struct moments_frame *out);

/* Least squares of it, as estimate_regression. */
enum status estimate_of_frame(struct workspace *workspace, const struct moments_frame *frame,
                              const struct precision *precision, struct arena *arena,
                              struct sample_counts *counts, struct estimated *out,
                              struct error *error);

/* Counts, and the mean of each arm. */
void moments_frame_count(const struct moments_frame *frame, bool log_scale, struct arena *arena,
                         struct sample_counts *out);

/* The sample's, with means of the covariates over the items of both arms where arms interact. */
struct terms moments_frame_terms(const struct moments_frame *frame, struct arena *arena);

/* Columns of a fit, y among them. */
size_t terms_columns(const struct terms *terms);

/* Moments of (arm, covariates.., y) of each cluster, in the order of their names. */
struct clusters moments_frame_clusters(const struct moments_frame *frame, const struct terms *terms,
                                       struct arena *arena);

/* Means of (covariates that are no dummies.., y) by worker and arm. */
struct worker_moments *moments_frame_of_arm(const struct moments_frame *frame, struct arena *arena,
                                            size_t *count);

#endif
