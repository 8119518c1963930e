#include "report/document.h"

#include "base/table.h"
#include "base/utf8.h"
#include "report/between.h"
#include "report/by_cells.h"
#include "report/compliers_shown.h"
#include "report/event_study.h"
#include "report/format.h"
#include "report/hazards_shown.h"
#include "report/opt_outs.h"
#include "report/parts.h"
#include "report/perception.h"
#include "report/publish.h"
#include "report/reviewers_shown.h"
#include "report/season_shown.h"
#include "report/sentence.h"
#include "report/values.h"
#include "report/weekly_shown.h"
#include "report/without_ai.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- Values ----------------------------------------------------------------------------- */

/* A share in whole percent: more digits would tell of single items. */
static json_t *share(double x)
{
    return value_number(round(x * 100) / 100);
}

static json_t *whole(int64_t n)
{
    return json_integer((json_int_t)n);
}

/* A reason may quote a name that was cut within a character, or never was UTF-8, which JSON is. */
static json_t *text(const char *value)
{
    if (value == NULL)
        return json_null();
    size_t length = strlen(value);
    if (utf8_valid(value, length) == length)
        return json_string(value);
    struct arena *arena = arena_create();
    char *whole = arena_text(arena, value);
    for (size_t i = 0; (i += utf8_valid(whole + i, length - i)) < length;)
        whole[i] = '?';
    json_t *json = json_string(whole);
    arena_destroy(arena);
    return json;
}

static json_t *day(int64_t day)
{
    struct arena *arena = arena_create();
    json_t *value = json_string(day_format(arena, day));
    arena_destroy(arena);
    return value;
}

static const char *scale_code(enum effect_scale scale)
{
    static const char *const codes[] = {"relative", "points", "unit"};
    TABLE_OF(codes, EFFECT_SCALES);
    return codes[scale];
}

/* ---- Parts ------------------------------------------------------------------------------ */

static json_t *metric_json(const struct metric_shown *metric)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s}", "name", metric->name, "label", metric->label,
                     "unit", metric->unit, "kind", metric->kind, "better",
                     metric->lower_is_better ? "lower" : "higher");
}

static json_t *change_json(const struct change *change)
{
    static const char *const words[] = {"improved", "declined", "steady", "unclear"};
    TABLE_OF(words, CHANGE_WORDS);
    if (!change->exists)
        return json_pack("{s:o, s:o}", "word", json_null(), "reason", text(change->why_not));
    json_t *json =
        json_pack("{s:s, s:o, s:o, s:o, s:s, s:o, s:o, s:o}", "word", words[change->word], "before",
                  value_number(change->before), "now", value_number(change->now), "effect",
                  value_number(change->estimate.effect), "scale", scale_code(change->scale),
                  "interval", value_interval(change->estimate.interval), "df",
                  value_number(change->estimate.df), "p", value_number(change->estimate.p));
    json_t *more = json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "margin", value_number(change->margin),
        "items_before", whole(change->items_before), "items_now", whole(change->items_now),
        "workers_before", whole(change->workers_before), "workers_now", whole(change->workers_now),
        "cells", text(change->cells), "matched", share(change->matched), "horizon_days",
        value_number(change->horizon_days));
    json = value_joined(json, more);
    json = value_with(json, "assigned_only", json_boolean(change->assigned_only));
    json = value_with(json, "no_interval", text(change->no_interval));
    json = value_with(json, "parts", parts_json(&change->parts));
    return json;
}

static json_t *arm_json(const struct arm_result *arm)
{
    return json_pack("{s:s, s:o, s:o, s:o}", "arm", arm->arm, "items", whole(arm->items), "workers",
                     whole(arm->workers), "value", value_number(arm->value));
}

static json_t *excluded_json(const struct excluded *excluded)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "washout",
                     whole(excluded->washout), "unclear", whole(excluded->unclear), "open",
                     whole(excluded->open), "maturing", whole(excluded->maturing),
                     "before_landmark", whole(excluded->before_landmark), "missing",
                     whole(excluded->missing), "undefined", whole(excluded->undefined), "unmatched",
                     whole(excluded->unmatched), "no_worker", whole(excluded->no_worker),
                     "assigned_late", whole(excluded->assigned_late), "no_team",
                     whole(excluded->no_team));
}

static json_t *hidden_json(const struct hidden_marks *hidden)
{
    if (!hidden->exists)
        return json_null();
    json_t *shares = json_array();
    for (int i = 0; i < hidden_shares; i++)
        shares = value_listed(
            shares, json_pack("{s:o, s:o, s:[o, o]}", "share", value_number(hidden->share[i]),
                              "effect", value_number(hidden->effect[i]), "unmarked_without_ai",
                              value_number(hidden->low[i]), value_number(hidden->high[i])));
    return json_pack("{s:o, s:o}", "if_hidden", shares, "turns_at", value_number(hidden->turns_at));
}

