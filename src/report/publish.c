#include "report/publish.h"

#include "base/arena.h"
#include "report/by_cells.h"
#include "report/compliers_shown.h"
#include "report/event_study.h"
#include "report/format.h"
#include "report/opt_outs.h"
#include "report/order.h"
#include "report/parts.h"
#include "report/perception.h"
#include "report/publish_near.h"
#include "report/reviewers_shown.h"
#include "report/season_shown.h"
#include "report/sentence.h"
#include "report/values.h"
#include "report/without_ai.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char too_near[] = "a small group could be had from it by subtraction";

static json_int_t whole_at(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static bool exists(const json_t *part)
{
    return json_object_get(part, "reason") == NULL;
}

/* ---- Who is too few --------------------------------------------------------------------- */

static bool small_change(const json_t *change, json_int_t least)
{
    return whole_at(change, "workers_before") < least || whole_at(change, "workers_now") < least;
}

static bool small_comparison(const json_t *comparison, json_int_t least)
{
    size_t index = 0;
    json_t *arm = NULL;
    json_array_foreach(json_object_get(comparison, "arms"), index, arm)
    {
        if (whole_at(arm, "workers") < least)
            return true;
    }
    return false;
}

/* ---- Taking out ------------------------------------------------------------------------- */

void publish_note(struct withhold *withhold, json_t *document, const json_t *row,
                  const json_t *metric, const char *what, const char *why)
{
    const char *use_case = json_string_value(json_object_get(row, "use_case"));
    const char *name = json_string_value(json_object_get(metric, "name"));
    const char *arm = text_at(row, "plan.arm");
    bool of_arm = arm[0] != '\0' && strcmp(what, "change") != 0;
    json_t *said = json_sprintf("%s%s%s of %s, %s", what, of_arm ? " with the arm " : "",
                                of_arm ? arm : "", name, use_case);
    withhold_add(withhold, json_object_get(document, "withheld"),
                 json_pack("{s:o, s:s}", "what", said, "why", why));
}

static void note(struct withhold *withhold, json_t *document, const json_t *row, const char *what,
                 const char *why)
{
    publish_note(withhold, document, row, json_object_get(row, "metric"), what, why);
}

json_t *publish_withheld_change(const char *why)
{
    return json_pack("{s:n, s:s, s:b}", "word", "reason", why, "withheld", true);
}

static json_t *withheld_comparison(const char *why)
{
    return json_pack("{s:n, s:s, s:b}", "effect", "reason", why, "withheld", true);
}

static json_t *withheld_verdict(void)
{
    return json_pack("{s:s, s:s, s:n, s:n, s:n, s:b, s:n, s:n}", "word", "withheld", "reason",
                     "small_group", "leaning", "margin", "margin_from", "target_met", false,
                     "items_needed", "needed_reason");
}

/* One item's day: whether it is of many people is known only with what is shown of them. Whether a
   plan was locked before that day narrows it; that it was after the period, or never, does not. */
static void withhold_first_day(struct withhold *withhold, json_t *row)
{
    json_t *plan = json_object_get(row, "plan");
    const char *when = json_string_value(json_object_get(plan, "locked_when"));
    if (!json_is_object(plan))
        return;
    withhold_value(withhold, plan, "first_item_day");
    if (when != NULL && strcmp(when, "after") != 0)
        withhold_by(withhold, plan, "locked_when", json_string("unknown"));
}

void publish_withhold_comparison(struct withhold *withhold, json_t *document, json_t *row,
                                 const char *why)
{
    note(withhold, document, row, "comparison", why);
    withhold_by(withhold, row, "comparison", withheld_comparison(why));
    withhold_by(withhold, row, "verdict", withheld_verdict());
    withhold_by(withhold, row, "checks", json_array());
    withhold_by(withhold, row, "guardrails", json_array());
    withhold_value(withhold, row, "without_ai");
    withhold_first_day(withhold, row);
}

/* ---- What could be had by subtraction ---------------------------------------------------- */

static bool small(const struct publishing *p, size_t result)
{
    json_int_t workers = json_integer_value(json_array_get(p->fewest, result));
    return workers > 0 && workers < p->withhold->least;
}

/* ---- A row, result by result ------------------------------------------------------------ */

static bool is_setting(const char *key)
{
    static const char *const settings[] = {"level",  "horizon_days", "landmark_days",
                                           "margin", "allow",        NULL};
    for (const char *const *setting = settings; *setting != NULL; setting++)
        if (strcmp(key, *setting) == 0)
            return true;
    return false;
}

static double two_digits(double value)
{
    char digits[16];
    (void)snprintf(digits, sizeof digits, "%.1e", value);
    return strtod(digits, NULL);
}

bool publish_same_two_digits(double a, double b)
{
    return isfinite(a) && isfinite(b) && two_digits(a) == two_digits(b);
}

/* A mean in ten digits tells how many items it is of: two are left. */
static void coarse(json_t *part)
{
    const char *key = NULL;
    size_t index = 0;
    json_t *value = NULL;
    json_array_foreach(part, index, value) coarse(value);
    json_object_foreach(part, key, value)
    {
        if (!is_setting(key))
            coarse(value);
    }
    if (json_is_real(part))
        (void)json_real_set(part, two_digits(json_real_value(part)));
}

static const char *const counts_of_change[] = {
    "items_before", "items_now", "workers_before", "workers_now", "df", "matched", "parts", NULL};

void publish_change_in_two_digits(struct withhold *withhold, json_t *change)
{
    withhold_values(withhold, change, counts_of_change);
    coarse(change);
}

/* Few, but some, stand between a change and a trial of one of its periods, whether or not this
   document tells of the trial: another one does. */
static bool beside_trial(const struct publishing *p, size_t result, bool same_unit)
{
    const json_t *beside = json_object_get(json_object_get(p->row, "_"), "beside");
    json_int_t workers =
        json_integer_value(json_array_get(json_array_get(beside, result), same_unit ? 0 : 1));
    return workers > 0 && workers < p->withhold->least;
}

static void publish_change(struct publishing *p)
{
    json_t *change = json_object_get(p->row, "change");
    const char *why = NULL;
    if (small(p, result_change) || (exists(change) && small_change(change, p->withhold->least)))
        why = p->withhold->why;
    else if (exists(change) && (publish_near_rows(p, result_change, true) ||
                                publish_near(p, result_change, result_comparison) ||
                                beside_trial(p, result_change, true)))
        why = too_near;
    p->shown[result_change] = exists(change) && why == NULL;
    if (why != NULL) { /* a reason, too, would tell of them */
        note(p->withhold, p->document, p->row, "change", why);
        withhold_by(p->withhold, p->row, "change", publish_withheld_change(why));
    } else if (exists(change) && (publish_near_rows(p, result_change, false) ||
                                  beside_trial(p, result_change, false))) {
        publish_change_in_two_digits(p->withhold, change);
    }
    parts_publish(json_object_get(p->row, "change"), p->withhold);
    /* Where it is not shown, the next period's report will show it as its earlier one. */
    if (json_is_true(json_object_get(json_object_get(p->row, "_"), "has_now")))
        p->shown[result_change] = true;
}

/* The reasons for leaving items out, where one would tell of few. */
static void publish_excluded(struct publishing *p, json_t *comparison)
{
    const json_t *by = json_object_get(json_object_get(p->row, "_"), "excluded_by");
    json_t *excluded = json_object_get(comparison, "excluded");
    const char *reason = NULL;
    json_t *workers = NULL;
    bool tells = false;
    json_object_foreach((json_t *)by, reason, workers)
    {
        json_int_t count = json_integer_value(workers);
        tells = tells || (count > 0 && count < p->withhold->least);
    }
    if (!tells)
        return;
    json_object_foreach((json_t *)by, reason, workers)
    {
        withhold_value(p->withhold, excluded, reason);
    }
}

/* What is left where another row in another unit is too near: values, whose sums are not known. */
static void comparison_without_counts(struct withhold *withhold, json_t *row, json_t *comparison)
{
    static const char *const of_arms[] = {"items", "workers", NULL};
    static const char *const of_all[] = {"clusters",  "df",        "parts",  "opt_outs",
                                         "events",    "compliers", "weekly", "planned_share",
                                         "agreement", NULL};
    static const char *const needed[] = {"items_needed", "needed_reason", NULL};
    size_t index = 0;
    json_t *arm = NULL;
    json_t *guardrail = NULL;
    json_array_foreach(json_object_get(comparison, "arms"), index, arm)
        withhold_values(withhold, arm, of_arms);
    json_array_foreach(json_object_get(row, "guardrails"), index, guardrail)
        withhold_values(withhold, guardrail, needed);
    withhold_all(withhold, json_object_get(comparison, "excluded"));
    withhold_values(withhold, comparison, of_all);
    withhold_values(withhold, json_object_get(row, "verdict"), needed);
    coarse(comparison);
    coarse(json_object_get(row, "guardrails"));
    coarse(json_object_get(row, "checks"));
}

/* In ten digits the p value of a draw tells how many units were drawn into either arm, those
   without an outcome too. */
static void publish_draw(struct withhold *withhold, json_t *row)
{
    size_t index = 0;
    json_t *check = NULL;
    json_array_foreach(json_object_get(row, "checks"), index, check)
    {
        const json_t *p = json_object_get(check, "p");
        char digit[16];
        if (!json_is_number(p) || strcmp(text_at(check, "check"), "sample_ratio") != 0)
            continue;
        (void)snprintf(digit, sizeof digit, "%.0e", json_number_value(p));
        withhold_by(withhold, check, "p", value_number(strtod(digit, NULL)));
    }
}

/* Of the sizes of some arms and the p of all, those of the one that is withheld can be had. */
static void publish_draw_of_all(struct withhold *withhold, json_t *rows, const json_t *of)
{
    const char *plan = text_at(of, "plan.name");
    size_t index = 0;
    size_t inner = 0;
    json_t *row = NULL;
    json_t *check = NULL;
    json_array_foreach(rows, index, row)
    {
        if (strcmp(text_at(row, "plan.name"), plan) != 0)
            continue;
        json_array_foreach(json_object_get(row, "checks"), inner, check)
        {
            if (strcmp(text_at(check, "check"), "sample_ratio") == 0)
                withhold_value(withhold, check, "p");
        }
    }
}

/* Is a cell nearly one that is shown already, of this row or another? */
static bool is_near_shown(const struct publishing *p, const json_t *numbers)
{
    size_t index = 0;
    json_t *number = NULL;
    json_array_foreach(numbers, index, number)
    {
        if (near_rows_has(p->before, number))
            return true;
    }
    return false;
}

/* Effects by group, formula by formula. */
static void publish_groups(struct publishing *p, json_t *comparison)
{
    const json_t *numbers = json_object_get(json_object_get(p->row, "_"), "by");
    size_t index = 0;
    json_t *by = NULL;
    json_array_foreach(json_object_get(comparison, "by"), index, by)
    {
        const json_t *of_cells = json_array_get(numbers, index);
        const char *near = is_near_shown(p, of_cells) ? too_near : NULL;
        const char *why = by_cells_publish(comparison, by, near, p->withhold);
        size_t cell = 0;
        json_t *number = NULL;
        if (why != NULL)
            note(p->withhold, p->document, p->row, "groups", why);
        else
            json_array_foreach(of_cells, cell, number)
                near_rows_add_number(p->before, number, json_object_get(p->row, "metric"));
    }
}

static void publish_comparison(struct publishing *p)
{
    json_t *comparison = json_object_get(p->row, "comparison");
    if (small(p, result_comparison) ||
        (exists(comparison) && small_comparison(comparison, p->withhold->least)))
        publish_withhold_comparison(p->withhold, p->document, p->row, p->withhold->why);
    else if (!exists(comparison))
        return;
    else if (publish_near(p, result_comparison, result_change) ||
             publish_near_rows(p, result_comparison, true))
        publish_withhold_comparison(p->withhold, p->document, p->row, too_near);
    else {
        p->shown[result_comparison] = true;
        publish_excluded(p, comparison);
        if (p->withhold->least > 1)
            publish_draw(p->withhold, p->row);
        parts_publish(comparison, p->withhold);
        events_publish(comparison, p->withhold);
        compliers_publish(comparison, p->withhold);
        season_publish(comparison, p->withhold);
        opt_outs_publish(comparison, p->withhold);
        if (publish_near_rows(p, result_comparison, false))
            comparison_without_counts(p->withhold, p->row, comparison);
        publish_groups(p, comparison);
        if (perception_publish(comparison, p->withhold))
            note(p->withhold, p->document, p->row, "what people expected or said",
                 p->withhold->why);
        if (reviewers_publish(comparison, p->withhold))
            note(p->withhold, p->document, p->row, "how far reviewers agree", p->withhold->why);
    }
}

static void publish_also(struct publishing *p, json_t *also, size_t result)
{
    json_t *change = json_object_get(also, "change");
    const char *why = small(p, result) ? p->withhold->why : NULL;
    if (!exists(change) && why == NULL)
        return;
    if (why == NULL && small_change(change, p->withhold->least))
        why = p->withhold->why;
    bool beside = false;
    for (size_t other = 0; other < result; other++) {
        beside = beside || publish_near(p, result, other);
        if (why == NULL && publish_near(p, result, other) && publish_same_unit(p, result, other))
            why = too_near;
    }
    beside = beside || publish_near_rows(p, result, false) || beside_trial(p, result, false);
    if (why == NULL && (publish_near_rows(p, result, true) || beside_trial(p, result, true)))
        why = too_near;
    p->shown[result] = why == NULL;
    parts_publish(change, p->withhold);
    if (why != NULL) {
        publish_note(p->withhold, p->document, p->row, json_object_get(also, "metric"), "change",
                     why);
        withhold_by(p->withhold, also, "change", publish_withheld_change(why));
    } else if (beside) {
        publish_change_in_two_digits(p->withhold, change);
    }
}

/* What rests on few people is neither held nor broken for a reader, and has no numbers. */
static void publish_guardrails(struct publishing *p)
{
    static const char *const needed[] = {"items_needed", "needed_reason", NULL};
    const json_t *fewest = json_object_get(json_object_get(p->row, "_"), "guardrails");
    size_t index = 0;
    json_t *one = NULL;
    json_array_foreach(json_object_get(p->row, "guardrails"), index, one)
    {
        json_int_t workers = json_integer_value(json_array_get(fewest, index));
        if (workers >= p->withhold->least)
            continue;
        withhold_by(p->withhold, one, "state", json_string("open"));
        withhold_value(p->withhold, one, "effect");
        withhold_by(p->withhold, one, "interval", json_pack("[n, n]"));
        withhold_by(p->withhold, one, "reason", json_string(p->withhold->why));
        withhold_values(p->withhold, one, needed);
    }
}

static struct publishing publishing_of(struct withhold *withhold, json_t *document, json_t *row,
                                       struct near_rows *before)
{
    const json_t *private = json_object_get(row, "_");
    return (struct publishing){
        .withhold = withhold,
        .document = document,
        .row = row,
        .between = json_object_get(private, "between"),
        .behind = json_object_get(private, "behind"),
        .before = before,
        .fewest = json_object_get(private, "fewest"),
        /* Its arms were given, by a plan or an assignment: it goes before every change. */
        .is_trial = json_is_true(json_object_get(private, "trial")),
    };
}

static void publish_row(struct publishing *p)
{
    size_t index = 0;
    json_t *also = NULL;
    publish_change(p);
    if (!p->is_trial)
        publish_comparison(p);
    if (without_ai_publish(p->row, p->withhold))
        note(p->withhold, p->document, p->row, "what leaving AI out saved", p->withhold->why);
    publish_guardrails(p);
    if (!p->shown[result_comparison])
        withhold_first_day(p->withhold, p->row);
    json_array_foreach(json_object_get(p->row, "also"), index, also)
        publish_also(p, also, results_least + index);
    near_rows_add(p->before, p);
}

/* After all rows: counts give way to every result, and then to the counts of rows before. Beside a
   change they would tell whether few people's work of a trial has outcomes. */
static void publish_counts(struct publishing *p)
{
    static const char *const counts[] = {"items", "workers", NULL};
    p->shown[result_counts] = whole_at(p->row, "workers") >= p->withhold->least &&
                              !(p->is_trial && small(p, result_comparison)) &&
                              !publish_near_any(p, result_counts);
    if (!p->shown[result_counts])
        withhold_values(p->withhold, p->row, counts);
    near_rows_add(p->before, p);
    (void)json_object_del(p->row, "_");
}

bool publish(json_t *document)
{
    char why[64];
    struct withhold withhold = {
        .least = whole_at(json_object_get(document, "assay"), "min_group"),
        .why = why,
    };
    (void)snprintf(why, sizeof why, "fewer than %d workers", (int)withhold.least);
    struct arena *arena = arena_create();
    json_t *rows = json_object_get(document, "rows");
    struct near_rows *before = near_rows_start(arena, json_object_get(document, "_"));
    struct publishing *all = arena_array(arena, json_array_size(rows), sizeof *all);
    size_t index = 0;
    json_t *row = NULL;
    json_array_foreach(rows, index, row)
    {
        all[index] = publishing_of(&withhold, document, row, before);
        if (!all[index].is_trial)
            continue;
        publish_comparison(&all[index]);
        near_rows_add(before, &all[index]);
    }
    json_array_foreach(rows, index, row)
    {
        publish_row(&all[index]);
    }
    json_array_foreach(rows, index, row)
    {
        if (json_is_string(at(row, "plan.arm")) && !all[index].shown[result_comparison])
            publish_draw_of_all(&withhold, rows, row);
    }
    json_array_foreach(rows, index, row)
    {
        publish_counts(&all[index]);
        char *sentence = sentence_of_row(row);
        withhold_by(&withhold, row, "sentence", json_string(sentence));
        sentence_free(sentence);
    }
    (void)json_object_del(document, "_");
    arena_destroy(arena);
    return order_rows(document) && !withhold.failed;
}
