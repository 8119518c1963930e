/* Small repositories, one per claim of git_log.h and git_rework.h. */

#include "git_scratch.h"

static const struct git_commit *commit_at(const struct scratch *scratch, size_t index)
{
    assert_in_range(index, 0, scratch->history.count - 1);
    return &scratch->history.commits[index];
}

static void commits_come_oldest_first_with_size_person_and_times(void **state)
{
    (void)state;
    struct scratch scratch = scratch_history("printf 'a\\nb\\nc\\n' > f; commit 0 one\n"
                                             "printf 'a\\nB\\n' > f; commit 1 two\n");
    assert_int_equal(scratch.history.count, 2);
    assert_string_equal(scratch.history.branch, "main");
    assert_int_equal(commit_at(&scratch, 0)->lines_added, 3);
    const struct git_commit *second = commit_at(&scratch, 1);
    assert_int_equal(second->lines_added, 1);
    assert_int_equal(second->lines_deleted, 2);
    assert_int_equal(second->committer_time, scratch_day(1));
    assert_int_equal(second->author_time, scratch_day(1));
    assert_string_equal(second->person, "ann@example.org");
    assert_string_equal(second->sha, scratch.history.head);
    assert_true(second->maturing && second->size_known && second->rework_known);
    assert_null(second->tool);
    scratch_close(&scratch);
}

static void a_fix_that_deletes_a_line_reworks_who_added_it(void **state)
{
    (void)state;
    struct scratch scratch = scratch_history("printf 'a\\nb\\n' > f; commit 0 one\n"
                                             "printf 'a\\nb\\nc\\n' > f; commit 1 two\n"
                                             "printf 'a\\nx\\nc\\n' > f; commit 2 'fix it'\n"
                                             "commit 40 later\n");
    assert_true(commit_at(&scratch, 0)->reworked);
    assert_int_equal(commit_at(&scratch, 0)->reworked_at, scratch_day(2));
    assert_false(commit_at(&scratch, 1)->reworked);
    assert_false(commit_at(&scratch, 2)->reworked);
    assert_false(commit_at(&scratch, 0)->maturing);
    assert_true(commit_at(&scratch, 3)->maturing);
    scratch_close(&scratch);
}

static void a_change_that_is_no_fix_reworks_nothing_but_takes_over_the_line(void **state)
{
    (void)state;
    struct scratch scratch = scratch_history("echo a > f; commit 0 one\n"
                                             "echo b > f; commit 1 two\n"
                                             "echo c > f; commit 2 'fix three'\n");
    assert_false(commit_at(&scratch, 0)->reworked);
    assert_true(commit_at(&scratch, 1)->reworked);
    scratch_close(&scratch);
}

static void a_fix_that_only_adds_lines_reworks_nobody(void **state)
{
    (void)state;
    struct scratch scratch = scratch_history("printf 'a\\nb\\n' > f; commit 0 one\n"
                                             "printf 'z\\na\\nx\\nb\\ny\\n' > f; commit 1 fix\n");
    assert_false(commit_at(&scratch, 0)->reworked);
    scratch_close(&scratch);
}

static void a_fix_counts_up_to_21_days_later_and_not_after(void **state)
{
    (void)state;
    struct scratch scratch = scratch_history("echo a > f; echo a > g; commit 0 one\n"
                                             "echo b > f; commit 21 'fix f'\n"
                                             "echo b > g; commit 22 'fix g'\n");
    assert_true(commit_at(&scratch, 0)->reworked);
    assert_int_equal(commit_at(&scratch, 0)->reworked_at, scratch_day(21));
    scratch_close(&scratch);
    scratch = scratch_history("echo a > f; commit 0 one\n"
                              "echo b > f; commit 22 fix\n");
    assert_false(commit_at(&scratch, 0)->reworked);
    scratch_close(&scratch);
}

