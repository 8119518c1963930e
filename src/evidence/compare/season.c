#include "evidence/compare/season.h"

#include "base/error.h"
#include "evidence/compare/comparing.h"
#include "evidence/estimate/counts.h"
#include "evidence/estimate/effect.h"
#include "evidence/estimate/estimate_season.h"
#include "evidence/estimate/told.h"
#include "evidence/sample/period.h"

#include <math.h>

/* The data as they stood a year earlier, too. */
static enum status year_before(struct workspace *workspace, const struct sample *now,
                               struct arena *arena, struct sample *out, struct error *error)
{
    *out = *now;
    enum status status =
        period_year_before(workspace, &now->arms.before, arena, &out->arms.before, error);
    if (status == STATUS_OK)
        status = period_year_before(workspace, &now->span, arena, &out->span, error);
    out->ends_earlier = now->span.until - out->span.until;
    return status;
}

static enum status why_not_reached(struct workspace *workspace, const struct plan *plan,
                                   const struct sample *then, struct arena *arena, const char **out,
                                   struct error *error)
{
    int64_t first = INT64_MAX;
    enum status status =
        period_first_item(workspace, then->use_case, then->scope, arena, &first, error);
    if (status == STATUS_OK && !period_is_reached(first, &then->arms.before))
        *out = arena_printf(arena,
                            "the data do not reach back to %s, a year before the plan's period; "
                            "import earlier items, or leave season out: the change itself can be "
                            "told without it",
                            day_format(arena, day_year_before(plan->period.from - 1) + 1));
    return status;
}

/* ---- Of how many people ----------------------------------------------------------------- */

static void keep(int64_t people, int64_t *fewest)
{
    if (people < *fewest)
        *fewest = people;
}

/* People of either year, by what is compared; and whether what is counted happened to few. */
static enum status keep_told(struct workspace *workspace, const struct sample *sample,
                             struct arena *arena, int64_t *fewest, bool *few_events,
                             struct error *error)
{
    struct told told;
    enum status status = told_people(workspace, sample, arena, &told, error);
    if (status != STATUS_OK)
        return status;
    told_keep(&told, TOLD_MIX_0, fewest);
    told_keep(&told, TOLD_MIX_1, fewest);
    *few_events = *few_events || (told.eventful < eventful_least && told.eventful < told.people);
    return STATUS_OK;
}

/* Why there is none is of the people of all four spans, too. */
static enum status keep_behind(struct workspace *workspace, const struct sample *then,
                               struct arena *arena, int64_t *fewest, struct error *error)
{
    int64_t behind = 0;
    enum status status = counts_behind(workspace, then, arena, &behind, error);
    if (status == STATUS_OK && behind > 0)
        keep(behind, fewest);
    return status;
}

/* ---- As it is this year ------------------------------------------------------------------- */

static enum status estimate_naive(struct workspace *workspace, const struct precision *precision,
                                  const struct sample *now, struct arena *arena,
                                  struct comparison *out, struct error *error)
{
    struct sample sample = *now;
    struct sample_counts counts = {0};
    struct estimated naive = {0};
    enum effect_scale scale;
    sample.cell = NULL;
    enum status status =
        estimate_sample(workspace, &sample, -1, precision, arena, &counts, &naive, error);
    comparing_counts(&sample, &counts, out);
    if (status == STATUS_OK)
        status = effect_of(sample.metric, &naive, &out->naive, &scale, error);
    out->has_naive = status == STATUS_OK;
    return status;
}

/* Items of this year that have no like in one of the other spans. */
static enum status count_unmatched(struct workspace *workspace, const struct sample *now,
                                   struct arena *arena, struct comparison *out, struct error *error)
{
    struct sample_counts counts;
    struct sample others = *now;
    if (now->cell == NULL)
        return STATUS_OK;
    others.scope = arena_printf(arena, "(%s) and (%s) not in (select cell from season_cells)",
                                now->scope != NULL ? now->scope : "true", now->cell);
    enum status status = counts_of_items(workspace, &others, arena, &counts, error);
    if (status != STATUS_OK)
        return status;
    out->excluded.unmatched = counts.items[0] + counts.items[1];
    out->excluded_by.unmatched = (int64_t)counts.reach_of_both.count;
    return STATUS_OK;
}

