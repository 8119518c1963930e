/* Checks of staggered rollouts. */

#include "evidence/checks/checks.h"

/* Where starts were drawn, what went before differs by chance alone, which the intervals know. */
enum status check_trend_before(const struct checking *checking, struct finding *out,
                               struct error *error)
{
    const struct event_study *events = checking->row->comparison.events;
    (void)error;
    if (!events->drawn && events->has_trend)
        check_finds(out, events->trend);
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
