#include "evidence/compare/designs.h"

enum status designs_without_plan(struct workspace *workspace,
                                 const struct comparison_request *request, struct arena *arena,
                                 struct row *row, struct error *error)
{
    enum status status = comparison_estimate(workspace, request, arena, row, error);
    bool no_arms = !row->comparison.exists && row->comparison.arms_why == NULL;
    if (status == STATUS_OK && no_arms)
        status = design_worker_week(workspace, NULL, request, arena, row, error);
    return status;
}

design_estimate *design_of(enum plan_design design)
{
    static design_estimate *const designs[] = {
        [PLAN_RANDOMISED] = design_randomised,         [PLAN_SWITCHBACK] = design_switchback,
        [PLAN_STAGGERED] = design_staggered,           [PLAN_ENCOURAGEMENT] = design_encouragement,
        [PLAN_LIKE_WITH_LIKE] = design_like_with_like, [PLAN_BEFORE_AFTER] = design_before_after,
    };
    return designs[design];
}
