/* stats/staggered_panel.h: what a staggered panel holds, for the files that estimate from it. */

#ifndef STATS_STAGGERED_PANEL_H
#define STATS_STAGGERED_PANEL_H

#include "assay/staggered.h"

/* The group of a unit that is in none. */
#define NO_GROUP SIZE_MAX

/* Where a cell's numbers are. */
struct cell_place {
    size_t period, base; /* indices */
    size_t group;        /* index */
    double weight[2];    /* W_a: of the units in each arm */
};

struct staggered {
    struct staggered_design design;
    struct staggered_summary summary;
    int64_t *periods; /* ascending */
    int64_t *groups;  /* ascending */
    double *outcome;  /* units x periods; NAN: not seen */
    double *weight;   /* of each unit */
    int64_t *first;   /* of each unit; ASSAY_NEVER_TREATED also beyond the periods */
    size_t *cluster;  /* of each unit, from 0 */
    size_t *group;    /* of each unit, or NO_GROUP */
    double *share;    /* of each group: p_g */
    struct staggered_cell *cells;
    struct cell_place *places; /* of each cell */
    double *influence;         /* cells x clusters, scaled; of cells with an error */
};

/* Reads and checks the rows: all but the cells. What it allocates is the panel's. */
enum status staggered_read(const struct staggered_rows *rows, struct staggered *panel,
                           struct error *error);

/* The arm of a unit in a cell: 1 treated, 0 control, -1 neither. */
int staggered_arm(const struct staggered *panel, const struct staggered_cell *cell,
                  const struct cell_place *place, size_t unit);

/* sqrt(n / (n - 1)), or 1 as published. */
double staggered_factor_of(const struct staggered *panel, size_t clusters);

/* The smallest number that holds level of all parts at once, on the normal scale.
   influence   count rows of clusters numbers
   error_of    count standard errors, above 0 */
enum status staggered_critical(size_t count, size_t clusters, const double *influence,
                               const double *error_of, double level,
                               const struct staggered_band *band, double *out, struct error *error);

#endif
