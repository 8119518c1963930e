/* Where all that is known of AI are totals per person and day, as a vendor's dashboard exports
   them: the items that people completed in weeks in which they used AI beside those of their other
   weeks, with what sets people apart and what weeks do to all taken out
   (evidence/estimate/weekly.h).

   An item belongs to the week of its close. How long it took does not enter into whether that week
   had AI, so that no landmark is needed; but a week's use may come after the close. */

#include "base/embedded.h"
#include "base/error.h"
#include "evidence/compare/comparing.h"
#include "evidence/compare/designs.h"
#include "evidence/compare/weekly_compare.h"
#include "evidence/estimate/weekly.h"
#include "evidence/sample/local_time.h"

#include <math.h>

static const char close_of_item[] = "facts.first_closed_at";

/* People's weeks with use, as SQL. */
static const char *weeks_used(struct arena *arena, const struct workspace *workspace)
{
    return TEXT_FILLED(arena, embedded_text("evidence/sample/weeks_used.sql"),
                       {"week", weekly_week(arena, workspace, "u.occurred_at")});
}

/* A source that reported from Monday to Friday would have told of use in the week. */
static const char *week_covered(struct arena *arena, const struct workspace *workspace)
{
    return arena_printf(arena, "%s <= 7 * (%s)::bigint - 3 and %s >= 7 * (%s)::bigint + 1",
                        weekly_day(arena, workspace, "facts.covered_from"),
                        weekly_week(arena, workspace, close_of_item),
                        weekly_day(arena, workspace, "facts.covered_until"),
                        weekly_week(arena, workspace, close_of_item));
}

static enum status totals_alone(struct workspace *workspace,
                                const struct comparison_request *request, const char *used,
                                struct arena *arena, bool *out, struct error *error)
{
    struct frame frame;
    enum status status = engine_query(
        workspace->engine,
        TEXT_FILLED(arena, embedded_text("evidence/sample/weeks_there.sql"), {"used", used}),
        cohort_values(arena, request->use_case, &request->span), arena, &frame, error);
    *out = status == STATUS_OK && frame_integer(&frame, 0, 0) == 0 &&
           frame_integer(&frame, 0, 1) == 0 && frame_integer(&frame, 0, 2) > 0;
    return status;
}

/* Flags that would change nothing are refused: who gives one believes in it. */
static enum status check_flags(const struct comparison_request *request, struct error *error)
{
    const char *flag = request->like_count > 0             ? "--like"
                       : request->by_count > 0             ? "--by"
                       : request->covariate_count > 0      ? "--adjust"
                       : request->earlier                  ? "--cuped"
                       : !isnan(request->landmark_minutes) ? "--landmark"
                       : !weekly_errors(request->variance) ? "--errors"
                                                           : NULL;
    if (flag == NULL)
        return STATUS_OK;
    return error_at(
        error, ERROR_INPUT, flag, 0, 0,
        "all that is known of AI here are daily totals, so that people's weeks with and "
        "without it are compared, and nothing else; leave it out");
}

enum status design_worker_week(struct workspace *workspace, const struct plan *plan,
                               const struct comparison_request *request, struct arena *arena,
                               struct row *row, struct error *error)
{
    struct comparison *out = &row->comparison;
    const char *used = weeks_used(arena, workspace);
    bool alone = false;
    (void)plan;
    if (request->span.all || request->arms.names != NULL)
        return STATUS_OK;
    enum status status = totals_alone(workspace, request, used, arena, &alone, error);
    if (status == STATUS_OK && alone)
        status = check_flags(request, error);
    if (status == STATUS_OK && alone)
        status = local_time_read(workspace, arena, error);
    if (status != STATUS_OK || !alone)
        return status;
    comparing_begin(request, row);
    struct sample sample = {
        .use_case = request->use_case,
        .metric = request->metric,
        .span = request->span,
        .arms = {.kind = ARMS_BY_WEEK,
                 .names = {"no_ai", "ai"},
                 .why = "all that is known of AI are totals per person and day, which name no item",
                 .weeks = weeks_used(arena, workspace),
                 .week = weekly_week(arena, workspace, close_of_item),
                 .week_covered = week_covered(arena, workspace)},
        .landmark_minutes = NAN,
        .scope = request->arms.scope,
        .cell = weekly_week(arena, workspace, close_of_item),
        .followed = request->metric->kind == METRIC_DURATION,
    };
    out->design = "worker_week";
    out->arms_from = ARMS_WEEK;
    out->arms_why = sample.arms.why;
    out->why_not = weekly_refusal(request->metric);
    if (out->why_not != NULL)
        return STATUS_OK;
    return weekly_compare(workspace, request, &sample, arena, row, error);
}
