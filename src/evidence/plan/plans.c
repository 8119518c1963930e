#include "evidence/plan/plans.h"

#include "base/embedded.h"
#include "evidence/facts/metrics.h"
#include "evidence/sample/period.h"

enum status plans_named(struct workspace *workspace, const char *name, struct arena *arena,
                        struct plan *out, struct error *error)
{
    const struct place place = {.file = "plan"};
    struct formula_names names;
    enum status status = metrics_names(workspace, arena, &names, error);
    if (status == STATUS_OK)
        status =
            plan_find(arena, workspace_path(workspace, arena, "plans"), name, &place, out, error);
    if (status == STATUS_OK)
        status = plan_compile(arena, workspace->engine, &names,
                              workspace_path(workspace, arena, "metrics"), out, error);
    return status;
}

enum status plans_items(struct workspace *workspace, const struct plan *plan, struct arena *arena,
                        struct plan_items *out, struct error *error)
{
    struct frame frame;
    struct span span;
    enum status status = period_span(workspace, plan->period, arena, &span, error);
    if (status == STATUS_OK)
        status = engine_query(workspace->engine, embedded_text("evidence/plan/plan_items.sql"),
                              ENGINE_VALUES(engine_text("use_case", plan->use_case),
                                            engine_time("from", span.from),
                                            engine_time("until", span.until)),
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

enum status plans_span(struct workspace *workspace, const struct plan *plan, struct arena *arena,
                       struct span *now, struct span *before, struct error *error)
{
    struct plan_items items;
    enum status status = period_span(workspace, plan->period, arena, now, error);
    if (status == STATUS_OK)
        status = period_span(workspace, days_before(plan->period), arena, before, error);
    if (status == STATUS_OK)
        status = plans_items(workspace, plan, arena, &items, error);
    if (status == STATUS_OK)
        now->all = items.timeless;
    return status;
}
