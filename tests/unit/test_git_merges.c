/* What merges bring in, one small repository per claim of git_branches.h, git_pulls.h and of what
   git_reverts.h and git_rework.h say of merges. */

#include "collect/git_pulls.h"
#include "git_scratch.h"

/* merge DAY MESSAGE BRANCH...: merges on that day, and never fast-forward. */
#define MERGE                                                                                      \
    "merge() {\n"                                                                                  \
    "  at=\"@$((1700000000 + $1 * 86400)) +0000\"; message=$2; shift 2\n"                          \
    "  GIT_AUTHOR_NAME=Bo GIT_AUTHOR_EMAIL=bo@example.org GIT_COMMITTER_NAME=GitHub \\\n"          \
    "  GIT_COMMITTER_EMAIL=noreply@github.com GIT_AUTHOR_DATE=$at GIT_COMMITTER_DATE=$at \\\n"     \
    "  git merge -q --no-ff -m \"$message\" \"$@\"\n"                                              \
    "}\n"                                                                                          \
    "branch() { git checkout -q -b \"$1\" \"${2:-main}\"; }\n"                                     \
    "home() { git checkout -q main; }\n"                                                           \
    "sha() { git rev-parse \"$1\"; }\n"

/* A pull request of two commits, and a commit beside it: f holds "a" of main, "b" and "c" of the
   branch; the merge is main's third commit. */
#define PULL                                                                                       \
    MERGE                                                                                          \
    "echo a > f; commit 0 one\n"                                                                   \
    "branch side; printf 'a\\nb\\n' > f; commit 1 b; printf 'a\\nb\\nc\\n' > f; commit 1 c\n"      \
    "home; echo x > g; commit 2 two\n"                                                             \
    "merge 3 'Merge pull request #7 from ann/side\n\nA title' side; merged=$(sha HEAD)\n"

static const struct git_commit *commit_at(const struct scratch *scratch, size_t index)
{
    assert_in_range(index, 0, scratch->history.count - 1);
    return &scratch->history.commits[index];
}

static void a_merge_owns_what_it_brings_in_and_is_no_item(void **state)
{
    (void)state;
    struct scratch scratch = scratch_history(PULL "printf 'a\\nb\\n' > f; commit 10 'fix it'\n");
    assert_int_equal(scratch.history.count, 4);
    assert_int_equal(scratch.history.merges, 1);
    assert_int_equal(scratch.history.items, 3);
    const struct git_commit *merge = commit_at(&scratch, 2);
    assert_true(merge->is_merge && merge->reworked);
    assert_false(merge->is_fix || merge->reverted);
    assert_int_equal(merge->reworked_at, scratch_day(10));
    assert_int_equal(merge->lines_added, 2);
    assert_int_equal(merge->pull, 7);
    assert_false(commit_at(&scratch, 0)->reworked);
    assert_false(commit_at(&scratch, 1)->reworked);
    scratch_close(&scratch);
}

static void a_merge_is_not_reworked_by_what_is_no_fix_or_comes_late(void **state)
{
    (void)state;
    struct scratch scratch = scratch_history(PULL "printf 'a\\nb\\n' > f; commit 10 three\n"
                                                  "echo a > f; commit 25 'fix late'\n");
    assert_false(commit_at(&scratch, 2)->reworked);
    scratch_close(&scratch);
}

static void a_merge_is_a_fix_if_its_subject_or_title_says_so(void **state)
{
    (void)state;
    struct scratch scratch = scratch_history(
        PULL "echo y > h; commit 4 three\n"
             "branch mend; printf 'a\\nc\\n' > f; commit 5 words\n"
             "home; merge 6 'Merge pull request #8 from ann/mend\n\nHotfix: b goes' mend\n"
             "branch fix-h; rm h; commit 7 words\n"
             "home; merge 8 \"Merge branch 'fix-h'\" fix-h\n"
             "branch more; printf 'a\\n' > f; commit 9 'fix c'\n"
             "home; merge 9 'Merge pull request #9 from ann/more\n\nMore\n\nfix' more\n");
    assert_int_equal(scratch.history.count, 7);
    assert_true(commit_at(&scratch, 4)->is_fix);
    assert_int_equal(commit_at(&scratch, 2)->reworked_at, scratch_day(6));
    assert_true(commit_at(&scratch, 5)->is_fix);
    assert_true(commit_at(&scratch, 3)->reworked); /* a commit of main, too */
    assert_false(commit_at(&scratch, 6)->is_fix);  /* one of the branch is not the whole */
    scratch_close(&scratch);
}

