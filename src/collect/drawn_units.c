#include "collect/drawn_units.h"

#include "model/plan.h"

static bool draws(enum plan_design design)
{
    return design == PLAN_RANDOMISED || design == PLAN_SWITCHBACK || design == PLAN_STAGGERED ||
           design == PLAN_ENCOURAGEMENT;
}

static enum status fill(const struct workspace *workspace, struct engine_appender *appender,
                        struct arena *arena, struct error *error)
{
    const struct place place = {.file = "plan"};
    const char *folder = workspace_path(workspace, arena, "plans");
    struct plan_texts names;
    enum status status = plan_names(arena, folder, &names, error);
    for (size_t i = 0; status == STATUS_OK && i < names.count; i++) {
        struct plan plan;
        struct error ignored = {0};
        if (plan_find(arena, folder, names.list[i], &place, &plan, &ignored) != STATUS_OK ||
            !draws(plan.design))
            continue;
        const struct engine_value row[] = {
            engine_text("plan", names.list[i]),
            engine_text("unit_kind", plan_unit_name(plan.unit)),
        };
        status = engine_append(appender, row, 2, error);
    }
    return status;
}

enum status drawn_units_prepare(const struct workspace *workspace, struct engine *reading,
                                struct arena *arena, struct error *error)
{
    struct engine_appender *appender = NULL;
    enum status status =
        engine_run(reading,
                   "create table drawn_units (plan varchar, unit_kind varchar);"
                   "create macro drawn_unit(named) as (select any_value(u.unit_kind) from "
                   "drawn_units u where u.plan = named)",
                   error);
    if (status != STATUS_OK || workspace == NULL)
        return status;
    status = engine_appender_open(reading, "drawn_units", &appender, error);
    if (status != STATUS_OK)
        return status;
    status = fill(workspace, appender, arena, error);
    enum status closed = engine_appender_close(appender, status == STATUS_OK ? error : NULL);
    return status == STATUS_OK ? closed : status;
}
