/* tests/unit/quantile_rows.h: rows of two arms, and by brute force what assay/quantile.h is given.
 */

#ifndef TESTS_QUANTILE_ROWS_H
#define TESTS_QUANTILE_ROWS_H

#include "assay/quantile.h"
#include "check.h"

#include <stdbool.h>

enum { quantile_rows_max = 8000, quantile_clusters_max = 240 };

struct value_rows {
    size_t count;
    double y[quantile_rows_max];
    size_t cluster[quantile_rows_max], arm[quantile_rows_max];
};

/* What a comparison is made of. */
struct counted {
    double sorted[2][quantile_rows_max];
    size_t items[2];
    double of[2][3][quantile_clusters_max]; /* by arm: items, up to the quantile, equal to it */
    struct quantile_arm arms[2];
    size_t clusters;
};

static inline int by_number(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The least value up to which at least that share lies, by its definition. The product of a share
   and a whole number is whole but for rounding where it should be. */
static inline double least_value(const double *sorted, size_t count, double share)
{
    double rank = ceil(share * (double)count * (1 - 1e-13));
    return sorted[(size_t)fmax(1, rank) - 1];
}

static inline void add_value(struct value_rows *rows, size_t cluster, size_t arm, double y)
{
    size_t i = rows->count++;
    assert_true(i < quantile_rows_max && cluster < quantile_clusters_max);
    rows->y[i] = y;
    rows->cluster[i] = cluster;
    rows->arm[i] = arm;
}

static inline void sort_arm(const struct value_rows *rows, size_t arm, struct counted *out)
{
    out->items[arm] = 0;
    for (size_t i = 0; i < rows->count; i++)
        if (rows->arm[i] == arm)
            out->sorted[arm][out->items[arm]++] = rows->y[i];
    qsort(out->sorted[arm], out->items[arm], sizeof(double), by_number);
}

static inline double concentration_of(const struct counted *counted, size_t arm)
{
    double sum = 0;
    for (size_t g = 0; g < counted->clusters; g++)
        sum += pow(counted->of[arm][0][g] / (double)counted->items[arm], 2);
    return sum;
}

/* Counts about the quantile of each arm.
   ranks   of both arms, or NULL: as assay_quantile_ranks has them
   false where these are refused */
static inline bool count_values(const struct value_rows *rows, double share, const double *ranks,
                                struct counted *out)
{
    out->clusters = 0;
    memset(out->of, 0, sizeof out->of);
    for (size_t arm = 0; arm < 2; arm++) {
        sort_arm(rows, arm, out);
        out->arms[arm].value = least_value(out->sorted[arm], out->items[arm], share);
    }
    for (size_t i = 0; i < rows->count; i++) {
        double value = out->arms[rows->arm[i]].value;
        out->of[rows->arm[i]][0][rows->cluster[i]]++;
        out->of[rows->arm[i]][1][rows->cluster[i]] += rows->y[i] <= value;
        out->of[rows->arm[i]][2][rows->cluster[i]] += rows->y[i] == value;
        if (rows->cluster[i] >= out->clusters)
            out->clusters = rows->cluster[i] + 1;
    }
    for (size_t arm = 0; arm < 2; arm++) {
        double *rank = out->arms[arm].rank;
        if (ranks != NULL)
            memcpy(rank, ranks, 2 * sizeof *rank);
        else if (assay_quantile_ranks(share, (double)out->items[arm], concentration_of(out, arm),
                                      rank, NULL) != STATUS_OK)
            return false;
        for (size_t i = 0; i < 2; i++)
            out->arms[arm].at_rank[i] = least_value(out->sorted[arm], out->items[arm], rank[i]);
    }
    return true;
}

static inline struct quantile_clusters clusters_of(const struct counted *counted)
{
    return (struct quantile_clusters){counted->clusters,
                                      {counted->of[0][0], counted->of[1][0]},
                                      {counted->of[0][1], counted->of[1][1]},
                                      {counted->of[0][2], counted->of[1][2]}};
}

#endif
