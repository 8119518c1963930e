#include "assay/hazard_ratio.h"

#include "base/error.h"
#include "stats/neumaier.h"

#include <math.h>
#include <stdbool.h>

/* ---- Risk sets -------------------------------------------------------------------------- */

/* Those at risk at a row of the table, and those of them that end there. */
struct risk_set {
    double at_risk[2];
    double events[2];
};

static bool is_count(double number)
{
    static const double most = 0x1p52; /* up to here sums of two are exact */
    return number >= 0 && number <= most && number == floor(number);
}

static enum status check_row(const struct hazard_table *table, size_t row, struct error *error)
{
    double time = table->time[row];
    bool first =
        row == 0 || (table->stratum != NULL && table->stratum[row] != table->stratum[row - 1]);
    for (int arm = 0; arm < 2; arm++) {
        if (!isfinite(time) || time < 0 || !is_count(table->events[arm][row]) ||
            !is_count(table->censored[arm][row]))
            return error_set(error, ERROR_DOMAIN,
                             "row %zu of the risk sets is not of a time and whole numbers of items",
                             row + 1);
    }
    if (!first && time <= table->time[row - 1])
        return error_set(error, ERROR_DOMAIN,
                         "row %zu of the risk sets: times must increase, but %g follows %g",
                         row + 1, time, table->time[row - 1]);
    return STATUS_OK;
}

/* The row after the stratum that starts at a row, and the stratum's items. */
static size_t stratum_end(const struct hazard_table *table, size_t start, double items[2])
{
    size_t end = start;
    items[0] = items[1] = 0;
    while (end < table->count &&
           (table->stratum == NULL || table->stratum[end] == table->stratum[start])) {
        for (int arm = 0; arm < 2; arm++)
            items[arm] += table->events[arm][end] + table->censored[arm][end];
        end++;
    }
    return end;
}

/* Events after the horizon are none. Counts are whole, so that what is left is exact. */
static struct risk_set risk_set_at(const struct hazard_table *table, size_t row, double horizon,
                                   double left[2])
{
    bool seen = table->time[row] <= horizon;
    struct risk_set set = {{left[0], left[1]}, {0, 0}};
    for (int arm = 0; arm < 2; arm++) {
        set.events[arm] = seen ? table->events[arm][row] : 0;
        left[arm] -= table->events[arm][row] + table->censored[arm][row];
    }
    return set;
}

/* Events of each arm of which the other was at risk too: without them nothing is compared. */
static enum status check_table(const struct hazard_table *table, double horizon, double met[2],
                               struct error *error)
{
    double all[2] = {0, 0};
    double left[2];
    enum status status = STATUS_OK;
    met[0] = met[1] = 0;
    if (!(horizon > 0))
        return error_set(error, ERROR_DOMAIN, "a horizon of %g: it must be above 0", horizon);
    for (size_t row = 0; row < table->count && status == STATUS_OK; row++)
        status = check_row(table, row, error);
    if (status != STATUS_OK)
        return status;
    for (size_t start = 0, end; start < table->count; start = end) {
        end = stratum_end(table, start, left);
        all[0] += left[0];
        all[1] += left[1];
        for (size_t row = start; row < end; row++) {
            struct risk_set set = risk_set_at(table, row, horizon, left);
            for (int arm = 0; arm < 2; arm++)
                met[arm] += set.at_risk[1 - arm] > 0 ? set.events[arm] : 0;
        }
    }
    if (!(all[0] > 0) || !(all[1] > 0))
        return error_set(error, ERROR_DOMAIN, "one arm has no items");
    if (!(met[0] + met[1] > 0))
        return error_set(error, ERROR_DOMAIN, "nothing ended while both arms had items that could");
    return STATUS_OK;
}

/* ---- Log-rank --------------------------------------------------------------------------- */

/* What an item of an arm that stays adds at a time, with the signs of the header. */
struct running {
    double sum[2], rest[2];
};

static double running_get(const struct running *running, int arm)
{
    return running->sum[arm] + running->rest[arm];
}

enum status assay_log_rank(const struct hazard_table *table, double horizon,
                           const struct hazard_influence *influence, struct log_rank *out,
                           struct error *error)
{
    double met[2];
    double left[2];
    double expected_rest = 0;
    enum status status = check_table(table, horizon, met, error);
    if (status != STATUS_OK)
        return status;
    *out = (struct log_rank){0, 0, 0};
    for (size_t start = 0, end; start < table->count; start = end) {
        struct running passed = {{0, 0}, {0, 0}};
        end = stratum_end(table, start, left);
        for (size_t row = start; row < end; row++) {
            struct risk_set set = risk_set_at(table, row, horizon, left);
            double all = set.at_risk[0] + set.at_risk[1];
            double events = set.events[0] + set.events[1];
            double share[2] = {0, 0}; /* of the other arm */
            for (int arm = 0; arm < 2 && events > 0; arm++) {
                share[arm] = set.at_risk[1 - arm] / all;
                if (set.events[arm] > 0)
                    neumaier_add(&passed.sum[arm], &passed.rest[arm],
                                 share[arm] * set.events[arm] / set.at_risk[arm]);
            }
            for (int arm = 0; arm < 2; arm++) {
                influence->censored[arm][row] = -running_get(&passed, arm);
                influence->event[arm][row] = share[arm] - running_get(&passed, arm);
            }
            out->observed += set.events[1];
            neumaier_add(&out->expected, &expected_rest, events * share[0]);
            if (events > 0 && all > 1)
                out->variance += events * share[0] * share[1] * (all - events) / (all - 1);
        }
    }
    out->expected += expected_rest;
    return STATUS_OK;
}

