#include "model/plan_arms.h"

#include "base/text.h"

#include <string.h>

/* ---- What arms a plan may have --------------------------------------------------------------- */

static enum status check_names_differ(const struct yaml *node, const struct plan_texts *arms,
                                      struct error *error)
{
    for (size_t i = 1; i < arms->count; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(arms->list[j], arms->list[i]) == 0)
                return yaml_error(node->values[i], "arms", error, "%s arms are \"%.60s\"",
                                  arms->count == 2 ? "both" : "two", arms->list[i]);
    return STATUS_OK;
}

static enum status check_many(const struct yaml *node, const struct yaml *root, struct plan *plan,
                              struct error *error)
{
    const struct yaml *probability = yaml_get(yaml_get(root, "design"), "probability");
    bool drawn = plan->design == PLAN_RANDOMISED;
    if (!drawn && plan->design != PLAN_LIKE_WITH_LIKE)
        return yaml_error(node->values[2], "arms", error,
                          "a plan of the design %s compares two arms; more are drawn with "
                          "design: {kind: randomised}, or found with like_with_like, or take a "
                          "plan each",
                          plan_design_name(plan->design));
    if (plan->arms.count > plan_arms_max)
        return yaml_error(node->values[plan_arms_max], "arms", error,
                          "a plan has at most %d arms: of many, some differ by chance",
                          plan_arms_max);
    if (!drawn)
        return STATUS_OK;
    if (probability != NULL)
        return yaml_error(probability, "probability", error,
                          "of more than two arms each has an equal share; leave it out");
    /* Units are drawn into all of the arms at once. */
    plan->probability = 1 / (double)plan->arms.count;
    return STATUS_OK;
}

enum status plan_arms_check(const struct yaml *root, struct plan *plan, struct error *error)
{
    const struct yaml *node = yaml_get(root, "arms");
    enum status status = check_names_differ(node, &plan->arms, error);
    return status == STATUS_OK && plan->arms.count > 2 ? check_many(node, root, plan, error)
                                                       : status;
}

/* ---- Each beside the baseline ---------------------------------------------------------------- */

size_t plan_pair_count(const struct plan *plan)
{
    return plan->arms.count - 1;
}

const char *plan_others(struct arena *arena, const struct plan *plan)
{
    return text_joined(arena, plan->arms.list + 1, plan_pair_count(plan));
}

struct plan plan_pair(struct arena *arena, const struct plan *plan, size_t which)
{
    struct plan pair = *plan;
    if (plan->arms.count == 2)
        return pair;
    const char **names = arena_array(arena, 2, sizeof *names);
    names[0] = plan->arms.list[0];
    names[1] = plan->arms.list[1 + which];
    pair.arms = (struct plan_texts){names, 2};
    pair.all_arms = plan->arms;
    pair.probability = 0.5;
    return pair;
}
