#include "engine/engine.h"

#include "check.h"
#include "engine/sql_text.h"

#include <unistd.h>

static struct error error;

static struct engine *open_memory(void)
{
    struct engine *engine = NULL;
    assert_ok(engine_open("duckdb::memory:", &(struct engine_options){0}, &engine, &error));
    return engine;
}

static void frames_carry_each_type_and_missing_values(void **state)
{
    (void)state;
    struct engine *engine = open_memory();
    struct arena *arena = arena_create();
    struct frame frame;
    assert_ok(engine_query(engine,
                           "select i, i * 0.5e0 as half, 'n' || i as name, i > 1 as big, "
                           "make_timestamp(i) as at_time, [i, 2.0]::double[] as both "
                           "from range(3) t(i) union all "
                           "select null, null, null, null, null, null",
                           ENGINE_NO_VALUES, arena, &frame, &error));
    assert_int_equal(frame.rows, 4);
    assert_int_equal(frame_integer(&frame, 2, 0), 2);
    assert_near(frame_number(&frame, 1, 1), 0.5, 0);
    assert_string_equal(frame_text(&frame, 2, 2), "n2");
    assert_int_equal(frame_integer(&frame, 2, 3), 1);
    assert_int_equal(frame_integer(&frame, 2, 4), 2);
    assert_int_equal(frame.columns[5].list_sizes[1], 2);
    assert_near(frame.columns[5].lists[1][0], 1, 0);
    assert_null(frame_text(&frame, 3, 2));
    assert_true(isnan(frame_number(&frame, 3, 1)));
    assert_non_null(frame_column(&frame, "half"));
    assert_null(frame_column(&frame, "quarter"));
    assert_ok(
        engine_query(engine, "select [1.5e0, null]", ENGINE_NO_VALUES, arena, &frame, &error));
    assert_near(frame.columns[0].lists[0][0], 1.5, 0);
    assert_true(isnan(frame.columns[0].lists[0][1]));
    assert_int_equal(
        engine_query(engine, "select [1, 2] as whole", ENGINE_NO_VALUES, arena, &frame, &error),
        ERROR_INTERNAL);
    arena_destroy(arena);
    engine_close(engine);
}

static void frames_longer_than_a_chunk_keep_every_row(void **state)
{
    (void)state;
    struct engine *engine = open_memory();
    struct arena *arena = arena_create();
    struct frame frame;
    assert_ok(engine_query(engine, "select i, 'x' || i from range(100000) t(i) order by i",
                           ENGINE_NO_VALUES, arena, &frame, &error));
    assert_int_equal(frame.rows, 100000);
    for (size_t i = 0; i < frame.rows; i++)
        assert_int_equal(frame_integer(&frame, i, 0), i);
    assert_string_equal(frame_text(&frame, 99999, 1), "x99999");
    arena_destroy(arena);
    engine_close(engine);
}

static void a_query_that_does_not_compress_is_an_error(void **state)
{
    (void)state;
    struct engine *engine = open_memory();
    struct arena *arena = arena_create();
    struct frame frame;
    assert_int_equal(engine_query(engine, "select i from range(2000001) t(i)", ENGINE_NO_VALUES,
                                  arena, &frame, &error),
                     ERROR_INTERNAL);
    arena_destroy(arena);
    engine_close(engine);
}

