#include "report/csv.h"

#include "base/table.h"
#include "base/text.h"
#include "report/checks_shown.h"
#include "report/format.h"
#include "report/order.h"
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

void csv_add_cells(struct text *out, const char *const *text, const double *number, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (text[i] != NULL)
            csv_add_text(out, text[i]);
        else if (isnan(number[i]))
            text_add(out, ",");
        else
            text_addf(out, "%.10g,", number[i]);
    }
    out->length--; /* the last comma */
    text_add(out, "\r\n");
}

void csv_add_head(struct text *out, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        text_addf(out, "%s%s", i > 0 ? "," : "", names[i]);
    text_add(out, "\r\n");
}

/* ---- A line --------------------------------------------------------------------------------- */

/* In the order of the file; new ones come at the end, so that who reads by number reads on. */
enum column {
    USE_CASE,
    METRIC,
    KIND,
    DESIGN,
    ARM_0,
    VALUE_0,
    ARM_1,
    VALUE_1,
    EFFECT,
    SCALE,
    LOW,
    HIGH,
    DF,
    P,
    WORD,
    CHECKS,
    LEVEL,
    PLAN,
    ITEMS_NEEDED,
    LEANING,
    REASON,
    ITEMS_0,
    PEOPLE_0,
    ITEMS_1,
    PEOPLE_1,
    MARGIN,
    FROM,
    TO,
    LOCKED,
    LOCKED_WHEN,
    AMENDED,
    LOOKED_EARLY,
    COLUMNS
};

static const char *const column_names[] = {
    [USE_CASE] = "use_case",
    [METRIC] = "metric",
    [KIND] = "kind",
    [DESIGN] = "design",
    [ARM_0] = "arm_0",
    [VALUE_0] = "value_0",
    [ARM_1] = "arm_1",
    [VALUE_1] = "value_1",
    [EFFECT] = "effect",
    [SCALE] = "scale",
    [LOW] = "low",
    [HIGH] = "high",
    [DF] = "df",
    [P] = "p",
    [WORD] = "word",
    [CHECKS] = "checks",
    [LEVEL] = "level",
    [PLAN] = "plan",
    [LEANING] = "leaning",
    [ITEMS_NEEDED] = "items_needed",
    [REASON] = "reason",
    [ITEMS_0] = "items_0",
    [PEOPLE_0] = "people_0",
    [ITEMS_1] = "items_1",
    [PEOPLE_1] = "people_1",
    [MARGIN] = "margin",
    [FROM] = "from",
    [TO] = "to",
    [LOCKED] = "locked",
    [LOCKED_WHEN] = "locked_when",
    [AMENDED] = "amended",
    [LOOKED_EARLY] = "looked_early",
};
TABLE_OF(column_names, COLUMNS);

/* Cells that are not set are empty. */
struct line {
    const char *text[COLUMNS];
    double number[COLUMNS]; /* where there is no text; NAN: empty */
};

static struct line line_of(const json_t *row, const json_t *metric, const char *kind)
{
    struct line line = {{NULL}, {0}};
    for (int i = 0; i < COLUMNS; i++)
        line.number[i] = NAN;
    line.text[USE_CASE] = text_at(row, "use_case");
    line.text[METRIC] = text_at(metric, "name");
    line.text[KIND] = kind;
    return line;
}

static void add_line(struct text *out, const struct line *line)
{
    csv_add_cells(out, line->text, line->number, COLUMNS);
}

static double bound_at(const json_t *interval, size_t index)
{
    const json_t *bound = json_array_get(interval, index);
    return json_is_number(bound) ? json_number_value(bound) : NAN;
}

static void set_interval(struct line *line, const json_t *interval)
{
    line->number[LOW] = bound_at(interval, 0);
    line->number[HIGH] = bound_at(interval, 1);
}

static void set_effect(struct line *line, const json_t *part, const char *scale)
{
    line->number[EFFECT] = number_at(part, "effect");
    line->text[SCALE] = scale;
    set_interval(line, at(part, "interval"));
}

/* ---- What there is of a row ----------------------------------------------------------------- */

/* Of plans that are judged together the level is another. */
static const double level_of_changes = 0.95;

