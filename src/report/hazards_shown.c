#include "report/hazards_shown.h"

#include "report/format.h"
#include "report/values.h"

#include <math.h>

json_t *hazards_json(const struct hazards *hazards)
{
    if (!hazards->exist)
        return json_null();
    return json_pack("{s:o, s:o, s:o}", "ratio", value_number(hazards->ratio), "interval",
                     value_interval(hazards->interval), "log_rank_p",
                     value_number(hazards->log_rank_p));
}

void hazards_add(struct lines *lines, const json_t *row)
{
    struct arena *arena = lines->out.arena;
    const json_t *comparison = at(row, "comparison");
    const json_t *hazards = at(comparison, "hazards");
    const json_t *arms = at(comparison, "arms");
    const json_t *interval = at(hazards, "interval");
    const char *test = "";
    if (!json_is_object(hazards))
        return;
    double p = number_at(hazards, "log_rank_p");
    if (!isnan(p))
        test = arena_printf(arena, ", log-rank p %s%.2g", p < 0.0001 ? "< " : "",
                            p < 0.0001 ? 0.0001 : p);
    lines_add(lines, "  Rate of finishing: ", "    ",
              arena_printf(arena,
                           "%s %.3g times that %s (%.3g … %.3g)%s; secondary, no verdict reads it",
                           arm_in_words(comparison, text_at(json_array_get(arms, 1), "arm")),
                           number_at(hazards, "ratio"),
                           arm_in_words(comparison, text_at(json_array_get(arms, 0), "arm")),
                           json_number_value(json_array_get(interval, 0)),
                           json_number_value(json_array_get(interval, 1)), test));
}
