/* A real project's whole history against the answers that another program gave, commit by commit.
 */

#include <unistd.h>

#include "git_scratch.h"

struct answer {
    char sha[41];
    bool marked, bot, reverted, reworked, maturing, is_fix;
    int64_t lines_added, lines_deleted, committer_time;
    char person[128];
};

enum { most_answers = 4096 };
static struct answer answers[most_answers];
static size_t answer_count;
static bool present;

static void read_answer(char *line)
{
    char *field[12] = {NULL};
    size_t count = 0;
    for (char *at = line; at != NULL && count < 12; count++) {
        field[count] = at;
        at = strchr(at, ',');
        if (at != NULL)
            *at++ = '\0';
    }
    assert_int_equal(count, 12);
    assert_in_range(answer_count, 0, most_answers - 1);
    struct answer *answer = &answers[answer_count++];
    (void)snprintf(answer->sha, sizeof answer->sha, "%s", field[0]);
    answer->marked = field[1][0] == '1';
    answer->bot = field[2][0] == '1';
    answer->reverted = field[3][0] == '1';
    answer->reworked = field[4][0] == '1';
    answer->maturing = field[5][0] == '1';
    answer->lines_added = strtoll(field[6], NULL, 10);
    answer->lines_deleted = strtoll(field[7], NULL, 10);
    answer->committer_time = strtoll(field[8], NULL, 10) * 1000000;
    (void)snprintf(answer->person, sizeof answer->person, "%s", field[9]);
    answer->is_fix = field[11][0] == '1';
}

static int clone_and_read_answers(void **state)
{
    static struct scratch scratch;
    *state = &scratch;
    const char *data = shared_data();
    if (data == NULL)
        return 0;
    scratch = scratch_open();
    char script[1024];
    (void)snprintf(script, sizeof script,
                   "git clone -q --no-checkout %s/git_history/history.bundle h", data);
    scratch_run(&scratch, script);
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/git_history/commits.csv", data);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char line[1024];
    assert_non_null(fgets(line, sizeof line, file));
    while (fgets(line, sizeof line, file) != NULL)
        read_answer(line);
    (void)fclose(file);
    present = true;
    return 0;
}

static int remove_clone(void **state)
{
    if (present)
        scratch_close(*state);
    return 0;
}

struct differences {
    size_t marked, bot, reverted, reworked, maturing, added, deleted, time, person, fix;
};

static void compare(const struct git_commit *got, const struct answer *wanted,
                    struct differences *differences)
{
    assert_string_equal(got->sha, wanted->sha);
    differences->marked += (got->tool != NULL) != wanted->marked;
    differences->bot += got->is_bot != wanted->bot;
    differences->reverted += got->reverted != wanted->reverted;
    differences->reworked += got->reworked != wanted->reworked;
    differences->maturing += got->maturing != wanted->maturing;
    differences->added += got->lines_added != wanted->lines_added;
    differences->deleted += got->lines_deleted != wanted->lines_deleted;
    differences->time += got->committer_time != wanted->committer_time;
    differences->person += strcmp(got->person == NULL ? "" : got->person, wanted->person) != 0;
    differences->fix += got->is_fix != wanted->is_fix;
    assert_true(got->size_known && got->rework_known);
}

static void every_commit_has_the_answer_of_the_other_program(void **state)
{
    if (!present)
        skip();
    struct scratch *scratch = *state;
    if (scratch_read(scratch, "h", NULL) != STATUS_OK)
        fail_msg("%s", scratch->error.message);
    const struct git_history *history = &scratch->history;
    assert_int_equal(history->first_parent_count, 3195);
    assert_int_equal(history->merges, 27);
    assert_int_equal(history->bots, 257);
    assert_int_equal(history->items, 2911);
    assert_int_equal(history->without_person, 31);
    assert_int_equal(history->maturing, 180 + 36);
    struct differences differences = {0};
    size_t next = 0;
    for (size_t i = 0; i < history->count; i++)
        if (!history->commits[i].is_merge)
            compare(&history->commits[i], &answers[next++], &differences);
    assert_int_equal(next, answer_count);
    assert_int_equal(differences.marked, 0);
    assert_int_equal(differences.bot, 0);
    assert_int_equal(differences.reverted, 0);
    assert_int_equal(differences.reworked, 0);
    assert_int_equal(differences.maturing, 0);
    assert_int_equal(differences.added, 0);
    assert_int_equal(differences.deleted, 0);
    assert_int_equal(differences.time, 0);
    assert_int_equal(differences.person, 0);
    assert_int_equal(differences.fix, 0);
}

