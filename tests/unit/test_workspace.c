/* A workspace over time: older and newer tables, and who may open it beside whom. */

#include "workspace_fixture.h"

#include "workspace/schema.h"

static const char *test_migration(struct arena *arena, long to)
{
    (void)arena;
    static const char *const migrations[] = {
        NULL,
        NULL,
        NULL,
        NULL,
        NULL,
        "alter table item add column colour varchar",
        "update item set colour = 'red'; create table more (x integer)",
        "select no_such_function()"};
    return to < 8 ? migrations[to] : NULL;
}

static void migrations_run_one_after_the_other_and_the_number_is_noted(void **state)
{
    (void)state;
    struct fixture f = fixture_open(true);
    fixture_run(&f, "insert into item (item_id, source, state) values ('t:1', 't', 'open')");
    assert_ok(schema_bring_forward(f.workspace->engine, 4, 6, test_migration, &error));
    assert_string_equal(fixture_text(&f, "select colour from item"), "red");
    assert_near(fixture_number(&f, "select count(*) from more"), 0, 0);
    assert_string_equal(
        fixture_text(&f, "select value from about_workspace where thing = 'schema'"), "6");
    fixture_close(&f);
}

static void a_migration_that_fails_changes_nothing(void **state)
{
    (void)state;
    struct fixture f = fixture_open(true);
    assert_int_equal(schema_bring_forward(f.workspace->engine, 4, 7, test_migration, &error),
                     ERROR_ENGINE);
    assert_string_equal(
        fixture_text(&f, "select value from about_workspace where thing = 'schema'"), "4");
    assert_near(
        fixture_number(&f, "select count(*) from duckdb_columns() where column_name = 'colour'"), 0,
        0);
    fixture_close(&f);
}

static void set_schema(struct fixture *fixture, const char *version)
{
    assert_ok(workspace_put(fixture->workspace, "schema", version, &error));
    workspace_close(fixture->workspace);
    fixture->workspace = NULL;
}

static void an_older_schema_is_brought_forward_also_by_those_who_only_read(void **state)
{
    (void)state;
    struct fixture f = fixture_open(true);
    set_schema(&f, "0");
    /* There is no migration to the first schema: that it is looked for shows that the workspace
       was opened for writing. */
    for (int write = 0; write < 2; write++) {
        assert_int_equal(
            workspace_open(f.arena, f.path, write != 0, false, "test", &f.workspace, &error),
            ERROR_INTERNAL);
        assert_string_equal(error.message, "no migration to schema 1");
    }
    fixture_close(&f);
}

static void a_workspace_of_the_first_schema_gets_the_table_of_draws(void **state)
{
    (void)state;
    struct fixture f = fixture_open(true);
    fixture_run(&f, "drop table draw");
    set_schema(&f, "1");
    assert_ok(workspace_open(f.arena, f.path, true, false, "test", &f.workspace, &error));
    fixture_run(&f, "insert into draw (plan, stratum, units) values ('p', '', 4)");
    assert_string_equal(
        fixture_text(&f, "select value from about_workspace where thing = 'schema'"), "4");
    fixture_close(&f);
}

static void links_of_the_second_schema_give_way_to_the_view(void **state)
{
    (void)state;
    struct fixture f = fixture_open(true);
    fixture_run(&f, "insert into item (item_id, source, state) values ('t:1', 't', 'open');"
                    "insert into usage (usage_id, occurred_at, grain, item_id, status) values"
                    " ('u:1', '2026-01-01', 'call', 't:1', 'ok'),"
                    " ('u:2', '2026-01-01', 'call', 't:2', 'ok');"
                    "create table usage_link (usage_id varchar, item_id varchar, weight double,"
                    " kind varchar)");
    set_schema(&f, "2");
    assert_ok(workspace_open(f.arena, f.path, true, false, "test", &f.workspace, &error));
    assert_ok(facts_build(f.workspace, &error));
    assert_string_equal(
        fixture_text(&f, "select string_agg(kind, ' ' order by usage_id) from usage_link"),
        "explicit dangling");
    fixture_close(&f);
}

static void a_newer_schema_is_refused_with_both_numbers(void **state)
{
    (void)state;
    struct fixture f = fixture_open(true);
    set_schema(&f, "99");
    for (int write = 0; write < 2; write++) {
        assert_int_equal(
            workspace_open(f.arena, f.path, write != 0, false, "test", &f.workspace, &error),
            ERROR_INPUT);
        assert_string_equal(error.place, f.path);
        assert_string_equal(error.message,
                            "made by a newer assay (schema 99, this one knows 4); update assay");
    }
    fixture_close(&f);
}

static void what_is_put_again_is_there_once(void **state)
{
    (void)state;
    struct fixture f = fixture_open(true);
    const char *value = NULL;
    assert_ok(workspace_put(f.workspace, "colour", "red", &error));
    assert_ok(workspace_put(f.workspace, "colour", "it's blue", &error));
    assert_ok(workspace_get(f.workspace, "colour", f.arena, &value, &error));
    assert_string_equal(value, "it's blue");
    assert_near(fixture_number(&f, "select count(*) from about_workspace where thing = 'colour'"),
                1, 0);
    fixture_close(&f);
}

static void facts_are_built_alone_and_read_beside_others(void **state)
{
    (void)state;
    struct fixture f = fixture_open(true);
    struct workspace *other = NULL;
    fixture_run(&f, "insert into item (item_id, source, state) values ('t:1', 't', 'open')");
    assert_ok(workspace_bump_data_version(f.workspace, &error));
    workspace_close(f.workspace);
    assert_ok(facts_open(f.arena, f.path, false, "test", &f.workspace, &error));
    assert_false(f.workspace->writable);
    assert_near(fixture_number(&f, "select count(*) from facts"), 1, 0);
    assert_ok(facts_open(f.arena, f.path, false, "test", &other, &error));
    workspace_close(other);
    assert_int_equal(workspace_open(f.arena, f.path, true, false, "test", &other, &error),
                     ERROR_BUSY);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(migrations_run_one_after_the_other_and_the_number_is_noted),
        cmocka_unit_test(a_migration_that_fails_changes_nothing),
        cmocka_unit_test(an_older_schema_is_brought_forward_also_by_those_who_only_read),
        cmocka_unit_test(what_is_put_again_is_there_once),
        cmocka_unit_test(facts_are_built_alone_and_read_beside_others),
        cmocka_unit_test(a_workspace_of_the_first_schema_gets_the_table_of_draws),
        cmocka_unit_test(links_of_the_second_schema_give_way_to_the_view),
        cmocka_unit_test(a_newer_schema_is_refused_with_both_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
