/* More or less of a team's work with AI: its weeks with a larger share beside its weeks with a
   smaller one, with what the weeks do to all teams taken out, and which items came by chance
   (evidence/estimate/weekly.h). As found: what makes a team use more AI in a week may be what makes
   the week go otherwise. */

#include "base/error.h"
#include "evidence/compare/comparing.h"
#include "evidence/compare/designs.h"
#include "evidence/compare/weekly_compare.h"
#include "evidence/estimate/weekly.h"
#include "evidence/sample/local_time.h"

#include <math.h>

/* Flags that would change nothing are refused: who gives one believes in it. */
static enum status check_flags(const struct comparison_request *request, struct error *error)
{
    const char *flag = request->arms.names != NULL    ? "--arms"
                       : request->like_count > 0      ? "--like"
                       : request->by_count > 0        ? "--by"
                       : request->covariate_count > 0 ? "--adjust"
                       : request->earlier             ? "--cuped"
                       : request->span.all            ? "--dose"
                                                      : NULL;
    if (request->span.all)
        return error_at(error, ERROR_INPUT, "--dose", 0, 0,
                        "the items have no times, and weeks are what is compared; leave it out");
    if (flag != NULL)
        return error_at(error, ERROR_INPUT, flag, 0, 0,
                        "with --dose a team's weeks are compared by the share of their work with "
                        "AI, and with nothing else; leave it out");
    if (!isnan(request->landmark_minutes) && request->metric->kind != METRIC_DURATION)
        return error_at(error, ERROR_INPUT, "--landmark", 0, 0,
                        "only times count from a landmark; leave it out for this metric");
    const char *why_not = weekly_refusal(request->metric);
    if (why_not != NULL)
        return error_at(error, ERROR_INPUT, "--dose", 0, 0, "%s", why_not);
    if (!weekly_errors(request->variance))
        return error_at(error, ERROR_INPUT, "--errors", 0, 0,
                        "--dose has errors by team; write cr2 (the default), cr3, cr1 or cr0");
    return STATUS_OK;
}

enum status design_dose(struct workspace *workspace, const struct plan *plan,
                        const struct comparison_request *request, struct arena *arena,
                        struct row *row, struct error *error)
{
    struct comparison *out = &row->comparison;
    (void)plan;
    comparing_begin(request, row);
    enum status status = check_flags(request, error);
    if (status == STATUS_OK)
        status = local_time_read(workspace, arena, error);
    if (status != STATUS_OK)
        return status;
    struct sample sample = {
        .use_case = request->use_case,
        .metric = request->metric,
        .span = request->span,
        .landmark_minutes = NAN,
        .scope = request->arms.scope,
        .cell = weekly_week(arena, workspace, "facts.counted_at"),
        .by_team = true,
        .followed = request->metric->kind == METRIC_DURATION,
    };
    out->design = "dose";
    struct comparison_request found = *request;
    found.arms.as_found = true;
    status = comparison_arms(workspace, &found, arena, &sample, out, error);
    out->arms_why = "a team's share of work with AI was asked for (--dose)";
    if (status == STATUS_OK && out->why_not == NULL)
        status = comparison_landmark(workspace, request, arena, &sample, out, error);
    if (status == STATUS_OK && out->why_not == NULL)
        status = weekly_compare(workspace, request, &sample, arena, row, error);
    return status;
}
