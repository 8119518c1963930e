#include "evidence/compare/comparison.h"

#include "base/embedded.h"
#include "base/error.h"
#include "evidence/compare/comparing.h"
#include "evidence/compare/hidden_difference.h"
#include "evidence/compare/strata.h"
#include "evidence/compare/switchback.h"
#include "evidence/estimate/counts.h"
#include "evidence/estimate/effect.h"
#include "evidence/sample/arms.h"
#include "evidence/sample/cells.h"
#include "evidence/sample/coarse_time.h"
#include "evidence/sample/earlier.h"

#include <math.h>
#include <string.h>

/* ---- Refusals --------------------------------------------------------------------------- */

static bool is_as_found(const struct arms *arms)
{
    return arms->kind != ARMS_BY_ASSIGNMENT;
}

/* What cannot be compared, or not as found, whatever the numbers. */
static const char *refusal(const struct metric *metric, const struct arms *arms)
{
    const char *why = metric_refused_between(metric, arms->names, is_as_found(arms));
    if (why != NULL)
        return why;
    if (arms->kind == ARMS_BY_MARK && metric->kind == METRIC_DURATION)
        return "times can't be compared as found: the mark is made when the work ends";
    if (arms->randomised && arms->draw_differs)
        return "units were drawn with differing probabilities, so the arms hold different mixes of "
               "them and a plain difference is biased; import those of each probability as a plan "
               "of its own";
    return NULL;
}

/* ---- The landmark ----------------------------------------------------------------------- */

/* The time by which a fifth of the completed work of a span was done; NAN where it is the work of
   fewer than min_group people. */
static enum status landmark_of(struct workspace *workspace,
                               const struct comparison_request *request, const struct span *span,
                               struct arena *arena, double *out, struct error *error)
{
    const struct metric *metric = request->metric;
    struct frame frame;
    const char *sql = embedded_text("evidence/compare/landmark.sql");
    sql = TEXT_FILLED(arena, sql, {"start", metric->from.compiled.sql},
                      {"finish", metric->to.compiled.sql});
    enum status status =
        engine_query(workspace->engine, sql, cohort_values(arena, request->use_case, span), arena,
                     &frame, error);
    if (status == STATUS_OK)
        *out = frame_integer(&frame, 0, 1) >= request->min_group
                   ? coarse_landmark(frame_number(&frame, 0, 0))
                   : NAN;
    return status;
}

/* Of the previous period, else of all the data, else NAN. */
static enum status default_landmark(struct workspace *workspace,
                                    const struct comparison_request *request, struct arena *arena,
                                    double *out, struct error *error)
{
    enum status status = landmark_of(workspace, request, &request->previous, arena, out, error);
    if (status == STATUS_OK && isnan(*out))
        status = landmark_of(workspace, request, &(struct span){.all = true}, arena, out, error);
    return status;
}

/* ---- As found, as assigned --------------------------------------------------------------- */

static enum status compare_as_found(struct workspace *workspace,
                                    const struct comparison_request *request, struct sample *sample,
                                    const struct precision *precision, struct arena *arena,
                                    struct comparison *out, struct error *error)
{
    struct cells cells;
    enum status status =
        request->like_count > 0
            ? cells_of(workspace, request->use_case, &request->span, request->like,
                       request->like_labels, request->like_count, arena, &cells, error)
            : cells_default(workspace, request->use_case, &request->span, arena, &cells, error);
    if (status != STATUS_OK)
        return status;
    out->design = cells.sql != NULL ? "like_with_like" : "as_found";
    status = comparing_within(workspace, request, sample, &cells, 1, precision, arena, out, error);
    if (status == STATUS_OK && cells.sql != NULL && request->sensitivity)
        status = hidden_difference(workspace, request, sample, &cells, arena, out, error);
    return status;
}

