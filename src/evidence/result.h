/* evidence/result.h

   What evidence says, before anything is withheld or rendered: plain numbers and codes. Texts are
   static or live in the arena of the command. A number that does not exist is NAN. */

#ifndef EVIDENCE_RESULT_H
#define EVIDENCE_RESULT_H

#include "assay/estimate.h"
#include "base/time.h"
#include "evidence/estimate/contributions.h"
#include "evidence/estimate/leverage.h"
#include "evidence/sample/reach.h"
#include "evidence/verdict.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a reader needs to know of a metric. */
struct metric_shown {
    const char *name;
    const char *label;
    const char *unit; /* of value: minutes, USD, …; "" of a share */
    const char *kind; /* mean, proportion, duration, ratio, quantile */
    bool lower_is_better;
};

/* How a metric's effect is written. */
enum effect_scale {
    SCALE_RELATIVE, /* 0.2 is 20 % more */
    SCALE_POINTS,   /* 0.01 is one percentage point more */
    SCALE_UNIT,     /* in the unit of the metric */
    EFFECT_SCALES
};

/* An effect on its scale with its uncertainty. low and high are NAN where there is no interval; one
   of them is infinite where there is no bound on that side. */
struct effect_estimate {
    double effect;
    struct interval interval;
    double df; /* INFINITY: normal */
    double p;
};

/* What the ratio of one arm or period is made of, and how many workers are behind each number and
   behind what is left of the whole without it. Calls of items whose cost is not known count too. */
struct ratio_part {
    const char *of; /* before, now, or the arm */
    double numerator;
    double denominator;
    double on_abandoned; /* numerator of abandoned items */
    double on_open;      /* numerator of items still open */
    double calls;        /* a shared call counts by its share; NAN: the ratio is not one of cost */
    double calls_unpriced;
    struct behind_part {
        int64_t with;
        int64_t without;
    } completed, abandoned, open, unpriced; /* completed: with a denominator other than 0; abandoned
                                               and open: with a numerator on such items */
    struct behind_part counted;             /* with a numerator other than 0; without: not told */
    struct behind_part called;              /* with a call; likewise */
};

struct ratio_parts {
    bool exists;
    struct ratio_part arms[2];
};

enum change_word { CHANGE_IMPROVED, CHANGE_DECLINED, CHANGE_STEADY, CHANGE_UNCLEAR, CHANGE_WORDS };

/* A metric in this period against the one before: descriptive, never called AI's doing. */
struct change {
    bool exists;
    const char *why_not; /* a sentence, where it does not exist */
    double before;       /* the metric's value, on the earlier mix of cells */
    double now;
    int64_t items_before;
    int64_t items_now;
    int64_t workers_before;
    int64_t workers_now;
    enum effect_scale scale;
    struct effect_estimate estimate;
    enum change_word word;
    double margin;           /* on the same scale */
    const char *cells;       /* "team × size", or NULL: not reweighted */
    bool assigned_only;      /* without few people's items, which a trial of the period has not */
    double matched;          /* share of this period's items in cells that both periods have */
    double horizon_days;     /* duration metrics: up to this long; else NAN */
    const char *no_interval; /* a sentence, where the effect stands without one */
    struct ratio_parts parts;
    struct reach reach_before;
    struct reach reach_now;
    struct contributions contributions[2]; /* before, now: of what is published; not shown */
    int64_t fewest;       /* workers behind the smaller of before and now: those in cells of both */
    int64_t beside_trial; /* workers between one of its periods and the arms of a trial of that
                             period, in a metric of its unit, where fewest; 0: nobody; not shown */
    int64_t beside_other; /* the same in a metric of another unit */
};

