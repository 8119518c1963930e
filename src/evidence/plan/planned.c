#include "evidence/plan/planned.h"

#include "base/embedded.h"
#include "base/error.h"
#include "engine/sql_text.h"
#include "evidence/compare/anytime.h"
#include "evidence/compare/designs.h"
#include "evidence/compare/settle.h"
#include "evidence/estimate/effect.h"

#include <math.h>
#include <string.h>

enum status planned_find(struct workspace *workspace, const char *name, struct arena *arena,
                         struct planned *out, struct error *error)
{
    enum status status = plans_named(workspace, name, arena, &out->plan, error);
    if (status == STATUS_OK)
        status = lock_of(workspace, arena, name, &out->lock, error);
    return status == STATUS_OK ? lock_check(workspace, arena, &out->plan, &out->lock, error)
                               : status;
}

/* ---- From the plan to a request ------------------------------------------------------------- */

static void add_scope(struct text *scope, struct arena *arena, const char *column,
                      const struct plan_texts *values)
{
    if (values->count == 0)
        return;
    text_addf(scope, " and facts.%s in (", column);
    for (size_t i = 0; i < values->count; i++)
        text_addf(scope, "%s%s", i > 0 ? ", " : "", sql_literal(arena, values->list[i]));
    text_add(scope, ")");
}

const char *planned_scope(struct arena *arena, const struct plan *plan)
{
    struct text scope = {.arena = arena};
    text_add(&scope, "(true");
    add_scope(&scope, arena, "team", &plan->teams);
    add_scope(&scope, arena, "role", &plan->roles);
    if (plan->where.text != NULL)
        text_addf(&scope, " and (%s)", plan->where.compiled.sql);
    text_add(&scope, ")");
    bool all = plan->teams.count == 0 && plan->roles.count == 0 && plan->where.text == NULL;
    return all ? NULL : text_get(&scope);
}

/* The metric with the plan's amount as what is material: scale and margin follow from it. */
static struct metric *metric_of(struct arena *arena, const struct plan_goal *goal)
{
    struct metric *metric = arena_alloc(arena, sizeof *metric);
    *metric = goal->metric;
    metric->material = goal->amount;
    return metric;
}

static struct comparison_request request_of(struct arena *arena, const struct plan *plan,
                                            const struct plan_goal *goal,
                                            const struct comparison_request *like)
{
    struct comparison_request request = *like;
    request.use_case = plan->use_case;
    request.metric = metric_of(arena, goal);
    request.level = plan->confidence;
    request.planned = true;
    request.by_team = plan->cluster == PLAN_TEAM;
    request.by_count = 0; /* groups are the primary metric's */
    request.arms = (struct arms_wish){
        .names = arena_printf(arena, "%s,%s", plan->arms.list[0], plan->arms.list[1]),
        .all_arms = plan->all_arms.count > 0 ? &plan->all_arms : NULL,
        .scope = planned_scope(arena, plan),
    };
    return request;
}

/* Covariates are the primary metric's. */
static void adjust(struct arena *arena, const struct plan *plan, struct comparison_request *request)
{
    size_t count = plan->adjust_for.count;
    struct formula *list = arena_array(arena, count, sizeof *list);
    const char **labels = arena_array(arena, count, sizeof *labels);
    for (size_t i = 0; i < count; i++) {
        list[i] = plan->adjust_for.list[i].compiled;
        labels[i] = plan->adjust_for.list[i].text;
    }
    request->covariates = list;
    request->covariate_count = count;
    request->adjusted = text_joined(arena, labels, count);
    request->earlier = plan->earlier;
    request->interact = plan->interact;
}

/* The groups that the plan names, and those that are asked for beside it. */
static void add_groups(struct arena *arena, const struct plan *plan,
                       const struct comparison_request *like, struct comparison_request *request)
{
    struct by_wish *list = arena_array(arena, plan->by.count + like->by_count, sizeof *list);
    size_t count = 0;
    if (plan_by_refusal(plan) != NULL)
        return;
    for (; count < plan->by.count; count++)
        list[count] =
            (struct by_wish){&plan->by.list[count].compiled, plan->by.list[count].text, true};
    for (size_t i = 0; i < like->by_count; i++) {
        bool named = false;
        for (size_t j = 0; j < plan->by.count; j++)
            named = named || strcmp(list[j].formula->sql, like->by[i].formula->sql) == 0;
        if (!named)
            list[count++] = like->by[i];
    }
    request->by = list;
    request->by_count = count;
}

