#include "collect/dates.h"

#include "base/embedded.h"
#include "base/error.h"
#include "base/text.h"
#include "collect/pipe.h"
#include "engine/sql_text.h"

#include <string.h>

enum { order_count = 3 };

static const char *const orders[order_count] = {"iso", "dmy", "mdy"};

struct count {
    const char *column;
    size_t order; /* that the file is read by */
    int64_t given;
    int64_t unread[order_count];
};

/* The column with the most times that could not be read; NULL: none. */
static enum status find_column(struct engine *writer, struct arena *arena, const char **out,
                               struct error *error)
{
    struct frame frame;
    enum status status = engine_query(
        writer,
        "select split_part(reject, ':', 1) from incoming where reject like '%: not a time' "
        "group by 1 order by count(*) desc, 1 limit 1",
        ENGINE_NO_VALUES, arena, &frame, error);
    *out = status == STATUS_OK && frame.rows > 0 ? frame_text(&frame, 0, 0) : NULL;
    return status;
}

static enum status count_unread(struct engine *reading, const struct connector *connector,
                                const struct connector_block *block, struct arena *arena,
                                struct count *count, struct error *error)
{
    struct frame frame;
    const char *sql =
        TEXT_FILLED(arena, embedded_text("collect/dates_read.sql"),
                    {"column", sql_name(arena, count->column)}, {"select", block->select});
    enum status status =
        engine_query(reading, sql, pipe_options(arena, connector), arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    count->given = frame_integer(&frame, 0, 0);
    for (size_t i = 0; i < order_count; i++) {
        count->unread[i] = frame_integer(&frame, 0, 1 + i);
        if (strcmp(orders[i], pipe_dates(connector)) == 0)
            count->order = i;
    }
    return STATUS_OK;
}

/* The order that reads the most; of two alike, the one that the file is read by. */
static size_t best_order(const struct count *count)
{
    size_t best = count->order;
    for (size_t i = 0; i < order_count; i++)
        if (count->unread[i] < count->unread[best])
            best = i;
    return best;
}

static const char *advice(struct arena *arena, const struct count *count)
{
    size_t best = best_order(count);
    int64_t unread = count->unread[count->order];
    const char *start = arena_printf(
        arena, "%s: %lld of %lld values are no times as dates=%s reads them", count->column,
        (long long)unread, (long long)count->given, orders[count->order]);
    if (best == count->order)
        return 2 * unread <= count->given
                   ? NULL
                   : arena_printf(arena,
                                  "%s, and no other order reads more. Write them as 2026-07-31, "
                                  "2026-07-31 22:00 or 31 Jul 2026",
                                  start);
    long long gained = (long long)(unread - count->unread[best]);
    if (best == 1 && count->unread[2] == count->unread[1])
        return arena_printf(arena,
                            "%s. dates=dmy and dates=mdy both read %lld of these: say which is "
                            "meant, day or month first, by --set dates=dmy or --set dates=mdy",
                            start, gained);
    return arena_printf(arena, "%s; --set dates=%s reads %lld of these", start, orders[best],
                        gained);
}

enum status dates_check(struct engine *reading, struct engine *writer,
                        const struct connector *connector, const struct connector_block *block,
                        const char *path, struct arena *arena, const char **note,
                        struct error *error)
{
    struct count count = {0};
    *note = NULL;
    enum status status = find_column(writer, arena, &count.column, error);
    if (status != STATUS_OK || count.column == NULL)
        return status;
    status = count_unread(reading, connector, block, arena, &count, error);
    if (status != STATUS_OK)
        return status;
    int64_t unread = count.unread[count.order];
    size_t best = best_order(&count);
    /* Those that were read have day and month the wrong way round, then. */
    if (count.order > 0 && best != count.order && count.unread[best] == 0 && unread < count.given)
        return error_at(error, ERROR_INPUT, path, 0, 0,
                        "%s: %lld of %lld values are no times as dates=%s reads them, and "
                        "dates=%s reads all, so nothing was imported; it looks like --set dates=%s",
                        count.column, (long long)unread, (long long)count.given,
                        orders[count.order], orders[best], orders[best]);
    *note = advice(arena, &count);
    return STATUS_OK;
}
