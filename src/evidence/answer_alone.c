/* What a plan asks, answered alone: one plan, or each of many. */

#include "evidence/asking.h"

#include "base/error.h"
#include "evidence/plan/answer_plans.h"
#include "evidence/plan/found.h"
#include "evidence/plan/judged.h"
#include "evidence/plan/pairs.h"

#include <math.h>

/* ---- A row ---------------------------------------------------------------------------------- */

/* The period that the change beside a plan's comparison is of. */
static struct period_flags period_flags_of(struct arena *arena, const struct plan *plan)
{
    return (struct period_flags){
        .from = day_format(arena, plan->period.from),
        .to = day_format(arena, plan->period.until - 1),
    };
}

static enum status begin(struct asking *asking, struct comparison_request *out, struct error *error)
{
    *out = (struct comparison_request){
        .landmark_minutes = NAN,
        .min_group = workspace_min_group(asking->workspace),
        .explain = asking->request->explain,
    };
    enum status status = asking_begin(asking, error);
    return status == STATUS_OK
               ? asking_errors(asking->request->errors, &out->variance, &out->errors, error)
               : status;
}

/* like   of begin; its spans become the plan's
   items  what the data hold for the plan, known also where its answer fails */
static enum status answer_row(struct asking *asking, const struct planned *planned,
                              struct comparison_request *like, struct plan_items *items,
                              struct row *row, struct error *error)
{
    struct workspace *workspace = asking->workspace;
    struct arena *arena = asking->arena;
    const struct plan *plan = &planned->plan;
    enum status status = plans_span(workspace, plan, arena, &like->span, &like->previous, error);
    if (status == STATUS_OK)
        status = plans_items_in(workspace, plan->use_case, &like->span, arena, items, error);
    if (status == STATUS_OK)
        status = planned_compare(workspace, planned, items, like, asking->request->early,
                                 asking->out->data_version, arena, row, error);
    /* Of a plan that runs the change may be a part of the answer. Whether few people's arms have
       one is not told. */
    bool few = comparison_is_few(&row->comparison, like->min_group);
    if (status == STATUS_OK && (row->comparison.exists || few))
        status = answer_plans_beside(asking, plan, &like->span, items, row, error);
    return status;
}

/* --by, beside what the plan names. */
static enum status read_by(struct asking *asking, const struct plan *plan,
                           struct comparison_request *out, struct error *error)
{
    const char *why = plan_by_refusal(plan);
    if (asking->request->by == NULL)
        return STATUS_OK;
    if (why != NULL)
        return error_at(error, ERROR_INPUT, "--by", 0, 0, "%s; leave it out", why);
    return asking_by(asking, out, error);
}

/* ---- Its arms ------------------------------------------------------------------------------- */

/* What is asked of each pair is the same, and so is the data that it was asked of: one look. */
static enum status take_looks(struct asking *asking, size_t lines, struct planned *planned,
                              struct error *error)
{
    if (asking->workspace->registry.lines == lines)
        return STATUS_OK;
    return lock_of(asking->workspace, asking->arena, planned->plan.name, &planned->lock, error);
}

/* Those of one plan, where they are several, are judged together. */
static enum status judge_pairs(struct asking *asking, struct answered_plan *pairs, size_t count,
                               struct selected *out, struct error *error)
{
    *out = (struct selected){.plans = 0};
    pairs_join(asking->arena, asking->out->min_group, pairs[0].row, count);
    return count > 1 ? judged_together(asking, pairs, count, true, out, error) : STATUS_OK;
}

/* ---- One plan ------------------------------------------------------------------------------- */

