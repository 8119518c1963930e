/* Who is removed with a person, and who is not. */

#include "workspace_fixture.h"

#include "base/file.h"
#include "base/text.h"
#include "collect/forget.h"

#include <unistd.h>

/* The pseudonym of a name that is written in small letters. */
static const char *known_as(struct fixture *fixture, const char *name)
{
    char *digits = arena_alloc(fixture->arena, 17);
    assert_ok(workspace_read_key(fixture->workspace, fixture->arena, &error));
    hash_pseudonym(&fixture->workspace->key, name, strlen(name), digits);
    return digits;
}

/* Runs SQL in which {ann}, {bob} and {login} (another name of ann's) stand for pseudonyms. */
static void fill(struct fixture *fixture, const char *sql)
{
    fixture_run(fixture, TEXT_FILLED(fixture->arena, sql, {"ann", known_as(fixture, "ann")},
                                     {"bob", known_as(fixture, "bob")},
                                     {"login", known_as(fixture, "ann@example.com")}));
}

static const char two_people[] =
    "insert into item(item_id, source, worker, state) values ('g:1', 'g', '{ann}', 'done'), "
    "('g:2', 'g', '{bob}', 'done'), ('g:3', 'g', '{login}', 'done'), ('g:4', 'g', null, 'done'), "
    "('g:5', 'g', '{bob}', 'done');"
    "insert into link values ('g:branch', 'g:1'), ('g:5', 'g:1'), ('g:3', 'g:2'), "
    "('g:other', 'g:2');"
    "insert into measure values ('g:1', 'errors', null, 1, 'm'), ('g:branch', 'errors', null, 1, "
    "'m'), ('g:5', 'errors', null, 1, 'm'), ('g:2', 'errors', null, 1, 'm');"
    "insert into step values ('g:1', '2026-07-01', 'a', '{bob}', false), ('g:2', '2026-07-01', "
    "'a', '{ann}', false), ('g:2', '2026-07-01', 'b', '{bob}', false);"
    "insert into review values ('a', 'g:2', '{login}', 'c', 1, true, null), ('a', 'g:1', '{bob}', "
    "'c', 1, true, null), ('a', 'g:2', '{bob}', 'c', 1, true, null);"
    "insert into usage(usage_id, occurred_at, grain, worker, item_id, session, status) values "
    "('u:1', '2026-07-01', 'call', '{ann}', null, 's', 'ok'), "
    "('u:2', '2026-07-01', 'call', '{login}', 'g:2', null, 'ok'), "
    "('u:3', '2026-07-01', 'call', null, 'g:branch', null, 'ok'), "
    "('u:4', '2026-07-01', 'call', null, null, 's', 'ok'), "
    "('v:4', '2026-07-01', 'call', null, null, 's', 'ok'), "
    "('u:5', '2026-07-01', 'call', '{bob}', 'g:1', 's', 'ok'), "
    "('u:6', '2026-07-01', 'call', '{bob}', 'g:2', null, 'ok'), "
    "('u:7', '2026-07-01', 'call', null, 'g:2', null, 'ok');"
    "insert into membership(worker, team) values ('{ann}', 't'), ('{bob}', 't');"
    "insert into alias values ('{login}', '{ann}');"
    "insert into seat(worker, tool) values ('{ann}', 'x'), ('{bob}', 'x');"
    "insert into assignment(plan, unit_kind, unit, arm) values ('p', 'worker', '{login}', 'ai'), "
    "('p', 'item', 'g:1', 'ai'), ('p', 'item', 'g:2', 'ai'), ('p', 'worker', '{bob}', 'ai'), "
    "('p', 'team', 't', 'ai');";

static struct forget_result forget(struct fixture *fixture, const char *names, bool dry_run)
{
    const char *path = arena_printf(fixture->arena, "%s/names", fixture->folder);
    struct forget_result result;
    assert_ok(file_write(path, names, strlen(names), 0600, &error));
    assert_ok(forget_people(fixture->workspace,
                            &(struct forget_request){.path = path, .dry_run = dry_run},
                            fixture->arena, &result, &error));
    return result;
}

static const char *ids(struct fixture *fixture, const char *table, const char *column)
{
    return fixture_text(fixture,
                        arena_printf(fixture->arena,
                                     "select coalesce(string_agg(x, ' ' order by x), '') from "
                                     "(select %s as x from %s)",
                                     column, table));
}

