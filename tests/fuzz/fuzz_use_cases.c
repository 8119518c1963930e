/* use_cases.yaml of any bytes, read and compiled: what is taken is one expression that the engine
   runs over facts; all else is the user's error, with its place. */

#include "model/use_case.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct engine *engine;

/* What an item is before anybody used an AI; a rule that reaches past that does not bind. */
static const char facts_sql[] =
    "create table facts (source varchar, use_case varchar, team varchar, role varchar,"
    " size bigint, opened_at timestamp, started_at timestamp, attrs map(varchar, varchar));"
    "insert into facts (source, team, size, opened_at, attrs)"
    " values ('zendesk', 'it''s', 0, '2026-01-01', map {'group': 'Billing'}), (null, null, null,"
    " null, null)";

static void fail(const char *what, const char *text)
{
    (void)fprintf(stderr, "%s\n%s\n", what, text);
    abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    const struct engine_options options = {.threads = 1};
    struct error error;
    if (engine_open("duckdb::memory:", &options, &engine, &error) != STATUS_OK ||
        engine_run(engine, facts_sql, &error) != STATUS_OK)
        fail("cannot open the engine", error.message);
    return 0;
}

static void check(struct arena *arena, const struct use_cases *cases)
{
    struct frame frame;
    struct error error;
    const char *sql = arena_printf(arena, "select %s from facts", cases->sql);
    for (size_t i = 0; i < cases->count; i++)
        if (!use_case_is_name(cases->list[i].name))
            fail("no name of a use case", cases->list[i].name);
    if (engine_query(engine, sql, ENGINE_NO_VALUES, arena, &frame, &error) != STATUS_OK)
        fail(error.message, sql);
    for (size_t row = 0; row < frame.rows; row++)
        if (frame_text(&frame, row, 0) != NULL && !use_case_is_name(frame_text(&frame, row, 0)))
            fail("an item got no name of a use case", sql);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create();
    struct yaml *root = NULL;
    struct use_cases cases;
    struct error error = {.status = STATUS_OK};
    enum status status =
        yaml_read(arena, "use_cases.yaml", (const char *)data, size, &root, &error);
    if (status == STATUS_OK)
        status = use_cases_read(arena, root, &cases, &error);
    if (status == STATUS_OK)
        status = use_cases_compile(arena, engine, &cases, &error);
    if (status == STATUS_OK)
        check(arena, &cases);
    else if (status != ERROR_INPUT || error.message[0] == '\0' || error.place[0] == '\0')
        fail("an error without its place", error.message);
    arena_destroy(arena);
    return 0;
}
