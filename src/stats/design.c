#include "stats/design.h"

#include <math.h>
#include <stddef.h>

void design_add(struct design *design, double share_1, double share_0)
{
    const double w[2] = {share_0, share_1};
    for (size_t arm = 0; arm < 2; arm++) {
        double b = w[arm] * w[arm] / (1 - w[arm]);
        design->squares[arm] += w[arm] * w[arm];
        design->pairs[arm] += 2 * design->before[arm] * b;
        design->before[arm] += b;
    }
    double c = w[1] * w[0] / sqrt((1 - w[1]) * (1 - w[0]));
    design->both += w[1] * w[0] + 2 * design->before_both * c;
    design->before_both += c;
}

double influence_df(double second, double fourth)
{
    return fourth > 0 ? 3 * second * second / fourth - 2 : INFINITY;
}

double design_df(const struct design *design)
{
    double s_1 = design->squares[1];
    double s_0 = design->squares[0];
    double q = s_1 * s_1 * (s_1 + design->pairs[1]) + s_0 * s_0 * (s_0 + design->pairs[0]) +
               2 * s_1 * s_0 * design->both;
    return (s_1 + s_0) * (s_1 + s_0) / q;
}
