#include "evidence/compare/settle.h"

#include "base/arena.h"
#include "evidence/estimate/effect.h"

#include <math.h>
#include <string.h>

static const double beyond_counting = 1e15;

int64_t settle_rounded(double items)
{
    if (isnan(items) || items <= 0 || items > beyond_counting)
        return -1;
    double round_to = fmax(1, pow(10, floor(log10(items)) - 1));
    return (int64_t)(ceil(items / round_to) * round_to);
}

/* Times as much as there is; NAN: no amount would do. */
static double times_needed(struct interval good, double effect, double allow, bool alike)
{
    double room = effect + allow;
    double half = effect - good.low;
    double ratio = room > 0 && isfinite(half) ? half / room : NAN;
    return alike ? ratio : ratio * ratio;
}

static const char *units(const struct comparison *of)
{
    if (strcmp(of->design, "switchback") == 0)
        return "blocks";
    return strcmp(of->unit, "worker") == 0 ? "people" : "teams";
}

void settle_guardrail(const struct comparison *of, const struct metric *metric,
                      struct guardrail_result *guardrail, struct arena *arena)
{
    guardrail->items_needed = -1;
    guardrail->needed_why = NULL;
    if (guardrail->state != GUARDRAIL_OPEN || guardrail->why_not != NULL || !of->exists)
        return;
    struct interval point = {guardrail->effect, guardrail->effect};
    double effect = effect_in_good_direction(metric, point).low;
    struct interval good = effect_in_good_direction(metric, guardrail->interval);
    double items = (double)(of->arms[0].items + of->arms[1].items);
    double times = times_needed(good, effect, guardrail->allow, guardrail->alike);
    if (effect + guardrail->allow <= 0)
        guardrail->needed_why = "the effect lies where it is broken: more would rather show that";
    else if (of->every_look)
        guardrail->needed_why = "an interval that holds at every look narrows in another way";
    else if (isnan(times) || times > beyond_counting)
        guardrail->needed_why = "there is no bound on that side to bring nearer";
    else if (strcmp(of->unit, "item") != 0)
        guardrail->needed_why =
            arena_printf(arena,
                         "about %.*f times as many %s would settle it, if the effect stays what it "
                         "is, not more of the same",
                         times < 9.95 ? 1 : 0, times, units(of));
    else
        guardrail->items_needed = settle_rounded((times - 1) * items);
}
