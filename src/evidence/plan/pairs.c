#include "evidence/plan/pairs.h"

struct planned pairs_one(struct arena *arena, const struct planned *planned, size_t which)
{
    return (struct planned){plan_pair(arena, &planned->plan, which), planned->lock};
}

/* Arms are apart: no item is in two of them. */
static void add_arm(struct arena *arena, const struct row *row, int arm, int min_group,
                    struct reach *out)
{
    const struct comparison *comparison = &row->comparison;
    if (comparison->exists && comparison->arms[arm].workers >= min_group)
        *out = reach_joined(arena, out, &comparison->reach_of_arm[arm]);
}

/* The row whose baseline has most items: others may leave some of them out. */
static const struct row *widest(const struct row *rows, size_t count)
{
    const struct row *most = &rows[0];
    for (size_t i = 1; i < count; i++)
        if (rows[i].comparison.exists &&
            (!most->comparison.exists ||
             rows[i].comparison.arms[0].items > most->comparison.arms[0].items))
            most = &rows[i];
    return most;
}

void pairs_join(struct arena *arena, int min_group, struct row *rows, size_t count)
{
    struct reach all = {0};
    if (count < 2)
        return;
    add_arm(arena, widest(rows, count), 0, min_group, &all);
    for (size_t i = 0; i < count; i++)
        add_arm(arena, &rows[i], 1, min_group, &all);
    for (size_t i = 0; i < count; i++)
        rows[i].plan.in_any = all;
}
