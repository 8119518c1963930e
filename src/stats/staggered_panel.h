/* stats/staggered_panel.h: what a staggered panel holds, for the files that estimate from it. */

#ifndef STATS_STAGGERED_PANEL_H
#define STATS_STAGGERED_PANEL_H

#include "assay/staggered.h"

/* The group of a unit that is in none. */
#define NO_GROUP SIZE_MAX

enum { staggered_stratum_numbers = 3 };

/* Where a cell's numbers are. */
struct cell_place {
    size_t period, base; /* indices */
    size_t group;        /* index */
    double weight[2];    /* W_a: of the units in each arm */
    double *in_stratum;  /* of each stratum W_0s, W_1s and the mean change; NULL: one stratum */
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
    size_t *stratum;  /* of each unit, from 0 */
    bool *is_unlike;  /* of each unit */
    double *share;    /* of each group: p_g */
    struct staggered_cell *cells;
    struct cell_place *places; /* of each cell */
    double *in_strata;         /* of each cell: its in_stratum */
    double *influence;         /* cells x clusters, scaled; of cells with an error */
};

/* Reads and checks the rows: all but the cells. What it allocates is the panel's. */
enum status staggered_read(const struct staggered_rows *rows, struct staggered *panel,
                           struct error *error);

/* The arm of a unit in a cell: 1 treated, 0 control, -1 neither, or of a stratum without the other
   arm. */
int staggered_arm(const struct staggered *panel, const struct staggered_cell *cell,
                  const struct cell_place *place, size_t unit);

/* Y_t - Y_b of a unit. */
double staggered_change(const struct staggered *panel, const struct cell_place *place, size_t unit);

/* What a unit of an arm weighs in the arm's mean. */
double staggered_share(const struct staggered *panel, const struct cell_place *place, size_t unit,
                       int arm);

/* The influence of units on a cell of several strata; false where it has no error. */
bool staggered_strata_influence(const struct staggered *panel, const struct staggered_cell *cell,
                                const struct cell_place *place, double *influence);

/* Counts strata and units that have nobody to compare with. */
void staggered_strata_count(struct staggered *panel);

/* sqrt(n / (n - 1)), or 1 as published. */
double staggered_factor_of(const struct staggered *panel, size_t clusters);

/* The smallest number that holds level of all parts at once, on the normal scale.
   influence   count rows of clusters numbers
   error_of    count standard errors, above 0 */
enum status staggered_critical(size_t count, size_t clusters, const double *influence,
                               const double *error_of, double level,
                               const struct staggered_band *band, double *out, struct error *error);

/* The lower triangle L of R = L L' in place, R the correlations of count statistics, row by row.
   What those before a statistic leave of it under a share of 1e-10 is rounding, and taken for
   nothing: its diagonal is then 0. */
void staggered_root(size_t count, double *matrix);

#endif