static void assert_same_text(const char *got, const char *wanted)
{
    assert_string_equal(got == NULL ? "" : got, wanted == NULL ? "" : wanted);
}

static void assert_same(const struct git_commit *got, const struct git_commit *wanted)
{
    assert_string_equal(got->sha, wanted->sha);
    assert_same_text(got->tool, wanted->tool);
    assert_same_text(got->person, wanted->person);
    assert_int_equal(got->is_fix, wanted->is_fix);
    assert_int_equal(got->is_bot, wanted->is_bot);
    assert_int_equal(got->is_merge, wanted->is_merge);
    assert_int_equal(got->reverted, wanted->reverted);
    assert_int_equal(got->reverted_at, wanted->reverted_at);
    assert_int_equal(got->reworked, wanted->reworked);
    assert_int_equal(got->reworked_at, wanted->reworked_at);
    assert_int_equal(got->maturing, wanted->maturing);
    if (!got->seen_before) {
        assert_int_equal(got->lines_added, wanted->lines_added);
        assert_int_equal(got->lines_deleted, wanted->lines_deleted);
    }
}

/* Reads h up to HEAD~back, then the rest; every commit's last word must equal the one-go answer. */
static void check_in_two_goes(struct scratch *scratch, const struct git_history *whole,
                              const char *cut)
{
    struct git_options first = {.revision = cut};
    if (scratch_read(scratch, "h", &first) != STATUS_OK)
        fail_msg("%s", scratch->error.message);
    struct git_history before = scratch->history;
    struct git_options second = {.since_commit = before.head};
    if (scratch_read(scratch, "h", &second) != STATUS_OK)
        fail_msg("%s", scratch->error.message);
    struct git_history after = scratch->history;
    assert_true(after.since_found);
    assert_true(after.count < whole->count);

    size_t window = whole->count - after.count;
    for (size_t i = 0; i < after.late_revert_count; i++) {
        size_t at = 0;
        while (strcmp(before.commits[at].sha, after.late_reverts[i].sha) != 0)
            at++;
        assert_in_range(at, 0, window - 1);
        if (before.commits[at].reverted)
            continue;
        before.commits[at].reverted = true;
        before.commits[at].reverted_at = after.late_reverts[i].reverted_at;
    }
    for (size_t i = 0; i < window; i++) {
        assert_false(before.commits[i].maturing);
        assert_same(&before.commits[i], &whole->commits[i]);
    }
    for (size_t i = window; i < whole->count; i++) {
        assert_same(&after.commits[i - window], &whole->commits[i]);
        assert_int_equal(after.commits[i - window].seen_before, i < before.count);
    }
}

static void an_import_in_two_goes_gives_the_same_answers(void **state)
{
    if (!present)
        skip();
    struct scratch *scratch = *state;
    if (scratch_read(scratch, "h", NULL) != STATUS_OK)
        fail_msg("%s", scratch->error.message);
    struct git_history whole = scratch->history;
    check_in_two_goes(scratch, &whole, "HEAD~300");
    check_in_two_goes(scratch, &whole, "HEAD~2600");
}

static void an_import_of_nothing_new_is_empty(void **state)
{
    if (!present)
        skip();
    struct scratch *scratch = *state;
    struct git_options again = {.since_commit = answers[answer_count - 1].sha};
    assert_int_equal(scratch_read(scratch, "h", &again), STATUS_OK);
    assert_int_equal(scratch->history.count, 0);
    assert_int_equal(scratch->history.late_revert_count, 0);
    assert_true(scratch->history.since_found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_commit_has_the_answer_of_the_other_program),
        cmocka_unit_test(an_import_in_two_goes_gives_the_same_answers),
        cmocka_unit_test(an_import_of_nothing_new_is_empty),
    };
    return cmocka_run_group_tests(tests, clone_and_read_answers, remove_clone);
}
