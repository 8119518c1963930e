/* Plans of a folder, and what they name. */

#include "model/plan.h"

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { plan_bytes_max = 256 * 1024 };

static const char suffix[] = ".yaml";

/* ---- Files -------------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

enum status plan_names(struct arena *arena, const char *folder, struct plan_texts *out,
                       struct error *error)
{
    const char **list = NULL;
    size_t count = 0;
    size_t capacity = 0;
    DIR *directory = opendir(folder);
    *out = (struct plan_texts){NULL, 0};
    if (directory == NULL)
        return errno == ENOENT ? STATUS_OK
                               : error_at(error, ERROR_IO, folder, 0, 0,
                                          "the folder cannot be read: %s", strerror(errno));
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        size_t length = strlen(entry->d_name);
        size_t end = sizeof suffix - 1;
        if (entry->d_name[0] == '.' || length <= end ||
            strcmp(entry->d_name + length - end, suffix) != 0)
            continue;
        list = arena_grow(arena, list, count, &capacity, sizeof *list);
        list[count++] = arena_text_n(arena, entry->d_name, length - end);
    }
    (void)closedir(directory);
    if (count > 0)
        qsort(list, count, sizeof *list, by_name);
    *out = (struct plan_texts){list, count};
    return STATUS_OK;
}

static enum status unknown(struct arena *arena, const char *folder, const char *name,
                           const struct place *place, struct error *error)
{
    struct plan_texts names;
    enum status status = plan_names(arena, folder, &names, error);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < names.count; i++)
        if (strcmp(names.list[i], name) == 0)
            return error_at(error, ERROR_INPUT, arena_printf(arena, "plans/%s%s", name, suffix), 0,
                            0,
                            "a plan's file is named by at most 80 lower-case letters, digits, - "
                            "and _, and begins with a letter; rename it");
    const char *nearest = text_nearest(name, names.list, names.count);
    if (nearest != NULL)
        return place_error(error, place, "there is no plan \"%.80s\"; did you mean %s?", name,
                           nearest);
    return place_error(error, place,
                       "there is no plan \"%.80s\"; `assay plan list` shows those that are", name);
}

enum status plan_find(struct arena *arena, const char *folder, const char *name,
                      const struct place *place, struct plan *out, struct error *error)
{
    char *text = NULL;
    size_t length = 0;
    struct plan plan;
    if (!plan_is_name(name))
        return unknown(arena, folder, name, place, error);
    const char *path = arena_printf(arena, "%s/%s%s", folder, name, suffix);
    if (access(path, F_OK) != 0)
        return unknown(arena, folder, name, place, error);
    enum status status = file_read(arena, path, plan_bytes_max, &text, &length, error);
    if (status == STATUS_OK)
        status = plan_read(arena, arena_printf(arena, "plans/%s%s", name, suffix), text, length,
                           &plan, error);
    if (status == STATUS_OK && strcmp(plan.name, name) != 0)
        return error_at(error, ERROR_INPUT, plan.file, 0, 0,
                        "the file is named %s and holds the plan %s; give them one name", name,
                        plan.name);
    if (status == STATUS_OK)
        *out = plan;
    return status;
}

/* ---- What a plan names -------------------------------------------------------------------- */

static enum status compile_goal(struct arena *arena, struct engine *engine,
                                const struct formula_names *names, struct metrics_known *metrics,
                                struct plan_goal *goal, struct error *error)
{
    enum status status =
        metric_known(arena, engine, names, metrics, goal->name, &goal->place, &goal->metric, error);
    if (status == STATUS_OK)
        status = amount_read(goal->amount_text, goal->metric.unit, &goal->amount_place,
                             &goal->amount, error);
    if (status == STATUS_OK)
        status = metric_check_amount(&goal->metric, goal->amount, &goal->amount_place, error);
    return status;
}

enum status plan_check_possible(const struct metric *metric, struct amount amount,
                                const struct place *place, struct error *error)
{
    bool lower = metric->better == METRIC_LOWER;
    if (amount.scale == AMOUNT_RELATIVE && lower && amount.value >= 1)
        return place_error(error, place,
                           "%s cannot improve by so much: lower is better, and 100%% less is "
                           "nothing left; write less than 100%%",
                           metric->name);
    if (amount.scale == AMOUNT_POINTS && amount.value >= 1)
        return place_error(error, place,
                           "%s cannot improve by so much: it has 100 points from end to end; write "
                           "less than 100pp",
                           metric->name);
    return STATUS_OK;
}

/* A guardrail that nothing can break guards nothing. */
static enum status check_allowed(const struct plan_goal *goal, struct error *error)
{
    bool higher = goal->metric.better == METRIC_HIGHER;
    if (goal->amount.scale == AMOUNT_POINTS && goal->amount.value >= 1)
        return place_error(error, &goal->amount_place,
                           "%s cannot get worse by so much: it has 100 points from end to end; "
                           "write less than 100pp",
                           goal->name);
    if (goal->amount.scale == AMOUNT_RELATIVE && higher && goal->amount.value >= 1)
        return place_error(error, &goal->amount_place,
                           "%s cannot get worse by so much: higher is better, and 100%% less is "
                           "nothing left; write less than 100%%",
                           goal->name);
    return STATUS_OK;
}

static enum status compile_formula(struct arena *arena, struct engine *engine,
                                   const struct formula_names *names,
                                   struct metric_formula *formula, struct error *error)
{
    return formula_compile(arena, engine, names, FORMULA_DUCKDB, formula->text, formula->length,
                           &formula->place, &formula->compiled, error);
}

static enum status compile_formulas(struct arena *arena, struct engine *engine,
                                    const struct formula_names *names,
                                    struct plan_formulas *formulas, struct error *error)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < formulas->count && status == STATUS_OK; i++)
        status = compile_formula(arena, engine, names, &formulas->list[i], error);
    return status;
}

