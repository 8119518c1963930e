#include "report/text.h"

#include "report/checks_shown.h"
#include "report/format.h"
#include "report/head.h"
#include "report/held.h"
#include "report/lines.h"
#include "report/text_plans.h"
#include "report/without_ai.h"

#include <stdint.h>
#include <string.h>

enum { rows_shown = 12 };

static const char indent[] = "             ";

/* ---- Changes ---------------------------------------------------------------------------- */

/* "41 → 34 min (−17 %, −21 … −13)" */
static char *change_line(struct arena *arena, const json_t *metric, const json_t *change)
{
    const char *scale = text_at(change, "scale");
    return arena_printf(
        arena, "%s (%s, %s)%s",
        format_from_to(arena, metric, number_at(change, "before"), number_at(change, "now")),
        format_effect(arena, metric, scale, number_at(change, "effect")),
        format_range(arena, scale, at(change, "interval")), format_matched(arena, change));
}

/* The row's metric, or the first beside it, whose change has numbers; NULL: none has. */
static const json_t *changed_metric(const json_t *row)
{
    size_t index = 0;
    json_t *also = NULL;
    if (has_numbers(at(row, "change")))
        return row;
    json_array_foreach(at(row, "also"), index, also)
    {
        if (has_numbers(at(also, "change")))
            return also;
    }
    return NULL;
}

static void add_also(struct lines *lines, const json_t *row, const json_t *lead)
{
    struct arena *arena = lines->out.arena;
    struct text text = {.arena = arena};
    size_t index = 0;
    json_t *also = NULL;
    json_array_foreach(at(row, "also"), index, also)
    {
        const json_t *change = at(also, "change");
        const json_t *metric = at(also, "metric");
        if (also == lead || !has_numbers(change))
            continue;
        text_addf(&text, "%s%s %s", text.length > 0 ? " · " : "and: ", text_at(metric, "label"),
                  format_estimate(arena, metric, text_at(change, "scale"), change));
    }
    if (text.length > 0)
        lines_add(lines, indent, "                  ", text_get(&text));
}

static bool is_planned(const json_t *row)
{
    return json_is_object(at(row, "plan"));
}

static size_t add_changes(struct lines *lines, const json_t *document, size_t limit)
{
    struct arena *arena = lines->out.arena;
    size_t shown = 0;
    size_t index = 0;
    json_t *row = NULL;
    json_array_foreach(at(document, "rows"), index, row)
    {
        const json_t *lead = changed_metric(row);
        if (is_planned(row) || lead == NULL || ++shown > limit)
            continue;
        if (shown == 1 && index > 0) /* plans come first */
            lines_blank(lines);
        const json_t *change = at(lead, "change");
        const json_t *metric = at(lead, "metric");
        const char *word = text_at(change, "word");
        lines_add(lines, lines_word(lines, glyph_of_change(word), word), indent,
                  lines_colour(lines, COLOUR_HEAD, text_at(row, "use_case")));
        lines_add(lines, indent, indent,
                  arena_printf(arena, "%s   %s", text_at(metric, "label"),
                               change_line(arena, metric, change)));
        add_also(lines, row, lead);
    }
    return shown;
}

/* ---- Comparisons ------------------------------------------------------------------------ */

static bool is_assigned(const json_t *row)
{
    return strcmp(text_at(row, "comparison.arms_from"), "assignment") == 0;
}

static char *arms_text(struct arena *arena, const json_t *row)
{
    const json_t *metric = at(row, "metric");
    const json_t *base = json_array_get(at(row, "comparison.arms"), 0);
    const json_t *other = json_array_get(at(row, "comparison.arms"), 1);
    return arena_printf(arena, "%s %s, %s %s%s%s",
                        arm_in_words(at(row, "comparison"), text_at(other, "arm")),
                        format_value(arena, metric, number_at(other, "value")),
                        arm_in_words(at(row, "comparison"), text_at(base, "arm")),
                        format_value(arena, metric, number_at(base, "value")),
                        format_remaining(arena, at(row, "comparison")), format_part_of(arena, row));
}

static void add_check(void *to, const char *line)
{
    lines_add(to, "  Check ", indent, line);
}

