#include "collect/numbers.h"

#include "base/embedded.h"
#include "base/text.h"
#include "collect/pipe.h"
#include "engine/sql_text.h"

#include <string.h>

/* The column with the most numbers that were rejected for their sign; NULL: none. */
static enum status find_column(struct engine *writer, struct arena *arena, const char **out,
                               struct error *error)
{
    struct frame frame;
    enum status status = engine_query(
        writer,
        "select split_part(reject, ':', 1) from incoming where reject like '%: not a number (there "
        "is a %' group by 1 order by count(*) desc, 1 limit 1",
        ENGINE_NO_VALUES, arena, &frame, error);
    *out = status == STATUS_OK && frame.rows > 0 ? frame_text(&frame, 0, 0) : NULL;
    return status;
}

/* How the other sign is asked for; NULL: the connector has no way. */
static const char *mend(struct arena *arena, const struct connector *connector, const char *other)
{
    for (size_t i = 0; i < connector->option_count; i++)
        if (strcmp(connector->options[i].name, "decimal") == 0)
            return arena_printf(arena, "--set decimal=%s", other);
    return connector->built_in ? NULL
                               : arena_printf(arena, "decimal=%s in the line `-- options:` of %s",
                                              other, connector->path);
}

enum status numbers_check(struct engine *reading, struct engine *writer,
                          const struct connector *connector, const struct connector_block *block,
                          struct arena *arena, const char **note, struct error *error)
{
    const char *column = NULL;
    struct frame frame;
    *note = NULL;
    enum status status = find_column(writer, arena, &column, error);
    if (status != STATUS_OK || column == NULL)
        return status;
    const char *sql = TEXT_FILLED(arena, embedded_text("collect/numbers_read.sql"),
                                  {"column", sql_name(arena, column)}, {"select", block->select});
    status = engine_query(reading, sql, pipe_options(arena, connector), arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    bool by_comma = strcmp(pipe_decimal(connector), "comma") == 0;
    long long given = (long long)frame_integer(&frame, 0, 0);
    long long unread = (long long)frame_integer(&frame, 0, by_comma ? 2 : 1);
    long long gained = unread - (long long)frame_integer(&frame, 0, by_comma ? 1 : 2);
    long long thousands = (long long)frame_integer(&frame, 0, 3);
    const char *how = mend(arena, connector, by_comma ? "point" : "comma");
    if (gained <= 0 || how == NULL)
        return STATUS_OK;
    *note = arena_printf(
        arena, "%s: %lld of %lld values are no numbers: a %s is expected; %s reads %lld of these%s",
        column, unread, given,
        by_comma ? "point stands where a comma" : "comma stands where a point", how, gained,
        !by_comma && thousands > 0
            ? ". A comma may stand between thousands in some of them, though: look at them first"
            : "");
    return STATUS_OK;
}
