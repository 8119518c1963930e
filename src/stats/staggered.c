/* The cells of a staggered panel: group-time effects and the influence of clusters on them. */

#include "stats/staggered_panel.h"

#include "base/error.h"
#include "stats/neumaier.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static double outcome_of(const struct staggered *panel, size_t unit, size_t period)
{
    return panel->outcome[unit * panel->summary.periods + period];
}

double staggered_change(const struct staggered *panel, const struct cell_place *place, size_t unit)
{
    return outcome_of(panel, unit, place->period) - outcome_of(panel, unit, place->base);
}

static int arm_of(const struct staggered *panel, const struct staggered_cell *cell,
                  const struct cell_place *place, size_t unit)
{
    int64_t first = panel->first[unit];
    int64_t later = cell->period > cell->base ? cell->period : cell->base;
    if (isnan(staggered_change(panel, place, unit)))
        return -1;
    if (first == cell->group)
        return 1;
    if (panel->design.controls == STAGGERED_NEVER_TREATED)
        return first == ASSAY_NEVER_TREATED ? 0 : -1;
    return first > later + panel->design.anticipation ? 0 : -1;
}

int staggered_arm(const struct staggered *panel, const struct staggered_cell *cell,
                  const struct cell_place *place, size_t unit)
{
    int arm = arm_of(panel, cell, place, unit);
    if (arm < 0 || place->in_stratum == NULL)
        return arm;
    const double *stratum = place->in_stratum + staggered_stratum_numbers * panel->stratum[unit];
    return stratum[0] > 0 && stratum[1] > 0 ? arm : -1;
}

double staggered_factor_of(const struct staggered *panel, size_t clusters)
{
    double count = (double)clusters;
    return panel->design.factor == STAGGERED_UNBIASED ? sqrt(count / (count - 1)) : 1;
}

/* ---- One cell --------------------------------------------------------------------------- */

/* The weight of either arm in each stratum. */
static void weigh_strata(const struct staggered *panel, const struct staggered_cell *cell,
                         const struct cell_place *place)
{
    size_t numbers = staggered_stratum_numbers * panel->summary.strata;
    if (place->in_stratum == NULL)
        return;
    memset(place->in_stratum, 0, numbers * sizeof *place->in_stratum);
    for (size_t u = 0; u < panel->summary.units; u++) {
        int arm = arm_of(panel, cell, place, u);
        if (arm >= 0)
            place->in_stratum[staggered_stratum_numbers * panel->stratum[u] + (size_t)arm] +=
                panel->weight[u];
    }
}

/* The mean change of each arm, and who is in it. seen has a place per cluster and arm that is not
   stamp. */
static void sum_cell(const struct staggered *panel, struct staggered_cell *cell,
                     struct cell_place *place, size_t *seen, size_t stamp, double mean[2])
{
    double total[2] = {0, 0};
    double rest[2] = {0, 0};
    for (size_t u = 0; u < panel->summary.units; u++) {
        int arm = staggered_arm(panel, cell, place, u);
        if (arm < 0)
            continue;
        size_t *mark = &seen[2 * panel->cluster[u] + (size_t)arm];
        cell->units[arm]++;
        cell->clusters[arm] += *mark != stamp;
        *mark = stamp;
        place->weight[arm] += panel->weight[u];
    }
    for (size_t u = 0; u < panel->summary.units; u++) {
        int arm = staggered_arm(panel, cell, place, u);
        if (arm >= 0)
            neumaier_add(&total[arm], &rest[arm],
                         staggered_share(panel, place, u, arm) * staggered_change(panel, place, u));
    }
    for (int arm = 0; arm < 2; arm++)
        mean[arm] = total[arm] + rest[arm];
}

static void add_influence(const struct staggered *panel, const struct staggered_cell *cell,
                          const struct cell_place *place, const double mean[2], double *influence)
{
    double scale[2];
    for (int arm = 0; arm < 2; arm++)
        scale[arm] = (arm == 1 ? 1 : -1) * staggered_factor_of(panel, cell->clusters[arm]) /
                     place->weight[arm];
    for (size_t u = 0; u < panel->summary.units; u++) {
        int arm = staggered_arm(panel, cell, place, u);
        if (arm >= 0)
            influence[panel->cluster[u]] +=
                scale[arm] * panel->weight[u] * (staggered_change(panel, place, u) - mean[arm]);
    }
}

/* Estimates the next cell, or counts it as left out. */
static void add_cell(struct staggered *panel, const struct cell_place *at, size_t *seen)
{
    struct staggered_summary *summary = &panel->summary;
    size_t k = summary->cells;
    struct staggered_cell *cell = &panel->cells[k];
    struct cell_place *place = &panel->places[k];
    double mean[2];
    *place = *at;
    *cell = (struct staggered_cell){.group = panel->groups[at->group],
                                    .period = panel->periods[at->period],
                                    .base = panel->periods[at->base]};
    if (panel->summary.strata > 1)
        place->in_stratum =
            panel->in_strata + k * staggered_stratum_numbers * panel->summary.strata;
    weigh_strata(panel, cell, place);
    sum_cell(panel, cell, place, seen, k + summary->left_out + 1, mean);
    if (cell->units[0] == 0 || cell->units[1] == 0) {
        summary->left_out++;
        return;
    }
    cell->value = mean[1] - mean[0];
    cell->has_error = cell->clusters[0] > 1 && cell->clusters[1] > 1;
    if (cell->has_error && place->in_stratum != NULL)
        cell->has_error = staggered_strata_influence(panel, cell, place,
                                                     panel->influence + k * summary->clusters);
    else if (cell->has_error)
        add_influence(panel, cell, place, mean, panel->influence + k * summary->clusters);
    if (!cell->has_error)
        summary->lone++;
    summary->cells++;
}

