/* One row in full, for `assay compare`. */

#include "report/text.h"

#include "report/by_cells.h"
#include "report/checks_shown.h"
#include "report/compliers_shown.h"
#include "report/event_study.h"
#include "report/format.h"
#include "report/hazards_shown.h"
#include "report/head.h"
#include "report/lines.h"
#include "report/opt_outs.h"
#include "report/parts.h"
#include "report/perception.h"
#include "report/reviewers_shown.h"
#include "report/season_shown.h"
#include "report/text_plans.h"
#include "report/weekly_shown.h"
#include "report/without_ai.h"

#include <math.h>
#include <string.h>

static const char indent[] = "  ";

static void add_arm_line(struct lines *lines, const char *arm, const char *items,
                         const char *people, const char *value)
{
    struct arena *arena = lines->out.arena;
    text_addf(&lines->out, "%s%s%s%s%s\n", indent, lines_padded(arena, arm, 24),
              lines_padded(arena, items, 10), lines_padded(arena, people, 10), value);
}

static void add_arms(struct lines *lines, const json_t *row)
{
    struct arena *arena = lines->out.arena;
    size_t index = 0;
    json_t *arm = NULL;
    add_arm_line(lines, "", "items", "people", "value");
    json_array_foreach(at(row, "comparison.arms"), index, arm)
        add_arm_line(lines, arm_in_words(at(row, "comparison"), text_at(arm, "arm")),
                     format_count_at(arena, arm, "items"), format_count_at(arena, arm, "workers"),
                     format_value(arena, at(row, "metric"), number_at(arm, "value")));
}

static void add_effect(struct lines *lines, const json_t *row, const char *name, const json_t *part,
                       const char *more)
{
    struct arena *arena = lines->out.arena;
    const json_t *metric = at(row, "metric");
    const char *scale = text_at(row, "comparison.scale");
    lines_add(lines, arena_printf(arena, "%s%s", indent, lines_padded(arena, name, 24)),
              "                          ",
              arena_printf(arena, "%s   %s", format_estimate(arena, metric, scale, part), more));
}

/* What is judged with it. */
static const char *judged_with(const json_t *row)
{
    if (json_is_boolean(at(row, "comparison.selected")))
        return ", judged with the other arms";
    return json_is_object(at(row, "plan")) ? ", of this plan alone" : "";
}

static char *how(struct arena *arena, const json_t *row)
{
    const json_t *comparison = at(row, "comparison");
    struct text text = {.arena = arena};
    double df = number_at(comparison, "df");
    double p = number_at(comparison, "p");
    const char *by = text_at(comparison, "errors_by");
    const char *look = every_look_in_words(row);
    text_addf(&text, "%.4g %% interval%s%s%s, errors %s by %s",
              number_at(comparison, "level") * 100, look[0] != '\0' ? ", " : "", look,
              judged_with(row), text_at(comparison, "errors"),
              strcmp(by, "worker") == 0 ? "person" : by);
    if (!isnan(df))
        text_addf(&text, ", %.1f degrees of freedom", df);
    else if (!isnan(p))
        text_add(&text, ", normal quantile");
    if (!isnan(p))
        text_addf(&text, ", p %s%.3g", p < 0.0001 ? "< " : "", p < 0.0001 ? 0.0001 : p);
    return arena_text(arena, text_get(&text));
}

static void add_adjustments(struct text *out, const json_t *comparison)
{
    const char *adjusted = text_at(comparison, "adjusted");
    bool earlier = json_is_true(at(comparison, "adjusted_earlier"));
    if (adjusted[0] == '\0' && !earlier)
        return;
    text_addf(out, "%sadjusted for %s%s%s", out->length > 0 ? ", " : "", adjusted,
              adjusted[0] != '\0' && earlier ? ", " : "",
              earlier ? "each person's mean in the period before" : "");
    if (json_is_true(at(comparison, "interacted")))
        text_add(out, ", each arm with slopes of its own");
}

/* ", 93 % of the items are like one of the other arm"; nothing where that is not counted. */
static const char *matched_share(struct arena *arena, const json_t *comparison)
{
    const json_t *arms = at(comparison, "arms");
    double items =
        number_at(json_array_get(arms, 0), "items") + number_at(json_array_get(arms, 1), "items");
    double unmatched = number_at(at(comparison, "excluded"), "unmatched");
    if (isnan(unmatched) || !(items > 0))
        return "";
    return arena_printf(arena, ", %.0f %% of the items have their like",
                        (1 - unmatched / items) * 100);
}

/* Only items whose whole time up to the horizon was watched enter. */
static bool are_seen_whole(const json_t *comparison)
{
    const char *design = text_at(comparison, "design");
    return strcmp(design, "dose") == 0 || strcmp(design, "staggered") == 0;
}