static enum status answer_pairs(struct asking *asking, struct planned *planned,
                                const struct comparison_request *like, struct error *error)
{
    struct evidence *out = asking->out;
    size_t count = plan_pair_count(&planned->plan);
    struct answered_plan *pairs = arena_array(asking->arena, count, sizeof *pairs);
    struct plan_items items;
    enum status status = STATUS_OK;
    out->rows = arena_array(asking->arena, count, sizeof *out->rows);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        size_t lines = asking->workspace->registry.lines;
        pairs[i] = (struct answered_plan){
            .planned = pairs_one(asking->arena, planned, i), .like = *like, .row = &out->rows[i]};
        out->row_count = i + 1;
        status = answer_row(asking, &pairs[i].planned, &pairs[i].like, &items, pairs[i].row, error);
        if (status == STATUS_OK)
            status = take_looks(asking, lines, planned, error);
    }
    return status == STATUS_OK ? judge_pairs(asking, pairs, count, &out->selected, error) : status;
}

enum status answer_plan(struct workspace *workspace, const struct answer_request *request,
                        struct arena *arena, struct evidence *out, struct error *error)
{
    struct answer_request within = *request;
    struct planned planned = {0};
    enum status status = planned_find(workspace, request->plan, arena, &planned, error);
    if (status != STATUS_OK)
        return status;
    within.period = period_flags_of(arena, &planned.plan);
    struct asking asking = {.workspace = workspace, .request = &within, .arena = arena, .out = out};
    struct comparison_request like;
    status = begin(&asking, &like, error);
    if (status == STATUS_OK)
        status = read_by(&asking, &planned.plan, &like, error);
    if (status != STATUS_OK)
        return status;
    engine_remember(workspace->engine, arena); /* guardrails and arms ask much that others ask */
    status = answer_pairs(&asking, &planned, &like, error);
    engine_forget(workspace->engine);
    return status;
}

/* ---- Each plan ------------------------------------------------------------------------------ */

/* A plan of which nothing is told but why. */
static enum status say_why_not(struct asking *asking, const struct planned *planned,
                               const char *why_not, struct row *row, struct error *error)
{
    struct workspace *workspace = asking->workspace;
    struct arena *arena = asking->arena;
    struct span span;
    struct span previous;
    struct plan_items items;
    enum status status = plans_span(workspace, &planned->plan, arena, &span, &previous, error);
    if (status == STATUS_OK)
        status = plans_items_in(workspace, planned->plan.use_case, &span, arena, &items, error);
    if (status == STATUS_OK)
        status =
            planned_without_numbers(workspace, planned, &items, &span, why_not, arena, row, error);
    return status;
}

/* The row of one of many: asks in the plan's own period. */
static enum status answer_found(struct asking *asking, const struct found_plan *found,
                                struct answered_plan *pair, struct row *row, struct error *error)
{
    const struct planned *planned = &pair->planned;
    const struct period_flags flags = period_flags_of(asking->arena, &planned->plan);
    struct asking within = *asking;
    struct plan_items items;
    if (found->why_not != NULL)
        return say_why_not(asking, planned, found->why_not, row, error);
    enum status status = period_of(asking->workspace, &flags, asking->arena, &within.period, error);
    if (status == STATUS_OK)
        status = answer_row(&within, planned, &pair->like, &items, row, error);
    asking->trials = within.trials;
    return status;
}

/* What fails in one row takes the others with it only where they can't be answered either. */
static enum status answer_or_say(struct asking *asking, const struct found_plan *found,
                                 struct answered_plan *pair, struct error *error)
{
    struct row *row = pair->row;
    struct error why = {0};
    enum status status = answer_found(asking, found, pair, row, &why);
    if (status == ERROR_INPUT) {
        const char *why_not = asking_placed(asking, &why);
        status = say_why_not(asking, &pair->planned, why_not, row, &why);
    }
    if (status == STATUS_OK)
        return STATUS_OK;
    return judged_failed(asking, pair, status, &why, error);
}