static void add_comparison(struct lines *lines, const json_t *row)
{
    struct arena *arena = lines->out.arena;
    const json_t *metric = at(row, "metric");
    const json_t *comparison = at(row, "comparison");
    const char *scale = text_at(comparison, "scale");
    const char *word = text_at(row, "verdict.word");
    lines_add(lines, lines_word(lines, glyph_of_verdict(word), verdict_in_words(word)), indent,
              arena_printf(arena, "%s   %s",
                           lines_colour(lines, COLOUR_HEAD, text_at(row, "use_case")),
                           text_at(metric, "label")));
    struct text text = {.arena = arena};
    text_add(&text, arms_text(arena, row));
    if (at(comparison, "naive.effect") != NULL)
        text_addf(&text, "   naive %s   %s%s",
                  format_estimate(arena, metric, scale, at(comparison, "naive")),
                  format_like(comparison), format_estimate(arena, metric, scale, comparison));
    else
        text_addf(&text, "   AI's part %s", format_estimate(arena, metric, scale, comparison));
    if (leaning_in_words(row)[0] != '\0')
        text_addf(&text, "   %s", leaning_in_words(row));
    const char *settles = format_settles(arena, row);
    if (settles != NULL)
        text_addf(&text, "   %s", settles);
    lines_add(lines, indent, indent, text_get(&text));
    if (format_horizon(arena, row) != NULL)
        lines_add(lines, indent, indent, arena_printf(arena, "%s.", format_horizon(arena, row)));
    checks_each_fault(arena, row, true, add_check, lines);
}

static void add_comparisons(struct lines *lines, const json_t *document, bool assigned,
                            const char *heading, size_t limit)
{
    size_t shown = 0;
    size_t index = 0;
    json_t *row = NULL;
    json_array_foreach(at(document, "rows"), index, row)
    {
        if (is_planned(row) || !has_numbers(at(row, "comparison")) || is_assigned(row) != assigned)
            continue;
        if (shown++ == 0) {
            lines_blank(lines);
            lines_add(lines, "", "", lines_colour(lines, COLOUR_HEAD, heading));
        }
        if (shown <= limit)
            add_comparison(lines, row);
    }
}

/* ---- The report ------------------------------------------------------------------------- */

/* Has the row no such part, for a reason that may be said here? Plans say theirs in their rows; in
   their own periods the change is beside the comparison, or nowhere. */
static bool lacks(const json_t *row, const char *part, bool own_periods)
{
    const json_t *of = at(row, part);
    bool said = is_planned(row) && (own_periods || strcmp(part, "comparison") == 0);
    bool other = strcmp(part, "change") == 0 && changed_metric(row) != NULL;
    return !said && !other && !has_numbers(of) && at(of, "withheld") == NULL;
}

/* "the change of a.b, c.d (there is no earlier period to compare with)": a reason stands once. */
static void add_without(struct text *text, const json_t *document, const char *part,
                        const char *what)
{
    const json_t *rows = at(document, "rows");
    bool own_periods = json_is_true(at(document, "own_periods"));
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        const char *reason = text_at(at(row, part), "reason");
        bool told = !lacks(row, part, own_periods);
        for (size_t j = 0; j < i && !told; j++)
            told = lacks(json_array_get(rows, j), part, own_periods) &&
                   strcmp(text_at(at(json_array_get(rows, j), part), "reason"), reason) == 0;
        if (told)
            continue;
        text_addf(text, "%s%s %s", text->length > 0 ? " · " : "", what, text_at(row, "use_case"));
        const char *named = text_at(row, "use_case");
        for (size_t j = i + 1; j < json_array_size(rows); j++) {
            const json_t *other = json_array_get(rows, j);
            if (!lacks(other, part, own_periods) ||
                strcmp(text_at(at(other, part), "reason"), reason) != 0)
                continue;
            if (strcmp(text_at(other, "use_case"), named) != 0) /* several plans of one */
                text_addf(text, ", %s", text_at(other, "use_case"));
            named = text_at(other, "use_case");
        }
        text_addf(text, " (%s)", reason);
    }
}

static void add_more(struct lines *lines, const char *first, size_t count, size_t limit)
{
    if (count > limit)
        lines_add(lines, first, "",
                  arena_printf(lines->out.arena, "%zu more: --all", count - limit));
}

