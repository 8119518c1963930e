#include "report/parts.h"

#include "base/text.h"
#include "report/format.h"
#include "report/values.h"

#include <math.h>
#include <string.h>

/* ---- As JSON ---------------------------------------------------------------------------- */

static json_t *behind(struct behind_part behind)
{
    return json_pack("[I, I]", (json_int_t)behind.with, (json_int_t)behind.without);
}

static json_t *part_json(const struct ratio_part *part)
{
    return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:{s:o, s:o, s:o, s:o, s:o, s:o}}", "of",
                     part->of, "numerator", value_number(part->numerator), "denominator",
                     value_number(part->denominator), "on_abandoned",
                     value_number(part->on_abandoned), "on_open", value_number(part->on_open),
                     "calls", value_number(part->calls), "calls_without_price",
                     value_number(part->calls_unpriced), "_", "numerator", behind(part->counted),
                     "calls", behind(part->called), "denominator", behind(part->completed),
                     "on_abandoned", behind(part->abandoned), "on_open", behind(part->open),
                     "calls_without_price", behind(part->unpriced));
}

json_t *parts_json(const struct ratio_parts *parts)
{
    if (!parts->exists)
        return json_null();
    return json_pack("[o, o]", part_json(&parts->arms[0]), part_json(&parts->arms[1]));
}

/* ---- What is withheld ------------------------------------------------------------------- */

static bool is_few(json_int_t workers, json_int_t least)
{
    return workers > 0 && workers < least;
}

/* The ratio stands beside its parts: who has the numerator has the denominator too. What is a part
   of something goes with it. */
static void take_out(struct withhold *withhold, json_t *part, const char *key)
{
    withhold_value(withhold, part, key);
    if (strcmp(key, "denominator") == 0)
        take_out(withhold, part, "numerator");
    if (strcmp(key, "numerator") == 0) {
        withhold_value(withhold, part, "on_abandoned");
        withhold_value(withhold, part, "on_open");
    }
    if (strcmp(key, "calls_without_price") == 0)
        withhold_value(withhold, part, "calls");
    if (strcmp(key, "calls") == 0)
        withhold_value(withhold, part, "calls_without_price");
}

void parts_publish(json_t *shown, struct withhold *withhold)
{
    size_t index = 0;
    json_t *part = NULL;
    json_array_foreach(json_object_get(shown, "parts"), index, part)
    {
        const char *key = NULL;
        json_t *workers = NULL;
        json_object_foreach(json_object_get(part, "_"), key, workers)
        {
            json_int_t with = json_integer_value(json_array_get(workers, 0));
            json_int_t without = json_integer_value(json_array_get(workers, 1));
            if (is_few(with, withhold->least) || (with > 0 && is_few(without, withhold->least)))
                take_out(withhold, part, key);
        }
        (void)json_object_del(part, "_");
    }
}

/* ---- As people read it ------------------------------------------------------------------ */

static void add_of_it(struct text *out, const json_t *metric, const json_t *part, const char *key,
                      const char *said)
{
    double value = number_at(part, key);
    if (value > 0)
        text_addf(out, "%s%s on %s items", out->length > 0 ? ", " : "of it ",
                  format_value(out->arena, metric, value), said);
}

static const char *of_in_words(const char *of)
{
    return strcmp(of, "before") == 0 || strcmp(of, "now") == 0 ? of : arm_in_words(NULL, of);
}

char *parts_line(struct arena *arena, const json_t *metric, const json_t *part)
{
    struct text line = {.arena = arena};
    struct text of_it = {.arena = arena};
    double numerator = number_at(part, "numerator");
    double calls = number_at(part, "calls");
    text_addf(&line, "%s: ", of_in_words(text_at(part, "of")));
    if (isnan(numerator)) {
        text_add(&line, "not shown, for it would tell of few people");
    } else {
        add_of_it(&of_it, metric, part, "on_abandoned", "abandoned");
        add_of_it(&of_it, metric, part, "on_open", "open");
        text_add(&line, format_value(arena, metric, numerator));
        if (of_it.length > 0)
            text_addf(&line, " (%s)", text_get(&of_it));
        text_addf(&line, " over %s",
                  format_count(arena, (json_int_t)llround(number_at(part, "denominator"))));
    }
    double unpriced = number_at(part, "calls_without_price");
    if (calls > 0 && unpriced > 0)
        text_addf(&line, " · %.1f %% of calls without a price", 100 * unpriced / calls);
    else if (calls > 0)
        text_add(&line, " · every call has a price");
    return arena_text(arena, text_get(&line));
}
