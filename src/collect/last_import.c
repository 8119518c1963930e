#include "collect/last_import.h"

#include "base/embedded.h"
#include "base/error.h"
#include "base/text.h"

#include <string.h>

static const char thing[] = "last_import";

/* With its length, so that no two lists of texts are written alike. */
static void add(struct text *all, const char *text)
{
    text_addf(all, "%zu:%s;", strlen(text), text);
}

static void add_embedded(struct text *all, struct arena *arena, const char *folder,
                         const char *table)
{
    const char *sql = embedded_text(arena_printf(arena, "collect/%s/%s.sql", folder, table));
    add(all, sql != NULL ? sql : "");
}

static void add_connector(struct text *all, struct arena *arena, const struct connector *connector)
{
    add(all, connector->name);
    add(all, connector->text);
    for (size_t i = 0; i < connector->option_count; i++) {
        add(all, connector->options[i].name);
        add(all, connector->options[i].value);
    }
    for (size_t i = 0; i < connector->block_count; i++) {
        add_embedded(all, arena, "tables", connector->blocks[i].table);
        add_embedded(all, arena, "merge", connector->blocks[i].table);
    }
}

const char *last_import_print(struct arena *arena, const struct workspace *workspace,
                              const struct connector *connector,
                              const struct import_request *request, const struct source_file *file)
{
    struct text all = {.arena = arena};
    add(&all, request->program);
    add(&all, engine_version());
    add(&all, embedded_text("collect/macros.sql"));
    add(&all, file->hash);
    /* The name of the file has a say in it. */
    add(&all, file_format_word(file->format));
    add(&all, workspace->settings.time_zone);
    add_connector(&all, arena, connector);
    for (size_t i = 0; i < request->map_count; i++) {
        add(&all, request->maps[i].target);
        add(&all, request->maps[i].column);
    }
    char *print = arena_alloc(arena, hash_hex_length + 1);
    hash_sha256(all.bytes, all.length, print);
    return print;
}

/* The print and the version of the data that the import left. */
static enum status as_kept(struct workspace *workspace, const char *print, struct arena *arena,
                           const char **out, struct error *error)
{
    int64_t version = 0;
    enum status status = workspace_data_version(workspace, &version, error);
    if (status == STATUS_OK)
        *out = arena_printf(arena, "%s %lld", print, (long long)version);
    return status;
}

enum status last_import_is(struct workspace *workspace, const char *print, struct arena *arena,
                           bool *out, struct error *error)
{
    const char *kept = "";
    const char *wanted = "";
    enum status status = as_kept(workspace, print, arena, &wanted, error);
    if (status == STATUS_OK)
        status = workspace_get(workspace, thing, arena, &kept, error);
    *out = status == STATUS_OK && strcmp(kept, wanted) == 0;
    return status;
}

enum status last_import_note(struct workspace *workspace, const char *print, struct arena *arena,
                             struct error *error)
{
    const char *kept = "";
    enum status status = as_kept(workspace, print, arena, &kept, error);
    return status == STATUS_OK ? workspace_put(workspace, thing, kept, error) : status;
}

static const char *unmet_thing(struct arena *arena, const char *imported_as)
{
    return arena_printf(arena, "last_import_unmet %s", imported_as);
}

enum status last_import_keep_unmet(struct workspace *workspace, const char *imported_as,
                                   const char *unmet_note, struct arena *arena, struct error *error)
{
    return workspace_put(workspace, unmet_thing(arena, imported_as),
                         unmet_note != NULL ? unmet_note : "", error);
}

enum status last_import_told(struct workspace *workspace, const char *hash, const char *imported_as,
                             struct arena *arena, struct import_table *out, struct error *error)
{
    struct frame frame;
    enum status status = engine_query(
        workspace->engine,
        "select rows_read, accepted from imported where file_hash = $hash and connector = "
        "$connector order by imported_at desc limit 1",
        ENGINE_VALUES(engine_text("hash", hash), engine_text("connector", imported_as)), arena,
        &frame, error);
    if (status != STATUS_OK)
        return status;
    if (frame.rows > 0) {
        out->read = frame_integer(&frame, 0, 0);
        out->accepted = frame_integer(&frame, 0, 1);
    }
    const char *unmet = "";
    status = workspace_get(workspace, unmet_thing(arena, imported_as), arena, &unmet, error);
    out->unmet_note = status == STATUS_OK && unmet[0] != '\0' ? unmet : NULL;
    return status;
}
