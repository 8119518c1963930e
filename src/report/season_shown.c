#include "report/season_shown.h"

#include "base/text.h"
#include "report/format.h"
#include "report/values.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- As JSON ---------------------------------------------------------------------------- */

static json_t *day_json(int64_t day)
{
    struct arena *arena = arena_create();
    json_t *json = json_string(day_format(arena, day));
    arena_destroy(arena);
    return json;
}

static json_t *effect_json(const struct effect_estimate *effect)
{
    return json_pack("{s:o, s:o}", "effect", value_number(effect->effect), "interval",
                     value_interval(effect->interval));
}

json_t *season_json(const struct season *season)
{
    if (!season->exists)
        return json_null();
    return json_pack("{s:o, s:o, s:o, s:o}", "from", day_json(season->days.from), "to",
                     day_json(season->days.until - 1), "now", effect_json(&season->now), "before",
                     effect_json(&season->then));
}

/* ---- What is withheld ------------------------------------------------------------------- */

static void in_two_digits(json_t *number)
{
    char digits[16];
    if (!json_is_real(number))
        return;
    (void)snprintf(digits, sizeof digits, "%.1e", json_real_value(number));
    (void)json_real_set(number, strtod(digits, NULL));
}

void season_publish(json_t *comparison, const struct withhold *withhold)
{
    static const char *const changes[] = {"now", "before"};
    json_t *season = json_object_get(comparison, "season");
    if (!json_is_object(season) || withhold->least <= 1)
        return;
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        json_t *change = json_object_get(season, changes[i]);
        size_t index = 0;
        json_t *limit = NULL;
        in_two_digits(json_object_get(change, "effect"));
        json_array_foreach(json_object_get(change, "interval"), index, limit) in_two_digits(limit);
    }
}

/* ---- As people read it ------------------------------------------------------------------ */

const char *season_line(struct arena *arena, const json_t *row)
{
    const json_t *season = at(row, "comparison.season");
    const json_t *metric = at(row, "metric");
    const char *scale = text_at(row, "comparison.scale");
    if (!json_is_object(season))
        return NULL;
    return arena_printf(arena,
                        "over the same days of the year before (%s … %s) it moved by %s, which is "
                        "taken off %s of this year",
                        text_at(season, "from"), text_at(season, "to"),
                        format_estimate(arena, metric, scale, at(season, "before")),
                        format_estimate(arena, metric, scale, at(season, "now")));
}