static void each_value_arrives_as_it_is_with_its_type(void **state)
{
    (void)state;
    static const double numbers[] = {0.1,  -1e-308, 4.9e-324, 1.7976931348623157e308,
                                     -0.0, INFINITY};
    static const int64_t integers[] = {0, -1, INT64_MAX, INT64_MIN + 1};
    static const char *const texts[] = {
        "it's", "'; drop table t; --", "$number", "-- $text", "/*", "\"", "a\\'b", "é",
        "",     "line\nline"};
    /* Where names pass through values are bound, else they are written. */
    for (int clear = 0; clear < 2; clear++) {
        struct engine *engine = NULL;
        assert_ok(engine_open("duckdb::memory:", &(struct engine_options){.clear_text = clear},
                              &engine, &error));
        struct arena *arena = arena_create();
        struct frame frame;
        for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
            assert_ok(engine_query(engine, "select $number, typeof($number), $number -1e0",
                                   ENGINE_VALUES(engine_number("number", numbers[i])), arena,
                                   &frame, &error));
            double got = frame_number(&frame, 0, 0);
            assert_memory_equal(&got, &numbers[i], sizeof got);
            assert_string_equal(frame_text(&frame, 0, 1), "DOUBLE");
            assert_true(frame_number(&frame, 0, 2) == numbers[i] - 1);
        }
        for (size_t i = 0; i < sizeof integers / sizeof integers[0]; i++) {
            assert_ok(engine_query(engine, "select $integer, typeof($integer), 0::bigint-$integer",
                                   ENGINE_VALUES(engine_integer("integer", integers[i])), arena,
                                   &frame, &error));
            assert_int_equal(frame_integer(&frame, 0, 0), integers[i]);
            assert_string_equal(frame_text(&frame, 0, 1), "BIGINT");
            assert_int_equal(frame_integer(&frame, 0, 2), -integers[i]);
        }
        for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
            assert_ok(engine_query(
                engine,
                "select $text -- it's $text\n, typeof($text), '$text ''$text' as \"$text\" /* ' "
                "$text "
                "*/, $text",
                ENGINE_VALUES(engine_text("text", texts[i]), engine_number("number", 1)), arena,
                &frame, &error));
            assert_string_equal(frame_text(&frame, 0, 0), texts[i]);
            assert_string_equal(frame_text(&frame, 0, 1), "VARCHAR");
            assert_string_equal(frame_text(&frame, 0, 2), "$text '$text");
            assert_non_null(frame_column(&frame, "$text"));
            assert_string_equal(frame_text(&frame, 0, 3), texts[i]);
        }
        assert_ok(engine_query(engine,
                               "select $yes, typeof($yes), $when, typeof($when), $none is null",
                               ENGINE_VALUES(engine_bool("yes", true), engine_time("when", -1),
                                             engine_null("none", ENGINE_TEXT)),
                               arena, &frame, &error));
        assert_int_equal(frame_integer(&frame, 0, 0), 1);
        assert_string_equal(frame_text(&frame, 0, 1), "BOOLEAN");
        assert_int_equal(frame_integer(&frame, 0, 2), -1);
        assert_string_equal(frame_text(&frame, 0, 3), "TIMESTAMP");
        assert_int_equal(frame_integer(&frame, 0, 4), 1);
        assert_int_equal(engine_query(engine, "select $text",
                                      ENGINE_VALUES(engine_text("text", "\xff")), arena, &frame,
                                      &error),
                         ERROR_INPUT);
        arena_destroy(arena);
        engine_close(engine);
    }
}

static void joined_values_stay_apart(void **state)
{
    (void)state;
    struct engine *engine = open_memory();
    struct arena *arena = arena_create();
    struct frame frame;
    assert_ok(engine_query(engine,
                           arena_printf(arena,
                                        "select count(distinct %s || '|' || %s), "
                                        "count(*) filter (%s = a) from (values ('a|b', 'c'), "
                                        "('a', 'b|c'), ('a', '|b'), ('a|', 'b'), ('a\\', '|b'), "
                                        "('a\\|', 'b')) t(a, b)",
                                        sql_joinable(arena, "a"), sql_joinable(arena, "b"),
                                        sql_joinable(arena, "a")),
                           ENGINE_NO_VALUES, arena, &frame, &error));
    assert_int_equal(frame_integer(&frame, 0, 0), 6);
    assert_int_equal(frame_integer(&frame, 0, 1), 2);
    arena_destroy(arena);
    engine_close(engine);
}

static void values_are_bound_by_name(void **state)
{
    (void)state;
    struct engine *engine = open_memory();
    struct arena *arena = arena_create();
    struct frame frame;
    assert_ok(engine_query(engine, "select $text || '!', $number + 1, $when > make_timestamp(5)",
                           ENGINE_VALUES(engine_number("number", 1.5), engine_text("text", "it's"),
                                         engine_time("when", 6), engine_text("unused", "x")),
                           arena, &frame, &error));
    assert_string_equal(frame_text(&frame, 0, 0), "it's!");
    assert_near(frame_number(&frame, 0, 1), 2.5, 0);
    assert_int_equal(frame_integer(&frame, 0, 2), 1);
    assert_int_equal(
        engine_query(engine, "select $missing", ENGINE_NO_VALUES, arena, &frame, &error),
        ERROR_ENGINE);
    arena_destroy(arena);
    engine_close(engine);
}

static void a_name_given_twice_is_refused_whether_bound_or_written(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct frame frame;
    for (int clear = 0; clear < 2; clear++) {
        struct engine *engine = NULL;
        assert_ok(engine_open("duckdb::memory:", &(struct engine_options){.clear_text = clear},
                              &engine, &error));
        assert_int_equal(engine_query(engine, "select $a",
                                      ENGINE_VALUES(engine_text("a", "first"), engine_text("b", ""),
                                                    engine_text("a", "second")),
                                      arena, &frame, &error),
                         ERROR_INTERNAL);
        engine_close(engine);
    }
    arena_destroy(arena);
}

