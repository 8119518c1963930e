#include "assignment/unit_file.h"

#include "check.h"

static struct error error;

static enum status parse(struct arena *arena, const char *text, const char *kind,
                         struct unit_file *out)
{
    return unit_file_parse(arena, "u.csv", text, strlen(text), kind, out, &error);
}

static void assert_refused(const char *text, const char *kind, const char *place, const char *why)
{
    struct arena *arena = arena_create();
    struct unit_file file;
    assert_int_equal(parse(arena, text, kind, &file), ERROR_INPUT);
    assert_string_equal(error.place, place);
    if (strstr(error.message, why) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", error.message, why);
    arena_destroy(arena);
}

static void a_list_has_one_unit_per_line(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct unit_file file;
    assert_ok(parse(arena, " T-1 \r\n\r\nT-2", "item", &file));
    assert_int_equal(file.count, 2);
    assert_string_equal(file.cells[0][0], "T-1");
    assert_string_equal(file.cells[1][0], "T-2");
    assert_int_equal(file.lines[1], 3);
    arena_destroy(arena);
}

static void the_first_line_names_columns(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct unit_file file;
    assert_ok(parse(arena, "\xef\xbb\xbfteam;unit\n\"a;b\";\"say \"\"x\"\"\"\n\"c\nd\";y\ne\n;z\n",
                    "worker", &file) == STATUS_OK
                  ? ERROR_INTERNAL
                  : STATUS_OK);
    assert_string_equal(error.place, "u.csv:5"); /* "e" names no unit */
    assert_ok(
        parse(arena, "team;unit\n\"a;b\";\"say \"\"x\"\"\"\n\"c\nd\";y\n;z\n", "worker", &file));
    assert_int_equal(file.count, 3);
    assert_int_equal(file.unit_column, 1);
    assert_string_equal(file.cells[0][0], "a;b");
    assert_string_equal(file.cells[0][1], "say \"x\"");
    assert_string_equal(file.cells[1][0], "c\nd");
    assert_string_equal(file.cells[2][0], "");
    assert_int_equal(file.lines[2], 5);
    arena_destroy(arena);
}

static void a_column_named_as_the_kind_comes_before_one_named_unit(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct unit_file file;
    assert_ok(parse(arena, "unit,Team\nu,t\n", "team", &file));
    assert_string_equal(file.cells[0][file.unit_column], "t");
    assert_ok(parse(arena, "item_id,team\nu,t\n", "item", &file));
    assert_string_equal(file.cells[0][file.unit_column], "u");
    arena_destroy(arena);
}

static void faults_are_named_by_line_and_never_quoted(void **state)
{
    (void)state;
    assert_refused("", "item", "u.csv", "no unit");
    assert_refused("\n \n", "item", "u.csv", "no unit");
    assert_refused("item\n", "item", "u.csv", "no unit");
    assert_refused("team\nx\n", "item", "u.csv:1", "draws units of the kind item");
    assert_refused("Smith, Anna\nDoe, Joe\n", "worker", "u.csv:1", "no column is named worker");
    assert_refused("item,team\nx,\"y\n", "item", "u.csv:2", "never ends");
    assert_refused("item\nx,y\n", "item", "u.csv:2", "more cells");
    assert_refused("item,team\nx,y\n,z\n", "item", "u.csv:3", "names no unit");
    assert_refused("item\n\xff\n", "item", "u.csv", "not UTF-8");
    assert_refused("item,item\nx,y\n", "item", "u.csv:1", "each one once");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_has_one_unit_per_line),
        cmocka_unit_test(the_first_line_names_columns),
        cmocka_unit_test(a_column_named_as_the_kind_comes_before_one_named_unit),
        cmocka_unit_test(faults_are_named_by_line_and_never_quoted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
