#include "report/perception.h"

#include "base/text.h"
#include "report/format.h"
#include "report/values.h"

#include <math.h>

/* ---- As JSON ---------------------------------------------------------------------------- */

static json_t *perceived_json(const struct perceived *perceived)
{
    if (!perceived->exists)
        return json_null();
    return json_pack("{s:o, s:[o, o], s:I}", "effect", value_number(perceived->effect), "interval",
                     value_number(perceived->interval.low), value_number(perceived->interval.high),
                     "_", (json_int_t)perceived->fewest);
}

json_t *perception_json(const struct perception *perception)
{
    if (!perception->expected.exists && !perception->said.exists)
        return json_null();
    return json_pack("{s:o, s:o}", "expected", perceived_json(&perception->expected), "said",
                     perceived_json(&perception->said));
}

/* ---- What is withheld ------------------------------------------------------------------- */

bool perception_publish(json_t *comparison, struct withhold *withhold)
{
    static const char *const parts[] = {"expected", "said"};
    json_t *perception = json_object_get(comparison, "perception");
    bool withheld = false;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        json_t *part = json_object_get(perception, parts[i]);
        if (!json_is_object(part))
            continue;
        bool few = json_integer_value(json_object_get(part, "_")) < withhold->least;
        (void)json_object_del(part, "_");
        withheld = withheld || few;
        if (few)
            withhold_value(withhold, perception, parts[i]);
    }
    if (json_is_null(json_object_get(perception, "expected")) &&
        json_is_null(json_object_get(perception, "said")))
        withhold_value(withhold, comparison, "perception");
    return withheld;
}

/* ---- As people read it ------------------------------------------------------------------ */

static bool has_effect(const json_t *part)
{
    return json_is_number(at(part, "effect"));
}

const char *perception_line(struct arena *arena, const json_t *row)
{
    const json_t *comparison = at(row, "comparison");
    const json_t *metric = at(row, "metric");
    const json_t *expected = at(comparison, "perception.expected");
    const json_t *said = at(comparison, "perception.said");
    struct text line = {.arena = arena};
    if (!has_effect(expected) && !has_effect(said))
        return NULL;
    if (has_effect(expected))
        text_addf(&line, "people expected %s",
                  format_estimate(arena, metric, "relative", expected));
    if (has_effect(said))
        text_addf(&line, "%s %s", line.length > 0 ? ", said afterwards" : "people said afterwards",
                  format_estimate(arena, metric, "relative", said));
    text_addf(&line, "; measured %s", format_estimate(arena, metric, "relative", comparison));
    return text_get(&line);
}

/* "25 % faster" of a time that is shorter by a quarter */
static const char *pace(struct arena *arena, const json_t *part)
{
    double percent = number_at(part, "effect") * 100;
    double size = fabs(percent);
    if (size < 0.05)
        return "as fast";
    return arena_printf(arena, "%.*f %% %s", size < 9.5 ? 1 : 0, size,
                        percent < 0 ? "faster" : "slower");
}

const char *perception_sentence(struct arena *arena, const json_t *row)
{
    const json_t *comparison = at(row, "comparison");
    const json_t *expected = at(comparison, "perception.expected");
    const json_t *said = at(comparison, "perception.said");
    struct text line = {.arena = arena};
    if (!has_effect(expected) && !has_effect(said))
        return NULL;
    text_add(&line, "People ");
    if (has_effect(expected))
        text_addf(&line, "expected to be %s with AI", pace(arena, expected));
    if (has_effect(said))
        text_addf(&line, "%s %s",
                  has_effect(expected) ? " and said afterwards that they were"
                                       : "said that they were",
                  pace(arena, said));
    text_addf(&line, "; measured, they were %s (%s).", pace(arena, comparison),
              format_range(arena, "relative", at(comparison, "interval")));
    return text_get(&line);
}
