#include "report/markdown.h"

#include "base/text.h"
#include "report/by_cells.h"
#include "report/checks_shown.h"
#include "report/format.h"
#include "report/head.h"
#include "report/held.h"
#include "report/opt_outs.h"
#include "report/order.h"
#include "report/text.h"
#include "report/text_plans.h"
#include "report/without_ai.h"

#include <string.h>

char *markdown_escaped(struct arena *arena, const char *text)
{
    struct text out = {.arena = arena};
    for (; *text != '\0'; text++) {
        if (strchr("|\\`*_<>[]#", *text) != NULL)
            text_add(&out, "\\");
        text_add_n(&out, *text == '\n' ? " " : text, 1);
    }
    return arena_text(arena, text_get(&out));
}

static void add_change(struct arena *arena, struct text *out, const char *use_case,
                       const json_t *metric, const json_t *change)
{
    if (!has_numbers(change))
        return;
    text_addf(out, "| %s | %s | %s | %s | %s |\n", markdown_escaped(arena, use_case),
              markdown_escaped(arena, text_at(metric, "label")),
              format_from_to(arena, metric, number_at(change, "before"), number_at(change, "now")),
              format_estimate(arena, metric, text_at(change, "scale"), change),
              text_at(change, "word"));
}

/* A table's head stands above its first row only. */
static void add_head(struct text *out, bool *has_head, const char *head)
{
    if (!*has_head)
        text_add(out, head);
    *has_head = true;
}

/* The rows of one plan have one change. */
static bool is_told_before(const json_t *rows, size_t index)
{
    const json_t *row = json_array_get(rows, index);
    for (size_t i = 0; i < index && json_is_string(at(row, "plan.arm")); i++)
        if (strcmp(text_at(json_array_get(rows, i), "plan.name"), text_at(row, "plan.name")) == 0)
            return true;
    return false;
}

static void add_changes(struct arena *arena, struct text *out, const json_t *document)
{
    static const char head[] = "\n| use case | metric | before → now | change | |\n"
                               "|---|---|---|---|---|\n";
    bool has_head = false;
    size_t index = 0;
    size_t inner = 0;
    json_t *row = NULL;
    json_t *also = NULL;
    json_array_foreach(at(document, "rows"), index, row)
    {
        if (is_told_before(at(document, "rows"), index))
            continue;
        if (has_numbers(at(row, "change")))
            add_head(out, &has_head, head);
        add_change(arena, out, text_at(row, "use_case"), at(row, "metric"), at(row, "change"));
        json_array_foreach(at(row, "also"), inner, also)
        {
            if (has_numbers(at(also, "change")))
                add_head(out, &has_head, head);
            add_change(arena, out, text_at(row, "use_case"), at(also, "metric"),
                       at(also, "change"));
        }
    }
}

static void add_comparison(struct arena *arena, struct text *out, const json_t *row)
{
    const json_t *comparison = at(row, "comparison");
    const json_t *metric = at(row, "metric");
    const char *scale = text_at(comparison, "scale");
    const json_t *base = json_array_get(at(comparison, "arms"), 0);
    const json_t *other = json_array_get(at(comparison, "arms"), 1);
    const char *leaning = leaning_in_words(row);
    text_addf(out, "| %s | %s | %s %s, %s %s%s%s | %s | %s%s | %s | %s%s%s |\n",
              markdown_escaped(arena, text_at(row, "use_case")),
              markdown_escaped(arena, text_at(metric, "label")),
              markdown_escaped(arena, arm_in_words(comparison, text_at(other, "arm"))),
              format_value(arena, metric, number_at(other, "value")),
              markdown_escaped(arena, arm_in_words(comparison, text_at(base, "arm"))),
              format_value(arena, metric, number_at(base, "value")),
              format_remaining(arena, comparison), format_part_of(arena, row),
              json_is_object(at(comparison, "naive"))
                  ? format_estimate(arena, metric, scale, at(comparison, "naive"))
                  : "–",
              format_like(comparison), format_estimate(arena, metric, scale, comparison),
              markdown_escaped(arena, design_in_words(arena, row)),
              verdict_in_words(text_at(row, "verdict.word")), leaning[0] != '\0' ? ": " : "",
              leaning);
}

static void add_comparisons(struct arena *arena, struct text *out, const json_t *document)
{
    bool has_head = false;
    size_t index = 0;
    json_t *row = NULL;
    json_array_foreach(at(document, "rows"), index, row)
    {
        if (!has_numbers(at(row, "comparison")))
            continue;
        add_head(out, &has_head,
                 "\n| use case | metric | arms | naive | estimate | design | verdict |\n"
                 "|---|---|---|---|---|---|---|\n");
        add_comparison(arena, out, row);
    }
}

