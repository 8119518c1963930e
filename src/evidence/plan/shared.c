#include "evidence/plan/shared.h"

#include "evidence/compare/change.h"
#include "evidence/plan/trials.h"

enum status shared_begin(struct asking *asking, struct shared *out, struct error *error)
{
    struct frame frame;
    struct arena *arena = asking->arena;
    *out = (struct shared){
        .asking = asking,
        .days = {.arena = arena},
        .cohorts = {.arena = arena},
        .changes = {.arena = arena},
    };
    enum status status =
        engine_query(asking->workspace->engine,
                     "select coalesce(epoch_us(timezone($zone, max(counted_at)::timestamptz)) // "
                     "86400000000, 0) from facts",
                     ENGINE_VALUES(engine_text("zone", asking->workspace->settings.time_zone)),
                     arena, &frame, error);
    if (status == STATUS_OK)
        out->last_day = frame_integer(&frame, 0, 0);
    return status;
}

/* ---- Days ----------------------------------------------------------------------------------- */

static enum status moment_of(struct shared *shared, int64_t day, int64_t *out, struct error *error)
{
    struct arena *arena = shared->asking->arena;
    const char *key = arena_printf(arena, "%lld", (long long)day);
    size_t number = lookup_find(&shared->days, key);
    if (number == SIZE_MAX) {
        struct span span;
        enum status status = period_span(shared->asking->workspace, (struct days){day, day + 1},
                                         arena, &span, error);
        if (status != STATUS_OK)
            return status;
        number = lookup_add(&shared->days, key, NULL);
        shared->moments = arena_grow(arena, shared->moments, number, &shared->moments_capacity,
                                     sizeof *shared->moments);
        shared->moments[number] = span.from;
    }
    *out = shared->moments[number];
    return STATUS_OK;
}

enum status shared_span(struct shared *shared, struct days days, struct span *out,
                        struct error *error)
{
    *out = (struct span){.all = false};
    enum status status = moment_of(shared, days.from, &out->from, error);
    return status == STATUS_OK ? moment_of(shared, days.until, &out->until, error) : status;
}

/* ---- Items ---------------------------------------------------------------------------------- */

static enum status read_cohort(struct shared *shared, const char *use_case, const struct span *span,
                               struct cohort *out, struct error *error)
{
    struct asking *asking = shared->asking;
    *out = (struct cohort){.reach = {0}};
    enum status status =
        plans_items_in(asking->workspace, use_case, span, asking->arena, &out->items, error);
    struct span of_items = *span;
    of_items.all = out->items.timeless;
    return status == STATUS_OK ? asking_reach(asking, use_case, &of_items, &out->reach, error)
                               : status;
}

/* Plans that begin together and run beyond the data have the same items so far. */
enum status shared_cohort(struct shared *shared, const struct plan *plan, struct cohort *out,
                          struct error *error)
{
    struct arena *arena = shared->asking->arena;
    struct days days = plan->period;
    if (days.until > shared->last_day + 1 && days.from <= shared->last_day)
        days.until = shared->last_day + 1;
    const char *key = arena_printf(arena, "%lld %lld %s", (long long)days.from,
                                   (long long)days.until, plan->use_case);
    size_t number = lookup_find(&shared->cohorts, key);
    if (number == SIZE_MAX) {
        struct span span;
        struct cohort cohort;
        enum status status = shared_span(shared, days, &span, error);
        if (status == STATUS_OK)
            status = read_cohort(shared, plan->use_case, &span, &cohort, error);
        if (status != STATUS_OK)
            return status;
        number = lookup_add(&shared->cohorts, key, NULL);
        shared->cohort = arena_grow(arena, shared->cohort, number, &shared->cohort_capacity,
                                    sizeof *shared->cohort);
        shared->cohort[number] = cohort;
    }
    *out = shared->cohort[number];
    return STATUS_OK;
}

/* ---- Change --------------------------------------------------------------------------------- */

enum status shared_change(struct shared *shared, const struct plan *plan, struct change *out,
                          struct error *error)
{
    struct asking *asking = shared->asking;
    const struct metric *metric = &plan->primary.metric;
    /* The horizon is the plan's own where it says one; a metric's name holds no blank. */
    const char *key = arena_printf(asking->arena, "%s %lld %s", metric->name,
                                   (long long)metric->horizon, plan->use_case);
    size_t number = lookup_find(&shared->changes, key);
    if (number == SIZE_MAX) {
        struct change change;
        enum status status =
            change_estimate(asking->workspace, plan->use_case, metric, &asking->period.now,
                            &asking->period.before, asking->arena, &change, error);
        if (status == STATUS_OK)
            status = trials_beside(asking, plan->use_case, metric, &change, error);
        if (status != STATUS_OK)
            return status;
        number = lookup_add(&shared->changes, key, NULL);
        shared->change = arena_grow(asking->arena, shared->change, number, &shared->change_capacity,
                                    sizeof *shared->change);
        shared->change[number] = change;
    }
    *out = shared->change[number];
    return STATUS_OK;
}
