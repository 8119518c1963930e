#include "report/sentence.h"

#include "base/text.h"
#include "report/format.h"
#include "report/perception.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void say_change(struct text *out, const json_t *row)
{
    struct arena *arena = out->arena;
    const json_t *change = at(row, "change");
    const json_t *metric = at(row, "metric");
    const char *scale = text_at(change, "scale");
    const char *word = text_at(change, "word");
    if (!has_numbers(change) && json_is_object(at(row, "plan"))) {
        text_addf(out, "%s:", text_at(metric, "label"));
        return;
    }
    if (!has_numbers(change)) {
        text_addf(out, "%s: no change can be given (%s).", text_at(metric, "label"),
                  text_at(change, "reason"));
        return;
    }
    double before = number_at(change, "before");
    double now = number_at(change, "now");
    const char *shown_before = format_value(arena, metric, before);
    const char *shown_now = format_value(arena, metric, now);
    const char *label = text_at(metric, "label");
    if (strcmp(word, "unclear") == 0)
        text_addf(out, "%s was %s before and is %s now", label, shown_before, shown_now);
    else if (strcmp(shown_before, shown_now) == 0)
        text_addf(out, "%s stayed at %s", label, shown_now);
    else if (strcmp(word, "steady") == 0)
        text_addf(out, "%s was steady, %s before and %s now", label, shown_before, shown_now);
    else
        text_addf(out, "%s %s from %s to %s", label, now < before ? "fell" : "rose", shown_before,
                  shown_now);
    text_addf(out, " (%s, %s)%s.", format_effect(arena, metric, scale, number_at(change, "effect")),
              format_range(arena, scale, at(change, "interval")), format_matched(arena, change));
    if (json_is_string(at(change, "no_interval")))
        text_addf(out, " There is no interval: %s.", text_at(change, "no_interval"));
    else if (strcmp(word, "unclear") == 0)
        text_add(out, " That is not enough to call it a change.");
}

/* "About 120 more items, from 1.4 times as many people, would as likely as not settle Rework rate,
   if the effect stays what it is." */
static void say_guardrails(struct text *out, const json_t *row)
{
    size_t index = 0;
    json_t *one = NULL;
    json_array_foreach(at(row, "guardrails"), index, one)
    {
        const char *needed = format_guardrail_needed(out->arena, row, one);
        const char *why = text_at(one, "needed_reason");
        const char *label = text_at(one, "metric.label");
        if (needed != NULL)
            text_addf(out, " %s would as likely as not settle %s, if the effect stays what it is.",
                      format_about(out->arena, "About", needed), label);
        else if (why[0] != '\0')
            text_addf(out, " Of %s, %s.", label, why);
    }
}

/* "with AI", "where AI was offered", "with gpt-9": where it is better or worse. */
static const char *where_it_is(struct arena *arena, const json_t *row)
{
    const json_t *comparison = at(row, "comparison");
    const char *arm = text_at(json_array_get(at(comparison, "arms"), 1), "arm");
    if (strcmp(text_at(comparison, "design"), "encouragement") == 0)
        return "where AI was offered";
    if (strcmp(arm, "ai") == 0)
        return "with AI";
    return arm_is_known(arm) ? arm_in_sentence(arena, comparison, arm)
                             : arena_printf(arena, "with %s", arm);
}

/* Why nothing is said of AI where the arms were not drawn. */
static const char *as_found(const json_t *row)
{
    const char *design = text_at(row, "comparison.design");
    if (strcmp(design, "assigned") == 0)
        return "The arms were assigned without a known probability, so this does not show what AI "
               "did.";
    if (strcmp(design, "before_after") == 0)
        return "Whatever else came with that day is in it, so this does not show what AI did.";
    return "The arms are as found, so this does not show what AI did.";
}

static void say_unproven(struct text *out, const json_t *row, const char *with)
{
    const char *reason = text_at(row, "verdict.reason");
    const char *leaning = text_at(row, "verdict.leaning");
    const char *needed = format_needed(out->arena, row);
    const char *why = text_at(row, "verdict.needed_reason");
    if (strcmp(reason, "guardrail") == 0) {
        text_addf(out, " It is better %s, but that nothing else got worse is not shown.", with);
        say_guardrails(out, row);
    } else if (strcmp(reason, "as_found") == 0) {
        text_addf(out, " %s", as_found(row));
        if (leaning[0] != '\0')
            text_addf(out, " It leans to %s %s.", leaning, with);
    } else if (strcmp(reason, "check") == 0) {
        text_add(out, " A check of the data failed, so nothing is concluded.");
    } else {
        text_addf(out, " That is not enough to say%s%s.", why[0] != '\0' ? "; " : "", why);
        if (needed != NULL)
            text_addf(out, " %s would most likely settle it, whatever the effect is.",
                      format_about(out->arena, "About", needed));
    }
}