enum arms_from {
    ARMS_ASSIGNED, /* `assignment` rows */
    ARMS_USE,      /* ai / no_ai, by calls */
    ARMS_MARK,     /* marked / unmarked, by what items name */
    ARMS_PERIOD,   /* before / after a day */
    ARMS_SEAT,     /* without / with a seat, from its day on */
    ARMS_TOOL,     /* two tools, by an item's first call, or one beside work without AI */
    ARMS_MODEL,    /* two models, likewise */
    ARMS_WEEK,     /* ai / no_ai, by daily totals in the week of the close */
    ARMS_FROMS
};

/* How fast one arm's items end beside the other's; no verdict reads it. */
struct hazards {
    bool exist;
    double ratio;             /* Cox's, of arm 1 to arm 0: above 1 where it ends faster */
    struct interval interval; /* at the level of the estimate */
    double log_rank_p;
    const char *why_not; /* why there is none, where readers would look for one; else NULL */
};

/* Which clusters (workers or teams) carry an estimate; not shown. */
struct carried {
    bool known;
    double worth[2]; /* clusters of one size that each arm is worth; NAN: some are in both arms */
    double top;      /* share of one cluster in what varies: in the arm that varies more, or of all
                        where some are in both; NAN: not known */
    double ratio_error; /* standard error of the log of an arm's ratio, the larger; NAN: no ratio */
    int64_t eventful; /* clusters with anything but the usual value: where that is rare, those with
                       an event */
    bool alike; /* every item has one value: limits close in with the number of items, not its root
                 */
};

struct arm_result {
    const char *arm; /* code: no_ai, ai, unmarked, marked; or a name of the data */
    int64_t items;
    int64_t workers;
    double value; /* the metric's value in the arm, unadjusted */
};

/* Items of the cohort that are in no arm, by reason. */
struct excluded {
    int64_t unclear;         /* neither clearly with AI nor clearly without */
    int64_t open;            /* not closed yet, and the metric needs the close */
    int64_t maturing;        /* closed too lately for the metric to be known */
    int64_t before_landmark; /* done before the landmark */
    int64_t missing;         /* no value of the metric, a covariate or a cell */
    int64_t undefined;       /* ln of 0, division by 0 */
    int64_t unmatched;       /* in cells with one arm only (like with like) */
    int64_t washout;         /* in a washout, or of a unit that started within that period */
    int64_t no_worker;       /* nobody to stand for: no cluster */
    int64_t assigned_late;   /* done before they were assigned */
    int64_t no_team;         /* of no team, where teams are compared */
};

/* Items of a drawn plan that have no outcome, by arm, and what that leaves of the effect. */
struct opt_outs {
    bool exists;
    struct opt_out_arm {
        double missing; /* share of the items without an outcome */
        double given_up;
        int64_t missing_people; /* with such an item; not shown */
        int64_t given_up_people;
        int64_t known_people;          /* with an outcome */
        int64_t kept_people;           /* with an item that was not given up */
        int64_t missing_alone_people;  /* with an item without an outcome that was not given up */
        int64_t given_up_alone_people; /* with one given up that has an outcome */
    } arms[2];
    double missing_p; /* that it is one share; NAN: not known */
    double given_up_p;
    struct outcome_bounds {
        bool exists;
        const char *why_not; /* a sentence */
        enum effect_scale scale;
        struct interval bounds;   /* of the effect */
        struct interval interval; /* of the effect, at the comparison's level */
        double trimmed;           /* share of the arm with more outcomes */
        int trimmed_arm;
        int64_t fewest; /* workers beyond a trim, or left by it, where they are fewest; not shown */
    } bounds;
};

struct link_shares {
    double explicit_share;
    double session_share;
    double inferred_share;
    double none_share;
};

/* What the mark of an item would mean if some unmarked work were AI's too. */
enum { hidden_shares = 3 };
struct hidden_marks {
    bool exists;
    double share[hidden_shares];  /* .1, .3, .5 of the unmarked */
    double effect[hidden_shares]; /* were hidden AI work like marked AI work; NAN: it can't be */
    double low[hidden_shares];    /* of the unmarked mean without AI, with nothing assumed */
    double high[hidden_shares];
    double turns_at; /* the share from which on the sign is not known; NAN: the interval has 0 */
};

