/* stats/instrument_fit.h: what an instrument holds, for the files that judge it. */

#ifndef STATS_INSTRUMENT_FIT_H
#define STATS_INSTRUMENT_FIT_H

#include "assay/instrument.h"

/* Beside enum instrument_stage. Variances are quadratic in the outcome: that of y - s d gives the
   covariance of the coefficients in OFFER and UPTAKE. */
enum {
    INSTRUMENT_BOTH = INSTRUMENT_EFFECT + 1, /* y - s d on (1, z, x) */
    INSTRUMENT_RESIDUALS,                    /* those of EFFECT on (1, z, x) */
    instrument_fits
};

/* A fit with the clusters that it was made of. */
struct held_fit {
    struct regression *regression; /* or NULL */
    const double **clusters;
    double *moments;
};

struct instrument {
    size_t instruments, covariates;
    double scale; /* s, above 0: half the spread of y to that of d */
    struct held_fit fits[instrument_fits];
};

#endif
