/* evidence/estimate/estimators.h

   From a sample to an estimate: each function asks the engine for one compressed frame and gives it
   to libassay. */

#ifndef EVIDENCE_ESTIMATORS_H
#define EVIDENCE_ESTIMATORS_H

#include "assay/blocked.h"
#include "assay/ratio.h"
#include "assay/regression.h"
#include "evidence/estimate/leverage.h"
#include "evidence/sample/sample.h"
#include "workspace/workspace.h"

/* What every estimate of a sample comes with. */
struct sample_counts {
    int64_t items[2]; /* in each arm, with an outcome */
    int64_t workers[2];
    int64_t excluded[EXCLUSIONS];
    int64_t total;                        /* items of the cohort */
    int64_t excluded_workers[EXCLUSIONS]; /* with an item left out for the reason */
    struct reach reach[2];                /* who is in each arm */
    struct reach reach_of_both;
    double value[2];       /* mean of each arm; NAN without items. Geometric for log metrics. */
    double known_share[2]; /* of the arm's items, those with an outcome; NAN without items */
    double known_p;        /* that these are one share; NAN: nothing to tell it by */
    int64_t unknown_workers[2]; /* of the arm, with an item without one */
};

/* How the interval is made. */
struct precision {
    double level; /* 0.95 */
    enum variance variance;
    bool normal; /* normal quantile in place of t */
};

/* What each cluster adds to an estimate: z_g of assay/heterogeneity.h. */
struct cluster_parts {
    size_t count;
    const char *const *name; /* a worker, a team */
    const double *part;
    const double *items[2]; /* of it in either arm, by weight; of times */
};

struct estimated {
    struct estimate estimate; /* on the scale that it is made on: a difference, or a log ratio */
    bool log_ratio;
    struct estimate difference; /* arm 1 less arm 0 in minutes or the unit of the values: of times,
                                   and of values that are not compared on the log scale */
    int64_t clusters;
    struct carried carried;
    struct leverage without_one;     /* on the scale of the estimate */
    double mean[2];                  /* by arm, as weighted or adjusted */
    struct baseline baseline;        /* of a difference that is shown as a share of mean[0] */
    const struct estimate *of_share; /* what is shown as a share of the baseline, where that is not
                                        the estimate; or NULL */
    double level;
    double unmatched[2]; /* share of each arm's items in cells without the other arm */
    double horizon_minutes;
    struct hazards hazards;  /* of times, where the arms were assigned */
    const char *no_interval; /* a sentence: why the interval has no bound on one side (INFINITY) or
                                on both, or is none (NAN); NULL: it has both */
    int64_t fewest_beside;   /* workers with items up to a quantile, or beyond it, in the arm where
                                these are fewest; 0: the metric is none */
    struct cluster_parts parts; /* of times; else none */
};

/* Counts of a sample; value is left at NAN for quantiles and durations. */
enum status sample_count(struct workspace *workspace, const struct sample *sample,
                         struct arena *arena, struct sample_counts *out, struct error *error);

/* Moments of (arm, covariates, y) by cluster, and means of (covariates that are no dummies, y) by
   worker, arm and group. */
struct worker_moments {
    const char *worker; /* rows of one follow each other */
    int arm;
    double items;
    const double *means; /* covariates that are no dummies, then y */
};
struct cluster_moments {
    size_t columns; /* covariates + 2 */
    const double *const *list;
    size_t count;
    size_t covariates; /* of the means */
    struct worker_moments *of_arm;
    size_t of_arm_count;
};
enum status cluster_moments(struct workspace *workspace, const struct sample *sample,
                            struct arena *arena, struct sample_counts *counts,
                            struct cluster_moments *out, struct error *error);

/* Moments of k columns (x.., y) of one arm become moments of (arm, x.., y): the arm is the same in
   every row, so that it adds a mean and zeros. */
void moments_with_arm(size_t k, const double *moments, double arm, double *out);

/* Least squares of y on the arm and covariates, errors by cluster (worker). */
enum status estimate_regression(struct workspace *workspace, const struct sample *sample,
                                const struct precision *precision, struct arena *arena,
                                struct sample_counts *counts, struct estimated *out,
                                struct error *error);

