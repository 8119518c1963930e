#include "evidence/plan/selection.h"

static const double rate = 0.05;

static bool excludes_0(const struct row *row)
{
    struct interval interval = row->comparison.estimate.interval;
    return interval.low > 0 || interval.high < 0;
}

/* Can the plan's interval decide anything? As found, before and after a day, or beside a failed
   check it cannot, and to count it would make the level of the others looser. */
static bool decides(const struct row *row)
{
    const struct verdict *verdict = &row->verdict;
    return verdict->word != VERDICT_UNPROVEN ||
           (verdict->reason != REASON_AS_FOUND && verdict->reason != REASON_CHECK);
}

static double level_of(size_t count, size_t selected)
{
    return 1 - rate * (double)(selected > 0 ? selected : 1) / (double)count;
}

static enum status at_level(struct workspace *workspace, struct answered_plan *plan, double level,
                            struct arena *arena, struct error *error)
{
    plan->like.level = level;
    if (plan->row->comparison.level >= level) /* its own, or the one tried before */
        return STATUS_OK;
    return planned_at_level(workspace, &plan->planned, &plan->like, arena, plan->row, error);
}

/* The number of plans that exclude 0 at the level of as many. Intervals are nested in their levels,
   so that from R = N downwards only those that excluded 0 before can do so again. */
static enum status search(struct workspace *workspace, struct answered_plan *const *plans,
                          bool *excluding, size_t count, struct arena *arena, size_t *out,
                          size_t *failed, struct error *error)
{
    size_t tried = count;
    for (;;) {
        size_t found = 0;
        for (size_t i = 0; i < count; i++) {
            if (!excluding[i])
                continue;
            enum status status =
                at_level(workspace, plans[i], level_of(count, tried), arena, error);
            if (status != STATUS_OK) {
                *failed = i;
                return status;
            }
            excluding[i] = excludes_0(plans[i]->row);
            found += excluding[i];
        }
        *out = found;
        if (found >= tried || tried <= 1)
            return STATUS_OK;
        tried = found > 0 ? found : 1;
    }
}

static enum status judge(struct workspace *workspace, struct answered_plan *const *plans,
                         size_t count, struct arena *arena, struct selected *out, size_t *failed,
                         struct error *error)
{
    bool *excluding = arena_array(arena, count, sizeof *excluding);
    struct interval *unadjusted = arena_array(arena, count, sizeof *unadjusted);
    for (size_t i = 0; i < count; i++) {
        excluding[i] = decides(plans[i]->row);
        unadjusted[i] = plans[i]->row->comparison.estimate.interval;
    }
    enum status status =
        search(workspace, plans, excluding, count, arena, &out->selected, failed, error);
    out->level = level_of(count, out->selected);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        status = at_level(workspace, plans[i], out->level, arena, error);
        if (status != STATUS_OK)
            *failed = i;
        struct comparison *comparison = &plans[i]->row->comparison;
        comparison->among_plans = true;
        comparison->selected = excluding[i];
        comparison->unadjusted = unadjusted[i];
    }
    return status;
}

enum status selection_judge(struct workspace *workspace, struct answered_plan *const *plans,
                            size_t count, struct arena *arena, struct selected *out, size_t *failed,
                            struct error *error)
{
    *out = (struct selected){.plans = count};
    if (count == 0)
        return STATUS_OK;
    struct row *before = arena_array(arena, count, sizeof *before);
    for (size_t i = 0; i < count; i++)
        before[i] = *plans[i]->row;
    enum status status = judge(workspace, plans, count, arena, out, failed, error);
    for (size_t i = 0; i < count && status != STATUS_OK; i++)
        *plans[i]->row = before[i];
    return status;
}
