#include "evidence/plan/plans.h"

#include "base/embedded.h"
#include "base/error.h"
#include "base/table.h"
#include "evidence/facts/metrics.h"
#include "evidence/sample/period.h"

#include <unistd.h>

enum status plan_reader_begin(struct workspace *workspace, struct arena *arena,
                              struct plan_reader *out, struct error *error)
{
    *out = (struct plan_reader){
        .workspace = workspace,
        .arena = arena,
        .metrics = {.folder = workspace_path(workspace, arena, "metrics")},
    };
    return metrics_names(workspace, arena, &out->names, error);
}

static enum status find(struct workspace *workspace, const char *name, struct arena *arena,
                        struct plan *out, struct error *error)
{
    const struct place place = {.file = "plan"};
    return plan_find(arena, workspace_path(workspace, arena, "plans"), name, &place, out, error);
}

enum status plan_reader_find(struct plan_reader *reader, const char *name, struct plan *out,
                             struct error *error)
{
    return find(reader->workspace, name, reader->arena, out, error);
}

enum status plan_reader_compile(struct plan_reader *reader, struct plan *plan, struct error *error)
{
    return plan_compile(reader->arena, reader->workspace->engine, &reader->names, &reader->metrics,
                        plan, error);
}

const char *plans_gone(struct arena *arena, const char *name, const struct lock *lock)
{
    return arena_printf(arena,
                        "it was locked on %s, and plans/%s.yaml is gone; put back what was locked",
                        day_format(arena, lock->at / TIME_DAY), name);
}

/* Is the plan one that was locked, and has no file? The nearest name would be no help then. */
static enum status check_there(struct workspace *workspace, const char *name, struct arena *arena,
                               struct error *error)
{
    struct lock lock = {0};
    const char *path = workspace_path(workspace, arena, arena_printf(arena, "plans/%s.yaml", name));
    if (!plan_is_name(name) || access(path, F_OK) == 0)
        return STATUS_OK;
    enum status status = lock_of(workspace, arena, name, &lock, error);
    if (status == STATUS_OK && lock.locked)
        return error_at(error, ERROR_INPUT, arena_printf(arena, "plan %s", name), 0, 0,
                        "%s: assay plan show %s --locked", plans_gone(arena, name, &lock), name);
    return status;
}

enum status plans_written(struct workspace *workspace, const char *name, struct arena *arena,
                          struct plan *out, struct error *error)
{
    enum status status = check_there(workspace, name, arena, error);
    return status == STATUS_OK ? find(workspace, name, arena, out, error) : status;
}

enum status plans_named(struct workspace *workspace, const char *name, struct arena *arena,
                        struct plan *out, struct error *error)
{
    struct plan_reader reader = {0};
    enum status status = plans_written(workspace, name, arena, out, error);
    if (status == STATUS_OK)
        status = plan_reader_begin(workspace, arena, &reader, error);
    if (status == STATUS_OK)
        status = plan_reader_compile(&reader, out, error);
    return status == STATUS_OK ? plan_check_answerable(out, error) : status;
}

enum locked_when plans_locked_when(bool locked, int64_t at, const struct plan_items *items,
                                   const struct span *period)
{
    if (!locked)
        return LOCKED_NEVER;
    if (at >= period->until)
        return LOCKED_AFTER;
    if (items->timeless)
        return LOCKED_SOMETIME;
    return items->any && at > items->first ? LOCKED_WITHIN : LOCKED_BEFORE;
}

const char *locked_when_code(enum locked_when when)
{
    static const char *const codes[] = {NULL, "before", "within", "after", "unknown"};
    TABLE_OF(codes, LOCKED_WHENS);
    return codes[when];
}

enum status plans_items_in(struct workspace *workspace, const char *use_case,
                           const struct span *span, struct arena *arena, struct plan_items *out,
                           struct error *error)
{
    struct frame frame;
    enum status status = engine_query(
        workspace->engine, embedded_text("evidence/plan/plan_items.sql"),
        ENGINE_VALUES(engine_text("use_case", use_case), engine_time("from", span->from),
                      engine_time("until", span->until)),
        arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    *out = (struct plan_items){
        .items = frame_integer(&frame, 0, 0),
        .workers = frame_integer(&frame, 0, 1),
        .any = frame.columns[2].valid[0],
        .use_case = frame_integer(&frame, 0, 3),
        .timeless = frame_integer(&frame, 0, 4) == 1,
    };
    if (out->any)
        out->first = frame_integer(&frame, 0, 2);
    return STATUS_OK;
}

enum status plans_items(struct workspace *workspace, const struct plan *plan, struct arena *arena,
                        struct plan_items *out, struct error *error)
{
    struct span span;
    enum status status = period_span(workspace, plan->period, arena, &span, error);
    return status == STATUS_OK ? plans_items_in(workspace, plan->use_case, &span, arena, out, error)
                               : status;
}

enum status plans_span(struct workspace *workspace, const struct plan *plan, struct arena *arena,
                       struct span *now, struct span *before, struct error *error)
{
    struct plan_items items;
    enum status status = period_span(workspace, plan->period, arena, now, error);
    if (status == STATUS_OK)
        status = period_span(workspace, days_before(plan->period), arena, before, error);
    if (status == STATUS_OK)
        status = plans_items_in(workspace, plan->use_case, now, arena, &items, error);
    if (status == STATUS_OK)
        now->all = items.timeless;
    return status;
}

/* ---- Scope --------------------------------------------------------------------------------- */

static enum status add_few(struct workspace *workspace, const struct plan *plan, const char *column,
                           const struct plan_texts *values, struct arena *arena, const char **list,
                           size_t *count, struct error *error)
{
    struct frame frame;
    enum status status = STATUS_OK;
    for (size_t i = 0; i < values->count && status == STATUS_OK; i++) {
        status = engine_query(
            workspace->engine,
            arena_printf(arena,
                         "select count(distinct worker) from facts where use_case = $use_case and "
                         "%s = $value",
                         column),
            ENGINE_VALUES(engine_text("use_case", plan->use_case),
                          engine_text("value", values->list[i])),
            arena, &frame, error);
        if (status == STATUS_OK && frame_integer(&frame, 0, 0) < workspace_min_group(workspace))
            list[(*count)++] = arena_printf(arena, "%s %s", column, values->list[i]);
    }
    return status;
}

enum status plans_scope_few(struct workspace *workspace, const struct plan *plan,
                            struct arena *arena, struct plan_texts *out, struct error *error)
{
    const char **list = arena_array(arena, plan->teams.count + plan->roles.count + 1, sizeof *list);
    size_t count = 0;
    enum status status = add_few(workspace, plan, "team", &plan->teams, arena, list, &count, error);
    if (status == STATUS_OK)
        status = add_few(workspace, plan, "role", &plan->roles, arena, list, &count, error);
    *out = (struct plan_texts){list, count};
    return status;
}
