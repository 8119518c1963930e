/* Cells of units that were drawn within strata: what each weighs, and its influence. */

#include "stats/staggered_panel.h"

#include <math.h>

enum { of_controls, of_treated, mean_change };

static double *numbers_of(const struct staggered *panel, const struct cell_place *place,
                          size_t unit)
{
    return place->in_stratum + staggered_stratum_numbers * panel->stratum[unit];
}

double staggered_share(const struct staggered *panel, const struct cell_place *place, size_t unit,
                       int arm)
{
    double weight = panel->weight[unit];
    if (place->in_stratum == NULL || arm == 1)
        return weight / place->weight[arm];
    const double *stratum = numbers_of(panel, place, unit);
    return weight / stratum[of_controls] * (stratum[of_treated] / place->weight[1]);
}

/* The arm less its share in the stratum. */
static double centred(const double *stratum, int arm)
{
    return arm - stratum[of_treated] / (stratum[of_treated] + stratum[of_controls]);
}

/* The stratum's means, and the one effect of the fit with the sum of squares behind it. */
static double fit(const struct staggered *panel, const struct staggered_cell *cell,
                  const struct cell_place *place, double *squares)
{
    double product = 0;
    *squares = 0;
    for (size_t u = 0; u < panel->summary.units; u++) {
        int arm = staggered_arm(panel, cell, place, u);
        if (arm < 0)
            continue;
        double *stratum = numbers_of(panel, place, u);
        double away = panel->weight[u] * centred(stratum, arm);
        double change = staggered_change(panel, place, u);
        stratum[mean_change] +=
            panel->weight[u] * change / (stratum[of_treated] + stratum[of_controls]);
        product += away * change;
        *squares += away * centred(stratum, arm);
    }
    return product / *squares;
}

bool staggered_strata_influence(const struct staggered *panel, const struct staggered_cell *cell,
                                const struct cell_place *place, double *influence)
{
    static const double alone = 1e-10; /* what is left where a unit alone makes the effect */
    double squares = 0;
    double effect = fit(panel, cell, place, &squares);
    bool any_alone = false;
    for (size_t u = 0; u < panel->summary.units; u++) {
        int arm = staggered_arm(panel, cell, place, u);
        if (arm < 0)
            continue;
        const double *stratum = numbers_of(panel, place, u);
        double away = centred(stratum, arm);
        double residual = staggered_change(panel, place, u) - stratum[mean_change] - effect * away;
        double left = 1 - panel->weight[u] / (stratum[of_treated] + stratum[of_controls]) -
                      panel->weight[u] * away * away / squares;
        any_alone = any_alone || left < alone;
        if (left >= alone)
            influence[panel->cluster[u]] +=
                (arm == 1 ? 1 : -1) * staggered_share(panel, place, u, arm) * residual / sqrt(left);
    }
    return !any_alone;
}

/* ---- Who is compared -------------------------------------------------------------------- */

static bool in_an_average(const struct staggered_cell *cell)
{
    return cell->has_error && cell->period >= cell->group;
}

/* Is the unit seen in cells of its group, and in none of them compared with anybody? */
static bool is_unlike(const struct staggered *panel, size_t unit)
{
    bool seen = false;
    for (size_t k = 0; k < panel->summary.cells; k++) {
        const struct staggered_cell *cell = &panel->cells[k];
        const struct cell_place *place = &panel->places[k];
        if (cell->group != panel->first[unit] || !in_an_average(cell))
            continue;
        if (staggered_arm(panel, cell, place, unit) == 1)
            return false;
        seen = seen || !isnan(staggered_change(panel, place, unit));
    }
    return seen;
}

void staggered_strata_count(struct staggered *panel)
{
    struct staggered_summary *summary = &panel->summary;
    for (size_t s = 0; s < summary->strata; s++) {
        bool matched = summary->strata == 1;
        for (size_t k = 0; k < summary->cells && !matched; k++) {
            if (!in_an_average(&panel->cells[k])) /* others have no numbers of strata */
                continue;
            const double *stratum = panel->places[k].in_stratum + staggered_stratum_numbers * s;
            matched = stratum[of_controls] > 0 && stratum[of_treated] > 0;
        }
        summary->matched += matched;
    }
    for (size_t u = 0; u < summary->units && summary->strata > 1; u++) {
        panel->is_unlike[u] = is_unlike(panel, u);
        summary->unlike += panel->is_unlike[u];
    }
    summary->is_unlike = panel->is_unlike;
}