static void a_revert_of_a_merge_counts_by_its_sha(void **state)
{
    (void)state;
    struct scratch scratch = scratch_history(
        PULL "at=\"@$((1700000000 + 9 * 86400)) +0000\"\n"
             "GIT_AUTHOR_NAME=Bo GIT_AUTHOR_EMAIL=b@example.org GIT_COMMITTER_NAME=Bo \\\n"
             "GIT_COMMITTER_EMAIL=b@example.org GIT_AUTHOR_DATE=$at GIT_COMMITTER_DATE=$at \\\n"
             "git revert --no-edit -m 1 $merged\n");
    const struct git_commit *merge = commit_at(&scratch, 2);
    assert_true(merge->reverted && merge->reworked);
    assert_int_equal(merge->reverted_at, scratch_day(9));
    assert_false(commit_at(&scratch, 1)->reverted);
    scratch_close(&scratch);
}

static void a_revert_of_a_commit_inside_a_branch_is_one_of_its_merge(void **state)
{
    (void)state;
    struct scratch scratch = scratch_history(
        PULL "inside=$(git rev-parse --short=8 $merged^2~1)\n"
             "printf 'a\\nc\\n' > f; commit 30 \"Revert b\n\nThis reverts commit $inside.\"\n");
    assert_true(commit_at(&scratch, 2)->reverted);
    assert_false(commit_at(&scratch, 2)->reworked); /* too late for that */
    assert_false(commit_at(&scratch, 0)->reverted);
    scratch_close(&scratch);
}

static void a_revert_said_inside_a_branch_counts_from_its_merge_on(void **state)
{
    (void)state;
    struct scratch scratch = scratch_history(
        PULL "two=$(sha HEAD~1)\n"
             "branch undo; rm g; commit 4 \"Revert two\n\nThis reverts commit $two.\"\n"
             "echo q > q; commit 4 q; q=$(sha HEAD)\n"
             "rm q; commit 4 \"Revert q\n\nThis reverts commit $q.\"\n"
             "home; merge 6 'Merge pull request #8 from ann/undo\n\nUndo' undo\n");
    assert_true(commit_at(&scratch, 1)->reverted);
    assert_int_equal(commit_at(&scratch, 1)->reverted_at, scratch_day(6));
    /* What the branch took back itself never came to main. */
    assert_false(commit_at(&scratch, 3)->reverted);
    scratch_close(&scratch);
}

static void githubs_button_names_the_pull_request(void **state)
{
    (void)state;
    struct scratch scratch = scratch_history(
        PULL "branch revert-7-side; echo a > f; commit 5 'take it back'\n"
             "home; merge 6 'Merge pull request #8 from org/revert-7-side\n\nRevert \"A\"' "
             "revert-7-side\n"
             "echo z > z; commit 7 'A squash (#9)'\n"
             "rm z; commit 8 'Revert \"A squash (#9)\" (#10)'\n");
    assert_true(commit_at(&scratch, 2)->reverted);
    /* A commit that is an item of its own is named by its sha, and by nothing else. */
    assert_false(commit_at(&scratch, 4)->reverted);
    scratch_close(&scratch);
}

static int64_t merged(const char *message)
{
    return git_pull_merged(message, strlen(message));
}

static int64_t reverted(const char *message)
{
    return git_pull_reverted(message, strlen(message));
}

static int64_t squashed(const char *message)
{
    return git_pull_squashed(message, strlen(message));
}

