/* How strong instruments are, whether they agree, and the answers of one. */

#include "stats/instrument_fit.h"
#include "stats/instrument_wald.h"

#include "assay/moments.h"
#include "base/error.h"

#include <lapacke.h>
#include <math.h>
#include <stdlib.h>

#define MATHLIB_STANDALONE
#include <Rmath.h>

/* ---- All instruments together ------------------------------------------------------------- */

static enum status coefficient(const struct regression *regression, size_t number,
                               enum variance kind, double level, struct estimate *out,
                               struct error *error)
{
    double contrast[assay_moments_columns_max] = {0};
    contrast[number] = 1;
    return assay_regression_contrast(regression, kind, contrast, 0, level, out, error);
}

/* The least of Satterthwaite's degrees of freedom of the instruments' coefficients. They are the
   design's, the same for every outcome: taken from OFFER, whose errors are above 0 unless the
   outcome is a matter of no chance at all. */
static enum status least_df(const struct instrument *instrument, enum variance kind, double *out,
                            struct error *error)
{
    const struct regression *offer = instrument->fits[INSTRUMENT_OFFER].regression;
    *out = INFINITY;
    for (size_t j = 0; j < instrument->instruments; j++) {
        struct estimate estimate;
        enum status status = coefficient(offer, 1 + j, kind, 0.95, &estimate, error);
        if (status != STATUS_OK)
            return status;
        *out = fmin(*out, estimate.df);
    }
    return STATUS_OK;
}

enum status wald_of(const struct instrument *instrument, size_t fit, enum variance kind,
                    struct wald *out, struct error *error)
{
    const struct regression *regression = instrument->fits[fit].regression;
    struct regression_fit reading = assay_regression_fit(regression);
    size_t m = instrument->instruments;
    size_t size = reading.coefficients;
    double df = 0;
    *out = (struct wald){.size = m};
    enum status status = least_df(instrument, kind, &df, error);
    if (status != STATUS_OK)
        return status;
    double *variance = malloc(size * size * sizeof *variance);
    if (variance == NULL) {
        (void)error_memory(error);
        return ERROR_MEMORY;
    }
    status = assay_regression_variance(regression, kind, variance, error);
    for (size_t i = 0; status == STATUS_OK && i < m; i++) {
        out->coefficient[i] = reading.coefficient[1 + i];
        for (size_t j = 0; j < m; j++)
            out->variance[i * m + j] = variance[(1 + i) * size + 1 + j];
    }
    free(variance);
    double count = (double)m;
    bool adjusted = kind == VARIANCE_CR2 || kind == VARIANCE_CR3;
    out->df1 = count;
    out->df2 = adjusted ? df - count + 1 : df;
    out->factor = adjusted ? out->df2 / (count * df) : 1 / count;
    if (status == STATUS_OK && !(out->df2 > 0))
        return error_set(error, ERROR_DOMAIN,
                         "%zu instruments with %.1f degrees of freedom: too few clusters", m, df);
    return status;
}

enum status wald_quantile(const struct wald *wald, double level, double *out, struct error *error)
{
    if (!(level > 0 && level < 1))
        return error_set(error, ERROR_DOMAIN, "a level of %g: it must lie between 0 and 1", level);
    double quantile = qf(1 - level, wald->df1, wald->df2, false, false);
    if (!isfinite(quantile))
        return error_set(error, ERROR_DOMAIN,
                         "%g degrees of freedom: too few for a set at level %g", wald->df2, level);
    *out = quantile / wald->factor;
    return STATUS_OK;
}

/* e'V^-1 e */
static enum status square_of(const struct wald *wald, double *out, struct error *error)
{
    double root[assay_instruments_max * assay_instruments_max];
    double solved[assay_instruments_max];
    size_t m = wald->size;
    lapack_int size = (lapack_int)m;
    for (size_t i = 0; i < m * m; i++)
        root[i] = wald->variance[i];
    for (size_t i = 0; i < m; i++)
        solved[i] = wald->coefficient[i];
    if (LAPACKE_dposv(LAPACK_ROW_MAJOR, 'L', size, 1, root, size, solved, 1) != 0)
        return error_set(error, ERROR_SINGULAR,
                         "%zu instruments cannot be told apart: fewer clusters than that", m);
    *out = 0;
    for (size_t i = 0; i < m; i++)
        *out += wald->coefficient[i] * solved[i];
    return STATUS_OK;
}

