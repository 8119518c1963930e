/* report/values.h: numbers as the document holds them. */

#ifndef REPORT_VALUES_H
#define REPORT_VALUES_H

#include "assay/estimate.h"

#include <jansson.h>

/* To ten digits, so that the last ones, which hang on the order of sums, do not show; null where
   there is none. A new reference, as all of these. */
json_t *value_number(double x);

/* [low, high] */
json_t *value_interval(struct interval interval);

#endif
