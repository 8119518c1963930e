/* Reading one plan. */

#include "model/plan.h"

#include "base/error.h"
#include "base/table.h"
#include "base/text.h"
#include "model/plan_arms.h"
#include "model/use_case.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))

static const char *const designs[] = {"randomised",    "switchback",     "staggered",
                                      "encouragement", "like_with_like", "before_after"};
static const char *const units[] = {"item", "worker", "team"};
TABLE_OF(designs, PLAN_BEFORE_AFTER + 1);
TABLE_OF(units, PLAN_TEAM + 1);

const char *plan_design_name(enum plan_design design)
{
    return designs[design];
}

const char *plan_unit_name(enum plan_unit unit)
{
    return units[unit];
}

/* ---- Names and texts --------------------------------------------------------------------- */

bool plan_is_name(const char *name)
{
    if (!islower((unsigned char)name[0]) || strlen(name) > 80)
        return false;
    return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == strlen(name);
}

/* Where a key's value stands; nowhere, where the key is not there. */
static struct place place_of(const struct yaml *map, const char *key)
{
    const struct yaml *node = yaml_get(map, key);
    return node != NULL ? yaml_place(node, key) : (struct place){0};
}

static enum status read_names(const struct yaml *root, struct plan *plan, struct error *error)
{
    const struct yaml *node = NULL;
    enum status status = yaml_require(root, "plan", "its-name", &node, error);
    if (status == STATUS_OK)
        status = yaml_text(node, "plan", &plan->name, error);
    if (status == STATUS_OK && !plan_is_name(plan->name))
        return yaml_error(node, "plan", error,
                          "\"%.80s\" is no name for a plan; write lower-case letters, digits, - "
                          "and _",
                          plan->name);
    if (status == STATUS_OK)
        status = yaml_require(root, "use_case", "support.billing", &node, error);
    if (status == STATUS_OK)
        status = yaml_text(node, "use_case", &plan->use_case, error);
    if (status == STATUS_OK && !use_case_is_name(plan->use_case))
        return yaml_error(node, "use_case", error,
                          "\"%.100s\" is no use case; write parts of lower-case letters with dots "
                          "between: support.billing",
                          plan->use_case);
    plan->question = "";
    node = yaml_get(root, "question");
    if (status == STATUS_OK && node != NULL)
        status = yaml_text(node, "question", &plan->question, error);
    return status;
}

static enum status read_texts(struct arena *arena, const struct yaml *map, const char *key,
                              struct plan_texts *out, struct error *error)
{
    const struct yaml *node = yaml_get(map, key);
    if (node == NULL)
        return STATUS_OK;
    enum status status = yaml_list_of_text(arena, node, key, &out->list, &out->count, error);
    if (status == STATUS_OK && out->count == 0)
        return yaml_error(node, key, error, "the list is empty; name one, or leave the key out");
    return status;
}

/* ---- Formulas ---------------------------------------------------------------------------- */

static enum status read_formula(const struct yaml *node, const char *what,
                                struct metric_formula *out, struct error *error)
{
    enum status status = yaml_text(node, what, &out->text, error);
    if (status != STATUS_OK)
        return status;
    out->length = node->length;
    out->place = yaml_text_place(node, what);
    return STATUS_OK;
}

static enum status read_formulas(struct arena *arena, const struct yaml *map, const char *key,
                                 struct plan_formulas *out, struct error *error)
{
    const struct yaml *node = yaml_get(map, key);
    if (node == NULL)
        return STATUS_OK;
    if (node->kind != YAML_LIST)
        return yaml_error(node, key, error, "write a list of formulas: %s: [team, size]", key);
    out->list = arena_array(arena, node->count, sizeof *out->list);
    for (size_t i = 0; i < node->count; i++) {
        out->list[i] = (struct metric_formula){0};
        enum status status = read_formula(node->values[i], key, &out->list[i], error);
        if (status != STATUS_OK)
            return status;
    }
    out->count = node->count;
    return STATUS_OK;
}

/* ---- Lengths of time and days ------------------------------------------------------------ */

static enum status read_span(const struct yaml *map, const char *key, int64_t *out,
                             struct error *error)
{
    const struct yaml *node = yaml_get(map, key);
    const char *text = NULL;
    if (node == NULL)
        return STATUS_OK;
    enum status status = yaml_text(node, key, &text, error);
    struct place place = yaml_place(node, key);
    if (status == STATUS_OK)
        status = duration_read(text, &place, out, error);
    return status;
}

