#include "report/markdown.h"

#include "base/text.h"
#include "report/format.h"
#include "report/head.h"

#include <string.h>

/* What would end a cell or begin markup. */
static char *escaped(struct arena *arena, const char *text)
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
    text_addf(out, "| %s | %s | %s | %s | %s |\n", escaped(arena, use_case),
              escaped(arena, text_at(metric, "label")),
              format_from_to(arena, metric, number_at(change, "before"), number_at(change, "now")),
              format_estimate(arena, metric, text_at(change, "scale"), change),
              text_at(change, "word"));
}

static void add_changes(struct arena *arena, struct text *out, const json_t *document)
{
    size_t index = 0;
    size_t inner = 0;
    json_t *row = NULL;
    json_t *also = NULL;
    text_add(out, "| use case | metric | before → now | change | |\n|---|---|---|---|---|\n");
    json_array_foreach(at(document, "rows"), index, row)
    {
        add_change(arena, out, text_at(row, "use_case"), at(row, "metric"), at(row, "change"));
        json_array_foreach(at(row, "also"), inner, also) add_change(
            arena, out, text_at(row, "use_case"), at(also, "metric"), at(also, "change"));
    }
}

static void add_comparisons(struct arena *arena, struct text *out, const json_t *document)
{
    size_t index = 0;
    json_t *row = NULL;
    text_add(out, "\n| use case | metric | arms | naive | estimate | design | verdict |\n"
                  "|---|---|---|---|---|---|---|\n");
    json_array_foreach(at(document, "rows"), index, row)
    {
        const json_t *comparison = at(row, "comparison");
        const json_t *metric = at(row, "metric");
        if (!has_numbers(comparison))
            continue;
        const char *scale = text_at(comparison, "scale");
        const json_t *base = json_array_get(at(comparison, "arms"), 0);
        const json_t *other = json_array_get(at(comparison, "arms"), 1);
        text_addf(out, "| %s | %s | %s %s, %s %s | %s | %s | %s · not planned | %s |\n",
                  escaped(arena, text_at(row, "use_case")),
                  escaped(arena, text_at(metric, "label")),
                  escaped(arena, arm_in_words(text_at(other, "arm"))),
                  format_value(arena, metric, number_at(other, "value")),
                  escaped(arena, arm_in_words(text_at(base, "arm"))),
                  format_value(arena, metric, number_at(base, "value")),
                  json_is_object(at(comparison, "naive"))
                      ? format_estimate(arena, metric, scale, at(comparison, "naive"))
                      : "–",
                  format_estimate(arena, metric, scale, comparison),
                  escaped(arena, text_at(comparison, "design")),
                  verdict_in_words(text_at(row, "verdict.word")));
    }
}

char *render_markdown(struct arena *arena, const json_t *document)
{
    struct text out = {.arena = arena};
    size_t index = 0;
    json_t *entry = NULL;
    text_addf(&out, "# What got better this quarter?\n\n%s\n\n",
              escaped(arena, head_of_document(arena, document)));
    if (head_of_own_data(document) != NULL)
        text_addf(&out, "%s\n\n", head_of_own_data(document));
    for (size_t i = 0; head_note(document, i) != NULL; i++)
        text_addf(&out, "%s\n\n", escaped(arena, head_note(document, i)));
    add_changes(arena, &out, document);
    add_comparisons(arena, &out, document);
    text_add(&out, "\n");
    json_array_foreach(at(document, "rows"), index, entry)
        text_addf(&out, "- **%s**: %s\n", escaped(arena, text_at(entry, "use_case")),
                  escaped(arena, text_at(entry, "sentence")));
    json_array_foreach(at(document, "cannot_say"), index, entry)
        text_addf(&out, "- Can't say yet: %s (%s)\n", escaped(arena, text_at(entry, "what")),
                  escaped(arena, text_at(entry, "why")));
    json_array_foreach(at(document, "withheld"), index, entry)
        text_addf(&out, "- Withheld: %s (%s)\n", escaped(arena, text_at(entry, "what")),
                  escaped(arena, text_at(entry, "why")));
    text_addf(&out, "\n%s\n", escaped(arena, head_of_rules(arena, document)));
    return arena_text(arena, text_get(&out));
}
