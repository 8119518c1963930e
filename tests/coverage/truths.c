/* What is true of a population, and the values from which it is. */

#include "population.h"

static const double skewed_sigma = 1.5;
static const double normal_spread = 0.2; /* of a mean of 1 */
static const double duration_sigma = 0.6;

/* ---- Values ---------------------------------------------------------------------------------- */

double population_effort(const struct population *p, double z)
{
    return p->skewed ? exp(skewed_sigma * z) : 1 + normal_spread * z;
}

double population_event_below(const struct population *p, bool second)
{
    if (second)
        return p->skewed ? -1.7506860712521692 : -0.5244005127080409; /* of 4 %, 30 % */
    return p->skewed ? -2.0537489106318225 : -0.8416212335729143;     /* of 2 %, 20 % */
}

double population_times_sigma(const struct population *p)
{
    return p->skewed ? skewed_sigma : duration_sigma;
}

/* ---- What is true -------------------------------------------------------------------------- */

double population_effect(void)
{
    return log(1.25);
}

double population_events(const struct population *p)
{
    return p->skewed ? 0.02 : 0.10;
}

static double normal_cdf(double z)
{
    return 0.5 * erfc(-z / sqrt(2));
}

/* The restricted mean of exp(location + sigma z), by Simpson's rule on its survival. */
static double restricted_mean(double location, double sigma, double horizon)
{
    enum { steps = 20000 };
    double sum = 0;
    for (int i = 0; i <= steps; i++) {
        double t = horizon * i / steps;
        double survival = t > 0 ? 1 - normal_cdf((log(t) - location) / sigma) : 1;
        sum += (i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2) * survival;
    }
    return sum * horizon / steps / 3;
}

double population_duration_effect(const struct population *p, double horizon_days)
{
    double sigma = population_times_sigma(p);
    return restricted_mean(population_effect(), sigma, horizon_days) /
               restricted_mean(0, sigma, horizon_days) -
           1;
}

/* ---- Of work that is done ---------------------------------------------------------------------

   A change tells of work that was done as long after a period's end as the data reach; slow work is
   missing from either, of the second one more of it, since there times are longer too. Values and
   times share the part `own` of a worker: z = sqrt(icc) own + sqrt(1 - icc) e. Given it they are
   independent, so that a mean of values of work that is done is one over `own`, weighted by the
   chance to be done. */

/* The chance that an item is done, opened at any moment of the period, given `own`. */
static double done_given(const struct population *p, bool second, double own)
{
    enum { steps = 200 };
    double sum = 0;
    double moved = second ? population_effect() : 0;
    for (int i = 0; i < steps; i++) {
        double limit =
            (log(population_days * (i + 0.5) / steps) - moved) / population_times_sigma(p);
        sum += normal_cdf((limit - sqrt(p->icc) * own) / sqrt(1 - p->icc)) / steps;
    }
    return sum;
}

/* The mean of value(p, own, of) over what is done. */
static double mean_of_done(const struct population *p, bool second,
                           double (*value)(const struct population *, double, double), double of)
{
    enum { steps = 400 };
    double sum = 0;
    double weights = 0;
    for (int i = 0; i <= steps; i++) {
        double own = -8 + 16.0 * i / steps;
        double weight = exp(-own * own / 2) * done_given(p, second, own);
        weights += weight;
        sum += weight * value(p, own, of);
    }
    return sum / weights;
}

static double mean_effort(const struct population *p, double own, double of)
{
    (void)of;
    if (!p->skewed)
        return population_effort(p, sqrt(p->icc) * own);
    return exp(skewed_sigma * sqrt(p->icc) * own + skewed_sigma * skewed_sigma * (1 - p->icc) / 2);
}

/* The share of values whose z is below `limit`. */
static double share_below(const struct population *p, double own, double limit)
{
    return normal_cdf((limit - sqrt(p->icc) * own) / sqrt(1 - p->icc));
}

static double median_effort(const struct population *p, bool second)
{
    double low = -4;
    double high = 4;
    while (high - low > 1e-9) {
        double middle = (low + high) / 2;
        if (mean_of_done(p, second, share_below, middle) < 0.5)
            low = middle;
        else
            high = middle;
    }
    return population_effort(p, low);
}

double population_change_of_mean(const struct population *p)
{
    return exp(population_effect()) * mean_of_done(p, true, mean_effort, 0) /
               mean_of_done(p, false, mean_effort, 0) -
           1;
}

double population_change_of_median(const struct population *p)
{
    return exp(population_effect()) * median_effort(p, true) / median_effort(p, false) - 1;
}

double population_change_of_events(const struct population *p)
{
    return mean_of_done(p, true, share_below, population_event_below(p, true)) -
           mean_of_done(p, false, share_below, population_event_below(p, false));
}
