#include "evidence/plan/answer_plans.h"

#include "base/error.h"
#include "evidence/compare/change.h"
#include "evidence/estimate/counts.h"
#include "evidence/estimate/effect.h"
#include "evidence/facts/metrics.h"
#include "evidence/plan/selection.h"

#include <math.h>
#include <string.h>

/* ---- Which plans ---------------------------------------------------------------------------- */

static bool overlaps(struct days a, struct days b)
{
    return a.from < b.until && b.from < a.until;
}

static const char *placed(struct arena *arena, const struct error *error)
{
    if (error->place[0] == '\0')
        return arena_text(arena, error->message);
    return arena_printf(arena, "%s: %s", error->place, error->message);
}

static void say_unread(struct asking *asking, const char *name, const struct error *why)
{
    asking_cannot_say(asking, arena_printf(asking->arena, "the plan %s", name),
                      placed(asking->arena, why),
                      arena_printf(asking->arena, "assay plan check %s", name));
}

/* A plan of the period, compiled, with its lock. why_not is set where it may not be answered. */
static enum status read_plan(struct asking *asking, const struct formula_names *names,
                             const char *name, struct planned *out, bool *found,
                             const char **why_not, struct error *error)
{
    const struct place place = {.file = "plan"};
    struct workspace *workspace = asking->workspace;
    struct arena *arena = asking->arena;
    struct error why = {0};
    *found = false;
    *why_not = NULL;
    enum status status =
        plan_find(arena, workspace_path(workspace, arena, "plans"), name, &place, &out->plan, &why);
    if (status == STATUS_OK && !asking->period.all &&
        !overlaps(out->plan.period, asking->period.days))
        return STATUS_OK;
    if (status == STATUS_OK)
        status = plan_compile(arena, workspace->engine, names,
                              workspace_path(workspace, arena, "metrics"), &out->plan, &why);
    if (status == ERROR_INPUT || status == ERROR_IO) {
        say_unread(asking, name, &why);
        return STATUS_OK;
    }
    if (status == STATUS_OK)
        status = lock_of(workspace, arena, name, &out->lock, &why);
    if (status == STATUS_OK) {
        *found = true;
        status = lock_check(workspace, arena, &out->plan, &out->lock, &why);
        if (status == ERROR_INPUT)
            *why_not = placed(arena, &why);
    }
    if (status == STATUS_OK || status == ERROR_INPUT)
        return STATUS_OK;
    if (error != NULL)
        *error = why;
    return status;
}

/* ---- A row ---------------------------------------------------------------------------------- */

static enum status ask(struct asking *asking, const struct plan *plan,
                       struct comparison_request *out, struct error *error)
{
    *out = (struct comparison_request){
        .landmark_minutes = NAN,
        .variance = VARIANCE_CR2,
        .errors = "cr2",
        .min_group = asking->out->min_group,
    };
    return plans_span(asking->workspace, plan, asking->arena, &out->span, &out->previous, error);
}

/* The items of the plan's use case in its period, which a reader takes the arms for a part of. */
static enum status take_cohort(struct asking *asking, const struct plan *plan,
                               const struct span *span, struct row *row, struct error *error)
{
    struct plan_items items;
    enum status status = asking_reach(asking, row->use_case, span, &row->reach, error);
    if (status == STATUS_OK)
        status = plans_items(asking->workspace, plan, asking->arena, &items, error);
    if (status == STATUS_OK) {
        row->items = items.items;
        row->workers = items.workers;
    }
    return status;
}

enum status answer_plans_beside(struct asking *asking, const struct plan *plan,
                                const struct span *span, struct row *row, struct error *error)
{
    enum status status = STATUS_OK;
    if (span->all)
        row->change = (struct change){.why_not = "the items have no times"};
    else
        status = change_estimate(asking->workspace, plan->use_case, &plan->primary.metric,
                                 &asking->period.now, &asking->period.before, asking->arena,
                                 &row->change, error);
    return status == STATUS_OK ? take_cohort(asking, plan, span, row, error) : status;
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
static enum status answer(struct asking *asking, struct answered_plan *plan, const char *why_not,
                          struct error *error)
{
    struct workspace *workspace = asking->workspace;
    struct arena *arena = asking->arena;
    const struct plan *of = &plan->planned.plan;
    struct error why = {0};
    enum status status = ask(asking, of, &plan->like, error);
    if (status != STATUS_OK)
        return status;
    if (why_not == NULL)
        why_not = runs_on(asking, of);
    if (why_not == NULL) {
        status = planned_compare(workspace, &plan->planned, &plan->like, false,
                                 asking->out->data_version, arena, plan->row, &why);
        if (status == ERROR_INPUT)
            why_not = placed(arena, &why);
        else if (status != STATUS_OK && error != NULL)
            *error = why;
    }
    if (why_not != NULL)
        status = planned_without_numbers(workspace, &plan->planned, &plan->like, why_not, arena,
                                         plan->row, error);
    return status == STATUS_OK ? answer_plans_beside(asking, of, &plan->like.span, plan->row, error)
                               : status;
}

/* ---- Together ------------------------------------------------------------------------------- */

/* What readers do not see must not move the level of what they do. */
static bool is_judged(const struct row *row, int64_t least)
{
    const struct comparison *comparison = &row->comparison;
    int64_t near = reach_between(&row->change.reach_now, &comparison->reach);
    return comparison->exists && row->plan.ended && comparison->fewest >= least &&
           comparison->arms[0].workers >= least && comparison->arms[1].workers >= least &&
           (near == 0 || near >= least);
}

static enum status judge(struct asking *asking, struct answered_plan *plans, size_t count,
                         struct error *error)
{
    struct answered_plan **judged = arena_array(asking->arena, count, sizeof *judged);
    size_t judged_count = 0;
    for (size_t i = 0; i < count; i++)
        if (is_judged(plans[i].row, asking->out->min_group))
            judged[judged_count++] = &plans[i];
    return selection_judge(asking->workspace, judged, judged_count, asking->arena,
                           &asking->out->selected, error);
}

enum status answer_plans(struct asking *asking, struct error *error)
{
    struct evidence *out = asking->out;
    struct arena *arena = asking->arena;
    struct plan_texts texts;
    struct formula_names names;
    size_t count = 0;
    enum status status =
        plan_names(arena, workspace_path(asking->workspace, arena, "plans"), &texts, error);
    if (status == STATUS_OK)
        status = metrics_names(asking->workspace, arena, &names, error);
    if (status != STATUS_OK)
        return status;
    struct answered_plan *plans = arena_array(arena, texts.count, sizeof *plans);
    out->rows = arena_array(arena, texts.count, sizeof *out->rows);
    for (size_t i = 0; i < texts.count && status == STATUS_OK; i++) {
        struct answered_plan *plan = &plans[count];
        const char *why_not = NULL;
        bool found = false;
        *plan = (struct answered_plan){.row = &out->rows[count]};
        status = read_plan(asking, &names, texts.list[i], &plan->planned, &found, &why_not, error);
        if (status != STATUS_OK || !found)
            continue;
        count++;
        out->row_count = count;
        status = answer(asking, plan, why_not, error);
    }
    return status == STATUS_OK ? judge(asking, plans, count, error) : status;
}

bool answer_plans_has(const struct evidence *evidence, const char *use_case)
{
    for (size_t i = 0; i < evidence->row_count; i++)
        if (evidence->rows[i].plan.name != NULL &&
            strcmp(evidence->rows[i].use_case, use_case) == 0)
            return true;
    return false;
}
