#include "report/without_ai.h"

#include "base/table.h"
#include "base/text.h"
#include "report/format.h"
#include "report/values.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const dollars[] = {"ai", "labour", "both"};

/* ---- As JSON ---------------------------------------------------------------------------- */

static json_t *saved_json(const struct saved *saved)
{
    if (!saved->exists)
        return json_null();
    return json_pack("{s:o, s:o, s:I}", "saved", value_number(saved->value), "interval",
                     value_interval(saved->interval), "_", (json_int_t)saved->fewest);
}

/* Judged among the other plans of a report, a row may have another verdict than by itself. */
static bool is_still_so(const struct row *row)
{
    bool as_good = row->without_ai.word == WITHOUT_AI_AS_GOOD;
    enum verdict_word word = as_good ? VERDICT_NO_MATERIAL_CHANGE : VERDICT_WORSE;
    return !row->without_ai.by_lot || row->verdict.word == word;
}

json_t *without_ai_json(const struct row *row)
{
    static const char *const words[] = {"better", "equal_at_lower_cost", "unclear"};
    TABLE_OF(words, WITHOUT_AI_WORDS);
    const struct without_ai *one = &row->without_ai;
    if (!one->exists || !is_still_so(row))
        return json_null();
    json_t *hours = json_null();
    if (one->hours.exists) {
        hours = saved_json(&one->hours);
        (void)json_object_del(hours, "_");
        hours = value_with(hours, "of", json_string(one->hours_of));
    }
    return json_pack("{s:s, s:s, s:b, s:I, s:o, s:o, s:o, s:{s:o, s:o, s:o}, s:n, s:I}", "reason",
                     words[one->word], "basis", one->by_lot ? "shown" : "suggested", "chosen",
                     row->comparison.arms_from != ARMS_ASSIGNED, "items", (json_int_t)one->items,
                     "effect", value_number(one->effect.effect), "interval",
                     value_interval(one->effect.interval), "hours", hours, "usd", "ai",
                     saved_json(&one->ai_usd), "labour", saved_json(&one->labour_usd), "both",
                     saved_json(&one->usd), "sentence", "_", (json_int_t)one->items_tell_of);
}

/* ---- The sentence ----------------------------------------------------------------------- */

static char *amount(struct arena *arena, double value, const char *before)
{
    double size = fabs(value);
    const char *sign = value < 0 ? "−" : "";
    if (size >= 10)
        return arena_printf(arena, "%s%s%s", sign, before,
                            format_count(arena, (json_int_t)llround(size)));
    return arena_printf(arena, "%s%s%.*f", sign, before, size >= 1 ? 1 : 2, size);
}

/* "90 hours (10 … 170)"
   sign   −1: of a loss, told by its size; else 1 */
static char *sum(struct arena *arena, const json_t *part, double sign, const char *before,
                 const char *after)
{
    const json_t *low = json_array_get(at(part, "interval"), sign < 0 ? 1 : 0);
    const json_t *high = json_array_get(at(part, "interval"), sign < 0 ? 0 : 1);
    const char *value = amount(arena, sign * number_at(part, "saved"), before);
    if (!json_is_number(low) || !json_is_number(high))
        return arena_printf(arena, "%s%s", value, after);
    return arena_printf(arena, "%s%s (%s … %s)", value, after,
                        amount(arena, sign * json_number_value(low), before),
                        amount(arena, sign * json_number_value(high), before));
}

/* +1: surely saved; −1: surely lost; 0: unclear. Without an interval nothing varies. */
static int sign_of(const json_t *part)
{
    double saved = number_at(part, "saved");
    const json_t *low = json_array_get(at(part, "interval"), 0);
    const json_t *high = json_array_get(at(part, "interval"), 1);
    double least = json_is_number(low) ? json_number_value(low) : saved;
    double most = json_is_number(high) ? json_number_value(high) : saved;
    return least > 0 ? 1 : most < 0 ? -1 : 0;
}

/* "; that saved about 90 hours (10 … 170) of labour", and no more than "; about $90 (50 … 130) of
   AI's cost" where the sum before had the same sign.
   last   that sign, or what is none */
static void add_part(struct text *out, const json_t *part, const char *before, const char *after,
                     const char *of, int *last)
{
    static const char *const said[] = {
        "that cost about ", "unclear whether that saved anything: about ", "that saved about "};
    int sign = sign_of(part);
    text_addf(out, "; %s%s%s", sign == *last ? "about " : said[sign + 1],
              sum(out->arena, part, sign < 0 ? -1 : 1, before, after), of);
    *last = sign;
}