static void clocks_that_run_backwards_are_within_21_days(void **state)
{
    (void)state;
    struct scratch scratch = scratch_history("echo a > f; commit 100 one\n"
                                             "echo a > g; commit 200 two\n"
                                             "echo b > f; commit 50 fix\n");
    assert_true(commit_at(&scratch, 0)->reworked);
    assert_int_equal(commit_at(&scratch, 0)->reworked_at, scratch_day(50));
    scratch_close(&scratch);
}

static void a_renamed_file_keeps_its_lines(void **state)
{
    (void)state;
    struct scratch scratch = scratch_history("seq 1 20 > 'a b'; commit 0 one\n"
                                             "git mv 'a b' c; commit 1 two\n"
                                             "seq 1 19 > c; commit 2 fix\n");
    assert_true(commit_at(&scratch, 0)->reworked);
    assert_false(commit_at(&scratch, 1)->reworked);
    scratch_close(&scratch);
}

static void a_deleted_file_that_comes_back_has_new_owners(void **state)
{
    (void)state;
    struct scratch scratch = scratch_history("echo a > f; commit 0 one\n"
                                             "rm f; commit 1 two\n"
                                             "echo a > f; commit 2 three\n"
                                             "rm f; commit 3 'fix four'\n");
    assert_false(commit_at(&scratch, 0)->reworked);
    assert_true(commit_at(&scratch, 2)->reworked);
    scratch_close(&scratch);
}

static void odd_file_names_are_followed(void **state)
{
    (void)state;
    struct scratch scratch = scratch_history(
        "for name in 'a b' \"t\tt\" 'q\"q' 'b\\b' '\xc3\xa9' \"n\nn\" 'a => b' ' b/ b/ ' '\xff'; "
        "do\n"
        "  case \"$name\" in */*) mkdir -p \" b/ b\";; esac\n"
        "  echo 1 > \"$name\" 2>/dev/null || echo 1 > plain; commit 0 add\n"
        "done\n"
        "for name in 'a b' \"t\tt\" 'q\"q' 'b\\b' '\xc3\xa9' \"n\nn\" 'a => b' '\xff'; do\n"
        "  echo 2 > \"$name\"; commit 1 fix\n"
        "done\n");
    size_t reworked = 0;
    for (size_t i = 0; i < scratch.history.count; i++)
        reworked += scratch.history.commits[i].reworked;
    assert_int_equal(reworked, 8);
    assert_int_equal(commit_at(&scratch, scratch.history.count - 1)->lines_deleted, 1);
    scratch_close(&scratch);
}

static void modes_binaries_and_missing_line_ends_do_not_confuse(void **state)
{
    (void)state;
    struct scratch scratch =
        scratch_history("printf 'a\\nb' > f; printf 'x\\0y' > g; commit 0 one\n"
                        "chmod +x f; commit 1 two\n"
                        "printf 'a\\nb\\n' > f; printf 'z\\0y' > g; commit 2 'fix three'\n"
                        "printf -- '-- a\\n++ b\\ncommit 1\\ndiff --git a/f b/f\\n' > f\n"
                        "commit 3 four\n"
                        "printf 'one\\rtwo\\r\\n' > f; commit 4 'fix five'\n");
    assert_true(commit_at(&scratch, 0)->reworked);
    assert_int_equal(commit_at(&scratch, 0)->reworked_at, scratch_day(2));
    assert_false(commit_at(&scratch, 1)->reworked);
    assert_false(commit_at(&scratch, 2)->reworked);
    assert_true(commit_at(&scratch, 3)->reworked);
    assert_int_equal(commit_at(&scratch, 4)->lines_added, 1);
    assert_int_equal(commit_at(&scratch, 0)->lines_added, 2);
    scratch_close(&scratch);
}

static void a_file_that_becomes_a_link_is_a_new_file(void **state)
{
    (void)state;
    struct scratch scratch = scratch_history("echo a > f; commit 0 one\n"
                                             "rm f; ln -s x f; commit 1 two\n"
                                             "rm f; echo b > f; commit 2 'fix three'\n");
    assert_false(commit_at(&scratch, 0)->reworked);
    assert_true(commit_at(&scratch, 1)->reworked);
    scratch_close(&scratch);
}