static void rows_move_between_engines_and_a_rollback_keeps_none(void **state)
{
    (void)state;
    struct engine *from = open_memory();
    struct engine *to = open_memory();
    struct arena *arena = arena_create();
    struct frame frame;
    int64_t rows = 0;
    assert_ok(engine_run(to, "create table t(i bigint, m map(varchar, varchar))", &error));
    assert_ok(engine_begin(to, &error));
    assert_ok(engine_pipe(from, "select i, map {'k': 'v' || i} from range(5000) t(i)",
                          ENGINE_NO_VALUES, to, "t", &rows, &error));
    assert_int_equal(rows, 5000);
    assert_ok(engine_commit(to, &error));
    assert_ok(engine_begin(to, &error));
    assert_int_equal(engine_pipe(from,
                                 "select (case when i < 4000 then i else error('no') end)::bigint, "
                                 "null::map(varchar, varchar) from range(5000) t(i)",
                                 ENGINE_NO_VALUES, to, "t", &rows, &error),
                     ERROR_ENGINE);
    engine_rollback(to);
    assert_ok(engine_query(to, "select count(*), max(m['k']) from t", ENGINE_NO_VALUES, arena,
                           &frame, &error));
    assert_int_equal(frame_integer(&frame, 0, 0), 5000);
    assert_string_equal(frame_text(&frame, 0, 1), "v999");
    arena_destroy(arena);
    engine_close(from);
    engine_close(to);
}

static void a_pipe_ends_where_its_rows_are_not_taken(void **state)
{
    (void)state;
    struct engine *from = open_memory();
    struct engine *to = open_memory();
    struct arena *arena = arena_create();
    struct frame frame;
    assert_ok(engine_run(to, "create table t(i bigint not null)", &error));
    assert_ok(engine_begin(to, &error));
    assert_int_equal(engine_pipe(from, "select nullif(i, 300000)::bigint from range(3000000) t(i)",
                                 ENGINE_NO_VALUES, to, "t", NULL, &error),
                     ERROR_ENGINE);
    engine_rollback(to);
    assert_ok(engine_query(from, "select 1", ENGINE_NO_VALUES, arena, &frame, &error));
    assert_ok(engine_query(to, "select count(*) from t", ENGINE_NO_VALUES, arena, &frame, &error));
    assert_int_equal(frame_integer(&frame, 0, 0), 0);
    arena_destroy(arena);
    engine_close(from);
    engine_close(to);
}

static void appended_rows_arrive(void **state)
{
    (void)state;
    struct engine *engine = open_memory();
    struct arena *arena = arena_create();
    struct frame frame;
    struct engine_appender *appender = NULL;
    assert_ok(engine_run(engine, "create table t(name varchar, n bigint, x double, w timestamp)",
                         &error));
    assert_ok(engine_appender_open(engine, "t", &appender, &error));
    for (int i = 0; i < 3000; i++) {
        struct engine_value row[] = {engine_text("", i % 2 == 0 ? "even" : NULL),
                                     engine_integer("", i), engine_number("", i / 2.0),
                                     engine_time("", i)};
        assert_ok(engine_append(appender, row, 4, &error));
    }
    assert_ok(engine_appender_close(appender, &error));
    assert_ok(engine_query(engine, "select count(*), count(name), sum(x) from t", ENGINE_NO_VALUES,
                           arena, &frame, &error));
    assert_int_equal(frame_integer(&frame, 0, 0), 3000);
    assert_int_equal(frame_integer(&frame, 0, 1), 1500);
    assert_near(frame_number(&frame, 0, 2), 2249250, 0);
    arena_destroy(arena);
    engine_close(engine);
}

/* An aggregate that a reader can follow: the sum of products of its arguments. */
static size_t one_number(size_t k)
{
    (void)k;
    return sizeof(double);
}

static void start_at_zero(size_t k, void *state)
{
    (void)k;
    memset(state, 0, sizeof(double));
}

static void add_products(size_t k, size_t rows, const double *const *columns, void *const *states)
{
    for (size_t row = 0; row < rows; row++) {
        double product = 1;
        for (size_t j = 0; j < k; j++)
            product *= columns[j][row];
        *(double *)states[row] += product;
    }
}

static void add_states(size_t k, const void *from, void *into)
{
    (void)k;
    *(double *)into += *(const double *)from;
}

static size_t one(size_t k)
{
    (void)k;
    return 1;
}

static bool give(size_t k, const void *state, double *result)
{
    (void)k;
    *result = *(const double *)state;
    return true;
}

