#define _DEFAULT_SOURCE /* flock */

#include "workspace/registry.h"

#include "check.h"

#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <sched.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/stat.h>
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

/* Refuses a field, and adds not a byte. */
static void assert_refused(struct fixture *fixture, struct registry_field field)
{
    struct registry registry;
    size_t length = fixture->length;
    assert_int_equal(registry_append(fixture->path, "setting", &field, 1, &registry, &error),
                     ERROR_INPUT);
    if (strstr(error.message, "value") == NULL)
        fail_msg("\"%s\" does not name the field", error.message);
    load(fixture);
    assert_int_equal(fixture->length, length);
}

static void what_json_cannot_hold_is_refused_and_adds_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct registry registry;
    const struct registry_field inside = {.name = "value", .text = "caf\xe9"};
    (void)make_chain(fixture, 2);
    assert_refused(fixture, (struct registry_field){.name = "value", .number = NAN});
    assert_refused(fixture, (struct registry_field){.name = "value", .number = INFINITY});
    assert_refused(fixture, (struct registry_field){.name = "value", .number = -INFINITY});
    assert_refused(fixture, (struct registry_field){.name = "value", .text = "caf\xe9 closed"});
    assert_refused(
        fixture, (struct registry_field){.name = "value map", .fields = &inside, .field_count = 1});
    assert_ok(registry_read(fixture->path, &registry, &error));
    assert_int_equal(registry.lines, 2);
}

static void numbers_beyond_the_integers_are_written_to_15_digits(void **state)
{
    struct fixture *fixture = *state;
    struct registry registry;
    static const double numbers[] = {1e300, -1e300, 9223372036854775808.0, -9223372036854775808.0};
    for (int i = 0; i < 4; i++) {
        append(fixture, "setting", numbers[i], &registry);
        load(fixture);
        const char *line = line_start(fixture, i + 1);
        json_t *object =
            json_loadb(line, fixture->length - (size_t)(line - fixture->bytes), 0, NULL);
        double got = json_number_value(json_object_get(object, "value"));
        assert_true(fabs(got - numbers[i]) <= 1e-14 * fabs(numbers[i]));
        json_decref(object);
    }
}

/* What the registry keeps of a line it says at once, and as a reading of the file says it. */
static void what_append_says_is_what_a_reading_says(void **state)
{
    struct fixture *fixture = *state;
    for (int i = 0; i < 4; i++) {
        const struct registry_field fields[] = {{.name = "setting", .text = "min_group"},
                                                {.name = "value", .number = 8 + i},
                                                {.name = "own_data", .text = i % 2 ? "yes" : "no"}};
        struct registry said;
        struct registry read;
        assert_ok(registry_append(fixture->path, "setting", fields, 3, &said, &error));
        assert_ok(registry_read(fixture->path, &read, &error));
        assert_int_equal(said.lines, read.lines);
        assert_string_equal(said.head, read.head);
        assert_int_equal(said.group_rules, i + 1);
        assert_int_equal(read.group_rules, i + 1);
        assert_true(said.min_group == 8 + i && read.min_group == 8 + i);
        assert_true(said.own_data == (i % 2 == 1) && read.own_data == said.own_data);
    }
}

/* A line of so many bytes with its newline. */
static enum status append_of_size(struct fixture *fixture, const char *kind, size_t size)
{
    struct registry registry;
    static const char empty[] =
        "{\"n\":1,\"at\":\"2026-09-30T12:00:00Z\",\"kind\":\"\",\"prev\":\"\","
        "\"text\":\"\"}\n";
    size_t rest = strlen(empty) + strlen(kind) + 64;
    char *text = malloc(size);
    assert_non_null(text);
    memset(text, 'x', size - rest);
    text[size - rest] = '\0';
    const struct registry_field field = {.name = "text", .text = text};
    enum status status = registry_append(fixture->path, kind, &field, 1, &registry, &error);
    free(text);
    return status;
}

static size_t size_of(const char *path)
{
    struct stat about;
    assert_int_equal(stat(path, &about), 0);
    return (size_t)about.st_size;
}

static void a_full_registry_takes_no_line_more_and_is_read_as_before(void **state)
{
    struct fixture *fixture = *state;
    struct registry registry;
    const size_t most = 64 * 1024 * 1024;
    assert_ok(append_of_size(fixture, "lock", most - 1024 * 1024 - 100));
    size_t full = size_of(fixture->path);
    assert_int_equal(full, most - 1024 * 1024 - 100);
    assert_int_equal(append_of_size(fixture, "look", 400), ERROR_INPUT);
    if (strstr(error.message, "is full") == NULL)
        fail_msg("%s", error.message);
    assert_int_equal(size_of(fixture->path), full);
    assert_ok(registry_read(fixture->path, &registry, &error));
    assert_int_equal(registry.lines, 1);
    /* A person's right is not a matter of room: its line has some left. */
    assert_ok(append_of_size(fixture, "forget", 400));
    assert_ok(registry_read(fixture->path, &registry, &error));
    assert_int_equal(registry.lines, 2);
}

/* Whether the reader has answered. */
static bool has_answered(int answers)
{
    struct pollfd poll_of = {.fd = answers, .events = POLLIN};
    return poll(&poll_of, 1, 0) == 1;
}

/* Whether a process waits for a lock of a file, as the system says. */
static bool waits_for_lock(pid_t process)
{
    char line[256];
    char who[32];
    bool waits = false;
    (void)snprintf(who, sizeof who, " %ld ", (long)process);
    FILE *locks = fopen("/proc/locks", "re");
    assert_non_null(locks);
    while (fgets(line, sizeof line, locks) != NULL)
        waits = waits || (strstr(line, "->") != NULL && strstr(line, who) != NULL);
    (void)fclose(locks);
    return waits;
}

static void a_reader_waits_until_the_line_is_whole(void **state)
{
    struct fixture *fixture = *state;
    (void)make_chain(fixture, 3);
    char whole[4096];
    size_t length = fixture->length;
    memcpy(whole, fixture->bytes, length);
    int answers[2];
    assert_int_equal(pipe(answers), 0);
    int file = open(fixture->path, O_WRONLY | O_CLOEXEC);
    assert_int_equal(flock(file, LOCK_EX), 0);
    assert_int_equal(ftruncate(file, (off_t)length - 20), 0);
    pid_t child = fork();
    if (child == 0) { /* a reader that would see a cut line */
        struct registry registry;
        (void)close(file);
        bool right =
            registry_read(fixture->path, &registry, &error) == STATUS_OK && registry.lines == 3;
        (void)!write(answers[1], right ? "y" : "n", 1);
        _exit(0);
    }
    /* One that does not wait answers. */
    while (!waits_for_lock(child) && !has_answered(answers[0]))
        (void)sched_yield();
    bool early = has_answered(answers[0]);
    assert_int_equal(pwrite(file, whole + length - 20, 20, (off_t)length - 20), 20);
    (void)close(file);
    char answer = 0;
    assert_int_equal(read(answers[0], &answer, 1), 1);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_false(early);
    assert_int_equal(answer, 'y');
    (void)close(answers[0]);
    (void)close(answers[1]);
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
        with_file(what_json_cannot_hold_is_refused_and_adds_nothing),
        with_file(numbers_beyond_the_integers_are_written_to_15_digits),
        with_file(what_append_says_is_what_a_reading_says),
        with_file(a_full_registry_takes_no_line_more_and_is_read_as_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
