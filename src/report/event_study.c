#include "report/event_study.h"

#include "base/text.h"
#include "report/format.h"
#include "report/values.h"

#include <string.h>

/* ---- As JSON ---------------------------------------------------------------------------- */

static json_t *point_json(const struct event_point *point)
{
    return json_pack("{s:I, s:o, s:o, s:o, s:[I, I]}", "at", (json_int_t)point->at, "effect",
                     value_number(point->effect.effect), "interval",
                     value_interval(point->effect.interval), "band", value_interval(point->band),
                     "units", (json_int_t)point->units[0], (json_int_t)point->units[1]);
}

json_t *events_json(const struct comparison *comparison)
{
    const struct event_study *events = comparison->events;
    if (events == NULL)
        return json_null();
    json_t *points = json_array();
    for (size_t i = 0; i < events->count; i++)
        points = value_listed(points, point_json(&events->points[i]));
    return json_pack(
        "{s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:{s:I, s:b}}", "every",
        events->every, "anticipation", (json_int_t)events->anticipation, "periods",
        (json_int_t)events->periods, "units", (json_int_t)events->units, "waves",
        (json_int_t)events->waves, "never", (json_int_t)events->never, "always",
        (json_int_t)events->always, "with_gaps", (json_int_t)events->with_gaps, "lone",
        (json_int_t)events->lone, "unlike", (json_int_t)events->unlike, "points", points, "_",
        "fewest", (json_int_t)events->fewest, "of_people", strcmp(comparison->unit, "worker") == 0);
}

/* ---- What is withheld ------------------------------------------------------------------- */

static void withhold_counts(json_t *events, struct withhold *withhold)
{
    static const char *const keys[] = {"never", "always", "with_gaps", "unlike"};
    json_int_t units = json_integer_value(json_object_get(events, "units"));
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        json_int_t count = json_integer_value(json_object_get(events, keys[i]));
        bool rest_is_few = strcmp(keys[i], "always") != 0 && units - count < withhold->least;
        if (count > 0 && (count < withhold->least || (rest_is_few && units > count)))
            withhold_value(withhold, events, keys[i]);
    }
}

void events_publish(json_t *comparison, struct withhold *withhold)
{
    json_t *events = json_object_get(comparison, "events");
    const json_t *behind = json_object_get(events, "_");
    if (!json_is_object(events))
        return;
    if (json_integer_value(json_object_get(behind, "fewest")) < withhold->least)
        withhold_value(withhold, events, "points");
    if (json_is_true(json_object_get(behind, "of_people")))
        withhold_counts(events, withhold);
    (void)json_object_del(events, "_");
}

/* ---- As people read it ------------------------------------------------------------------ */

static void add_count(struct text *out, const json_t *events, const char *key, const char *said)
{
    json_int_t count = json_integer_value(at(events, key));
    if (count > 0)
        text_addf(out, " · %s %s", format_count(out->arena, count), said);
}

static char *units_line(struct arena *arena, const json_t *row)
{
    const json_t *events = at(row, "comparison.events");
    const char *unit = text_at(row, "comparison.unit");
    const char *units = strcmp(unit, "worker") == 0 ? "people" : "teams";
    struct text out = {.arena = arena};
    json_int_t waves = json_integer_value(at(events, "waves"));
    text_addf(&out,
              "%s %s in %s wave%s, by %s; those that start are compared with those that have "
              "not yet",
              format_count(arena, json_integer_value(at(events, "units"))), units,
              format_count(arena, waves), waves == 1 ? "" : "s", text_at(events, "every"));
    add_count(&out, events, "never", "do not start");
    add_count(&out, events, "always", "left out, for they had it all along");
    add_count(&out, events, "with_gaps", "without items in some period");
    add_count(&out, events, "unlike",
              "left out, for nobody of their stratum is there to compare with");
    return arena_text(arena, text_get(&out));
}

static void add_point(struct lines *lines, const json_t *row, const json_t *point)
{
    struct arena *arena = lines->out.arena;
    const json_t *metric = at(row, "metric");
    const char *scale = text_at(row, "comparison.scale");
    const json_t *units = at(point, "units");
    json_int_t when = json_integer_value(at(point, "at"));
    const char *estimate = format_estimate(arena, metric, scale, point);
    const char *band = format_range(arena, scale, at(point, "band"));
    lines_add(lines,
              arena_printf(arena, "    %s",
                           lines_padded(arena,
                                        arena_printf(arena, "%s%lld",
                                                     when > 0   ? "+"
                                                     : when < 0 ? "−"
                                                                : "",
                                                     (long long)(when < 0 ? -when : when)),
                                        6)),
              "          ",
              arena_printf(arena, "%s%s%s beside %s", lines_padded(arena, estimate, 36),
                           lines_padded(arena, band, 24),
                           format_count(arena, json_integer_value(json_array_get(units, 1))),
                           format_count(arena, json_integer_value(json_array_get(units, 0)))));
}

void events_add(struct lines *lines, const json_t *row)
{
    struct arena *arena = lines->out.arena;
    const json_t *events = at(row, "comparison.events");
    const json_t *points = at(events, "points");
    size_t index = 0;
    json_t *point = NULL;
    if (!json_is_object(events))
        return;
    lines_add(lines, "  ", "  ", units_line(arena, row));
    if (!json_is_array(points)) {
        lines_add(lines, "  ", "  ",
                  "Not shown by time since the start: some waves are of so few people that it "
                  "would tell of them.");
        return;
    }
    lines_add(lines, "  ", "  ",
              arena_printf(arena,
                           "By %s since the start (− before it): effect and interval, the band "
                           "that holds for all of them at once, units",
                           text_at(events, "every")));
    json_array_foreach(points, index, point) add_point(lines, row, point);
}