/* A span that must be there, and over 0. */
static enum status require_span(const struct yaml *map, const char *key, const char *example,
                                int64_t *out, struct error *error)
{
    const struct yaml *node = NULL;
    enum status status = yaml_require(map, key, example, &node, error);
    if (status == STATUS_OK)
        status = read_span(map, key, out, error);
    if (status == STATUS_OK && *out <= 0)
        return yaml_error(node, key, error, "this must be over 0, such as %s", example);
    return status;
}

/* Years that people mean. */
static bool is_plausible(struct days days)
{
    return days.from >= day_of(1900, 1, 1) && days.until <= day_of(2200, 1, 1);
}

static enum status read_day(const struct yaml *node, const char *what, int64_t *out,
                            struct error *error)
{
    const char *text = NULL;
    enum status status = yaml_text(node, what, &text, error);
    if (status != STATUS_OK)
        return status;
    if (!day_parse(text, out) || !is_plausible((struct days){*out, *out + 1}))
        return yaml_error(node, what, error, "\"%.40s\" is no date; write it like 2026-07-01",
                          text);
    return STATUS_OK;
}

/* {from: 2026-07-01, to: 2026-09-30}, or 2026Q3. */
static enum status read_period(const struct yaml *root, struct days *out, struct error *error)
{
    static const char *const keys[] = {"from", "to"};
    const struct yaml *node = NULL;
    const struct yaml *day = NULL;
    enum status status =
        yaml_require(root, "period", "{from: 2026-07-01, to: 2026-09-30}", &node, error);
    if (status != STATUS_OK)
        return status;
    if (node->kind == YAML_SCALAR) {
        if (!days_parse(node->text, out) || !is_plausible(*out))
            return yaml_error(node, "period", error,
                              "\"%.40s\" is no period; write {from: 2026-07-01, to: 2026-09-30} or "
                              "2026Q3",
                              node->text);
        return STATUS_OK;
    }
    status = yaml_check_keys(node, "period", keys, COUNT(keys), error);
    if (status == STATUS_OK)
        status = yaml_require(node, "from", "2026-07-01", &day, error);
    if (status == STATUS_OK)
        status = read_day(day, "from", &out->from, error);
    if (status == STATUS_OK)
        status = yaml_require(node, "to", "2026-09-30", &day, error);
    if (status == STATUS_OK)
        status = read_day(day, "to", &out->until, error);
    if (status != STATUS_OK)
        return status;
    out->until++; /* the last day is part of it */
    if (out->until <= out->from)
        return yaml_error(day, "to", error, "the period ends before it begins");
    return STATUS_OK;
}

/* ---- The design -------------------------------------------------------------------------- */

static enum status check_design_keys(const struct yaml *node, enum plan_design design,
                                     struct error *error)
{
    static const char *const randomised[] = {"kind", "unit", "probability", "strata"};
    static const char *const switchback[] = {"kind", "unit", "block", "washout"};
    static const char *const staggered[] = {"kind", "unit", "anticipation", "every", "strata"};
    static const char *const encouragement[] = {"kind", "unit", "probability", "strata"};
    static const char *const like_with_like[] = {"kind", "cells", "landmark"};
    static const char *const before_after[] = {"kind", "policy", "date", "season"};
    static const struct {
        const char *const *keys;
        size_t count;
    } allowed[] = {
        [PLAN_RANDOMISED] = {randomised, COUNT(randomised)},
        [PLAN_SWITCHBACK] = {switchback, COUNT(switchback)},
        [PLAN_STAGGERED] = {staggered, COUNT(staggered)},
        [PLAN_ENCOURAGEMENT] = {encouragement, COUNT(encouragement)},
        [PLAN_LIKE_WITH_LIKE] = {like_with_like, COUNT(like_with_like)},
        [PLAN_BEFORE_AFTER] = {before_after, COUNT(before_after)},
    };
    TABLE_OF(allowed, PLAN_BEFORE_AFTER + 1);
    char what[40];
    (void)snprintf(what, sizeof what, "design %s", designs[design]);
    return yaml_check_keys(node, what, allowed[design].keys, allowed[design].count, error);
}

