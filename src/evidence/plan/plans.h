/* evidence/plan/plans.h: plans of a workspace, compiled against its facts and held against its
 * data. */

#ifndef EVIDENCE_PLANS_H
#define EVIDENCE_PLANS_H

#include "evidence/result.h"
#include "evidence/sample/cohort.h"
#include "model/plan.h"
#include "workspace/plan_locks.h"
#include "workspace/workspace.h"

/* What is read once where many plans are: what formulas may name, and the metrics so far. */
struct plan_reader {
    struct workspace *workspace;
    struct arena *arena;
    struct formula_names names;
    struct metrics_known metrics;
};

/* Facts have to be current. */
enum status plan_reader_begin(struct workspace *workspace, struct arena *arena,
                              struct plan_reader *out, struct error *error);

/* The plan plans/NAME.yaml as it is written, and then what it names. */
enum status plan_reader_find(struct plan_reader *reader, const char *name, struct plan *out,
                             struct error *error);
enum status plan_reader_compile(struct plan_reader *reader, struct plan *plan, struct error *error);

/* The plan plans/NAME.yaml as it is written: what it names is not looked up.
   ERROR_INPUT as of plan_find; of a plan that was locked and has no file, that it is gone. */
enum status plans_written(struct workspace *workspace, const char *name, struct arena *arena,
                          struct plan *out, struct error *error);

/* The plan plans/NAME.yaml, compiled. Facts have to be current.
   ERROR_INPUT as of plans_written, plan_compile and plan_check_answerable. */
enum status plans_named(struct workspace *workspace, const char *name, struct arena *arena,
                        struct plan *out, struct error *error);

/* What to say of a plan that was locked and whose file is gone. */
const char *plans_gone(struct arena *arena, const char *name, const struct lock *lock);

/* What the data hold for a plan: items of its use case opened in its period. */
struct plan_items {
    int64_t items;
    int64_t workers;
    bool any;         /* else first is not known */
    int64_t first;    /* microseconds: when the first of them was opened */
    int64_t use_case; /* items of the use case at any time */
    bool timeless;    /* none of them has a time: all are the plan's */
};

/* When a plan was locked that has these items in the span of its period. */
enum locked_when plans_locked_when(bool locked, int64_t at, const struct plan_items *items,
                                   const struct span *period);

/* Of a use case in a span. */
enum status plans_items_in(struct workspace *workspace, const char *use_case,
                           const struct span *span, struct arena *arena, struct plan_items *out,
                           struct error *error);

enum status plans_items(struct workspace *workspace, const struct plan *plan, struct arena *arena,
                        struct plan_items *out, struct error *error);

/* The plan's period and the one before it as moments; now->all where no item of its use case has a
   time (a trial's table), and then its from and until are the period's nevertheless. */
enum status plans_span(struct workspace *workspace, const struct plan *plan, struct arena *arena,
                       struct span *now, struct span *before, struct error *error);

/* Teams and roles of the plan's scope ("team north") of which fewer than min_group people have an
   item of the use case. */
enum status plans_scope_few(struct workspace *workspace, const struct plan *plan,
                            struct arena *arena, struct plan_texts *out, struct error *error);

#endif
