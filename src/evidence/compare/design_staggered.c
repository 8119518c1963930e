/* Units that start one after the other: what changed where it had started, beside those that had
   not yet (docs/methods/staggered.md). */

#include "base/embedded.h"
#include "base/error.h"
#include "base/hash.h"
#include "evidence/compare/comparing.h"
#include "evidence/compare/designs.h"
#include "evidence/estimate/staggered.h"
#include "evidence/sample/cells.h"
#include "evidence/sample/local_time.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Draws of a plan and metric are the same whenever they are asked for. */
static uint64_t seed_of(struct arena *arena, const struct plan *plan, const struct metric *metric)
{
    char hex[hash_hex_length + 1];
    const char *text = arena_printf(arena, "%s/%s", plan->name, metric->name);
    hash_sha256(text, strlen(text), hex);
    hex[16] = '\0';
    return strtoull(hex, NULL, 16);
}

/* What the units were drawn within. */
static enum status find_strata(struct workspace *workspace, const struct plan *plan,
                               const struct comparison_request *request, struct arena *arena,
                               struct waves *waves, struct error *error)
{
    struct comparison_request drawn = *request;
    struct cells cells;
    if (plan->strata.count == 0)
        return STATUS_OK;
    design_as_drawn(plan, arena, &drawn);
    enum status status = cells_of(workspace, request->use_case, &request->span, drawn.strata,
                                  drawn.strata_labels, drawn.strata_count, arena, &cells, error);
    if (status != STATUS_OK)
        return status;
    waves->strata_by = cells.label;
    waves->strata = TEXT_FILLED(arena, embedded_text("evidence/sample/unit_strata.sql"),
                                {"unit", plan->unit == PLAN_WORKER ? "facts.worker" : "facts.team"},
                                {"stratum", cells.sql});
    return STATUS_OK;
}

/* Fills counts and estimate, or why_not of the comparison. */
static enum status estimate(struct workspace *workspace, const struct plan *plan,
                            const struct comparison_request *request, struct sample *sample,
                            const struct waves *waves, const struct panel_outcome *outcome,
                            struct arena *arena, struct comparison *out, struct error *error)
{
    struct sample_counts counts = {0};
    struct estimated estimated = {0};
    struct event_study *events = arena_alloc(arena, sizeof *events);
    const char *why_not = NULL;
    int64_t fewest = 0;
    sample->metric = &outcome->metric;
    enum status status = outcome->metric.kind == METRIC_RATIO
                             ? count_ratio(workspace, sample, arena, &counts, error)
                             : sample_count(workspace, sample, arena, &counts, error);
    if (status != STATUS_OK)
        return status;
    comparing_counts(sample, &counts, out);
    if (request->reach_only) {
        comparing_cannot(out, "only who is in its arms was asked for");
        return STATUS_OK;
    }
    status = estimate_staggered(workspace, plan, sample, waves, outcome, request->level,
                                seed_of(arena, plan, request->metric), arena, &estimated, events,
                                &fewest, &why_not, error);
    if (status != STATUS_OK || why_not != NULL) {
        comparing_cannot(out, why_not);
        return status;
    }
    events->drawn = waves->drawn;
    if (events->fewest < request->min_group) /* what nobody may see decides no verdict either */
        events->has_trend = false;
    out->events = events;
    out->strata = (struct strata_used){.by = waves->strata_by, .count = events->strata};
    if (fewest < out->fewest)
        out->fewest = fewest;
    sample->metric = request->metric;
    return comparing_effect(sample, &estimated, "influence", out, error);
}

static enum status compare(struct workspace *workspace, const struct plan *plan,
                           const struct comparison_request *request, struct sample *sample,
                           struct arena *arena, struct row *row, struct error *error)
{
    struct comparison *out = &row->comparison;
    struct waves waves;
    struct panel_outcome *outcome = arena_alloc(arena, sizeof *outcome);
    struct error why = {0};
    enum status status = waves_find(workspace, plan, sample, arena, &waves, &out->why_not, error);
    if (status == STATUS_OK && out->why_not == NULL) {
        status = panel_outcome_of(workspace, request->metric, sample, arena, outcome, error);
        out->why_not = outcome->why_not;
    }
    if (status == STATUS_OK && out->why_not == NULL)
        status = find_strata(workspace, plan, request, arena, &waves, error);
    if (status != STATUS_OK || out->why_not != NULL)
        return status;
    sample->arms.waves = waves.sql;
    sample->arms.why = waves.why;
    out->arms_from = waves.from_seats ? ARMS_SEAT : ARMS_ASSIGNED;
    out->arms_why = waves.why;
    out->plan = waves.from_seats ? NULL : plan->name;
    status = estimate(workspace, plan, request, sample, &waves, outcome, arena, out, &why);
    if (status == STATUS_OK && request->reach_only)
        return STATUS_OK;
    status = comparing_refused(workspace, status, &why, sample, arena, out, error);
    if (status == STATUS_OK && out->why_not == NULL)
        status = comparing_finish(workspace, request, arena, sample, row, error);
    return status;
}

enum status design_staggered(struct workspace *workspace, const struct plan *plan,
                             const struct comparison_request *request, struct arena *arena,
                             struct row *row, struct error *error)
{
    comparing_begin(request, row);
    enum status status = local_time_read(workspace, arena, error);
    if (status != STATUS_OK)
        return status;
    struct sample sample = {
        .use_case = request->use_case,
        .metric = request->metric,
        .span = request->span,
        .arms = {.kind = ARMS_BY_WAVE,
                 .plan = plan->name,
                 .unit_kind = plan_unit_name(plan->unit),
                 .begun = waves_begun_within(arena, workspace, plan, "facts.counted_at",
                                             "assigned.since"),
                 .names = {plan->arms.list[0], plan->arms.list[1]}},
        .landmark_minutes = NAN,
        .scope = request->arms.scope,
        .cell = waves_period(arena, workspace, plan, "facts.counted_at"),
    };
    row->comparison.design = "staggered";
    row->comparison.unit = plan_unit_name(plan->unit);
    return compare(workspace, plan, request, &sample, arena, row, error);
}
