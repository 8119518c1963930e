/* assay/sensitivity.h

   What a confounder that nobody measured would do to the coefficient of a treatment D in least
   squares of Y on D and covariates X: Cinelli & Hazlett (2020), JRSS B 82:39-67.

   The strength of a confounder Z is two partial R^2, with D given X and with Y given D and X.
   Adding Z to the regression moves the coefficient by exactly

       shift = spread sqrt(R2_Y R2_D / (1 - R2_D)),   spread = sd(Y given D, X) / sd(D given X)

   up or down, and its classical standard error by the factor

       sqrt((1 - R2_Y) / (1 - R2_D) df / (df - 1)),   spread = standard error sqrt(df)

   The shift is algebra: it holds however rows are clustered. An error by cluster has no such law;
   it is taken to grow by 1 / sqrt(1 - R2_D), the part of the treatment that Z leaves, and what Z
   would explain of the outcome is not counted in its favour.

   Oracles: R package sensemakr on darfur (their section 5); the definition, by fitting with the
   confounder; the robustness value by search. */

#ifndef ASSAY_SENSITIVITY_H
#define ASSAY_SENSITIVITY_H

#include "assay/estimate.h"
#include "assay/regression.h"
#include "assay/status.h"

#include <stdbool.h>
#include <stddef.h>

/* A coefficient that might be confounded. */
struct confounded {
    double value;
    double standard_error; /* above 0 */
    double df;             /* of its t, above 1; INFINITY with a spread only */
    double spread;         /* of assay_confounding_spread: the error is by cluster;
                              0: it is the classical one */
};

/* sd(Y given D, X) / sd(D given X), from a fit.
   treatment   column of D, from 1 as in the coefficients
   ERROR_DOMAIN: no such column, or rows that lie on the fit. */
ASSAY_API enum status assay_confounding_spread(const struct regression *fit, size_t treatment,
                                               double *out, struct error *error);

/* How strong a confounder is. */
struct confounder {
    double treatment; /* R2_D, in [0, 1) */
    double outcome;   /* R2_Y, in [0, 1] */
};

struct robustness {
    double partial_r2; /* of D with Y given X: even a confounder that explains all else of the
                          outcome needs this much of the treatment to take the value to 0 */
    double of_value;   /* a confounder with both R^2 at least this takes the value to (1 - share) of
                          itself; weaker ones do not */
    double of_interval; /* the same of the interval's end; 0 where it holds (1 - share) of the value
                           as it is */
};

/* Robustness values.
   share   of the value that would have to go, above 0; 1: all of it
   level   confidence of the interval, in (0, 1); the interval with the confounder has df - 1
   out     untouched on error
   ERROR_DOMAIN: numbers that are not finite or out of range. */
ASSAY_API enum status assay_robustness(const struct confounded *confounded, double share,
                                       double level, struct robustness *out, struct error *error);

/* A coefficient with the confounder in. */
struct adjusted {
    double value;
    double standard_error;
    struct interval interval; /* t with df - 1 */
};

struct confounding {
    double shift;             /* at least 0 */
    struct adjusted towards;  /* 0, from the value; may pass it */
    struct adjusted away;     /* from 0 */
    struct interval interval; /* from the lower end of both to the upper: whichever way it works */
    bool overturns; /* the interval excluded 0, and towards does not, or on the other side */
};

/* What a confounder of that strength would make of it.
   ERROR_DOMAIN: as above, or a strength out of range. */
ASSAY_API enum status assay_confounding(const struct confounded *confounded,
                                        const struct confounder *confounder, double level,
                                        struct confounding *out, struct error *error);

/* A measured covariate, of one or more columns of the fit (as dummies of teams). */
struct covariate {
    size_t count;
    const size_t *columns; /* from 1, each once, none the treatment */
};

/* The strength of a confounder that is so many times as strong as a measured covariate, in what it
   adds to the fit of the treatment and to that of the outcome; of the second the upper bound. With
   r = R2 of the covariate with D given the others, y with Y given D and the others,

       R2_D = k r / (1 - r),   z = k r^2 / ((1 - k r) (1 - r))
       R2_Y = ((sqrt k + sqrt z) / sqrt(1 - z))^2 y / (1 - y),   at most 1

   times   k, above 0
   out     untouched on error
   ERROR_DOMAIN: columns that are not of the fit; no such confounder can be, since it would explain
   all of the treatment: k r / (1 - r) >= 1, or z >= 1. */
ASSAY_API enum status assay_benchmark(const struct regression *fit, size_t treatment,
                                      const struct covariate *covariate, double times,
                                      struct confounder *out, struct error *error);

/* Of several covariates the one whose benchmark shifts the value most: its number from 0, and its
   strength. ERROR_DOMAIN also where one of them cannot have such a confounder. */
ASSAY_API enum status assay_benchmark_strongest(const struct regression *fit, size_t treatment,
                                                size_t count, const struct covariate *covariates,
                                                double times, size_t *which, struct confounder *out,
                                                struct error *error);

#endif