static void add_sums(struct text *out, const json_t *one)
{
    static const char *const said[] = {" of AI's cost", " of labour", " of both"};
    const json_t *hours = at(one, "hours");
    int last = 2;
    if (json_is_object(hours)) {
        bool labour = strcmp(text_at(hours, "of"), "labour") == 0;
        bool elapsed = strcmp(text_at(hours, "of"), "elapsed") == 0;
        add_part(out, hours, "", " hours",
                 labour    ? " of labour"
                 : elapsed ? " from start to end, which is not labour"
                           : "",
                 &last);
    }
    for (size_t i = 0; i < sizeof dollars / sizeof *dollars; i++) {
        const json_t *part = json_object_get(at(one, "usd"), dollars[i]);
        if (json_is_object(part))
            add_part(out, part, "$", "", said[i], &last);
    }
}

/* Of what was not asked before it is said that it came out so. */
static const char *was_right(bool by_lot, bool unclear, bool planned)
{
    if (unclear)
        return "was right";
    if (!by_lot)
        return "seems to have been right";
    return planned ? "was right" : "came out right";
}

static bool says(const json_t *one, const char *reason)
{
    return strcmp(text_at(one, "reason"), reason) == 0;
}

static char *sentence(struct arena *arena, const json_t *one, bool planned)
{
    struct text out = {.arena = arena};
    bool by_lot = strcmp(text_at(one, "basis"), "shown") == 0;
    bool unclear = says(one, "unclear");
    const json_t *items = at(one, "items");
    const char *on =
        json_is_integer(items)
            ? arena_printf(arena, "%s items", format_count(arena, json_integer_value(items)))
            : "most of the items done without it";
    text_addf(&out, "%snot using AI %s on %s", unclear ? "it is unclear whether " : "",
              was_right(by_lot, unclear, planned), on);
    if (says(one, "equal_at_lower_cost"))
        text_add(&out, ", which were as good without");
    if (!json_is_true(at(one, "chosen")))
        text_add(&out, " that were given none");
    add_sums(&out, one);
    if (!by_lot)
        text_addf(&out, " (%s%s)",
                  json_is_true(at(one, "chosen")) ? "as found" : "assigned, not by lot",
                  unclear ? "" : ": this suggests it, and does not show it");
    else if (!planned && !unclear)
        text_add(&out, " (assigned by lot; not planned before the first item)");
    return arena_text(arena, text_get(&out));
}

bool without_ai_is_unclear(const json_t *row)
{
    return says(at(row, "without_ai"), "unclear");
}

const char *without_ai_word(const json_t *row, const json_t *part)
{
    const json_t *one = at(row, "without_ai");
    return says(one, "better") && sign_of(part) <= 0 ? "unclear" : text_at(one, "reason");
}

const char *without_ai_line(const json_t *row)
{
    const json_t *line = at(row, "without_ai.sentence");
    return json_is_string(line) ? json_string_value(line) : NULL;
}

/* ---- What is withheld ------------------------------------------------------------------- */

/* Who is too few for one of the dollars is too few for their sum. */
static bool withhold_dollars(json_t *usd, struct withhold *withhold)
{
    bool withheld = false;
    for (size_t i = 0; i < sizeof dollars / sizeof *dollars; i++) {
        json_t *part = json_object_get(usd, dollars[i]);
        if (!json_is_object(part))
            continue;
        withheld = withheld || json_integer_value(json_object_get(part, "_")) < withhold->least;
        (void)json_object_del(part, "_");
    }
    for (size_t i = 0; withheld && i < sizeof dollars / sizeof *dollars; i++)
        withhold_value(withhold, usd, dollars[i]);
    return withheld;
}

bool without_ai_publish(json_t *row, struct withhold *withhold)
{
    json_t *one = json_object_get(row, "without_ai");
    const json_t *comparison = at(row, "comparison");
    if (!json_is_object(one))
        return false;
    /* Sums over the arm would tell how many items it has. */
    bool counted = json_is_integer(at(json_array_get(at(comparison, "arms"), 0), "items"));
    if (!has_numbers(comparison) || !counted) {
        withhold_value(withhold, row, "without_ai");
        return false;
    }
    /* The arm's items stand beside these: the rest would be of few. */
    json_int_t others = json_integer_value(json_object_get(one, "_"));
    if (others > 0 && others < withhold->least)
        withhold_value(withhold, one, "items");
    (void)json_object_del(one, "_");
    bool withheld = withhold_dollars(json_object_get(one, "usd"), withhold);
    /* As good, at a cost that may not be told, says nothing; nor does a word on that cost. */
    bool of_cost = strcmp(text_at(row, "metric.unit"), "USD") == 0;
    if (withheld && (of_cost || says(one, "equal_at_lower_cost"))) {
        withhold_value(withhold, row, "without_ai");
        return true;
    }
    struct arena *arena = arena_create();
    withhold_by(withhold, one, "sentence",
                json_string(sentence(arena, one, is_planned_before(row))));
    arena_destroy(arena);
    return withheld;
}