static enum status read_unit(const struct yaml *node, const char *key, enum plan_unit *out,
                             struct error *error)
{
    const struct yaml *value = NULL;
    size_t word = 0;
    enum status status = yaml_require(node, key, "worker", &value, error);
    if (status == STATUS_OK)
        status = yaml_word(value, key, units, COUNT(units), &word, error);
    if (status == STATUS_OK)
        *out = (enum plan_unit)word;
    return status;
}

static enum status read_probability(const struct yaml *node, double *out, struct error *error)
{
    const struct yaml *value = yaml_get(node, "probability");
    *out = 0.5;
    if (value == NULL)
        return STATUS_OK;
    enum status status = yaml_number(value, "probability", out, error);
    if (status == STATUS_OK && (*out <= 0 || *out >= 1))
        return yaml_error(value, "probability", error,
                          "the probability of the second arm lies between 0 and 1, such as 0.5");
    return status;
}

static enum status read_switchback(const struct yaml *node, struct plan *plan, struct error *error)
{
    enum status status = read_unit(node, "unit", &plan->unit, error);
    if (status == STATUS_OK && plan->unit != PLAN_TEAM)
        return yaml_error(yaml_get(node, "unit"), "unit", error,
                          "a switchback is drawn by team; write unit: team");
    if (status == STATUS_OK)
        status = require_span(node, "block", "1w", &plan->block, error);
    if (status == STATUS_OK && plan->block % TIME_DAY != 0)
        return yaml_error(yaml_get(node, "block"), "block", error,
                          "a block is a whole number of days, such as 7d");
    const struct yaml *washout = NULL;
    if (status == STATUS_OK)
        status = yaml_require(node, "washout", "1d (0d for none)", &washout, error);
    if (status == STATUS_OK)
        status = read_span(node, "washout", &plan->washout, error);
    plan->places.block = place_of(node, "block");
    if (status == STATUS_OK && plan->washout >= plan->block)
        return yaml_error(washout, "washout", error, "it is as long as a block: nothing is left");
    return status;
}

static enum status read_staggered(const struct yaml *node, struct plan *plan, struct error *error)
{
    static const char *const words[] = {"month", "week"};
    const struct yaml *every = yaml_get(node, "every");
    size_t word = 0;
    enum status status = read_unit(node, "unit", &plan->unit, error);
    if (status == STATUS_OK && plan->unit == PLAN_ITEM)
        return yaml_error(yaml_get(node, "unit"), "unit", error,
                          "a rollout reaches teams or workers; write unit: team");
    if (status == STATUS_OK)
        status = read_span(node, "anticipation", &plan->anticipation, error);
    if (status == STATUS_OK && every != NULL)
        status = yaml_word(every, "every", words, COUNT(words), &word, error);
    plan->every = (enum plan_every)word;
    return status;
}

static enum status read_before_after(const struct yaml *node, struct plan *plan,
                                     struct error *error)
{
    static const char *const words[] = {"year"};
    const struct yaml *policy = yaml_get(node, "policy");
    const struct yaml *date = yaml_get(node, "date");
    const struct yaml *season = yaml_get(node, "season");
    size_t word = 0;
    enum status status = STATUS_OK;
    if ((policy == NULL) == (date == NULL))
        return yaml_error(node, "design before_after", error,
                          "name what divides before and after, either way: date: 2026-07-01, or "
                          "policy: NAME");
    if (policy != NULL)
        status = yaml_text(policy, "policy", &plan->policy, error);
    else
        status = read_day(date, "date", &plan->date, error);
    if (status == STATUS_OK && season != NULL) {
        status = yaml_word(season, "season", words, COUNT(words), &word, error);
        plan->season = true;
        plan->places.season = yaml_place(season, "season");
    }
    return status;
}

