#include "report/text_plans.h"

#include "base/text.h"
#include "base/time.h"
#include "report/by_cells.h"
#include "report/format.h"
#include "report/order.h"

#include <math.h>
#include <string.h>

enum { use_case_cells = 20 };

static const char indent[] = "             ";

/* Then rows are told by their plans, of which a use case may have several. */
static bool has_own_periods(const json_t *document)
{
    return json_is_true(at(document, "own_periods"));
}

static bool is_word(const json_t *row, const char *word)
{
    return strcmp(text_at(row, "verdict.word"), word) == 0;
}

static bool is_reason(const json_t *row, const char *reason)
{
    return strcmp(text_at(row, "verdict.reason"), reason) == 0;
}

/* The last day before an exclusive end. */
static const char *last_day(struct arena *arena, const json_t *plan)
{
    int64_t until = 0;
    return day_parse(text_at(plan, "period.to"), &until) ? day_format(arena, until - 1) : "?";
}

/* ---- First line: what changed ---------------------------------------------------------------- */

/* "41 → 34 min (−17 %)": whatever the cause. */
static const char *change_text(struct arena *arena, const json_t *row)
{
    const json_t *change = at(row, "change");
    const json_t *metric = at(row, "metric");
    if (!has_numbers(change))
        return "";
    return arena_printf(
        arena, " %s (%s)%s",
        format_from_to(arena, metric, number_at(change, "before"), number_at(change, "now")),
        format_effect(arena, metric, text_at(change, "scale"), number_at(change, "effect")),
        format_matched(arena, change));
}

static void add_first(struct lines *lines, const json_t *document, const json_t *row,
                      const char *glyph, const char *word)
{
    struct arena *arena = lines->out.arena;
    bool own = has_own_periods(document);
    const char *arm = text_at(row, "plan.arm");
    const char *name =
        lines_colour(lines, COLOUR_HEAD, text_at(row, own ? "plan.name" : "use_case"));
    lines_add(lines, lines_word(lines, glyph, word), indent,
              arena_printf(arena, "%s %s%s%s%s", lines_padded(arena, name, use_case_cells - 1),
                           own ? arena_printf(arena, "%s · ", text_at(row, "use_case")) : "",
                           text_at(row, "metric.label"), change_text(arena, row),
                           arm[0] != '\0' ? arena_printf(arena, " · %s", arm) : ""));
}

/* ---- Second line: AI's part ------------------------------------------------------------------ */

const char *guardrails_in(struct arena *arena, const json_t *row, const char *state,
                          bool with_effect)
{
    struct text text = {.arena = arena};
    size_t index = 0;
    json_t *one = NULL;
    json_array_foreach(at(row, "guardrails"), index, one)
    {
        const json_t *metric = at(one, "metric");
        if (strcmp(text_at(one, "state"), state) != 0)
            continue;
        text_addf(&text, "%s%s", text.length > 0 ? ", " : "", text_at(metric, "label"));
        if (with_effect && json_is_number(at(one, "effect")))
            text_addf(&text, " %s", format_estimate(arena, metric, text_at(one, "scale"), one));
        const char *needed = format_guardrail_needed(arena, row, one);
        if (needed != NULL)
            text_addf(&text, " (%s would settle it)", format_about(arena, "≈", needed));
    }
    return text_get(&text);
}

const char *target_text(struct arena *arena, const json_t *row)
{
    bool lower = strcmp(text_at(row, "metric.better"), "lower") == 0;
    double margin = number_at(row, "verdict.margin");
    return format_effect(arena, at(row, "metric"), text_at(row, "comparison.scale"),
                         lower ? -margin : margin);
}

static const char *failed_check(const json_t *row)
{
    size_t index = 0;
    json_t *check = NULL;
    json_array_foreach(at(row, "checks"), index, check)
    {
        if (strcmp(text_at(check, "state"), "failed") == 0)
            return text_at(check, "sentence");
    }
    return "";
}

static void say_what_follows(struct text *text, const json_t *row)
{
    struct arena *arena = text->arena;
    const char *settles = format_settles(arena, row);
    const char *leaning = leaning_in_words(row);
    const char *broken = guardrails_in(arena, row, "broken", true);
    if (is_word(row, "better"))
        text_addf(text, ", target %s %s", target_text(arena, row),
                  json_is_true(at(row, "verdict.target_met")) ? "met" : "not shown to be met");
    else if (is_word(row, "trade_off"))
        text_addf(text, ", at the price of %s", broken);
    else if (is_word(row, "worse") && broken[0] != '\0')
        text_addf(text, "; worse: %s", broken);
    else if (is_word(row, "no_material_change") && leaning[0] != '\0')
        text_addf(text, ": %s, less than %s", leaning, what_matters_in_words(arena, row));
    else if (is_reason(row, "check"))
        text_addf(text, "; a check failed: %s", failed_check(row));
    else if (is_reason(row, "guardrail"))
        text_addf(text, "; not shown to be held: %s", guardrails_in(arena, row, "open", false));
    else if (is_reason(row, "as_found"))
        text_addf(text, "; %s, so it does not show what AI did%s%s",
                  strcmp(text_at(row, "comparison.design"), "before_after") == 0
                      ? "whatever else came with that day is in it"
                      : "as found",
                  leaning[0] != '\0' ? "; it " : "", leaning);
    else if (settles != NULL)
        text_addf(text, "; %s", settles);
}

