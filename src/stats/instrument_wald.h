/* stats/instrument_wald.h: the coefficients of all instruments in a fit, tested together. */

#ifndef STATS_INSTRUMENT_WALD_H
#define STATS_INSTRUMENT_WALD_H

#include "stats/instrument_fit.h"

struct wald {
    size_t size; /* m */
    double coefficient[assay_instruments_max];
    double variance[assay_instruments_max * assay_instruments_max];
    double factor;   /* F = factor x e'V^-1 e */
    double df1, df2; /* of F */
};

/* Coefficients and their variance of z in a fit on (1, z, x), and the distribution of their square.
   ERROR_DOMAIN: no degrees of freedom, as where one cluster alone was offered. */
enum status wald_of(const struct instrument *instrument, size_t fit, enum variance kind,
                    struct wald *out, struct error *error);

/* c with P(e'V^-1 e <= c) = level. */
enum status wald_quantile(const struct wald *wald, double level, double *out, struct error *error);

#endif
