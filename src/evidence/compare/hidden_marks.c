#include "evidence/compare/hidden_marks.h"

#include <math.h>

static double within_unit(double x)
{
    return fmin(1, fmax(0, x));
}

/* The share from which on the bounds of the unmarked mean reach the marked mean: from there on the
   data do not even say on which side it lies. */
static double turning_share(double unmarked, double marked)
{
    if (marked > unmarked)
        return 1 - unmarked / marked;
    return marked < unmarked ? (unmarked - marked) / (1 - marked) : 0;
}

/* The effect if hidden AI work is like marked AI work; NAN: it cannot be. */
static double effect_if_alike(const double mean[2], double h, enum effect_scale scale)
{
    double without = (mean[0] - h * mean[1]) / (1 - h);
    bool possible = without >= 0 && without <= 1;
    double effect = mean[1] - without;
    if (scale == SCALE_RELATIVE)
        return possible && without > 0 ? effect / without : NAN;
    return possible ? effect : NAN;
}

void hidden_marks_fill(const struct metric *metric, struct comparison *out)
{
    static const double shares[hidden_shares] = {0.1, 0.3, 0.5};
    if (metric->kind != METRIC_PROPORTION)
        return;
    double unmarked = out->means[0];
    struct interval interval = out->estimate.interval;
    out->hidden.exists = true;
    for (int i = 0; i < hidden_shares; i++) {
        double h = shares[i];
        out->hidden.share[i] = h;
        out->hidden.effect[i] = effect_if_alike(out->means, h, out->scale);
        out->hidden.low[i] = within_unit((unmarked - h) / (1 - h));
        out->hidden.high[i] = within_unit(unmarked / (1 - h));
    }
    bool says_something = interval.low > 0 || interval.high < 0;
    out->hidden.turns_at = says_something ? turning_share(unmarked, out->means[1]) : NAN;
}
