#include "workspace/privacy.h"

#include "base/embedded.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <grp.h>
#include <jansson.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>

/* ---- Tables ----------------------------------------------------------------------------- */

/* What is known of each table. A text column that is not named here is a label, so that a new one
   is shown as the kind that may say most. */
static const struct {
    const char *name;
    const char *about;
    const char *time;          /* SQL: when a row is of; NULL: rows have no time */
    const char *pseudonyms[3]; /* its columns that hold one */
    bool derived;
} known_tables[] = {
    {"item",
     "pieces of work, such as tickets and commits",
     "coalesce(opened_at, started_at, closed_at)",
     {"worker"},
     false},
    {"step", "steps of an item's way", "occurred_at", {"worker"}, false},
    {"usage", "calls of AI tools, or totals of calls", "occurred_at", {"worker"}, false},
    {"measure", "what was observed of an item", "occurred_at", {NULL}, false},
    {"review", "judgements of items in an audit", "occurred_at", {"reviewer"}, false},
    {"membership", "who is in which team, in which role, since when", "since", {"worker"}, false},
    {"alias",
     "further names of one person, both sides as pseudonyms",
     NULL,
     {"alias", "worker"},
     false},
    {"link", "further ids of items, and parts of items", NULL, {NULL}, false},
    {"assignment",
     "which arm of a trial was drawn for an item, a worker or a team",
     "since",
     {"unit"},
     false},
    {"draw", "how many units were drawn in each stratum of a plan", NULL, {NULL}, false},
    {"policy", "rules on AI use, and when they start", "starts_at", {NULL}, false},
    {"price", "prices of models", "since", {NULL}, false},
    {"seat", "licences", "since", {"worker"}, false},
    {"invoice", "bills of AI tools", "since", {NULL}, false},
    {"labour", "what an hour of a role costs", "since", {NULL}, false},
    {"imported", "files that were read: hash, counts, time", "imported_at", {NULL}, false},
    {"rejected",
     "rows that could not be read: file, place and reason, never the value",
     NULL,
     {NULL},
     false},
    {"published_work",
     "whose the numbers of published reports are, for later reports to be held against",
     NULL,
     {"worker"},
     false},
    {"about_workspace", "what assay keeps about the workspace itself", NULL, {NULL}, false},
    {"found_link", "which item calls belong to that do not say so themselves", NULL, {NULL}, true},
    {"usage_link", "which item each call belongs to", NULL, {NULL}, true},
    {"facts", "items with what was linked to them, for reports", "counted_at", {"worker"}, true},
};

enum { known_count = sizeof known_tables / sizeof known_tables[0] };

const char *privacy_kind_name(enum privacy_kind kind)
{
    static const char *const names[] = {"pseudonym", "time", "number", "label"};
    return names[kind];
}

static size_t find_known(const char *table)
{
    size_t i = 0;
    while (i < known_count && strcmp(known_tables[i].name, table) != 0)
        i++;
    return i;
}

static enum privacy_kind kind_of(size_t known, const char *column, const char *type)
{
    if (strncmp(type, "TIMESTAMP", 9) == 0 || strcmp(type, "DATE") == 0)
        return PRIVACY_TIME;
    if (strcmp(type, "VARCHAR") != 0 && strncmp(type, "MAP", 3) != 0)
        return PRIVACY_NUMBER;
    for (size_t i = 0; known < known_count && i < 3; i++)
        if (known_tables[known].pseudonyms[i] != NULL &&
            strcmp(known_tables[known].pseudonyms[i], column) == 0)
            return PRIVACY_PSEUDONYM;
    return PRIVACY_LABEL;
}

static enum status count_rows(struct engine *engine, size_t known, struct arena *arena,
                              struct privacy_table *table, struct error *error)
{
    struct frame frame;
    const char *time = known < known_count ? known_tables[known].time : NULL;
    /* Only names of our own schema come here. */
    const char *sql = arena_printf(
        arena,
        "select count(*), strftime(min(t), '%%Y-%%m-%%d'), strftime(max(t), '%%Y-%%m-%%d') from "
        "(select %s as t from %s)",
        time != NULL ? time : "null::timestamp", table->name);
    enum status status = engine_query(engine, sql, ENGINE_NO_VALUES, arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    table->rows = frame_integer(&frame, 0, 0);
    table->since = frame_text(&frame, 0, 1);
    table->until = frame_text(&frame, 0, 2);
    return STATUS_OK;
}

static enum status list_attributes(struct engine *engine, struct arena *arena,
                                   struct privacy_table *table, struct error *error)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (strcmp(table->columns[i].name, "attrs") == 0)
            return engine_query(engine,
                                arena_printf(arena,
                                             "select distinct unnest(map_keys(attrs)) as key from "
                                             "%s order by key",
                                             table->name),
                                ENGINE_NO_VALUES, arena, &table->attributes, error);
    return STATUS_OK;
}

