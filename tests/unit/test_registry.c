#define _DEFAULT_SOURCE /* flock */

#include "workspace/registry.h"

#include "check.h"

#include <fcntl.h>
#include <jansson.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

/* The chain as somebody with `sha256sum` would check it: nothing of the program's own reading. */

static struct error error;

struct fixture {
    char path[64];
    char bytes[65536];
    size_t length;
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    if (fixture == NULL || sodium_init() < 0)
        return -1;
    (void)snprintf(fixture->path, sizeof fixture->path, "/tmp/assay-registry-XXXXXX");
    int file = mkstemp(fixture->path);
    if (file < 0)
        return -1;
    (void)close(file);
    *state = fixture;
    return unlink(fixture->path);
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    (void)unlink(fixture->path);
    free(fixture);
    return 0;
}

static void load(struct fixture *fixture)
{
    FILE *file = fopen(fixture->path, "rb");
    assert_non_null(file);
    fixture->length = fread(fixture->bytes, 1, sizeof fixture->bytes - 1, file);
    fixture->bytes[fixture->length] = '\0';
    (void)fclose(file);
}

static void store(struct fixture *fixture)
{
    FILE *file = fopen(fixture->path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(fixture->bytes, 1, fixture->length, file), fixture->length);
    assert_int_equal(fclose(file), 0);
}

/* The start of a line, counted from 1; the end of the text where there is none. */
static char *line_start(struct fixture *fixture, int number)
{
    char *at = fixture->bytes;
    for (int i = 1; i < number; i++)
        at = strchr(at, '\n') + 1;
    return at;
}

static void append(struct fixture *fixture, const char *kind, double number,
                   struct registry *registry)
{
    struct registry_field fields[] = {{.name = "plan", .text = "billing \"drafts\"\n"},
                                      {.name = "value", .number = number}};
    assert_ok(registry_append(fixture->path, kind, fields, 2, registry, &error));
}

static struct registry make_chain(struct fixture *fixture, int lines)
{
    static const char *const kinds[] = {"setting", "lock", "look", "amend", "publish"};
    struct registry registry = {0};
    for (int i = 0; i < lines; i++)
        append(fixture, kinds[i % 5], i, &registry);
    load(fixture);
    return registry;
}

