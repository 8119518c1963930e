#include "report/csv.h"

#include "base/text.h"
#include "report/checks_shown.h"
#include "report/format.h"

#include <math.h>
#include <string.h>

/* In quotes where needed; a text that a spreadsheet would run as a formula begins with an
   apostrophe. */
static void add_text(struct text *out, const char *text)
{
    bool formula = text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL;
    bool quoted = formula || strpbrk(text, ",\"\r\n") != NULL;
    text_add(out, quoted ? "\"" : "");
    text_add(out, formula ? "'" : "");
    for (; *text != '\0'; text++)
        text_add_n(out, *text == '"' ? "\"\"" : text, *text == '"' ? 2 : 1);
    text_add(out, quoted ? "\"," : ",");
}

static void add_number(struct text *out, double number)
{
    if (isnan(number))
        text_add(out, ",");
    else
        text_addf(out, "%.10g,", number);
}

static double bound_at(const json_t *part, size_t index)
{
    const json_t *bound = json_array_get(at(part, "interval"), index);
    return json_is_number(bound) ? json_number_value(bound) : NAN;
}

static void end_line(struct text *out)
{
    out->length--; /* the last comma */
    text_add(out, "\r\n");
}

/* Of plans that are judged together the level is another. */
static const double level_of_changes = 0.95;

static void add_change(struct text *out, const json_t *row, const json_t *metric,
                       const json_t *change)
{
    if (!has_numbers(change))
        return;
    add_text(out, text_at(row, "use_case"));
    add_text(out, text_at(metric, "name"));
    add_text(out, "change");
    add_text(out, "before_after");
    add_text(out, "before");
    add_number(out, number_at(change, "before"));
    add_text(out, "now");
    add_number(out, number_at(change, "now"));
    add_number(out, number_at(change, "effect"));
    add_text(out, text_at(change, "scale"));
    add_number(out, bound_at(change, 0));
    add_number(out, bound_at(change, 1));
    add_number(out, number_at(change, "df"));
    add_number(out, number_at(change, "p"));
    add_text(out, text_at(change, "word"));
    add_text(out, "");
    add_number(out, level_of_changes);
    add_text(out, "");
    add_text(out, "");
    end_line(out);
}

static void add_comparison(struct text *out, const json_t *row)
{
    const json_t *comparison = at(row, "comparison");
    if (!has_numbers(comparison))
        return;
    add_text(out, text_at(row, "use_case"));
    add_text(out, text_at(row, "metric.name"));
    add_text(out, "comparison");
    add_text(out, text_at(comparison, "design"));
    for (size_t arm = 0; arm < 2; arm++) {
        const json_t *one = json_array_get(at(comparison, "arms"), arm);
        add_text(out, text_at(one, "arm"));
        add_number(out, number_at(one, "value"));
    }
    add_number(out, number_at(comparison, "effect"));
    add_text(out, text_at(comparison, "scale"));
    add_number(out, bound_at(comparison, 0));
    add_number(out, bound_at(comparison, 1));
    add_number(out, number_at(comparison, "df"));
    add_number(out, number_at(comparison, "p"));
    add_text(out, text_at(row, "verdict.word"));
    add_text(out, checks_in_short(out->arena, row));
    add_number(out, number_at(comparison, "level"));
    add_text(out, text_at(row, "plan.name"));
    add_number(out, number_at(row, "verdict.items_needed"));
    end_line(out);
}

/* A guardrail's effect between the arms of its row; its word is its state. */
static void add_guardrail(struct text *out, const json_t *row, const json_t *guardrail)
{
    if (!json_is_number(at(guardrail, "effect")))
        return;
    add_text(out, text_at(row, "use_case"));
    add_text(out, text_at(guardrail, "metric.name"));
    add_text(out, "guardrail");
    add_text(out, text_at(row, "comparison.design"));
    for (size_t arm = 0; arm < 2; arm++) {
        add_text(out, text_at(json_array_get(at(row, "comparison.arms"), arm), "arm"));
        add_text(out, "");
    }
    add_number(out, number_at(guardrail, "effect"));
    add_text(out, text_at(guardrail, "scale"));
    add_number(out, bound_at(guardrail, 0));
    add_number(out, bound_at(guardrail, 1));
    add_text(out, "");
    add_text(out, "");
    add_text(out, text_at(guardrail, "state"));
    add_text(out, "");
    add_number(out, number_at(guardrail, "level"));
    add_text(out, text_at(row, "plan.name"));
    add_number(out, number_at(guardrail, "items_needed"));
    end_line(out);
}

char *render_csv(struct arena *arena, const json_t *document)
{
    struct text out = {.arena = arena};
    size_t index = 0;
    size_t inner = 0;
    json_t *row = NULL;
    json_t *also = NULL;
    json_t *guardrail = NULL;
    text_add(&out, "use_case,metric,kind,design,arm_0,value_0,arm_1,value_1,effect,scale,low,high,"
                   "df,p,word,checks,level,plan,items_needed\r\n");
    json_array_foreach(at(document, "rows"), index, row)
    {
        add_change(&out, row, at(row, "metric"), at(row, "change"));
        json_array_foreach(at(row, "also"), inner, also)
            add_change(&out, row, at(also, "metric"), at(also, "change"));
        add_comparison(&out, row);
        json_array_foreach(at(row, "guardrails"), inner, guardrail)
            add_guardrail(&out, row, guardrail);
    }
    return arena_text(arena, text_get(&out));
}