static enum status read_tables(struct engine *engine, struct arena *arena, struct privacy *out,
                               struct error *error)
{
    struct frame columns;
    enum status status = engine_query(
        engine,
        "select table_name, column_name, data_type from duckdb_columns() where not internal and "
        "database_name = current_database() order by table_name, column_index",
        ENGINE_NO_VALUES, arena, &columns, error);
    if (status != STATUS_OK)
        return status;
    out->tables = arena_array(arena, columns.rows, sizeof *out->tables);
    struct privacy_table *table = NULL;
    size_t known = known_count;
    for (size_t row = 0; row < columns.rows; row++) {
        const char *name = frame_text(&columns, row, 0);
        if (table == NULL || strcmp(table->name, name) != 0) {
            known = find_known(name);
            table = &out->tables[out->table_count++];
            *table = (struct privacy_table){
                .name = name,
                .about = known < known_count ? known_tables[known].about : NULL,
                .derived = known < known_count && known_tables[known].derived,
                .columns = arena_array(arena, columns.rows - row, sizeof *table->columns),
            };
        }
        const char *column = frame_text(&columns, row, 1);
        table->columns[table->column_count++] =
            (struct privacy_column){column, kind_of(known, column, frame_text(&columns, row, 2))};
    }
    for (size_t i = 0; i < out->table_count && status == STATUS_OK; i++) {
        /* Of a table that is not ours, only that it is there. */
        if (out->tables[i].about == NULL)
            continue;
        status = count_rows(engine, find_known(out->tables[i].name), arena, &out->tables[i], error);
        if (status == STATUS_OK)
            status = list_attributes(engine, arena, &out->tables[i], error);
    }
    return status;
}

/* ---- Files ------------------------------------------------------------------------------ */

static const char *user_name(struct arena *arena, uid_t id)
{
    const struct passwd *user = getpwuid(id);
    return user != NULL ? arena_text(arena, user->pw_name)
                        : arena_printf(arena, "user %ld", (long)id);
}

static const char *group_name(struct arena *arena, gid_t id)
{
    const struct group *group = getgrgid(id);
    return group != NULL ? arena_text(arena, group->gr_name)
                         : arena_printf(arena, "group %ld", (long)id);
}

/* Bits of a folder without which nobody else gets to what is in it, whatever the modes there. */
enum { others_enter = 011 };

/* reached: the folders on the way to it let others in. */
static void add_file(struct arena *arena, const char *path, const struct stat *about, bool reached,
                     size_t *room, struct privacy *out)
{
    bool others = reached && (about->st_mode & 077) != 0;
    out->files = arena_grow(arena, out->files, out->file_count, room, sizeof *out->files);
    out->files[out->file_count++] = (struct privacy_file){
        .path = path,
        .mode = about->st_mode & 07777,
        .owner = user_name(arena, about->st_uid),
        .group = group_name(arena, about->st_gid),
        .others = others,
    };
    out->open_to_others = out->open_to_others || others;
}

enum { folders_deep = 64 }; /* far beyond what a workspace has */

/* The folder and everything in it; links are not followed. */
static enum status walk(struct arena *arena, const char *folder, const char *relative, int depth,
                        bool reached, size_t *room, struct privacy *out, struct error *error)
{
    struct stat about;
    DIR *dir = opendir(folder);
    if (dir == NULL)
        return error_at(error, ERROR_IO, folder, 0, 0, "cannot be listed: %s", strerror(errno));
    enum status status = STATUS_OK;
    for (struct dirent *entry; status == STATUS_OK && (entry = readdir(dir)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        const char *path = arena_printf(arena, "%s/%s", folder, entry->d_name);
        const char *name = relative[0] == '\0'
                               ? arena_text(arena, entry->d_name)
                               : arena_printf(arena, "%s/%s", relative, entry->d_name);
        if (lstat(path, &about) != 0 || S_ISLNK(about.st_mode))
            continue;
        add_file(arena, name, &about, reached, room, out);
        if (S_ISDIR(about.st_mode) && depth < folders_deep)
            status = walk(arena, path, name, depth + 1,
                          reached && (about.st_mode & others_enter) != 0, room, out, error);
    }
    (void)closedir(dir);
    return status;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct privacy_file *)a)->path, ((const struct privacy_file *)b)->path);
}