static void a_revert_counts_as_rework_within_21_days_and_as_revert_always(void **state)
{
    (void)state;
    struct scratch scratch =
        scratch_history("echo a > f; commit 0 one; one=$(git rev-parse HEAD)\n"
                        "echo b > g; commit 1 two; two=$(git rev-parse --short=7 HEAD)\n"
                        "rm g; commit 2 \"Revert two\n\nThis reverts commit $two.\"\n"
                        "rm f; commit 30 \"Revert one\n\nThis reverts commit $one.\"\n"
                        "commit 31 \"x\n\nThis reverts commit 0123456789abcdef.\"\n");
    assert_true(commit_at(&scratch, 0)->reverted);
    assert_int_equal(commit_at(&scratch, 0)->reverted_at, scratch_day(30));
    assert_false(commit_at(&scratch, 0)->reworked);
    assert_true(commit_at(&scratch, 1)->reverted);
    assert_true(commit_at(&scratch, 1)->reworked);
    assert_int_equal(commit_at(&scratch, 1)->reworked_at, scratch_day(2));
    scratch_close(&scratch);
}

static void bots_are_counted_and_dropped_but_their_fixes_count(void **state)
{
    (void)state;
    struct scratch scratch = scratch_history(
        "echo a > f; commit 0 one\n"
        "echo b > f; commit 1 'fix two' 'dependabot[bot]' "
        "'49699333+dependabot[bot]@users.noreply.github.com'\n"
        "commit 2 three 'copilot-swe-agent[bot]' '198982749+Copilot@users.noreply.github.com'\n");
    assert_int_equal(scratch.history.bots, 1);
    assert_int_equal(scratch.history.items, 2);
    assert_int_equal(scratch.history.without_person, 1);
    assert_true(commit_at(&scratch, 0)->reworked);
    assert_true(commit_at(&scratch, 2)->ai_author);
    scratch_close(&scratch);
}

static void configuration_of_the_repository_changes_nothing(void **state)
{
    (void)state;
    struct scratch scratch = scratch_history(
        "echo 'Other <other@example.org> <ann@example.org>' > .mailmap\n"
        "printf 'a\\n\\nb\\n' > f; commit 0 one 'J\xc3\xb6rg' 'j\xc3\xb6rg@example.org'\n"
        "printf 'a\\n\\nc\\n' > f; commit 1 'fix two'\n"
        "for setting in diff.noprefix=true diff.mnemonicPrefix=true color.ui=always "
        "diff.renames=copies "
        "diff.algorithm=patience diff.context=0 diff.interHunkContext=9 diff.external=false "
        "diff.orderFile=nowhere log.showRoot=false log.showSignature=true log.decorate=full "
        "log.mailmap=true log.diffMerges=off core.quotePath=true diff.submodule=log "
        "diff.suppressBlankEmpty=true diff.relative=true format.pretty=oneline "
        "i18n.logOutputEncoding=ISO-8859-1; do git config \"${setting%%=*}\" \"${setting#*=}\"; "
        "done\n"
        "git config diff.shout.textconv 'tr a-z A-Z <'\n"
        "echo '* diff=shout' > .git/info/attributes\n");
    assert_int_equal(commit_at(&scratch, 0)->lines_added, 4);
    assert_int_equal(commit_at(&scratch, 1)->lines_added, 1);
    assert_true(commit_at(&scratch, 0)->reworked);
    assert_string_equal(commit_at(&scratch, 0)->person, "j\xc3\xb6rg@example.org");
    assert_string_equal(commit_at(&scratch, 1)->person, "ann@example.org");
    scratch_close(&scratch);
}

