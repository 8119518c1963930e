/* stats/density.h: how dense the values of an arm are about its quantile (assay/quantile.h). */

#ifndef STATS_DENSITY_H
#define STATS_DENSITY_H

#include "assay/quantile.h"

/* f_a; ERROR_DOMAIN where ranks are out of order or all values between them are one.
   number   of the arm, for the error */
enum status quantile_density(const struct quantile_arm *arm, int number, double *out,
                             struct error *error);

/* How far apart values are for which that of the quantile may stand; 0 without ties.
   equal_share   of the items, those with the very value, itself included
   items         what one item is one in */
double quantile_step(double equal_share, double items, double density);

#endif
