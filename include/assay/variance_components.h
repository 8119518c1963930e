/* assay/variance_components.h

   By how much items of one worker, and of one team, are more alike than others: variance components
   of items within workers within teams of unequal size, by equating mean squares with what they are
   on average (analysis of variance; Searle (1971), Linear Models, chapter 11; of one level, Donner
   & Koval (1980), Biometrics 36:19-25). With n_g items of worker g, n_t of team t, N, G and T of
   all:

       MS_E = sum over g of its own sum of squares / (N - G)             = s_e
       MS_W = sum of n_g (mean_g - mean_t)^2 / (G - T)                   = s_e + c_1 s_w
       MS_T = sum of n_t (mean_t - mean)^2 / (T - 1)                     = s_e + c_2 s_w + c_3 s_t
       c_1 = (N - A) / (G - T)   c_2 = (A - B / N) / (T - 1)   c_3 = (N - C / N) / (T - 1)
       A = sum of n_g^2 / n_t    B = sum of n_g^2              C = sum of n_t^2

   A component that comes out below 0 is 0. Without teams the level of teams falls away.

   Oracle: R, with the c's from traces of explicit matrices: tests/oracle/variance_components.R. */

#ifndef ASSAY_VARIANCE_COMPONENTS_H
#define ASSAY_VARIANCE_COMPONENTS_H

#include "assay/status.h"

#include <stddef.h>
#include <stdint.h>

/* The items of one worker in one team. */
struct component_worker {
    int64_t team; /* 0 .. teams - 1; ignored without teams */
    double items; /* above 0 */
    double mean;
    double squares; /* about the mean, at least 0 */
};

struct variance_components {
    double item;   /* s_e */
    double worker; /* s_w */
    double team;   /* s_t; 0 without teams */
    double total;  /* their sum */
};

/* teams   0: none. Where each team has one worker, worker is 0 and team holds both.
   scratch 2 * teams numbers; NULL without teams
   Where each worker has one item, item is 0 and worker holds both.
   ERROR_DOMAIN: fewer than 2 workers (with teams: than 2 teams), items not above 0, numbers that
   are not finite, or a team out of range. out is untouched on error. */
ASSAY_API enum status assay_variance_components(size_t workers, const struct component_worker *list,
                                                size_t teams, double *scratch,
                                                struct variance_components *out,
                                                struct error *error);

#endif
