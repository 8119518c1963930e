#include "evidence/compare/change_assigned.h"

#include "evidence/estimate/counts.h"
#include "evidence/sample/arms.h"

#include <math.h>

static enum status is_any_assigned(struct workspace *workspace, struct arena *arena, bool *out,
                                   struct error *error)
{
    struct frame frame;
    enum status status =
        engine_query(workspace->engine, "select exists (select 1 from assignment)::bigint",
                     ENGINE_NO_VALUES, arena, &frame, error);
    *out = status == STATUS_OK && frame_integer(&frame, 0, 0) != 0;
    return status;
}

/* The items of a period as they are compared where arms were assigned; found is false where they
   are compared as found. */
static enum status assigned_of(struct workspace *workspace, const struct sample *change,
                               const struct span *span, struct arena *arena, struct sample *out,
                               bool *found, struct error *error)
{
    const char *why_not = NULL;
    *out = (struct sample){
        .use_case = change->use_case,
        .metric = change->metric,
        .span = *span,
        .landmark_minutes = NAN,
    };
    enum status status =
        arms_find(workspace, change->use_case, span, &(struct arms_wish){.lumped = true}, arena,
                  &out->arms, &why_not, error);
    *found = status == STATUS_OK && why_not == NULL && out->arms.kind == ARMS_BY_ASSIGNMENT;
    return status;
}

/* Some of few people are in the change alone: keeps the assigned ones in a table of its own. */
static enum status keep_assigned(struct workspace *workspace, const struct sample *assigned,
                                 const char *table, struct arena *arena, struct error *error)
{
    const char *sql = arena_printf(arena,
                                   "create or replace temp table %s as select item_id from (%s) "
                                   "where arm is not null",
                                   table, sample_assigned_sql(arena, assigned));
    return engine_execute(workspace->engine, sql, sample_values(arena, assigned), NULL, error);
}

enum status change_assigned(struct workspace *workspace, const struct sample *change,
                            const struct sample_counts *counts, struct arena *arena,
                            const char **scope, struct error *error)
{
    static const struct {
        const char *table;
        const char *other_period;
    } sides[] = {{"assigned_before", ">="}, {"assigned_now", "<"}};
    const struct span *spans[] = {&change->arms.before, &change->span};
    bool any = false;
    enum status status = is_any_assigned(workspace, arena, &any, error);
    *scope = NULL;
    for (int side = 0; any && side < 2 && status == STATUS_OK; side++) {
        struct sample assigned;
        struct sample_counts of_arms = {0};
        bool found = false;
        status = assigned_of(workspace, change, spans[side], arena, &assigned, &found, error);
        if (status != STATUS_OK || !found)
            continue;
        status = counts_of_items(workspace, &assigned, arena, &of_arms, error);
        int64_t near = reach_between(&counts->reach[side], &of_arms.reach_of_both);
        if (status != STATUS_OK || near == 0 || near >= workspace_min_group(workspace))
            continue;
        status = keep_assigned(workspace, &assigned, sides[side].table, arena, error);
        *scope = arena_printf(arena,
                              "%s%s(facts.counted_at %s $now_from or facts.item_id in (select "
                              "item_id from %s))",
                              *scope != NULL ? *scope : "", *scope != NULL ? " and " : "",
                              sides[side].other_period, sides[side].table);
    }
    return status;
}
