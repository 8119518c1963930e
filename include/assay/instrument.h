/* assay/instrument.h

   What a thing does to those whom an offer (a nudge, a seat, a training: an instrument) made take
   it, where the offer was drawn by chance or as good as it and taking it up was free.

   Three least squares fits (assay/regression.h) from the moments of clusters, of instruments z,
   covariates x, uptake d and outcome y:

   OFFER    y on (1, z, x): intention to treat, the effect of being offered. Needs the draw only.
   UPTAKE   d on (1, z, x): the first stage, by how much the offer moves uptake.
   EFFECT   two-stage least squares. With D the fitted d and b its solution, it is held as the fit
            of y - b_d (d - D) on (1, x, D): the same coefficients, and residuals
            y - b_0 - b'x - b_d d, so that each of its variances is that of two-stage least squares
            (CLASSICAL: s2 with N - P; CR0, CR1: sandwich on ivreg, and HC0, HC1 where each item is
            its own cluster; CR2 and its degrees of freedom: of the projected columns, as estimatr
            and clubSandwich).

   One instrument: b_d is Wald's ratio of the effects on y and on d. It is the mean effect on
   compliers, those who take it if and only if offered (Imbens & Angrist (1994), Econometrica
   62:467-475), if the offer was drawn, acts on y through d alone (exclusion), and makes nobody
   refuse (monotonicity). Exclusion cannot be seen in the data: an offer that comes with a training
   acts by itself. With covariates it is a weighted mean of compliers' effects.

   Small samples: CR2 with Satterthwaite's degrees of freedom is what serves (Pustejovsky & Tipton
   2018, as for any linear fit); CR1 with G - 1 is too narrow where clusters are few, or few of them
   are offered. Neither heals a weak instrument:

   Weak instruments: where uptake hardly moves, b_d is biased to least squares and its error is no
   measure of chance. Strength is the F of the instruments in UPTAKE with the same kind of variance.
   Under assay_instrument_strength_least (Staiger & Stock (1997), Econometrica 65:557-586: 10) the
   Wald interval is withheld. The set of Anderson & Rubin (1949), Annals of Mathematical Statistics
   20:46-63, holds its level whatever the strength: all b for which z has no part in y - b d,

       (r - b p)' V(b)^-1 (r - b p) <= c,   r, p: coefficients of z in OFFER and UPTAKE
       V(b) = V_r - b (V_rp + V_pr) + b^2 V_p

   c the quantile m F(m, f) of m instruments: f = N - P (CLASSICAL) or G - 1 (CR0, CR1); with CR2
   and CR3 Hotelling's, m n / (n - m + 1) F(m, n - m + 1), n the least of Satterthwaite's degrees of
   freedom of the z's. It may be an interval, two half-lines, the whole line, several intervals, or,
   with two instruments and more, empty (they contradict each other). Its ends are the real
   eigenvalues of the quadratic pencil c V(b) - (r - b p)(r - b p)': all of them, where a grid may
   step over some. With one instrument nothing is lost by using it always: where F is large it is
   nearly Wald's interval.

   Oracles: AER::ivreg on cigarettes_sw (published -1.277, .263, F 244.7, Sargan .333);
   tests/oracle/instrument.R: AER, sandwich, estimatr, clubSandwich, and the set by its definition,
   root by root. */

#ifndef ASSAY_INSTRUMENT_H
#define ASSAY_INSTRUMENT_H

#include "assay/estimate.h"
#include "assay/regression.h"
#include "assay/status.h"

#include <stdbool.h>
#include <stddef.h>

enum { assay_instruments_max = 8, assay_instrument_strength_least = 10 };

enum instrument_stage { INSTRUMENT_OFFER, INSTRUMENT_UPTAKE, INSTRUMENT_EFFECT };

/* The three fits; opaque. Holds moments of its own, some five times what it was given. */
struct instrument;