static json_t *sensitivity_json(const struct sensitivity *sensitivity)
{
    if (!sensitivity->exists)
        return sensitivity->why_not != NULL ? json_pack("{s:s}", "reason", sensitivity->why_not)
                                            : json_null();
    return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:b, s:b, s:n}", "strongest",
                     sensitivity->strongest, "arm_r2", value_number(sensitivity->treatment),
                     "outcome_r2", value_number(sensitivity->outcome), "robustness",
                     value_number(sensitivity->robustness), "interval",
                     value_interval(sensitivity->interval), "settled",
                     json_boolean(sensitivity->settled), "overturns", sensitivity->overturns,
                     "too_weak", sensitivity->too_weak, "reason");
}

static json_t *effect_json(const struct effect_estimate *effect)
{
    return json_pack("{s:o, s:o}", "effect", value_number(effect->effect), "interval",
                     value_interval(effect->interval));
}

static json_t *explain_json(const char *const *lines)
{
    if (lines == NULL)
        return json_null();
    json_t *list = json_array();
    for (; *lines != NULL; lines++)
        list = value_listed(list, json_string(*lines));
    return list;
}

static json_t *strata_json(const struct strata_used *strata)
{
    if (strata->by == NULL)
        return json_null();
    return json_pack("{s:s, s:o, s:s}", "by", strata->by, "count", whole(strata->count), "as",
                     strata->dummies ? "dummies" : "cells");
}

static json_t *comparison_json(const struct comparison *c)
{
    static const char *const from[] = {"assignment", "use",  "mark",  "period",
                                       "seat",       "tool", "model", "week"};
    TABLE_OF(from, ARMS_FROMS);
    if (!c->exists) {
        json_t *none = json_pack("{s:o, s:o}", "effect", json_null(), "reason", text(c->why_not));
        if (c->failed)
            none = value_with(none, "failed", json_true());
        return none;
    }
    json_t *json = json_pack("{s:s, s:s, s:s, s:o, s:[o, o]}", "design", c->design, "unit", c->unit,
                             "arms_from", from[c->arms_from], "plan", text(c->plan), "arms",
                             arm_json(&c->arms[0]), arm_json(&c->arms[1]));
    json_t *estimate =
        json_pack("{s:o, s:o, s:s, s:o, s:o, s:s, s:s, s:o, s:o}", "naive",
                  c->has_naive ? effect_json(&c->naive) : json_null(), "effect",
                  value_number(c->estimate.effect), "scale", scale_code(c->scale), "interval",
                  value_interval(c->estimate.interval), "level", value_number(c->level), "errors",
                  c->errors, "errors_by", c->errors_by, "df", value_number(c->estimate.df), "p",
                  value_number(c->estimate.p));
    json_t *rest = json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:{s:o, s:o, s:o, s:o}, s:o}", "arms_why",
        text(c->arms_why), "clusters", whole(c->clusters), "cells", text(c->cells), "adjusted",
        text(c->adjusted), "landmark_days", value_number(c->landmark_days), "horizon_days",
        value_number(c->horizon_days), "excluded", excluded_json(&c->excluded), "hidden_marks",
        hidden_json(&c->hidden), "linked", "explicit", share(c->linked.explicit_share), "session",
        share(c->linked.session_share), "inferred", share(c->linked.inferred_share), "none",
        share(c->linked.none_share), "explain", explain_json(c->explain));
    rest = value_with(rest, "adjusted_earlier", json_boolean(c->adjusted_earlier));
    rest = value_with(rest, "interacted", json_boolean(c->interacted));
    rest = value_with(rest, "strata", strata_json(&c->strata));
    rest = value_with(rest, "looks", json_string(c->every_look ? "anytime" : "end"));
    rest = value_with(rest, "planned_share",
                      c->every_look ? value_number(c->planned_share) : json_null());
    json = value_joined(json, estimate);
    json = value_joined(json, rest);
    json = value_with(json, "no_interval", text(c->no_interval));
    json = value_with(json, "hazards", hazards_json(&c->hazards));
    json = value_with(json, "parts", parts_json(&c->parts));
    json = value_with(json, "events", events_json(c));
    json = value_with(json, "compliers", compliers_json(c));
    json = value_with(json, "weekly", weekly_json(&c->weekly));
    json = value_with(json, "season", season_json(&c->season));
    json = value_with(json, "agreement", reviewers_json(&c->reviewers));
    json = value_with(json, "opt_outs", opt_outs_json(c));
    json = value_with(json, "perception", perception_json(&c->perception));
    json = value_with(json, "by", by_cells_json(c->by, c->by_count));
    json = value_with(json, "selected", c->among_plans ? json_boolean(c->selected) : json_null());
    json = value_with(json, "unadjusted",
                      c->among_plans ? value_interval(c->unadjusted) : json_null());
    json = value_with(json, "sensitivity", sensitivity_json(&c->sensitivity));
    return json;
}

