#include "evidence/plan/plan_power.h"

#include "base/error.h"
#include "evidence/estimate/effect.h"
#include "evidence/plan/planned.h"
#include "evidence/plan/power_metric.h"
#include "evidence/sample/period.h"

#include <math.h>

static const int64_t week = 7 * TIME_DAY;

/* ---- The past that is asked --------------------------------------------------------------------
 */

struct window {
    struct span span;
    double weeks;    /* of the span */
    int64_t segment; /* microseconds */
    int64_t washout;
    size_t segments;
};

static int64_t segment_of(const struct plan *plan, double weeks, int64_t length)
{
    int64_t parts = (int64_t)fmax(2, round(weeks * 7 / 30.4));
    switch (plan->design) {
    case PLAN_SWITCHBACK:
        return plan->block;
    case PLAN_STAGGERED:
        return plan->every == PLAN_WEEK ? week : length / parts;
    case PLAN_BEFORE_AFTER:
        if (plan->policy == NULL && plan->date > plan->period.from &&
            plan->date < plan->period.until)
            return length * (plan->date - plan->period.from) /
                   (plan->period.until - plan->period.from);
        return length / 2;
    case PLAN_RANDOMISED:
    case PLAN_ENCOURAGEMENT:
    case PLAN_LIKE_WITH_LIKE:
        break;
    }
    return length;
}

/* How long after its close the plan's slowest metric is known. */
static int64_t maturing_of(const struct plan *plan)
{
    int64_t longest = plan->primary.metric.matures_after;
    for (size_t i = 0; i < plan->guardrail_count; i++)
        if (plan->guardrails[i].metric.matures_after > longest)
            longest = plan->guardrails[i].metric.matures_after;
    return longest;
}

/* The last weeks before the plan's period of which the data know all, as many as the plan has;
   whole weeks, since the first item's day is one person's. segments 0: there are not two weeks. */
static enum status window_of(struct workspace *workspace, const struct plan *plan, double weeks,
                             struct arena *arena, struct window *out, struct error *error)
{
    struct frame frame;
    struct span period;
    *out = (struct window){0};
    enum status status = period_span(workspace, plan->period, arena, &period, error);
    if (status == STATUS_OK)
        status = engine_query(workspace->engine,
                              "select epoch_us(min(counted_at)), epoch_us(max(data_end)) from "
                              "facts where use_case = $use_case",
                              ENGINE_VALUES(engine_text("use_case", plan->use_case)), arena, &frame,
                              error);
    if (status != STATUS_OK || !frame.columns[0].valid[0] || !frame.columns[1].valid[0])
        return status;
    int64_t until = frame_integer(&frame, 0, 1) - maturing_of(plan);
    until = until < period.from ? until - until % TIME_DAY : period.from;
    double known = floor((double)(until - frame_integer(&frame, 0, 0)) / (double)week);
    out->weeks = fmin(weeks, known);
    if (known < 2)
        return STATUS_OK;
    int64_t length = (int64_t)(out->weeks * 7) * TIME_DAY;
    out->span = (struct span){.from = until - length, .until = until};
    out->segment = segment_of(plan, out->weeks, length);
    out->washout = plan->design == PLAN_SWITCHBACK ? plan->washout : 0;
    out->segments = plan->design == PLAN_BEFORE_AFTER
                        ? 2
                        : (size_t)((length + out->segment / 2) / out->segment);
    return STATUS_OK;
}

/* ---- Notes -------------------------------------------------------------------------------------
 */

static void note(struct plan_power *out, const char *text)
{
    if (out->note_count < sizeof out->notes / sizeof *out->notes)
        out->notes[out->note_count++] = text;
}