static void say_verdict(struct text *out, const json_t *row)
{
    const json_t *verdict = at(row, "verdict");
    const char *word = text_at(verdict, "word");
    const char *with = where_it_is(out->arena, row);
    const char *leaning = leaning_in_words(row);
    const char *design = text_at(row, "comparison.design");
    bool met = json_is_object(at(row, "plan")) && json_is_true(at(verdict, "target_met"));
    if (strcmp(word, "better") == 0)
        text_addf(out, " It is better %s%s.", with,
                  !met                     ? ""
                  : is_planned_before(row) ? ", by at least what was planned"
                                           : ", by at least what the plan asks");
    else if (strcmp(word, "trade_off") == 0)
        text_addf(out, " It is better %s, at a price.", with);
    else if (strcmp(word, "worse") == 0 && strcmp(text_at(verdict, "reason"), "guardrail") == 0)
        text_addf(out, " It is worse %s: what may not get worse did, and no gain is shown.", with);
    else if (strcmp(word, "worse") == 0)
        text_addf(out, " It is worse %s.", with);
    else if (strcmp(word, "no_material_change") == 0 && leaning[0] != '\0')
        text_addf(out, " There is %s %s, less than %s.", leaning, with,
                  what_matters_in_words(out->arena, row));
    else if (strcmp(word, "no_material_change") == 0)
        text_add(out, " There is no difference that matters.");
    else
        say_unproven(out, row, with);
    if (strcmp(word, "unproven") != 0 && strcmp(design, "like_with_like") == 0)
        text_add(out, " That is as found, like with like: nobody drew who is in which arm.");
}

/* Only where there is something to overturn. */
static void say_sensitivity(struct text *out, const json_t *row)
{
    double robustness = number_at(row, "comparison.sensitivity.robustness");
    const json_t *sensitivity = at(row, "comparison.sensitivity");
    if (!json_is_true(at(sensitivity, "settled")))
        return;
    if (json_is_true(at(sensitivity, "too_weak"))) {
        text_addf(
            out,
            " What was measured (%s strongest) tells too little of the arm or the outcome for "
            "a hidden difference to be held against it.",
            text_at(sensitivity, "strongest"));
        return;
    }
    text_addf(out,
              " A hidden difference between the arms, as strong as that of %s, would %soverturn "
              "this.",
              text_at(sensitivity, "strongest"),
              json_is_true(at(sensitivity, "overturns")) ? "" : "not ");
    if (!json_is_true(at(sensitivity, "overturns")) && !isnan(robustness))
        text_addf(
            out,
            " One that explains %.3g %% of what is left of both the arm and the outcome takes "
            "all of it away.",
            robustness * 100);
}

static bool has_bound(const json_t *interval)
{
    return json_is_number(json_array_get(interval, 0)) ||
           json_is_number(json_array_get(interval, 1));
}

static void say_comparison(struct text *out, const json_t *row)
{
    struct arena *arena = out->arena;
    const json_t *comparison = at(row, "comparison");
    const json_t *metric = at(row, "metric");
    const char *scale = text_at(comparison, "scale");
    if (!has_numbers(comparison)) {
        text_addf(out, " %s%s cannot be given: %s.",
                  json_is_string(at(row, "plan.arm")) ? "Of " : "", part_in_words(arena, row),
                  text_at(comparison, "reason"));
        return;
    }
    const json_t *base = json_array_get(at(comparison, "arms"), 0);
    const json_t *other = json_array_get(at(comparison, "arms"), 1);
    text_addf(
        out, " It is %s %s and %s %s%s%s: ", format_value(arena, metric, number_at(other, "value")),
        arm_in_sentence(arena, comparison, text_at(other, "arm")),
        format_value(arena, metric, number_at(base, "value")),
        arm_in_sentence(arena, comparison, text_at(base, "arm")),
        format_remaining(arena, comparison), format_part_of(arena, row));
    text_add(out, format_like(comparison));
    if (strcmp(text_at(comparison, "design"), "dose") == 0)
        text_add(out, "within team and week, from none of the work with AI to all of it, ");
    if (strcmp(text_at(comparison, "design"), "worker_week") == 0)
        text_add(out, "within person and week ");
    if (json_is_object(at(comparison, "season")))
        text_add(out, "less the change of the same days a year before ");
    if (json_is_string(at(comparison, "adjusted")))
        text_add(out, "adjusted ");
    text_addf(out, "%s.", format_estimate(arena, metric, scale, comparison));
    if (every_look_in_words(row)[0] != '\0')
        text_addf(out, " The interval is %s.", every_look_in_words(row));
    if (json_is_string(at(comparison, "no_interval")))
        text_addf(out, " There is no %s: %s.",
                  has_bound(at(comparison, "interval")) ? "bound on that side" : "interval",
                  text_at(comparison, "no_interval"));
    say_verdict(out, row);
    const char *perception = perception_sentence(arena, row);
    if (perception != NULL)
        text_addf(out, " %s", perception);
    say_sensitivity(out, row);
}

char *sentence_of_row(const json_t *row)
{
    struct arena *arena = arena_create();
    struct text out = {.arena = arena};
    say_change(&out, row);
    say_comparison(&out, row);
    char *copy = strdup(text_get(&out));
    arena_destroy(arena);
    return copy;
}

void sentence_free(char *sentence)
{
    free(sentence);
}
