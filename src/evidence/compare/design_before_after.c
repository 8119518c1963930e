/* Work begun before a day beside work begun from it on, within the plan's period: the change of
   change.c, as the answer of a plan. It is weak, since whatever else came with that day is in it:
   the verdict goes no further than a leaning. With season: year the same change of the year before
   is taken off (season.h).

   An item belongs to the day on which it was opened (closed, for sources without a start), as in
   every cohort. By when work on it began it would be sorted by how long it waited, which is part of
   what times count. */

#include "base/error.h"
#include "evidence/compare/comparing.h"
#include "evidence/compare/designs.h"
#include "evidence/compare/season.h"
#include "evidence/sample/period.h"

#include <math.h>

/* ---- The moment that divides ------------------------------------------------------------ */

struct divide {
    int64_t at;
    const char *why; /* the arms */
    const char *why_not;
};

static enum status from_policy(struct workspace *workspace, const char *policy, struct arena *arena,
                               struct divide *out, struct error *error)
{
    struct frame frame;
    enum status status = engine_query(
        workspace->engine, "select epoch_us(starts_at) from policy where policy = $policy",
        ENGINE_VALUES(engine_text("policy", policy)), arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    if (frame.rows == 0)
        out->why_not = arena_printf(arena,
                                    "there is no policy %s in the data; import it (assay import "
                                    "policies FILE), or name the day: date: 2026-07-01",
                                    policy);
    else if (!frame.columns[0].valid[0])
        out->why_not = arena_printf(arena,
                                    "the policy %s has no start; name the day in the plan: "
                                    "date: 2026-07-01",
                                    policy);
    else
        out->at = frame_integer(&frame, 0, 0);
    out->why = arena_printf(arena, "the policy %s divides before and after", policy);
    return STATUS_OK;
}

static enum status divide_of(struct workspace *workspace, const struct plan *plan,
                             struct arena *arena, struct divide *out, struct error *error)
{
    struct span from = {0};
    *out = (struct divide){0};
    if (plan->policy != NULL)
        return from_policy(workspace, plan->policy, arena, out, error);
    enum status status =
        period_span(workspace, (struct days){plan->date, plan->date + 1}, arena, &from, error);
    out->at = from.from;
    out->why = arena_printf(arena, "%s divides before and after", day_format(arena, plan->date));
    return status;
}

/* ---- Together --------------------------------------------------------------------------- */

static enum status estimate(struct workspace *workspace, const struct plan *plan,
                            const struct comparison_request *request, struct sample *sample,
                            struct arena *arena, struct comparison *out, struct error *error)
{
    const struct precision precision = {request->level, request->variance, request->normal};
    struct cells cells;
    struct error why = {0};
    enum status status =
        cells_default(workspace, request->use_case, &sample->arms.before, arena, &cells, error);
    if (status != STATUS_OK)
        return status;
    if (plan->season) {
        sample->cell = cells.sql;
        out->cells = cells.label;
        return season_estimate(workspace, plan, request, sample, arena, out, error);
    }
    status = comparing_within(workspace, request, sample, &cells, 0, &precision, arena, out, &why);
    return comparing_refused(workspace, status, &why, sample, arena, out, error);
}

enum status design_before_after(struct workspace *workspace, const struct plan *plan,
                                const struct comparison_request *request, struct arena *arena,
                                struct row *row, struct error *error)
{
    struct comparison *out = &row->comparison;
    struct divide divide;
    comparing_begin(request, row);
    enum status status = divide_of(workspace, plan, arena, &divide, error);
    if (status != STATUS_OK)
        return status;
    if (divide.why_not == NULL && plan->policy != NULL &&
        (divide.at <= request->span.from || divide.at >= request->span.until))
        divide.why_not = arena_printf(arena,
                                      "the policy %s starts outside of the plan's period, so that "
                                      "there is no before, or no after; name a period around it",
                                      plan->policy);
    if (divide.why_not != NULL) {
        comparing_cannot(out, divide.why_not);
        return STATUS_OK;
    }
    struct sample sample = {
        .use_case = request->use_case,
        .metric = request->metric,
        .span = {false, divide.at, request->span.until},
        .arms = {.kind = ARMS_BY_PERIOD,
                 .before = {false, request->span.from, divide.at},
                 .names = {"before", "after"},
                 .why = divide.why},
        .landmark_minutes = NAN,
        .scope = request->arms.scope,
    };
    out->design = "before_after";
    out->arms_from = ARMS_PERIOD;
    out->arms_why = divide.why;
    status = estimate(workspace, plan, request, &sample, arena, out, error);
    if (status == STATUS_OK && out->why_not == NULL)
        status = comparing_finish(workspace, request, arena, &sample, row, error);
    if (status == STATUS_OK && plan->season && out->explain != NULL)
        season_explain(arena, out);
    return status;
}
