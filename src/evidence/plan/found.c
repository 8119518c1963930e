#include "evidence/plan/found.h"

#include "base/error.h"
#include "evidence/plan/plans.h"
#include "workspace/plan_locks.h"

struct reading {
    struct asking *asking;
    struct plan_reader reader;
    struct locks locks;
};

static bool overlaps(struct days a, struct days b)
{
    return a.from < b.until && b.from < a.until;
}

static void say_unread(struct asking *asking, const char *name, const struct error *why)
{
    asking_unread(asking, arena_printf(asking->arena, "the plan %s", name), why,
                  arena_printf(asking->arena, "assay plan check %s", name));
}

/* A plan of the period, compiled, with its lock. */
static enum status read_plan(struct reading *reading, const char *name, struct found_plan *out,
                             bool *found, struct error *error)
{
    struct asking *asking = reading->asking;
    struct arena *arena = asking->arena;
    struct plan *plan = &out->planned.plan;
    struct lock *lock = &out->planned.lock;
    struct error why = {0};
    *found = false;
    out->why_not = NULL;
    enum status status = plan_reader_find(&reading->reader, name, plan, &why);
    if (status == STATUS_OK && !asking->period.all && !overlaps(plan->period, asking->period.days))
        return STATUS_OK;
    if (status == STATUS_OK)
        status = plan_reader_compile(&reading->reader, plan, &why);
    if (status == ERROR_INPUT || status == ERROR_IO) {
        say_unread(asking, name, &why);
        return STATUS_OK;
    }
    if (status == STATUS_OK) {
        *found = true;
        *lock = locks_of(&reading->locks, name);
        status = plan_check_answerable(plan, &why);
        if (status == STATUS_OK)
            status = lock_check(asking->workspace, arena, plan, lock, &why);
        if (status == ERROR_INPUT)
            out->why_not = asking_placed(asking, &why);
    }
    if (status == STATUS_OK || status == ERROR_INPUT)
        return STATUS_OK;
    if (error != NULL)
        *error = why;
    return status;
}

/* Who could remove a plan could remove its answer. */
static void say_gone(struct reading *reading, const struct plan_texts *names)
{
    struct arena *arena = reading->asking->arena;
    const struct plan_texts gone = locks_without_plan(&reading->locks, names, arena);
    for (size_t i = 0; i < gone.count; i++) {
        const struct lock lock = locks_of(&reading->locks, gone.list[i]);
        asking_cannot_say(reading->asking, arena_printf(arena, "the plan %s", gone.list[i]),
                          plans_gone(arena, gone.list[i], &lock),
                          arena_printf(arena, "assay plan show %s --locked", gone.list[i]));
    }
}

enum status found_plans(struct asking *asking, struct found_plans *out, struct error *error)
{
    struct arena *arena = asking->arena;
    struct reading reading = {.asking = asking};
    struct plan_texts names = {NULL, 0};
    *out = (struct found_plans){.count = 0};
    enum status status = plan_reader_begin(asking->workspace, arena, &reading.reader, error);
    if (status == STATUS_OK)
        status = locks_read(asking->workspace, arena, &reading.locks, error);
    if (status == STATUS_OK)
        status =
            plan_names(arena, workspace_path(asking->workspace, arena, "plans"), &names, error);
    if (status == STATUS_OK)
        say_gone(&reading, &names);
    out->files = names.count;
    struct found_plan *next = arena_alloc(arena, sizeof *next);
    for (size_t i = 0; status == STATUS_OK && i < names.count; i++) {
        bool found = false;
        status = read_plan(&reading, names.list[i], next, &found, error);
        if (status != STATUS_OK || !found)
            continue;
        out->list = arena_grow(arena, out->list, out->count, &out->capacity, sizeof *out->list);
        out->list[out->count++] = next;
        out->pairs += plan_pair_count(&next->planned.plan);
        next = arena_alloc(arena, sizeof *next);
    }
    return status;
}