/* The effect so many periods after the start of those that are treated then (below 0: before). */
struct event_point {
    int64_t at;
    struct effect_estimate effect;
    struct interval band; /* holds for all points at once; NAN: none */
    int64_t units[2];     /* that are compared: treated later or never, and treated */
};

/* What stands beside the effect of a staggered rollout. */
struct event_study {
    const char *every;    /* month, week */
    int64_t anticipation; /* in such periods */
    int64_t periods;
    int64_t units; /* that take part */
    int64_t waves; /* distinct starts among them */
    int64_t never; /* units without a start in the period */
    int64_t always;
    int64_t with_gaps; /* units without an item in some period */
    int64_t lone;      /* group-time effects of one unit on a side, in no average */
    int64_t unlike;    /* units that started and have nobody of their stratum to compare with */
    int64_t strata;    /* in which units are compared */
    bool drawn;        /* the starts carry probabilities */
    struct event_point *points;
    size_t count;
    bool trend;     /* a point before the start lies off 0 with its band */
    bool has_trend; /* there are such points */
    double trend_p; /* of all of them being 0; NAN: they are too many for the units */
    int64_t fewest; /* workers behind the smallest mean that the points are made of; not shown */
};

/* What taking an offer did to those who took it because of it. */
enum { compliers_parts = 3 };
struct compliers {
    bool exists;
    const char *why_not;           /* a sentence, where it does not exist */
    double taken[2];               /* share of each arm's items on which it was taken */
    struct effect_estimate uptake; /* of the offer, on that share */
    double strength;               /* F of the first stage; INFINITY: everybody complies */
    bool weak;
    double effect;            /* on the comparison's scale; NAN: the offer moves nothing */
    struct interval interval; /* of two-stage least squares; NAN where weak */
    struct interval set[compliers_parts]; /* of Anderson & Rubin; ends may be infinite */
    size_t set_count;
    int64_t between; /* workers between the comparison's items and these; not shown */
    int64_t fewest;  /* workers of an arm who took it, or did not, on some item, where these are
                        fewest; 0: all of an arm did alike; not shown */
};

/* An effect of AI on a time as people saw it, relative. */
struct perceived {
    bool exists;
    double effect;
    struct interval interval;
    int64_t fewest; /* workers behind it, in the smaller arm where there are two; not shown */
};

struct perception {
    struct perceived expected; /* before the work: with AI beside without, item by item */
    struct perceived said;     /* afterwards: how long it took, in the one arm beside the other */
};

/* Of the cells that are called different, so many may be wrongly. */
static const double by_cells_rate = 0.05;

/* The effect in one cell of --by, on the comparison's scale. */
struct by_cell {
    const char *name;
    bool others; /* all that are too small by themselves, together */
    int64_t items[2];
    int64_t workers[2];
    double effect;
    struct interval interval;
    double shrunken; /* towards what the cells have in common */
    struct interval shrunken_interval;
    double own; /* how much of it is the cell's own, 0 to 1 */
    double p;   /* of being as all others together, adjusted for the number of cells */
    bool different;
    struct reach reach_of_arm[2]; /* never shown */
};

struct by_cells {
    const char *label;   /* the formula as written */
    bool planned;        /* the plan names it */
    const char *why_not; /* a sentence, where there are none */
    struct by_cell *cells;
    size_t count;
    double mean; /* of the effects of such cells */
    struct interval mean_interval;
    struct interval prediction;  /* of one more cell */
    double between;              /* standard deviation of the true effects, on the scale of the
                                    estimate: a logarithm where the effect is relative */
    double between_paule_mandel; /* by the other method */
    double p;                    /* of no difference between cells */
    double horizon_days;         /* times count up to here in all cells; NAN: no times */
    int64_t rest_tells_of;       /* workers of other items of a cell, where fewest; not shown */
};

/* What a difference between the arms that nobody measured would do, were it as strong as the
   strongest measured one (Cinelli & Hazlett 2020). */
