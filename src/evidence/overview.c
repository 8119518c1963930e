#include "evidence/overview.h"

#include "base/embedded.h"

#include <math.h>

enum status overview_read(struct workspace *workspace, struct arena *arena, struct overview *out,
                          struct error *error)
{
    struct engine *engine = workspace->engine;
    struct frame share;
    *out = (struct overview){.unsorted_share = NAN};
    enum status status = workspace_data_version(workspace, &out->data_version, error);
    if (status == STATUS_OK)
        status = engine_query(engine, embedded_text("evidence/overview_imports.sql"),
                              ENGINE_NO_VALUES, arena, &out->imports, error);
    if (status == STATUS_OK)
        status = engine_query(engine, embedded_text("evidence/overview_tables.sql"),
                              ENGINE_NO_VALUES, arena, &out->tables, error);
    if (status == STATUS_OK)
        status =
            engine_query(engine, embedded_text("evidence/overview_use_cases.sql"),
                         ENGINE_VALUES(engine_integer("min_group", workspace_min_group(workspace))),
                         arena, &out->use_cases, error);
    if (status == STATUS_OK)
        status = engine_query(engine, embedded_text("evidence/overview_links.sql"),
                              ENGINE_NO_VALUES, arena, &out->links, error);
    if (status == STATUS_OK)
        status = engine_query(
            engine, "select avg(case when use_case = 'unsorted' then 1e0 else 0e0 end) from facts",
            ENGINE_NO_VALUES, arena, &share, error);
    if (status == STATUS_OK)
        out->unsorted_share = frame_number(&share, 0, 0);
    return status;
}
