#include "collect/scale.h"

#include "base/embedded.h"
#include "base/error.h"
#include "base/text.h"
#include "engine/sql_text.h"
#include "model/measures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const scaled[] = {"satisfaction", "quality"};

enum { scaled_count = sizeof scaled / sizeof scaled[0] };

static const char *option_of(struct arena *arena, const struct connector *connector,
                             const char *measure)
{
    const char *name = arena_printf(arena, "%s_scale", measure);
    for (size_t i = 0; i < connector->option_count; i++)
        if (strcmp(connector->options[i].name, name) == 0)
            return connector->options[i].value;
    return NULL;
}

static bool read_end(const char *text, double *out)
{
    char *end = NULL;
    *out = strtod(text, &end);
    return end != text && *end == '\0' && isfinite(*out);
}

/* "1..5" */
static bool read_scale(struct arena *arena, const char *text, double *worst, double *best)
{
    const char *dots = strstr(text, "..");
    return dots != NULL && read_end(arena_text_n(arena, text, (size_t)(dots - text)), worst) &&
           read_end(dots + 2, best) && isfinite(*best - *worst) && *best != *worst;
}

enum status scale_sql(struct arena *arena, const struct connector *connector, const char **out,
                      struct error *error)
{
    struct text sql = {.arena = arena};
    text_add(&sql, "case name");
    for (size_t i = 0; i < scaled_count; i++) {
        const char *text = option_of(arena, connector, scaled[i]);
        double worst = 0;
        double best = 1;
        if (text != NULL && text[0] != '\0' && !read_scale(arena, text, &worst, &best))
            return error_at(error, ERROR_INPUT, "--set", 0, 0,
                            "%s_scale: \"%s\" is no scale; write worst..best, such as 1..5",
                            scaled[i], text);
        text_addf(&sql, " when '%s' then (raw - %s) / %s", scaled[i], sql_number(arena, worst),
                  sql_number(arena, best - worst));
    }
    text_add(&sql, " else raw end");
    *out = sql.bytes;
    return STATUS_OK;
}

/* What to do about it, by what the measure is. */
static const char *mend(struct arena *arena, const struct connector *connector, const char *name)
{
    const struct measure *measure = measure_find(name);
    for (size_t i = 0; i < scaled_count; i++) {
        if (strcmp(name, scaled[i]) != 0)
            continue;
        if (option_of(arena, connector, name) != NULL)
            return arena_printf(arena,
                                "say which scale it has, worst..best: --set %s_scale=1..5, or "
                                "map another column",
                                name);
        return arena_printf(arena,
                            "bring it to 0 to 1 in %s, or add %s_scale=1..5 (worst..best) to "
                            "its `-- options:`",
                            connector->path, name);
    }
    return measure != NULL && isfinite(measure->high)
               ? "map a column that says yes or no, or 1 or 0"
               : "map a column with numbers of 0 or more";
}

enum status scale_check(struct engine *engine, const char *rows, struct engine_values values,
                        const struct connector *connector, const char *path, struct arena *arena,
                        struct error *error)
{
    struct frame frame;
    const char *sql = embedded_text("collect/mostly_outside.sql");
    enum status status =
        engine_query(engine, TEXT_FILLED(arena, sql, {"rows", rows}), values, arena, &frame, error);
    if (status != STATUS_OK || frame.rows == 0)
        return status;
    const char *name = frame_text(&frame, 0, 0);
    const struct measure *measure = measure_find(name);
    const char *range = measure != NULL && isfinite(measure->high) ? "0 to 1" : "0 and more";
    return error_at(
        error, ERROR_INPUT, path, 0, 0,
        "%s: %lld of %lld values are outside of its range, %s, so nothing was imported; "
        "%s",
        name, (long long)frame_integer(&frame, 0, 1), (long long)frame_integer(&frame, 0, 2), range,
        mend(arena, connector, name));
}