/* ---- The hazard ratio ------------------------------------------------------------------- */

struct slope {
    double score, score_rest;
    double information;
};

/* Share of arm 1 in the risk that the k-th of tied events meets, and all of that risk. */
static double share_met(const struct risk_set *set, double ratio, double gone, double *risk)
{
    double one = ratio * (set->at_risk[1] - gone * set->events[1]);
    *risk = one + set->at_risk[0] - gone * set->events[0];
    return one / *risk;
}

static void add_events(struct slope *slope, const struct risk_set *set, double ratio)
{
    double events = set->events[0] + set->events[1];
    double risk = 0;
    neumaier_add(&slope->score, &slope->score_rest, set->events[1]);
    for (size_t k = 0; k < (size_t)events; k++) {
        double share = share_met(set, ratio, (double)k / events, &risk);
        neumaier_add(&slope->score, &slope->score_rest, -share);
        slope->information += share * (1 - share);
    }
}

static struct slope slope_at(const struct hazard_table *table, double horizon, double log_ratio)
{
    struct slope slope = {0, 0, 0};
    double ratio = exp(log_ratio);
    double left[2];
    for (size_t start = 0, end; start < table->count; start = end) {
        end = stratum_end(table, start, left);
        for (size_t row = start; row < end; row++) {
            struct risk_set set = risk_set_at(table, row, horizon, left);
            if (set.at_risk[0] > 0 && set.at_risk[1] > 0)
                add_events(&slope, &set, ratio);
        }
    }
    slope.score += slope.score_rest;
    return slope;
}

/* The likelihood has one peak, since its slope falls: Newton's steps within what is known of it. */
static enum status find_peak(const struct hazard_table *table, double horizon, double *log_ratio,
                             double *information, struct error *error)
{
    enum { steps_most = 100 };
    static const double near = 1e-13;
    double low = -INFINITY;
    double high = INFINITY;
    *log_ratio = 0;
    for (int step = 0; step < steps_most; step++) {
        struct slope slope = slope_at(table, horizon, *log_ratio);
        double next = *log_ratio + fmin(2, fmax(-2, slope.score / slope.information));
        *information = slope.information;
        if (slope.score > 0)
            low = *log_ratio;
        else
            high = *log_ratio;
        if (next <= low || next >= high)
            next = isfinite(low) && isfinite(high) ? low + (high - low) / 2 : next;
        if (fabs(next - *log_ratio) <= near * (1 + fabs(*log_ratio)) || slope.score == 0)
            return STATUS_OK;
        *log_ratio = next;
    }
    return error_set(error, ERROR_DOMAIN, "the ratio of the arms' rates was not found");
}

/* Of the events at a time: what it takes from an item that stays, and from one that ends. */
static void step_of(const struct risk_set *set, double ratio, double stays[2], double ends[2])
{
    double events = set->events[0] + set->events[1];
    double risk = 0;
    stays[0] = stays[1] = ends[0] = ends[1] = 0;
    for (size_t k = 0; k < (size_t)events; k++) {
        double gone = (double)k / events;
        double share = share_met(set, ratio, gone, &risk);
        const double away[2] = {share, 1 - share};
        const double rate[2] = {1 / risk, ratio / risk};
        for (int arm = 0; arm < 2; arm++) {
            stays[arm] += away[arm] * rate[arm];
            ends[arm] += away[arm] * ((1 - gone) * rate[arm] - 1 / events);
        }
    }
}

static void write_influence(const struct hazard_table *table, double horizon,
                            const struct hazard_ratio *fit, const struct hazard_influence *out)
{
    double ratio = exp(fit->log_ratio);
    double left[2];
    double stays[2];
    double ends[2];
    for (size_t start = 0, end; start < table->count; start = end) {
        struct running passed = {{0, 0}, {0, 0}};
        end = stratum_end(table, start, left);
        for (size_t row = start; row < end; row++) {
            struct risk_set set = risk_set_at(table, row, horizon, left);
            step_of(&set, ratio, stays, ends);
            for (int arm = 0; arm < 2; arm++) {
                out->event[arm][row] = -(running_get(&passed, arm) + ends[arm]) / fit->information;
                neumaier_add(&passed.sum[arm], &passed.rest[arm], stays[arm]);
                out->censored[arm][row] = -running_get(&passed, arm) / fit->information;
            }
        }
    }
}

enum status assay_hazard_ratio(const struct hazard_table *table, double horizon,
                               const struct hazard_influence *influence, struct hazard_ratio *out,
                               struct error *error)
{
    double met[2];
    enum status status = check_table(table, horizon, met, error);
    if (status == STATUS_OK && (!(met[0] > 0) || !(met[1] > 0)))
        status = error_set(error, ERROR_DOMAIN,
                           "in one arm nothing ended while the other had items that could: the "
                           "ratio of their rates has no bound");
    if (status == STATUS_OK)
        status = find_peak(table, horizon, &out->log_ratio, &out->information, error);
    if (status == STATUS_OK)
        write_influence(table, horizon, out, influence);
    return status;
}
