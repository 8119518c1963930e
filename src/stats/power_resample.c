#include "assay/power_resample.h"

#include "assay/estimate.h"
#include "assay/moments.h"
#include "assay/regression.h"
#include "assay/staggered.h"
#include "base/error.h"
#include "base/random.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { columns = 2, moments_length = 6 }; /* of the arm and the outcome */

/* What all runs share. */
struct resampling {
    enum resample_design design;
    const struct resample_panel *panel;
    double treated;
    size_t draw;
    struct random source;
    size_t *drawn; /* draw units */
    size_t *order;
    double (*cluster)[moments_length]; /* draw x segments */
    const double **clusters;
    int64_t *unit, *period, *first; /* draw x segments rows of a staggered panel */
    double *mean, *weight;
};

/* ---- Two arms -------------------------------------------------------------------------------- */

static void add_cell(double *moments, double items, double arm, double mean)
{
    double one[moments_length] = {items, arm, mean};
    assay_moments_merge(columns, one, moments);
}

static size_t cell_of(const struct resampling *r, size_t unit, size_t segment)
{
    return r->drawn[unit] * r->panel->segments + segment;
}

/* Clusters: units where arms are spans of time, units and blocks of a switchback. */
static size_t fill_clusters(struct resampling *r)
{
    size_t count = 0;
    bool by_block = r->design == RESAMPLE_SWITCHBACK;
    for (size_t u = 0; u < r->draw; u++) {
        bool open = false;
        for (size_t s = 0; s < r->panel->segments; s++) {
            size_t cell = cell_of(r, u, s);
            double arm = by_block ? random_uniform(&r->source) < r->treated : (double)s;
            if (!(r->panel->items[cell] > 0))
                continue;
            if (by_block || !open) {
                assay_moments_init(columns, r->cluster[count]);
                r->clusters[count] = r->cluster[count];
                count++;
            }
            open = true;
            add_cell(r->cluster[count - 1], r->panel->items[cell], arm, r->panel->mean[cell]);
        }
    }
    return count;
}

static enum status run_arms(struct resampling *r, struct estimate *out)
{
    static const double contrast[] = {0, 1};
    struct regression *fit = NULL;
    size_t count = fill_clusters(r);
    if (count < 2)
        return ERROR_DOMAIN;
    enum status status = assay_regression_open(columns, count, r->clusters, NULL, &fit, NULL);
    if (status == STATUS_OK)
        status = assay_regression_contrast(fit, VARIANCE_CR2, contrast, 0, 0.95, out, NULL);
    assay_regression_close(fit);
    return status;
}

/* ---- Staggered --------------------------------------------------------------------------------
 */

static void shuffle(struct resampling *r)
{
    for (size_t i = 0; i < r->draw; i++)
        r->order[i] = i;
    for (size_t i = r->draw; i > 1; i--) {
        size_t other = (size_t)random_below(&r->source, i);
        size_t kept = r->order[i - 1];
        r->order[i - 1] = r->order[other];
        r->order[other] = kept;
    }
}

static enum status run_staggered(struct resampling *r, struct estimate *out)
{
    struct staggered *panel = NULL;
    struct staggered_effects effects;
    size_t segments = r->panel->segments;
    size_t rows = 0;
    shuffle(r);
    for (size_t u = 0; u < r->draw; u++) {
        double weight = r->panel->items[cell_of(r, u, 0)];
        for (size_t s = 0; s < segments && weight > 0; s++) {
            size_t cell = cell_of(r, u, s);
            if (!(r->panel->items[cell] > 0))
                continue;
            r->unit[rows] = (int64_t)u;
            r->period[rows] = (int64_t)s;
            r->first[rows] = (int64_t)(1 + r->order[u] % segments); /* `segments`: never */
            r->mean[rows] = r->panel->mean[cell];
            r->weight[rows++] = weight;
        }
    }
    const struct staggered_rows given = {.count = rows,
                                         .unit = r->unit,
                                         .period = r->period,
                                         .mean = r->mean,
                                         .weight = r->weight,
                                         .first = r->first};
    const struct staggered_design design = {.gaps = STAGGERED_GAPS_LEFT_OUT};
    enum status status = assay_staggered_open(&given, &design, &panel, NULL);
    if (status != STATUS_OK)
        return status;
    struct staggered_effect *parts =
        calloc(assay_staggered_parts(panel, STAGGERED_GROUP) + 1, sizeof *parts);
    status = parts == NULL ? ERROR_MEMORY
                           : assay_staggered_effects(panel, STAGGERED_GROUP, 0.95, NULL, parts,
                                                     NULL, &effects, NULL);
    if (status == STATUS_OK && !effects.overall.has_interval)
        status = ERROR_DOMAIN;
    if (status == STATUS_OK)
        *out = effects.overall.estimate;
    free(parts);
    assay_staggered_close(panel);
    return status;
}

/* ---- Together ---------------------------------------------------------------------------------
 */

