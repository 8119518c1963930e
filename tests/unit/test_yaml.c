#include "base/arena.h"
#include "base/yaml.h"

#include "check.h"

static struct error error;
static struct arena *arena;

static int make_arena(void **state)
{
    (void)state;
    arena = arena_create();
    return 0;
}

static int drop_arena(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

static const struct yaml *read_text(const char *text)
{
    struct yaml *root = NULL;
    assert_ok(yaml_read(arena, "a.yaml", text, strlen(text), &root, &error));
    return root;
}

static void refused(const char *text, const char *place, const char *part)
{
    struct yaml *root = NULL;
    if (yaml_read(arena, "a.yaml", text, strlen(text), &root, &error) != ERROR_INPUT)
        fail_msg("accepted: %s", text);
    assert_string_equal(error.place, place);
    if (strstr(error.message, part) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", error.message, part);
}

static void nodes_know_where_they_stand(void **state)
{
    (void)state;
    const struct yaml *root = read_text("metric: csat\n"
                                        "label: \"Größe\"\n"
                                        "list:\n"
                                        "  - one\n"
                                        "  - {when: 'a = ''b''', ö: x}\n"
                                        "empty:\n"
                                        "value: |\n"
                                        "  first\n"
                                        "  second\n");
    assert_int_equal(root->kind, YAML_MAP);
    assert_int_equal(root->count, 5);
    const struct yaml *metric = yaml_get(root, "metric");
    assert_int_equal(metric->line, 1);
    assert_int_equal(metric->column, 9);
    assert_true(metric->exact);
    const struct yaml *label = yaml_get(root, "label");
    assert_string_equal(label->text, "Größe");
    assert_true(label->quoted);
    assert_int_equal(label->column, 8);
    assert_int_equal(label->text_column, 9);
    const struct yaml *list = yaml_get(root, "list");
    assert_int_equal(list->kind, YAML_LIST);
    assert_int_equal(list->count, 2);
    assert_int_equal(list->values[0]->line, 4);
    assert_int_equal(list->values[0]->column, 5);
    const struct yaml *when = yaml_get(list->values[1], "when");
    assert_string_equal(when->text, "a = 'b'");
    assert_false(when->exact);
    assert_int_equal(yaml_get(list->values[1], "ö")->column, 28);
    assert_true(yaml_is_empty(yaml_get(root, "empty")));
    assert_int_equal(yaml_get(root, "empty")->line, 6);
    const struct yaml *value = yaml_get(root, "value");
    assert_string_equal(value->text, "first\nsecond\n");
    assert_false(value->exact);
    assert_null(yaml_get(root, "nothing"));
    assert_null(yaml_get(metric, "nothing"));
}

static void an_empty_file_is_empty(void **state)
{
    (void)state;
    assert_true(yaml_is_empty(read_text("")));
    assert_true(yaml_is_empty(read_text("# only a comment\n")));
    assert_true(yaml_is_empty(read_text("---\n")));
    assert_true(yaml_is_empty(read_text("[]\n")));
    assert_false(yaml_is_empty(read_text("\"\"\n")));
}

static void what_is_not_used_is_refused_where_it_stands(void **state)
{
    (void)state;
    refused("a: 1\nb: 2\na: 3\n", "a.yaml:3:1", "\"a\" stands here twice; it was first at line 1");
    refused("a:\n\tb: 1\n", "a.yaml:2:1", "tab");
    refused("a: &x 1\n", "a.yaml:1:7", "anchors");
    refused("a: *x\n", "a.yaml:1:5", "aliases");
    refused("a: !!str 1\n", "a.yaml:1:10", "tags");
    refused("a: 1\n---\nb: 1\n", "a.yaml:2:1", "second document");
    refused("%YAML 1.2\n---\na: 1\n", "a.yaml:1:1", "directives");
    refused("? [a, b]\n: 1\n", "a.yaml:1:3", "single word");
    refused(": 1\n", "a.yaml:1:1", "key is missing");
    refused("a: \xff\n", "a.yaml:1:4", "not UTF-8");
    refused("a: \"x\\0y\"\n", "a.yaml:1:4", "NUL");
}

static void broken_syntax_is_placed_by_the_parser(void **state)
{
    (void)state;
    refused("a: [1\n", "a.yaml:2:1", "without a closing bracket");
    refused("ok: 1\na: b: c\n", "a.yaml:2:5", "this is not YAML: ");
    refused("a: \"x\n", "a.yaml:1:5", "without closing quote");
    refused("a: 'it''s\n", "a.yaml:1:5", "this is not YAML: ");
}

static void nesting_and_size_are_bounded(void **state)
{
    (void)state;
    char deep[2001];
    memset(deep, '[', 1000);
    memset(deep + 1000, ']', 1000);
    deep[2000] = '\0';
    struct yaml *root = NULL;
    assert_int_equal(yaml_read(arena, "a.yaml", deep, 2000, &root, &error), ERROR_INPUT);
    char *large = arena_alloc(arena, yaml_bytes_max + 2);
    memset(large, ' ', yaml_bytes_max + 1);
    assert_int_equal(yaml_read(arena, "a.yaml", large, yaml_bytes_max + 1, &root, &error),
                     ERROR_INPUT);
    for (size_t i = 0; i + 2 <= yaml_bytes_max; i += 2)
        memcpy(large + i, "-\n", 2);
    assert_int_equal(yaml_read(arena, "a.yaml", large, yaml_bytes_max, &root, &error), ERROR_INPUT);
    assert_non_null(strstr(error.message, "too many values"));
}

static void values_are_typed_and_errors_name_them(void **state)
{
    (void)state;
    const struct yaml *root = read_text("n: -12.5e1\ni: 40\nt: true\nq: \"10\"\nw: high\nx: inf\n"
                                        "h: 0x10\nl: [a, b]\nm: {a: 1}\ne:\n");
    double number = 0;
    int64_t integer = 0;
    bool truth = false;
    const char *text = NULL;
    const char *const *texts = NULL;
    size_t count = 0;
    assert_ok(yaml_number(yaml_get(root, "n"), "n", &number, &error));
    assert_near(number, -125, 0);
    assert_ok(yaml_integer(yaml_get(root, "i"), "i", &integer, &error));
    assert_int_equal(integer, 40);
    assert_ok(yaml_bool(yaml_get(root, "t"), "t", &truth, &error));
    assert_true(truth);
    assert_ok(yaml_list_of_text(arena, yaml_get(root, "l"), "l", &texts, &count, &error));
    assert_int_equal(count, 2);
    assert_string_equal(texts[1], "b");
    assert_int_equal(yaml_number(yaml_get(root, "q"), "q", &number, &error), ERROR_INPUT);
    assert_string_equal(error.place, "a.yaml:4:4");
    assert_string_equal(error.message,
                        "q: \"10\" is not a number; write one such as 12.5, without quotes");
    assert_int_equal(yaml_number(yaml_get(root, "x"), "x", &number, &error), ERROR_INPUT);
    assert_int_equal(yaml_number(yaml_get(root, "h"), "h", &number, &error), ERROR_INPUT);
    assert_int_equal(yaml_integer(yaml_get(root, "w"), "w", &integer, &error), ERROR_INPUT);
    assert_string_equal(error.message,
                        "w: \"high\" is not a number; write a whole number, such as 12");
    assert_int_equal(yaml_bool(yaml_get(root, "i"), "i", &truth, &error), ERROR_INPUT);
    assert_int_equal(yaml_text(yaml_get(root, "m"), "m", &text, &error), ERROR_INPUT);
    assert_string_equal(error.message, "m: this is a map; write a text");
    assert_int_equal(yaml_text(yaml_get(root, "e"), "e", &text, &error), ERROR_INPUT);
    static const char *const words[] = {"lower", "higher"};
    size_t word = 9;
    assert_int_equal(yaml_word(yaml_get(root, "w"), "w", words, 2, &word, &error), ERROR_INPUT);
    assert_string_equal(error.message, "w: \"high\" is none of the words; write lower or higher");
}

static void unknown_keys_are_named_with_the_nearest(void **state)
{
    (void)state;
    static const char *const allowed[] = {"metric", "label", "horizon"};
    const struct yaml *root = read_text("metric: a\nhorizn: 30d\n");
    assert_int_equal(yaml_check_keys(root, NULL, allowed, 3, &error), ERROR_INPUT);
    assert_string_equal(error.place, "a.yaml:2:1");
    assert_string_equal(error.message, "there is no key \"horizn\"; did you mean horizon?");
    assert_int_equal(yaml_check_keys(read_text("zzz: 1\n"), "plan", allowed, 3, &error),
                     ERROR_INPUT);
    assert_string_equal(error.message,
                        "plan: there is no key \"zzz\"; the keys are metric, label or horizon");
    assert_ok(yaml_check_keys(read_text("label: 1\n"), NULL, allowed, 3, &error));
    assert_int_equal(yaml_check_keys(read_text("- 1\n"), NULL, allowed, 3, &error), ERROR_INPUT);
    const struct yaml *value = NULL;
    assert_int_equal(yaml_require(root, "label", "Time", &value, &error), ERROR_INPUT);
    assert_string_equal(error.message, "label is missing; write label: Time");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nodes_know_where_they_stand),
        cmocka_unit_test(an_empty_file_is_empty),
        cmocka_unit_test(what_is_not_used_is_refused_where_it_stands),
        cmocka_unit_test(broken_syntax_is_placed_by_the_parser),
        cmocka_unit_test(nesting_and_size_are_bounded),
        cmocka_unit_test(values_are_typed_and_errors_name_them),
        cmocka_unit_test(unknown_keys_are_named_with_the_nearest),
    };
    return cmocka_run_group_tests(tests, make_arena, drop_arena);
}