/* A stratum is what is known when a unit is drawn, and the same for all of a unit's items. */
static enum status check_strata(const struct plan *plan, struct error *error)
{
    for (size_t i = 0; i < plan->strata.count; i++)
        for (size_t u = 0; u < plan->strata.list[i].compiled.used_count; u++) {
            const char *used = plan->strata.list[i].compiled.used[u];
            bool of_unit = strcmp(used, "team") == 0 || strcmp(used, "role") == 0;
            if (plan->unit != PLAN_ITEM && !of_unit)
                return place_error(error, &plan->strata.list[i].place,
                                   "%s is not the same for all items of a %s; strata of a plan by "
                                   "%s are team and role",
                                   used, plan_unit_name(plan->unit), plan_unit_name(plan->unit));
        }
    return STATUS_OK;
}

/* Not every design takes covariates; `earlier` is one of them. */
static enum status check_design_adjusts(const struct plan *plan, struct error *error)
{
    if (plan->adjust_for.count == 0 && !plan->earlier)
        return STATUS_OK;
    const struct place *place =
        plan->earlier ? &plan->earlier_place : &plan->adjust_for.list[0].place;
    if (plan->design == PLAN_STAGGERED)
        return place_error(error, place,
                           "a staggered plan compares each unit with itself before, without "
                           "covariates; leave adjust_for out");
    if (plan->design == PLAN_LIKE_WITH_LIKE || plan->design == PLAN_BEFORE_AFTER)
        return place_error(error, place, "a %s plan compares within cells; leave adjust_for out",
                           plan_design_name(plan->design));
    return STATUS_OK;
}

static bool can_be_adjusted(enum metric_kind kind)
{
    return kind == METRIC_MEAN || kind == METRIC_PROPORTION || kind == METRIC_RATIO;
}

static enum status check_covariates(const struct plan *plan, struct error *error)
{
    enum metric_kind kind = plan->primary.metric.kind;
    for (size_t i = 0; i < plan->adjust_for.count; i++) {
        const struct metric_formula *formula = &plan->adjust_for.list[i];
        enum formula_type type = formula->compiled.type;
        if (type != FORMULA_NUMBER && type != FORMULA_TRUTH)
            return place_error(error, &formula->place, "this is %s; adjust for a number or a truth",
                               formula_type_name(type));
        if (!can_be_adjusted(kind))
            return place_error(error, &formula->place,
                               "%s is a %s, which is not adjusted for covariates; leave adjust_for "
                               "out, or take strata",
                               plan->primary.name, metric_kind_name(kind));
    }
    if (kind == METRIC_RATIO && (plan->adjust_for.count > 0 || plan->earlier) &&
        (plan->strata.count > 0 || plan->design == PLAN_SWITCHBACK))
        return place_error(error,
                           plan->earlier ? &plan->earlier_place : &plan->adjust_for.list[0].place,
                           "%s is a ratio, which within %s is not adjusted for covariates; leave "
                           "adjust_for out",
                           plan->primary.name, plan->strata.count > 0 ? "strata" : "teams");
    if (plan->earlier && !can_be_adjusted(kind))
        return place_error(error, &plan->earlier_place,
                           "%s is a %s, which is not adjusted for what was earlier; leave that out "
                           "of adjust_for",
                           plan->primary.name, metric_kind_name(kind));
    return check_design_adjusts(plan, error);
}

enum status plan_compile(struct arena *arena, struct engine *engine,
                         const struct formula_names *names, struct metrics_known *metrics,
                         struct plan *plan, struct error *error)
{
    struct formula_names cells = *names;
    struct formula_names others = *names;
    cells.worker = true;
    others.worker = false;
    enum status status = compile_goal(arena, engine, &others, metrics, &plan->primary, error);
    if (status == STATUS_OK)
        status = plan_check_possible(&plan->primary.metric, plan->primary.amount,
                                     &plan->primary.amount_place, error);
    for (size_t i = 0; i < plan->guardrail_count && status == STATUS_OK; i++) {
        status = compile_goal(arena, engine, &others, metrics, &plan->guardrails[i], error);
        if (status == STATUS_OK)
            status = check_allowed(&plan->guardrails[i], error);
    }
    if (status == STATUS_OK) {
        const struct metric *primary = &plan->primary.metric;
        others = formula_names_with(arena, &others, primary->measures, primary->measure_count);
        cells = formula_names_with(arena, &cells, primary->measures, primary->measure_count);
    }
    if (status == STATUS_OK && plan->where.text != NULL) {
        status = compile_formula(arena, engine, &others, &plan->where, error);
        if (status == STATUS_OK)
            status =
                formula_expect(&plan->where.compiled, FORMULA_TRUTH, &plan->where.place, error);
    }
    if (status == STATUS_OK)
        status = compile_formulas(arena, engine, &others, &plan->strata, error);
    if (status == STATUS_OK)
        status = compile_formulas(arena, engine, &others, &plan->adjust_for, error);
    if (status == STATUS_OK)
        status = compile_formulas(arena, engine, &others, &plan->by, error);
    if (status == STATUS_OK)
        status = compile_formulas(arena, engine, &cells, &plan->cells, error);
    if (status == STATUS_OK)
        status = check_strata(plan, error);
    if (status == STATUS_OK)
        status = check_covariates(plan, error);
    if (status == STATUS_OK)
        status = plan_check_before(arena, plan, error);
    if (status == STATUS_OK && plan->horizon > 0 && plan->primary.metric.kind == METRIC_DURATION)
        plan->primary.metric.horizon = plan->horizon;
    return status;
}
