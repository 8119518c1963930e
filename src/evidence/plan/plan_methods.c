#include "evidence/plan/plan_methods.h"

#include "evidence/sample/period.h"

enum status plan_methods(struct workspace *workspace, const char *name, struct arena *arena,
                         struct plan_methods *out, struct error *error)
{
    struct frame frame;
    struct span span;
    const struct answer_request request = {.plan = name};
    *out = (struct plan_methods){0};
    enum status status = planned_find(workspace, name, arena, &out->planned, error);
    if (status == STATUS_OK)
        status = period_span(workspace, out->planned.plan.period, arena, &span, error);
    if (status == STATUS_OK)
        status = engine_query(workspace->engine, "select epoch_us(max(data_end)) from facts",
                              ENGINE_NO_VALUES, arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    out->ended = frame.columns[0].valid[0] && frame_integer(&frame, 0, 0) >= span.until;
    return out->ended ? answer_plan(workspace, &request, arena, &out->evidence, error) : STATUS_OK;
}