static void assert_breaks_at(struct fixture *fixture, int line, const char *part)
{
    struct registry registry = {.lines = 99};
    char place[128];
    assert_int_equal(registry_read(fixture->path, &registry, &error), ERROR_INPUT);
    (void)snprintf(place, sizeof place, "%s:%d", fixture->path, line);
    assert_string_equal(error.place, place);
    if (strstr(error.message, part) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", error.message, part);
    assert_int_equal(registry.lines, line - 1); /* the whole ones */
}

static void sha256_of(const char *bytes, size_t length, char out[65])
{
    unsigned char raw[crypto_hash_sha256_BYTES];
    (void)crypto_hash_sha256(raw, (const unsigned char *)bytes, length);
    (void)sodium_bin2hex(out, 65, raw, sizeof raw);
}

static void each_line_holds_the_sha256_of_the_line_before_with_its_newline(void **state)
{
    struct fixture *fixture = *state;
    struct registry registry = make_chain(fixture, 6);
    char wanted[65] = "0000000000000000000000000000000000000000000000000000000000000000";
    char *at = fixture->bytes;
    int number = 0;
    while (*at != '\0') {
        char *next = strchr(at, '\n') + 1;
        json_t *line = json_loadb(at, (size_t)(next - at), 0, NULL);
        assert_non_null(line);
        assert_int_equal(json_integer_value(json_object_get(line, "n")), ++number);
        assert_string_equal(json_string_value(json_object_get(line, "prev")), wanted);
        json_decref(line);
        sha256_of(at, (size_t)(next - at), wanted);
        at = next;
    }
    assert_int_equal(number, 6);
    assert_int_equal(registry.lines, 6);
    assert_string_equal(registry.head, wanted);
}

static void what_was_appended_is_read_with_the_same_head(void **state)
{
    struct fixture *fixture = *state;
    struct registry made = make_chain(fixture, 4);
    struct registry got;
    assert_ok(registry_read(fixture->path, &got, &error));
    assert_int_equal(got.lines, made.lines);
    assert_string_equal(got.head, made.head);
}

static void a_missing_file_is_an_empty_registry(void **state)
{
    struct fixture *fixture = *state;
    struct registry got = {.lines = 7};
    assert_ok(registry_read(fixture->path, &got, &error));
    assert_int_equal(got.lines, 0);
    assert_int_equal(strspn(got.head, "0"), 64);
    assert_int_equal(strlen(got.head), 64);
}

static void a_changed_byte_breaks_the_chain_at_the_line_after(void **state)
{
    struct fixture *fixture = *state;
    (void)make_chain(fixture, 4);
    char *kind = strstr(line_start(fixture, 2), "\"lock\"");
    kind[1] = 'L';
    store(fixture);
    assert_breaks_at(fixture, 3, "does not follow");
}

static void a_changed_byte_in_the_last_line_changes_the_head(void **state)
{
    struct fixture *fixture = *state;
    struct registry before = make_chain(fixture, 3);
    struct registry after;
    strstr(line_start(fixture, 3), "\"look\"")[1] = 'L';
    store(fixture);
    assert_ok(registry_read(fixture->path, &after, &error));
    assert_string_not_equal(before.head, after.head);
}

static void no_byte_can_change_unseen(void **state)
{
    struct fixture *fixture = *state;
    struct registry before = make_chain(fixture, 3);
    for (size_t i = 0; i < fixture->length; i++) {
        struct registry after;
        fixture->bytes[i] ^= 1;
        store(fixture);
        enum status status = registry_read(fixture->path, &after, &error);
        if (status == STATUS_OK && strcmp(before.head, after.head) == 0)
            fail_msg("byte %zu", i);
        fixture->bytes[i] ^= 1;
    }
}

static void a_removed_middle_line_breaks_the_chain_there(void **state)
{
    struct fixture *fixture = *state;
    (void)make_chain(fixture, 4);
    char *second = line_start(fixture, 2);
    char *third = line_start(fixture, 3);
    size_t rest = fixture->length - (size_t)(third - fixture->bytes);
    memmove(second, third, rest + 1);
    fixture->length -= (size_t)(third - second);
    store(fixture);
    assert_breaks_at(fixture, 2, "does not follow");
}

static void two_lines_that_changed_places_break_the_chain(void **state)
{
    struct fixture *fixture = *state;
    (void)make_chain(fixture, 3);
    size_t first = (size_t)(line_start(fixture, 2) - fixture->bytes);
    size_t second = (size_t)(line_start(fixture, 3) - fixture->bytes) - first;
    char saved[4096];
    memcpy(saved, fixture->bytes, first);
    memmove(fixture->bytes, fixture->bytes + first, second);
    memcpy(fixture->bytes + second, saved, first);
    store(fixture);
    assert_breaks_at(fixture, 1, "does not follow");
}

static void a_cut_last_line_is_named_and_nothing_is_appended_to_it(void **state)
{
    struct fixture *fixture = *state;
    (void)make_chain(fixture, 3);
    size_t last = fixture->length - (size_t)(line_start(fixture, 3) - fixture->bytes);
    for (size_t cut = 1; cut < last; cut++) {
        struct fixture after = *fixture;
        fixture->length -= cut;
        store(fixture);
        assert_breaks_at(fixture, 3, "cut off");
        struct registry registry;
        assert_int_equal(registry_append(fixture->path, "look", NULL, 0, &registry, &error),
                         ERROR_INPUT);
        load(&after); /* not a byte more */
        assert_int_equal(after.length, fixture->length);
        fixture->length += cut;
    }
    store(fixture);
}

static void a_cut_line_once_removed_lets_the_chain_go_on(void **state)
{
    struct fixture *fixture = *state;
    struct registry registry;
    (void)make_chain(fixture, 3);
    fixture->length = (size_t)(line_start(fixture, 3) - fixture->bytes);
    store(fixture);
    append(fixture, "look", 5, &registry);
    assert_int_equal(registry.lines, 3);
    assert_ok(registry_read(fixture->path, &registry, &error));
    assert_int_equal(registry.lines, 3);
}

static void a_line_that_is_no_json_object_is_named(void **state)
{
    struct fixture *fixture = *state;
    static const char *const wrong[] = {"hello\n", "[1]\n", "\n", "{\"n\":3,\"n\":3}\n", "null\n"};
    (void)make_chain(fixture, 2);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        size_t length = fixture->length;
        (void)strcpy(fixture->bytes + length, wrong[i]);
        fixture->length += strlen(wrong[i]);
        store(fixture);
        assert_breaks_at(fixture, 3, "no JSON object");
        fixture->length = length;
    }
}