static void add_estimates(struct lines *lines, const json_t *row)
{
    struct arena *arena = lines->out.arena;
    const json_t *comparison = at(row, "comparison");
    const char *cells = text_at(comparison, "cells");
    bool like = cells[0] != '\0';
    if (json_is_object(at(comparison, "naive")))
        add_effect(lines, row, "naive", at(comparison, "naive"), "");
    struct text name = {.arena = arena};
    bool drawn = json_is_object(at(comparison, "strata"));
    const char *weekly = weekly_name(comparison);
    text_add(&name, weekly != NULL ? weekly
                    : drawn        ? "within strata"
                    : like         ? "like with like"
                                   : "difference");
    struct text more = {.arena = arena};
    if (weekly != NULL)
        text_add(&more, weekly_within(comparison));
    else if (drawn)
        text_addf(&more, "within %s (%s%s)", text_at(comparison, "strata.by"),
                  format_count(arena, json_integer_value(at(comparison, "strata.count"))),
                  like ? ", on the mix of the second arm" : "");
    else if (like)
        text_addf(&more, "within %s%s", cells, matched_share(arena, comparison));
    add_adjustments(&more, comparison);
    add_effect(lines, row, text_get(&name), comparison, text_get(&more));
    lines_add(lines, indent, indent, how(arena, row));
    double planned = number_at(comparison, "planned_share");
    if (!isnan(planned))
        lines_add(
            lines, indent, indent,
            arena_printf(arena, "Of the planned items %.0f %% have an outcome.", planned * 100));
    double landmark = number_at(comparison, "landmark_days");
    double horizon = number_at(comparison, "horizon_days");
    if (!isnan(landmark))
        lines_add(lines, indent, indent,
                  arena_printf(arena,
                               "Times count from %s after the start, among items still open then; "
                               "use of AI counts up to then.",
                               format_days(arena, landmark)));
    if (!isnan(horizon))
        lines_add(lines, indent, indent,
                  arena_printf(arena, "Mean times up to %s%s.", format_days(arena, horizon),
                               are_seen_whole(comparison) ? ", of items that were seen for so long"
                               : weekly != NULL           ? ", of completed items"
                                                : "; open items count as far as they were seen"));
    if (format_horizon(arena, row) != NULL)
        lines_add(lines, indent, indent, arena_printf(arena, "%s.", format_horizon(arena, row)));
}

static void add_season(struct lines *lines, const json_t *row)
{
    const char *line = season_line(lines->out.arena, row);
    if (line != NULL)
        lines_add(lines, "  Season: ", "    ", line);
}

static void add_perception(struct lines *lines, const json_t *row)
{
    const char *line = perception_line(lines->out.arena, row);
    if (line != NULL)
        lines_add(lines, "  Time with AI: ", "    ", line);
}

static void add_reviewers(struct lines *lines, const json_t *row)
{
    const char *line = reviewers_line(lines->out.arena, row);
    if (line != NULL)
        lines_add(lines, "  Reviewers: ", "    ", arena_printf(lines->out.arena, "%s.", line));
}

/* "  A hidden difference as strong as that of size would make it +2 % (-9 … +14) …" */
static void add_sensitivity(struct lines *lines, const json_t *row)
{
    struct arena *arena = lines->out.arena;
    const json_t *sensitivity = at(row, "comparison.sensitivity");
    double robustness = number_at(sensitivity, "robustness");
    if (!json_is_string(at(sensitivity, "strongest")))
        return;
    const char *name = text_at(sensitivity, "strongest");
    if (json_is_number(at(sensitivity, "arm_r2")))
        lines_add(lines, indent, indent,
                  arena_printf(arena,
                               "With a hidden difference as strong as that of %s, either way, the "
                               "interval would be %s.",
                               name,
                               format_range(arena, text_at(row, "comparison.scale"),
                                            at(sensitivity, "interval"))));
    else
        lines_add(lines, indent, indent,
                  arena_printf(arena,
                               "A hidden difference as strong as that of %s would decide the arm "
                               "alone: nothing holds against it.",
                               name));
    lines_add(lines, indent, indent,
              arena_printf(arena,
                           "To take all of it away, one would have to explain %.3g %% of what is "
                           "left of both the arm and the outcome.",
                           robustness * 100));
}

/* What a ratio is made of: the two periods, then the two arms. */
static void add_parts(struct lines *lines, const json_t *row)
{
    static const char *const of[] = {"change.parts", "comparison.parts"};
    for (size_t i = 0; i < sizeof of / sizeof of[0]; i++) {
        size_t index = 0;
        json_t *part = NULL;
        json_array_foreach(at(row, of[i]), index, part) lines_add(
            lines, "  Parts, ", "    ", parts_line(lines->out.arena, at(row, "metric"), part));
    }
}