static void the_environment_cannot_point_elsewhere(void **state)
{
    (void)state;
    struct scratch scratch = scratch_history("echo a > f; commit 0 one");
    scratch_run(&scratch, "git init -q -b other o; cd o; commit 5 elsewhere; commit 6 more");
    char path[128];
    (void)snprintf(path, sizeof path, "%s/o/.git", scratch.folder);
    (void)setenv("GIT_DIR", path, 1);
    (void)setenv("GIT_EXTERNAL_DIFF", "false", 1);
    (void)setenv("GIT_TRACE", "1", 1);
    enum status status = scratch_read(&scratch, "r", NULL);
    (void)unsetenv("GIT_DIR");
    (void)unsetenv("GIT_EXTERNAL_DIFF");
    (void)unsetenv("GIT_TRACE");
    assert_int_equal(status, STATUS_OK);
    assert_int_equal(scratch.history.count, 1);
    scratch_close(&scratch);
}

static void the_default_branch_is_the_remotes(void **state)
{
    (void)state;
    struct scratch scratch = scratch_history("echo a > f; commit 0 one");
    scratch_run(&scratch, "git clone -q r c; cd c; git checkout -q -b feature; commit 1 two");
    assert_int_equal(scratch_read(&scratch, "c", NULL), STATUS_OK);
    assert_int_equal(scratch.history.count, 1);
    assert_string_equal(scratch.history.branch, "origin/main");
    struct git_options options = {.revision = "feature"};
    assert_int_equal(scratch_read(&scratch, "c", &options), STATUS_OK);
    assert_int_equal(scratch.history.count, 2);
    options.revision = "nowhere";
    assert_int_equal(scratch_read(&scratch, "c", &options), ERROR_INPUT);
    options.revision = "--all";
    assert_int_equal(scratch_read(&scratch, "c", &options), ERROR_INPUT);
    scratch_close(&scratch);
}

static void a_shallow_clone_is_read_as_far_as_it_goes(void **state)
{
    (void)state;
    struct scratch scratch = scratch_history("echo a > f; commit 0 one\n"
                                             "echo a > g; commit 1 two\n"
                                             "echo a > h; commit 2 three\n"
                                             "echo b > f; echo b > h; commit 3 fix\n");
    scratch_run(&scratch, "git clone -q --depth 3 file://$PWD/r s");
    assert_int_equal(scratch_read(&scratch, "s", NULL), STATUS_OK);
    assert_true(scratch.history.shallow);
    assert_int_equal(scratch.history.count, 3);
    assert_false(commit_at(&scratch, 0)->size_known);
    assert_false(commit_at(&scratch, 0)->rework_known);
    assert_false(commit_at(&scratch, 0)->reworked);
    assert_true(commit_at(&scratch, 1)->reworked);
    assert_true(commit_at(&scratch, 1)->size_known);
    assert_int_equal(commit_at(&scratch, 2)->lines_added, 2);
    assert_int_equal(scratch.history.size_unknown, 1);
    scratch_run(&scratch, "git -C s fetch -q --unshallow");
    assert_int_equal(scratch_read(&scratch, "s", NULL), STATUS_OK);
    assert_false(scratch.history.shallow);
    assert_int_equal(scratch.history.count, 4);
    scratch_close(&scratch);
}

static void a_partial_clone_without_contents_still_has_its_marks(void **state)
{
    (void)state;
    struct scratch scratch = scratch_history(
        "echo a > f; commit 0 'one\n\nCo-authored-by: Claude <noreply@anthropic.com>'\n"
        "echo b > f; commit 1 two\n"
        "echo c > f; commit 2 'fix three'\n"
        "echo d > g; commit 3 four\n");
    scratch_run(&scratch, "git -C r config uploadpack.allowFilter true\n"
                          "git clone -q --no-checkout --filter=blob:none file://$PWD/r p");
    assert_int_equal(scratch_read(&scratch, "p", NULL), STATUS_OK);
    assert_int_equal(scratch.history.count, 4);
    assert_true(scratch.history.contents_missing);
    assert_int_equal(scratch.history.size_unknown, 4);
    assert_int_equal(scratch.history.rework_unknown, 4);
    assert_string_equal(commit_at(&scratch, 0)->tool, "claude-code");
    scratch_close(&scratch);
}

