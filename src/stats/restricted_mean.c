#include "assay/restricted_mean.h"

#include "base/error.h"
#include "stats/design.h"
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

/* The arm's items, of which every cluster has a share. */
static enum status read_total(size_t clusters, const struct arm_influence *arm, const char *name,
                              double *total, struct error *error)
{
    size_t present = 0;
    *total = 0;
    for (size_t g = 0; g < clusters; g++) {
        if (!isfinite(arm->influence[g]) || !isfinite(arm->items[g]) || arm->items[g] < 0)
            return error_set(error, ERROR_DOMAIN,
                             "cluster %zu, arm %s: its items and its influence must be finite, its "
                             "items 0 or more",
                             g + 1, name);
        if (arm->influence[g] != 0 && !(arm->items[g] > 0))
            return error_set(error, ERROR_DOMAIN,
                             "cluster %zu has an influence on arm %s, but no items in it", g + 1,
                             name);
        present += arm->items[g] > 0;
        *total += arm->items[g];
    }
    if (present == 0)
        return error_set(error, ERROR_DOMAIN, "no cluster has items of arm %s", name);
    for (size_t g = 0; g < clusters; g++)
        if (!(arm->items[g] / *total < 1))
            return error_set(error, ERROR_DOMAIN,
                             "one cluster has all items of arm %s: no other shows by how much "
                             "clusters differ",
                             name);
    return STATUS_OK;
}

/* An arm as it enters the comparison: its influences times scale. */
struct side {
    const struct arm_influence *arm; /* NULL: there is no such arm */
    double items;                    /* of the arm */
    double scale;
};

static double share(const struct side *side, size_t g)
{
    return side->arm == NULL ? 0 : side->arm->items[g] / side->items;
}

static double corrected(const struct side *side, size_t g)
{
    if (side->arm == NULL)
        return 0;
    return side->arm->influence[g] * side->scale / sqrt(1 - share(side, g));
}

struct chance {
    double standard_error, df;
};

static enum status judge(size_t clusters, const struct side *one, const struct side *other,
                         struct chance *out, struct error *error)
{
    double largest = 0; /* the unit of z, so that no fourth power is lost */
    double second = 0;
    double second_rest = 0;
    double fourth = 0;
    size_t present = 0;
    struct design design = {0};
    for (size_t g = 0; g < clusters; g++) {
        design_add(&design, share(one, g), share(other, g));
        largest = fmax(largest, fabs(corrected(one, g) - corrected(other, g)));
        present += share(one, g) > 0 || share(other, g) > 0;
    }
    if (!isfinite(largest))
        return error_set(error, ERROR_DOMAIN, "the influence of a cluster is not a finite number");
    if (!(largest > 0)) { /* assay_estimate refuses it, with the reason */
        *out = (struct chance){0, 1};
        return STATUS_OK;
    }
    for (size_t g = 0; g < clusters; g++) {
        double z = (corrected(one, g) - corrected(other, g)) / largest;
        neumaier_add(&second, &second_rest, z * z);
        fourth += z * z * z * z;
    }
    second += second_rest;
    double df = fmin((double)present - 1, influence_df(second, fourth));
    df = fmin(df, design_df(&design));
    df = fmax(1, df);
    *out = (struct chance){largest * sqrt(second), df};
    return STATUS_OK;
}

enum status assay_restricted_mean_estimate(size_t clusters, const struct arm_influence *arm,
                                           double level, struct estimate *out, struct error *error)
{
    struct side one = {.arm = arm, .scale = 1};
    struct side none = {0};
    struct chance chance = {0};
    enum status status = read_total(clusters, arm, "1", &one.items, error);
    if (status == STATUS_OK)
        status = judge(clusters, &one, &none, &chance, error);
    if (status != STATUS_OK)
        return status;
    return assay_estimate(arm->mean, chance.standard_error, chance.df, level, out, error);
}

static enum status take_logs(struct side *one, struct side *other, struct error *error)
{
    if (!(one->arm->mean > 0) || !(other->arm->mean > 0))
        return error_set(error, ERROR_DOMAIN,
                         "means of %g and %g have no ratio: both must be above 0", one->arm->mean,
                         other->arm->mean);
    one->scale = 1 / one->arm->mean;
    other->scale = 1 / other->arm->mean;
    return STATUS_OK;
}

enum status assay_restricted_mean_compare(size_t clusters, const struct arm_influence *arm_1,
                                          const struct arm_influence *arm_0, double level,
                                          struct estimate *difference, struct estimate *log_ratio,
                                          struct error *error)
{
    struct side one = {.arm = arm_1, .scale = 1};
    struct side other = {.arm = arm_0, .scale = 1};
    struct estimate plain;
    struct estimate ratio;
    struct chance chance = {0};
    enum status status = read_total(clusters, arm_1, "1", &one.items, error);
    if (status == STATUS_OK)
        status = read_total(clusters, arm_0, "0", &other.items, error);
    if (status == STATUS_OK && difference != NULL) {
        status = judge(clusters, &one, &other, &chance, error);
        if (status == STATUS_OK)
            status = assay_estimate(arm_1->mean - arm_0->mean, chance.standard_error, chance.df,
                                    level, &plain, error);
    }
    if (status == STATUS_OK && log_ratio != NULL) {
        status = take_logs(&one, &other, error);
        if (status == STATUS_OK)
            status = judge(clusters, &one, &other, &chance, error);
        if (status == STATUS_OK)
            status = assay_estimate(log(arm_1->mean) - log(arm_0->mean), chance.standard_error,
                                    chance.df, level, &ratio, error);
    }
    if (status != STATUS_OK)
        return status;
    if (difference != NULL)
        *difference = plain;
    if (log_ratio != NULL)
        *log_ratio = ratio;
    return STATUS_OK;
}

enum status assay_restricted_mean_parts(size_t clusters, const struct arm_influence *arm_1,
                                        const struct arm_influence *arm_0, double *part,
                                        struct error *error)
{
    struct side one = {.arm = arm_1, .scale = 1};
    struct side other = {.arm = arm_0, .scale = 1};
    enum status status = read_total(clusters, arm_1, "1", &one.items, error);
    if (status == STATUS_OK)
        status = read_total(clusters, arm_0, "0", &other.items, error);
    if (status == STATUS_OK)
        status = take_logs(&one, &other, error);
    for (size_t g = 0; g < clusters && status == STATUS_OK; g++)
        part[g] = corrected(&one, g) - corrected(&other, g);
    return status;
}
