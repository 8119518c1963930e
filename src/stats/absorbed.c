#include "assay/absorbed.h"

#include "base/error.h"
#include "stats/absorbed_fit.h"
#include "stats/fit.h"
#include "stats/neumaier.h"

#include <math.h>
#include <stdlib.h>

/* ---- The fit ---------------------------------------------------------------------------- */

static enum status check_row(const struct absorbed_rows *rows, size_t i, struct error *error)
{
    if (i > 0 &&
        (rows->cluster[i] < rows->cluster[i - 1] ||
         (rows->cluster[i] == rows->cluster[i - 1] && rows->stratum[i] < rows->stratum[i - 1])))
        return error_set(error, ERROR_DOMAIN,
                         "row %zu: rows must be ordered by cluster and stratum", i + 1);
    if (rows->stratum[i] < 0 || (size_t)rows->stratum[i] >= rows->stratum_count)
        return error_set(error, ERROR_DOMAIN, "row %zu: there are %zu strata", i + 1,
                         rows->stratum_count);
    if (rows->arm[i] != 0 && rows->arm[i] != 1)
        return error_set(error, ERROR_DOMAIN, "row %zu: its arm is neither 0 nor 1", i + 1);
    if (!isfinite(rows->items[i]) || !(rows->items[i] > 0))
        return error_set(error, ERROR_DOMAIN,
                         "row %zu: its number of items is not finite and above 0", i + 1);
    if (!isfinite(rows->mean[i]) ||
        (rows->squares != NULL && (!isfinite(rows->squares[i]) || rows->squares[i] < 0)))
        return error_set(error, ERROR_DOMAIN,
                         "row %zu: its mean or sum of squares is not a finite number", i + 1);
    return STATUS_OK;
}

/* rest: what rounding took from the totals. */
static void fill(struct absorbed_fit *fit, struct stratum_sums *strata, struct stratum_sums *rest)
{
    const struct absorbed_rows *rows = fit->rows;
    double items = 0;
    for (size_t i = 0; i < rows->count; i++) {
        items += rows->items[i];
        fit->pivot += (rows->mean[i] - fit->pivot) * rows->items[i] / items;
    }
    for (size_t i = 0; i < rows->count; i++) {
        struct stratum_sums *stratum = &strata[rows->stratum[i]];
        stratum->items[rows->arm[i]] += rows->items[i];
        neumaier_add(&stratum->total[rows->arm[i]], &rest[rows->stratum[i]].total[rows->arm[i]],
                     rows->items[i] * (rows->mean[i] - fit->pivot));
    }
    for (size_t s = 0; s < rows->stratum_count; s++)
        for (size_t arm = 0; arm < 2; arm++)
            strata[s].total[arm] += rest[s].total[arm];
}

static size_t count_clusters(const struct absorbed_fit *fit)
{
    const struct absorbed_rows *rows = fit->rows;
    size_t count = 0;
    for (size_t i = 0, end = 0; i < rows->count; i = end) {
        bool matters = false;
        for (; end < rows->count && rows->cluster[end] == rows->cluster[i]; end++)
            matters = matters || stratum_has_both(&fit->strata[rows->stratum[end]]);
        count += matters;
    }
    return count;
}

static void solve(struct absorbed_fit *fit)
{
    double sums[4] = {0}; /* of x y, x x, y and the arm */
    double rest[4] = {0};
    for (size_t s = 0; s < fit->rows->stratum_count; s++) {
        const struct stratum_sums *stratum = &fit->strata[s];
        const double *n = stratum->items;
        if (!stratum_has_both(stratum))
            continue;
        double weight = n[0] * n[1] / (n[0] + n[1]);
        double difference = stratum->total[1] / n[1] - stratum->total[0] / n[0];
        const double terms[4] = {weight * difference, weight, stratum->total[0] + stratum->total[1],
                                 n[1]};
        for (size_t i = 0; i < 4; i++)
            neumaier_add(&sums[i], &rest[i], terms[i]);
        fit->items += n[0] + n[1];
        fit->strata_count++;
    }
    fit->squares = sums[1] + rest[1];
    fit->difference = (sums[0] + rest[0]) / fit->squares;
    fit->mean = (sums[2] + rest[2]) / fit->items;
    fit->share = (sums[3] + rest[3]) / fit->items;
    fit->clusters = count_clusters(fit);
}