static void note_design(const struct plan *plan, struct arena *arena, struct plan_power *out)
{
    double arms = (double)plan->arms.count;
    double least = arms > 2 ? 1 / arms : fmin(plan->probability, 1 - plan->probability);
    bool drawn = plan->design == PLAN_RANDOMISED || plan->design == PLAN_ENCOURAGEMENT;
    if (drawn && plan->unit == PLAN_WORKER && least * (double)out->workers < out->min_group)
        note(out, arena_printf(arena,
                               "one arm would have fewer than %d people, and its answer be "
                               "withheld: draw from more people, or draw items",
                               out->min_group));
    if (arms > 2)
        note(out, arena_printf(arena,
                               "of %.0f arms each beside the baseline has %.0f %% of the plan's "
                               "%ss; they are judged together, and the confidence reckoned with is "
                               "that of an effect which no other goes with",
                               arms, 200 / arms, plan_unit_name(plan->unit)));
    if (drawn && plan->unit == PLAN_ITEM)
        note(out, "the effect is taken to be alike for all people; where it differs among them, "
                  "less is told");
    if (plan->design == PLAN_ENCOURAGEMENT)
        note(out, "the effect is that of the offer: where half take it up, it is half of what use "
                  "does");
    if (plan->design == PLAN_LIKE_WITH_LIKE)
        note(out,
             arms > 2
                 ? "arms as found: as much work in each is taken, and nothing falls out of "
                   "cells; the verdict goes beyond a leaning only where no hidden difference as "
                   "strong as the strongest measured would overturn it"
                 : "arms as found: half with AI is taken, and nothing falls out of cells; "
                   "the verdict goes beyond a leaning only where no hidden difference as "
                   "strong as the strongest measured would overturn it");
    if (plan->design == PLAN_BEFORE_AFTER)
        note(out, "before and after: the verdict goes no further than a leaning");
    if (plan->design == PLAN_STAGGERED)
        note(out, "starts are taken as spread evenly over the period, with one part never treated "
                  "in it");
    if (plan->cluster == PLAN_TEAM && plan->unit != PLAN_TEAM)
        note(out,
             "cluster: team is not reckoned with: where teams differ, or few there are, less is "
             "told");
    if (plan->anytime)
        note(out, "looks: anytime has a wider interval than is reckoned with here");
    if (plan->adjust_for.count > 0 || plan->earlier)
        note(out, "adjust_for is not reckoned with: it tells more where it foretells the outcome");
}

/* ---- Together ----------------------------------------------------------------------------------
 */

static enum status check_flags(const struct plan_power_request *request, struct error *error)
{
    if (!(request->power > 0.05 && request->power < 1))
        return error_at(error, ERROR_INPUT, "--power", 0, 0,
                        "it lies between 0.05 and 1; 0.8 is usual");
    if (!(request->weeks >= 0 && request->weeks <= 520))
        return error_at(error, ERROR_INPUT, "--weeks", 0, 0, "write weeks up to 520, such as 13");
    bool asked = request->items != 0;
    if (asked && !(request->items >= 1 && request->items <= 1e9))
        return error_at(error, ERROR_INPUT, "--items", 0, 0,
                        "write a number of items from 1 to 1,000,000,000");
    return STATUS_OK;
}

static enum status take_amount(const struct plan_power_request *request, struct plan *plan,
                               struct error *error)
{
    const struct place place = {.file = "--improve-by"};
    const struct metric *metric = &plan->primary.metric;
    if (request->improve_by == NULL)
        return STATUS_OK;
    enum status status =
        amount_read(request->improve_by, metric->unit, &place, &plan->primary.amount, error);
    if (status == STATUS_OK && !(plan->primary.amount.value > 0))
        return place_error(error, &place, "it must be over 0");
    if (status == STATUS_OK)
        status = metric_check_amount(metric, plan->primary.amount, &place, error);
    return status == STATUS_OK ? plan_check_possible(metric, plan->primary.amount, &place, error)
                               : status;
}

/* Each of more arms than two beside the baseline, as wide as its interval is where it is the only
   one that differs from 0 (selection.h). */
