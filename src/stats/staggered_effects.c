/* Averages of group-time effects, each with the influence of clusters on it. */

#include "stats/staggered_panel.h"

#include "base/error.h"
#include "stats/design.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MATHLIB_STANDALONE
#include <Rmath.h>

/* Of one effect, by cluster. */
struct effect_rows {
    double *influence;
    double *shares[2]; /* of the controls and of the treated, averaged as the cells are */
};

struct averages {
    const struct staggered *panel;
    enum staggered_average kind;
    double level;
    size_t parts;
    int64_t *keys;
    double *rows;        /* (parts + 1) x 3 x clusters; the last are the overall effect's */
    double *group_scale; /* of each group: scratch */
    bool *stratum_seen;  /* of each stratum: scratch */
};

/* ---- Which cells are in which average --------------------------------------------------- */

static bool takes_part(const struct staggered *panel, enum staggered_average kind, size_t k)
{
    const struct staggered_cell *cell = &panel->cells[k];
    if (kind == STAGGERED_CELLS)
        return true;
    return cell->has_error && (kind == STAGGERED_EVENT || cell->period >= cell->group);
}

static int64_t key_of(const struct staggered *panel, enum staggered_average kind, size_t k)
{
    const struct staggered_cell *cell = &panel->cells[k];
    switch (kind) {
    case STAGGERED_CELLS:
        return (int64_t)k;
    case STAGGERED_GROUP:
        return cell->group;
    case STAGGERED_CALENDAR:
        return cell->period;
    case STAGGERED_EVENT:
        return cell->period - cell->group;
    case STAGGERED_SIMPLE:
        break;
    }
    return 0;
}

/* The next key above the last one; false where there is none. */
static bool next_key(const struct staggered *panel, enum staggered_average kind, bool begun,
                     int64_t *key)
{
    bool found = false;
    int64_t last = *key;
    for (size_t k = 0; k < panel->summary.cells; k++) {
        int64_t own = key_of(panel, kind, k);
        if (!takes_part(panel, kind, k) || (begun && own <= last) || (found && own >= *key))
            continue;
        *key = own;
        found = true;
    }
    return found;
}

size_t assay_staggered_parts(const struct staggered *staggered, enum staggered_average average)
{
    size_t count = 0;
    int64_t key = 0;
    if (average == STAGGERED_CELLS)
        return staggered->summary.cells;
    if (average == STAGGERED_SIMPLE)
        return 0;
    while (next_key(staggered, average, count > 0, &key))
        count++;
    return count;
}

static struct effect_rows rows_of(const struct averages *averages, size_t part)
{
    size_t clusters = averages->panel->summary.clusters;
    double *first = averages->rows + part * 3 * clusters;
    return (struct effect_rows){first, {first + clusters, first + 2 * clusters}};
}

/* ---- Influence -------------------------------------------------------------------------- */

static void add_cell(const struct staggered *panel, size_t k, double weight,
                     const struct effect_rows *rows)
{
    const struct staggered_cell *cell = &panel->cells[k];
    const struct cell_place *place = &panel->places[k];
    const double *influence = panel->influence + k * panel->summary.clusters;
    for (size_t c = 0; c < panel->summary.clusters; c++)
        rows->influence[c] += weight * influence[c];
    for (size_t u = 0; u < panel->summary.units; u++) {
        int arm = staggered_arm(panel, cell, place, u);
        if (arm >= 0)
            rows->shares[arm][panel->cluster[u]] += weight * staggered_share(panel, place, u, arm);
    }
}

/* Where an average has the weights p_g / sum of p_g, a unit of group g moves it also by being one:
   by (sum over the cells of g of (value - average)) / sum of p_g, per share of all units. The rest,
   what all units together move, is 0. group_scale has that of each group. */