static void a_missing_large_file_costs_only_what_touches_it(void **state)
{
    (void)state;
    struct scratch scratch = scratch_history("echo a > f; echo a > g; commit 0 one\n"
                                             "seq 1 9999 > big; echo b > g; commit 1 two\n"
                                             "echo a > h; commit 2 three\n"
                                             "rm big; commit 3 four\n"
                                             "echo b > f; echo b > h; commit 4 fix\n"
                                             "echo c > f; commit 5 six\n");
    scratch_run(&scratch, "git -C r config uploadpack.allowFilter true\n"
                          "git clone -q --filter=blob:limit=1k file://$PWD/r p");
    assert_int_equal(scratch_read(&scratch, "p", NULL), STATUS_OK);
    assert_true(scratch.history.contents_missing);
    static const bool size_known[] = {true, false, true, false, true, true};
    static const bool rework_known[] = {false, false, true, false, true, true};
    static const bool reworked[] = {true, false, true, false, false, false};
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(commit_at(&scratch, i)->size_known, size_known[i]);
        assert_int_equal(commit_at(&scratch, i)->rework_known, rework_known[i]);
        assert_int_equal(commit_at(&scratch, i)->reworked, reworked[i]);
    }
    assert_int_equal(commit_at(&scratch, 4)->lines_added, 2);

    struct git_options later = {.since_commit = commit_at(&scratch, 2)->sha};
    assert_int_equal(scratch_read(&scratch, "p", &later), STATUS_OK);
    assert_int_equal(scratch.history.items, 3);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(commit_at(&scratch, i)->size_known, i > 2 && size_known[i]);
        assert_int_equal(commit_at(&scratch, i)->rework_known, rework_known[i]);
        assert_int_equal(commit_at(&scratch, i)->reworked, reworked[i]);
    }
    scratch_close(&scratch);
}

static void a_git_that_cannot_list_its_objects_is_no_clone_without_contents(void **state)
{
    (void)state;
    struct scratch scratch = scratch_history("seq 1 9999 > big; commit 0 one\n"
                                             "echo a > f; commit 1 two\n");
    scratch_run(&scratch, "git -C r config uploadpack.allowFilter true\n"
                          "git clone -q --no-checkout --filter=blob:limit=1k file://$PWD/r p\n"
                          "mkdir bin\n"
                          "cat > bin/git << 'E'\n"
                          "#!/bin/sh\n"
                          "case \" $* \" in *\" cat-file \"*) exit 7;; esac\n"
                          "PATH=${PATH#*:}\n"
                          "exec git \"$@\"\n"
                          "E\n"
                          "chmod +x bin/git");
    char path[4096];
    const char *before = getenv("PATH");
    char *kept = strdup(before != NULL ? before : "");
    (void)snprintf(path, sizeof path, "%s/bin:%s", scratch.folder, kept);
    assert_int_equal(setenv("PATH", path, 1), 0);
    enum status status = scratch_read(&scratch, "p", NULL);
    assert_int_equal(setenv("PATH", kept, 1), 0);
    free(kept);
    assert_int_equal(status, ERROR_INPUT);
    if (strstr(scratch.error.message, "could not list the objects") == NULL)
        fail_msg("%s", scratch.error.message);
    scratch_close(&scratch);
}