/* ---- Errors by item ------------------------------------------------------------------------ */

/* Sums of squares of the residuals, and of all values about their mean. */
struct spread {
    double residual;
    double whole;
};

static struct spread spread_of(const struct absorbed_fit *fit)
{
    const struct absorbed_rows *rows = fit->rows;
    struct spread sum = {0, 0};
    struct spread rest = {0, 0};
    for (size_t i = 0; rows->squares != NULL && i < rows->count; i++) {
        const struct stratum_sums *stratum = &fit->strata[rows->stratum[i]];
        if (!stratum_has_both(stratum))
            continue;
        double value = rows->mean[i] - fit->pivot;
        double away = stratum_residual(fit, stratum, rows->arm[i], value);
        neumaier_add(&sum.residual, &rest.residual,
                     rows->squares[i] + rows->items[i] * away * away);
        neumaier_add(&sum.whole, &rest.whole,
                     rows->squares[i] + rows->items[i] * (value - fit->mean) * (value - fit->mean));
    }
    return (struct spread){sum.residual + rest.residual, sum.whole + rest.whole};
}

/* Weights of an item of an arm of a stratum in the difference and in the mean. */
static void weights_of(const struct absorbed_fit *fit, const struct stratum_sums *stratum,
                       int64_t arm, double weight[absorbed_numbers])
{
    weight[absorbed_difference] = stratum_x(stratum, arm) / fit->squares;
    weight[absorbed_mean] = 1 / fit->items;
}

/* The power of 1 - leverage that squared residuals are divided by. */
static double tempered(enum variance kind, double square, double leverage)
{
    double rest = 1 - leverage;
    if (kind != VARIANCE_HC2 && kind != VARIANCE_HC3)
        return square;
    if (rest < FIT_DETERMINED)
        return 0;
    return kind == VARIANCE_HC2 ? square / rest : square / rest / rest;
}

static void by_item(const struct absorbed_fit *fit, enum variance kind, double residual_squares,
                    struct absorbed_errors *out)
{
    const struct absorbed_rows *rows = fit->rows;
    double df = fit->items - (double)fit->strata_count - 1;
    double each = residual_squares / df; /* of an item, where all are alike */
    double factor = kind == VARIANCE_HC1 ? fit->items / df : 1;
    *out = (struct absorbed_errors){.df = df, .df_share = df};
    for (size_t i = 0; i < rows->count; i++) {
        const struct stratum_sums *stratum = &fit->strata[rows->stratum[i]];
        double weight[absorbed_numbers];
        if (!stratum_has_both(stratum))
            continue;
        double x = stratum_x(stratum, rows->arm[i]);
        double away = stratum_residual(fit, stratum, rows->arm[i], rows->mean[i] - fit->pivot);
        double square =
            tempered(kind, rows->squares[i] + rows->items[i] * away * away,
                     1 / (stratum->items[0] + stratum->items[1]) + x * x / fit->squares);
        if (kind == VARIANCE_CLASSICAL)
            square = rows->items[i] * each;
        weights_of(fit, stratum, rows->arm[i], weight);
        for (size_t a = 0; a < absorbed_numbers; a++)
            for (size_t b = 0; b < absorbed_numbers; b++)
                out->covariance[a][b] += factor * weight[a] * weight[b] * square;
    }
}

/* ---- Together --------------------------------------------------------------------------- */

static bool is_by_item(enum variance kind)
{
    return kind == VARIANCE_CLASSICAL || kind >= VARIANCE_HC0;
}

static enum status check_fit(const struct absorbed_fit *fit, enum variance kind,
                             struct error *error)
{
    if (fit->strata_count == 0)
        return error_set(error, ERROR_DOMAIN, "no stratum has items of both arms");
    if (!(fit->items > (double)fit->strata_count + 1))
        return error_set(error, ERROR_DOMAIN,
                         "%.0f items of %zu strata: no more than there are numbers to fit",
                         fit->items, fit->strata_count);
    if (fit->clusters < 2)
        return error_set(error, ERROR_DOMAIN,
                         "one cluster has all items of strata with both arms: at least 2 are "
                         "needed");
    if (is_by_item(kind) && fit->rows->squares == NULL)
        return error_set(error, ERROR_DOMAIN,
                         "errors by item need the sums of squares within rows");
    return STATUS_OK;
}