struct sensitivity {
    bool exists;
    const char *why_not;      /* a sentence; NULL also where it was not asked for */
    const char *strongest;    /* the part of the cells: "team" */
    bool as_strong;           /* such a difference can be; else it would decide the arm alone */
    double treatment;         /* its partial R2 with the arm */
    double outcome;           /* and with the outcome */
    bool too_weak;            /* strongest says too little to be held against: sensitivity_least */
    double robustness;        /* both R2 that take the effect to 0 */
    struct interval interval; /* of the effect, whichever way it works */
    bool settled;             /* without it, and were the arms drawn, there is a verdict */
    bool overturns;           /* with it that would be another */
};

/* What an effect within units and weeks is made of: their share of work with AI. */
struct weekly {
    const char *unit; /* team, worker; NULL: another design */
    int64_t units;
    int64_t weeks;
    int64_t unit_weeks; /* in which a unit has an item with an outcome */
    double share;       /* mean over items */
    double spread;      /* standard deviation of the share within unit and week */
    double chance;  /* part of its square that is by chance of which items came, and is left out;
                       NAN: weeks have AI or have not */
    bool unbounded; /* what is left is too little for an interval */
    int64_t alone_items;   /* in their unit's week: left out */
    int64_t alone_workers; /* of these */
    double tenth;    /* effect of 0.1 more of it, on the comparison's scale; NAN: weeks have AI or
                        have not */
    int64_t varying; /* units whose share is not the same in all weeks; not shown */
    int64_t fewest;  /* workers of these, in the arm where they are fewest; not shown */
};

/* Strata that units were drawn within, as the estimate uses them. */
struct strata_used {
    const char *by;        /* "team × role"; NULL: none */
    int64_t count;         /* with both arms */
    bool dummies;          /* of a regression; else the difference is taken within them */
    int64_t alone_items;   /* of strata with one arm, which are left out */
    int64_t alone_workers; /* with such an item */
};

/* How far reviewers agree, on items of both arms that two or more of them scored. */
struct reviewers_agree {
    bool exists;
    double alpha; /* Krippendorff's */
    struct interval interval;
    bool yes_or_no; /* scores are 0 or 1: nominal; else by their distances */
    int64_t items;
    int64_t reviewers;
    int64_t fewest; /* reviewers, or people whose items they are, who have all or nearly all of the
                       scores, where these are fewer; not shown */
};

/* The change that came each year, which was taken off a change between two spans: both on one mix,
   within cells that all four spans have. */
struct season {
    bool exists;
    struct days days;            /* the plan's period a year earlier */
    struct effect_estimate now;  /* nothing taken off */
    struct effect_estimate then; /* of the year before */
};

