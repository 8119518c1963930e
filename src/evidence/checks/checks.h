/* evidence/checks/checks.h

   What is looked at before a number is believed. Checks are rows of one const table, in the order
   in which they are shown; docs/checks.md holds the same table, and a test compares the two. */

#ifndef EVIDENCE_CHECKS_H
#define EVIDENCE_CHECKS_H

#include "evidence/compare/comparison.h"

/* How the arms of a comparison came about; a check is made for some of these. */
enum check_design {
    CHECK_ASSIGNED = 1,  /* units were assigned, drawn or not */
    CHECK_BY_USE = 2,    /* as found, by calls: with AI and without, tools, models */
    CHECK_BY_MARK = 4,   /* as found, by what items name */
    CHECK_BY_PERIOD = 8, /* before and after a day */
    CHECK_STAGGERED = 16,
    CHECK_SIDE_BY_SIDE = 7,
    CHECK_ALL = 31
};

/* A comparison that exists, and what it was made from. */
struct checking {
    struct workspace *workspace;
    const struct comparison_request *request;
    const struct sample *sample; /* as it was estimated, with its cells */
    struct arena *arena;
    const struct row *row;             /* comparison and margin are filled */
    struct assigned_use *assigned_use; /* of checks_use.c: filled by the first check that asks */
};

/* How work met the draw, by arm; counts of items, and of the people whom they are of. */
struct assigned_use {
    bool known;
    struct met {
        int64_t items, people;
        int64_t covered;                 /* a source of usage reports over the item's time */
        int64_t with_ai, with_ai_people; /* of the covered ones: any sign of AI */
        int64_t without_ai_people;       /* who have a covered item without one */
        int64_t begun, begun_people;     /* work began before the assignment */
        int64_t exposed, exposed_people; /* AI was used before the assignment */
        int64_t unexposed_people;
        int64_t dated; /* items whose assignment has a time */
    } arms[2];
};

/* What one check found. Where it cannot be made (too little to tell by), applies is false; where
   readers would take its silence for an answer, it is untold in place of that: found, noted
   whatever a fault would do, and said in a sentence.
   sentence   what was found, without a number that rests on few people; NULL: the table's */
struct finding {
    bool applies;
    bool found; /* the fault is there */
    bool untold;
    double p; /* NAN: none */
    const char *sentence;
    const char *mend; /* NULL: the table's */
};

struct check {
    const char *name;
    const char *asks;   /* a question to which yes is well */
    bool blocks;        /* a fault makes the verdict unproven (check) */
    int designs;        /* of enum check_design */
    const char *mend;   /* what to do about a fault */
    const char *passes; /* said where there is none */
    const char *finds;  /* said where there is one and the finding has no sentence of its own */
    enum status (*look)(const struct checking *checking, struct finding *out, struct error *error);
};

/* The table. */
const struct check *checks_all(size_t *count);

/* Adds to the row the checks that are made for its design: `passed`, or `failed` where the fault
   blocks the verdict, or `noted` where it does not. */
enum status checks_run(const struct checking *checking, struct row *row, struct error *error);

/* A finding of these, as the one line that most checks end with. */
static inline void check_finds(struct finding *out, bool found)
{
    out->applies = true;
    out->found = found;
}

/* ---- The checks, by what they look at --------------------------------------------------- */

/* checks_assignment.c */
enum status check_sample_ratio(const struct checking *checking, struct finding *out,
                               struct error *error);
enum status check_missing_outcomes(const struct checking *checking, struct finding *out,
                                   struct error *error);
enum status check_given_up(const struct checking *checking, struct finding *out,
                           struct error *error);
enum status check_few_units(const struct checking *checking, struct finding *out,
                            struct error *error);

enum status check_carry_over(const struct checking *checking, struct finding *out,
                             struct error *error);

/* checks_plan.c */
enum status check_other_plans(const struct checking *checking, struct finding *out,
                              struct error *error);
enum status check_target_possible(const struct checking *checking, struct finding *out,
                                  struct error *error);

/* checks_use.c */
enum status check_assigned_late(const struct checking *checking, struct finding *out,
                                struct error *error);
enum status check_exposed_before(const struct checking *checking, struct finding *out,
                                 struct error *error);
enum status check_crossover(const struct checking *checking, struct finding *out,
                            struct error *error);

/* checks_draw.c */
enum status check_units_twice(const struct checking *checking, struct finding *out,
                              struct error *error);
enum status check_balance(const struct checking *checking, struct finding *out,
                          struct error *error);

/* checks_staggered.c */
enum status check_trend_before(const struct checking *checking, struct finding *out,
                               struct error *error);
enum status check_trend_unseen(const struct checking *checking, struct finding *out,
                               struct error *error);
enum status check_unit_gaps(const struct checking *checking, struct finding *out,
                            struct error *error);

/* checks_people.c */
enum status check_no_worker(const struct checking *checking, struct finding *out,
                            struct error *error);
enum status check_few_events(const struct checking *checking, struct finding *out,
                             struct error *error);
enum status check_few_clusters(const struct checking *checking, struct finding *out,
                               struct error *error);
enum status check_skewed(const struct checking *checking, struct finding *out, struct error *error);

/* checks_leverage.c */
enum status check_outliers(const struct checking *checking, struct finding *out,
                           struct error *error);

/* checks_past.c */
enum status check_regression_to_mean(const struct checking *checking, struct finding *out,
                                     struct error *error);

enum status check_season(const struct checking *checking, struct finding *out, struct error *error);

/* checks_usage.c */
enum status check_narrow_share(const struct checking *checking, struct finding *out,
                               struct error *error);
enum status check_chance_share(const struct checking *checking, struct finding *out,
                               struct error *error);
enum status check_unlinked_usage(const struct checking *checking, struct finding *out,
                                 struct error *error);
enum status check_marks_never_fail(const struct checking *checking, struct finding *out,
                                   struct error *error);
enum status check_marks_begin(const struct checking *checking, struct finding *out,
                              struct error *error);

/* checks_calendar.c */
enum status check_calendar_gaps(const struct checking *checking, struct finding *out,
                                struct error *error);
enum status check_mix_shift(const struct checking *checking, struct finding *out,
                            struct error *error);

#endif
