#include "report/csv.h"

#include "base/text.h"
#include "report/checks_shown.h"
#include "report/format.h"
#include "report/without_ai.h"

#include <math.h>
#include <string.h>

void csv_add_text(struct text *out, const char *text)
{
    bool formula = text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL;
    bool quoted = formula || strpbrk(text, ",\"\r\n") != NULL;
    text_add(out, quoted ? "\"" : "");
    text_add(out, formula ? "'" : "");
    for (; *text != '\0'; text++)
        text_add_n(out, *text == '"' ? "\"\"" : text, *text == '"' ? 2 : 1);
    text_add(out, quoted ? "\"," : ",");
}

static void add_text(struct text *out, const char *text)
{
    csv_add_text(out, text);
}

static void add_number(struct text *out, double number)
{
    if (isnan(number))
        text_add(out, ",");
    else
        text_addf(out, "%.10g,", number);
}

static void add_empty(struct text *out, int columns)
{
    for (int i = 0; i < columns; i++)
        add_text(out, "");
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

/* Ends a line of what stands beside a comparison: without checks and level of its own. */
static void end_beside(struct text *out, const json_t *row)
{
    add_empty(out, 2);
    add_text(out, text_at(row, "plan.name"));
    add_text(out, "");
    end_line(out);
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

/* What people expected and said, as lines of their own without arms. */
static void add_perceived(struct text *out, const json_t *row, const char *kind)
{
    const json_t *part = json_object_get(at(row, "comparison.perception"), kind);
    if (!json_is_number(at(part, "effect")))
        return;
    add_text(out, text_at(row, "use_case"));
    add_text(out, text_at(row, "metric.name"));
    add_text(out, kind);
    add_empty(out, 5);
    add_number(out, number_at(part, "effect"));
    add_text(out, "relative");
    add_number(out, bound_at(part, 0));
    add_number(out, bound_at(part, 1));
    add_empty(out, 3);
    end_beside(out, row);
}

/* What leaving AI out saved, in hours and dollars: the items are those of arm 0. */
static void add_saved(struct text *out, const json_t *row, const char *path, const char *kind,
                      const char *unit)
{
    const json_t *part = at(row, path);
    if (!json_is_number(at(part, "saved")))
        return;
    add_text(out, text_at(row, "use_case"));
    add_text(out, text_at(row, "metric.name"));
    add_text(out, kind);
    add_text(out, text_at(row, "comparison.design"));
    add_text(out, text_at(json_array_get(at(row, "comparison.arms"), 0), "arm"));
    add_number(out, number_at(row, "without_ai.items"));
    add_text(out, "");
    add_text(out, "");
    add_number(out, number_at(part, "saved"));
    add_text(out, unit);
    add_number(out, bound_at(part, 0));
    add_number(out, bound_at(part, 1));
    add_text(out, "");
    add_text(out, "");
    add_text(out, without_ai_word(row, part));
    end_beside(out, row);
}

/* Effects by group: the formula stands for the design, the group for the arm. */
static void add_by(struct text *out, const json_t *row)
{
    size_t index = 0;
    json_t *cell = NULL;
    json_array_foreach(at(row, "comparison.by.cells"), index, cell)
    {
        add_text(out, text_at(row, "use_case"));
        add_text(out, text_at(row, "metric.name"));
        add_text(out, "by");
        add_text(out, text_at(row, "comparison.by.by"));
        add_text(out, text_at(cell, "cell"));
        add_empty(out, 3);
        add_number(out, number_at(cell, "effect"));
        add_text(out, text_at(row, "comparison.scale"));
        add_number(out, bound_at(cell, 0));
        add_number(out, bound_at(cell, 1));
        add_text(out, "");
        add_number(out, number_at(cell, "p"));
        add_text(out, json_is_true(at(cell, "different")) ? "different" : "");
        end_beside(out, row);
    }
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
        add_by(&out, row);
        add_perceived(&out, row, "expected");
        add_perceived(&out, row, "said");
        add_saved(&out, row, "without_ai.hours", "without_ai_hours", "hours");
        add_saved(&out, row, "without_ai.usd.ai", "without_ai_usd", "usd");
        add_saved(&out, row, "without_ai.usd.labour", "without_ai_labour_usd", "usd");
        add_saved(&out, row, "without_ai.usd.both", "without_ai_both_usd", "usd");
    }
    return arena_text(arena, text_get(&out));
}
