#include "report/text.h"

#include "base/terminal.h"
#include "report/checks_shown.h"
#include "report/format.h"
#include "report/head.h"
#include "report/lines.h"
#include "report/without_ai.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { rows_shown = 12, word_cells = 13 };

static const char indent[] = "             ";

/* ---- Changes ---------------------------------------------------------------------------- */

static double change_size(const json_t *row)
{
    double size = fabs(number_at(row, "change.effect") / number_at(row, "change.margin"));
    return isnan(size) ? -1 : size;
}

static int by_change(const void *a, const void *b)
{
    double x = change_size(*(const json_t *const *)a);
    double y = change_size(*(const json_t *const *)b);
    return x < y ? 1 : x > y ? -1 : 0;
}

/* The rows, the largest change first. */
static const json_t **sorted_rows(struct arena *arena, const json_t *document, size_t *count)
{
    const json_t *rows = at(document, "rows");
    *count = json_array_size(rows);
    const json_t **list = arena_array(arena, *count, sizeof *list);
    for (size_t i = 0; i < *count; i++)
        list[i] = json_array_get(rows, i);
    if (*count > 0)
        qsort(list, *count, sizeof *list, by_change);
    return list;
}

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

static enum line_colour colour_of(const char *glyph)
{
    if (strcmp(glyph, "▲") == 0)
        return COLOUR_GOOD;
    return strcmp(glyph, "▼") == 0 || strcmp(glyph, "◆") == 0 ? COLOUR_BAD : COLOUR_FAINT;
}

static char *word_column(struct lines *lines, const char *glyph, const char *word)
{
    struct arena *arena = lines->out.arena;
    /* A wide glyph takes the cell of the blank behind it. */
    bool wide = text_width(glyph) > 1;
    const char *plain = arena_printf(arena, "%s%s%s", glyph, wide ? "" : " ", word);
    const char *padded = lines_padded(arena, plain, word_cells - 1);
    return arena_printf(arena, "%s ", lines_colour(lines, colour_of(glyph), padded));
}

static void add_also(struct lines *lines, const json_t *row)
{
    struct arena *arena = lines->out.arena;
    struct text text = {.arena = arena};
    size_t index = 0;
    json_t *also = NULL;
    json_array_foreach(at(row, "also"), index, also)
    {
        const json_t *change = at(also, "change");
        const json_t *metric = at(also, "metric");
        if (!has_numbers(change))
            continue;
        text_addf(&text, "%s%s %s", text.length > 0 ? " · " : "and: ", text_at(metric, "label"),
                  format_estimate(arena, metric, text_at(change, "scale"), change));
    }
    if (text.length > 0)
        lines_add(lines, indent, "                  ", text_get(&text));
}

static void add_changes(struct lines *lines, const json_t **rows, size_t count, size_t limit)
{
    struct arena *arena = lines->out.arena;
    size_t shown = 0;
    for (size_t i = 0; i < count; i++) {
        const json_t *change = at(rows[i], "change");
        if (!has_numbers(change) || ++shown > limit)
            continue;
        const json_t *metric = at(rows[i], "metric");
        const char *word = text_at(change, "word");
        lines_add(lines, word_column(lines, glyph_of_change(word), word), indent,
                  lines_colour(lines, COLOUR_HEAD, text_at(rows[i], "use_case")));
        lines_add(lines, indent, indent,
                  arena_printf(arena, "%s   %s", text_at(metric, "label"),
                               change_line(arena, metric, change)));
        add_also(lines, rows[i]);
    }
    if (shown > limit)
        lines_add(lines, "", "", arena_printf(arena, "%zu more rows: --all", shown - limit));
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
    bool like = strcmp(text_at(comparison, "design"), "like_with_like") == 0;
    lines_add(lines, word_column(lines, glyph_of_verdict(word), verdict_in_words(word)), indent,
              arena_printf(arena, "%s   %s",
                           lines_colour(lines, COLOUR_HEAD, text_at(row, "use_case")),
                           text_at(metric, "label")));
    struct text text = {.arena = arena};
    text_add(&text, arms_text(arena, row));
    if (at(comparison, "naive.effect") != NULL)
        text_addf(&text, "   naive %s   %s%s",
                  format_estimate(arena, metric, scale, at(comparison, "naive")),
                  like ? "like with like " : "", format_estimate(arena, metric, scale, comparison));
    else
        text_addf(&text, "   AI's part %s", format_estimate(arena, metric, scale, comparison));
    const char *needed = format_needed(arena, row);
    if (needed != NULL)
        text_addf(&text, "   ≈ %s would settle it", needed);
    lines_add(lines, indent, indent, text_get(&text));
    checks_each_fault(arena, row, true, add_check, lines);
}