/* As the plan's design and looks have it. */
static enum status estimate(struct workspace *workspace, const struct plan *plan,
                            const struct comparison_request *request, struct arena *arena,
                            struct row *row, struct error *error)
{
    design_estimate *design = design_of(plan->design);
    return plan->anytime ? anytime_estimate(workspace, plan, request, design, arena, row, error)
                         : design(workspace, plan, request, arena, row, error);
}

/* ---- Guardrails ------------------------------------------------------------------------------ */

static bool any_failed(const struct row *row)
{
    for (size_t i = 0; i < row->check_count; i++)
        if (strcmp(row->checks[i].state, "failed") == 0)
            return true;
    return false;
}

/* As the verdict reads a guardrail. */
static struct guardrail judged_as(const struct plan_goal *goal, const struct guardrail_result *of)
{
    return (struct guardrail){
        .interval = effect_in_good_direction(&goal->metric, of->interval),
        .allow = isnan(of->allow) ? 0 : of->allow,
    };
}

static enum status take_guardrail(struct workspace *workspace, const struct plan *plan,
                                  const struct plan_goal *goal,
                                  const struct comparison_request *like, struct arena *arena,
                                  struct guardrail_result *out, struct error *error)
{
    struct comparison_request request = request_of(arena, plan, goal, like);
    struct row *alone = arena_alloc(arena, sizeof *alone);
    *alone = (struct row){.use_case = plan->use_case};
    request.explain = false;
    enum status status = estimate(workspace, plan, &request, arena, alone, error);
    const struct comparison *comparison = &alone->comparison;
    *out = (struct guardrail_result){
        .metric = effect_metric(&goal->metric),
        .allow = alone->margin,
        .effect = comparison->estimate.effect,
        .interval = comparison->estimate.interval,
        .scale = comparison->scale,
        .level = comparison->level,
        .df = comparison->estimate.df,
        .why_not = comparison->why_not,
        .alike = comparison->carried.alike,
        .fewest = comparison->fewest,
        .contributions = {comparison->contributions[0], comparison->contributions[1]},
    };
    if (status == STATUS_OK && comparison->exists && any_failed(alone))
        out->why_not = "a check of its data failed";
    /* What nobody may see decides no verdict either: the verdict would tell of it. */
    if (comparison->exists && comparison->fewest < like->min_group)
        out->why_not = arena_printf(arena, "fewer than %d workers", like->min_group);
    if (out->why_not != NULL || isnan(out->allow)) {
        out->interval = (struct interval){NAN, NAN};
        out->effect = NAN;
    }
    out->state = guardrail_state(judged_as(goal, out));
    return status;
}

/* ---- Who takes part -------------------------------------------------------------------------- */

/* Adds to out who is in the arms of a pair, where it is shown. */
static enum status add_reach(struct workspace *workspace, const struct plan *plan,
                             const struct comparison_request *like, struct arena *arena,
                             struct reach *out, struct error *error)
{
    struct comparison_request request = request_of(arena, plan, &plan->primary, like);
    struct row *alone = arena_alloc(arena, sizeof *alone);
    *alone = (struct row){.use_case = plan->use_case};
    adjust(arena, plan, &request);
    enum status status = design_of(plan->design)(workspace, plan, &request, arena, alone, error);
    const struct comparison *pair = &alone->comparison;
    bool shown =
        pair->arms[0].workers >= like->min_group && pair->arms[1].workers >= like->min_group;
    if (shown)
        *out = out->count == 0 ? pair->reach : reach_joined(arena, out, &pair->reach_of_arm[1]);
    return status;
}

enum status planned_reach(struct workspace *workspace, const struct plan *plan,
                          const struct span *span, const struct span *previous, int min_group,
                          struct arena *arena, struct reach *out, struct error *error)
{
    const struct comparison_request like = {
        .span = *span,
        .previous = *previous,
        .landmark_minutes = NAN,
        .errors = "cr2",
        .min_group = min_group,
        .reach_only = true,
    };
    enum status status = STATUS_OK;
    *out = (struct reach){0};
    for (size_t i = 0; i < plan_pair_count(plan) && status == STATUS_OK; i++) {
        struct plan *pair = arena_alloc(arena, sizeof *pair);
        *pair = plan_pair(arena, plan, i);
        status = add_reach(workspace, pair, &like, arena, out, error);
    }
    return status;
}

/* ---- What cannot be answered ------------------------------------------------------------------
 */

/* The moment up to which the data are known: the latest of their own; where the plan's items have
   no times, when they last came in. */
