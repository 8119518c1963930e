#include "assay/restricted_mean.h"

#include "base/error.h"
#include "stats/neumaier.h"

#include <math.h>

static enum status check_table(const struct risk_table *table, double horizon, struct error *error)
{
    double last = -1;
    double last_seen = -1; /* rows without items do not count as followed */
    double ended_last = 0;
    double open_last = 0;
    if (!isfinite(horizon) || !(horizon > 0))
        return error_set(error, ERROR_DOMAIN, "a horizon of %g: it must be above 0", horizon);
    for (size_t i = 0; i < table->count; i++) {
        double time = table->time[i];
        double events = table->events[i];
        double censored = table->censored[i];
        if (!isfinite(time) || !isfinite(events) || !isfinite(censored) || time < 0 || events < 0 ||
            censored < 0)
            return error_set(error, ERROR_DOMAIN,
                             "row %zu of the risk sets is not of numbers that are finite and 0 or "
                             "more",
                             i + 1);
        if (time <= last)
            return error_set(error, ERROR_DOMAIN,
                             "row %zu of the risk sets: times must increase, but %g follows %g",
                             i + 1, time, last);
        last = time;
        if (events + censored > 0) {
            last_seen = time;
            ended_last = events;
            open_last = censored;
        }
    }
    if (ended_last + open_last <= 0)
        return error_set(error, ERROR_DOMAIN, "the arm has no items");
    if (last_seen < horizon && open_last > 0)
        return error_set(error, ERROR_DOMAIN,
                         "items were followed up to %g at most, short of the horizon of %g: take "
                         "an earlier horizon",
                         last_seen, horizon);
    return STATUS_OK;
}

/* Three passes. Until the last one the outputs hold what it needs: Y - d and Y. Y - d is summed as
   what stays, from the right, never subtracted, so that it is exactly 0 where nothing stays. */
enum status assay_restricted_mean(const struct risk_table *table, double horizon,
                                  double *event_influence, double *censored_influence,
                                  struct restricted_mean *out, struct error *error)
{
    enum status status = check_table(table, horizon, error);
    if (status != STATUS_OK)
        return status;
    double *staying = event_influence;
    double *at_risk = censored_influence;
    double items = 0;
    for (size_t i = table->count; i-- > 0;) {
        staying[i] = items + table->censored[i];
        at_risk[i] = items = staying[i] + table->events[i];
    }

    struct restricted_mean result = {0, 1, items};
    double from = 0;
    double mean_rest = 0;
    for (size_t i = 0; i < table->count && table->time[i] <= horizon; i++) {
        neumaier_add(&result.mean, &mean_rest, result.survival * (table->time[i] - from));
        from = table->time[i];
        if (table->events[i] > 0)
            result.survival *= staying[i] / at_risk[i];
    }
    neumaier_add(&result.mean, &mean_rest, result.survival * (horizon - from));
    result.mean += mean_rest;

    /* An event's own term and its share of the sum, -A/(Y-d) + A d/(Y (Y-d)), are -A/Y. */
    double survival = 1;
    double passed = 0;
    double passed_rest = 0;
    double sum = 0;
    double sum_rest = 0;
    from = 0;
    for (size_t i = 0; i < table->count; i++) {
        double stay = staying[i];
        double risk = at_risk[i];
        double ahead = 0;
        double events = table->events[i];
        if (table->time[i] <= horizon && stay > 0) {
            neumaier_add(&passed, &passed_rest, survival * (table->time[i] - from));
            from = table->time[i];
            survival *= stay / risk;
            ahead = fmax(0, result.mean - (passed + passed_rest));
        }
        event_influence[i] = sum + sum_rest - (ahead > 0 ? ahead / risk : 0);
        if (ahead > 0)
            neumaier_add(&sum, &sum_rest, ahead * events / risk / stay);
        censored_influence[i] = sum + sum_rest;
    }
    *out = result;
    return STATUS_OK;
}

/* V = G/(G-1) sum (one scale_1 - other scale_0)^2; other may be NULL. */
static enum status clustered_error(size_t clusters, const double *one, double scale_1,
                                   const double *other, double scale_0, double *out,
                                   struct error *error)
{
    double sum = 0;
    double rest = 0;
    if (clusters < 2)
        return error_set(error, ERROR_DOMAIN, "%zu cluster: a clustered error needs at least 2",
                         clusters);
    for (size_t g = 0; g < clusters; g++) {
        double influence = one[g] * scale_1 - (other != NULL ? other[g] * scale_0 : 0);
        neumaier_add(&sum, &rest, influence * influence);
    }
    sum += rest;
    if (!isfinite(sum))
        return error_set(error, ERROR_DOMAIN, "the influence of a cluster is not a finite number");
    *out = sqrt(sum * (double)clusters / (double)(clusters - 1));
    return STATUS_OK;
}

enum status assay_restricted_mean_estimate(size_t clusters, const double *influence, double mean,
                                           double level, struct estimate *out, struct error *error)
{
    double standard_error = 0;
    enum status status = clustered_error(clusters, influence, 1, NULL, 0, &standard_error, error);
    if (status != STATUS_OK)
        return status;
    return assay_estimate(mean, standard_error, (double)clusters - 1, level, out, error);
}

/* The influences of an arm sum to 0, so that those of an arm that only one cluster has are 0 as
   well, but for rounding, whatever its items did. */
static enum status check_arm(size_t clusters, const double *influence, const char *arm,
                             struct error *error)
{
    size_t moved = 0;
    for (size_t g = 0; g < clusters; g++)
        moved += influence[g] != 0;
    if (moved == 1)
        return error_set(error, ERROR_DOMAIN,
                         "one cluster has all items of arm %s: no other shows by how much clusters "
                         "differ",
                         arm);
    return STATUS_OK;
}

enum status assay_restricted_mean_compare(size_t clusters, const double *influence_1,
                                          const double *influence_0, double mean_1, double mean_0,
                                          double level, struct estimate *difference,
                                          struct estimate *log_ratio, struct error *error)
{
    enum status status = check_arm(clusters, influence_1, "1", error);
    if (status == STATUS_OK)
        status = check_arm(clusters, influence_0, "0", error);
    if (status != STATUS_OK)
        return status;
    struct estimate plain;
    struct estimate ratio;
    double standard_error = 0;
    double df = (double)clusters - 1;
    if (difference != NULL) {
        status = clustered_error(clusters, influence_1, 1, influence_0, 1, &standard_error, error);
        if (status == STATUS_OK)
            status = assay_estimate(mean_1 - mean_0, standard_error, df, level, &plain, error);
    }
    if (status == STATUS_OK && log_ratio != NULL) {
        if (!(mean_1 > 0) || !(mean_0 > 0))
            return error_set(error, ERROR_DOMAIN,
                             "means of %g and %g have no ratio: both must be above 0", mean_1,
                             mean_0);
        status = clustered_error(clusters, influence_1, 1 / mean_1, influence_0, 1 / mean_0,
                                 &standard_error, error);
        if (status == STATUS_OK)
            status =
                assay_estimate(log(mean_1) - log(mean_0), standard_error, df, level, &ratio, error);
    }
    if (status != STATUS_OK)
        return status;
    if (difference != NULL)
        *difference = plain;
    if (log_ratio != NULL)
        *log_ratio = ratio;
    return STATUS_OK;
}
