/* Two arms side by side: as the plan assigned them, or as found within its cells. */

#include "evidence/compare/designs.h"

#include <string.h>

static const struct formula *compiled_of(struct arena *arena, const struct plan_formulas *formulas,
                                         const char *const **labels)
{
    struct formula *list = arena_array(arena, formulas->count, sizeof *list);
    const char **names = arena_array(arena, formulas->count, sizeof *names);
    for (size_t i = 0; i < formulas->count; i++) {
        const struct metric_formula *formula = &formulas->list[i];
        list[i] = formula->compiled;
        names[i] = strcmp(formula->text, "worker") == 0 ? "person" : formula->text;
    }
    *labels = names;
    return list;
}

void design_as_drawn(const struct plan *plan, struct arena *arena,
                     struct comparison_request *request)
{
    request->arms.plan = plan->name;
    request->strata = compiled_of(arena, &plan->strata, &request->strata_labels);
    request->strata_count = plan->strata.count;
}

enum status design_randomised(struct workspace *workspace, const struct plan *plan,
                              const struct comparison_request *request, struct arena *arena,
                              struct row *row, struct error *error)
{
    struct comparison_request assigned = *request;
    design_as_drawn(plan, arena, &assigned);
    return comparison_estimate(workspace, &assigned, arena, row, error);
}

enum status design_switchback(struct workspace *workspace, const struct plan *plan,
                              const struct comparison_request *request, struct arena *arena,
                              struct row *row, struct error *error)
{
    struct comparison_request turns = *request;
    turns.arms.plan = plan->name;
    turns.block = plan->block;
    turns.washout = plan->washout;
    return comparison_estimate(workspace, &turns, arena, row, error);
}

enum status design_like_with_like(struct workspace *workspace, const struct plan *plan,
                                  const struct comparison_request *request, struct arena *arena,
                                  struct row *row, struct error *error)
{
    struct comparison_request found = *request;
    found.arms.as_found = true;
    found.sensitivity = true;
    found.like = compiled_of(arena, &plan->cells, &found.like_labels);
    found.like_count = plan->cells.count;
    if (plan->landmark > 0 && request->metric->kind == METRIC_DURATION)
        found.landmark_minutes = (double)plan->landmark / 6e7;
    return comparison_estimate(workspace, &found, arena, row, error);
}