static json_t *verdict_json(const struct row *row)
{
    if (!row->comparison.exists)
        return json_null();
    const struct verdict *verdict = &row->verdict;
    return json_pack(
        "{s:s, s:o, s:o, s:o, s:s, s:b, s:o, s:o}", "word", verdict_word_code(verdict->word),
        "reason", text(verdict_reason_code(verdict->reason)), "leaning",
        text(verdict_leaning_code(verdict->leaning)), "margin", value_number(row->margin),
        "margin_from", row->margin_from, "target_met", verdict->target_met, "items_needed",
        row->comparison.items_needed > 0 ? whole(row->comparison.items_needed) : json_null(),
        "needed_reason", text(row->comparison.needed_why));
}

static json_t *checks_json(const struct row *row)
{
    json_t *list = json_array();
    for (size_t i = 0; i < row->check_count; i++)
        list = value_listed(
            list, json_pack("{s:s, s:s, s:o, s:s, s:o}", "check", row->checks[i].check, "state",
                            row->checks[i].state, "p", value_number(row->checks[i].p), "sentence",
                            row->checks[i].sentence, "do", text(row->checks[i].mend)));
    return list;
}

/* Workers between a change and a trial of its periods: in a metric of its unit, of another. */
static json_t *beside_json(const struct change *change)
{
    return json_pack("[o, o]", whole(change != NULL ? change->beside_trial : 0),
                     whole(change != NULL ? change->beside_other : 0));
}

/* For publish() only, which takes it out. */
static json_t *private_json(const struct row *row, json_t *behind, json_t *by)
{
    json_t *fewest = json_pack("[o, o, o]", whole(row->workers), whole(row->change.fewest),
                               whole(row->comparison.fewest));
    for (size_t i = 0; i < row->also_count; i++)
        fewest = value_listed(fewest, whole(row->also[i].change.fewest));
    json_t *beside =
        json_pack("[o, o, o]", beside_json(NULL), beside_json(&row->change), beside_json(NULL));
    for (size_t i = 0; i < row->also_count; i++)
        beside = value_listed(beside, beside_json(&row->also[i].change));
    json_t *guarded = json_array();
    for (size_t i = 0; i < row->guardrail_count; i++)
        guarded = value_listed(guarded, whole(row->guardrails[i].fewest));
    const struct comparison *comparison = &row->comparison;
    bool given = comparison->arms_from == ARMS_ASSIGNED || comparison->arms_from == ARMS_SEAT;
    bool has_arms = comparison->exists || comparison->arms_why != NULL;
    return json_pack("{s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:o}", "trial", has_arms && given,
                     "by", by, "guardrails", guarded, "beside", beside, "between",
                     between_json(row), "behind", behind, "fewest", fewest, "has_now",
                     row->change.reach_now.count > 0, "excluded_by",
                     excluded_json(&row->comparison.excluded_by));
}

static json_t *plan_json(const struct row_plan *plan)
{
    struct arena *arena = arena_create();
    json_t *json = json_null();
    if (plan->name != NULL) {
        const char *locked =
            plan->locked != LOCKED_NEVER ? time_format(arena, plan->locked_at) : NULL;
        const char *first = plan->has_first ? time_format(arena, plan->first_at) : NULL;
        json = json_pack(
            "{s:s, s:s, s:{s:o, s:o}, s:b, s:o, s:o, s:o, s:b, s:o, s:b}", "name", plan->name,
            "question", plan->question, "period", "from", day(plan->period.from), "to",
            day(plan->period.until), "ended", plan->ended, "locked", text(locked), "locked_when",
            text(locked_when_code(plan->locked)), "first_item_day",
            first != NULL ? json_stringn(first, 10) : json_null(), "timeless", plan->timeless,
            "amended", whole((int64_t)plan->amended), "looked_early", plan->looked_early);
        json = value_with(json, "arm", text(plan->arm));
        json = value_with(json, "baseline", text(plan->baseline));
        json = value_with(json, "arms", whole((int64_t)plan->arms));
    }
    arena_destroy(arena);
    return json;
}

