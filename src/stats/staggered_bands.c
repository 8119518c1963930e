/* Simultaneous bands by multiplier bootstrap: what the largest of several statistics may be by
   chance. */

#include "stats/staggered_panel.h"

#include "base/error.h"
#include "base/random.h"

#include <math.h>
#include <stdlib.h>

enum { draws_default = 999, draws_least = 99, draws_most = 1000000 };

static double multiplier(enum staggered_multiplier kind, struct random *source)
{
    static const double root = 2.236067977499789696409; /* of 5 */
    if (kind == STAGGERED_NORMAL)
        return random_normal(source);
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

/* The largest statistic of one draw. */
static double largest(size_t count, size_t clusters, const double *influence,
                      const double *error_of, const double *multipliers)
{
    double most = 0;
    for (size_t i = 0; i < count; i++) {
        double sum = 0;
        for (size_t c = 0; c < clusters; c++)
            sum += multipliers[c] * influence[i * clusters + c];
        most = fmax(most, fabs(sum) / error_of[i]);
    }
    return most;
}

enum status staggered_critical(size_t count, size_t clusters, const double *influence,
                               const double *error_of, double level,
                               const struct staggered_band *band, double *out, struct error *error)
{
    size_t draws = band->draws == 0 ? draws_default : band->draws;
    double least = 0;
    if (draws < draws_least || draws > draws_most)
        return error_set(error, ERROR_DOMAIN, "%zu draws: from %d to %d can be had", draws,
                         draws_least, draws_most);
    enum status status = assay_quantile(level, INFINITY, &least, error);
    if (status != STATUS_OK)
        return status;
    double *most = malloc((draws + clusters) * sizeof *most);
    if (most == NULL)
        return error_memory(error);
    double *multipliers = most + draws;
    struct random source = random_seed(band->seed);
    for (size_t draw = 0; draw < draws; draw++) {
        for (size_t c = 0; c < clusters; c++)
            multipliers[c] = multiplier(band->multiplier, &source);
        most[draw] = largest(count, clusters, influence, error_of, multipliers);
    }
    qsort(most, draws, sizeof *most, by_size);
    size_t rank = (size_t)ceil(level * (double)draws);
    *out = fmax(least, most[rank < 1 ? 0 : rank - 1]);
    free(most);
    return STATUS_OK;
}