static void add_change(struct text *out, const json_t *row, const json_t *metric,
                       const json_t *change)
{
    struct line line = line_of(row, metric, "change");
    line.text[DESIGN] = "before_after";
    line.text[ARM_0] = "before";
    line.text[ARM_1] = "now";
    if (has_numbers(change)) {
        line.number[VALUE_0] = number_at(change, "before");
        line.number[VALUE_1] = number_at(change, "now");
        set_effect(&line, change, text_at(change, "scale"));
        line.number[DF] = number_at(change, "df");
        line.number[P] = number_at(change, "p");
        line.number[LEVEL] = level_of_changes;
        line.number[ITEMS_0] = number_at(change, "items_before");
        line.number[ITEMS_1] = number_at(change, "items_now");
        line.number[PEOPLE_0] = number_at(change, "workers_before");
        line.number[PEOPLE_1] = number_at(change, "workers_now");
        line.number[MARGIN] = number_at(change, "margin");
        line.text[WORD] = text_at(change, "word");
        line.text[REASON] = text_at(change, "no_interval");
    } else {
        line.text[KIND] = "no_change";
        line.text[WORD] = word_without_numbers(NULL, NULL, change);
        line.text[REASON] = text_at(change, "reason");
    }
    add_line(out, &line);
}

static void set_arms(struct line *line, const json_t *row, bool with_counts)
{
    static const struct {
        enum column arm, value, items, people;
    } columns[] = {{ARM_0, VALUE_0, ITEMS_0, PEOPLE_0}, {ARM_1, VALUE_1, ITEMS_1, PEOPLE_1}};
    for (size_t i = 0; i < 2; i++) {
        const json_t *arm = json_array_get(at(row, "comparison.arms"), i);
        line->text[columns[i].arm] = text_at(arm, "arm");
        if (!with_counts)
            continue;
        line->number[columns[i].value] = number_at(arm, "value");
        line->number[columns[i].items] = number_at(arm, "items");
        line->number[columns[i].people] = number_at(arm, "workers");
    }
}

static void add_comparison(struct text *out, const json_t *document, const json_t *row)
{
    const json_t *comparison = at(row, "comparison");
    struct line line = line_of(row, at(row, "metric"), "comparison");
    line.text[PLAN] = text_at(row, "plan.name");
    if (!has_numbers(comparison)) {
        line.text[KIND] = "no_comparison";
        line.text[WORD] = word_without_numbers(document, row, comparison);
        line.text[REASON] = text_at(comparison, "reason");
        add_line(out, &line);
        return;
    }
    line.text[DESIGN] = text_at(comparison, "design");
    set_arms(&line, row, true);
    set_effect(&line, comparison, text_at(comparison, "scale"));
    line.number[DF] = number_at(comparison, "df");
    line.number[P] = number_at(comparison, "p");
    line.text[WORD] = text_at(row, "verdict.word");
    line.text[CHECKS] = checks_in_short(out->arena, row);
    line.number[LEVEL] = number_at(comparison, "level");
    line.number[ITEMS_NEEDED] = number_at(row, "verdict.items_needed");
    line.text[LEANING] = text_at(row, "verdict.leaning");
    line.text[REASON] = text_at(row, "verdict.reason");
    line.number[MARGIN] = number_at(row, "verdict.margin");
    add_line(out, &line);
}

/* How fast the second arm's items end beside the first's. */
static void add_hazards(struct text *out, const json_t *row)
{
    const json_t *hazards = at(row, "comparison.hazards");
    struct line line = line_of(row, at(row, "metric"), "hazard_ratio");
    if (!json_is_object(hazards))
        return;
    set_arms(&line, row, false);
    line.text[DESIGN] = text_at(row, "comparison.design");
    line.number[EFFECT] = number_at(hazards, "ratio");
    line.text[SCALE] = "ratio";
    set_interval(&line, at(hazards, "interval"));
    line.number[P] = number_at(hazards, "log_rank_p");
    line.number[LEVEL] = number_at(row, "comparison.level");
    line.text[PLAN] = text_at(row, "plan.name");
    line.text[REASON] = text_at(hazards, "reason");
    add_line(out, &line);
}