static void describe(const struct absorbed_fit *fit, const struct spread *spread,
                     struct absorbed *out)
{
    double items[2] = {0, 0};
    double alone[2] = {0, 0};
    for (size_t s = 0; s < fit->rows->stratum_count; s++)
        for (size_t arm = 0; arm < 2; arm++) {
            items[arm] += fit->strata[s].items[arm];
            alone[arm] += stratum_has_both(&fit->strata[s]) ? 0 : fit->strata[s].items[arm];
        }
    for (size_t arm = 0; arm < 2; arm++)
        out->unmatched[arm] = alone[arm] / items[arm];
    out->mean[0] = fit->pivot + fit->mean - fit->share * fit->difference;
    out->mean[1] = out->mean[0] + fit->difference;
    out->items = fit->items;
    out->r_squared = fit->rows->squares != NULL && spread->whole > 0
                         ? fmax(0, 1 - spread->residual / spread->whole)
                         : NAN;
    out->strata = fit->strata_count;
    out->clusters = fit->clusters;
}

/* The baseline is the mean less share x difference. */
static struct baseline baseline_of(const struct absorbed_fit *fit,
                                   const struct absorbed_errors *errors, double mean, bool normal)
{
    double v_d = errors->covariance[absorbed_difference][absorbed_difference];
    double v_m = errors->covariance[absorbed_mean][absorbed_mean];
    double c = errors->covariance[absorbed_difference][absorbed_mean];
    double s = fit->share;
    return (struct baseline){mean, v_m - 2 * s * c + s * s * v_d, c - s * v_d,
                             mean > 0 && !normal ? errors->df_share : INFINITY};
}

static enum status estimate(const struct absorbed_fit *fit, enum variance kind, bool normal,
                            double level, double *residual, struct absorbed *out,
                            struct error *error)
{
    struct absorbed_errors errors = {.df = 0};
    const struct spread spread = spread_of(fit);
    struct absorbed result = {.items = 0};
    enum status status = check_fit(fit, kind, error);
    if (status != STATUS_OK)
        return status;
    describe(fit, &spread, &result);
    double share = result.mean[0] > 0 ? fit->difference / result.mean[0] : 0;
    /* Also for errors by item: what leaving one out does is asked of clusters. */
    status = absorbed_by_cluster(fit, kind, share, residual, &errors, error);
    if (status != STATUS_OK)
        return status;
    result.lowest = fit->difference + errors.lowest;
    result.highest = fit->difference + errors.highest;
    if (is_by_item(kind))
        by_item(fit, kind, spread.residual, &errors);
    double v_d = errors.covariance[absorbed_difference][absorbed_difference];
    if (errors.alone > 1e-8 || !(errors.df > 0))
        return error_set(error, ERROR_DOMAIN,
                         "one cluster alone decides this estimate: no other shows by how much "
                         "clusters differ");
    result.baseline = baseline_of(fit, &errors, result.mean[0], normal);
    status = assay_estimate(fit->difference, sqrt(v_d), normal ? INFINITY : errors.df, level,
                            &result.estimate, error);
    if (status == STATUS_OK)
        *out = result;
    return status;
}

enum status assay_absorbed(const struct absorbed_rows *rows, enum variance kind, bool normal,
                           double level, double *residual, struct absorbed *out,
                           struct error *error)
{
    struct absorbed_fit fit = {.rows = rows};
    for (size_t i = 0; i < rows->count; i++) {
        enum status status = check_row(rows, i, error);
        if (status != STATUS_OK)
            return status;
    }
    struct stratum_sums *strata = calloc(2 * rows->stratum_count + 1, sizeof *strata);
    if (strata == NULL)
        return error_memory(error);
    fit.strata = strata;
    fill(&fit, strata, strata + rows->stratum_count);
    solve(&fit);
    enum status status = estimate(&fit, kind, normal, level, residual, out, error);
    free(strata);
    return status;
}
