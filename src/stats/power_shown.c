#include "assay/power_shown.h"

#include "assay/cautious.h"
#include "assay/estimate.h"
#include "base/error.h"
#include "base/random.h"

#include <math.h>
#include <stdlib.h>

#define MATHLIB_STANDALONE
#include <Rmath.h>

enum { runs_least = 100 };
static const double units_most = 1e6;

/* One trial, and what all share. */
struct trial {
    const struct shown_design *design;
    const struct power_outcome *outcome;
    double scale;
    double difference;
    double level;
    struct random source;
    size_t units;
    size_t treated;
    int *arm;
    size_t *order;
    double *items;
    double *mean;
    double *residual;
};

/* ---- Units and their means ------------------------------------------------------------------ */

/* The past's units in a new order, or others of their kind. */
static void draw_units(struct trial *trial)
{
    const struct shown_design *design = trial->design;
    bool same = trial->units == design->count;
    for (size_t g = 0; g < trial->units; g++)
        trial->order[g] = same ? g : (size_t)random_below(&trial->source, design->count);
    for (size_t g = trial->units; g > 1 && same; g--) {
        size_t other = (size_t)random_below(&trial->source, g);
        size_t kept = trial->order[g - 1];
        trial->order[g - 1] = trial->order[other];
        trial->order[other] = kept;
    }
    for (size_t g = 0; g < trial->units; g++) {
        trial->arm[g] = g < trial->treated;
        trial->items[g] = fmax(1, round(design->items[trial->order[g]] * trial->scale));
    }
}

/* A unit's share of items with an event. The rarer of events and others has a log-normal rate. */
static double draw_share(struct trial *trial, double share, double items)
{
    double rare = fmin(share, 1 - share);
    double normal = random_normal(&trial->source);
    double uniform = random_uniform(&trial->source);
    if (!(rare > 0))
        return share;
    double spread = sqrt(log1p(trial->design->correlation * (1 - rare) / rare));
    double own = fmin(1, rare * exp(spread * normal - spread * spread / 2));
    double events = qbinom(uniform, items, own, true, false) / items;
    return share <= 0.5 ? events : 1 - events;
}

static void draw_means(struct trial *trial)
{
    double rho = trial->design->correlation;
    double total[2] = {0, 0};
    double sum[2] = {0, 0};
    for (size_t g = 0; g < trial->units; g++) {
        int arm = trial->arm[g];
        double items = trial->items[g];
        if (trial->outcome->share)
            trial->mean[g] =
                draw_share(trial, trial->outcome->control + arm * trial->difference, items);
        else
            trial->mean[g] = arm * trial->difference + trial->outcome->deviation[arm] *
                                                           sqrt(rho + (1 - rho) / items) *
                                                           random_normal(&trial->source);
        total[arm] += items;
        sum[arm] += items * trial->mean[g];
    }
    for (size_t g = 0; g < trial->units; g++)
        trial->residual[g] = trial->mean[g] - sum[trial->arm[g]] / total[trial->arm[g]];
}

/* ---- The interval --------------------------------------------------------------------------- */

struct arm_sums {
    double items;
    double sum;
    double squares;  /* of w_g */
    double parts;    /* sum of q_g = w_g^2 / (1 - w_g) */
    double parts2;   /* sum of q_g^2 */
    double variance; /* V_a */
};

static struct arm_sums sums_of(const struct trial *trial, int arm)
{
    struct arm_sums out = {.items = 0};
    for (size_t g = 0; g < trial->units; g++)
        if (trial->arm[g] == arm) {
            out.items += trial->items[g];
            out.sum += trial->items[g] * trial->mean[g];
        }
    for (size_t g = 0; g < trial->units; g++)
        if (trial->arm[g] == arm) {
            double w = trial->items[g] / out.items;
            double q = w * w / (1 - w);
            out.squares += w * w;
            out.parts += q;
            out.parts2 += q * q;
            out.variance += q * trial->residual[g] * trial->residual[g];
        }
    return out;
}

/* CR2 of a difference of two means, df by Satterthwaite (Bell & McCaffrey 2002) where items are
   independent: residuals of units vary and go together by 1/n_g - 1/N and -1/N. */
static enum status cr2_of(const struct trial *trial, struct estimate *out)
{
    double variance = 0;
    double trace = 0;
    double squares = 0;
    double value = 0;
    for (int arm = 0; arm < 2; arm++) {
        struct arm_sums sums = sums_of(trial, arm);
        double per_item = 1 / sums.items;
        variance += sums.variance;
        trace += per_item;
        squares += per_item * per_item * (sums.squares + sums.parts * sums.parts - sums.parts2);
        value += (arm == 1 ? 1 : -1) * sums.sum / sums.items;
    }
    return assay_estimate(value, sqrt(variance), trace * trace / squares, trial->level, out, NULL);
}

/* False also where there is no interval: nothing varied. */
static bool is_told(struct trial *trial)
{
    struct estimate cr2;
    struct cautious cautious;
    enum outcome_range range = trial->outcome->share ? OUTCOME_SHARE : OUTCOME_ANY;
    const struct arm_clusters clusters = {trial->units, trial->arm, trial->items, trial->mean,
                                          trial->residual};
    draw_units(trial);
    draw_means(trial);
    if (cr2_of(trial, &cr2) != STATUS_OK ||
        assay_cautious(&clusters, range, trial->outcome->share ? 1 : 0, trial->level, &cr2,
                       &cautious, NULL) != STATUS_OK)
        return false;
    return cautious.estimate.interval.low > 0 || cautious.estimate.interval.high < 0;
}

/* ---- Together ------------------------------------------------------------------------------- */

static bool is_trial(const struct shown_design *design, const struct power_outcome *outcome,
                     double units, double scale, double difference, double level, size_t runs)
{
    double treated = round(units * design->treated);
    double share = outcome->control + difference;
    bool shares = !outcome->share ||
                  (outcome->control >= 0 && outcome->control <= 1 && share >= 0 && share <= 1);
    return design->count >= 2 && design->correlation >= 0 && design->correlation < 1 &&
           units <= units_most && treated >= 2 && round(units) - treated >= 2 && scale > 0 &&
           isfinite(scale) && isfinite(difference) && shares && level > 0 && level < 1 &&
           runs >= runs_least;
}

enum status assay_power_shown(const struct shown_design *design,
                              const struct power_outcome *outcome, double units, double scale,
                              double difference, double level, size_t runs, uint64_t seed,
                              double *out, struct error *error)
{
    if (!is_trial(design, outcome, units, scale, difference, level, runs))
        return error_set(error, ERROR_DOMAIN,
                         "no trial of %g units can be made up of these numbers", units);
    size_t count = (size_t)round(units);
    struct trial trial = {design,
                          outcome,
                          scale,
                          difference,
                          level,
                          random_seed(seed),
                          count,
                          (size_t)round(units * design->treated),
                          calloc(count, sizeof(int)),
                          calloc(count, sizeof(size_t)),
                          calloc(3 * count, sizeof(double)),
                          NULL,
                          NULL};
    enum status status = STATUS_OK;
    size_t told = 0;
    if (trial.arm == NULL || trial.order == NULL || trial.items == NULL) {
        status = error_set(error, ERROR_MEMORY, "there is no memory for %zu units", count);
        goto end;
    }
    trial.mean = trial.items + count;
    trial.residual = trial.mean + count;
    for (size_t run = 0; run < runs; run++)
        told += is_told(&trial);
    *out = (double)told / (double)runs;
end:
    free(trial.arm);
    free(trial.order);
    free(trial.items);
    return status;
}