static enum status count_only(struct workspace *workspace, const struct sample *sample,
                              struct arena *arena, struct comparison *out, struct error *error)
{
    struct sample_counts counts = {0};
    struct sample all = *sample;
    if (!sample->absorbed)
        all.cell = NULL;
    enum status status = sample->metric->kind == METRIC_DURATION
                             ? counts_of_items(workspace, &all, arena, &counts, error)
                             : sample_count(workspace, &all, arena, &counts, error);
    comparing_counts(sample, &counts, out);
    comparing_cannot(out, "only who is in its arms was asked for");
    return status;
}

static enum status compare_as_assigned(struct workspace *workspace,
                                       const struct comparison_request *request,
                                       struct sample *sample, const struct precision *precision,
                                       struct arena *arena, struct comparison *out,
                                       struct error *error)
{
    struct sample_counts counts = {0};
    struct estimated estimated = {0};
    const char *unlike = NULL;
    const char *drawn = request->block > 0 ? "switchback" : "randomised";
    out->design = sample->arms.randomised ? drawn : "assigned";
    out->plan = sample->arms.plan;
    enum status status =
        request->block > 0
            ? switchback_take(workspace, request, sample, arena, &out->strata, &unlike, error)
            : strata_take(workspace, request, sample, arena, &out->strata, &unlike, error);
    if (status == STATUS_OK && unlike != NULL)
        comparing_cannot(out, unlike);
    if (status != STATUS_OK || unlike != NULL)
        return status;
    if (request->reach_only)
        return count_only(workspace, sample, arena, out, error);
    if (sample->cell != NULL && !sample->absorbed)
        return comparing_within(workspace, request, sample,
                                &(struct cells){.sql = sample->cell, .label = out->strata.by}, 1,
                                precision, arena, out, error);
    status = estimate_sample(workspace, sample, -1, precision, arena, &counts, &estimated, error);
    comparing_counts(sample, &counts, out);
    out->excluded.unmatched = out->strata.alone_items;
    out->excluded_by.unmatched = out->strata.alone_workers;
    if (status != STATUS_OK)
        return status;
    return comparing_effect(sample, &estimated, comparing_errors(request), out, error);
}

/* Flags that would change nothing are refused: who gives one believes in it. */
static enum status check_flags(const struct comparison_request *request, bool as_found,
                               struct error *error)
{
    bool duration = request->metric->kind == METRIC_DURATION;
    if (as_found && (request->covariate_count > 0 || request->earlier))
        return error_at(error, ERROR_INPUT, request->covariate_count > 0 ? "--adjust" : "--cuped",
                        0, 0,
                        "the arms are as found here, and compared like with like: write --like "
                        "size,team in its place");
    if (!as_found && request->like_count > 0)
        return error_at(error, ERROR_INPUT, "--like", 0, 0,
                        "the arms were assigned here, and are compared as assigned: leave --like "
                        "out%s",
                        duration ? "" : ", or write --adjust 'ln(size)' for a narrower interval");
    if (isnan(request->landmark_minutes) || (as_found && duration))
        return STATUS_OK;
    return error_at(error, ERROR_INPUT, "--landmark", 0, 0,
                    duration ? "the arms were assigned here, and times count from the start: leave "
                               "--landmark out"
                             : "only times count from a landmark; leave it out for this metric");
}

/* ---- Together --------------------------------------------------------------------------- */

static enum arms_from where_from(enum arms_kind kind)
{
    switch (kind) {
    case ARMS_BY_ASSIGNMENT:
        return ARMS_ASSIGNED;
    case ARMS_BY_USE:
        return ARMS_USE;
    case ARMS_BY_MARK:
        return ARMS_MARK;
    case ARMS_BY_TOOL:
        return ARMS_TOOL;
    case ARMS_BY_MODEL:
        return ARMS_MODEL;
    case ARMS_BY_PERIOD:
    case ARMS_BY_WAVE:
    case ARMS_BY_WEEK: /* their designs say it themselves */
        break;
    }
    return ARMS_PERIOD;
}