static void whole_numbers_are_written_as_integers(void **state)
{
    struct fixture *fixture = *state;
    struct registry registry;
    static const struct {
        double number;
        const char *written;
    } rows[] = {{8, "\"value\":8}"},     {0, "\"value\":0}"},
                {-3, "\"value\":-3}"},   {1e12, "\"value\":1000000000000}"},
                {0.1, "\"value\":0.1}"}, {2.5, "\"value\":2.5}"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        append(fixture, "setting", rows[i].number, &registry);
        load(fixture);
        const char *line = line_start(fixture, (int)i + 1);
        if (strstr(line, rows[i].written) == NULL)
            fail_msg("%s lacks %s", line, rows[i].written);
    }
}

static void text_of_a_field_comes_back_as_it_was_given(void **state)
{
    struct fixture *fixture = *state;
    (void)make_chain(fixture, 1);
    json_t *line = json_loadb(fixture->bytes, fixture->length, 0, NULL);
    assert_string_equal(json_string_value(json_object_get(line, "plan")), "billing \"drafts\"\n");
    assert_string_equal(json_string_value(json_object_get(line, "kind")), "setting");
    const char *at = json_string_value(json_object_get(line, "at"));
    assert_int_equal(strlen(at), strlen("2026-09-30T12:00:00Z"));
    json_decref(line);
}

static void a_number_that_json_cannot_hold_appends_nothing_broken(void **state)
{
    struct fixture *fixture = *state;
    struct registry registry;
    struct registry_field fields[] = {{.name = "value", .number = NAN}};
    (void)registry_append(fixture->path, "setting", fields, 1, &registry, &error);
    assert_ok(registry_read(fixture->path, &registry, &error));
}

static void a_reader_waits_until_the_line_is_whole(void **state)
{
    struct fixture *fixture = *state;
    (void)make_chain(fixture, 3);
    char whole[4096];
    size_t length = fixture->length;
    memcpy(whole, fixture->bytes, length);
    int ready[2];
    assert_int_equal(pipe(ready), 0);
    int file = open(fixture->path, O_WRONLY | O_CLOEXEC);
    assert_int_equal(flock(file, LOCK_EX), 0);
    assert_int_equal(ftruncate(file, (off_t)length - 20), 0);
    pid_t child = fork();
    if (child == 0) { /* a reader that would see a cut line */
        struct registry registry;
        (void)close(file);
        (void)!write(ready[1], "r", 1);
        _exit(registry_read(fixture->path, &registry, &error) == STATUS_OK && registry.lines == 3
                  ? 0
                  : 1);
    }
    char byte = 0;
    int result = 0;
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(pwrite(file, whole + length - 20, 20, (off_t)length - 20), 20);
    (void)close(file);
    assert_int_equal(waitpid(child, &result, 0), child);
    assert_int_equal(result, 0);
    (void)close(ready[0]);
    (void)close(ready[1]);
}

#define with_file(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_file(each_line_holds_the_sha256_of_the_line_before_with_its_newline),
        with_file(what_was_appended_is_read_with_the_same_head),
        with_file(a_missing_file_is_an_empty_registry),
        with_file(a_changed_byte_breaks_the_chain_at_the_line_after),
        with_file(a_changed_byte_in_the_last_line_changes_the_head),
        with_file(no_byte_can_change_unseen),
        with_file(a_removed_middle_line_breaks_the_chain_there),
        with_file(two_lines_that_changed_places_break_the_chain),
        with_file(a_cut_last_line_is_named_and_nothing_is_appended_to_it),
        with_file(a_cut_line_once_removed_lets_the_chain_go_on),
        with_file(a_line_that_is_no_json_object_is_named),
        with_file(whole_numbers_are_written_as_integers),
        with_file(text_of_a_field_comes_back_as_it_was_given),
        with_file(a_reader_waits_until_the_line_is_whole),
        with_file(a_number_that_json_cannot_hold_appends_nothing_broken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