/* ---- All cells -------------------------------------------------------------------------- */

static enum status check_groups(const struct staggered *panel, struct error *error)
{
    const struct staggered_summary *summary = &panel->summary;
    if (summary->groups == 0)
        return error_set(error, ERROR_DOMAIN,
                         "no unit is treated within the periods and after a first one (%zu units "
                         "are treated from the first on)",
                         summary->always);
    return STATUS_OK;
}

static enum status check_cells(const struct staggered *panel, struct error *error)
{
    const struct staggered_summary *summary = &panel->summary;
    if (summary->cells > 0)
        return STATUS_OK;
    if (summary->groups == 1 && panel->share[0] > 1 - 1e-12)
        return error_set(error, ERROR_DOMAIN,
                         "every unit is treated from period %" PRId64
                         " on: nobody is left to compare with",
                         panel->groups[0]);
    return error_set(error, ERROR_DOMAIN,
                     "no group has anybody to compare with: no unit is %s in the same periods",
                     panel->design.controls == STAGGERED_NEVER_TREATED ? "never treated"
                                                                       : "not yet treated");
}

static enum status allocate_cells(struct staggered *panel, struct error *error)
{
    const struct staggered_summary *summary = &panel->summary;
    size_t most = summary->groups * summary->periods + 1;
    if (summary->clusters > SIZE_MAX / sizeof(double) / staggered_stratum_numbers / most)
        return error_memory(error);
    panel->cells = calloc(most, sizeof *panel->cells);
    panel->places = calloc(most, sizeof *panel->places);
    panel->influence = calloc(most * summary->clusters + 1, sizeof *panel->influence);
    /* Strata are at most as many as clusters. */
    panel->in_strata =
        calloc(most * staggered_stratum_numbers * summary->strata, sizeof *panel->in_strata);
    return panel->cells != NULL && panel->places != NULL && panel->influence != NULL &&
                   panel->in_strata != NULL
               ? STATUS_OK
               : error_memory(error);
}

/* All cells of a group; long_base is the last period before g - delta. */
static void add_group(struct staggered *panel, size_t group, size_t *seen)
{
    const struct staggered_summary *summary = &panel->summary;
    int64_t starts = panel->groups[group] - panel->design.anticipation;
    size_t long_base = 0;
    while (long_base + 1 < summary->periods && panel->periods[long_base + 1] < starts)
        long_base++;
    for (size_t t = 0; t < summary->periods; t++) {
        bool after = panel->periods[t] >= starts;
        bool same = after || panel->design.base == STAGGERED_BASE_SAME;
        if (same ? t == long_base : t == 0)
            continue;
        const struct cell_place at = {
            .period = t, .base = same ? long_base : t - 1, .group = group};
        add_cell(panel, &at, seen);
    }
}

static enum status add_cells(struct staggered *panel, struct error *error)
{
    size_t *seen = calloc(2 * panel->summary.clusters, sizeof *seen);
    if (seen == NULL)
        return error_memory(error);
    enum status status = allocate_cells(panel, error);
    for (size_t g = 0; status == STATUS_OK && g < panel->summary.groups; g++)
        add_group(panel, g, seen);
    free(seen);
    return status == STATUS_OK ? check_cells(panel, error) : status;
}

enum status assay_staggered_open(const struct staggered_rows *rows,
                                 const struct staggered_design *design, struct staggered **out,
                                 struct error *error)
{
    struct staggered *panel = calloc(1, sizeof *panel);
    if (panel == NULL)
        return error_memory(error);
    panel->design = *design;
    enum status status = staggered_read(rows, panel, error);
    if (status == STATUS_OK)
        status = check_groups(panel, error);
    if (status == STATUS_OK)
        status = add_cells(panel, error);
    if (status == STATUS_OK)
        staggered_strata_count(panel);
    panel->summary.cell = panel->cells;
    if (status == STATUS_OK)
        *out = panel;
    else
        assay_staggered_close(panel);
    return status;
}

void assay_staggered_close(struct staggered *staggered)
{
    if (staggered == NULL)
        return;
    free(staggered->periods);
    free(staggered->groups);
    free(staggered->outcome);
    free(staggered->weight);
    free(staggered->first);
    free(staggered->cluster);
    free(staggered->group);
    free(staggered->share);
    free(staggered->stratum);
    free(staggered->is_unlike);
    free(staggered->in_strata);
    free(staggered->cells);
    free(staggered->places);
    free(staggered->influence);
    free(staggered);
}

struct staggered_summary assay_staggered_summary(const struct staggered *staggered)
{
    return staggered->summary;
}