static void add_excluded(struct lines *lines, const json_t *row)
{
    const struct {
        const char *key;
        const char *said;
    } reasons[] = {
        {"unclear", strcmp(text_at(row, "comparison.arms_from"), "use") == 0
                        ? "neither clearly with nor without AI"
                        : "in neither arm"},
        {"open", "open, or not seen for long enough"},
        {"maturing", "closed too lately to know"},
        {"before_landmark", "done before the landmark"},
        {"missing", "without a value"},
        {"undefined", "with an undefined value"},
        {"unmatched", json_is_object(at(row, "comparison.weekly")) ? "alone in their team's week"
                                                                   : "unlike any in the other arm"},
        {"washout", strcmp(text_at(row, "comparison.design"), "staggered") == 0
                        ? "of units that started within the same period"
                        : "in a washout"},
        {"no_worker", "without a person"},
        {"assigned_late", "done before they were assigned"},
        {"no_team", "of no team"},
    };
    struct arena *arena = lines->out.arena;
    struct text text = {.arena = arena};
    if (json_is_null(at(row, "comparison.excluded.open")))
        text_add(&text, "some items; the reasons are not counted, for one of them has few people");
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        json_int_t items =
            json_integer_value(json_object_get(at(row, "comparison.excluded"), reasons[i].key));
        if (items > 0)
            text_addf(&text, "%s%s %s", text.length > 0 ? " · " : "", format_count(arena, items),
                      reasons[i].said);
    }
    lines_add(lines, "  Left out: ", "    ", text.length > 0 ? text_get(&text) : "nothing");
    const json_t *linked = at(row, "comparison.linked");
    lines_add(lines, "  Calls: ", "    ",
              arena_printf(arena,
                           "named by %.0f %% of the items · by session %.0f %% · only in time "
                           "%.0f %% · none %.0f %%",
                           number_at(linked, "explicit") * 100, number_at(linked, "session") * 100,
                           number_at(linked, "inferred") * 100, number_at(linked, "none") * 100));
}

static void add_hidden(struct lines *lines, const json_t *row)
{
    const json_t *hidden = at(row, "comparison.hidden_marks");
    if (!json_is_object(hidden))
        return;
    struct arena *arena = lines->out.arena;
    const json_t *metric = at(row, "metric");
    const char *scale = text_at(row, "comparison.scale");
    size_t index = 0;
    json_t *one = NULL;
    lines_add(lines, indent, indent,
              "No mark is not no AI. If a share of the unmarked was AI's too:");
    json_array_foreach(at(hidden, "if_hidden"), index, one)
    {
        const json_t *bounds = at(one, "unmarked_without_ai");
        double effect = number_at(one, "effect");
        const char *alike = "it can't all be like the marked";
        if (!isnan(effect))
            alike = arena_printf(arena, "the difference would be %s if it is like the marked",
                                 format_effect(arena, metric, scale, effect));
        lines_add(lines, "    ", "           ",
                  arena_printf(
                      arena, "%2.0f %%: %s; with nothing assumed, work without AI lies in %s … %s",
                      number_at(one, "share") * 100, alike,
                      format_value(arena, metric, json_number_value(json_array_get(bounds, 0))),
                      format_value(arena, metric, json_number_value(json_array_get(bounds, 1)))));
    }
    double turns = number_at(hidden, "turns_at");
    if (!isnan(turns))
        lines_add(lines, indent, indent,
                  arena_printf(arena,
                               "From a hidden share of %.0f %% on, even the sign is not known.",
                               turns * 100));
}

static const char *what_would_settle(struct arena *arena, const json_t *row, const json_t *one)
{
    const char *needed = format_guardrail_needed(arena, row, one);
    const char *why = text_at(one, "needed_reason");
    if (needed != NULL)
        return arena_printf(arena, "; %s would settle it", format_about(arena, "about", needed));
    return why[0] != '\0' ? arena_printf(arena, "; %s", why) : "";
}

/* "  Guardrail Rework rate: held; +0.2 points (-0.4 … +0.9), up to +1.0 points allowed" */
static void add_guardrails(struct lines *lines, const json_t *row)
{
    struct arena *arena = lines->out.arena;
    size_t index = 0;
    json_t *one = NULL;
    json_array_foreach(at(row, "guardrails"), index, one)
    {
        const json_t *metric = at(one, "metric");
        const char *scale = text_at(one, "scale");
        bool lower = strcmp(text_at(metric, "better"), "lower") == 0;
        double allow = number_at(one, "allow");
        const char *shown = json_is_number(at(one, "effect"))
                                ? format_estimate(arena, metric, scale, one)
                                : text_at(one, "reason");
        const char *allowed =
            isnan(allow)
                ? ""
                : arena_printf(arena, ", up to %s allowed",
                               format_effect(arena, metric, scale, lower ? allow : -allow));
        lines_add(lines, "  Guardrail ", "    ",
                  arena_printf(arena, "%s: %s; %s%s%s", text_at(metric, "label"),
                               text_at(one, "state"), shown, allowed,
                               what_would_settle(arena, row, one)));
    }
}

