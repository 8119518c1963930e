/* Simultaneous bands by multiplier bootstrap: what the largest of several statistics may be by
   chance. */

#include "stats/staggered_panel.h"

#include "base/error.h"
#include "base/random.h"

#include <math.h>
#include <stdlib.h>

enum { draws_least = 99, draws_most = 1000000 };

/* Normal draws cost next to nothing, the others clusters x parts each. */
enum { draws_normal = 19999, draws_default = 999 };

static double multiplier(enum staggered_multiplier kind, struct random *source)
{
    static const double root = 2.236067977499789696409; /* of 5 */
    if (kind == STAGGERED_RADEMACHER)
        return random_bits(source) >> 63 == 1 ? 1 : -1;
    return random_uniform(source) < (1 + root) / (2 * root) ? (1 - root) / 2 : (1 + root) / 2;
}

static int by_size(const void *a, const void *b)
{
    double one = *(const double *)a;
    double other = *(const double *)b;
    return (one > other) - (one < other);
}

/* The largest statistic of each draw, from multipliers of the clusters. */
static enum status by_multipliers(size_t count, size_t clusters, const double *influence,
                                  const double *error_of, enum staggered_multiplier kind,
                                  struct random *source, size_t draws, double *most,
                                  struct error *error)
{
    double *multipliers = malloc(clusters * sizeof *multipliers);
    if (multipliers == NULL)
        return error_memory(error);
    for (size_t draw = 0; draw < draws; draw++) {
        most[draw] = 0;
        for (size_t c = 0; c < clusters; c++)
            multipliers[c] = multiplier(kind, source);
        for (size_t i = 0; i < count; i++) {
            double sum = 0;
            for (size_t c = 0; c < clusters; c++)
                sum += multipliers[c] * influence[i * clusters + c];
            most[draw] = fmax(most[draw], fabs(sum) / error_of[i]);
        }
    }
    free(multipliers);
    return STATUS_OK;
}

void staggered_root(size_t count, double *matrix)
{
    for (size_t j = 0; j < count; j++) {
        double left = matrix[j * count + j];
        for (size_t k = 0; k < j; k++)
            left -= matrix[j * count + k] * matrix[j * count + k];
        double pivot = left > 1e-10 ? sqrt(left) : 0;
        matrix[j * count + j] = pivot;
        for (size_t i = j + 1; i < count; i++) {
            double sum = matrix[i * count + j];
            for (size_t k = 0; k < j; k++)
                sum -= matrix[i * count + k] * matrix[j * count + k];
            matrix[i * count + j] = pivot > 0 ? sum / pivot : 0;
        }
    }
}

/* The same with normal multipliers. The statistics are then normal with correlations that follow
   from the influences, and are drawn as such: the clusters' order, which is that of pseudonyms,
   plays no part. */
static enum status by_correlations(size_t count, size_t clusters, const double *influence,
                                   const double *error_of, struct random *source, size_t draws,
                                   double *most, struct error *error)
{
    double *root = malloc((count + 1) * count * sizeof *root);
    if (root == NULL)
        return error_memory(error);
    double *normal = root + count * count;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j <= i; j++) {
            double sum = 0;
            for (size_t c = 0; c < clusters; c++)
                sum += influence[i * clusters + c] * influence[j * clusters + c];
            root[i * count + j] = sum / (error_of[i] * error_of[j]);
        }
    staggered_root(count, root);
    for (size_t draw = 0; draw < draws; draw++) {
        most[draw] = 0;
        for (size_t i = 0; i < count; i++) {
            double sum = 0;
            normal[i] = random_normal(source);
            for (size_t j = 0; j <= i; j++)
                sum += root[i * count + j] * normal[j];
            most[draw] = fmax(most[draw], fabs(sum));
        }
    }
    free(root);
    return STATUS_OK;
}

enum status staggered_critical(size_t count, size_t clusters, const double *influence,
                               const double *error_of, double level,
                               const struct staggered_band *band, double *out, struct error *error)
{
    bool normal = band->multiplier == STAGGERED_NORMAL;
    size_t draws = band->draws > 0 ? band->draws : normal ? draws_normal : draws_default;
    double least = 0;
    if (draws < draws_least || draws > draws_most)
        return error_set(error, ERROR_DOMAIN, "%zu draws: from %d to %d can be had", draws,
                         draws_least, draws_most);
    enum status status = assay_quantile(level, INFINITY, &least, error);
    if (status != STATUS_OK)
        return status;
    double *most = malloc(draws * sizeof *most);
    if (most == NULL)
        return error_memory(error);
    struct random source = random_seed(band->seed);
    status =
        normal ? by_correlations(count, clusters, influence, error_of, &source, draws, most, error)
               : by_multipliers(count, clusters, influence, error_of, band->multiplier, &source,
                                draws, most, error);
    if (status == STATUS_OK) {
        qsort(most, draws, sizeof *most, by_size);
        size_t rank = (size_t)ceil(level * (double)draws);
        *out = fmax(least, most[rank < 1 ? 0 : rank - 1]);
    }
    free(most);
    return status;
}