/* What was planned, and when: one line for each plan, with or without numbers. */
static void add_plan(struct text *out, const json_t *document, const json_t *row)
{
    const json_t *plan = at(row, "plan");
    const json_t *comparison = at(row, "comparison");
    struct line line = line_of(row, at(row, "metric"), "plan");
    if (!json_is_object(plan))
        return;
    line.text[DESIGN] = text_at(comparison, "design");
    line.text[WORD] = has_numbers(comparison) ? text_at(row, "verdict.word")
                                              : word_without_numbers(document, row, comparison);
    line.text[REASON] =
        has_numbers(comparison) ? text_at(row, "verdict.reason") : text_at(comparison, "reason");
    line.text[PLAN] = text_at(plan, "name");
    line.text[LEANING] = text_at(row, "verdict.leaning");
    line.number[MARGIN] = number_at(row, "verdict.margin");
    line.text[FROM] = text_at(plan, "period.from");
    line.text[TO] = text_at(plan, "period.to");
    line.text[LOCKED] = text_at(plan, "locked");
    line.text[LOCKED_WHEN] = text_at(plan, "locked_when");
    line.number[AMENDED] = number_at(plan, "amended");
    line.text[LOOKED_EARLY] = json_is_true(at(plan, "looked_early")) ? "true" : "false";
    add_line(out, &line);
}

/* A guardrail's effect between the arms of its row; its word is its state. */
static void add_guardrail(struct text *out, const json_t *row, const json_t *guardrail)
{
    struct line line = line_of(row, at(guardrail, "metric"), "guardrail");
    line.text[DESIGN] = text_at(row, "comparison.design");
    set_arms(&line, row, false);
    set_effect(&line, guardrail, text_at(guardrail, "scale"));
    line.text[WORD] = text_at(guardrail, "state");
    line.number[LEVEL] = number_at(guardrail, "level");
    line.text[PLAN] = text_at(row, "plan.name");
    line.number[ITEMS_NEEDED] = number_at(guardrail, "items_needed");
    line.text[REASON] = text_at(guardrail, "reason");
    line.number[MARGIN] = number_at(guardrail, "allow");
    add_line(out, &line);
}

/* Shares of the arms' items without an outcome, or given up. */
static void add_opt_out(struct text *out, const json_t *row, const char *kind, const char *p)
{
    const json_t *opt_outs = at(row, "comparison.opt_outs");
    struct line line = line_of(row, at(row, "metric"), kind);
    if (!json_is_object(opt_outs))
        return;
    set_arms(&line, row, false);
    line.number[VALUE_0] = number_at(json_array_get(at(opt_outs, "arms"), 0), kind);
    line.number[VALUE_1] = number_at(json_array_get(at(opt_outs, "arms"), 1), kind);
    line.text[SCALE] = "share";
    line.number[P] = number_at(opt_outs, p);
    line.text[PLAN] = text_at(row, "plan.name");
    add_line(out, &line);
}

/* What is left of the effect whoever is missing: its bounds, or their interval. */
static void add_bounds(struct text *out, const json_t *row, const char *kind, const char *interval)
{
    const json_t *bounds = at(row, "comparison.opt_outs.bounds");
    struct line line = line_of(row, at(row, "metric"), kind);
    if (!json_is_array(at(bounds, interval)))
        return;
    set_arms(&line, row, false);
    line.text[SCALE] = text_at(bounds, "scale");
    set_interval(&line, at(bounds, interval));
    line.number[LEVEL] =
        strcmp(interval, "interval") == 0 ? number_at(row, "comparison.level") : NAN;
    line.text[PLAN] = text_at(row, "plan.name");
    add_line(out, &line);
}

/* What people expected and said, as lines of their own without arms. */
static void add_perceived(struct text *out, const json_t *row, const char *kind)
{
    const json_t *part = json_object_get(at(row, "comparison.perception"), kind);
    struct line line = line_of(row, at(row, "metric"), kind);
    if (!json_is_number(at(part, "effect")))
        return;
    set_effect(&line, part, "relative");
    line.text[PLAN] = text_at(row, "plan.name");
    add_line(out, &line);
}

