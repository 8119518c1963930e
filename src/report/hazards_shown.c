#include "report/hazards_shown.h"

#include "report/format.h"
#include "report/values.h"

#include <math.h>

json_t *hazards_json(const struct hazards *hazards)
{
    if (!hazards->exist && hazards->why_not != NULL)
        return json_pack("{s:s}", "reason", hazards->why_not);
    if (!hazards->exist)
        return json_null();
    return json_pack("{s:o, s:o, s:o}", "ratio", value_number(hazards->ratio), "interval",
                     value_interval(hazards->interval), "log_rank_p",
                     value_number(hazards->log_rank_p));
}

/* A ratio has no lower bound at 0, and no upper one where the document has none. */
static const char *range_of(struct arena *arena, const json_t *interval)
{
    const json_t *high = json_array_get(interval, 1);
    double low = json_number_value(json_array_get(interval, 0));
    if (!(low > 0) && !json_is_number(high))
        return "no interval";
    if (!json_is_number(high))
        return arena_printf(arena, "at least %.3g, no upper bound", low);
    if (!(low > 0))
        return arena_printf(arena, "at most %.3g, no lower bound", json_number_value(high));
    return arena_printf(arena, "%.3g … %.3g", low, json_number_value(high));
}

static const char *test_of(struct arena *arena, double p)
{
    if (isnan(p))
        return "";
    return arena_printf(arena, ", log-rank p %s%.2g", p < 0.0001 ? "< " : "",
                        p < 0.0001 ? 0.0001 : p);
}

void hazards_add(struct lines *lines, const json_t *row)
{
    struct arena *arena = lines->out.arena;
    const json_t *comparison = at(row, "comparison");
    const json_t *hazards = at(comparison, "hazards");
    const json_t *arms = at(comparison, "arms");
    if (!json_is_object(hazards))
        return;
    if (at(hazards, "reason") != NULL) {
        lines_add(lines, "  Rate of finishing: ", "    ",
                  arena_printf(arena, "not told: %s", text_at(hazards, "reason")));
        return;
    }
    lines_add(lines, "  Rate of finishing: ", "    ",
              arena_printf(arena, "%s %.3g times that %s (%s)%s; secondary, no verdict reads it",
                           arm_in_words(comparison, text_at(json_array_get(arms, 1), "arm")),
                           number_at(hazards, "ratio"),
                           arm_in_words(comparison, text_at(json_array_get(arms, 0), "arm")),
                           range_of(arena, at(hazards, "interval")),
                           test_of(arena, number_at(hazards, "log_rank_p"))));
}
