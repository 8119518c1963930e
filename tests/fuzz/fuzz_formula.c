/* Fuzzing the formula compiler: whatever it accepts must come back from the engine's parser as one
   expression, the same whether it stands alone or inside a larger statement, and must bind against
   facts. So no accepted text can reach out of its place.

   clang -g -O1 -fsanitize=fuzzer,address -Isrc -Iinclude -isystem .deps/engine/include
     tests/fuzz/fuzz_formula.c src/base/{arena,error,place,text,utf8}.c src/model/formula*.c
     src/model/measures.c src/engine/duckdb*.c -ljansson -L.deps/engine/lib -lduckdb -lm */

#include "model/formula.h"

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct engine *engine;

static const char facts_sql[] =
    "create table facts (item_id varchar, source varchar, use_case varchar, worker varchar,"
    " team varchar, role varchar, size bigint, opened_at timestamp, started_at timestamp,"
    " first_closed_at timestamp, closed_at timestamp, state varchar, covered boolean,"
    " ai_declared varchar, ai_first_at timestamp, calls bigint, calls_inferred double,"
    " input_tokens bigint, output_tokens bigint, usd double, usd_inferred double, usd_per_hour "
    "double, tool varchar,"
    " model varchar, steps integer, ai_steps integer, attrs map(varchar, varchar),"
    " m_satisfaction double, m_reopened double);"
    "insert into facts (item_id, source, team, size, opened_at, closed_at, covered, calls, attrs,"
    " m_satisfaction) values ('a', 's', 'it''s', 0, '2026-01-01', '2026-01-02', true, 3,"
    " map {'k': 'v'}, 0.5), ('b', null, null, -1, null, null, null, null, null, null)";

static void fail(const char *what, const char *text)
{
    (void)fprintf(stderr, "%s\n%s\n", what, text);
    abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    struct error error;
    struct engine_options options = {.threads = 1};
    if (engine_open("duckdb::memory:", &options, &engine, &error) != STATUS_OK ||
        engine_run(engine, facts_sql, &error) != STATUS_OK)
        fail("cannot open the engine", error.message);
    return 0;
}

/* The first expression of a statement, without places and alias. */
static json_t *first_expression(struct arena *arena, const char *statement)
{
    struct frame frame;
    struct error error;
    if (engine_query(engine, "select json_serialize_sql($text::varchar)::varchar",
                     ENGINE_VALUES(engine_text("text", statement)), arena, &frame,
                     &error) != STATUS_OK)
        fail(error.message, statement);
    json_t *tree = json_loads(frame_text(&frame, 0, 0), JSON_DECODE_INT_AS_REAL, NULL);
    json_t *node = json_object_get(json_array_get(json_object_get(tree, "statements"), 0), "node");
    json_t *expression = json_array_get(json_object_get(node, "select_list"), 0);
    if (expression == NULL || json_array_size(json_object_get(tree, "statements")) != 1)
        fail("the compiled SQL is not one statement", statement);
    json_incref(expression);
    json_decref(tree);
    (void)json_object_set_new(expression, "alias", json_string(""));
    return expression;
}

static void drop_places(json_t *json)
{
    if (json_is_array(json)) {
        for (size_t i = 0; i < json_array_size(json); i++)
            drop_places(json_array_get(json, i));
        return;
    }
    (void)json_object_del(json, "query_location");
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach(json, key, value) drop_places(value);
}

static void check_sql(struct arena *arena, const char *sql)
{
    json_t *alone = first_expression(arena, arena_printf(arena, "select %s", sql));
    json_t *inside = first_expression(
        arena, arena_printf(arena,
                            "select %s as value, count(*) from facts where %s is not null "
                            "group by all -- '\n",
                            sql, sql));
    drop_places(alone);
    drop_places(inside);
    if (!json_equal(alone, inside))
        fail("the tree changed where it was embedded", sql);
    json_decref(alone);
    json_decref(inside);
}

/* In the engine's result: defined_sql is never missing, and a number is never infinite. */
static void check_values(struct arena *arena, const struct formula *formula)
{
    struct frame frame;
    struct error error;
    bool number = formula->type == FORMULA_NUMBER;
    const char *sql = arena_printf(
        arena, "select count(*) filter (where (%s) is null)::bigint, %s from facts",
        formula->defined_sql,
        number && formula->can_be_undefined
            ? arena_printf(arena, "count(*) filter (where not isfinite(%s))::bigint", formula->sql)
            : arena_printf(arena, "count(%s)::bigint * 0", formula->sql));
    if (engine_query(engine, sql, ENGINE_NO_VALUES, arena, &frame, &error) != STATUS_OK)
        fail(error.message, sql);
    if (frame_integer(&frame, 0, 0) != 0 || frame_integer(&frame, 0, 1) != 0)
        fail("defined_sql is missing, or a value is infinite", sql);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const measures[] = {"satisfaction", "reopened"};
    struct arena *arena = arena_create();
    struct formula_names names = formula_names_of(arena, measures, 2);
    struct place place = {.file = "--fuzz"};
    struct formula formula;
    struct error error = {.status = STATUS_OK};
    char *text = arena_text_n(arena, (const char *)data, size);
    enum status status = formula_compile(arena, engine, &names, FORMULA_DUCKDB, text, size, &place,
                                         &formula, &error);
    if (status == STATUS_OK) {
        for (size_t i = 0; i < formula.used_count; i++)
            if (strcmp(formula.used[i], "worker") == 0 || strcmp(formula.used[i], "item_id") == 0)
                fail("a route to a worker", text);
        if (strstr(formula.sql, "\"worker\"") != NULL && strstr(text, "\"worker\"") == NULL)
            fail("a route to a worker", formula.sql);
        check_sql(arena, formula.sql);
        check_sql(arena, formula.defined_sql);
        check_values(arena, &formula);
    } else if (status != ERROR_INPUT || error.message[0] == '\0') {
        fail(error.message, text);
    }
    arena_destroy(arena);
    return 0;
}