/* What as found is no part of AI's. */
static const char *part_label(struct arena *arena, const json_t *row)
{
    if (strcmp(text_at(row, "comparison.design"), "before_after") == 0)
        return json_is_object(at(row, "comparison.season")) ? "after that day, less the year before"
                                                            : "after that day";
    return is_reason(row, "as_found") ? "difference" : part_in_words(arena, row);
}

static void add_part(struct lines *lines, const json_t *row)
{
    struct text text = {.arena = lines->out.arena};
    const json_t *comparison = at(row, "comparison");
    text_addf(
        &text, "%s %s%s%s", part_label(text.arena, row),
        format_estimate(text.arena, at(row, "metric"), text_at(comparison, "scale"), comparison),
        format_remaining(text.arena, comparison), format_part_of(text.arena, row));
    say_what_follows(&text, row);
    lines_add(lines, indent, indent, text_get(&text));
}

/* ---- Third line: how that is known -------------------------------------------------------- */

static void add_how(struct lines *lines, const json_t *row)
{
    struct arena *arena = lines->out.arena;
    struct text text = {.arena = arena};
    const json_t *arms = at(row, "comparison.arms");
    double items =
        number_at(json_array_get(arms, 0), "items") + number_at(json_array_get(arms, 1), "items");
    const char *held = guardrails_in(arena, row, "held", false);
    text_add(&text, design_in_short(arena, row));
    if (!isnan(items))
        text_addf(&text, " · %s items", format_count(arena, (json_int_t)items));
    text_addf(&text, " · %s", planned_in_words(arena, at(row, "plan")));
    if (every_look_in_words(row)[0] != '\0')
        text_addf(&text, " · %s", every_look_in_words(row));
    if (held[0] != '\0')
        text_addf(&text, " · held: %s", held);
    lines_add(lines, indent, indent, lines_colour(lines, COLOUR_FAINT, text_get(&text)));
}

/* ---- Effects by group ------------------------------------------------------------------------ */

static void add_groups(struct lines *lines, const json_t *row)
{
    size_t index = 0;
    json_t *by = NULL;
    json_array_foreach(at(row, "comparison.by"), index, by) lines_add(
        lines, indent, indent,
        arena_printf(lines->out.arena, "by %s", by_cells_text(lines->out.arena, row, by)));
}

/* ---- Together -------------------------------------------------------------------------------- */

static void add_plan(struct lines *lines, const json_t *document, const json_t *row)
{
    struct arena *arena = lines->out.arena;
    const json_t *plan = at(row, "plan");
    const json_t *comparison = at(row, "comparison");
    const char *word = text_at(row, "verdict.word");
    if (has_numbers(comparison)) {
        add_first(lines, document, row, glyph_of_verdict(word), verdict_in_words(word));
        add_part(lines, row);
        add_groups(lines, row);
        add_how(lines, row);
    } else if (is_running(document, row) && has_own_periods(document)) {
        add_first(lines, document, row, "·", "running");
        lines_add(lines, indent, indent, text_at(comparison, "reason"));
    } else if (is_running(document, row)) {
        add_first(lines, document, row, "·", "running");
        lines_add(lines, indent, indent,
                  arena_printf(arena, "runs until %s; AI's part is told then · %s",
                               last_day(arena, plan), planned_in_words(arena, plan)));
    } else {
        const char *why = word_without_numbers(document, row, comparison);
        add_first(lines, document, row, "–", strcmp(why, "no_answer") == 0 ? "no answer" : why);
        lines_add(lines, indent, indent,
                  has_own_periods(document) ? text_at(comparison, "reason")
                                            : arena_printf(arena, "%s: %s", text_at(plan, "name"),
                                                           text_at(comparison, "reason")));
    }
}

const char *judged_in_words(struct arena *arena, const json_t *document)
{
    const json_t *judged = at(document, "judged_together");
    double plans = number_at(judged, "plans");
    if (!(plans > 1))
        return NULL;
    return arena_printf(
        arena,
        "Judged together, %.0f of %.0f are selected (%.3g %% intervals: of such 5 %% "
        "at most by chance alone, on average; what is as found, or failed a "
        "check, never is).",
        number_at(judged, "selected"), plans, number_at(judged, "level") * 100);
}

static void add_judged(struct lines *lines, const json_t *document)
{
    const char *judged = judged_in_words(lines->out.arena, document);
    if (judged == NULL)
        return;
    lines_blank(lines);
    lines_add(lines, "", "", judged);
}

size_t add_plans(struct lines *lines, const json_t *document, size_t limit)
{
    size_t shown = 0;
    size_t index = 0;
    json_t *row = NULL;
    json_array_foreach(at(document, "rows"), index, row)
    {
        if (json_is_object(at(row, "plan")) && shown++ < limit)
            add_plan(lines, document, row);
    }
    add_judged(lines, document);
    return shown;
}
