/* What a plan can tell, as Markdown. */

#include "report/power_page.h"

#include "base/text.h"
#include "report/format.h"
#include "report/markdown.h"
#include "report/power_words.h"

static void add_item(struct text *out, const char *line)
{
    text_addf(out, "- %s\n", markdown_escaped(out->arena, line));
}

static void add_primary(struct text *out, const json_t *document, const json_t *row)
{
    struct arena *arena = out->arena;
    size_t index = 0;
    json_t *step = NULL;
    add_item(out, power_detectable(arena, document, row));
    add_item(out, power_needed(arena, document, row));
    text_add(out, "\n| if it improves by | the chance to tell it |\n|---:|---:|\n");
    json_array_foreach(at(row, "steps"), index, step)
        text_addf(out, "| %s | %s |\n",
                  markdown_escaped(arena, power_effect(arena, row, number_at(step, "effect"))),
                  power_percent(arena, number_at(step, "power")));
    text_add(out, "\n");
}

static void add_metric(struct text *out, const json_t *document, const json_t *row)
{
    struct arena *arena = out->arena;
    const char *cannot_say = power_cannot_say(arena, row);
    if (power_is_primary(row))
        text_addf(out, "## %s (%s)\n\n", markdown_escaped(arena, text_at(row, "metric.label")),
                  markdown_escaped(arena, text_at(row, "metric.name")));
    if (cannot_say != NULL)
        add_item(out, cannot_say);
    else if (power_is_primary(row))
        add_primary(out, document, row);
    else
        add_item(out, power_guardrail(arena, document, row));
}

char *power_markdown(struct arena *arena, const json_t *document)
{
    struct text out = {.arena = arena};
    const char *past = power_past(arena, document);
    size_t index = 0;
    json_t *entry = NULL;
    text_addf(&out, "# %s\n\n%s\n\n", markdown_escaped(arena, power_question(arena, document)),
              markdown_escaped(arena, power_design(arena, document)));
    if (past != NULL)
        text_addf(&out, "%s\n\n", markdown_escaped(arena, past));
    json_array_foreach(at(document, "metrics"), index, entry) add_metric(&out, document, entry);
    json_array_foreach(at(document, "notes"), index, entry)
        text_addf(&out, "- Note: %s\n", markdown_escaped(arena, json_string_value(entry)));
    text_addf(&out, "\n%s\n", markdown_escaped(arena, power_method(arena, document)));
    return arena_text(arena, text_get(&out));
}