static void aggregates_of_ours_skip_missing_rows_and_merge(void **state)
{
    (void)state;
    struct engine *engine = open_memory();
    struct arena *arena = arena_create();
    struct frame frame;
    const struct engine_aggregate products = {"products",   3,          one_number, start_at_zero,
                                              add_products, add_states, one,        give};
    assert_ok(engine_register_aggregate(engine, &products, &error));
    assert_ok(engine_query(engine,
                           "select i % 700 as g, products(i, case when i % 3 = 0 then null else 2 "
                           "end)[1], sum(case when i % 3 = 0 then null else i * 2 end)::double "
                           "from range(300000) t(i) group by g order by g",
                           ENGINE_NO_VALUES, arena, &frame, &error));
    assert_int_equal(frame.rows, 700);
    for (size_t i = 0; i < frame.rows; i++)
        assert_near(frame_number(&frame, i, 1), frame_number(&frame, i, 2), 1e-6);
    arena_destroy(arena);
    engine_close(engine);
}

static void nothing_outside_can_be_reached(void **state)
{
    (void)state;
    struct engine *engine = open_memory();
    static const char *const attempts[] = {
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('/etc/passwd')",
        "copy (select 1) to '/tmp/assay-test-out.csv'",
        "attach '/tmp/assay-test.db' as other",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "set memory_limit = '1GB'",
    };
    for (size_t i = 0; i < sizeof attempts / sizeof attempts[0]; i++)
        assert_int_equal(engine_run(engine, attempts[i], &error), ERROR_ENGINE);
    assert_int_not_equal(access("/tmp/assay-test-out.csv", F_OK), 0);
    engine_close(engine);
}

static void errors_of_an_engine_with_clear_text_quote_no_values(void **state)
{
    (void)state;
    struct engine *engine = NULL;
    assert_ok(engine_open("duckdb::memory:", &(struct engine_options){.clear_text = true}, &engine,
                          &error));
    assert_int_equal(engine_run(engine, "select 'Ada Lovelace'::double", &error), ERROR_ENGINE);
    assert_null(strstr(error.message, "Lovelace"));
    assert_int_equal(engine_run(engine, "select nothing_here", &error), ERROR_ENGINE);
    assert_non_null(strstr(error.message, "nothing_here"));
    engine_close(engine);
}

static void a_file_that_is_no_database_is_left_alone(void **state)
{
    (void)state;
    char path[] = "/tmp/assay-engine-XXXXXX";
    int file = mkstemp(path);
    assert_true(write(file, "item_id,opened_at\n1,2026-01-01\n", 31) == 31);
    (void)close(file);
    char uri[64];
    (void)snprintf(uri, sizeof uri, "duckdb:%s", path);
    struct engine *engine = NULL;
    assert_int_equal(engine_open(uri, &(struct engine_options){0}, &engine, &error), ERROR_INPUT);
    (void)unlink(path);
}

static void numbers_come_back_from_sql_as_the_same_doubles(void **state)
{
    (void)state;
    static const double numbers[] = {0,
                                     1,
                                     -1,
                                     0.1,
                                     -7.55e-6,
                                     1e-8,
                                     5e-324,
                                     1e17,
                                     1e20,
                                     1.0 / 3,
                                     12345678901234567.0,
                                     1.7e308,
                                     -2e-9,
                                     1e15 / 7,
                                     2.5e-17};
    struct engine *engine = open_memory();
    struct arena *arena = arena_create();
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        struct frame frame;
        const char *number = sql_number(arena, numbers[i]);
        assert_ok(engine_query(engine,
                               arena_printf(arena, "select 0e0 - %s, typeof(%s)", number, number),
                               ENGINE_NO_VALUES, arena, &frame, &error));
        assert_near(frame_number(&frame, 0, 0), -numbers[i], 0);
        assert_string_equal(frame_text(&frame, 0, 1), "DOUBLE");
    }
    arena_destroy(arena);
    engine_close(engine);
}

static void names_and_texts_stay_inside_their_quotes(void **state)
{
    (void)state;
    struct engine *engine = open_memory();
    struct arena *arena = arena_create();
    static const char odd[] = "it's a \"name\"; drop table x; --";
    struct frame frame;
    assert_ok(engine_query(
        engine,
        arena_printf(arena, "select %s as %s", sql_literal(arena, odd), sql_name(arena, odd)),
        ENGINE_NO_VALUES, arena, &frame, &error));
    assert_string_equal(frame_text(&frame, 0, 0), odd);
    assert_non_null(frame_column(&frame, odd));
    arena_destroy(arena);
    engine_close(engine);
}