/* One metric between two arms; arms[0] is the baseline. */
struct comparison {
    bool exists;
    const char *why_not; /* a sentence, where it does not exist */
    bool failed;         /* for a fault of assay or its engine, not of the data */
    const char *design;  /* randomised, assigned, as_found, like_with_like, before_after, staggered,
                            dose, worker_week */
    const char *unit;    /* item, worker, team */
    const char *plan;    /* the assignment's plan name, or NULL */
    enum arms_from arms_from;
    const char *arms_why; /* a clause */
    bool beside_none;     /* ARMS_TOOL, ARMS_MODEL: arms[0] is work without AI */
    struct arm_result arms[2];
    bool has_naive;
    struct effect_estimate naive; /* as found: without cells and covariates */
    enum effect_scale scale;
    struct effect_estimate estimate; /* the one that the verdict reads */
    double means[2];                 /* of the arms, as weighted or adjusted; not shown */
    struct estimate difference;      /* arm 1 less arm 0, in minutes or the metric's unit; of times,
                                        means and proportions on no log scale. Not shown */
    struct hazards hazards;          /* of a time, as assigned */
    double level;                    /* 0.95 */
    bool among_plans;                /* judged with others: plans, arms of one (struct selected) */
    bool selected;                   /* of them */
    struct interval unadjusted;      /* at the plan's own level; NAN: not among plans */
    bool every_look;                 /* the interval holds at all looks together */
    double planned_share;            /* of the planned items, those with an outcome; every_look */
    const char *errors;              /* cr2, cr3, cr1, cr0, hc3, classical, jackknife, influence */
    const char *errors_by;           /* item, worker, team: what varies by itself */
    const char *cells;               /* like with like: "size × worker"; else NULL */
    const char *adjusted;            /* covariates as written, comma between; else NULL */
    bool adjusted_earlier;           /* for each person's mean of the metric before, too */
    bool interacted;                 /* with slopes of each arm's own */
    int64_t clusters;
    struct strata_used strata;
    struct weekly weekly;
    struct season season;
    struct carried carried;
    struct leverage without_one; /* the effect, left out one person or team; not shown */
    double landmark_days;        /* NAN: none */
    double horizon_days; /* duration metrics, from the landmark on where there is one; else NAN */
    struct excluded excluded;
    struct link_shares linked;
    double no_worker_share;
    struct hidden_marks hidden;
    struct perception perception;
    struct reviewers_agree reviewers;
    struct by_cells *by;
    size_t by_count;
    struct sensitivity sensitivity;
    const char *no_interval; /* a sentence, where the effect stands without one or with one bound */
    struct ratio_parts parts;
    const struct event_study *events;  /* of a staggered rollout; NULL: another design */
    const struct compliers *compliers; /* of an encouragement; NULL: another design */
    int64_t items_needed;              /* more items that would settle it; -1: not known */
    const char *needed_why; /* a clause: why not items, and what would; NULL: items, or nothing */
    struct reach reach;     /* who is in either arm */
    struct reach reach_of_arm[2];
    struct contributions contributions[2]; /* of each arm, of what is published; not shown */
    double known_share[2];                 /* of each arm's items, those with an outcome */
    double known_p;                        /* that it is one share; NAN: not known */
    int64_t unknown_workers[2];            /* with an item of the arm that has none; not shown */
    struct opt_outs opt_outs;
    struct excluded excluded_by; /* workers with an item left out, by reason */
    int64_t fewest;              /* workers behind the smaller arm of the estimate */
    int64_t
        carry_without; /* workers who carry an arm nearly alone on the mix of arm 0; not shown */
    const char *const *explain; /* lines for --explain, SQL among them; ends with NULL */
};

/* A sum that was saved, with the error of what each item saves. */
struct saved {
    bool exists;
    double value;             /* below 0: lost */
    struct interval interval; /* NAN: nothing varies */
    int64_t fewest;           /* workers behind it, in the smaller arm; not shown */
};

/* Unclear: worse with AI, but not surely in the hours or dollars that this is told in. */
enum without_ai_word {
    WITHOUT_AI_BETTER,
    WITHOUT_AI_AS_GOOD, /* at a lower cost of AI */
    WITHOUT_AI_UNCLEAR,
    WITHOUT_AI_WORDS
};

/* The comparison read the other way: work without AI was better, or as good for less. */
struct without_ai {
    bool exists;
    enum without_ai_word word;
    bool by_lot;                   /* the verdict decides; else it is suggested */
    int64_t items;                 /* done without AI, in cells that work with AI was in too */
    int64_t items_tell_of;         /* workers with an item in other cells; not shown */
    struct effect_estimate effect; /* of AI, on the mix of these items */
    const char
        *hours_of; /* elapsed, labour or measured (as the metric defines it); NULL: no time */
    struct saved hours;
    struct saved ai_usd; /* what AI would have cost */
    struct saved labour_usd;
    struct saved usd; /* both */
};

struct check_result {
    const char *check;    /* sample_ratio, no_worker, few_clusters, … */
    const char *state;    /* passed, failed, noted */
    double p;             /* NAN: none */
    const char *sentence; /* for people */
    const char *mend;     /* what to do; NULL: it passed */
};

