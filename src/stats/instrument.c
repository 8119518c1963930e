/* Least squares with an instrument: every fit from the moments of clusters, mapped to its columns.
 */

#include "stats/instrument_fit.h"

#include "assay/moments.h"
#include "base/error.h"

#include <math.h>
#include <stdlib.h>

enum { columns_max = assay_moments_columns_max };

/* What instruments are opened from. Columns of the clusters: z, x, d, y. */
struct opening {
    struct instrument *instrument;
    size_t columns; /* m + q + 2 */
    size_t count;
    const double *const *clusters;
};

/* New columns as linear combinations of the old ones. */
struct map {
    size_t columns;
    double constant[columns_max];
    double factor[columns_max][columns_max]; /* of each new column: of the old ones */
};

/* mean' = a + A mean, C' = A C A'. */
static void map_moments(const struct map *map, size_t columns, const double *from, double *into)
{
    double row[columns_max];
    size_t at = 1 + map->columns;
    into[0] = from[0];
    for (size_t i = 0; i < map->columns; i++) {
        into[1 + i] = map->constant[i];
        for (size_t l = 0; l < columns; l++) {
            into[1 + i] += map->factor[i][l] * assay_moments_mean(from, l);
            row[l] = 0;
            for (size_t j = 0; j < columns; j++)
                if (map->factor[i][j] != 0)
                    row[l] += map->factor[i][j] * assay_moments_cross(columns, from, j, l);
        }
        for (size_t j = 0; j <= i; j++, at++) {
            into[at] = 0;
            for (size_t l = 0; l < columns; l++)
                into[at] += row[l] * map->factor[j][l];
        }
        if (into[at - 1] < 0) /* a square that rounding left of 0 */
            into[at - 1] = 0;
    }
}

static enum status open_fit(const struct opening *opening, const struct map *map,
                            struct held_fit *fit, struct error *error)
{
    size_t length = assay_moments_length(map->columns);
    if (fit->moments == NULL)
        fit->moments = malloc(opening->count * length * sizeof *fit->moments);
    if (fit->clusters == NULL)
        fit->clusters = malloc(opening->count * sizeof *fit->clusters);
    if (fit->moments == NULL || fit->clusters == NULL)
        return error_memory(error);
    for (size_t g = 0; g < opening->count; g++) {
        fit->clusters[g] = fit->moments + g * length;
        map_moments(map, opening->columns, opening->clusters[g], fit->moments + g * length);
    }
    return assay_regression_open(map->columns, opening->count, fit->clusters, NULL,
                                 &fit->regression, error);
}

/* ---- Checks ----------------------------------------------------------------------------- */

/* Whether a column is the same number in every row. */
static bool is_same(const struct opening *opening, size_t column)
{
    double first = assay_moments_mean(opening->clusters[0], column);
    for (size_t g = 0; g < opening->count; g++)
        if (assay_moments_mean(opening->clusters[g], column) != first ||
            assay_moments_cross(opening->columns, opening->clusters[g], column, column) > 0)
            return false;
    return true;
}

static enum status check(const struct opening *opening, struct error *error)
{
    size_t m = opening->instrument->instruments;
    size_t d = opening->columns - 2;
    if (m < 1 || m > assay_instruments_max || opening->columns > columns_max)
        return error_set(error, ERROR_DOMAIN,
                         "%zu instruments and %zu covariates: from 1 to %d, and up to %d columns "
                         "in all, can be had",
                         m, opening->instrument->covariates, assay_instruments_max, columns_max);
    if (opening->count == 0)
        return error_set(error, ERROR_DOMAIN, "no cluster has any row");
    for (size_t g = 0; g < opening->count; g++) {
        enum status status = assay_moments_check(opening->columns, opening->clusters[g], error);
        if (status != STATUS_OK)
            return status;
    }
    for (size_t j = 0; j < m; j++)
        if (is_same(opening, j))
            return error_set(error, ERROR_DOMAIN,
                             "instrument %zu is %g for everybody: some must be offered and others "
                             "not",
                             j + 1, assay_moments_mean(opening->clusters[0], j));
    if (!is_same(opening, d))
        return STATUS_OK;
    return assay_moments_mean(opening->clusters[0], d) == 0
               ? error_set(error, ERROR_DOMAIN,
                           "nobody takes it up: there is no effect of taking it to be seen")
               : error_set(error, ERROR_DOMAIN,
                           "everybody takes it up alike: nobody shows what it is to go without");
}

/* ---- Fits ------------------------------------------------------------------------------- */

/* z, x and one more column, which is a combination of all. */
static enum status open_on_instruments(const struct opening *opening, double constant,
                                       const double *factor, struct held_fit *fit,
                                       struct error *error)
{
    struct map map = {.columns = opening->columns - 1};
    size_t last = map.columns - 1;
    for (size_t j = 0; j < last; j++)
        map.factor[j][j] = 1;
    map.constant[last] = constant;
    for (size_t j = 0; j < opening->columns; j++)
        map.factor[last][j] = factor[j];
    return open_fit(opening, &map, fit, error);
}

/* Half the spread of y to that of d, about their means over all rows: with the half, y - s d is
   never constant, as it would be where y is s d. */