static void add_share_influence(const struct averages *averages, double *influence)
{
    const struct staggered *panel = averages->panel;
    double factor =
        panel->summary.clusters > 1 ? staggered_factor_of(panel, panel->summary.clusters) : 1;
    double total = 0;
    for (size_t u = 0; u < panel->summary.units; u++)
        total += panel->weight[u];
    for (size_t u = 0; u < panel->summary.units; u++)
        if (panel->group[u] != NO_GROUP)
            influence[panel->cluster[u]] +=
                factor * averages->group_scale[panel->group[u]] * panel->weight[u] / total;
}

static void clear_scale(const struct averages *averages)
{
    for (size_t g = 0; g < averages->panel->summary.groups; g++)
        averages->group_scale[g] = 0;
}

/* The mean of the cells of one key, and its rows. */
static void average_cells(const struct averages *averages, int64_t key,
                          const struct effect_rows *rows, struct staggered_effect *out)
{
    const struct staggered *panel = averages->panel;
    enum staggered_average kind = averages->kind;
    bool by_share = kind != STAGGERED_CELLS && kind != STAGGERED_GROUP;
    double total = 0;
    double value = 0;
    for (size_t k = 0; k < panel->summary.cells; k++)
        if (takes_part(panel, kind, k) && key_of(panel, kind, k) == key) {
            double weight = by_share ? panel->share[panel->places[k].group] : 1;
            total += weight;
            value += weight * panel->cells[k].value;
            out->cells++;
        }
    value /= total;
    clear_scale(averages);
    for (size_t k = 0; k < panel->summary.cells; k++)
        if (takes_part(panel, kind, k) && key_of(panel, kind, k) == key) {
            size_t group = panel->places[k].group;
            add_cell(panel, k, (by_share ? panel->share[group] : 1) / total, rows);
            averages->group_scale[group] += (panel->cells[k].value - value) / total;
        }
    if (by_share)
        add_share_influence(averages, rows->influence);
    out->at = key;
    out->estimate.value = value;
}

static void add_part(const struct averages *averages, size_t part, double weight,
                     const struct effect_rows *rows)
{
    struct effect_rows own = rows_of(averages, part);
    for (size_t c = 0; c < averages->panel->summary.clusters; c++) {
        rows->influence[c] += weight * own.influence[c];
        for (int arm = 0; arm < 2; arm++)
            rows->shares[arm][c] += weight * own.shares[arm][c];
    }
}

/* What a part weighs in the overall effect, but for their sum. */
static double part_weight(const struct averages *averages, const struct staggered_effect *part)
{
    const struct staggered *panel = averages->panel;
    if (averages->kind == STAGGERED_EVENT)
        return part->at >= 0;
    if (averages->kind != STAGGERED_GROUP)
        return 1;
    size_t g = 0;
    while (panel->groups[g] != part->at)
        g++;
    return panel->share[g];
}

static void average_parts(const struct averages *averages, const struct staggered_effect *parts,
                          struct staggered_effect *out)
{
    const struct staggered *panel = averages->panel;
    struct effect_rows rows = rows_of(averages, averages->parts);
    double total = 0;
    double value = 0;
    for (size_t i = 0; i < averages->parts; i++) {
        total += part_weight(averages, &parts[i]);
        value += part_weight(averages, &parts[i]) * parts[i].estimate.value;
    }
    value /= total;
    clear_scale(averages);
    for (size_t i = 0; i < averages->parts; i++) {
        double weight = part_weight(averages, &parts[i]) / total;
        add_part(averages, i, weight, &rows);
        out->cells += weight > 0 ? parts[i].cells : 0;
        for (size_t g = 0; averages->kind == STAGGERED_GROUP && g < panel->summary.groups; g++)
            if (panel->groups[g] == parts[i].at)
                averages->group_scale[g] = (parts[i].estimate.value - value) / total;
    }
    if (averages->kind == STAGGERED_GROUP)
        add_share_influence(averages, rows.influence);
    out->estimate.value = value;
}

/* ---- Estimates -------------------------------------------------------------------------- */

static struct staggered_effect no_effect(void)
{
    return (struct staggered_effect){.estimate = {NAN, NAN, NAN, NAN, NAN, {NAN, NAN}},
                                     .band = {NAN, NAN}};
}

