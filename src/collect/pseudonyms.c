#include "collect/pseudonyms.h"

#include "base/embedded.h"
#include "base/text.h"
#include "collect/quick_text.h"

static void pseudonym(const void *key, const char *text, size_t length, char out[16])
{
    hash_pseudonym(key, text, length, out);
}

enum status pseudonyms_prepare(struct engine *engine, const struct hash_key *key,
                               const char *time_zone, const struct reading_macros *macros,
                               struct arena *arena, struct error *error)
{
    enum status status = engine_register_hash(engine, "pseudonym", pseudonym, key, error);
    if (status == STATUS_OK)
        status = quick_text_register(engine, time_zone, error);
    if (status != STATUS_OK)
        return status;
    return engine_run(engine,
                      TEXT_FILLED(arena, embedded_text("collect/macros.sql"),
                                  {"reading", macros->dates}, {"decimal", macros->decimal},
                                  {"kept_key", macros->kept_key}),
                      error);
}

enum status pseudonyms_open(const struct workspace *workspace, struct arena *arena,
                            struct engine **out, struct error *error)
{
    static const struct reading_macros macros = {"read_iso", "cast_point", "false"};
    const struct engine_options options = {.clear_text = true,
                                           .memory = workspace->settings.memory,
                                           .threads = workspace->settings.threads};
    enum status status = engine_open("duckdb::memory:", &options, out, error);
    if (status == STATUS_OK)
        status = pseudonyms_prepare(*out, &workspace->key, NULL, &macros, arena, error);
    return status;
}

static enum status append_names(struct engine *reading, const char *const *names, size_t count,
                                struct error *error)
{
    struct engine_appender *appender = NULL;
    enum status status =
        engine_run(reading, "create table source(place bigint, name varchar)", error);
    if (status == STATUS_OK)
        status = engine_appender_open(reading, "source", &appender, error);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        status = engine_append(
            appender,
            (struct engine_value[]){engine_integer("", (int64_t)i), engine_text("", names[i])}, 2,
            error);
    enum status closed = engine_appender_close(appender, status == STATUS_OK ? error : NULL);
    return status != STATUS_OK ? status : closed;
}

enum status pseudonyms_of(const struct workspace *workspace, const char *const *names, size_t count,
                          struct arena *arena, const char ***out, struct error *error)
{
    struct engine *reading = NULL;
    struct frame frame;
    enum status status = pseudonyms_open(workspace, arena, &reading, error);
    if (status == STATUS_OK)
        status = append_names(reading, names, count, error);
    if (status == STATUS_OK)
        status = engine_query(reading, "select worker_of(name) from source order by place",
                              ENGINE_NO_VALUES, arena, &frame, error);
    engine_close(reading);
    if (status != STATUS_OK)
        return status;
    *out = arena_array(arena, count, sizeof **out);
    for (size_t i = 0; i < frame.rows; i++)
        (*out)[i] = frame.columns[0].valid[i] ? frame_text(&frame, i, 0) : NULL;
    return status;
}
