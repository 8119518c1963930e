#include "report/compliers_shown.h"

#include "base/text.h"
#include "report/format.h"
#include "report/values.h"

#include <math.h>

/* ---- As JSON ---------------------------------------------------------------------------- */

static json_t *pair(struct interval interval)
{
    return json_pack("[o, o]", value_number(interval.low), value_number(interval.high));
}

static json_t *reason_json(const char *reason)
{
    return json_pack("{s:n, s:s}", "effect", "reason", reason);
}

json_t *compliers_json(const struct comparison *comparison)
{
    const struct compliers *compliers = comparison->compliers;
    if (compliers == NULL)
        return json_null();
    if (!compliers->exists)
        return reason_json(compliers->why_not);
    json_t *set = json_array();
    for (size_t i = 0; i < compliers->set_count; i++)
        set = value_listed(set, pair(compliers->set[i]));
    return json_pack(
        "{s:[o, o], s:{s:o, s:o}, s:o, s:b, s:o, s:o, s:o, s:{s:I, s:I}}", "taken",
        value_number(compliers->taken[0]), value_number(compliers->taken[1]), "uptake", "effect",
        value_number(compliers->uptake.effect), "interval", pair(compliers->uptake.interval),
        "strength", value_number(compliers->strength), "weak", compliers->weak, "effect",
        value_number(compliers->effect), "interval", pair(compliers->interval), "set", set, "_",
        "between", (json_int_t)compliers->between, "fewest", (json_int_t)compliers->fewest);
}

/* ---- What is withheld ------------------------------------------------------------------- */

void compliers_publish(json_t *comparison, struct withhold *withhold)
{
    json_t *compliers = json_object_get(comparison, "compliers");
    json_t *behind = json_object_get(compliers, "_");
    json_int_t between = json_integer_value(json_object_get(behind, "between"));
    json_int_t fewest = json_integer_value(json_object_get(behind, "fewest"));
    if (behind == NULL)
        return;
    if (between > 0 && between < withhold->least)
        withhold_by(
            withhold, comparison, "compliers",
            reason_json("whether AI was used is not known of a few people's items, which could be "
                        "had by subtraction"));
    else if (fewest > 0 && fewest < withhold->least)
        withhold_by(
            withhold, comparison, "compliers",
            reason_json(
                "in one arm few people took it, or few did not, and it would tell of them"));
    else
        (void)json_object_del(compliers, "_");
}

/* ---- As people read it ------------------------------------------------------------------ */

/* "−0.35 … −0.09", "at most −2.9 or at least +2.6", "any effect: the data do not bound it" */
static char *set_in_words(struct arena *arena, const char *scale, const json_t *set)
{
    struct text out = {.arena = arena};
    size_t index = 0;
    json_t *part = NULL;
    json_array_foreach(set, index, part)
    {
        if (!json_is_number(json_array_get(part, 0)) && !json_is_number(json_array_get(part, 1)))
            return arena_printf(arena, "all, for the data do not bound it");
        text_addf(&out, "%s%s", index > 0 ? " or " : "", format_range(arena, scale, part));
    }
    return index > 0 ? arena_text(arena, text_get(&out)) : arena_printf(arena, "none");
}

void compliers_add(struct lines *lines, const json_t *row)
{
    struct arena *arena = lines->out.arena;
    const json_t *compliers = at(row, "comparison.compliers");
    const char *scale = text_at(row, "comparison.scale");
    if (!json_is_object(compliers))
        return;
    if (at(compliers, "reason") != NULL) {
        lines_add(lines, "  Who took it: ", "    ", text_at(compliers, "reason"));
        return;
    }
    const json_t *taken = at(compliers, "taken");
    double strength = number_at(compliers, "strength");
    lines_add(lines, "  Who took it: ", "    ",
              arena_printf(arena, "on %.0f %% of the items with the offer, on %.0f %% without%s",
                           100 * json_number_value(json_array_get(taken, 1)),
                           100 * json_number_value(json_array_get(taken, 0)),
                           isnan(strength) ? ""
                                           : arena_printf(arena, "; first-stage F %.1f%s", strength,
                                                          json_is_true(at(compliers, "weak"))
                                                              ? ", weak (under 10)"
                                                              : "")));
    double effect = number_at(compliers, "effect");
    if (isnan(effect))
        lines_add(lines, "  Effect of taking it: ", "    ",
                  "not known; the offer did not change who took it");
    else if (json_is_true(at(compliers, "weak")))
        lines_add(lines, "  Effect of taking it: ", "    ",
                  arena_printf(arena,
                               "too few took it because of the offer to tell; any effect within "
                               "these agrees with the data: %s",
                               set_in_words(arena, scale, at(compliers, "set"))));
    else
        lines_add(lines, "  Effect of taking it: ", "    ",
                  arena_printf(arena,
                               "%s on those who took it because it was offered; what agrees with "
                               "the data: %s",
                               format_effect(arena, at(row, "metric"), scale, effect),
                               set_in_words(arena, scale, at(compliers, "set"))));
}