static double scale_of(const struct opening *opening)
{
    const struct instrument *instrument = opening->instrument;
    double squares[2];
    for (size_t i = 0; i < 2; i++) {
        const struct held_fit *fit =
            &instrument->fits[i == 0 ? INSTRUMENT_UPTAKE : INSTRUMENT_OFFER];
        double centre = assay_regression_fit(fit->regression).centre[opening->columns - 2];
        squares[i] = 0;
        for (size_t g = 0; g < opening->count; g++) {
            const double *moments = fit->clusters[g];
            size_t last = opening->columns - 2;
            double step = assay_moments_mean(moments, last) - centre;
            squares[i] += assay_moments_cross(opening->columns - 1, moments, last, last) +
                          moments[0] * step * step;
        }
    }
    return sqrt(squares[1] / squares[0]) / 2;
}

static enum status open_linear(const struct opening *opening, struct error *error)
{
    struct instrument *instrument = opening->instrument;
    size_t d = opening->columns - 2;
    double factor[columns_max] = {0};
    factor[d + 1] = 1;
    enum status status =
        open_on_instruments(opening, 0, factor, &instrument->fits[INSTRUMENT_OFFER], error);
    if (status != STATUS_OK)
        return status;
    factor[d + 1] = 0;
    factor[d] = 1;
    status = open_on_instruments(opening, 0, factor, &instrument->fits[INSTRUMENT_UPTAKE], error);
    if (status != STATUS_OK)
        return status;
    instrument->scale = scale_of(opening);
    factor[d] = -instrument->scale;
    factor[d + 1] = 1;
    return open_on_instruments(opening, 0, factor, &instrument->fits[INSTRUMENT_BOTH], error);
}

/* x, the fitted d, and y - effect (d - fitted d). */
static struct map second_stage(const struct opening *opening, double effect)
{
    const struct instrument *instrument = opening->instrument;
    size_t m = instrument->instruments;
    size_t q = instrument->covariates;
    const double *uptake =
        assay_regression_fit(instrument->fits[INSTRUMENT_UPTAKE].regression).coefficient;
    struct map map = {.columns = q + 2};
    for (size_t j = 0; j < q; j++)
        map.factor[j][m + j] = 1;
    map.constant[q] = uptake[0];
    map.constant[q + 1] = effect * uptake[0];
    for (size_t j = 0; j < m + q; j++) {
        map.factor[q][j] = uptake[1 + j];
        map.factor[q + 1][j] = effect * uptake[1 + j];
    }
    map.factor[q + 1][m + q] = -effect;
    map.factor[q + 1][m + q + 1] = 1;
    return map;
}

/* Residuals y - b_0 - b'x - b_d d of the second stage on the instruments. */
static enum status open_residuals(const struct opening *opening, struct error *error)
{
    struct instrument *instrument = opening->instrument;
    size_t m = instrument->instruments;
    size_t q = instrument->covariates;
    const double *effect =
        assay_regression_fit(instrument->fits[INSTRUMENT_EFFECT].regression).coefficient;
    double factor[columns_max] = {0};
    for (size_t j = 0; j <= q; j++)
        factor[m + j] = -effect[1 + j];
    factor[m + q + 1] = 1;
    return open_on_instruments(opening, -effect[0], factor, &instrument->fits[INSTRUMENT_RESIDUALS],
                               error);
}

/* What cannot be fitted stays NULL: fitted uptake that does not vary beside x, residuals of 0. */
static enum status open_effect(const struct opening *opening, struct error *error)
{
    struct instrument *instrument = opening->instrument;
    struct held_fit *fit = &instrument->fits[INSTRUMENT_EFFECT];
    struct error ignored;
    struct map map = second_stage(opening, 0);
    enum status status = open_fit(opening, &map, fit, &ignored);
    if (status == STATUS_OK) {
        double effect =
            assay_regression_fit(fit->regression).coefficient[1 + instrument->covariates];
        assay_regression_close(fit->regression);
        fit->regression = NULL;
        map = second_stage(opening, effect);
        status = open_fit(opening, &map, fit, &ignored);
    }
    if (status == STATUS_OK && instrument->instruments > 1)
        status = open_residuals(opening, &ignored);
    if (status == ERROR_MEMORY)
        return error_memory(error);
    if (fit->regression == NULL &&
        assay_regression_fit(instrument->fits[INSTRUMENT_UPTAKE].regression).residual_variance == 0)
        return error_set(error, ERROR_SINGULAR,
                         "the covariates alone determine who takes it up: the offer has no part in "
                         "it");
    return STATUS_OK;
}

/* ---- Together --------------------------------------------------------------------------- */

enum status assay_instrument_open(size_t instruments, size_t covariates, size_t count,
                                  const double *const *clusters, struct instrument **out,
                                  struct error *error)
{
    struct instrument *instrument = calloc(1, sizeof *instrument);
    if (instrument == NULL)
        return error_memory(error);
    instrument->instruments = instruments;
    instrument->covariates = covariates;
    const struct opening opening = {instrument, instruments + covariates + 2, count, clusters};
    enum status status = check(&opening, error);
    if (status == STATUS_OK)
        status = open_linear(&opening, error);
    if (status == STATUS_OK)
        status = open_effect(&opening, error);
    if (status == STATUS_OK)
        *out = instrument;
    else
        assay_instrument_close(instrument);
    return status;
}

void assay_instrument_close(struct instrument *instrument)
{
    if (instrument == NULL)
        return;
    for (size_t i = 0; i < instrument_fits; i++) {
        assay_regression_close(instrument->fits[i].regression);
        free(instrument->fits[i].clusters);
        free(instrument->fits[i].moments);
    }
    free(instrument);
}

const struct regression *assay_instrument_stage(const struct instrument *instrument,
                                                enum instrument_stage stage)
{
    return instrument->fits[stage].regression;
}
