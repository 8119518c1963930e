#include "evidence/compare/settle.h"

#include "assay/estimate.h"
#include "base/arena.h"
#include "evidence/estimate/effect.h"

#include <math.h>
#include <string.h>

static const double beyond_counting = 1e15;
/* Beyond so many times as many it is not to be had, and the number is noise. */
static const double times_most = 100;

int64_t settle_rounded(double items)
{
    if (isnan(items) || items <= 0 || items > beyond_counting)
        return -1;
    double round_to = fmax(1, pow(10, floor(log10(items)) - 1));
    return (int64_t)(ceil(items / round_to) * round_to);
}

/* ---- Times as many ----------------------------------------------------------------------------
 */

/* t at df, over t at times as many; 1 where df is none. */
static double narrower_quantile(double df, double times, double level)
{
    double here = 1;
    double there = 1;
    if (!(df > 0) || !isfinite(df) || assay_quantile(level, df, &here, NULL) != STATUS_OK ||
        assay_quantile(level, df * times, &there, NULL) != STATUS_OK)
        return 1;
    return there / here;
}

double settle_times(double half, double room, double df, double level)
{
    const double squared = (half / room) * (half / room);
    double times = squared;
    if (!(room > 0) || !(squared < beyond_counting))
        return NAN;
    /* More units have a smaller quantile, so that fewer are needed: from above, downwards to where
       both agree. */
    for (int step = 0; step < 50; step++) {
        double narrower = narrower_quantile(df, times, level);
        double next = squared * narrower * narrower;
        if (fabs(next - times) <= 1e-9 * times)
            return next;
        times = next;
    }
    return times;
}

/* A plan may have teams for clusters whatever was assigned: then more of these narrow it. */
static bool is_by_team(const struct comparison *of)
{
    return of->errors_by != NULL && strcmp(of->errors_by, "team") == 0;
}

static const char *units(const struct comparison *of)
{
    if (strcmp(of->design, "switchback") == 0)
        return "blocks";
    return strcmp(of->unit, "worker") == 0 && !is_by_team(of) ? "people" : "teams";
}

/* "about 2.4 times as many people would most likely settle it, whatever the effect is, not more
   items of the same". Rounded up, for fewer would not do. */
static const char *so_many(struct arena *arena, const struct comparison *of, double times,
                           const char *likely, const char *provided)
{
    double shown = times < 9.9 ? ceil(times * 10 - 1e-6) / 10 : ceil(times - 1e-6);
    const char *more = times < 1.05 ? "a few more"
                       : times > times_most
                           ? arena_printf(arena, "more than %.0f times as many", times_most)
                           : arena_printf(arena, "about %.*f times as many", shown < 10, shown);
    return arena_printf(arena, "%s %s would %s settle it, %s, not more items of the same", more,
                        units(of), likely, provided);
}

static bool is_by_item(const struct comparison *of)
{
    return strcmp(of->unit, "item") == 0 && !is_by_team(of);
}

/* Why no number of units stands for what would narrow the interval; NULL: one does. */
static const char *narrows_otherwise(const struct comparison *of)
{
    if (of->every_look)
        return "an interval that holds at every look narrows in another way";
    if (strcmp(of->design, "staggered") == 0)
        return "what would settle it depends on who starts when, and no number is given";
    return NULL;
}

static double items_of(const struct comparison *of)
{
    return (double)(of->arms[0].items + of->arms[1].items);
}

/* ---- A metric and its guardrails --------------------------------------------------------------
 */

void settle_metric(struct comparison *of, double margin, struct arena *arena)
{
    struct interval interval = of->estimate.interval;
    double half = (interval.high - interval.low) / 2;
    bool by_item = is_by_item(of);
    double df = by_item ? INFINITY : of->estimate.df; /* of items: a few too many */
    double times = settle_times(half, margin / 2, df, of->level);
    of->items_needed = -1;
    of->needed_why = narrows_otherwise(of);
    if (of->needed_why != NULL)
        return;
    if (isnan(times))
        of->needed_why = "its interval has no bound to bring nearer";
    else if (by_item)
        of->items_needed = settle_rounded((times - 1) * items_of(of));
    else
        of->needed_why = so_many(arena, of, times, "most likely", "whatever the effect is");
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
    double half = effect - effect_in_good_direction(metric, guardrail->interval).low;
    double room = effect + guardrail->allow;
    bool by_item = is_by_item(of);
    double df = by_item ? INFINITY : guardrail->df;
    double times = settle_times(half, room, df, guardrail->level);
    if (guardrail->alike)
        times = half / room;
    if (room <= 0)
        guardrail->needed_why = "the effect lies where it is broken: more would rather show that";
    else if (narrows_otherwise(of) != NULL)
        guardrail->needed_why = narrows_otherwise(of);
    else if (isnan(times) || times > beyond_counting)
        guardrail->needed_why = "there is no bound on that side to bring nearer";
    else if (by_item)
        guardrail->items_needed = settle_rounded((times - 1) * items_of(of));
    else
        guardrail->needed_why =
            so_many(arena, of, times, "as likely as not", "if the effect stays what it is");
}
