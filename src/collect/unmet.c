#include "collect/unmet.h"

#include "base/embedded.h"
#include "base/terminal.h"
#include "base/text.h"

enum status unmet_calls(struct engine *engine, const char *calls, struct arena *arena,
                        const char **note, struct error *error)
{
    struct frame frame;
    *note = NULL;
    const char *sql =
        TEXT_FILLED(arena, embedded_text("collect/unmet_calls.sql"), {"calls", calls});
    enum status status = engine_query(engine, sql, ENGINE_NO_VALUES, arena, &frame, error);
    if (status != STATUS_OK || frame_integer(&frame, 0, 0) == 0)
        return status;
    long long unmet = (long long)frame_integer(&frame, 0, 0);
    const char *source = frame_text(&frame, 0, 1);
    if (source != NULL)
        *note = arena_printf(arena,
                             "calls that name items which are not here: %lld. Import them again "
                             "with --set item_source=%s, under which %lld of them name one",
                             unmet, text_printable(arena, source),
                             (long long)frame_integer(&frame, 0, 2));
    else
        *note = arena_printf(arena,
                             "calls that name items which are not here: %lld. Import these items, "
                             "or say by --set item_source=NAME which source the ids are of",
                             unmet);
    return STATUS_OK;
}