static void assert_refused(struct scratch *scratch, const char *name, const char *word)
{
    assert_int_equal(scratch_read(scratch, name, NULL), ERROR_INPUT);
    if (strstr(scratch->error.message, word) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", scratch->error.message, word);
    assert_non_null(strstr(scratch->error.place, name));
}

static void what_cannot_be_read_is_said_with_the_mend(void **state)
{
    (void)state;
    struct scratch scratch = scratch_open();
    assert_refused(&scratch, "r", "no commits yet");
    assert_refused(&scratch, "missing", "no such folder");
    scratch_run(&scratch, "mkdir plain");
    assert_refused(&scratch, "plain", "not a git repository");
    char *path = strdup(getenv("PATH"));
    (void)setenv("PATH", "/nonexistent", 1);
    enum status status = scratch_read(&scratch, "r", NULL);
    (void)setenv("PATH", path, 1);
    free(path);
    assert_int_equal(status, ERROR_INPUT);
    assert_non_null(strstr(scratch.error.message, "install git"));
    scratch_close(&scratch);
}

static void a_repository_of_another_user_is_refused_with_the_mend(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip(); /* only root can give a folder away */
    struct scratch scratch = scratch_history("commit 0 one");
    scratch_run(&scratch, "chown -R 12345 r");
    (void)unsetenv("SUDO_UID");
    assert_refused(&scratch, "r", "safe.directory");
    scratch_close(&scratch);
}

static void a_bare_repository_and_a_folder_inside_one_are_read(void **state)
{
    (void)state;
    struct scratch scratch =
        scratch_history("mkdir d; echo a > d/f; commit 0 one; echo b > f; commit 1 x");
    scratch_run(&scratch, "git clone -q --bare r b");
    assert_int_equal(scratch_read(&scratch, "b", NULL), STATUS_OK);
    assert_int_equal(scratch.history.count, 2);
    assert_int_equal(scratch_read(&scratch, "r/d", NULL), STATUS_OK);
    assert_int_equal(commit_at(&scratch, 1)->lines_added, 1);
    scratch_close(&scratch);
}

static void names_in_invalid_utf8_and_huge_messages_are_read(void **state)
{
    (void)state;
    struct scratch scratch = scratch_history(
        "tree=$(git write-tree)\n"
        "printf 'tree %s\\nauthor \\377\\376 <m\\374ller@example.org> 1700000000 +0000\\ncommitter "
        "A "
        "<a@b.c> 1700000000 +0000\\n\\none \\300\\n' $tree > ../raw\n"
        "git reset -q --soft $(git hash-object -t commit -w ../raw)\n"
        "(echo fix; echo; head -c 3000000 /dev/zero | tr '\\0' x; echo; "
        "echo 'Co-authored-by: Cursor <cursoragent@cursor.com>') > ../message\n"
        "at='@1700086400 +0000'\n"
        "GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL= GIT_COMMITTER_NAME=A GIT_COMMITTER_EMAIL=a@b.c "
        "GIT_AUTHOR_DATE=$at GIT_COMMITTER_DATE=$at git commit -q --allow-empty -F ../message\n");
    assert_string_equal(commit_at(&scratch, 0)->person, "m\xef\xbf\xbdller@example.org");
    assert_string_equal(commit_at(&scratch, 1)->tool, "cursor");
    assert_true(commit_at(&scratch, 1)->is_fix);
    assert_null(commit_at(&scratch, 1)->person);
    assert_int_equal(scratch.history.without_person, 1);
    scratch_close(&scratch);
}

static void an_import_after_a_rewritten_history_reads_everything(void **state)
{
    (void)state;
    struct scratch scratch = scratch_history("echo a > f; commit 0 one\ncommit 1 two\n");
    struct git_options options = {.since_commit = "0123456789012345678901234567890123456789"};
    assert_int_equal(scratch_read(&scratch, "r", &options), STATUS_OK);
    assert_false(scratch.history.since_found);
    assert_int_equal(scratch.history.count, 2);
    assert_int_equal(scratch.history.items, 2);
    scratch_close(&scratch);
}

static void a_late_revert_reaches_commits_of_earlier_imports(void **state)
{
    (void)state;
    struct scratch scratch = scratch_history("echo a > f; commit 0 one\n"
                                             "echo a > g; commit 50 two\n");
    struct git_options options = {.since_commit = scratch.history.head};
    const char *first = commit_at(&scratch, 0)->sha;
    scratch_run(&scratch, "cd r\none=$(git rev-parse HEAD~1)\n"
                          "echo b > g; commit 60 \"fix\n\nThis reverts commit $one.\"");
    assert_int_equal(scratch_read(&scratch, "r", &options), STATUS_OK);
    assert_int_equal(scratch.history.count, 2);
    assert_true(commit_at(&scratch, 0)->seen_before);
    assert_true(commit_at(&scratch, 0)->reworked);
    assert_int_equal(scratch.history.items, 1);
    assert_int_equal(scratch.history.late_revert_count, 1);
    assert_string_equal(scratch.history.late_reverts[0].sha, first);
    assert_int_equal(scratch.history.late_reverts[0].reverted_at, scratch_day(60));
    scratch_close(&scratch);
}

static bool stop_at_once(void *context, size_t done, size_t total)
{
    (void)done;
    (void)total;
    size_t *calls = context;
    return ++*calls < 2;
}

static void the_user_can_stop_it(void **state)
{
    (void)state;
    struct scratch scratch = scratch_history("echo a > f; commit 0 one\n");
    size_t calls = 0;
    struct git_options options = {.progress = stop_at_once, .context = &calls};
    assert_int_equal(scratch_read(&scratch, "r", &options), ERROR_STOPPED);
    assert_int_equal(calls, 2);
    scratch_close(&scratch);
}

static void repositories_with_sha_256_are_read(void **state)
{
    (void)state;
    struct scratch scratch = scratch_open();
    scratch_run(&scratch, "git init -q -b main --object-format=sha256 s; cd s\n"
                          "echo a > f; commit 0 one; one=$(git rev-parse HEAD)\n"
                          "echo b > f; commit 1 \"x\n\nThis reverts commit $one\"");
    assert_int_equal(scratch_read(&scratch, "s", NULL), STATUS_OK);
    assert_int_equal(strlen(scratch.history.head), 64);
    assert_true(commit_at(&scratch, 0)->reverted);
    scratch_close(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commits_come_oldest_first_with_size_person_and_times),
        cmocka_unit_test(a_fix_that_deletes_a_line_reworks_who_added_it),
        cmocka_unit_test(a_change_that_is_no_fix_reworks_nothing_but_takes_over_the_line),
        cmocka_unit_test(a_fix_that_only_adds_lines_reworks_nobody),
        cmocka_unit_test(a_fix_counts_up_to_21_days_later_and_not_after),
        cmocka_unit_test(clocks_that_run_backwards_are_within_21_days),
        cmocka_unit_test(a_renamed_file_keeps_its_lines),
        cmocka_unit_test(a_deleted_file_that_comes_back_has_new_owners),
        cmocka_unit_test(odd_file_names_are_followed),
        cmocka_unit_test(modes_binaries_and_missing_line_ends_do_not_confuse),
        cmocka_unit_test(a_file_that_becomes_a_link_is_a_new_file),
        cmocka_unit_test(a_revert_counts_as_rework_within_21_days_and_as_revert_always),
        cmocka_unit_test(bots_are_counted_and_dropped_but_their_fixes_count),
        cmocka_unit_test(configuration_of_the_repository_changes_nothing),
        cmocka_unit_test(the_environment_cannot_point_elsewhere),
        cmocka_unit_test(the_default_branch_is_the_remotes),
        cmocka_unit_test(a_shallow_clone_is_read_as_far_as_it_goes),
        cmocka_unit_test(a_partial_clone_without_contents_still_has_its_marks),
        cmocka_unit_test(a_git_that_cannot_list_its_objects_is_no_clone_without_contents),
        cmocka_unit_test(a_missing_large_file_costs_only_what_touches_it),
        cmocka_unit_test(what_cannot_be_read_is_said_with_the_mend),
        cmocka_unit_test(a_repository_of_another_user_is_refused_with_the_mend),
        cmocka_unit_test(a_bare_repository_and_a_folder_inside_one_are_read),
        cmocka_unit_test(names_in_invalid_utf8_and_huge_messages_are_read),
        cmocka_unit_test(an_import_after_a_rewritten_history_reads_everything),
        cmocka_unit_test(a_late_revert_reaches_commits_of_earlier_imports),
        cmocka_unit_test(the_user_can_stop_it),
        cmocka_unit_test(repositories_with_sha_256_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
