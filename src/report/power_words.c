/* What a plan can tell, as sentences; each rendering puts them where they go. */

#include "report/power_words.h"

#include "base/text.h"
#include "report/format.h"

#include <math.h>
#include <string.h>

const char *power_percent(struct arena *arena, double share)
{
    if (isnan(share))
        return "?";
    return share >= 0.995 ? "over 99 %" : arena_printf(arena, "%.0f %%", share * 100);
}

const char *power_effect(struct arena *arena, const json_t *row, double effect)
{
    const char *scale = text_at(row, "scale");
    const char *unit = text_at(row, "metric.unit");
    if (isnan(effect))
        return "nothing that can be";
    if (strcmp(scale, "unit") != 0)
        return arena_printf(arena, "%.3g %s", effect * 100,
                            strcmp(scale, "points") == 0 ? "points" : "%");
    return arena_printf(arena, "%.3g%s%s", effect, unit[0] != '\0' ? " " : "", unit);
}

/* Less than one a week is no 0. */
static const char *rate_text(struct arena *arena, double items)
{
    bool few = items > 0 && items < 1;
    return few            ? "fewer than 1"
           : isnan(items) ? "?"
                          : format_count(arena, (json_int_t)llround(items));
}

static const char *count_text(struct arena *arena, double count)
{
    return isnan(count) ? "?" : format_count(arena, (json_int_t)llround(count));
}

/* "about 5,200 items, 17 weeks" */
static const char *needed_text(struct arena *arena, const json_t *document, const json_t *row)
{
    double items = number_at(row, "items_needed");
    double weeks = number_at(row, "weeks_needed");
    double units = number_at(row, "units_needed");
    const char *unit = text_at(document, "plan.unit");
    bool teams = strcmp(unit, "team") == 0;
    bool more = strcmp(text_at(row, "method"), "formula") != 0 && isnan(items) && isnan(weeks);
    struct text text = {.arena = arena};
    if (number_at(row, "power") >= number_at(document, "plan.power"))
        text_add(&text, "the period is long enough");
    else if (!isnan(items))
        text_addf(&text, "about %s items, %.0f weeks", count_text(arena, items), weeks);
    else if (!isnan(weeks))
        text_addf(&text, "about %.0f weeks", weeks);
    else
        text_add(&text, more ? "more" : "no number of items of these people is enough");
    if (!isnan(units) && number_at(row, "power") < number_at(document, "plan.power"))
        text_addf(&text, "%s about %s %s in the same time", more ? ":" : ", or",
                  count_text(arena, ceil(units)), teams ? "teams" : "people");
    return text_get(&text);
}

const char *power_question(struct arena *arena, const json_t *document)
{
    return arena_printf(arena, "What can %s tell?", text_at(document, "plan.name"));
}

const char *power_design(struct arena *arena, const json_t *document)
{
    const char *unit = text_at(document, "plan.unit");
    return arena_printf(arena, "%s · %s%s%s · %.3g weeks", text_at(document, "plan.use_case"),
                        text_at(document, "plan.design"), unit[0] != '\0' ? " by " : "", unit,
                        number_at(document, "plan.weeks"));
}

const char *power_past(struct arena *arena, const json_t *document)
{
    if (!json_is_object(at(document, "plan.past")))
        return NULL;
    return arena_printf(
        arena, "from %s up to %s: about %s people, %s items a week, so %s in the plan's time",
        text_at(document, "plan.past.from"), text_at(document, "plan.past.to"),
        count_text(arena, number_at(document, "plan.workers")),
        rate_text(arena, number_at(document, "plan.items_a_week")),
        count_text(arena, number_at(document, "plan.items")));
}

bool power_is_primary(const json_t *row)
{
    return strcmp(text_at(row, "role"), "primary") == 0;
}

const char *power_cannot_say(struct arena *arena, const json_t *row)
{
    bool primary = power_is_primary(row);
    const char *reason = text_at(row, "reason");
    if (reason[0] == '\0')
        return NULL;
    return arena_printf(arena, "%s%s: can't say (%s)", primary ? "" : "Guardrail ",
                        primary ? "What it can tell" : text_at(row, "metric.label"), reason);
}

const char *power_detectable(struct arena *arena, const json_t *document, const json_t *row)
{
    return arena_printf(arena, "Smallest improvement told with %s: %s (wanted: %s)",
                        power_percent(arena, number_at(document, "plan.power")),
                        power_effect(arena, row, number_at(row, "detectable")),
                        power_effect(arena, row, number_at(row, "amount")));
}

const char *power_needed(struct arena *arena, const json_t *document, const json_t *row)
{
    return arena_printf(arena, "For %s: %s", power_effect(arena, row, number_at(row, "amount")),
                        needed_text(arena, document, row));
}

const char *power_guardrail(struct arena *arena, const json_t *document, const json_t *row)
{
    return arena_printf(
        arena,
        "Guardrail %s, at most %s worse: shown to be held with %s, if nothing "
        "changes; %s",
        text_at(row, "metric.label"), power_effect(arena, row, number_at(row, "amount")),
        power_percent(arena, number_at(row, "power")), needed_text(arena, document, row));
}

const char *power_method(struct arena *arena, const json_t *document)
{
    const json_t *first = json_array_get(at(document, "metrics"), 0);
    double alike = number_at(first, "correlation");
    return arena_printf(
        arena, "By %s%s, at %.3g %% confidence. docs/plans.md says how.",
        strcmp(text_at(first, "method"), "formula") == 0 ? "formula"
                                                         : "1,000 draws of the past's units",
        isnan(alike) ? "" : arena_printf(arena, "; items of one person are alike by %.2f", alike),
        number_at(document, "plan.confidence") * 100);
}