static enum status read_files(const char *folder, struct arena *arena, struct privacy *out,
                              struct error *error)
{
    struct stat about;
    size_t room = 0;
    if (stat(folder, &about) != 0)
        return error_at(error, ERROR_IO, folder, 0, 0, "cannot be read: %s", strerror(errno));
    add_file(arena, ".", &about, true, &room, out);
    enum status status =
        walk(arena, folder, "", 0, (about.st_mode & others_enter) != 0, &room, out, error);
    if (status == STATUS_OK)
        qsort(out->files, out->file_count, sizeof *out->files, by_path);
    return status;
}

/* ---- The registry ----------------------------------------------------------------------- */

enum { registry_bytes = 64 * 1024 * 1024 };

static void take_line(struct arena *arena, const char *line, size_t length, struct privacy *out)
{
    json_t *object = json_loadb(line, length, 0, NULL);
    const char *kind = json_string_value(json_object_get(object, "kind"));
    const char *at = json_string_value(json_object_get(object, "at"));
    if (out->since == NULL)
        out->since = arena_text(arena, at);
    if (kind != NULL && (strcmp(kind, "setting") == 0 || strcmp(kind, "forget") == 0)) {
        const char *own = json_string_value(json_object_get(object, "own_data"));
        out->events[out->event_count++] = (struct privacy_event){
            .at = arena_text(arena, at != NULL ? at : ""),
            .kind = arena_text(arena, kind),
            .min_group = (long)json_number_value(json_object_get(object, "value")),
            .own_data = own != NULL && strcmp(own, "yes") == 0,
            .names = (long)json_number_value(json_object_get(object, "names")),
        };
    }
    json_decref(object);
}

static enum status read_registry(struct workspace *workspace, struct arena *arena,
                                 struct privacy *out, struct error *error)
{
    const char *path = workspace_path(workspace, arena, "registry.jsonl");
    char *bytes = NULL;
    size_t length = 0;
    enum status status = file_read(arena, path, registry_bytes, &bytes, &length, error);
    if (status != STATUS_OK)
        return status;
    /* Opening the workspace has checked the chain. */
    out->events = arena_array(arena, workspace->registry.lines + 1, sizeof *out->events);
    for (size_t line = 0; line < workspace->registry.lines; line++) {
        const char *newline = strchr(bytes, '\n');
        if (newline == NULL)
            break;
        take_line(arena, bytes, (size_t)(newline - bytes), out);
        bytes += newline - bytes + 1;
    }
    return STATUS_OK;
}

/* ---- All of it -------------------------------------------------------------------------- */

enum status privacy_read(struct workspace *workspace, struct arena *arena, struct privacy *out,
                         struct error *error)
{
    struct engine *engine = workspace->engine;
    struct frame people;
    *out = (struct privacy){
        .settings = &workspace->settings,
        .min_group = workspace_min_group(workspace),
    };
    enum status status = read_tables(engine, arena, out, error);
    if (status == STATUS_OK)
        status = engine_query(engine,
                              TEXT_FILLED(arena, embedded_text("workspace/privacy_people.sql"),
                                          {"people", embedded_text("workspace/people.sql")}),
                              ENGINE_NO_VALUES, arena, &people, error);
    if (status == STATUS_OK) {
        out->people = frame_integer(&people, 0, 0);
        if (out->people > 0 && out->people < out->min_group)
            out->people = -1;
        status = engine_query(engine, embedded_text("workspace/privacy_imports.sql"),
                              ENGINE_NO_VALUES, arena, &out->imports, error);
    }
    if (status == STATUS_OK)
        status = read_files(workspace->folder, arena, out, error);
    if (status == STATUS_OK)
        status = read_registry(workspace, arena, out, error);
    return status;
}
