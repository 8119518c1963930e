/* model/plan.h

   A plan says before a rollout what should improve, by how much, at whose cost it may not be, and
   how it will be told: plans/NAME.yaml in the workspace. Reading checks keys, words and amounts;
   plan_compile checks what the plan names (metrics, formulas) against the data. */

#ifndef MODEL_PLAN_H
#define MODEL_PLAN_H

#include "base/time.h"
#include "model/metric.h"

enum plan_design {
    PLAN_RANDOMISED,
    PLAN_SWITCHBACK,
    PLAN_STAGGERED,
    PLAN_ENCOURAGEMENT,
    PLAN_LIKE_WITH_LIKE,
    PLAN_BEFORE_AFTER
};

const char *plan_design_name(enum plan_design design); /* as in YAML */

enum plan_unit { PLAN_ITEM, PLAN_WORKER, PLAN_TEAM };

const char *plan_unit_name(enum plan_unit unit); /* item, worker, team */

/* How far apart the waves of a staggered rollout are counted. */
enum plan_every { PLAN_MONTH, PLAN_WEEK };

enum { plan_guardrails_max = 8, plan_by_max = 4, plan_arms_max = 8 };

struct plan_texts {
    const char *const *list;
    size_t count;
};

struct plan_formulas {
    struct metric_formula *list;
    size_t count;
};

/* A metric and an amount: by how much it should improve, or may get worse. */
struct plan_goal {
    const char *name;
    struct place place; /* of the metric's name */
    const char *amount_text;
    struct place amount_place;
    struct amount amount; /* read again with the metric's unit by plan_compile */
    struct metric metric; /* after plan_compile */
};

/* Where keys stand that only some plans may have. */
struct plan_places {
    struct place arms, block, cluster, interact, landmark, looks, period, season;
};

struct plan {
    const char *name;
    const char *use_case;
    const char *question; /* "" where there is none */

    enum plan_design design;
    enum plan_unit unit;
    double probability;          /* of the second arm, or of each of more; also encouragement */
    struct plan_formulas strata; /* randomised, encouragement, staggered: how units are drawn */
    struct plan_formulas cells;  /* like_with_like */
    int64_t block;               /* switchback: how long a team keeps an arm */
    int64_t washout;             /* switchback: left out at the start of a block */
    int64_t anticipation;        /* staggered: treated so long before the start already */
    enum plan_every every;       /* staggered */
    const char *policy;          /* before_after: its name in `policy`, or NULL: */
    int64_t date;                /* the day (of base/time.h) that divides before and after */
    bool season;                 /* before_after: against the same days of the year before */

    struct plan_texts arms;     /* [0] is the baseline; each other is compared with it */
    struct plan_texts all_arms; /* of a pair of a plan of more than two; else none */
    struct days period;
    struct plan_texts teams; /* scope; none: all */
    struct plan_texts roles;
    struct metric_formula where; /* text NULL: none */

    struct plan_goal primary;
    struct plan_goal *guardrails;
    size_t guardrail_count;

    struct plan_formulas adjust_for;
    bool earlier; /* adjust_for names it: each person's mean of the period before */
    struct place earlier_place;
    struct plan_formulas by; /* effects by the values of each, of the primary metric */
    bool interact;           /* Lin's: each arm has slopes of its own */
    enum plan_unit cluster;  /* the coarser of worker and unit unless said */
    int64_t items;           /* expected at the end; 0: not said */
    int64_t horizon;         /* of durations, in place of the metric's; 0: not said */
    int64_t landmark;        /* like_with_like; 0: the default */
    bool anytime;            /* looks: anytime */
    double confidence;

    struct plan_places places; /* of keys that are there */
    const char *file;
    const char *source; /* the file's text */
};

/* Comparisons that a plan makes: one for each arm but the baseline. */
size_t plan_pair_count(const struct plan *plan);

/* All arms but the baseline: "drafts, agent". */
const char *plan_others(struct arena *arena, const struct plan *plan);

/* The plan as one of them reads it: with the baseline and one other arm, which share what the draw
   gives both of them. A plan of two arms is its own pair.
   which   0 .. plan_pair_count - 1 */
struct plan plan_pair(struct arena *arena, const struct plan *plan, size_t which);

/* Lower-case letters, digits, - and _, beginning with a letter; at most 80 bytes. */
bool plan_is_name(const char *name);

/* Reads a plan's YAML. ERROR_INPUT with line and column at the first fault. */
enum status plan_read(struct arena *arena, const char *file, const char *text, size_t length,
                      struct plan *out, struct error *error);

/* Reads FOLDER/NAME.yaml; the plan in it has to have that name.
   An unknown name is ERROR_INPUT at `place` with the nearest. */
enum status plan_find(struct arena *arena, const char *folder, const char *name,
                      const struct place *place, struct plan *out, struct error *error);

/* Names of the plans of a folder, in order. A missing folder has none. */
enum status plan_names(struct arena *arena, const char *folder, struct plan_texts *out,
                       struct error *error);

/* ERROR_INPUT at place for an amount that no metric could improve by: 100 % less of it, or points
   from end to end. */
enum status plan_check_possible(const struct metric *metric, struct amount amount,
                                const struct place *place, struct error *error);

/* Finds the metrics, checks amounts against them, and compiles all formulas.
   metrics   those known so far, and the folder of the user's
   names     what formulas may name; `worker` is allowed in cells alone, whatever it says */
enum status plan_compile(struct arena *arena, struct engine *engine,
                         const struct formula_names *names, struct metrics_known *metrics,
                         struct plan *plan, struct error *error);

/* plan_before.c: ERROR_INPUT, at the name, for a covariate, cell, stratum, group or scope made of
   what comes after the arm: what the primary or a guardrail is made of, how and when the item
   ended, what the use of AI writes. All formulas are compiled. */
enum status plan_check_before(struct arena *arena, const struct plan *plan, struct error *error);

/* plan_answerable.c: what keeps a plan from telling effects by group, a clause; NULL: nothing. */
const char *plan_by_refusal(const struct plan *plan);

/* plan_answerable.c: ERROR_INPUT, at the key, for a compiled plan that no data could answer, or one
   of whose guardrails none could. It can still be listed and shown, as one may be locked. */
enum status plan_check_answerable(const struct plan *plan, struct error *error);

#endif
