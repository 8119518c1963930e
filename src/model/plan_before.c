/* What a plan's formulas may be made of: what was known before the arm.

   A covariate, cell or scope that the arm itself moves takes a part of the effect away, or all of
   it: an outcome adjusted for itself is the same in both arms. A table says of each name when it is
   known. Of names that are not in it (attributes, measures of one's own) nothing is known but
   whether a metric of the plan is made of them. */

#include "model/plan.h"

#include "base/text.h"

#include <string.h>

enum known {
    KNOWN_UNSAID, /* only the user can tell */
    KNOWN_BEFORE,
    KNOWN_BY_WORK, /* how and when the item ended, and what came of it */
    KNOWN_BY_USE   /* what AI did on it */
};

static const struct {
    const char *name;
    enum known known;
} known_names[] = {
    {"source", KNOWN_BEFORE},
    {"use_case", KNOWN_BEFORE},
    {"worker", KNOWN_BEFORE},
    {"team", KNOWN_BEFORE},
    {"role", KNOWN_BEFORE},
    {"size", KNOWN_BEFORE},
    {"opened_at", KNOWN_BEFORE},
    {"predicted_minutes", KNOWN_BEFORE},
    {"predicted_minutes_ai", KNOWN_BEFORE},
    {"started_at", KNOWN_UNSAID}, /* items are given arms before their start, or at it */
    {"first_closed_at", KNOWN_BY_WORK},
    {"closed_at", KNOWN_BY_WORK},
    {"state", KNOWN_BY_WORK},
    {"covered", KNOWN_BY_WORK}, /* whether sources report up to the close */
    {"active_minutes", KNOWN_BY_WORK},
    {"labour_minutes", KNOWN_BY_WORK},
    {"review_minutes", KNOWN_BY_WORK},
    {"reported_minutes", KNOWN_BY_WORK},
    {"reopened", KNOWN_BY_WORK},
    {"reworked", KNOWN_BY_WORK},
    {"errors", KNOWN_BY_WORK},
    {"satisfaction", KNOWN_BY_WORK},
    {"quality", KNOWN_BY_WORK},
    {"steps", KNOWN_BY_WORK},
    {"ai_steps", KNOWN_BY_USE},
    {"ai_declared", KNOWN_BY_USE},
    {"ai_first_at", KNOWN_BY_USE},
    {"calls", KNOWN_BY_USE},
    {"calls_inferred", KNOWN_BY_USE},
    {"input_tokens", KNOWN_BY_USE},
    {"output_tokens", KNOWN_BY_USE},
    {"usd", KNOWN_BY_USE},
    {"usd_inferred", KNOWN_BY_USE},
    {"calls_priced", KNOWN_BY_USE},
    {"calls_unpriced", KNOWN_BY_USE},
    {"tool", KNOWN_BY_USE},
    {"model", KNOWN_BY_USE},
};

/* measure('name') is the name, but where a column is called so. */
static const char *plain_name(struct arena *arena, const char *used)
{
    static const char opening[] = "measure('";
    size_t count = 0;
    const struct formula_column *columns = formula_facts_names(&count);
    size_t length = strlen(used);
    if (strncmp(used, opening, sizeof opening - 1) != 0)
        return used;
    const char *name =
        arena_text_n(arena, used + sizeof opening - 1, length - (sizeof opening - 1) - 2);
    for (size_t i = 0; i < count; i++)
        if (strcmp(columns[i].name, name) == 0)
            return used;
    return name;
}

static enum known known_of(const char *name)
{
    for (size_t i = 0; i < sizeof known_names / sizeof *known_names; i++)
        if (strcmp(known_names[i].name, name) == 0)
            return known_names[i].known;
    return KNOWN_UNSAID;
}

/* ---- What a metric is made of ------------------------------------------------------------------
 */

enum { parts_of_metric = 5 };

static void parts_of(const struct metric *metric, const struct formula *out[parts_of_metric])
{
    out[0] = &metric->value.compiled;
    out[1] = &metric->numerator.compiled;
    out[2] = &metric->denominator.compiled;
    out[3] = &metric->from.compiled;
    out[4] = &metric->to.compiled;
}

/* What was known before may stand in a metric too, as size does in minutes per size; not where the
   metric is made of nothing else. */
static bool is_made_of(struct arena *arena, const struct metric *metric, const char *name)
{
    const struct formula *parts[parts_of_metric];
    bool named = false;
    bool only_before = true;
    parts_of(metric, parts);
    for (size_t i = 0; i < parts_of_metric; i++)
        for (size_t u = 0; u < parts[i]->used_count; u++) {
            const char *used = plain_name(arena, parts[i]->used[u]);
            named = named || strcmp(used, name) == 0;
            only_before = only_before && known_of(used) == KNOWN_BEFORE;
        }
    return named && (only_before || known_of(name) != KNOWN_BEFORE);
}

static const char *metric_made_of(struct arena *arena, const struct plan *plan, const char *name)
{
    if (is_made_of(arena, &plan->primary.metric, name))
        return plan->primary.name;
    for (size_t i = 0; i < plan->guardrail_count; i++)
        if (is_made_of(arena, &plan->guardrails[i].metric, name))
            return plan->guardrails[i].name;
    return NULL;
}

/* ---- Formulas ------------------------------------------------------------------------------ */

static const char *fault_of(struct arena *arena, const struct plan *plan, const char *name)
{
    const char *metric = metric_made_of(arena, plan, name);
    if (metric != NULL)
        return arena_printf(arena, "%.80s is what %s is made of", name, metric);
    switch (known_of(name)) {
    case KNOWN_BY_WORK:
        return arena_printf(arena, "%s is known only of work that was done", name);
    case KNOWN_BY_USE:
        return arena_printf(arena, "%s comes of the use of AI", name);
    case KNOWN_BEFORE:
    case KNOWN_UNSAID:
        break;
    }
    return NULL;
}

static enum status check_formula(struct arena *arena, const struct plan *plan,
                                 const struct metric_formula *formula, struct error *error)
{
    for (size_t i = 0; i < formula->compiled.used_count; i++) {
        const char *fault = fault_of(arena, plan, plain_name(arena, formula->compiled.used[i]));
        if (fault != NULL)
            return place_error_in(error, &formula->place, formula->text, formula->length,
                                  formula->compiled.used_at[i],
                                  "%s, so the arm may have moved it; take what was known before, "
                                  "or leave it out",
                                  fault);
    }
    return STATUS_OK;
}

enum status plan_check_before(struct arena *arena, const struct plan *plan, struct error *error)
{
    const struct plan_formulas *const lists[] = {&plan->adjust_for, &plan->strata, &plan->cells,
                                                 &plan->by};
    enum status status = STATUS_OK;
    if (plan->where.text != NULL)
        status = check_formula(arena, plan, &plan->where, error);
    for (size_t l = 0; l < sizeof lists / sizeof *lists; l++)
        for (size_t i = 0; i < lists[l]->count && status == STATUS_OK; i++)
            status = check_formula(arena, plan, &lists[l]->list[i], error);
    return status;
}