static json_t *guardrails_json(const struct row *row)
{
    json_t *list = json_array();
    for (size_t i = 0; i < row->guardrail_count; i++) {
        const struct guardrail_result *one = &row->guardrails[i];
        list = value_listed(
            list,
            json_pack("{s:o, s:s, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "metric",
                      metric_json(&one->metric), "state", guardrail_state_code(one->state), "allow",
                      value_number(one->allow), "scale", scale_code(one->scale), "effect",
                      value_number(one->effect), "interval", value_interval(one->interval), "level",
                      value_number(one->level), "reason", text(one->why_not), "items_needed",
                      one->items_needed > 0 ? whole(one->items_needed) : json_null(),
                      "needed_reason", text(one->needed_why)));
    }
    return list;
}

static json_t *row_json(const struct row *row, json_t *behind, json_t *by)
{
    json_t *also = json_array();
    for (size_t i = 0; i < row->also_count; i++)
        also =
            value_listed(also, json_pack("{s:o, s:o}", "metric", metric_json(&row->also[i].metric),
                                         "change", change_json(&row->also[i].change)));
    return json_pack(
        "{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "use_case",
        row->use_case, "metric", metric_json(&row->metric), "items", whole(row->items), "workers",
        whole(row->workers), "plan", plan_json(&row->plan), "change", change_json(&row->change),
        "comparison", comparison_json(&row->comparison), "guardrails", guardrails_json(row),
        "verdict", verdict_json(row), "checks", checks_json(row), "also", also, "sentence",
        json_null(), "without_ai", without_ai_json(row), "_", private_json(row, behind, by));
}

/* ---- The whole -------------------------------------------------------------------------- */

static json_t *period_json(const struct evidence *evidence)
{
    if (!evidence->has_period)
        return json_null();
    return json_pack("{s:o, s:o, s:{s:o, s:o}}", "from", day(evidence->period.from), "to",
                     day(evidence->period.until), "against", "from", day(evidence->against.from),
                     "to", day(evidence->against.until));
}

static json_t *selected_json(const struct selected *selected)
{
    if (selected->plans == 0)
        return json_null();
    return json_pack("{s:o, s:o, s:o}", "plans", whole((int64_t)selected->plans), "selected",
                     whole((int64_t)selected->selected), "level", value_number(selected->level));
}

json_t *document_make(const struct evidence *evidence, const char *version)
{
    struct arena *arena = arena_create();
    json_t *rows = json_array();
    json_t *cannot = json_array();
    json_t *notes = json_array();
    const struct all_between between = between_rows(evidence);
    for (size_t i = 0; i < evidence->row_count; i++)
        rows = value_listed(rows, row_json(&evidence->rows[i],
                                           json_incref(json_array_get(between.behind, i)),
                                           json_incref(json_array_get(between.by, i))));
    json_decref(between.behind);
    json_decref(between.by);
    for (size_t i = 0; i < evidence->cannot_say_count; i++)
        cannot = value_listed(cannot, json_pack("{s:o, s:o, s:o}", "what",
                                                text(evidence->cannot_say[i].what), "why",
                                                text(evidence->cannot_say[i].why), "do",
                                                text(evidence->cannot_say[i].action)));
    for (size_t i = 0; i < evidence->note_count; i++)
        notes = value_listed(notes, text(evidence->notes[i]));
    json_t *document = json_pack(
        "{s:{s:s, s:i, s:s, s:s, s:I, s:s, s:i, s:b}, s:b, s:o, s:n, s:o, s:o, s:n, s:n, s:[], "
        "s:o, s:o, s:o}",
        "assay", "version", version, "schema", 1, "generated", time_format(arena, time_now()),
        "workspace", evidence->workspace, "data_version", (json_int_t)evidence->data_version,
        "registry_head", evidence->registry_head, "min_group", evidence->min_group, "own_data",
        evidence->own_data, "own_periods", evidence->own_periods, "period", period_json(evidence),
        "compared_with", "judged_together", selected_json(&evidence->selected), "rows", rows,
        "spend", "signals", "withheld", "cannot_say", cannot, "notes", notes, "_", between.near);
    arena_destroy(arena);
    return document;
}

bool document_compares(const json_t *document)
{
    size_t index = 0;
    json_t *row = NULL;
    json_array_foreach(at(document, "rows"), index, row)
    {
        if (has_numbers(at(row, "comparison")))
            return true;
    }
    return false;
}

char *document_json(const json_t *document)
{
    /* json_dumps loses the quote of a key where memory fails, and says nothing. */
    static const size_t flags = JSON_INDENT(2) | JSON_REAL_PRECISION(10);
    size_t length = json_dumpb(document, NULL, 0, flags);
    char *text = length > 0 ? malloc(length + 1) : NULL;
    if (text == NULL)
        return NULL;
    if (json_dumpb(document, text, length, flags) != length) {
        free(text);
        return NULL;
    }
    text[length] = '\0';
    return text;
}