/* Strata with units in the effect, whose levels took a degree of freedom each; 0 of one stratum. */
static double levels_of(const struct averages *averages, const struct effect_rows *rows)
{
    const struct staggered *panel = averages->panel;
    double levels = 0;
    if (panel->summary.strata == 1)
        return 0;
    for (size_t s = 0; s < panel->summary.strata; s++)
        averages->stratum_seen[s] = false;
    for (size_t u = 0; u < panel->summary.units; u++) {
        size_t c = panel->cluster[u];
        bool *seen = &averages->stratum_seen[panel->stratum[u]];
        bool takes_part = rows->shares[0][c] > 0 || rows->shares[1][c] > 0;
        levels += takes_part && !*seen;
        *seen = *seen || takes_part;
    }
    return levels;
}

/* Completes an effect that has a value. */
static enum status complete(const struct averages *averages, const struct effect_rows *rows,
                            struct staggered_effect *effect, struct error *error)
{
    double second = 0;
    double fourth = 0;
    double clusters = 0;
    struct design design = {0};
    for (size_t c = 0; c < averages->panel->summary.clusters; c++) {
        double phi = rows->influence[c];
        second += phi * phi;
        fourth += phi * phi * phi * phi;
        clusters += rows->shares[0][c] > 0 || rows->shares[1][c] > 0;
        design_add(&design, rows->shares[1][c], rows->shares[0][c]);
    }
    effect->has_interval = second > 0;
    if (!effect->has_interval)
        return STATUS_OK;
    double levels = levels_of(averages, rows);
    double df = fmin(influence_df(second, fourth), design_df(&design)) * (1 - levels / clusters);
    df = fmax(1, fmin(df, clusters - 1 - levels));
    return assay_estimate(effect->estimate.value, sqrt(second), df, averages->level,
                          &effect->estimate, error);
}

static enum status estimate_parts(const struct averages *averages, struct staggered_effect *parts,
                                  struct error *error)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < averages->parts; i++) {
        struct effect_rows rows = rows_of(averages, i);
        int64_t key = averages->keys[i];
        parts[i] = no_effect();
        average_cells(averages, key, &rows, &parts[i]);
        if (averages->kind != STAGGERED_CELLS || averages->panel->cells[key].has_error)
            status = complete(averages, &rows, &parts[i], error);
    }
    return status;
}

static enum status estimate_overall(const struct averages *averages,
                                    const struct staggered_effect *parts,
                                    struct staggered_effect *out, struct error *error)
{
    struct effect_rows rows = rows_of(averages, averages->parts);
    *out = no_effect();
    if (averages->kind == STAGGERED_CELLS)
        return STATUS_OK;
    if (averages->kind == STAGGERED_SIMPLE)
        average_cells(averages, 0, &rows, out);
    else
        average_parts(averages, parts, out);
    return complete(averages, &rows, out, error);
}

/* ---- Bands ------------------------------------------------------------------------------ */

static enum status set_bands(const struct averages *averages, const struct staggered_band *band,
                             struct staggered_effect *parts, double *critical, struct error *error)
{
    size_t clusters = averages->panel->summary.clusters;
    size_t count = 0;
    double *influence = malloc((averages->parts + 1) * clusters * sizeof *influence);
    double *errors = malloc((averages->parts + 1) * sizeof *errors);
    enum status status = influence != NULL && errors != NULL ? STATUS_OK : error_memory(error);
    for (size_t i = 0; status == STATUS_OK && i < averages->parts; i++)
        if (parts[i].has_interval) {
            memcpy(influence + count * clusters, rows_of(averages, i).influence,
                   clusters * sizeof *influence);
            errors[count++] = parts[i].estimate.standard_error;
        }
    if (status == STATUS_OK && count > 0)
        status = staggered_critical(count, clusters, influence, errors, averages->level, band,
                                    critical, error);
    free(influence);
    free(errors);
    for (size_t i = 0; status == STATUS_OK && count > 0 && i < averages->parts; i++) {
        const struct estimate *estimate = &parts[i].estimate;
        if (!parts[i].has_interval)
            continue;
        double half = estimate->standard_error *
                      qt(pnorm5(*critical, 0, 1, false, false), estimate->df, false, false);
        parts[i].band = (struct interval){estimate->value - half, estimate->value + half};
    }
    return status;
}

