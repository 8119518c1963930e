/* tests/unit/metr.h: METR's trial as its authors fit it. */

#ifndef TESTS_METR_H
#define TESTS_METR_H

#include "table.h"

/* The logarithms of total and predicted minutes, in place of two columns of the table; a missing
   time of review is the mean of its arm. */
static inline void metr_logarithms(const struct table *table, double **total, double **predicted)
{
    const double *arm = table_column(table, "ai_treatment");
    const double *review = table_column(table, "post_review_implementation_time");
    double sum[2] = {0, 0};
    double count[2] = {0, 0};
    *total = table_column(table, "initial_implementation_time");
    *predicted = table_column(table, "predicted_time_no_ai");
    for (size_t row = 0; row < table->rows; row++)
        if (!isnan(review[row])) {
            sum[(size_t)arm[row]] += review[row];
            count[(size_t)arm[row]] += 1;
        }
    for (size_t row = 0; row < table->rows; row++) {
        size_t a = (size_t)arm[row];
        (*total)[row] += isnan(review[row]) ? sum[a] / count[a] : review[row];
        (*total)[row] = log((*total)[row]);
        (*predicted)[row] = log((*predicted)[row]);
    }
}

#endif