/* ---- Together --------------------------------------------------------------------------- */

static enum status take_changes(const struct metric *metric, const struct estimated change[2],
                                bool few_events, struct season *out, struct error *error)
{
    struct effect_estimate *const into[2] = {&out->now, &out->then};
    enum effect_scale scale;
    enum status status = STATUS_OK;
    for (int year = 0; year < 2 && status == STATUS_OK; year++) {
        status = effect_of(metric, &change[year], into[year], &scale, error);
        if (few_events)
            into[year]->interval = (struct interval){NAN, NAN};
    }
    return status;
}

static enum status estimate(struct workspace *workspace, const struct comparison_request *request,
                            const struct sample *now, const struct sample *then,
                            struct arena *arena, struct comparison *out, struct error *error)
{
    const struct precision precision = {request->level, request->variance, request->normal};
    struct season_samples within = {*now, *then};
    struct estimated estimated = {0};
    struct estimated change[2];
    int64_t fewest = 0;
    bool few_events = false;
    enum status status = estimate_naive(workspace, &precision, now, arena, out, error);
    if (status == STATUS_OK)
        status = season_within(workspace, &within, arena, error);
    if (status == STATUS_OK)
        status = count_unmatched(workspace, now, arena, out, error);
    if (status == STATUS_OK)
        status = estimate_season(workspace, &within, &precision, arena, &estimated, change, &fewest,
                                 error);
    if (status != STATUS_OK)
        return status;
    out->fewest = fewest;
    status = keep_told(workspace, &within.now, arena, &out->fewest, &few_events, error);
    if (status == STATUS_OK)
        status = keep_told(workspace, &within.then, arena, &out->fewest, &few_events, error);
    if (status == STATUS_OK)
        status = take_changes(request->metric, change, few_events, &out->season, error);
    if (status == STATUS_OK)
        status = comparing_effect(
            now, &estimated, request->metric->kind == METRIC_DURATION ? "influence" : "jackknife",
            out, error);
    if (status != STATUS_OK || !few_events)
        return status;
    out->estimate.interval = (struct interval){NAN, NAN};
    out->estimate.df = NAN;
    out->estimate.p = NAN;
    out->no_interval = "in this year or the one before, what is counted happened to under 10 "
                       "people, too few for an interval";
    return STATUS_OK;
}

enum status season_estimate(struct workspace *workspace, const struct plan *plan,
                            const struct comparison_request *request, struct sample *sample,
                            struct arena *arena, struct comparison *out, struct error *error)
{
    struct sample then;
    struct error why = {0};
    const char *not_reached = NULL;
    enum status status = year_before(workspace, sample, arena, &then, error);
    if (status == STATUS_OK)
        status = why_not_reached(workspace, plan, &then, arena, &not_reached, error);
    if (status != STATUS_OK)
        return status;
    if (not_reached != NULL) {
        comparing_cannot(out, not_reached);
        return STATUS_OK;
    }
    out->season.days = (struct days){day_year_before(plan->period.from - 1) + 1,
                                     day_year_before(plan->period.until - 1) + 1};
    status = estimate(workspace, request, sample, &then, arena, out, &why);
    out->season.exists = status == STATUS_OK;
    status = comparing_refused(workspace, status, &why, sample, arena, out, error);
    if (status == STATUS_OK && out->why_not != NULL)
        status = keep_behind(workspace, &then, arena, &out->fewest, error);
    return status;
}

void season_explain(struct arena *arena, struct comparison *out)
{
    const char **lines = arena_array(arena, 4, sizeof *lines);
    lines[0] = out->explain[0];
    lines[1] = out->explain[1];
    lines[2] = arena_printf(arena, "and, for what is taken off, over the same of %s … %s",
                            day_format(arena, out->season.days.from),
                            day_format(arena, out->season.days.until - 1));
    out->explain = lines;
}