static int64_t counted(struct engine *engine, struct arena *arena, const char *table)
{
    struct frame frame;
    assert_ok(engine_query(engine, arena_printf(arena, "select count(*) from %s", table),
                           ENGINE_NO_VALUES, arena, &frame, &error));
    return frame_integer(&frame, 0, 0);
}

static double drawn(struct engine *engine, struct arena *arena, int64_t plus)
{
    struct frame frame;
    assert_ok(engine_query(engine, "select $plus::integer + random()",
                           ENGINE_VALUES(engine_integer("plus", plus)), arena, &frame, &error));
    return frame_number(&frame, 0, 0);
}

static void the_same_question_has_the_same_answer_while_it_is_remembered(void **state)
{
    (void)state;
    struct engine *engine = open_memory();
    struct arena *arena = arena_create();
    engine_remember(engine, arena);
    double first = drawn(engine, arena, 1);
    assert_near(drawn(engine, arena, 1), first, 0);
    assert_true(drawn(engine, arena, 2) >= 2); /* another value is another question */
    engine_forget(engine);
    assert_true(drawn(engine, arena, 1) != first);
    arena_destroy(arena);
    engine_close(engine);
}

static void whatever_is_written_is_seen_by_what_is_remembered(void **state)
{
    (void)state;
    struct engine *engine = open_memory();
    struct arena *arena = arena_create();
    struct engine_appender *appender = NULL;
    const struct engine_value row[] = {engine_integer("", 3)};
    const char *make = "create or replace temp table passing as select unnest(range($n::integer))";
    assert_ok(engine_run(engine, "create table kept (i integer)", &error));
    engine_remember(engine, arena);
    assert_int_equal(counted(engine, arena, "kept"), 0);
    assert_ok(engine_run(engine, "insert into kept values (1)", &error));
    assert_int_equal(counted(engine, arena, "kept"), 1);
    assert_ok(engine_execute(engine, "insert into kept values ($i)",
                             ENGINE_VALUES(engine_integer("i", 2)), NULL, &error));
    assert_int_equal(counted(engine, arena, "kept"), 2);
    assert_ok(engine_appender_open(engine, "kept", &appender, &error));
    assert_ok(engine_append(appender, row, 1, &error));
    assert_ok(engine_appender_close(appender, &error));
    assert_int_equal(counted(engine, arena, "kept"), 3);
    /* A temporary table that is made anew is another one; of others what is known stays so. */
    double before = drawn(engine, arena, 1);
    for (int64_t n = 1; n < 4; n++) {
        assert_ok(engine_make_temporary(engine, "passing", make,
                                        ENGINE_VALUES(engine_integer("n", n)), &error));
        assert_int_equal(counted(engine, arena, "passing"), n);
    }
    assert_near(drawn(engine, arena, 1), before, 0);
    assert_ok(engine_make_temporary(engine, "passing", make, ENGINE_VALUES(engine_integer("n", 0)),
                                    &error));
    assert_ok(engine_appender_open(engine, "temp.passing", &appender, &error));
    assert_int_equal(counted(engine, arena, "passing"), 0);
    assert_ok(engine_append(appender, row, 1, &error));
    assert_ok(engine_appender_close(appender, &error));
    assert_int_equal(counted(engine, arena, "passing"), 1);
    arena_destroy(arena);
    engine_close(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_carry_each_type_and_missing_values),
        cmocka_unit_test(frames_longer_than_a_chunk_keep_every_row),
        cmocka_unit_test(a_query_that_does_not_compress_is_an_error),
        cmocka_unit_test(each_value_arrives_as_it_is_with_its_type),
        cmocka_unit_test(joined_values_stay_apart),
        cmocka_unit_test(values_are_bound_by_name),
        cmocka_unit_test(a_name_given_twice_is_refused_whether_bound_or_written),
        cmocka_unit_test(numbers_come_back_from_sql_as_the_same_doubles),
        cmocka_unit_test(names_and_texts_stay_inside_their_quotes),
        cmocka_unit_test(rows_move_between_engines_and_a_rollback_keeps_none),
        cmocka_unit_test(a_pipe_ends_where_its_rows_are_not_taken),
        cmocka_unit_test(appended_rows_arrive),
        cmocka_unit_test(aggregates_of_ours_skip_missing_rows_and_merge),
        cmocka_unit_test(nothing_outside_can_be_reached),
        cmocka_unit_test(errors_of_an_engine_with_clear_text_quote_no_values),
        cmocka_unit_test(a_file_that_is_no_database_is_left_alone),
        cmocka_unit_test(the_same_question_has_the_same_answer_while_it_is_remembered),
        cmocka_unit_test(whatever_is_written_is_seen_by_what_is_remembered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