/* What leaving AI out saved, in hours and dollars: the items are those of arm 0. */
static void add_saved(struct text *out, const json_t *row, const char *path, const char *kind,
                      const char *unit)
{
    const json_t *part = at(row, path);
    struct line line = line_of(row, at(row, "metric"), kind);
    if (!json_is_number(at(part, "saved")))
        return;
    line.text[DESIGN] = text_at(row, "comparison.design");
    line.text[ARM_0] = text_at(json_array_get(at(row, "comparison.arms"), 0), "arm");
    line.number[VALUE_0] = number_at(row, "without_ai.items");
    line.number[EFFECT] = number_at(part, "saved");
    line.text[SCALE] = unit;
    set_interval(&line, at(part, "interval"));
    line.text[WORD] = without_ai_word(row, part);
    line.text[PLAN] = text_at(row, "plan.name");
    add_line(out, &line);
}

/* Effects by group: the formula stands for the design, the group for the arm. */
static void add_by(struct text *out, const json_t *row, const json_t *by)
{
    size_t index = 0;
    json_t *cell = NULL;
    json_array_foreach(at(by, "cells"), index, cell)
    {
        struct line line = line_of(row, at(row, "metric"), "by");
        line.text[DESIGN] = text_at(by, "by");
        line.text[REASON] = json_is_true(at(by, "planned")) ? "named_by_plan" : "not_planned";
        line.text[ARM_0] = text_at(cell, "cell");
        set_effect(&line, cell, text_at(row, "comparison.scale"));
        line.number[P] = number_at(cell, "p");
        line.number[LEVEL] = number_at(row, "comparison.level");
        line.text[WORD] = json_is_true(at(cell, "different")) ? "different" : "";
        line.text[PLAN] = text_at(row, "plan.name");
        add_line(out, &line);
    }
}

static void add_row(struct text *out, const json_t *document, const json_t *row)
{
    size_t index = 0;
    json_t *also = NULL;
    json_t *guardrail = NULL;
    json_t *by = NULL;
    add_change(out, row, at(row, "metric"), at(row, "change"));
    json_array_foreach(at(row, "also"), index, also)
        add_change(out, row, at(also, "metric"), at(also, "change"));
    add_comparison(out, document, row);
    json_array_foreach(at(row, "guardrails"), index, guardrail) add_guardrail(out, row, guardrail);
    json_array_foreach(at(row, "comparison.by"), index, by) add_by(out, row, by);
    add_perceived(out, row, "expected");
    add_perceived(out, row, "said");
    add_saved(out, row, "without_ai.hours", "without_ai_hours", "hours");
    add_saved(out, row, "without_ai.usd.ai", "without_ai_usd", "usd");
    add_saved(out, row, "without_ai.usd.labour", "without_ai_labour_usd", "usd");
    add_saved(out, row, "without_ai.usd.both", "without_ai_both_usd", "usd");
    add_plan(out, document, row);
    add_opt_out(out, row, "missing", "missing_p");
    add_opt_out(out, row, "given_up", "given_up_p");
    add_bounds(out, row, "outcome_bounds", "bounds");
    add_bounds(out, row, "outcome_bounds_interval", "interval");
    add_hazards(out, row);
}

/* What cannot be said, or may not: without numbers, its name in place of a use case. */
static void add_unsaid(struct text *out, const json_t *document, const char *kind)
{
    size_t index = 0;
    json_t *entry = NULL;
    json_array_foreach(at(document, kind), index, entry)
    {
        struct line line = line_of(entry, NULL, kind);
        line.text[USE_CASE] = text_at(entry, "what");
        line.text[REASON] = text_at(entry, "why");
        add_line(out, &line);
    }
}

char *render_csv(struct arena *arena, const json_t *document)
{
    struct text out = {.arena = arena};
    size_t index = 0;
    json_t *row = NULL;
    csv_add_head(&out, column_names, COLUMNS);
    json_array_foreach(at(document, "rows"), index, row) add_row(&out, document, row);
    add_unsaid(&out, document, "cannot_say");
    add_unsaid(&out, document, "withheld");
    return arena_text(arena, text_get(&out));
}
