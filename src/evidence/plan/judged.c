#include "evidence/plan/judged.h"

#include "base/error.h"

enum status judged_failed(struct asking *asking, struct answered_plan *plan, enum status status,
                          const struct error *why, struct error *error)
{
    const char *name = arena_printf(asking->arena, "the plan %s", plan->planned.plan.name);
    *plan->row = planned_row(&plan->planned);
    if (asking_no_comparison(asking, name, status, why, &plan->row->comparison))
        return STATUS_OK;
    if (error != NULL)
        *error = *why;
    return status;
}

/* Those of the plans that are judged: with an answer that readers will see. */
static enum status find_judged(struct asking *asking, struct answered_plan *plans, size_t count,
                               bool running, struct answered_plan **out, size_t *out_count,
                               struct error *error)
{
    const struct evidence *all = asking->out;
    bool *shown = arena_array(asking->arena, all->row_count, sizeof *shown);
    *out_count = 0;
    enum status status = asking->request->shown(all, shown, error);
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        if (shown[plans[i].row - all->rows] && plans[i].row->comparison.exists &&
            (plans[i].row->plan.ended || running))
            out[(*out_count)++] = &plans[i];
    return status;
}

/* The row of one that cannot be estimated at another level: all but the comparison stays. */
static enum status give_up(struct asking *asking, struct answered_plan *plan, enum status status,
                           const struct error *why, struct error *error)
{
    const struct row before = *plan->row;
    status = judged_failed(asking, plan, status, why, error);
    plan->row->plan = before.plan;
    plan->row->change = before.change;
    plan->row->items = before.items;
    plan->row->workers = before.workers;
    plan->row->reach = before.reach;
    return status;
}

/* One that fails at another level is judged with the others no more, and what was withheld beside
   it may be shown. */
enum status judged_together(struct asking *asking, struct answered_plan *plans, size_t count,
                            bool running, struct selected *out, struct error *error)
{
    struct answered_plan **judged = arena_array(asking->arena, count, sizeof *judged);
    for (;;) {
        struct error why = {0};
        size_t judged_count = 0;
        enum status status =
            find_judged(asking, plans, count, running, judged, &judged_count, error);
        if (status != STATUS_OK)
            return status;
        size_t failed = judged_count;
        status = selection_judge(asking->workspace, judged, judged_count, asking->arena, out,
                                 &failed, &why);
        if (status == STATUS_OK)
            return STATUS_OK;
        status = give_up(asking, judged[failed], status, &why, error);
        if (status != STATUS_OK)
            return status;
    }
}
