#include "evidence/sample/local_time.h"

#include "base/embedded.h"
#include "engine/sql_text.h"

enum { change_from, change_ahead, change_until };

enum status local_time_read(struct workspace *workspace, struct arena *arena, struct error *error)
{
    struct frame frame;
    struct clock_changes *clock = &workspace->clock;
    if (clock->count > 0)
        return STATUS_OK;
    enum status status = engine_query(
        workspace->engine, embedded_text("evidence/sample/clock_changes.sql"),
        ENGINE_VALUES(engine_text("zone", workspace->settings.time_zone)), arena, &frame, error);
    if (status != STATUS_OK || frame.rows > clock_changes_max)
        return status;
    for (size_t i = 0; i < frame.rows; i++) {
        clock->from[i] = frame_integer(&frame, i, change_from);
        clock->ahead[i] = frame_integer(&frame, i, change_ahead);
        clock->until = frame_integer(&frame, i, change_until);
    }
    clock->count = frame.rows;
    return STATUS_OK;
}

/* How far the clocks are ahead of UTC at the moment, which lies after change `first` and before
   change `end`: halved until one is left. */
static const char *ahead_sql(struct arena *arena, const struct clock_changes *clock, size_t first,
                             size_t end, const char *moment)
{
    size_t middle = first + (end - first) / 2;
    if (end - first == 1)
        return arena_printf(arena, "%lld", (long long)clock->ahead[first]);
    return arena_printf(arena, "case when %s < make_timestamp(%lld) then %s else %s end", moment,
                        (long long)clock->from[middle],
                        ahead_sql(arena, clock, first, middle, moment),
                        ahead_sql(arena, clock, middle, end, moment));
}

const char *local_time(struct arena *arena, const struct workspace *workspace, const char *moment)
{
    const struct clock_changes *clock = &workspace->clock;
    const char *asked = arena_printf(arena, "timezone(%s, (%s)::timestamptz)",
                                     sql_literal(arena, workspace->settings.time_zone), moment);
    if (clock->count == 0)
        return asked;
    return arena_printf(arena,
                        "case when %s >= make_timestamp(%lld) and %s < make_timestamp(%lld) "
                        "then make_timestamp(epoch_us(%s) + %s) else %s end",
                        moment, (long long)clock->from[0], moment, (long long)clock->until, moment,
                        ahead_sql(arena, clock, 0, clock->count, moment), asked);
}