/* Fits.
   instruments   m, 1 to assay_instruments_max
   covariates    q, from 0
   count         clusters
   clusters      clusters[g]: moments (assay/moments.h) of m + q + 2 columns: z_1 .. z_m,
                 x_1 .. x_q, d and, last, y. They may go afterwards
   out           untouched on error; released by assay_instrument_close
   ERROR_DOMAIN: moments that are none, an instrument that is the same for everybody (all offered,
   or none), nobody takes it up, or everybody alike, and what assay_regression_open refuses, N <= P
   among it. ERROR_SINGULAR: a column that those before it determine, or uptake that covariates
   alone determine. ERROR_MEMORY. An offer that moves nothing is no error here: there is then no
   EFFECT, or a weak one. */
ASSAY_API enum status assay_instrument_open(size_t instruments, size_t covariates, size_t count,
                                            const double *const *clusters, struct instrument **out,
                                            struct error *error);
ASSAY_API void assay_instrument_close(struct instrument *instrument); /* NULL is fine */

/* A fit, which lives as long as the instrument. Its coefficients are the constant, then those of
   z_1 .. z_m, x_1 .. x_q (OFFER, UPTAKE) or of x_1 .. x_q, d (EFFECT; its r_squared means nothing).
   NULL for EFFECT where the instruments do not move uptake at all. */
ASSAY_API const struct regression *assay_instrument_stage(const struct instrument *instrument,
                                                          enum instrument_stage stage);

struct instrument_strength {
    double f;        /* INFINITY where everybody complies */
    double df1, df2; /* m, and f or n - m + 1 as above */
    double p;        /* of no part of z in d */
    bool weak;       /* f < assay_instrument_strength_least */
};

/* Strength of the instruments. kind: VARIANCE_CLASSICAL to VARIANCE_CR3. One instrument: the robust
   F is also the effective one of Montiel Olea & Pflueger (2013), JBES 31:358-369.
   ERROR_DOMAIN: as assay_regression_contrast. ERROR_SINGULAR: fewer clusters than instruments. */
ASSAY_API enum status assay_instrument_strength(const struct instrument *instrument,
                                                enum variance kind, struct instrument_strength *out,
                                                struct error *error);

/* Disjoint intervals in ascending order; an end may be -INFINITY or INFINITY; count 0: empty. */
struct instrument_set {
    size_t count;
    struct interval parts[assay_instruments_max + 1];
};

/* The set of Anderson and Rubin. kind: VARIANCE_CLASSICAL to VARIANCE_CR3.
   ERROR_DOMAIN: as above, or level out of range. */
ASSAY_API enum status assay_instrument_set(const struct instrument *instrument, enum variance kind,
                                           double level, struct instrument_set *out,
                                           struct error *error);

/* Whether several instruments tell the same effect: Sargan (1958), Econometrica 26:393-415, N times
   the R squared of the residuals of EFFECT on (1, z, x); chi squared with m - 1 degrees of freedom
   if errors are independent and of equal variance: not where items are alike within clusters.
   ERROR_DOMAIN: one instrument, no EFFECT, or residuals of 0. */
struct instrument_agreement {
    double statistic, df, p;
};
ASSAY_API enum status assay_instrument_agreement(const struct instrument *instrument,
                                                 struct instrument_agreement *out,
                                                 struct error *error);

/* The answers of an encouragement design, one instrument. */
struct encouragement {
    struct estimate offer;  /* of being offered, on the outcome: intention to treat */
    struct estimate uptake; /* of being offered, on taking it; where everybody complies it has an
                               error of 0, df INFINITY and no other numbers but its value (NAN) */
    struct instrument_strength strength;
    bool has_effect;        /* the offer moves uptake in these data */
    bool has_interval;      /* and is not weak */
    struct estimate effect; /* on compliers; without an interval all but the value are NAN, without
                               an effect all */
    struct instrument_set set; /* of effects that agree with the data, whatever the strength */
};

/* kind     VARIANCE_CR2 is what plans should take
   level    confidence, in (0, 1)
   ERROR_DOMAIN: several instruments, and as above. out is untouched on error. */
ASSAY_API enum status assay_encouragement(const struct instrument *instrument, enum variance kind,
                                          double level, struct encouragement *out,
                                          struct error *error);

#endif