static enum status read_design(struct arena *arena, const struct yaml *root, struct plan *plan,
                               struct error *error)
{
    const struct yaml *node = NULL;
    const struct yaml *kind = NULL;
    size_t word = 0;
    enum status status =
        yaml_require(root, "design", "{kind: randomised, unit: item}", &node, error);
    if (status == STATUS_OK && node->kind != YAML_MAP)
        return yaml_error(node, "design", error, "write a map: {kind: randomised, unit: item}");
    if (status == STATUS_OK)
        status = yaml_require(node, "kind", "randomised", &kind, error);
    if (status == STATUS_OK)
        status = yaml_word(kind, "kind", designs, COUNT(designs), &word, error);
    if (status != STATUS_OK)
        return status;
    plan->design = (enum plan_design)word;
    status = check_design_keys(node, plan->design, error);
    if (status != STATUS_OK)
        return status;
    switch (plan->design) {
    case PLAN_RANDOMISED:
    case PLAN_ENCOURAGEMENT:
        status = read_unit(node, "unit", &plan->unit, error);
        if (status == STATUS_OK)
            status = read_probability(node, &plan->probability, error);
        return status == STATUS_OK ? read_formulas(arena, node, "strata", &plan->strata, error)
                                   : status;
    case PLAN_SWITCHBACK:
        return read_switchback(node, plan, error);
    case PLAN_STAGGERED:
        status = read_staggered(node, plan, error);
        return status == STATUS_OK ? read_formulas(arena, node, "strata", &plan->strata, error)
                                   : status;
    case PLAN_LIKE_WITH_LIKE:
        status = yaml_require(node, "cells", "[team, size]", &kind, error);
        if (status == STATUS_OK)
            status = read_formulas(arena, node, "cells", &plan->cells, error);
        if (status == STATUS_OK && plan->cells.count == 0)
            return yaml_error(kind, "cells", error, "name what makes items alike: [team, size]");
        plan->places.landmark = place_of(node, "landmark");
        return status == STATUS_OK ? read_span(node, "landmark", &plan->landmark, error) : status;
    case PLAN_BEFORE_AFTER:
        break;
    }
    return read_before_after(node, plan, error);
}

static enum status read_arms(struct arena *arena, const struct yaml *root, struct plan *plan,
                             struct error *error)
{
    static const char *const usual[] = {"no_ai", "ai"};
    const struct yaml *node = yaml_get(root, "arms");
    plan->arms = (struct plan_texts){usual, 2};
    plan->places.arms = place_of(root, "arms");
    enum status status = read_texts(arena, root, "arms", &plan->arms, error);
    if (status == STATUS_OK && plan->arms.count < 2)
        return yaml_error(node, "arms", error, "name two arms, the baseline first: [no_ai, ai]");
    return status == STATUS_OK ? plan_arms_check(root, plan, error) : status;
}

/* ---- What should improve, and what may not get worse -------------------------------------- */

static enum status read_goal(const struct yaml *node, const char *what, const char *key,
                             struct plan_goal *out, struct error *error)
{
    const char *const keys[] = {"metric", key};
    const struct yaml *value = NULL;
    enum status status = yaml_check_keys(node, what, keys, COUNT(keys), error);
    if (status == STATUS_OK)
        status = yaml_require(node, "metric", "time_to_complete", &value, error);
    if (status == STATUS_OK)
        status = yaml_text(value, "metric", &out->name, error);
    if (status != STATUS_OK)
        return status;
    out->place = yaml_place(value, "metric");
    status = yaml_require(node, key, "10%", &value, error);
    if (status == STATUS_OK)
        status = yaml_text(value, key, &out->amount_text, error);
    if (status != STATUS_OK)
        return status;
    out->amount_place = yaml_place(value, key);
    status = amount_read(out->amount_text, NULL, &out->amount_place, &out->amount, error);
    if (status == STATUS_OK && out->amount.value <= 0 && strcmp(key, "improve_by") == 0)
        return yaml_error(value, key, error, "it must be over 0: the smallest change worth having");
    return status;
}

static enum status read_guardrails(struct arena *arena, const struct yaml *root, struct plan *plan,
                                   struct error *error)
{
    const struct yaml *node = yaml_get(root, "guardrails");
    if (node == NULL)
        return STATUS_OK;
    if (node->kind != YAML_LIST)
        return yaml_error(node, "guardrails", error,
                          "write a list, one a line: - {metric: rework_rate, allow: 1pp}");
    if (node->count > plan_guardrails_max)
        return yaml_error(node->values[plan_guardrails_max], "guardrails", error,
                          "a plan has at most %d guardrails", plan_guardrails_max);
    plan->guardrails = arena_array(arena, node->count, sizeof *plan->guardrails);
    for (size_t i = 0; i < node->count; i++) {
        struct plan_goal *goal = &plan->guardrails[i];
        *goal = (struct plan_goal){0};
        enum status status = read_goal(node->values[i], "guardrail", "allow", goal, error);
        if (status != STATUS_OK)
            return status;
        bool twice = strcmp(goal->name, plan->primary.name) == 0;
        for (size_t j = 0; j < i && !twice; j++)
            twice = strcmp(goal->name, plan->guardrails[j].name) == 0;
        if (twice)
            return place_error(error, &goal->place, "%s is named twice in the plan", goal->name);
    }
    plan->guardrail_count = node->count;
    return STATUS_OK;
}