/* Whether uptake is the offer (and covariates) and nothing else. */
static bool all_comply(const struct instrument *instrument)
{
    return assay_regression_fit(instrument->fits[INSTRUMENT_UPTAKE].regression).residual_variance ==
           0;
}

enum status assay_instrument_strength(const struct instrument *instrument, enum variance kind,
                                      struct instrument_strength *out, struct error *error)
{
    struct wald wald;
    double square = INFINITY;
    enum status status = wald_of(instrument, INSTRUMENT_UPTAKE, kind, &wald, error);
    if (status == STATUS_OK && !all_comply(instrument))
        status = square_of(&wald, &square, error);
    if (status != STATUS_OK)
        return status;
    double f = wald.factor * square;
    *out = (struct instrument_strength){f, wald.df1, wald.df2,
                                        isinf(f) ? 0 : pf(f, wald.df1, wald.df2, false, false),
                                        f < assay_instrument_strength_least};
    return STATUS_OK;
}

enum status assay_instrument_agreement(const struct instrument *instrument,
                                       struct instrument_agreement *out, struct error *error)
{
    const struct regression *residuals = instrument->fits[INSTRUMENT_RESIDUALS].regression;
    if (instrument->instruments < 2)
        return error_set(error, ERROR_DOMAIN, "one instrument has none to agree with");
    if (residuals == NULL)
        return error_set(error, ERROR_DOMAIN,
                         "there is no effect, or nothing but it, for the instruments to agree on");
    struct regression_fit fit = assay_regression_fit(residuals);
    double statistic = (double)fit.rows * fit.r_squared;
    double df = (double)instrument->instruments - 1;
    *out = (struct instrument_agreement){statistic, df, pchisq(statistic, df, false, false)};
    return STATUS_OK;
}

/* ---- Encouragement ------------------------------------------------------------------------ */

static struct estimate bare(double value)
{
    return (struct estimate){value, NAN, NAN, NAN, NAN, {NAN, NAN}};
}

static enum status estimate_uptake(const struct instrument *instrument, enum variance kind,
                                   double level, struct estimate *out, struct error *error)
{
    const struct regression *uptake = instrument->fits[INSTRUMENT_UPTAKE].regression;
    *out = bare(assay_regression_fit(uptake).coefficient[1]);
    if (!all_comply(instrument))
        return coefficient(uptake, 1, kind, level, out, error);
    out->standard_error = 0;
    out->df = INFINITY;
    return STATUS_OK;
}

static enum status estimate_effect(const struct instrument *instrument, enum variance kind,
                                   double level, struct encouragement *out, struct error *error)
{
    const struct regression *effect = instrument->fits[INSTRUMENT_EFFECT].regression;
    size_t number = 1 + instrument->covariates;
    out->has_effect = effect != NULL;
    out->has_interval = out->has_effect && !out->strength.weak;
    out->effect = bare(effect != NULL ? assay_regression_fit(effect).coefficient[number] : NAN);
    return out->has_interval ? coefficient(effect, number, kind, level, &out->effect, error)
                             : STATUS_OK;
}

enum status assay_encouragement(const struct instrument *instrument, enum variance kind,
                                double level, struct encouragement *out, struct error *error)
{
    struct encouragement result;
    if (instrument->instruments != 1)
        return error_set(error, ERROR_DOMAIN, "%zu instruments: an encouragement is one",
                         instrument->instruments);
    enum status status = coefficient(instrument->fits[INSTRUMENT_OFFER].regression, 1, kind, level,
                                     &result.offer, error);
    if (status == STATUS_OK)
        status = estimate_uptake(instrument, kind, level, &result.uptake, error);
    if (status == STATUS_OK)
        status = assay_instrument_strength(instrument, kind, &result.strength, error);
    if (status == STATUS_OK)
        status = estimate_effect(instrument, kind, level, &result, error);
    if (status == STATUS_OK)
        status = assay_instrument_set(instrument, kind, level, &result.set, error);
    if (status == STATUS_OK)
        *out = result;
    return status;
}
