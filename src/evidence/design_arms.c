/* Two arms side by side: as the plan assigned them, or as found within its cells. */

#include "evidence/designs.h"

#include <string.h>

enum status design_randomised(struct workspace *workspace, const struct plan *plan,
                              const struct comparison_request *request, struct arena *arena,
                              struct row *row, struct error *error)
{
    struct comparison_request assigned = *request;
    assigned.arms.plan = plan->name;
    return comparison_estimate(workspace, &assigned, arena, row, error);
}

static void take_cells(struct arena *arena, const struct plan *plan,
                       struct comparison_request *request)
{
    struct formula *list = arena_array(arena, plan->cells.count, sizeof *list);
    const char **labels = arena_array(arena, plan->cells.count, sizeof *labels);
    for (size_t i = 0; i < plan->cells.count; i++) {
        const struct metric_formula *cell = &plan->cells.list[i];
        list[i] = cell->compiled;
        labels[i] = strcmp(cell->text, "worker") == 0 ? "person" : cell->text;
    }
    request->like = list;
    request->like_labels = labels;
    request->like_count = plan->cells.count;
}

enum status design_like_with_like(struct workspace *workspace, const struct plan *plan,
                                  const struct comparison_request *request, struct arena *arena,
                                  struct row *row, struct error *error)
{
    struct comparison_request found = *request;
    found.arms.as_found = true;
    take_cells(arena, plan, &found);
    if (plan->landmark > 0 && request->metric->kind == METRIC_DURATION)
        found.landmark_minutes = (double)plan->landmark / 6e7;
    return comparison_estimate(workspace, &found, arena, row, error);
}