/* "held: Quality; open: Rework rate" */
static const char *guardrails_text(struct arena *arena, const json_t *row)
{
    static const char *const states[] = {"held", "open", "broken"};
    struct text out = {.arena = arena};
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        const char *named = guardrails_in(arena, row, states[i], strcmp(states[i], "broken") == 0);
        if (named[0] != '\0')
            text_addf(&out, "%s%s: %s", out.length > 0 ? "; " : "", states[i], named);
    }
    return out.length > 0 ? text_get(&out) : "–";
}

static void add_plan(struct arena *arena, struct text *out, const json_t *document,
                     const json_t *row)
{
    const json_t *comparison = at(row, "comparison");
    bool answered = has_numbers(comparison);
    const char *word = answered ? verdict_in_words(text_at(row, "verdict.word"))
                                : word_without_numbers(document, row, comparison);
    const char *leaning = leaning_in_words(row);
    const char *arm = text_at(row, "plan.arm");
    text_addf(out, "| %s%s%s | %s | %s | %s | %s | %s%s%s | %s | %s |\n",
              markdown_escaped(arena, text_at(row, "plan.name")), arm[0] != '\0' ? ", " : "",
              markdown_escaped(arena, arm), markdown_escaped(arena, text_at(row, "use_case")),
              markdown_escaped(arena, text_at(row, "metric.label")),
              answered ? format_estimate(arena, at(row, "metric"), text_at(comparison, "scale"),
                                         comparison)
                       : markdown_escaped(arena, text_at(comparison, "reason")),
              answered ? target_text(arena, row) : "–",
              strcmp(word, "no_answer") == 0 ? "no answer" : word, leaning[0] != '\0' ? ": " : "",
              leaning, markdown_escaped(arena, guardrails_text(arena, row)),
              markdown_escaped(arena, planned_in_words(arena, at(row, "plan"))));
}

/* Every plan of the period, with an answer or without. */
static void add_plans_table(struct arena *arena, struct text *out, const json_t *document)
{
    bool has_head = false;
    size_t index = 0;
    json_t *row = NULL;
    json_array_foreach(at(document, "rows"), index, row)
    {
        if (!json_is_object(at(row, "plan")))
            continue;
        add_head(out, &has_head,
                 "\n| plan | use case | metric | AI's part | target | verdict | guardrails | "
                 "locked |\n|---|---|---|---|---|---|---|---|\n");
        add_plan(arena, out, document, row);
    }
}

static void add_opt_outs(struct arena *arena, struct text *out, const json_t *row)
{
    const char *shares = opt_outs_text(arena, row);
    const char *bounds = opt_outs_bounds_text(arena, row);
    if (shares != NULL)
        text_addf(out, "  - %s%s\n", opt_outs_heading, markdown_escaped(arena, shares));
    if (bounds != NULL)
        text_addf(out, "  - %s%s\n", opt_outs_bounds_heading, markdown_escaped(arena, bounds));
}

static void add_groups(struct arena *arena, struct text *out, const json_t *row)
{
    size_t index = 0;
    json_t *by = NULL;
    json_array_foreach(at(row, "comparison.by"), index, by)
        text_addf(out, "  - By %s\n", markdown_escaped(arena, by_cells_text(arena, row, by)));
}

static void add_heads(struct arena *arena, struct text *out, const json_t *document)
{
    text_addf(out, "%s\n", markdown_escaped(arena, head_of_document(arena, document)));
    if (head_of_own_data(document) != NULL)
        text_addf(out, "\n%s\n", head_of_own_data(document));
    for (size_t i = 0; head_note(document, i) != NULL; i++)
        text_addf(out, "\n%s\n", markdown_escaped(arena, head_note(document, i)));
}

static void add_left_out(struct arena *arena, struct text *out, const json_t *document,
                         bool unclear, const char *head)
{
    bool has_head = false;
    size_t index = 0;
    json_t *row = NULL;
    json_array_foreach(at(document, "rows"), index, row)
    {
        const char *line = without_ai_line(row);
        if (line == NULL || without_ai_is_unclear(row) != unclear)
            continue;
        add_head(out, &has_head, head);
        text_addf(out, "- **%s**, %s: %s\n", markdown_escaped(arena, text_at(row, "use_case")),
                  markdown_escaped(arena, text_at(row, "metric.label")),
                  markdown_escaped(arena, line));
    }
}

static void add_without_ai(struct arena *arena, struct text *out, const json_t *document)
{
    add_left_out(arena, out, document, false, "\n## Where AI was better left out\n\n");
    add_left_out(arena, out, document, true,
                 "\n## Where it is unclear whether AI was better left out\n\n");
}

static void add_check(void *to, const char *line)
{
    struct text *out = to;
    text_addf(out, "  - Check %s\n", markdown_escaped(out->arena, line));
}

