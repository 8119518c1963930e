#include "evidence/plan/plan_methods.h"

enum status plan_methods(struct workspace *workspace, const char *name, answer_shown shown,
                         struct arena *arena, struct plan_methods *out, struct error *error)
{
    const struct answer_request request = {.plan = name, .shown = shown};
    *out = (struct plan_methods){0};
    enum status status = planned_find(workspace, name, arena, &out->planned, error);
    if (status == STATUS_OK)
        status = planned_ended(workspace, &out->planned.plan, arena, &out->ended, error);
    if (status != STATUS_OK)
        return status;
    return out->ended ? answer_plan(workspace, &request, arena, &out->evidence, error) : STATUS_OK;
}
