/* tests/unit/clusters.h: rows with cluster numbers as the compressed clusters of a regression. */

#ifndef TESTS_CLUSTERS_H
#define TESTS_CLUSTERS_H

#include "assay/moments.h"
#include "assay/regression.h"

#include "check.h"

struct clusters {
    size_t columns, count;
    double **moments;
};

/* Groups rows by equal id (in the order of first occurrence). Released by clusters_free. */
static inline struct clusters clusters_of(size_t columns, size_t rows, const double *const *values,
                                          const double *id)
{
    struct clusters clusters = {.columns = columns};
    double *ids = malloc(rows * sizeof *ids);
    void **states = malloc(rows * sizeof *states);
    clusters.moments = malloc(rows * sizeof *clusters.moments);
    assert_non_null(ids);
    assert_non_null(states);
    assert_non_null(clusters.moments);
    for (size_t row = 0; row < rows; row++) {
        size_t g = 0;
        while (g < clusters.count && ids[g] != id[row])
            g++;
        if (g == clusters.count) {
            ids[g] = id[row];
            clusters.moments[g] = malloc(assay_moments_size(columns));
            assert_non_null(clusters.moments[g]);
            assay_moments_init(columns, clusters.moments[g]);
            clusters.count++;
        }
        states[row] = clusters.moments[g];
    }
    assay_moments_update(columns, rows, values, states);
    free(ids);
    free(states);
    return clusters;
}

static inline void clusters_free(struct clusters clusters)
{
    for (size_t g = 0; g < clusters.count; g++)
        free(clusters.moments[g]);
    free(clusters.moments);
}

static inline struct regression *clusters_fit(struct clusters clusters)
{
    struct error error;
    struct regression *regression = NULL;
    assert_ok(assay_regression_open(clusters.columns, clusters.count,
                                    (const double *const *)clusters.moments, NULL, &regression,
                                    &error));
    return regression;
}

#endif