/* ---- The rest ----------------------------------------------------------------------------- */

static enum status read_scope(struct arena *arena, const struct yaml *root, struct plan *plan,
                              struct error *error)
{
    static const char *const keys[] = {"teams", "roles", "where"};
    const struct yaml *node = yaml_get(root, "scope");
    if (node == NULL)
        return STATUS_OK;
    enum status status = yaml_check_keys(node, "scope", keys, COUNT(keys), error);
    if (status == STATUS_OK)
        status = read_texts(arena, node, "teams", &plan->teams, error);
    if (status == STATUS_OK)
        status = read_texts(arena, node, "roles", &plan->roles, error);
    const struct yaml *where = yaml_get(node, "where");
    if (status == STATUS_OK && where != NULL)
        status = read_formula(where, "where", &plan->where, error);
    return status;
}

/* Errors by a unit finer than what was assigned, or than people, would be too small. */
static enum status read_cluster(const struct yaml *root, struct plan *plan, struct error *error)
{
    bool assigned = plan->design <= PLAN_ENCOURAGEMENT;
    enum plan_unit least = assigned && plan->unit == PLAN_TEAM ? PLAN_TEAM : PLAN_WORKER;
    plan->cluster = least;
    plan->places.cluster = place_of(root, "cluster");
    const struct yaml *node = yaml_get(root, "cluster");
    if (node == NULL)
        return STATUS_OK;
    enum status status = read_unit(root, "cluster", &plan->cluster, error);
    if (status == STATUS_OK && plan->cluster < least)
        return yaml_error(node, "cluster", error,
                          "errors by %s would be too small; write %s, or leave the key out",
                          units[plan->cluster], units[least]);
    return status;
}

static enum status read_looks(const struct yaml *root, struct plan *plan, struct error *error)
{
    static const char *const words[] = {"end", "anytime"};
    const struct yaml *node = yaml_get(root, "looks");
    const struct yaml *items = yaml_get(root, "items");
    size_t word = 0;
    enum status status = STATUS_OK;
    if (node != NULL)
        status = yaml_word(node, "looks", words, COUNT(words), &word, error);
    plan->anytime = word == 1;
    plan->places.looks = place_of(root, "looks");
    if (status == STATUS_OK && items != NULL)
        status = yaml_integer(items, "items", &plan->items, error);
    if (status == STATUS_OK && items != NULL && plan->items <= 0)
        return yaml_error(items, "items", error, "write the items expected at the end, over 0");
    if (status == STATUS_OK && plan->anytime && items == NULL)
        return yaml_error(node, "looks", error,
                          "looking at any time takes the items expected at the end: write items: "
                          "4000 beside it");
    return status;
}

static enum status read_numbers(const struct yaml *root, struct plan *plan, struct error *error)
{
    const struct yaml *node = yaml_get(root, "confidence");
    plan->confidence = 0.95;
    enum status status = STATUS_OK;
    if (node != NULL)
        status = yaml_number(node, "confidence", &plan->confidence, error);
    if (status == STATUS_OK && plan->confidence < 0.8)
        return yaml_error(node, "confidence", error,
                          "an interval that misses the truth more often than once in five tells "
                          "nothing; write 0.8 or more, 0.95 is usual");
    if (status == STATUS_OK && plan->confidence > 0.9999)
        return yaml_error(node, "confidence", error,
                          "it lies between 0.8 and 0.9999; 0.95 is usual");
    if (status == STATUS_OK && yaml_get(root, "horizon") != NULL)
        status = require_span(root, "horizon", "30d", &plan->horizon, error);
    if (status == STATUS_OK && yaml_get(root, "landmark") != NULL) {
        if (plan->design != PLAN_LIKE_WITH_LIKE)
            return yaml_error(yaml_get(root, "landmark"), "landmark", error,
                              "times count from the start in a %s plan; leave it out",
                              designs[plan->design]);
        status = require_span(root, "landmark", "2h", &plan->landmark, error);
        plan->places.landmark = place_of(root, "landmark");
    }
    node = yaml_get(root, "interact");
    plan->places.interact = place_of(root, "interact");
    if (status == STATUS_OK && node != NULL)
        status = yaml_bool(node, "interact", &plan->interact, error);
    if (status == STATUS_OK && plan->interact && plan->adjust_for.count == 0 && !plan->earlier)
        return yaml_error(node, "interact", error,
                          "there is nothing to interact with; write adjust_for: [FORMULA] too");
    return status;
}