static enum status known_until(struct workspace *workspace, bool timeless, struct arena *arena,
                               int64_t *out, struct error *error)
{
    struct frame frame;
    enum status status = engine_query(workspace->engine,
                                      timeless ? "select epoch_us(max(imported_at)) from imported"
                                               : "select epoch_us(max(data_end)) from facts",
                                      ENGINE_NO_VALUES, arena, &frame, error);
    *out = INT64_MIN;
    if (status == STATUS_OK && frame.columns[0].valid[0])
        *out = frame_integer(&frame, 0, 0);
    return status;
}

/* A Sunday without tickets is no missing day: the end is reached where what came in after it is
   silent at its end for no longer than it was before, and for a week at most. */
static enum status ends_in_silence(struct workspace *workspace, const char *use_case,
                                   const struct span *span, int64_t end, struct arena *arena,
                                   bool *out, struct error *error)
{
    struct frame frame;
    int64_t came_in = 0;
    *out = false;
    enum status status = known_until(workspace, true, arena, &came_in, error);
    if (status != STATUS_OK || came_in < span->until || span->until - end > 7 * TIME_DAY)
        return status;
    status = engine_query(workspace->engine, embedded_text("evidence/plan/longest_silence.sql"),
                          ENGINE_VALUES(engine_text("use_case", use_case),
                                        engine_time("from", span->from),
                                        engine_time("until", span->until)),
                          arena, &frame, error);
    if (status == STATUS_OK && frame.columns[0].valid[0])
        *out = span->until - end <= frame_integer(&frame, 0, 0);
    return status;
}

static enum status ended(struct workspace *workspace, const char *use_case, const struct span *span,
                         struct arena *arena, bool *out, struct error *error)
{
    int64_t end = 0;
    enum status status = known_until(workspace, span->all, arena, &end, error);
    *out = end >= span->until;
    if (status != STATUS_OK || *out || span->all || end < span->from)
        return status;
    return ends_in_silence(workspace, use_case, span, end, arena, out, error);
}

enum status planned_ended(struct workspace *workspace, const struct plan *plan, struct arena *arena,
                          bool *out, struct error *error)
{
    struct span span;
    struct span before;
    enum status status = plans_span(workspace, plan, arena, &span, &before, error);
    return status == STATUS_OK ? ended(workspace, plan->use_case, &span, arena, out, error)
                               : status;
}

/* Items without times (a trial's table) can be told apart by arms and cells, not by when. */
static const char *timeless(struct arena *arena, const struct plan *plan)
{
    if (plan->design != PLAN_RANDOMISED && plan->design != PLAN_LIKE_WITH_LIKE)
        return arena_printf(arena, "the items of %s have no times, and %s tells them apart by time",
                            plan->use_case, plan_design_name(plan->design));
    if (plan->earlier)
        return arena_printf(arena,
                            "the items of %s have no times, so that nothing of them is known to be "
                            "earlier; leave it out of adjust_for",
                            plan->use_case);
    return NULL;
}

/* Why there are no numbers, whatever they are; NULL: there may be. */
static const char *refusal_of(struct arena *arena, const struct planned *planned,
                              const struct span *span)
{
    const struct plan *plan = &planned->plan;
    if (plan->anytime && !planned->lock.locked)
        return arena_printf(arena,
                            "an interval that holds at every look takes items that were fixed "
                            "before the first; lock the plan: assay plan lock %s",
                            plan->name);
    return span->all ? timeless(arena, plan) : NULL;
}

static const char *not_yet(struct arena *arena, const struct planned *planned)
{
    const struct plan *plan = &planned->plan;
    /* The registry knows a plan from its lock on. */
    const char *kept =
        planned->lock.locked
            ? ", and the registry keeps that somebody looked"
            : arena_printf(arena,
                           ", and nothing keeps that somebody looked, since the plan is not "
                           "locked: assay plan lock %s first",
                           plan->name);
    return arena_printf(arena,
                        "the plan's period goes to %s, and the data do not yet; then it can be "
                        "answered. assay compare %s --early shows the numbers as they are%s",
                        day_format(arena, plan->period.until - 1), plan->name, kept);
}

static void cannot(struct row *row, const char *why)
{
    row->comparison = (struct comparison){.exists = false, .why_not = why};
}

/* ---- Together ----------------------------------------------------------------------------------
 */

struct row planned_row(const struct planned *planned)
{
    const struct plan *plan = &planned->plan;
    return (struct row){
        .use_case = plan->use_case,
        .metric = effect_metric(&plan->primary.metric),
        .margin = NAN,
        .margin_from = "plan",
        .change = {.exists = false, .why_not = "a plan is about its arms"},
        .plan =
            {
                .name = plan->name,
                .arm = plan->all_arms.count > 0 ? plan->arms.list[1] : NULL,
                .baseline = plan->arms.list[0],
                .arms = plan->all_arms.count > 0 ? plan->all_arms.count : 2,
                .question = plan->question,
                .period = plan->period,
                .locked = planned->lock.locked ? LOCKED_SOMETIME : LOCKED_NEVER,
                .locked_at = planned->lock.at,
                .amended = planned->lock.amended,
                .looked_early = planned->lock.early_looks > 0,
            },
    };
}

