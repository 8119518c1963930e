#include "evidence/plan/trials.h"

#include "evidence/estimate/effect.h"
#include "evidence/plan/planned.h"

#include <string.h>

struct trial {
    struct plan plan;
    bool is_read; /* compiled, and reach is known */
    struct reach reach;
};

/* Those of all use cases and times, once for a question. */
struct trials {
    struct plan_reader reader;
    struct trial *list;
    size_t count;
    size_t capacity;
};

static bool assigns(enum plan_design design)
{
    return design != PLAN_LIKE_WITH_LIKE && design != PLAN_BEFORE_AFTER;
}

/* A plan that cannot be read has no comparison. */
static enum status find_trials(struct asking *asking, struct error *error)
{
    struct arena *arena = asking->arena;
    struct trials *trials = arena_alloc(arena, sizeof *trials);
    struct plan_texts names;
    *trials = (struct trials){.count = 0};
    enum status status =
        plan_names(arena, workspace_path(asking->workspace, arena, "plans"), &names, error);
    if (status == STATUS_OK && names.count > 0)
        status = plan_reader_begin(asking->workspace, arena, &trials->reader, error);
    for (size_t i = 0; i < names.count && status == STATUS_OK; i++) {
        struct trial trial = {.is_read = false};
        struct error why = {0};
        if (plan_reader_find(&trials->reader, names.list[i], &trial.plan, &why) != STATUS_OK ||
            !assigns(trial.plan.design))
            continue;
        trials->list =
            arena_grow(arena, trials->list, trials->count, &trials->capacity, sizeof *trials->list);
        trials->list[trials->count++] = trial;
    }
    asking->trials = trials;
    return status;
}

/* Ends in the period, or within it before its end: then both have been shown. */
static bool meets(const struct plan *plan, struct days days)
{
    return plan->period.from < days.until && plan->period.until > days.from &&
           plan->period.until <= days.until;
}

static enum status read_reach(struct asking *asking, struct trial *trial, struct error *error)
{
    struct span span;
    struct span previous;
    struct error why = {0};
    if (trial->is_read)
        return STATUS_OK;
    trial->is_read = true;
    if (plan_reader_compile(&asking->trials->reader, &trial->plan, &why) != STATUS_OK)
        return STATUS_OK;
    enum status status =
        plans_span(asking->workspace, &trial->plan, asking->arena, &span, &previous, error);
    if (status != STATUS_OK)
        return status;
    status = planned_reach(asking->workspace, &trial->plan, &span, &previous,
                           asking->out->min_group, asking->arena, &trial->reach, &why);
    if (status == STATUS_OK || status == ERROR_INPUT)
        return STATUS_OK;
    if (error != NULL)
        *error = why;
    return status;
}

static void keep_fewest(int64_t workers, int64_t *out)
{
    if (workers > 0 && (*out == 0 || workers < *out))
        *out = workers;
}

static bool is_alike(const struct metric *a, const struct metric *b)
{
    const struct metric_shown x = effect_metric(a);
    const struct metric_shown y = effect_metric(b);
    return strcmp(x.unit, y.unit) == 0 && strcmp(x.kind, y.kind) == 0;
}

enum status trials_beside(struct asking *asking, const char *use_case, const struct metric *metric,
                          struct change *change, struct error *error)
{
    const struct {
        struct days days;
        const struct reach *reach;
    } sides[] = {{asking->period.against, &change->reach_before},
                 {asking->period.days, &change->reach_now}};
    enum status status = STATUS_OK;
    if (asking->period.all)
        return STATUS_OK;
    if (asking->trials == NULL)
        status = find_trials(asking, error);
    for (size_t i = 0; status == STATUS_OK && i < asking->trials->count; i++) {
        struct trial *trial = &asking->trials->list[i];
        for (int side = 0; side < 2 && status == STATUS_OK; side++) {
            if (strcmp(trial->plan.use_case, use_case) != 0 ||
                !meets(&trial->plan, sides[side].days) || sides[side].reach->count == 0)
                continue;
            status = read_reach(asking, trial, error);
            if (status != STATUS_OK || trial->reach.count == 0)
                continue;
            keep_fewest(reach_between(sides[side].reach, &trial->reach),
                        is_alike(metric, &trial->plan.primary.metric) ? &change->beside_trial
                                                                      : &change->beside_other);
        }
    }
    return status;
}
