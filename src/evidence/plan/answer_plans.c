#include "evidence/plan/answer_plans.h"

#include "base/error.h"
#include "evidence/compare/change.h"
#include "evidence/estimate/counts.h"
#include "evidence/estimate/effect.h"
#include "evidence/plan/found.h"
#include "evidence/plan/judged.h"
#include "evidence/plan/pairs.h"
#include "evidence/plan/shared.h"
#include "evidence/plan/trials.h"

#include <math.h>
#include <string.h>

/* What the plans of the report share. */
struct reading {
    struct asking *asking;
    struct shared shared;
};

/* ---- A row ---------------------------------------------------------------------------------- */

static enum status ask(struct reading *reading, const struct plan *plan,
                       struct comparison_request *out, struct error *error)
{
    *out = (struct comparison_request){
        .landmark_minutes = NAN,
        .variance = VARIANCE_CR2,
        .errors = "cr2",
        .min_group = reading->asking->out->min_group,
    };
    enum status status = shared_span(&reading->shared, plan->period, &out->span, error);
    if (status == STATUS_OK)
        status = shared_span(&reading->shared, days_before(plan->period), &out->previous, error);
    return status;
}

/* The items of the plan's use case in its period, which a reader takes the arms for a part of. */
static void set_cohort(struct row *row, const struct cohort *cohort)
{
    row->reach = cohort->reach;
    row->items = cohort->items.items;
    row->workers = cohort->items.workers;
}

static struct change without_times(void)
{
    return (struct change){.why_not = "the items have no times"};
}

enum status answer_plans_beside(struct asking *asking, const struct plan *plan,
                                const struct span *span, const struct plan_items *items,
                                struct row *row, struct error *error)
{
    enum status status = STATUS_OK;
    if (span->all)
        row->change = without_times();
    else
        status = change_estimate(asking->workspace, plan->use_case, &plan->primary.metric,
                                 &asking->period.now, &asking->period.before, asking->arena,
                                 &row->change, error);
    if (status == STATUS_OK && !span->all)
        status = trials_beside(asking, plan->use_case, &plan->primary.metric, &row->change, error);
    struct cohort cohort = {.items = *items};
    if (status == STATUS_OK)
        status = asking_reach(asking, row->use_case, span, &cohort.reach, error);
    set_cohort(row, &cohort);
    return status;
}

/* A plan is judged in the report that its period ends in. */
static const char *runs_on(struct asking *asking, const struct plan *plan)
{
    if (asking->period.all || plan->period.until <= asking->period.days.until)
        return NULL;
    return arena_printf(asking->arena,
                        "the plan runs until %s; the report of the period in which it ends has its "
                        "answer",
                        day_format(asking->arena, plan->period.until - 1));
}

/* What a plan asks for and its data cannot have is said in its row. */
static enum status compare(struct reading *reading, struct answered_plan *plan,
                           const struct cohort *cohort, const char *why_not, struct error *error)
{
    struct asking *asking = reading->asking;
    struct workspace *workspace = asking->workspace;
    struct error why = {0};
    if (why_not == NULL)
        why_not = runs_on(asking, &plan->planned.plan);
    if (why_not == NULL) {
        enum status status =
            planned_compare(workspace, &plan->planned, &cohort->items, &plan->like, false,
                            asking->out->data_version, asking->arena, plan->row, &why);
        if (status == STATUS_OK)
            return STATUS_OK;
        if (status != ERROR_INPUT) {
            if (error != NULL)
                *error = why;
            return status;
        }
        why_not = asking_placed(asking, &why);
    }
    return planned_without_numbers(workspace, &plan->planned, &cohort->items, &plan->like.span,
                                   why_not, asking->arena, plan->row, error);
}

static enum status change_beside(struct reading *reading, struct answered_plan *plan,
                                 struct error *error)
{
    struct asking *asking = reading->asking;
    struct error why = {0};
    plan->row->change = without_times();
    if (plan->like.span.all)
        return STATUS_OK;
    enum status status =
        shared_change(&reading->shared, &plan->planned.plan, &plan->row->change, &why);
    if (status == STATUS_OK)
        return STATUS_OK;
    const char *what =
        arena_printf(asking->arena, "the plan %s, its change", plan->planned.plan.name);
    plan->row->change = (struct change){.why_not = asking_failed(asking, what, status, &why)};
    if (plan->row->change.why_not != NULL)
        return STATUS_OK;
    if (error != NULL)
        *error = why;
    return status;
}

/* A plan that fails has a row that says so; the others have theirs. */
static enum status answer(struct reading *reading, struct answered_plan *plan, const char *why_not,
                          struct error *error)
{
    struct asking *asking = reading->asking;
    struct cohort cohort = {.reach = {0}};
    struct error why = {0};
    enum status status = ask(reading, &plan->planned.plan, &plan->like, &why);
    if (status == STATUS_OK)
        status = shared_cohort(&reading->shared, &plan->planned.plan, &cohort, &why);
    plan->like.span.all = cohort.items.timeless;
    if (status == STATUS_OK)
        status = compare(reading, plan, &cohort, why_not, &why);
    if (status != STATUS_OK)
        status = judged_failed(asking, plan, status, &why, error);
    if (status != STATUS_OK)
        return status;
    set_cohort(plan->row, &cohort);
    return change_beside(reading, plan, error);
}

/* ---- Together ------------------------------------------------------------------------------- */

/* A row for each comparison of a plan.
   plans   by row of the report */
static enum status answer_pairs(struct reading *reading, const struct found_plan *found,
                                struct answered_plan *plans, struct error *error)
{
    struct evidence *out = reading->asking->out;
    struct arena *arena = reading->asking->arena;
    size_t first = out->row_count;
    size_t count = plan_pair_count(&found->planned.plan);
    enum status status = STATUS_OK;
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        struct answered_plan *plan = &plans[first + i];
        *plan = (struct answered_plan){.planned = pairs_one(arena, &found->planned, i),
                                       .row = &out->rows[first + i]};
        out->row_count = first + i + 1;
        status = answer(reading, plan, found->why_not, error);
    }
    if (status == STATUS_OK)
        pairs_join(arena, out->min_group, &out->rows[first], count);
    return status;
}

enum status answer_plans(struct asking *asking, struct error *error)
{
    struct evidence *out = asking->out;
    struct arena *arena = asking->arena;
    struct reading reading = {.asking = asking};
    struct found_plans found;
    enum status status = found_plans(asking, &found, error);
    if (status == STATUS_OK)
        status = shared_begin(asking, &reading.shared, error);
    /* At another level the same is asked again, and guardrails ask much that their plan asks. */
    engine_remember(asking->workspace->engine, arena);
    struct answered_plan *plans = arena_array(arena, found.pairs, sizeof *plans);
    out->rows = arena_array(arena, found.pairs, sizeof *out->rows);
    for (size_t i = 0; i < found.count && status == STATUS_OK; i++)
        status = answer_pairs(&reading, found.list[i], plans, error);
    if (status == STATUS_OK)
        status = judged_together(asking, plans, out->row_count, false, &out->selected, error);
    engine_forget(asking->workspace->engine);
    return status;
}

bool answer_plans_has(const struct evidence *evidence, const char *use_case)
{
    for (size_t i = 0; i < evidence->row_count; i++)
        if (evidence->rows[i].plan.name != NULL &&
            strcmp(evidence->rows[i].use_case, use_case) == 0)
            return true;
    return false;
}