static void a_person_goes_with_items_calls_and_names_and_nobody_else_does(void **state)
{
    (void)state;
    struct fixture fixture = fixture_open(true);
    fill(&fixture, two_people);
    struct forget_result result = forget(&fixture, "\xef\xbb\xbf ANN \r\n\nNobody\n", false);
    assert_int_equal(result.given, 2);
    assert_int_equal(result.found, 1);
    assert_int_equal(result.pseudonyms, 2);
    assert_int_equal(result.calls_of_others, 1);
    assert_string_equal(ids(&fixture, "item", "item_id"), "g:2 g:4 g:5");
    assert_string_equal(ids(&fixture, "link", "other_id"), "g:other");
    assert_string_equal(ids(&fixture, "measure", "item_id"), "g:2 g:5");
    assert_string_equal(ids(&fixture, "usage", "usage_id"), "u:5 u:6 u:7 v:4");
    assert_string_equal(ids(&fixture, "usage", "coalesce(item_id, '-')"),
                        "- forgotten:item g:2 g:2");
    assert_string_equal(ids(&fixture, "step", "step"), "b");
    assert_string_equal(ids(&fixture, "assignment", "unit_kind"), "item team worker");
    assert_near(fixture_number(&fixture, "select count(*) from review"), 1, 0);
    assert_near(fixture_number(&fixture, "select count(*) from membership"), 1, 0);
    assert_near(fixture_number(&fixture, "select count(*) from seat"), 1, 0);
    assert_near(fixture_number(&fixture, "select count(*) from alias"), 0, 0);
    assert_ok(facts_build(fixture.workspace, &error));
    assert_near(fixture_number(&fixture, "select count(*) from facts"), 3, 0);
    fixture_close(&fixture);
}

static void a_further_name_finds_the_person_as_well(void **state)
{
    (void)state;
    struct fixture fixture = fixture_open(true);
    fill(&fixture, two_people);
    struct forget_result result = forget(&fixture, "ann@example.com\n", true);
    assert_int_equal(result.found, 1);
    assert_int_equal(result.pseudonyms, 2);
    assert_int_equal(result.removed[0].rows, 2);
    fixture_close(&fixture);
}

static void a_dry_run_and_unknown_names_change_nothing(void **state)
{
    (void)state;
    struct fixture fixture = fixture_open(true);
    fill(&fixture, two_people);
    struct forget_result counted = forget(&fixture, "ann", true);
    assert_int_equal(counted.removed[1].rows, 4);
    assert_int_equal(forget(&fixture, "carol\ndave\n", false).found, 0);
    assert_near(fixture_number(&fixture, "select count(*) from item"), 5, 0);
    assert_near(fixture_number(&fixture, "select count(*) from usage"), 8, 0);
    assert_int_equal(fixture.workspace->registry.lines, 1);
    fixture_close(&fixture);
}

static void the_registry_says_how_many_and_the_workspace_opens_again(void **state)
{
    (void)state;
    struct fixture fixture = fixture_open(true);
    char *text = NULL;
    fill(&fixture, two_people);
    (void)forget(&fixture, "ann\n", false);
    assert_ok(file_read(fixture.arena,
                        workspace_path(fixture.workspace, fixture.arena, "registry.jsonl"), 10000,
                        &text, NULL, &error));
    assert_non_null(strstr(text, "\"kind\":\"forget\""));
    assert_non_null(strstr(text, "\"names\":1}"));
    assert_null(strstr(text, known_as(&fixture, "ann")));
    workspace_close(fixture.workspace);
    assert_ok(workspace_open(fixture.arena, fixture.path, true, false, "test", &fixture.workspace,
                             &error));
    assert_int_equal(fixture.workspace->registry.lines, 2);
    assert_near(fixture_number(&fixture, "select count(*) from item"), 3, 0);
    fixture_close(&fixture);
}

static void a_line_that_is_no_text_is_named_and_not_quoted(void **state)
{
    (void)state;
    struct fixture fixture = fixture_open(true);
    const char *path = arena_printf(fixture.arena, "%s/names", fixture.folder);
    struct forget_result result;
    assert_ok(file_write(path, "ann\nSecret\xff\n", 12, 0600, &error));
    assert_int_equal(forget_people(fixture.workspace, &(struct forget_request){.path = path},
                                   fixture.arena, &result, &error),
                     ERROR_INPUT);
    assert_non_null(strstr(error.place, "names:2"));
    assert_null(strstr(error.message, "Secret"));
    assert_ok(file_write(path, " \n\n", 3, 0600, &error));
    assert_int_equal(forget_people(fixture.workspace, &(struct forget_request){.path = path},
                                   fixture.arena, &result, &error),
                     ERROR_INPUT);
    fixture_close(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_person_goes_with_items_calls_and_names_and_nobody_else_does),
        cmocka_unit_test(a_further_name_finds_the_person_as_well),
        cmocka_unit_test(a_dry_run_and_unknown_names_change_nothing),
        cmocka_unit_test(the_registry_says_how_many_and_the_workspace_opens_again),
        cmocka_unit_test(a_line_that_is_no_text_is_named_and_not_quoted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