enum { checks_max = 32, also_max = 8 };

/* A metric that may not get worse by more than was allowed. */
struct guardrail_result {
    struct metric_shown metric;
    enum guardrail_state state;
    enum effect_scale scale;
    double allow; /* on the scale; NAN: not known */
    double effect;
    struct interval interval; /* of the effect, NAN where there is none */
    double level;             /* of the interval */
    double df;                /* of the interval; INFINITY: normal. Not shown */
    const char *why_not;      /* a sentence: why there is no interval; NULL: there is */
    int64_t items_needed;     /* open: more items that would settle it; -1: not known */
    const char *needed_why;   /* a clause: why not items, and what would; or NULL */
    bool alike;               /* as of struct carried; not shown */
    int64_t fewest;           /* workers behind the smaller arm; not shown */
    struct contributions contributions[2]; /* as of a comparison */
};

/* The plan that a row answers. */
/* When a plan was locked. Planned is what was locked before the first item of its cohort. */
enum locked_when {
    LOCKED_NEVER,
    LOCKED_BEFORE,   /* the first item */
    LOCKED_WITHIN,   /* after it */
    LOCKED_AFTER,    /* the end of the period: all items were in */
    LOCKED_SOMETIME, /* its items have no times */
    LOCKED_WHENS
};

const char *locked_when_code(enum locked_when when); /* "before"; NULL: never */

struct row_plan {
    const char *name; /* NULL: none */
    const char *arm; /* of a plan of more than two: the one that the row sets beside the baseline */
    const char *baseline;
    size_t arms;         /* of the plan */
    struct reach in_any; /* of more than two: who is in those that may be shown. Never shown */
    const char *question;
    struct days period;
    bool ended; /* the data reach the end of the period */
    enum locked_when locked;
    int64_t locked_at; /* microseconds */
    bool timeless;     /* its items have no times */
    bool has_first;    /* an item of its cohort is there, opened: */
    int64_t first_at;
    size_t amended;
    bool looked_early;
};

enum { guardrails_max = 8 };

/* One line under a row: another metric of the same use case. */
struct also {
    struct metric_shown metric;
    struct change change;
};

struct row {
    const char *use_case;
    struct metric_shown metric;
    struct change change;
    struct comparison comparison;
    struct verdict verdict;
    struct without_ai without_ai;
    double margin;           /* on the comparison's scale */
    const char *margin_from; /* metric or plan */
    struct row_plan plan;
    struct guardrail_result guardrails[guardrails_max];
    size_t guardrail_count;
    struct check_result checks[checks_max];
    size_t check_count;
    struct also also[also_max];
    size_t also_count;
    int64_t items; /* in the cohort of this period */
    int64_t workers;
    struct reach reach;
};

/* What cannot be said, and the command that would change that. */
struct cannot_say {
    const char *what;
    const char *why;
    const char *action; /* a command, or NULL */
};

/* The plans that were judged together: of so many as false discoveries allow, the intervals of all
   are at one level, so that those of the selected exclude 0 and those of the others do not. */
struct selected {
    size_t plans; /* with an estimate that may be shown; 0: none */
    size_t selected;
    double level; /* of the intervals; a plan that asks for more has more */
};

struct evidence {
    const char *workspace;
    int64_t data_version;
    const char *registry_head;
    int min_group;
    bool own_data;
    bool own_periods; /* each row has its plan's period, and its change is from the one before it */
    bool has_period;
    struct days period;
    struct days against;
    struct row *rows;
    size_t row_count;
    struct selected selected;
    struct cannot_say *cannot_say;
    size_t cannot_say_count;
    size_t cannot_say_capacity;
    const char **notes;
    size_t note_count;
    size_t note_capacity;
    struct error
        *faults; /* why a file cannot be read or a part of the answer is missing, for who
                    asked; an engine's words may quote a row, so that no document has them */
    size_t fault_count;
    size_t fault_capacity;
};

#endif