/* A plan that may be looked at at any time is looked at; each look is a line of the registry. */
static enum status answer_and_note(struct asking *asking, const struct found_plan *found,
                                   struct answered_plan *pair, struct error *error)
{
    const struct registry *registry = &asking->workspace->registry;
    size_t lines = registry->lines;
    enum status status = answer_or_say(asking, found, pair, error);
    if (registry->lines > lines)
        asking_note(asking, arena_printf(asking->arena,
                                         "%s may be looked at at any time: the registry now says "
                                         "that somebody did",
                                         found->planned.plan.name));
    return status;
}

static void say_no_plan(struct asking *asking, const struct found_plans *found)
{
    if (found->count > 0 || asking->out->cannot_say_count > 0)
        return;
    if (found->files == 0)
        asking_cannot_say(asking, "any plan", "the workspace has none yet",
                          "assay plan new NAME --template TEMPLATE (--template list shows "
                          "them)");
    else
        asking_cannot_say(asking, "any plan", "none has a period that meets this one",
                          "assay compare --all");
}

static bool is_given(const struct period_flags *flags)
{
    return flags->period != NULL || flags->from != NULL || flags->to != NULL;
}

/* Whose rows these are, and how they are to be read. */
static void note_period(struct asking *asking, size_t plans)
{
    struct arena *arena = asking->arena;
    if (!asking->period.all)
        asking_note(asking, arena_printf(arena, "Plans whose period meets %s",
                                         days_format(arena, asking->period.days)));
    if (plans > 1)
        asking_note(asking,
                    "Each plan is judged alone, at its own level (the arms of one together): "
                    "of many, some differ from 0 by chance. assay report judges those that "
                    "end in its period together");
}

/* The rows of one of many plans.
   pairs   its first is that of the next row */
static enum status answer_each_pair(struct asking *asking, const struct found_plan *found,
                                    const struct comparison_request *like,
                                    struct answered_plan *pairs, struct error *error)
{
    struct evidence *out = asking->out;
    size_t count = plan_pair_count(&found->planned.plan);
    enum status status = STATUS_OK;
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        pairs[i] = (struct answered_plan){.planned = pairs_one(asking->arena, &found->planned, i),
                                          .like = *like,
                                          .row = &out->rows[out->row_count]};
        out->row_count++;
        status = answer_and_note(asking, found, &pairs[i], error);
    }
    return status;
}

/* Each plan's, when it is known which of all the rows readers will see. */
static enum status judge_each(struct asking *asking, const struct found_plans *found,
                              struct answered_plan *pairs, struct error *error)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < found->count && status == STATUS_OK; i++) {
        struct selected alone;
        size_t count = plan_pair_count(&found->list[i]->planned.plan);
        status = judge_pairs(asking, pairs, count, &alone, error);
        pairs += count;
    }
    return status;
}

enum status answer_each_plan(struct workspace *workspace, const struct answer_request *request,
                             struct arena *arena, struct evidence *out, struct error *error)
{
    struct asking asking = {.workspace = workspace, .request = request, .arena = arena, .out = out};
    struct comparison_request like;
    struct found_plans found = {.count = 0};
    enum status status = begin(&asking, &like, error);
    if (status == STATUS_OK && !is_given(&request->period))
        asking.period = (struct period){.all = true};
    out->has_period = false;
    out->own_periods = true;
    if (status == STATUS_OK)
        status = found_plans(&asking, &found, error);
    if (status != STATUS_OK)
        return status;
    note_period(&asking, found.count);
    say_no_plan(&asking, &found);
    struct answered_plan *pairs = arena_array(arena, found.pairs, sizeof *pairs);
    out->rows = arena_array(arena, found.pairs, sizeof *out->rows);
    engine_remember(workspace->engine, arena); /* plans over the same items ask the same */
    for (size_t i = 0; i < found.count && status == STATUS_OK; i++)
        status = answer_each_pair(&asking, found.list[i], &like, &pairs[out->row_count], error);
    if (status == STATUS_OK)
        status = judge_each(&asking, &found, pairs, error);
    engine_forget(workspace->engine);
    return status;
}