static void numbers_are_read_in_githubs_words_only(void **state)
{
    (void)state;
    assert_int_equal(merged("Merge pull request #12 from a/b\n\nT"), 12);
    assert_int_equal(merged("Merge pull request #12"), 0);
    assert_int_equal(merged("Merge pull request #1234567890123 from a/b"), 0);
    assert_int_equal(merged("Merge pull request # from a/b"), 0);
    assert_int_equal(merged("About: Merge pull request #12 from a/b"), 0);
    assert_int_equal(merged(""), 0);
    assert_int_equal(squashed("Title (#12)\n\ntext (#13)"), 12);
    assert_int_equal(squashed("Title (#12) (#13) "), 13);
    assert_int_equal(squashed("Revert \"Title (#12)\" (#13)"), 13);
    assert_int_equal(squashed("Revert \"Title (#12)\""), 0);
    assert_int_equal(squashed("Title (#12) and more"), 0);
    assert_int_equal(squashed("Title (#)"), 0);
    assert_int_equal(squashed("Title(#12)"), 0);
    assert_int_equal(squashed("Title #12\n\n(#13)"), 0);
    assert_int_equal(squashed(""), 0);
    assert_int_equal(reverted("Revert \"Title (#12)\" (#13)"), 12);
    assert_int_equal(reverted("Revert \"Revert \"Title (#12)\" (#13)\" (#14)"), 13);
    assert_int_equal(reverted("Revert \"Title\" (#13)"), 0);
    assert_int_equal(reverted("Revert Title (#12)\""), 0);
    assert_int_equal(reverted("Title\n\nRevert \"Title (#12)\""), 0);
    assert_int_equal(reverted("Merge pull request #13 from a/b\n\nRevert \"Title (#12)\""), 12);
    assert_int_equal(reverted("Merge pull request #13 from a/revert-12-x"), 12);
    assert_int_equal(reverted("Merge pull request #13 from a/revert-12"), 0);
    assert_int_equal(reverted("Merge pull request #13 from a/x-revert-12-x"), 0);
    assert_int_equal(reverted("Merge pull request #13 from "), 0);
    assert_int_equal(reverted("\n \n"), 0);
}

static void what_a_merge_adds_of_its_own_is_its_too(void **state)
{
    (void)state;
    struct scratch scratch =
        scratch_history(MERGE "echo a > f; commit 0 one\n"
                              "branch side; echo b > f; commit 1 b\n"
                              "home; echo c > f; commit 2 two\n"
                              "merge 3 side side || true; printf 'c\\nevil\\n' > f\n"
                              "commit 3 \"Merge branch 'side'\"\n"
                              "echo c > f; commit 4 'fix evil'\n");
    assert_int_equal(scratch.history.count, 4);
    assert_true(commit_at(&scratch, 2)->is_merge && commit_at(&scratch, 2)->reworked);
    assert_false(commit_at(&scratch, 1)->reworked);
    scratch_close(&scratch);
}

static void an_octopus_owns_what_all_of_its_branches_bring(void **state)
{
    (void)state;
    struct scratch scratch =
        scratch_history(MERGE "echo a > f; commit 0 one\n"
                              "branch x; echo x > x; commit 1 x\n"
                              "branch y main; echo y > y; commit 1 y; y=$(sha HEAD)\n"
                              "home; echo b >> f; commit 2 two; merge 3 octopus x y\n"
                              "rm x; commit 4 'fix x'\n"
                              "rm y; commit 5 \"no y\n\nThis reverts commit $y.\"\n");
    assert_int_equal(scratch.history.count, 5);
    const struct git_commit *octopus = commit_at(&scratch, 2);
    assert_true(octopus->is_merge && octopus->reworked && octopus->reverted);
    assert_int_equal(octopus->reworked_at, scratch_day(4));
    assert_int_equal(octopus->reverted_at, scratch_day(5));
    scratch_close(&scratch);
}

static void a_branch_that_takes_main_in_brings_only_its_own(void **state)
{
    (void)state;
    struct scratch scratch = scratch_history(
        MERGE "echo a > f; commit 0 one\n"
              "branch side; echo s > s; commit 1 s\n"
              "home; echo b > g; commit 2 two; two=$(sha HEAD)\n"
              "git checkout -q side; merge 3 'take main in' main; inner=$(sha HEAD)\n"
              "home; echo h > h; commit 4 three; merge 5 'Merge pull request #7 from a/side' side\n"
              "rm g; commit 6 \"fix\n\nThis reverts commit $two.\"\n"
              "commit 7 \"x\n\nThis reverts commit $inner.\"\n");
    assert_int_equal(scratch.history.count, 6);
    assert_true(commit_at(&scratch, 1)->reverted && commit_at(&scratch, 1)->reworked);
    const struct git_commit *merge = commit_at(&scratch, 3);
    assert_true(merge->is_merge);
    assert_int_equal(merge->lines_added, 1);
    assert_int_equal(merge->reverted_at, scratch_day(7));
    scratch_close(&scratch);
}

/* In a clone cut at main's newest three commits the branch still shows main's old ones: they came
   by no merge there. */
