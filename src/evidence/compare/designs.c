#include "evidence/compare/designs.h"

design_estimate *design_of(enum plan_design design)
{
    static design_estimate *const designs[] = {
        [PLAN_RANDOMISED] = design_randomised,         [PLAN_SWITCHBACK] = design_switchback,
        [PLAN_STAGGERED] = design_staggered,           [PLAN_ENCOURAGEMENT] = design_encouragement,
        [PLAN_LIKE_WITH_LIKE] = design_like_with_like, [PLAN_BEFORE_AFTER] = design_before_after,
    };
    return designs[design];
}