static void add_cannot_say(struct lines *lines, const json_t *document, size_t limit)
{
    struct arena *arena = lines->out.arena;
    struct text text = {.arena = arena};
    size_t index = 0;
    json_t *entry = NULL;
    add_without(&text, document, "change", "the change of");
    add_without(&text, document, "comparison", "AI's part in");
    json_array_foreach(at(document, "cannot_say"), index, entry)
    {
        const char *action = text_at(entry, "do");
        if (index >= limit)
            break;
        text_addf(&text, "%s%s (%s%s%s)", text.length > 0 ? " · " : "", text_at(entry, "what"),
                  text_at(entry, "why"), action[0] != '\0' ? ": " : "", action);
    }
    size_t entries = json_array_size(at(document, "cannot_say"));
    if (entries > limit)
        text_addf(&text, " · %zu more: --all", entries - limit);
    if (text.length > 0) {
        lines_blank(lines);
        lines_add(lines, "Can't say yet: ", "  ", text_get(&text));
    }
    size_t withheld = 0;
    for (size_t i = 0; i < json_array_size(at(document, "withheld")); i++) {
        const char *words = withheld_in_words(arena, at(document, "withheld"), i);
        if (words != NULL && withheld++ < limit)
            lines_add(lines, "Withheld: ", "  ", words);
    }
    add_more(lines, "Withheld: ", withheld, limit);
}

/* The first row that a comparison can be shown of. */
static void add_next(struct lines *lines, const json_t *document)
{
    struct arena *arena = lines->out.arena;
    size_t index = 0;
    json_t *row = NULL;
    const json_t *first = NULL;
    json_array_foreach(at(document, "rows"), index, row)
    {
        if (first == NULL && has_numbers(at(row, "comparison")))
            first = row;
    }
    if (first == NULL)
        return;
    const char *what =
        is_planned(first) ? arena_printf(arena, " %s", text_at(first, "plan.name"))
                          : arena_printf(arena, "%s --metric %s --use-case %s",
                                         head_period_flags(arena, document),
                                         text_at(first, "metric.name"), text_at(first, "use_case"));
    lines_add(lines, "Next: ", "      ",
              arena_printf(arena, "assay compare%s    one row in full", what));
}

/* Under a head of its own; returns how many there are. */
static size_t add_left_out(struct lines *lines, const json_t *document, bool unclear, size_t limit)
{
    size_t index = 0;
    json_t *row = NULL;
    size_t shown = 0;
    json_array_foreach(at(document, "rows"), index, row)
    {
        const char *line = without_ai_line(row);
        if (line == NULL || without_ai_is_unclear(row) != unclear || ++shown > limit)
            continue;
        if (shown == 1)
            lines_add(lines, "", "",
                      lines_colour(lines, COLOUR_HEAD,
                                   unclear ? "Where it is unclear whether AI was better left out"
                                           : "Where AI was better left out"));
        lines_add(lines, "  ", "    ",
                  arena_printf(lines->out.arena, "%s   %s",
                               lines_colour(lines, COLOUR_HEAD, text_at(row, "use_case")), line));
    }
    add_more(lines, "  ", shown, limit);
    if (shown > 0)
        lines_blank(lines);
    return shown;
}

/* Said first: it is a result, and to somebody's credit. */
static void add_without_ai(struct lines *lines, const json_t *document, size_t limit)
{
    size_t shown = add_left_out(lines, document, false, limit);
    (void)add_left_out(lines, document, true, shown < limit ? limit - shown : 0);
}

char *render_text(struct arena *arena, const json_t *document, const struct text_style *style)
{
    struct lines lines = lines_start(arena, style);
    size_t limit = style->all ? SIZE_MAX : rows_shown;
    lines_add(&lines, "", "  ",
              arena_printf(arena, "%s   %s",
                           lines_colour(&lines, COLOUR_HEAD, head_question(arena, document)),
                           head_of_document(arena, document)));
    const char *declared = head_of_own_data(document);
    if (declared != NULL)
        lines_add(&lines, "", "  ", declared);
    for (size_t i = 0; head_note(document, i) != NULL; i++)
        lines_add(&lines, "", "  ", head_note(document, i));
    lines_blank(&lines);
    add_without_ai(&lines, document, limit);
    size_t plans = add_plans(&lines, document, limit);
    size_t left = plans < limit ? limit - plans : 0;
    size_t rows = plans + add_changes(&lines, document, left);
    if (rows > limit)
        lines_add(&lines, "", "", arena_printf(arena, "%zu more rows: --all", rows - limit));
    add_comparisons(&lines, document, true, "As assigned (not planned in a registry)", left);
    add_comparisons(&lines, document, false,
                    "With AI beside without (as found: not planned, not randomised)", left);
    held_lines(&lines, document);
    add_cannot_say(&lines, document, limit);
    add_next(&lines, document);
    lines_add(&lines, "", "  ", lines_colour(&lines, COLOUR_FAINT, head_of_rules(arena, document)));
    return lines_finish(&lines);
}
