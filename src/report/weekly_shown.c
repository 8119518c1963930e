#include "report/weekly_shown.h"

#include "base/text.h"
#include "report/format.h"
#include "report/values.h"

#include <string.h>

json_t *weekly_json(const struct weekly *weekly)
{
    if (weekly->unit == NULL)
        return json_null();
    return json_pack("{s:s, s:I, s:I, s:I, s:o, s:o, s:o, s:o}", "unit", weekly->unit, "units",
                     (json_int_t)weekly->units, "weeks", (json_int_t)weekly->weeks, "unit_weeks",
                     (json_int_t)weekly->unit_weeks, "share", value_number(weekly->share), "spread",
                     value_number(weekly->spread), "chance", value_number(weekly->chance), "tenth",
                     value_number(weekly->tenth));
}

static bool is_dose(const json_t *comparison)
{
    return strcmp(text_at(comparison, "design"), "dose") == 0;
}

const char *weekly_name(const json_t *comparison)
{
    if (!json_is_object(at(comparison, "weekly")))
        return NULL;
    return is_dose(comparison) ? "from none to all" : "within person and week";
}

const char *weekly_within(const json_t *comparison)
{
    return is_dose(comparison) ? "within team and week" : "weeks with AI beside weeks without";
}

static void add_share(struct lines *lines, const json_t *row, const json_t *weekly)
{
    struct arena *arena = lines->out.arena;
    lines_add(lines, "  ", "  ",
              arena_printf(
                  arena,
                  "%s teams in %s weeks. AI had %.0f %% of their work; within team and week that "
                  "share varies by %.1f points (standard deviation). %.0f %% of its square are of "
                  "the chance of which items came, and tell nothing.",
                  format_count(arena, json_integer_value(at(weekly, "units"))),
                  format_count(arena, json_integer_value(at(weekly, "weeks"))),
                  number_at(weekly, "share") * 100, number_at(weekly, "spread") * 100,
                  number_at(weekly, "chance") * 100));
    lines_add(lines, "  ", "  ",
              arena_printf(arena, "10 points more of it go with %s, taken as a straight line.",
                           format_effect(arena, at(row, "metric"), text_at(row, "comparison.scale"),
                                         number_at(weekly, "tenth"))));
}

void weekly_add(struct lines *lines, const json_t *row)
{
    struct arena *arena = lines->out.arena;
    const json_t *weekly = at(row, "comparison.weekly");
    if (!json_is_object(weekly))
        return;
    if (is_dose(at(row, "comparison"))) {
        add_share(lines, row, weekly);
        return;
    }
    lines_add(
        lines, "  ", "  ",
        arena_printf(arena,
                     "%s people in %s weeks. An item counts in the week of its close; %.0f %% "
                     "were closed in a week in which their worker used AI.",
                     format_count(arena, json_integer_value(at(weekly, "units"))),
                     format_count(arena, json_integer_value(at(weekly, "weeks"))),
                     number_at(weekly, "share") * 100));
}
