#include "evidence/facts/facts.h"

#include "base/embedded.h"
#include "base/error.h"
#include "base/table.h"
#include "base/text.h"
#include "evidence/facts/moments_aggregate.h"
#include "model/measures.h"
#include "model/use_case.h"

#include <stdio.h>
#include <string.h>

enum { builds_most = 5 };

char *facts_measure_column(struct arena *arena, const char *measure)
{
    return arena_printf(arena, "\"m_%s\"", measure);
}

/* ---- Measures --------------------------------------------------------------------------- */

enum status facts_measures(struct workspace *workspace, struct arena *arena, const char ***out,
                           size_t *count, struct error *error)
{
    struct frame frame;
    enum status status =
        engine_query(workspace->engine,
                     "select distinct name from measure where "
                     "regexp_full_match(name, '[a-z][a-z0-9_]{0,62}') order by name",
                     ENGINE_NO_VALUES, arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    /* The standard ones always have a column, so that a formula may name them before they come. */
    size_t standard = 0;
    const struct measure *measures = measures_standard(&standard);
    const char **names = arena_array(arena, frame.rows + standard, sizeof *names);
    *count = 0;
    for (size_t i = 0; i < standard; i++)
        names[(*count)++] = measures[i].name;
    for (size_t i = 0; i < frame.rows; i++)
        if (measure_find(frame_text(&frame, i, 0)) == NULL)
            names[(*count)++] = frame_text(&frame, i, 0);
    *out = names;
    return STATUS_OK;
}

/* One column per measure over the rows (name, value, place) of an item. Names were checked on
   import: small letters, digits and _. */
static const char *measure_columns(struct arena *arena, const char *const *names, size_t count)
{
    static const char *const aggregates[] = {
        [MEASURE_SUM] = "sum(value)",
        [MEASURE_FIRST] = "arg_min(value, place)",
        [MEASURE_LAST] = "arg_max(value, place)",
        [MEASURE_MAX] = "max(value)",
        [MEASURE_MEAN] = "avg(value)",
    };
    TABLE_OF(aggregates, MEASURE_REPEATS);
    struct text columns = {.arena = arena};
    for (size_t i = 0; i < count; i++) {
        const struct measure *standard = measure_find(names[i]);
        text_addf(&columns, "%s%s filter (where name = '%s') as %s", i > 0 ? ", " : "",
                  aggregates[standard != NULL ? standard->repeats : MEASURE_LAST], names[i],
                  facts_measure_column(arena, names[i]));
    }
    return text_get(&columns);
}

/* ---- What they are built from ----------------------------------------------------------- */

/* The statements of a build, with this program's measures and the workspace's use cases in them. */
struct build_sql {
    const char *links;
    const char *parts;
    const char *tables;
};

static enum status build_sql(struct workspace *workspace, struct arena *arena,
                             struct build_sql *out, struct error *error)
{
    const char **names = NULL;
    size_t count = 0;
    struct use_cases rules = {0};
    enum status status = facts_measures(workspace, arena, &names, &count, error);
    if (status == STATUS_OK)
        status = use_cases_read_file(arena, workspace_path(workspace, arena, "use_cases.yaml"),
                                     &rules, error);
    if (status == STATUS_OK)
        status = use_cases_compile(arena, workspace->engine, &rules, error);
    if (status != STATUS_OK)
        return status;
    const char *names_of_items = embedded_text("evidence/facts/name_links.sql");
    const char *parts = embedded_text("evidence/facts/facts_parts.sql");
    const char *tables = embedded_text("evidence/facts/facts.sql");
    *out = (struct build_sql){
        .links = arena_printf(arena, "%s%s", names_of_items,
                              embedded_text("evidence/facts/usage_link.sql")),
        .parts = TEXT_FILLED(arena, parts, {"measures", measure_columns(arena, names, count)}),
        .tables = TEXT_FILLED(arena, tables, {"use_case", rules.sql}),
    };
    return STATUS_OK;
}

/* Facts belong to a data version and to the SQL that makes them. */
static enum status fingerprint(struct workspace *workspace, struct arena *arena,
                               const struct build_sql *sql, const char **out, struct error *error)
{
    struct text all = {.arena = arena};
    int64_t version = 0;
    char digest[hash_hex_length + 1];
    enum status status = workspace_data_version(workspace, &version, error);
    text_addf(&all, "%lld\n%s\n%s\n%s", (long long)version, sql->links, sql->parts, sql->tables);
    hash_sha256(text_get(&all), all.length, digest);
    *out = arena_text(arena, digest);
    return status;
}

static enum status are_current(struct workspace *workspace, struct arena *arena, bool *out,
                               struct error *error)
{
    const char *built = "";
    const char *wanted = "";
    struct build_sql sql = {0};
    enum status status = workspace_get(workspace, "facts", arena, &built, error);
    if (status == STATUS_OK)
        status = build_sql(workspace, arena, &sql, error);
    if (status == STATUS_OK)
        status = fingerprint(workspace, arena, &sql, &wanted, error);
    /* A setting that the registry does not know yet has to be written there first. */
    if (status == STATUS_OK)
        *out = strcmp(built, wanted) == 0 && workspace->group_rule_known;
    return status;
}

/* ---- Building --------------------------------------------------------------------------- */

/* Writes the tables that are kept, inside a transaction. */
static enum status keep(struct workspace *workspace, const struct build_sql *sql,
                        struct arena *arena, struct error *error)
{
    const char *wanted = NULL;
    enum status status = engine_run(workspace->engine, sql->tables, error);
    if (status == STATUS_OK)
        status = fingerprint(workspace, arena, sql, &wanted, error);
    if (status == STATUS_OK)
        status = workspace_put(workspace, "facts", wanted, error);
    return status;
}

static enum status build(struct workspace *workspace, struct arena *arena, struct error *error)
{
    struct build_sql sql = {0};
    enum status status = build_sql(workspace, arena, &sql, error);
    /* The temporary tables come outside of a transaction: what was made in the same one is scanned
       by one thread only. */
    if (status == STATUS_OK)
        status = engine_run(workspace->engine, sql.links, error);
    if (status == STATUS_OK)
        status = engine_run(workspace->engine, sql.parts, error);
    if (status == STATUS_OK)
        status = engine_begin(workspace->engine, error);
    if (status != STATUS_OK)
        return status;
    status = keep(workspace, &sql, arena, error);
    if (status == STATUS_OK)
        status = engine_commit(workspace->engine, error);
    if (status != STATUS_OK)
        engine_rollback(workspace->engine);
    return status;
}

enum status facts_build(struct workspace *workspace, struct error *error)
{
    struct arena *arena = arena_create();
    bool current = false;
    enum status status = are_current(workspace, arena, &current, error);
    if (status == STATUS_OK && !current)
        status = build(workspace, arena, error);
    arena_destroy(arena);
    return status;
}

/* Alone for as long as building takes. Waits for other reports, which end or build the same facts;
   an import would have been met on opening for reading. */
static enum status build_alone(struct arena *arena, const char *folder, const char *command,
                               struct error *error)
{
    struct workspace *workspace = NULL;
    enum status status = workspace_open(arena, folder, true, true, command, &workspace, error);
    if (status == STATUS_OK)
        status = facts_build(workspace, error);
    workspace_close(workspace);
    if (status == ERROR_IO && error != NULL) { /* why an answer has to write */
        const size_t used = strlen(error->message);
        (void)snprintf(error->message + used, sizeof error->message - used,
                       " (data, rules or settings have changed since the items were last counted)");
    }
    return status;
}

enum status facts_open(struct arena *arena, const char *folder, bool wait, const char *command,
                       struct workspace **out, struct error *error)
{
    struct workspace *workspace = NULL;
    enum status status = STATUS_OK;
    bool current = false;
    /* An import may come in between building and reading: then once more. */
    for (int builds = 0; status == STATUS_OK; builds++) {
        status =
            workspace_open(arena, folder, false, wait || builds > 0, command, &workspace, error);
        if (status == STATUS_OK)
            status = are_current(workspace, arena, &current, error);
        if (status != STATUS_OK || current)
            break;
        workspace_close(workspace);
        workspace = NULL;
        status = builds < builds_most
                     ? build_alone(arena, folder, command, error)
                     : error_set(error, ERROR_BUSY,
                                 "the data change faster than they can be counted; try again when "
                                 "the imports are done");
    }
    if (status == STATUS_OK)
        status = moments_register(workspace->engine, error);
    if (status != STATUS_OK) {
        workspace_close(workspace);
        return status;
    }
    *out = workspace;
    return STATUS_OK;
}
