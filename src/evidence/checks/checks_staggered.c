/* Checks of staggered rollouts. */

#include "evidence/checks/checks.h"

#include <math.h>

/* Where starts were drawn, what went before differs by chance alone, which the intervals know. */
enum status check_trend_before(const struct checking *checking, struct finding *out,
                               struct error *error)
{
    const struct event_study *events = checking->row->comparison.events;
    (void)error;
    if (events->drawn || !events->has_trend)
        return STATUS_OK;
    bool together = events->trend_p < 0.05;
    check_finds(out, events->trend || together);
    out->p = events->trend_p;
    if (together && !events->trend)
        out->sentence = "those who start parted from the others before the start already: no "
                        "single period shows it, all of them together do. What follows need not "
                        "be AI's doing";
    if (isnan(events->trend_p) && !events->trend)
        out->sentence = "before the start no single period differs by more than chance; for a "
                        "test of all of them together the units are too few";
    return STATUS_OK;
}

enum status check_trend_unseen(const struct checking *checking, struct finding *out,
                               struct error *error)
{
    const struct event_study *events = checking->row->comparison.events;
    (void)error;
    if (!events->drawn && !events->has_trend)
        check_finds(out, true);
    if (events->fewest < checking->request->min_group)
        out->sentence = "some waves are of so few people that what went before the start is not "
                        "looked at";
    return STATUS_OK;
}

enum status check_unit_gaps(const struct checking *checking, struct finding *out,
                            struct error *error)
{
    (void)error;
    check_finds(out, checking->row->comparison.events->with_gaps > 0);
    return STATUS_OK;
}