static enum status check(enum resample_design design, const struct resample_panel *panel,
                         double treated, size_t runs, struct error *error)
{
    bool segments = design == RESAMPLE_BEFORE_AFTER ? panel->segments == 2 : panel->segments >= 2;
    if (panel->units < 4 || !segments || runs < 100)
        return error_set(error, ERROR_DOMAIN,
                         "%zu units of %zu segments: at least 4 of 2 are needed", panel->units,
                         panel->segments);
    if (design == RESAMPLE_SWITCHBACK && !(treated > 0 && treated < 1))
        return error_set(error, ERROR_DOMAIN, "a probability of %g is out of range", treated);
    for (size_t i = 0; i < panel->units * panel->segments; i++)
        if (!(panel->items[i] >= 0) || !isfinite(panel->items[i]) || !isfinite(panel->mean[i]))
            return error_set(error, ERROR_DOMAIN, "the numbers of cell %zu are out of range", i);
    return STATUS_OK;
}

static void release(struct resampling *r)
{
    free(r->drawn);
    free(r->order);
    free(r->cluster);
    free(r->clusters);
    free(r->unit);
    free(r->period);
    free(r->first);
    free(r->mean);
    free(r->weight);
}

static bool reserve(struct resampling *r)
{
    size_t cells = r->draw * r->panel->segments;
    r->drawn = calloc(r->draw, sizeof *r->drawn);
    r->order = calloc(r->draw, sizeof *r->order);
    r->cluster = calloc(cells, sizeof *r->cluster);
    r->clusters = calloc(cells, sizeof *r->clusters);
    r->unit = calloc(cells, sizeof *r->unit);
    r->period = calloc(cells, sizeof *r->period);
    r->first = calloc(cells, sizeof *r->first);
    r->mean = calloc(cells, sizeof *r->mean);
    r->weight = calloc(cells, sizeof *r->weight);
    return r->drawn != NULL && r->order != NULL && r->cluster != NULL && r->clusters != NULL &&
           r->unit != NULL && r->period != NULL && r->first != NULL && r->mean != NULL &&
           r->weight != NULL;
}

static void centre(size_t made, struct resample_run *runs)
{
    double mean = 0;
    for (size_t i = 0; i < made; i++)
        mean += runs[i].estimate / (double)made;
    for (size_t i = 0; i < made; i++)
        runs[i].estimate -= mean;
}

enum status assay_resample(enum resample_design design, const struct resample_panel *panel,
                           double treated, size_t draw, size_t runs, uint64_t seed,
                           struct resample_run *out, size_t *made, struct error *error)
{
    enum status status = check(design, panel, treated, runs, error);
    if (status != STATUS_OK)
        return status;
    struct resampling r = {.design = design,
                           .panel = panel,
                           .treated = treated,
                           .draw = draw > 0 ? draw : panel->units,
                           .source = random_seed(seed)};
    if (!reserve(&r)) {
        release(&r);
        return error_memory(error);
    }
    *made = 0;
    for (size_t run = 0; run < runs && status != ERROR_MEMORY; run++) {
        struct estimate estimate;
        for (size_t u = 0; u < r.draw; u++)
            r.drawn[u] = (size_t)random_below(&r.source, panel->units);
        status =
            design == RESAMPLE_STAGGERED ? run_staggered(&r, &estimate) : run_arms(&r, &estimate);
        if (status == STATUS_OK && estimate.standard_error > 0)
            out[(*made)++] =
                (struct resample_run){estimate.value, estimate.standard_error, estimate.df};
    }
    release(&r);
    if (status == ERROR_MEMORY)
        return error_memory(error);
    if (*made < runs / 10)
        return error_set(error, ERROR_DOMAIN, "too few units for an estimate of such a design");
    if (design == RESAMPLE_BEFORE_AFTER)
        centre(*made, out);
    return STATUS_OK;
}

enum status assay_resample_power(size_t made, const struct resample_run *runs, double effect,
                                 double level, double *out, struct error *error)
{
    size_t told = 0;
    if (made == 0)
        return error_set(error, ERROR_DOMAIN, "there is no run");
    for (size_t i = 0; i < made; i++) {
        double quantile = 0;
        enum status status = assay_quantile(level, runs[i].df, &quantile, error);
        if (status != STATUS_OK)
            return status;
        told += fabs(runs[i].estimate + effect) > quantile * runs[i].standard_error;
    }
    *out = (double)told / (double)made;
    return STATUS_OK;
}

enum status assay_resample_detectable(size_t made, const struct resample_run *runs, double level,
                                      double power, bool fall, double *out, struct error *error)
{
    double sign = fall ? -1 : 1;
    double got = 0;
    double low = 0;
    double high = made > 0 ? runs[0].standard_error : 0;
    enum status status = STATUS_OK;
    if (!(power > 0 && power < 1))
        return error_set(error, ERROR_DOMAIN, "a power of %g is out of range", power);
    for (int i = 0; i < 200 && status == STATUS_OK && got < power; i++) {
        high *= i > 0 ? 2 : 1;
        status = assay_resample_power(made, runs, sign * high, level, &got, error);
    }
    while (status == STATUS_OK && high - low > 1e-6 * high) {
        double middle = (low + high) / 2;
        status = assay_resample_power(made, runs, sign * middle, level, &got, error);
        if (got < power)
            low = middle;
        else
            high = middle;
    }
    if (status == STATUS_OK)
        *out = sign * high;
    return status;
}