/* `earlier` is no formula: each person's mean of the metric in the period before. */
static void take_earlier(struct plan *plan)
{
    struct plan_formulas *formulas = &plan->adjust_for;
    size_t kept = 0;
    for (size_t i = 0; i < formulas->count; i++) {
        bool earlier = strcmp(formulas->list[i].text, "earlier") == 0;
        if (earlier) {
            plan->earlier = true;
            plan->earlier_place = formulas->list[i].place;
        } else {
            formulas->list[kept++] = formulas->list[i];
        }
    }
    formulas->count = kept;
}

/* A day that divides has work on either side of it. */
static enum status check_date(const struct yaml *root, const struct plan *plan, struct error *error)
{
    const struct yaml *date = yaml_get(yaml_get(root, "design"), "date");
    if (plan->design != PLAN_BEFORE_AFTER || date == NULL)
        return STATUS_OK;
    if (plan->date > plan->period.from && plan->date < plan->period.until)
        return STATUS_OK;
    return yaml_error(date, "date", error,
                      "the day that divides lies outside of the plan's period, so that there is no "
                      "before, or no after; name a period around it");
}

static enum status read_root(struct arena *arena, const struct yaml *root, struct plan *plan,
                             struct error *error)
{
    static const char *const keys[] = {
        "plan",  "use_case", "question",   "design",     "arms",     "period",
        "scope", "primary",  "guardrails", "adjust_for", "interact", "by",
        "items", "cluster",  "horizon",    "landmark",   "looks",    "confidence"};
    const struct yaml *node = NULL;
    if (root->kind != YAML_MAP)
        return yaml_error(root, NULL, error, "a plan is a map; write plan: its-name, use_case: …");
    enum status status = yaml_check_keys(root, NULL, keys, COUNT(keys), error);
    if (status == STATUS_OK)
        status = read_names(root, plan, error);
    if (status == STATUS_OK)
        status = read_design(arena, root, plan, error);
    if (status == STATUS_OK)
        status = read_arms(arena, root, plan, error);
    if (status == STATUS_OK)
        status = read_period(root, &plan->period, error);
    plan->places.period = place_of(root, "period");
    if (status == STATUS_OK)
        status = check_date(root, plan, error);
    if (status == STATUS_OK)
        status = read_scope(arena, root, plan, error);
    if (status == STATUS_OK)
        status = yaml_require(root, "primary", "{metric: time_to_complete, improve_by: 10%}", &node,
                              error);
    if (status == STATUS_OK)
        status = read_goal(node, "primary", "improve_by", &plan->primary, error);
    if (status == STATUS_OK)
        status = read_guardrails(arena, root, plan, error);
    if (status == STATUS_OK)
        status = read_formulas(arena, root, "adjust_for", &plan->adjust_for, error);
    if (status == STATUS_OK)
        take_earlier(plan);
    if (status == STATUS_OK)
        status = read_formulas(arena, root, "by", &plan->by, error);
    if (status == STATUS_OK)
        status = read_cluster(root, plan, error);
    if (status == STATUS_OK)
        status = read_looks(root, plan, error);
    return status == STATUS_OK ? read_numbers(root, plan, error) : status;
}

enum status plan_read(struct arena *arena, const char *file, const char *text, size_t length,
                      struct plan *out, struct error *error)
{
    struct yaml *root = NULL;
    enum status status = yaml_read(arena, file, text, length, &root, error);
    if (status != STATUS_OK)
        return status;
    struct plan plan = {.file = root->file, .source = arena_text_n(arena, text, length)};
    status = read_root(arena, root, &plan, error);
    if (status == STATUS_OK)
        *out = plan;
    return status;
}