static void a_shallow_clone_gives_no_merge_what_it_cannot_see(void **state)
{
    (void)state;
    struct scratch scratch =
        scratch_history(MERGE "echo a > f; commit 0 one\n"
                              "echo b > g; commit 1 two; two=$(sha HEAD)\n"
                              "branch side; echo s > s; commit 2 s\n"
                              "home; echo h > h; commit 3 three; echo i > i; commit 4 four\n"
                              "merge 5 'Merge pull request #7 from a/side' side\n"
                              "rm g; commit 6 \"fix g\n\nThis reverts commit $two.\"\n");
    scratch_run(&scratch, "git clone -q --depth 3 file://$PWD/r s");
    assert_int_equal(scratch_read(&scratch, "s", NULL), STATUS_OK);
    assert_true(scratch.history.shallow);
    assert_int_equal(scratch.history.count, 3);
    const struct git_commit *merge = commit_at(&scratch, 1);
    assert_true(merge->is_merge);
    assert_false(merge->reverted || merge->reworked);
    scratch_run(&scratch, "cd s; git fetch -q --unshallow");
    assert_int_equal(scratch_read(&scratch, "s", NULL), STATUS_OK);
    assert_true(commit_at(&scratch, 1)->reverted);
    scratch_close(&scratch);
}

static void a_later_import_brings_the_fix_of_a_merge(void **state)
{
    (void)state;
    struct scratch scratch = scratch_history(PULL);
    struct git_options options = {.since_commit = scratch.history.head};
    assert_false(commit_at(&scratch, 2)->reworked);
    scratch_run(&scratch, "cd r\nprintf 'a\\nb\\n' > f; commit 10 'fix it'\n");
    assert_int_equal(scratch_read(&scratch, "r", &options), STATUS_OK);
    assert_true(scratch.history.since_found);
    assert_int_equal(scratch.history.items, 1);
    const struct git_commit *merge = commit_at(&scratch, 2);
    assert_true(merge->is_merge && merge->seen_before && merge->reworked);
    assert_int_equal(merge->reworked_at, scratch_day(10));
    scratch_close(&scratch);
}

/* The branch of an old merge is read again only where a message names what is not known. */
static void a_late_revert_reaches_old_merges_by_any_name(void **state)
{
    (void)state;
    static const char *const reverts[] = {"sha=$(git rev-parse HEAD~1)",
                                          "sha=$(git rev-parse HEAD~1^2)",
                                          "sha=0123456789; subject='Revert \"A title (#7)\"'"};
    for (size_t i = 0; i < sizeof reverts / sizeof reverts[0]; i++) {
        struct scratch scratch = scratch_history(PULL "echo n > n; commit 60 later\n");
        struct git_options options = {.since_commit = scratch.history.head};
        const char *merge = commit_at(&scratch, 2)->sha;
        char script[512];
        (void)snprintf(script, sizeof script,
                       "cd r\nsubject=Undo; %s\n"
                       "echo a > f; commit 70 \"$subject\n\nThis reverts commit $sha.\"\n",
                       reverts[i]);
        scratch_run(&scratch, script);
        assert_int_equal(scratch_read(&scratch, "r", &options), STATUS_OK);
        assert_int_equal(scratch.history.count, 2);
        assert_int_equal(scratch.history.late_revert_count, 1);
        assert_string_equal(scratch.history.late_reverts[0].sha, merge);
        assert_int_equal(scratch.history.late_reverts[0].reverted_at, scratch_day(70));
        scratch_close(&scratch);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_merge_owns_what_it_brings_in_and_is_no_item),
        cmocka_unit_test(a_merge_is_not_reworked_by_what_is_no_fix_or_comes_late),
        cmocka_unit_test(a_merge_is_a_fix_if_its_subject_or_title_says_so),
        cmocka_unit_test(a_revert_of_a_merge_counts_by_its_sha),
        cmocka_unit_test(a_revert_of_a_commit_inside_a_branch_is_one_of_its_merge),
        cmocka_unit_test(a_revert_said_inside_a_branch_counts_from_its_merge_on),
        cmocka_unit_test(githubs_button_names_the_pull_request),
        cmocka_unit_test(numbers_are_read_in_githubs_words_only),
        cmocka_unit_test(what_a_merge_adds_of_its_own_is_its_too),
        cmocka_unit_test(an_octopus_owns_what_all_of_its_branches_bring),
        cmocka_unit_test(a_branch_that_takes_main_in_brings_only_its_own),
        cmocka_unit_test(a_shallow_clone_gives_no_merge_what_it_cannot_see),
        cmocka_unit_test(a_later_import_brings_the_fix_of_a_merge),
        cmocka_unit_test(a_late_revert_reaches_old_merges_by_any_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