/* The primary metric, judged by the guardrails that the row has. */
static enum status answer_primary(struct workspace *workspace, const struct plan *plan,
                                  const struct comparison_request *like, struct arena *arena,
                                  struct row *row, struct error *error)
{
    struct guardrail guardrails[guardrails_max];
    struct comparison_request request = request_of(arena, plan, &plan->primary, like);
    for (size_t i = 0; i < plan->guardrail_count; i++)
        guardrails[i] = judged_as(&plan->guardrails[i], &row->guardrails[i]);
    request.guardrails = guardrails;
    request.guardrail_count = plan->guardrail_count;
    request.level = fmax(plan->confidence, like->level);
    request.opt_outs = true;
    adjust(arena, plan, &request);
    add_groups(arena, plan, like, &request);
    row->check_count = 0;
    return estimate(workspace, plan, &request, arena, row, error);
}

static enum status answer(struct workspace *workspace, const struct plan *plan,
                          const struct comparison_request *like, struct arena *arena,
                          struct row *row, struct error *error)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < plan->guardrail_count && status == STATUS_OK; i++)
        status = take_guardrail(workspace, plan, &plan->guardrails[i], like, arena,
                                &row->guardrails[i], error);
    row->guardrail_count = plan->guardrail_count;
    if (status == STATUS_OK)
        status = answer_primary(workspace, plan, like, arena, row, error);
    for (size_t i = 0; i < plan->guardrail_count && status == STATUS_OK; i++)
        settle_guardrail(&row->comparison, &plan->guardrails[i].metric, &row->guardrails[i], arena);
    return status;
}

enum status planned_at_level(struct workspace *workspace, const struct planned *planned,
                             const struct comparison_request *like, struct arena *arena,
                             struct row *row, struct error *error)
{
    return answer_primary(workspace, &planned->plan, like, arena, row, error);
}

static enum status begin(struct workspace *workspace, const struct planned *planned,
                         const struct plan_items *items, const struct span *span,
                         struct arena *arena, struct row *row, struct error *error)
{
    *row = planned_row(planned);
    row->plan.timeless = items->timeless;
    row->plan.has_first = items->any;
    row->plan.first_at = items->any ? items->first : 0;
    row->plan.locked = plans_locked_when(planned->lock.locked, planned->lock.at, items, span);
    return ended(workspace, planned->plan.use_case, span, arena, &row->plan.ended, error);
}

enum status planned_without_numbers(struct workspace *workspace, const struct planned *planned,
                                    const struct plan_items *items, const struct span *span,
                                    const char *why, struct arena *arena, struct row *row,
                                    struct error *error)
{
    enum status status = begin(workspace, planned, items, span, arena, row, error);
    cannot(row, why);
    return status;
}

static bool has_numbers(const struct row *row, int min_group)
{
    bool any = row->comparison.exists;
    if (comparison_is_few(&row->comparison, min_group))
        return false;
    for (size_t i = 0; i < row->guardrail_count; i++)
        any = any || !isnan(row->guardrails[i].effect);
    return any;
}

enum status planned_compare(struct workspace *workspace, const struct planned *planned,
                            const struct plan_items *items, const struct comparison_request *like,
                            bool early, int64_t data_version, struct arena *arena, struct row *row,
                            struct error *error)
{
    const struct plan *plan = &planned->plan;
    const char *why = refusal_of(arena, planned, &like->span);
    enum status status = begin(workspace, planned, items, &like->span, arena, row, error);
    if (status == STATUS_OK && plan->anytime && early)
        return error_at(error, ERROR_INPUT, "--early", 0, 0,
                        "the plan %s may be looked at at any time; leave it out", plan->name);
    if (status == STATUS_OK && why == NULL && !row->plan.ended && !early && !plan->anytime)
        why = not_yet(arena, planned);
    if (status != STATUS_OK || why != NULL) {
        cannot(row, why);
        return status;
    }
    status = answer(workspace, plan, like, arena, row, error);
    /* Who is given no number has not looked. */
    if (status == STATUS_OK && !row->plan.ended && planned->lock.locked &&
        has_numbers(row, like->min_group)) {
        status =
            lock_look(workspace, arena, plan, &planned->lock, data_version, !plan->anytime, error);
        row->plan.looked_early = row->plan.looked_early || !plan->anytime;
    }
    return status;
}