static void add_explain(struct lines *lines, const json_t *row)
{
    size_t index = 0;
    json_t *line = NULL;
    json_array_foreach(at(row, "comparison.explain"), index, line)
        text_addf(&lines->out, "%s\n", json_string_value(line));
}

/* Why there are no numbers; the change may have some. */
static void add_refusal(struct lines *lines, const json_t *row)
{
    lines_add(lines, "Can't compare: ", "  ", text_at(row, "comparison.reason"));
    if (!has_numbers(at(row, "change")))
        return;
    add_parts(lines, row);
    lines_blank(lines);
    lines_add(lines, "", "", text_at(row, "sentence"));
}

static void add_comparison(struct lines *lines, const json_t *row, const struct text_style *style)
{
    struct arena *arena = lines->out.arena;
    const char *word = text_at(row, "verdict.word");
    const char *leaning = leaning_in_words(row);
    lines_add(lines, "", "  ",
              arena_printf(arena, "%s %s%s%s   %s", glyph_of_verdict(word),
                           lines_colour(lines, COLOUR_HEAD, verdict_in_words(word)),
                           leaning[0] != '\0' ? ": " : "", leaning, design_in_words(arena, row)));
    if (without_ai_line(row) != NULL)
        lines_add(lines, "  Without AI: ", "    ", without_ai_line(row));
    lines_add(lines, indent, indent,
              arena_printf(arena, "These arms since %s.", text_at(row, "comparison.arms_why")));
    opt_outs_add(lines, row);
    if (!style->without_arms)
        add_arms(lines, row);
    add_estimates(lines, row);
    hazards_add(lines, row);
    events_add(lines, row);
    compliers_add(lines, row);
    weekly_add(lines, row);
    opt_outs_add_bounds(lines, row);
    by_cells_lines(lines, row);
    add_season(lines, row);
    add_perception(lines, row);
    add_reviewers(lines, row);
    add_sensitivity(lines, row);
    add_parts(lines, row);
    add_excluded(lines, row);
    add_hidden(lines, row);
    add_guardrails(lines, row);
    checks_add(lines, row);
    lines_blank(lines);
    lines_add(lines, "", "", text_at(row, "sentence"));
}

static bool is_of_more_arms(const json_t *row)
{
    return json_is_string(at(row, "plan.arm"));
}

/* One arm beside the baseline, under its name where there are others. */
static void add_row(struct lines *lines, const json_t *row, const struct text_style *style)
{
    bool compared = has_numbers(at(row, "comparison"));
    lines_blank(lines);
    if (is_of_more_arms(row)) {
        lines_add(lines, "", "  ",
                  lines_colour(lines, COLOUR_HEAD, part_in_words(lines->out.arena, row)));
    }
    if (compared)
        add_comparison(lines, row, style);
    else
        add_refusal(lines, row);
}

static void add_head(struct lines *lines, const json_t *document)
{
    struct arena *arena = lines->out.arena;
    const json_t *row = json_array_get(at(document, "rows"), 0);
    const char *declared = head_of_own_data(document);
    lines_add(lines, "", "  ",
              arena_printf(arena, "%s   %s",
                           lines_colour(lines, COLOUR_HEAD,
                                        arena_printf(arena, "%s: %s", text_at(row, "use_case"),
                                                     text_at(row, "metric.label"))),
                           head_of_document(arena, document)));
    if (declared != NULL)
        lines_add(lines, "", "  ", declared);
    for (size_t i = 0; head_note(document, i) != NULL; i++)
        lines_add(lines, "", "  ", head_note(document, i));
}

char *render_text_detail(struct arena *arena, const json_t *document,
                         const struct text_style *style)
{
    struct lines lines = lines_start(arena, style);
    const char *judged = judged_in_words(arena, document);
    bool any = false;
    size_t index = 0;
    json_t *row = NULL;
    add_head(&lines, document);
    json_array_foreach(at(document, "rows"), index, row)
    {
        add_row(&lines, row, style);
        any = any || has_numbers(at(row, "comparison"));
    }
    if (judged != NULL) {
        lines_blank(&lines);
        lines_add(&lines, "", "", judged);
    }
    if (any)
        lines_add(&lines, "", "",
                  lines_colour(&lines, COLOUR_FAINT, head_of_rules(arena, document)));
    json_array_foreach(at(document, "rows"), index, row) add_explain(&lines, row);
    return lines_finish(&lines);
}
