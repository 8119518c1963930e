/* The push parser of patches and the line owners, without git. */

#include "collect/git_owners.h"
#include "collect/git_patch.h"

#include "check.h"

#define SHA "0123456789012345678901234567890123456789"

static char events[4096];

static void note(const char *text)
{
    size_t length = strlen(events);
    (void)snprintf(events + length, sizeof events - length, "%s", text);
}

static enum status note_commit(void *context, const char *sha, struct error *error)
{
    (void)context;
    (void)error;
    assert_string_equal(sha, SHA);
    note("commit\n");
    return STATUS_OK;
}

static enum status note_file(void *context, const struct git_file_change *change,
                             struct error *error)
{
    (void)context;
    (void)error;
    char line[512];
    (void)snprintf(line, sizeof line, "%s%s%s %s > %s\n", change->created ? "created " : "",
                   change->deleted ? "deleted " : "", change->binary ? "binary" : "text",
                   change->old_path, change->new_path);
    note(line);
    return STATUS_OK;
}

static enum status note_hunk(void *context, const struct git_hunk *hunk, struct error *error)
{
    (void)context;
    (void)error;
    char line[128];
    (void)snprintf(line, sizeof line, "at %llu -%llu +%llu\n", (unsigned long long)hunk->old_start,
                   (unsigned long long)hunk->old_count, (unsigned long long)hunk->new_count);
    note(line);
    return STATUS_OK;
}

static void parse(const char *text, size_t piece)
{
    struct error error;
    struct git_patch patch = {.events = {note_commit, note_file, note_hunk, NULL}};
    size_t length = strlen(text);
    events[0] = '\0';
    for (size_t at = 0; at < length; at += piece)
        assert_ok(
            git_patch_push(&patch, text + at, length - at < piece ? length - at : piece, &error));
    assert_ok(git_patch_finish(&patch, &error));
    git_patch_free(&patch);
}

static void a_patch_gives_the_same_events_in_pieces_of_any_size(void **state)
{
    (void)state;
    static const char patch[] =
        "commit " SHA "\n\n"
        "diff --git a/a b b/a b\nindex 1..2 100644\n--- a/a b\t\n+++ b/a b\t\n"
        "@@ -1,2 +1 @@ context\n-commit " SHA "\n-@@ -9,9 +9,9 @@\n"
        "\\ No newline at end of file\n+diff --git a/x b/x\n"
        "\\ No newline at end of file\n"
        "@@ -9,0 +9,2 @@\n++++ b/x\n+\n"
        "diff --git \"a/t\\tq\\\"\\303\\244\" \"b/t\\tq\\\"\\303\\244\"\n"
        "new file mode 100644\nindex 0..1\n--- /dev/null\n+++ x\n"
        "@@ -0,0 +1 @@\n+x\n"
        "diff --git a/old b/newer\nsimilarity index 100%\n"
        "rename from old\nrename to \"n\\nr\"\n"
        "diff --git a/bin b/bin\ndeleted file mode 100644\nindex 1..0\n"
        "Binary files a/bin and /dev/null differ\n"
        "diff --git a/m b/m\nold mode 100644\nnew mode 100755\n";
    static const char wanted[] = "commit\n"
                                 "text a b > a b\nat 1 -2 +1\nat 9 -0 +2\n"
                                 "created text t\tq\"\xc3\xa4 > t\tq\"\xc3\xa4\nat 0 -0 +1\n"
                                 "text old > n\nr\n"
                                 "deleted binary bin > bin\n"
                                 "text m > m\n";
    for (size_t piece = 1; piece < 64; piece++) {
        parse(patch, piece);
        assert_string_equal(events, wanted);
    }
    parse(patch, sizeof patch);
    assert_string_equal(events, wanted);
}

struct victims {
    size_t lines[8];
    uint32_t oldest;
};

static void count_deleted(void *context, uint32_t owner)
{
    struct victims *victims = context;
    victims->lines[owner]++;
}

static bool is_recent(void *context, uint32_t owner)
{
    const struct victims *victims = context;
    return owner >= victims->oldest;
}

static void apply(struct git_owners *owners, uint32_t owner, const struct git_hunk *hunks,
                  size_t count)
{
    struct error error;
    struct git_file_change change = {.old_path = "f", .new_path = "f"};
    git_owners_begin(owners, owner);
    assert_ok(git_owners_file(owners, &change, &error));
    for (size_t i = 0; i < count; i++)
        assert_ok(git_owners_hunk(owners, &hunks[i], &error));
    assert_ok(git_owners_end(owners, &error));
}

static void owners_follow_lines_through_hunks_that_shift_them(void **state)
{
    (void)state;
    struct victims victims = {0};
    struct git_owners *owners = git_owners_open(
        &(struct git_owners_events){count_deleted, is_recent, count_deleted, &victims});
    apply(owners, 0, &(struct git_hunk){0, 0, 10}, 1);
    /* 0 0 1 1 0 0 0 0 0 0 0 1: two lines behind line 2, one behind line 9 after the last. */
    apply(owners, 1, (struct git_hunk[]){{2, 0, 2}, {10, 0, 1}}, 2);
    apply(owners, 2, &(struct git_hunk){3, 1, 0}, 1);
    assert_int_equal(victims.lines[0], 0);
    assert_int_equal(victims.lines[1], 1);
    apply(owners, 3, (struct git_hunk[]){{1, 1, 1}, {12, 1, 0}}, 2);
    assert_int_equal(victims.lines[0], 1);
    assert_int_equal(victims.lines[1], 2);
    git_owners_close(owners);
}

static void lines_of_a_file_never_seen_belong_to_nobody(void **state)
{
    (void)state;
    struct victims victims = {0};
    struct git_owners *owners = git_owners_open(
        &(struct git_owners_events){count_deleted, is_recent, count_deleted, &victims});
    apply(owners, 0, (struct git_hunk[]){{5, 3, 1}, {100000, 1, 1}}, 2);
    apply(owners, 1, (struct git_hunk[]){{4, 3, 0}, {99998, 1, 0}}, 2);
    assert_int_equal(victims.lines[0], 2);
    git_owners_close(owners);
}

static void owners_that_matter_no_more_take_no_memory(void **state)
{
    (void)state;
    struct victims victims = {0};
    struct git_owners *owners = git_owners_open(
        &(struct git_owners_events){count_deleted, is_recent, count_deleted, &victims});
    for (uint64_t i = 0; i < 1000; i++)
        apply(owners, (uint32_t)(i % 2), &(struct git_hunk){i, 0, 1}, 1);
    assert_int_equal(git_owners_runs(owners), 1000);
    victims.oldest = 2;
    apply(owners, 2, &(struct git_hunk){500, 0, 1}, 1);
    assert_int_equal(git_owners_runs(owners), 2);
    victims.oldest = 3;
    apply(owners, 2, &(struct git_hunk){500, 0, 1}, 1);
    assert_int_equal(git_owners_runs(owners), 0);
    git_owners_close(owners);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_patch_gives_the_same_events_in_pieces_of_any_size),
        cmocka_unit_test(owners_follow_lines_through_hunks_that_shift_them),
        cmocka_unit_test(lines_of_a_file_never_seen_belong_to_nobody),
        cmocka_unit_test(owners_that_matter_no_more_take_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