/* Least squares of y on the arm and a dummy for each cell (sample->absorbed), errors by cluster. */
enum status estimate_absorbed(struct workspace *workspace, const struct sample *sample,
                              const struct precision *precision, struct arena *arena,
                              struct sample_counts *counts, struct estimated *out,
                              struct error *error);

/* Difference within cells, averaged over the mix of one arm. */
enum status estimate_blocked(struct workspace *workspace, const struct sample *sample,
                             int mix_of_arm, const struct precision *precision, struct arena *arena,
                             struct estimated *out, struct error *error);

/* Log of the ratio of two arms' ratios of sums; errors by cluster (worker). */
enum status estimate_ratio(struct workspace *workspace, const struct sample *sample,
                           const struct precision *precision, struct arena *arena,
                           struct sample_counts *counts, struct estimated *out,
                           struct error *error);

/* The same adjusted for covariates: least squares of what each item adds to the log of its arm's
   ratio, (numerator/mean - denominator/mean + log of the ratio), on arm and covariates. */
enum status estimate_ratio_adjusted(struct workspace *workspace, const struct sample *sample,
                                    const struct precision *precision, struct arena *arena,
                                    struct sample_counts *counts, struct estimated *out,
                                    struct error *error);

/* Numerator and denominator by cluster, of a frame of moments_by_worker.sql: rows are ordered by
   worker. Where workers are the clusters, those of one follow each other; where teams are, there
   are few, and each is looked for among those before. */
struct ratio_clusters ratio_by_cluster(struct arena *arena, const struct frame *frame,
                                       bool by_team);
struct carried ratio_carried(const struct ratio_clusters *clusters, const struct ratio *ratio);

/* The same within cells, on the mix of one arm. */
enum status estimate_ratio_within(struct workspace *workspace, const struct sample *sample,
                                  int mix_of_arm, const struct precision *precision,
                                  struct arena *arena, struct estimated *out, struct error *error);

/* Counts of a sample of ratios. */
enum status count_ratio(struct workspace *workspace, const struct sample *sample,
                        struct arena *arena, struct sample_counts *out, struct error *error);

/* What the ratios of a sample are made of. exists is false for other kinds of metric. */
enum status ratio_parts(struct workspace *workspace, const struct sample *sample,
                        struct arena *arena, struct ratio_parts *out, struct error *error);

/* Difference of the metric's quantile between two arms; errors by cluster (worker). */
enum status estimate_quantile(struct workspace *workspace, const struct sample *sample,
                              const struct precision *precision, struct arena *arena,
                              struct sample_counts *counts, struct estimated *out,
                              struct error *error);

/* The same of items within cells, weighted to the mix of one arm. */
enum status estimate_quantile_within(struct workspace *workspace, const struct sample *sample,
                                     int mix_of_arm, const struct precision *precision,
                                     struct arena *arena, struct estimated *out,
                                     struct error *error);

/* The same on either scale, with the z_g of clusters in place of what an estimate is shown with.
   out   estimate, fewest_beside and parts are filled */
enum status estimate_quantile_parts(struct workspace *workspace, const struct sample *sample,
                                    enum blocked_scale scale, double level, struct arena *arena,
                                    struct estimated *out, struct error *error);

/* Log ratio of restricted means up to the metric's horizon (less the landmark).
   mix_of_arm   -1: as they are; else cells are weighted to that arm's mix */
enum status estimate_duration(struct workspace *workspace, const struct sample *sample,
                              int mix_of_arm, const struct precision *precision,
                              struct arena *arena, struct sample_counts *counts,
                              struct estimated *out, struct error *error);

/* The one of these that the metric's kind calls for.
   mix_of_arm   -1: as they are; else within cells, weighted to that arm's mix
   counts       untouched within cells, but for durations */
enum status estimate_sample(struct workspace *workspace, const struct sample *sample,
                            int mix_of_arm, const struct precision *precision, struct arena *arena,
                            struct sample_counts *counts, struct estimated *out,
                            struct error *error);

#endif
