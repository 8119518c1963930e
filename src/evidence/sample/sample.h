/* evidence/sample/sample.h

   The items of a comparison or a change, as one SQL subquery: who (worker), which arm, which cell,
   what came out, and why an item takes no part. Everything that is asked of the data is an
   aggregate over this subquery, so that all numbers of a row speak of the same items. */

#ifndef EVIDENCE_SAMPLE_H
#define EVIDENCE_SAMPLE_H

#include "base/text.h"
#include "engine/engine.h"
#include "evidence/result.h"
#include "evidence/sample/cohort.h"
#include "model/formula.h"
#include "model/metric.h"
#include "model/plan.h"

/* Why an item is in no arm; codes as in sample_value.sql and sample_duration.sql. 0: it is in one.
 */
enum exclusion {
    EXCLUDED_NOT,
    EXCLUDED_NO_WORKER,
    EXCLUDED_OPEN,
    EXCLUDED_BEFORE_LANDMARK,
    EXCLUDED_MATURING,
    EXCLUDED_UNDEFINED,
    EXCLUDED_MISSING,
    EXCLUDED_UNCLEAR,
    EXCLUDED_WASHOUT,
    EXCLUDED_ASSIGNED_LATE,
    EXCLUDED_NO_TEAM,
    EXCLUSIONS
};

enum arms_kind {
    ARMS_BY_ASSIGNMENT,
    ARMS_BY_USE,
    ARMS_BY_MARK,
    ARMS_BY_TOOL,   /* tool of the first call, beside another or beside work without AI */
    ARMS_BY_MODEL,  /* model of the first call, likewise */
    ARMS_BY_PERIOD, /* before and now: a change */
    ARMS_BY_WAVE,   /* before and after the unit's start: a staggered rollout */
    ARMS_BY_WEEK    /* the worker used AI in the week of the item's close, or did not */
};

/* What was drawn into each arm of a plan. */
struct arms_drawn {
    size_t count; /* 0: two arms, or nobody says what share the draw gave each */
    int64_t units[plan_arms_max];
    double share[plan_arms_max]; /* of all units, as the draw should give; they add up to 1 */
};

struct arms {
    enum arms_kind kind;
    const char *names[2];  /* [0] is the baseline */
    const char *why;       /* a clause: why these and not others */
    const char *plan;      /* ARMS_BY_ASSIGNMENT */
    const char *unit_kind; /* item, worker or team */
    bool randomised;       /* the assignment carries probabilities */
    int64_t units[2];      /* assigned to each arm, in the cohort */
    double share; /* of arm 1 in both arms' units, as the draw should give; NAN: not known */
    struct arms_drawn drawn;  /* of all the plan's arms, where they are more than two */
    bool lumped;              /* all arms but the first are one: who is in any is asked for */
    bool more;                /* others than these two were assigned: their items take no part */
    bool draw_differs;        /* some units had another probability of their arm than others */
    bool units_repeat;        /* a unit has several assignments, one after the other */
    bool never_begins;        /* no assignment of the plan says since when it holds */
    bool never_ends;          /* and none until when */
    bool beside_none;         /* ARMS_BY_TOOL, ARMS_BY_MODEL: arm 0 is work without AI */
    struct plan_texts others; /* of these: tools or models of the plan's other arms */
    struct span before;       /* ARMS_BY_PERIOD: arm 0 */
    const char *waves;        /* ARMS_BY_WAVE: SQL, one row per unit: unit, since (null: never) */
    const char *begun; /* ARMS_BY_WAVE: a truth over facts and assigned: partly in both arms */
    const char *weeks; /* ARMS_BY_WEEK: SQL, one row per worker and week with use */
    const char *week;  /* of an item's close, over facts */
    const char *week_covered; /* a truth: use in that week would be known */
};

/* Groups of items that dummies stand for: one for each value but the first (dummies.h). */
struct dummy_group {
    const char *sql; /* text over facts */
    const char *const *values;
    size_t count;
    size_t first; /* covariate */
};

enum { dummy_groups_max = 2 };

struct sample {
    const char *use_case; /* NULL: all items */
    const struct metric *metric;
    struct span span;
    struct arms arms;
    double landmark_minutes; /* NAN: none */
    const struct formula *covariates;
    size_t covariate_count;
    size_t dummy_count; /* of the covariates, those that stand for groups (dummies.h) */
    struct dummy_group groups[dummy_groups_max];
    size_t group_count;
    /* One covariate more: the worker's mean of the metric in a span before, which has bounds; and
       where some workers have none (partly), whether it is missing. */
    bool earlier;
    bool earlier_partly;
    struct span earlier_span;
    bool interact; /* slopes of each arm's own */
    /* Teams that take turns: how long a block is and what of its start is left out, in
       microseconds; 0: none. And whether the arm is that of the block before. */
    int64_t block;
    int64_t washout;
    bool by_block_before;
    const char *scope; /* a truth over facts: only such items; NULL: all */
    const char *cell;  /* SQL text of a cell, or NULL: one cell */
    bool absorbed;     /* each cell has a level of its own in a regression */
    bool by_team;      /* teams are the clusters, whatever the arms are of */
    bool followed;     /* of times, only items that were seen up to the metric's horizon; of arms by
                          week, those that were completed */
    /* Values above it count as missing, where there is such a limit: for what checks leave out. */
    bool has_most;
    double most;
    /* Of times, a horizon before the metric's, in minutes from the landmark on; 0: that of the
       metric. */
    double horizon_most;
    /* Of spans that are set beside later ones: the data are taken to end so many microseconds
       earlier, so that both are seen as long after their ends. 0: they end when they do. */
    int64_t ends_earlier;
    const char *mix; /* of times within cells: a table of cells and items that both arms are
                        weighted to, in place of an arm's own; all cells of the sample are in it */
    /* Its items, taken before: SQL in place of all that the fields above say of which these are.
       NULL: not taken. */
    const char *taken;
};

/* Number of covariates: formulas, then what is taken from earlier. */
size_t sample_covariates(const struct sample *sample);

/* The subquery, without parentheses. Columns: item_id, worker, cluster (the coarser of worker and
   unit of assignment), arm, cell, x1 .. xk (of earlier both, partly or not), group1
   and group2 where dummies stand for such, excluded, and
   for means and proportions  y
   for ratios                 y (numerator), d (denominator), state, calls_priced, calls_unpriced
   for durations              minutes, ended (false: last seen open) */
char *sample_sql(struct arena *arena, const struct sample *sample);

/* For arms as assigned: the cohort with its assignments, without parentheses, for what is asked of
   how the arms came about. Columns: those of facts, arm, assigned_since. Values as above. */
char *sample_assigned_sql(struct arena *arena, const struct sample *sample);

/* Minutes from the landmark, where there is one, to the metric's horizon or the one before it. */
double sample_horizon(const struct sample *sample);

/* Are teams the clusters (else workers)? */
bool sample_by_team(const struct sample *sample);

/* Values for the names that the subquery uses. */
struct engine_values sample_values(struct arena *arena, const struct sample *sample);

#endif
