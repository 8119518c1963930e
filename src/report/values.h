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

/* A document is made whole or not at all: publish() could not tell a part that memory lost from one
   that is not there. So these take both references and return the list, or the object, with one
   more; NULL, with both freed, where either is NULL or there is no memory. */
json_t *value_listed(json_t *list, json_t *value);
json_t *value_with(json_t *object, const char *key, json_t *value);

/* With all that another object has. */
json_t *value_joined(json_t *object, json_t *other);

#endif
