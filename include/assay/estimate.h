/* assay/estimate.h

   An estimate with its uncertainty, and the two ways in which it is shown: as a ratio or as a
   share of a baseline.

   Quantiles and tail areas are those of R (libRmath: qt by Hill (1970), CACM Algorithm 396, with
   Taylor refinement; qnorm by Wichura (1988), AS 241). Degrees of freedom are any number above 0;
   INFINITY stands for the normal distribution.

   Oracle: R qt, pt and the intervals recorded in tests/oracle. */

#ifndef ASSAY_ESTIMATE_H
#define ASSAY_ESTIMATE_H

#include "assay/status.h"

struct interval {
    double low, high;
};

/* One estimated number. All in the unit of value, but for statistic and p. */
struct estimate {
    double value;
    double standard_error;
    double df;        /* degrees of freedom; INFINITY: normal */
    double statistic; /* value / standard_error */
    double p;         /* two-sided, of value = 0 */
    struct interval interval;
};

/* An effect as people read it. 0.2 is 20 percent more. */
struct effect {
    double value;
    struct interval interval;
};

/* The quantile q for which an interval value -+ q standard_error has this level.
   level   in (0, 1), as 0.95
   df      above 0; INFINITY: normal
   ERROR_DOMAIN if level or df is out of range. */
ASSAY_API enum status assay_quantile(double level, double df, double *out, struct error *error);

/* Two-sided p of a statistic; never below the smallest positive double but for underflow to 0.
   ERROR_DOMAIN if statistic is not finite or df out of range. */
ASSAY_API enum status assay_p_value(double statistic, double df, double *out, struct error *error);

/* p of a chi-squared statistic: how likely one as large is by chance.
   ERROR_DOMAIN if statistic is below 0 or not finite, or df is not finite and above 0. */
ASSAY_API enum status assay_chi_squared_p(double statistic, double df, double *out,
                                          struct error *error);

/* Completes an estimate from its value, standard error and degrees of freedom.
   ERROR_DOMAIN if a number is not finite (df may be INFINITY), the standard error is not above 0,
   or level is out of range; out is then untouched. */
ASSAY_API enum status assay_estimate(double value, double standard_error, double df, double level,
                                     struct estimate *out, struct error *error);

/* The ratio minus 1 behind an estimate on the log scale, exp(value) - 1, and its interval: a log
   difference of -0.36 is an effect of -0.30, 30 percent less. A limit that is -INFINITY or
   INFINITY, no bound on that side, stays so.
   ERROR_DOMAIN if the ratio overflows; out is then untouched. */
ASSAY_API enum status assay_effect_ratio(const struct estimate *log_difference, struct effect *out,
                                         struct error *error);

/* What a difference is a share of: a mean that was estimated from the same data. */
struct baseline {
    double mean;
    double variance;   /* of the mean; 0: it is known */
    double covariance; /* of the mean and the difference */
    double df;         /* of difference - (difference / mean) mean, where fewer than its own */
};

/* A difference d as a share of a baseline m. The interval is Fieller's (1954, JRSS B 16:175-185),
   of all x for which d - x m is not far from 0,

       (d - x m)^2 <= t^2 (V_d - 2 x C_dm + x^2 V_m),

   at the smaller of the two degrees of freedom. 3 (1 .. 5) on a known baseline of 12 is 0.25
   (0.083 .. 0.417). Where the baseline is itself not told from 0 (m^2 <= t^2 V_m) there are no
   bounds: low and high are NAN.
   ERROR_DOMAIN if the mean is not finite or not above 0, the variance is negative, a number is not
   finite (df may be INFINITY), or level is out of range; out is then untouched.

   Oracle: its definition; coverage by simulation in tests/unit/test_evidence_coverage.c. */
ASSAY_API enum status assay_effect_share(const struct estimate *difference,
                                         const struct baseline *baseline, double level,
                                         struct effect *out, struct error *error);

#endif