static void take_pairs(struct plan *plan)
{
    if (plan->arms.count == 2)
        return;
    plan->probability = 0.5;
    plan->confidence = fmax(plan->confidence, 1 - 0.05 / (double)plan_pair_count(plan));
}

struct reading {
    struct workspace *workspace;
    const struct plan *plan;
    const struct plan_power_request *request;
    const struct window *window;
    struct arena *arena;
    struct plan_power *out;
};

static enum status read_metric(const struct reading *reading, const struct plan_goal *goal,
                               struct error *error)
{
    struct plan_power *out = reading->out;
    const struct plan *plan = reading->plan;
    const struct window *window = reading->window;
    struct past past = {.value = NAN,
                        .why_not = "there are not two weeks of such work before the plan's period; "
                                   "import earlier items"};
    const struct past_request request = {.use_case = plan->use_case,
                                         .metric = &goal->metric,
                                         .scope = planned_scope(reading->arena, plan),
                                         .span = window->span,
                                         .segment = window->segment,
                                         .washout = window->washout};
    bool primary = out->metric_count == 0;
    enum status status = STATUS_OK;
    if (window->segments > 0)
        status = past_read(reading->workspace, &request, reading->arena, &past, error);
    if (status != STATUS_OK)
        return status;
    if (plan->season)
        past.why_not =
            "what is told once the change of the year before is taken off is not "
            "reckoned with in this version: more widely than without season, by about 1.4 "
            "times where the years are alike; leave season out to see what one change "
            "tells";
    double scale = window->segments > 0 ? out->weeks / window->weeks : 1;
    if (primary) {
        out->workers = (int64_t)past.workers;
        out->teams = (int64_t)past.teams;
        out->items = reading->request->items > 0 ? reading->request->items : past.items * scale;
    }
    if (reading->request->items > 0 && past.items > 0)
        scale = reading->request->items / past.items;
    const struct power_asking asking = {
        .plan = plan,
        .goal = goal,
        .guardrail = !primary,
        .power = out->power,
        .weeks = out->weeks,
        .scale = scale,
        .pair = 2 / (double)plan->arms.count,
        .segments = window->segments,
    };
    return power_metric(&asking, &past, reading->arena, &out->metrics[out->metric_count++], error);
}

enum status plan_power(struct workspace *workspace, const struct plan_power_request *request,
                       struct arena *arena, struct plan_power *out, struct error *error)
{
    struct plan *plan = arena_alloc(arena, sizeof *plan);
    struct window window;
    *out = (struct plan_power){.plan = plan,
                               .power = request->power,
                               .items = NAN,
                               .min_group = workspace_min_group(workspace),
                               .workspace = workspace->settings.name};
    enum status status = check_flags(request, error);
    if (status == STATUS_OK)
        status = plans_named(workspace, request->plan, arena, plan, error);
    if (status == STATUS_OK)
        status = take_amount(request, plan, error);
    if (status != STATUS_OK)
        return status;
    take_pairs(plan);
    out->weeks =
        request->weeks > 0 ? request->weeks : (double)(plan->period.until - plan->period.from) / 7;
    status = window_of(workspace, plan, out->weeks, arena, &window, error);
    if (status != STATUS_OK)
        return status;
    out->has_past = window.segments > 0;
    out->past = (struct days){window.span.from / TIME_DAY, window.span.until / TIME_DAY};
    const struct reading reading = {workspace, plan, request, &window, arena, out};
    status = read_metric(&reading, &plan->primary, error);
    for (size_t i = 0; i < plan->guardrail_count && status == STATUS_OK; i++)
        status = read_metric(&reading, &plan->guardrails[i], error);
    if (status == STATUS_OK && out->has_past && window.weeks < out->weeks)
        note(out,
             arena_printf(arena, "the past knows %.0f weeks; %.1f are reckoned with at its rate",
                          window.weeks, out->weeks));
    if (status == STATUS_OK)
        note_design(plan, arena, out);
    return status;
}