/* ---- Together --------------------------------------------------------------------------- */

static enum status check(const struct averages *averages, struct error *error)
{
    double quantile = 0;
    const struct staggered *panel = averages->panel;
    bool any = averages->kind == STAGGERED_CELLS;
    bool after = false;
    for (size_t k = 0; k < panel->summary.cells; k++) {
        after = after || panel->cells[k].period >= panel->cells[k].group;
        any = any || takes_part(panel, STAGGERED_SIMPLE, k);
    }
    if (!any && after)
        return error_set(
            error, ERROR_DOMAIN,
            "each group, or all that it can be compared with, is one cluster: no other "
            "shows by how much clusters differ");
    if (!any)
        return error_set(error, ERROR_DOMAIN,
                         "no group has anybody to compare with once it is treated");
    return assay_quantile(averages->level, INFINITY, &quantile, error);
}

static enum status averages_open(struct averages *averages, struct error *error)
{
    const struct staggered *panel = averages->panel;
    size_t count = averages->parts;
    bool begun = false;
    averages->keys = calloc(count + 1, sizeof *averages->keys);
    averages->rows = calloc((count + 1) * 3 * panel->summary.clusters, sizeof *averages->rows);
    averages->group_scale = calloc(panel->summary.groups, sizeof *averages->group_scale);
    averages->stratum_seen = calloc(panel->summary.strata, sizeof *averages->stratum_seen);
    if (averages->keys == NULL || averages->rows == NULL || averages->group_scale == NULL ||
        averages->stratum_seen == NULL) {
        (void)error_memory(error);
        return ERROR_MEMORY;
    }
    for (size_t i = 0; i < count; i++, begun = true) {
        int64_t key = i > 0 ? averages->keys[i - 1] : 0;
        (void)next_key(panel, averages->kind, begun, &key);
        averages->keys[i] = key;
    }
    return STATUS_OK;
}

static void averages_close(struct averages *averages)
{
    free(averages->keys);
    free(averages->rows);
    free(averages->group_scale);
    free(averages->stratum_seen);
}

static void copy_influence(const struct averages *averages, const struct staggered_effect *parts,
                           const struct staggered_effect *overall, double *influence)
{
    size_t clusters = averages->panel->summary.clusters;
    for (size_t i = 0; i <= averages->parts; i++) {
        bool any = i < averages->parts ? parts[i].has_interval : overall->has_interval;
        for (size_t c = 0; c < clusters; c++)
            influence[i * clusters + c] = any ? rows_of(averages, i).influence[c] : NAN;
    }
}

enum status assay_staggered_effects(const struct staggered *staggered,
                                    enum staggered_average average, double level,
                                    const struct staggered_band *band,
                                    struct staggered_effect *parts, double *influence,
                                    struct staggered_effects *out, struct error *error)
{
    struct averages averages = {.panel = staggered,
                                .kind = average,
                                .level = level,
                                .parts = assay_staggered_parts(staggered, average)};
    struct staggered_effects result = {.critical = NAN};
    enum status status = check(&averages, error);
    if (status == STATUS_OK)
        status = averages_open(&averages, error);
    if (status == STATUS_OK)
        status = estimate_parts(&averages, parts, error);
    if (status == STATUS_OK)
        status = estimate_overall(&averages, parts, &result.overall, error);
    if (status == STATUS_OK && band != NULL)
        status = set_bands(&averages, band, parts, &result.critical, error);
    if (status == STATUS_OK && influence != NULL)
        copy_influence(&averages, parts, &result.overall, influence);
    averages_close(&averages);
    if (status == STATUS_OK)
        *out = result;
    return status;
}
