#include "evidence/facts/overview.h"

#include "base/embedded.h"
#include "evidence/facts/facts.h"
#include "model/formula.h"

#include <math.h>
#include <string.h>

/* Measures that a formula reaches by measure('name') only. */
static enum status list_hidden(struct workspace *workspace, struct arena *arena,
                               struct overview *out, struct error *error)
{
    const char **measures = NULL;
    size_t measure_count = 0;
    size_t column_count = 0;
    const struct formula_column *columns = formula_facts_names(&column_count);
    enum status status = facts_measures(workspace, arena, &measures, &measure_count, error);
    if (status != STATUS_OK)
        return status;
    out->hidden_measures = arena_array(arena, measure_count, sizeof *out->hidden_measures);
    for (size_t i = 0; i < measure_count; i++)
        for (size_t j = 0; j < column_count; j++)
            if (strcmp(measures[i], columns[j].name) == 0)
                out->hidden_measures[out->hidden_measure_count++] = measures[i];
    return STATUS_OK;
}

enum status overview_use_cases(struct workspace *workspace, struct arena *arena, struct frame *out,
                               struct error *error)
{
    return engine_query(workspace->engine, embedded_text("evidence/facts/overview_use_cases.sql"),
                        ENGINE_VALUES(engine_text("zone", workspace->settings.time_zone),
                                      engine_integer("min_group", workspace_min_group(workspace))),
                        arena, out, error);
}

enum status overview_read(struct workspace *workspace, struct arena *arena, struct overview *out,
                          struct error *error)
{
    struct engine *engine = workspace->engine;
    const struct engine_value zone = engine_text("zone", workspace->settings.time_zone);
    struct frame share;
    *out = (struct overview){.unsorted_share = NAN};
    enum status status = workspace_data_version(workspace, &out->data_version, error);
    if (status == STATUS_OK)
        status = engine_query(engine, embedded_text("evidence/facts/overview_imports.sql"),
                              ENGINE_VALUES(zone), arena, &out->imports, error);
    if (status == STATUS_OK)
        status = engine_query(engine, embedded_text("evidence/facts/overview_tables.sql"),
                              ENGINE_NO_VALUES, arena, &out->tables, error);
    if (status == STATUS_OK)
        status = overview_use_cases(workspace, arena, &out->use_cases, error);
    if (status == STATUS_OK)
        status = engine_query(engine, embedded_text("evidence/facts/overview_links.sql"),
                              ENGINE_NO_VALUES, arena, &out->links, error);
    if (status == STATUS_OK)
        status = engine_query(
            engine, "select avg(case when use_case = 'unsorted' then 1e0 else 0e0 end) from facts",
            ENGINE_NO_VALUES, arena, &share, error);
    if (status == STATUS_OK)
        status = engine_query(engine, embedded_text("evidence/facts/unbelieved.sql"),
                              ENGINE_NO_VALUES, arena, &out->unbelieved, error);
    if (status == STATUS_OK)
        status = list_hidden(workspace, arena, out, error);
    if (status == STATUS_OK)
        out->unsorted_share = frame_number(&share, 0, 0);
    return status;
}