enum status comparison_arms(struct workspace *workspace, const struct comparison_request *request,
                            struct arena *arena, struct sample *sample, struct comparison *out,
                            struct error *error)
{
    const char *why_not = NULL;
    enum status status = arms_find(workspace, request->use_case, &request->span, &request->arms,
                                   arena, &sample->arms, &why_not, error);
    if (status != STATUS_OK)
        return status;
    if (why_not == NULL)
        why_not = refusal(request->metric, &sample->arms);
    if (why_not != NULL) {
        comparing_cannot(out, why_not);
        return STATUS_OK;
    }
    out->arms_from = where_from(sample->arms.kind);
    out->arms_why = sample->arms.why;
    out->beside_none = sample->arms.beside_none;
    if (sample->arms.unit_kind != NULL)
        out->unit = sample->arms.unit_kind;
    return STATUS_OK;
}

enum status comparison_landmark(struct workspace *workspace,
                                const struct comparison_request *request, struct arena *arena,
                                struct sample *sample, struct comparison *out, struct error *error)
{
    if (!is_as_found(&sample->arms) || request->metric->kind != METRIC_DURATION)
        return STATUS_OK;
    sample->landmark_minutes = request->landmark_minutes;
    if (isnan(sample->landmark_minutes)) {
        enum status status =
            default_landmark(workspace, request, arena, &sample->landmark_minutes, error);
        if (status != STATUS_OK)
            return status;
    }
    if (isnan(sample->landmark_minutes))
        comparing_cannot(
            out, arena_printf(arena,
                              "fewer than %d people completed such work, so that no landmark "
                              "can be taken from it; set one: --landmark 2h",
                              request->min_group));
    else
        out->landmark_days = effect_days(sample->landmark_minutes);
    return STATUS_OK;
}

/* The estimate, or in out->why_not the reason why the numbers allow none. */
static enum status estimate(struct workspace *workspace, const struct comparison_request *request,
                            struct arena *arena, struct sample *sample, struct comparison *out,
                            struct error *error)
{
    const struct precision precision = {request->level, request->variance, request->normal};
    struct error why = {0};
    enum status status =
        is_as_found(&sample->arms)
            ? compare_as_found(workspace, request, sample, &precision, arena, out, &why)
            : compare_as_assigned(workspace, request, sample, &precision, arena, out, &why);
    if (status == STATUS_OK && request->reach_only)
        return STATUS_OK;
    return comparing_refused(workspace, status, &why, sample, arena, out, error);
}

bool comparison_is_few(const struct comparison *comparison, int min_group)
{
    return comparison->fewest > 0 && comparison->fewest < min_group;
}

enum status comparison_estimate(struct workspace *workspace,
                                const struct comparison_request *request, struct arena *arena,
                                struct row *row, struct error *error)
{
    struct comparison *out = &row->comparison;
    comparing_begin(request, row);
    struct sample sample = {
        .use_case = request->use_case,
        .metric = request->metric,
        .span = request->span,
        .landmark_minutes = NAN,
        .covariates = request->covariates,
        .covariate_count = request->covariate_count,
        .scope = request->arms.scope,
        .earlier = request->earlier,
        .earlier_span = request->previous,
        .interact = request->interact,
        .by_team = request->by_team,
        .block = request->block,
        .washout = request->washout,
    };
    enum status status = comparison_arms(workspace, request, arena, &sample, out, error);
    if (status == STATUS_OK && out->why_not == NULL)
        status = check_flags(request, is_as_found(&sample.arms), error);
    if (status == STATUS_OK && out->why_not == NULL)
        status = comparison_landmark(workspace, request, arena, &sample, out, error);
    if (status == STATUS_OK && out->why_not == NULL && request->earlier)
        status = earlier_look(workspace, &sample, request->min_group, arena, &out->why_not, error);
    if (status == STATUS_OK && out->why_not == NULL)
        status = estimate(workspace, request, arena, &sample, out, error);
    if (status == STATUS_OK && out->why_not == NULL)
        status = comparing_finish(workspace, request, arena, &sample, row, error);
    return status;
}