static void add_held(struct arena *arena, struct text *out, const json_t *document)
{
    const char *summary = held_summary(arena, document);
    size_t index = 0;
    json_t *entry = NULL;
    if (summary != NULL)
        text_addf(out, "- %s\n", markdown_escaped(arena, summary));
    json_array_foreach(at(document, "compared_with.entries"), index, entry)
    {
        if (!json_is_true(at(entry, "held")))
            text_addf(out, "- %s\n", markdown_escaped(arena, held_sentence(arena, entry)));
    }
}

char *render_markdown(struct arena *arena, const json_t *document)
{
    struct text out = {.arena = arena};
    size_t index = 0;
    json_t *entry = NULL;
    text_addf(&out, "# %s\n\n", head_question(arena, document));
    add_heads(arena, &out, document);
    add_without_ai(arena, &out, document);
    add_plans_table(arena, &out, document);
    add_changes(arena, &out, document);
    add_comparisons(arena, &out, document);
    text_add(&out, json_is_true(at(document, "own_periods"))
                       ? "\nIn brackets: 95 % intervals; of plans each at its own level"
                       : "\nIn brackets: 95 % intervals");
    if (number_at(document, "judged_together.plans") > 1)
        text_addf(&out, "; of plans, which are judged together, %.3g %%",
                  number_at(document, "judged_together.level") * 100);
    text_add(&out, ".\n\n");
    json_array_foreach(at(document, "rows"), index, entry)
    {
        text_addf(&out, "- **%s**: %s\n", markdown_escaped(arena, text_at(entry, "use_case")),
                  markdown_escaped(arena, text_at(entry, "sentence")));
        add_groups(arena, &out, entry);
        add_opt_outs(arena, &out, entry);
        if (format_horizon(arena, entry) != NULL)
            text_addf(&out, "  - %s\n", format_horizon(arena, entry));
        checks_each_fault(arena, entry, false, add_check, &out);
    }
    add_held(arena, &out, document);
    json_array_foreach(at(document, "cannot_say"), index, entry)
    {
        const char *action = text_at(entry, "do");
        text_addf(&out, "- Can't say yet: %s (%s%s%s)\n",
                  markdown_escaped(arena, text_at(entry, "what")),
                  markdown_escaped(arena, text_at(entry, "why")), action[0] != '\0' ? ": " : "",
                  markdown_escaped(arena, action));
    }
    for (size_t i = 0; i < json_array_size(at(document, "withheld")); i++) {
        const char *words = withheld_in_words(arena, at(document, "withheld"), i);
        if (words != NULL)
            text_addf(&out, "- Withheld: %s\n", markdown_escaped(arena, words));
    }
    text_addf(&out, "\n%s\n", markdown_escaped(arena, head_of_rules(arena, document)));
    return arena_text(arena, text_get(&out));
}

static void add_arms(struct arena *arena, struct text *out, const json_t *row)
{
    bool has_head = false;
    size_t index = 0;
    json_t *arm = NULL;
    json_array_foreach(at(row, "comparison.arms"), index, arm)
    {
        add_head(out, &has_head, "\n| arm | items | people | value |\n|---|---:|---:|---:|\n");
        text_addf(out, "| %s | %s | %s | %s |\n",
                  markdown_escaped(arena, arm_in_words(at(row, "comparison"), text_at(arm, "arm"))),
                  format_count_at(arena, arm, "items"), format_count_at(arena, arm, "workers"),
                  format_value(arena, at(row, "metric"), number_at(arm, "value")));
    }
}

/* What the terminal shows of one row, each of its lines as one of a list; the arms as a table. */
char *render_markdown_detail(struct arena *arena, const json_t *document)
{
    size_t index = 0;
    enum { one_line = 1 << 20 };
    json_t *row = json_array_get(at(document, "rows"), 0);
    const struct text_style style = {.width = one_line, .all = true, .without_arms = true};
    const char *line = render_text_detail(arena, document, &style);
    struct text out = {.arena = arena};
    text_addf(&out, "# %s: %s\n\n", markdown_escaped(arena, text_at(row, "use_case")),
              markdown_escaped(arena, text_at(row, "metric.label")));
    for (bool first = true; *line != '\0'; first = false) {
        size_t length = strcspn(line, "\n");
        const char *trimmed = text_trimmed(arena, line, length);
        if (first) { /* says what the heading says, and the period */
            add_heads(arena, &out, document);
            json_array_foreach(at(document, "rows"), index, row) add_arms(arena, &out, row);
            text_add(&out, "\n");
        } else if (trimmed[0] != '\0')
            text_addf(&out, "- %s\n", markdown_escaped(arena, trimmed));
        line += length + (line[length] == '\n');
    }
    return arena_text(arena, text_get(&out));
}
