#include "assay/regression_to_mean.h"

#include "base/error.h"

#include <math.h>

static double mean_of(const double *values, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (values[i] - values[0]) / (double)count;
    return values[0] + sum;
}

/* r = sum (y_t - mu)(y_t+1 - mu) / sum (y_t - mu)^2, then rho = (r + 1/n) / (1 - 3/n). */
static double correlation_of(const double *values, size_t count, double mean)
{
    double n = (double)count;
    double products = 0;
    double squares = 0;
    for (size_t i = 0; i < count; i++) {
        double apart = values[i] - mean;
        squares += apart * apart;
        if (i + 1 < count)
            products += apart * (values[i + 1] - mean);
    }
    if (count < assay_past_correlated || !(squares > 0))
        return NAN;
    return fmin(1, fmax(0, (products / squares + 1 / n) / (1 - 3 / n)));
}

enum status assay_regression_to_mean(const double *values, size_t count, struct past_values *out,
                                     struct error *error)
{
    if (count < assay_past_least)
        return error_set(error, ERROR_DOMAIN, "%zu values: what is usual is told from %d on", count,
                         assay_past_least);
    double last = values[count - 1];
    bool lowest = true;
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(values[i]))
            return error_set(error, ERROR_DOMAIN, "value %zu is not a finite number", i + 1);
        lowest = lowest && (i + 1 == count || values[i] > last);
    }
    double mean = mean_of(values, count);
    double correlation = correlation_of(values, count, mean);
    *out = (struct past_values){
        .lowest = lowest,
        .back = mean - last,
        .correlation = correlation,
        .lasting = (1 - correlation) * (mean - last),
    };
    return STATUS_OK;
}
