#include "model/use_case.h"

#include "check.h"

static struct error error;
static struct arena *arena;
static struct engine *engine;

static int set_up(void **state)
{
    (void)state;
    arena = arena_create();
    assert_ok(engine_open("duckdb::memory:", &(struct engine_options){0}, &engine, &error));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    engine_close(engine);
    arena_destroy(arena);
    return 0;
}

static enum status compile(const char *text, struct use_cases *cases)
{
    struct yaml *root = NULL;
    enum status status = yaml_read(arena, "use_cases.yaml", text, strlen(text), &root, &error);
    if (status == STATUS_OK)
        status = use_cases_read(arena, root, cases, &error);
    if (status == STATUS_OK)
        status = use_cases_compile(arena, engine, cases, &error);
    return status;
}

static void the_first_rule_that_fits_wins(void **state)
{
    (void)state;
    struct use_cases cases;
    assert_ok(compile("- use_case: support.billing\n"
                      "  when: source = 'zendesk' and attr('group') = 'Billing'\n"
                      "- {use_case: support.other, when: \"source = 'zendesk'\"}\n"
                      "- use_case: code.large\n"
                      "  when: size > 100\n",
                      &cases));
    assert_int_equal(cases.count, 3);
    const char *sql =
        arena_printf(arena,
                     "select string_agg(coalesce(%s, '-'), '|' order by n) from (values"
                     " (1, 'zendesk', 1, map {'group': 'Billing'}), (2, 'zendesk', 1, map {}),"
                     " (3, 'jira', 101, map {}), (4, 'jira', 100, map {}), (5, null, null, null)"
                     ") as facts(n, source, size, attrs)",
                     cases.sql);
    struct frame frame;
    assert_ok(engine_query(engine, sql, ENGINE_NO_VALUES, arena, &frame, &error));
    assert_string_equal(frame_text(&frame, 0, 0), "support.billing|support.other|code.large|-|-");
}

static void no_rules_leave_the_connectors_own(void **state)
{
    (void)state;
    struct use_cases cases;
    assert_ok(compile("# nothing yet\n", &cases));
    assert_int_equal(cases.count, 0);
    assert_string_equal(cases.sql, "cast(null as varchar)");
    assert_ok(use_cases_read_file(arena, "/nonexistent/use_cases.yaml", &cases, &error));
    assert_int_equal(cases.count, 0);
}

static void refused(const char *text, const char *place, const char *part)
{
    struct use_cases cases;
    if (compile(text, &cases) != ERROR_INPUT)
        fail_msg("accepted: %s", text);
    if (strstr(error.message, part) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", error.message, part);
    if (strcmp(error.place, place) != 0)
        fail_msg("at %s, wanted %s: %s", error.place, place, error.message);
}

static void mistakes_are_named_where_they_stand(void **state)
{
    (void)state;
    refused("use_case: a\n", "use_cases.yaml:1:1", "use cases are a list");
    refused("- use_case: a\n", "use_cases.yaml:1:3", "when is missing");
    refused("- when: covered\n", "use_cases.yaml:1:3", "use_case is missing");
    refused("- use_case: a\n  wen: size > 1\n", "use_cases.yaml:2:3", "did you mean when?");
    refused("- use_case: Support\n  when: size > 1\n", "use_cases.yaml:1:13", "is no name");
    refused("- use_case: a..b\n  when: size > 1\n", "use_cases.yaml:1:13", "is no name");
    refused("- use_case: a.\n  when: size > 1\n", "use_cases.yaml:1:13", "is no name");
    refused("- use_case: \"a'b\"\n  when: size > 1\n", "use_cases.yaml:1:13", "is no name");
    refused("- use_case: a\n  when: size\n", "use_cases.yaml:2:9",
            "when: this is a number; a truth is wanted here");
    refused(
        "- use_case: a\n  when: size > 1\n- use_case: b\n  when: \"source = 'x' and sise > 1\"\n",
        "use_cases.yaml:4:27", "there is no column \"sise\"; did you mean size?");
    refused("- use_case: a\n  when: calls > 0\n", "use_cases.yaml:2:9", "depends on the use of AI");
    refused("- use_case: a\n  when: worker = 'x'\n", "use_cases.yaml:2:9", "about groups");
    refused("- use_case: a\n  when: reopened = 1\n", "use_cases.yaml:2:9", "is a measure");
}

static void names_are_dotted_lower_case(void **state)
{
    (void)state;
    assert_true(use_case_is_name("code"));
    assert_true(use_case_is_name("support.billing_2.eu"));
    assert_false(use_case_is_name(""));
    assert_false(use_case_is_name(".a"));
    assert_false(use_case_is_name("a b"));
    assert_false(use_case_is_name("2a"));
    assert_false(use_case_is_name("a.2"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_rule_that_fits_wins),
        cmocka_unit_test(no_rules_leave_the_connectors_own),
        cmocka_unit_test(mistakes_are_named_where_they_stand),
        cmocka_unit_test(names_are_dotted_lower_case),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