static void add_comparisons(struct lines *lines, const json_t **rows, size_t count, bool assigned,
                            const char *heading, size_t limit)
{
    size_t shown = 0;
    for (size_t i = 0; i < count; i++) {
        if (!has_numbers(at(rows[i], "comparison")) || is_assigned(rows[i]) != assigned)
            continue;
        if (shown++ == 0) {
            lines_blank(lines);
            lines_add(lines, "", "", lines_colour(lines, COLOUR_HEAD, heading));
        }
        if (shown <= limit)
            add_comparison(lines, rows[i]);
    }
}

/* ---- The report ------------------------------------------------------------------------- */

static void add_cannot_say(struct lines *lines, const json_t *document)
{
    struct arena *arena = lines->out.arena;
    struct text text = {.arena = arena};
    size_t index = 0;
    json_t *entry = NULL;
    json_array_foreach(at(document, "rows"), index, entry)
    {
        const json_t *comparison = at(entry, "comparison");
        const json_t *change = at(entry, "change");
        if (!has_numbers(change) && at(change, "withheld") == NULL)
            text_addf(&text, "%sthe change of %s (%s)", text.length > 0 ? " · " : "",
                      text_at(entry, "use_case"), text_at(change, "reason"));
        if (!has_numbers(comparison) && at(comparison, "withheld") == NULL)
            text_addf(&text, "%sAI's part in %s (%s)", text.length > 0 ? " · " : "",
                      text_at(entry, "use_case"), text_at(comparison, "reason"));
    }
    json_array_foreach(at(document, "cannot_say"), index, entry)
    {
        const char *action = text_at(entry, "do");
        text_addf(&text, "%s%s (%s%s%s)", text.length > 0 ? " · " : "", text_at(entry, "what"),
                  text_at(entry, "why"), action[0] != '\0' ? ": " : "", action);
    }
    if (text.length > 0) {
        lines_blank(lines);
        lines_add(lines, "Can't say yet: ", "  ", text_get(&text));
    }
    json_array_foreach(at(document, "withheld"), index, entry)
        lines_add(lines, "Withheld: ", "  ",
                  arena_printf(arena, "%s (%s)", text_at(entry, "what"), text_at(entry, "why")));
}

/* The first row that a comparison can be shown of. */
static void add_next(struct lines *lines, const json_t *document, const json_t **rows, size_t count)
{
    size_t i = 0;
    while (i < count && !has_numbers(at(rows[i], "comparison")))
        i++;
    if (i == count)
        return;
    lines_add(lines, "Next: ", "      ",
              arena_printf(lines->out.arena,
                           "assay compare%s --metric %s --use-case %s    one row in full",
                           head_period_flags(lines->out.arena, document),
                           text_at(rows[i], "metric.name"), text_at(rows[i], "use_case")));
}

/* Said first: it is a result, and to somebody's credit. */
static void add_without_ai(struct lines *lines, const json_t **rows, size_t count)
{
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        const char *line = without_ai_line(rows[i]);
        if (line == NULL)
            continue;
        if (!any)
            lines_add(lines, "", "",
                      lines_colour(lines, COLOUR_HEAD, "Where AI was better left out"));
        any = true;
        lines_add(lines, indent, indent,
                  arena_printf(lines->out.arena, "%s   %s: %s",
                               lines_colour(lines, COLOUR_HEAD, text_at(rows[i], "use_case")),
                               text_at(rows[i], "metric.label"), line));
    }
    if (any && has_numbers(at(rows[0], "change")))
        lines_blank(lines);
}

char *render_text(struct arena *arena, const json_t *document, const struct text_style *style)
{
    struct lines lines = lines_start(arena, style);
    size_t count = 0;
    const json_t **rows = sorted_rows(arena, document, &count);
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
    add_without_ai(&lines, rows, count);
    add_changes(&lines, rows, count, limit);
    add_comparisons(&lines, rows, count, true, "As assigned (not planned in a registry)", limit);
    add_comparisons(&lines, rows, count, false,
                    "With AI beside without (as found: not planned, not randomised)", limit);
    add_cannot_say(&lines, document);
    add_next(&lines, document, rows, count);
    return lines_finish(&lines);
}
