/* tests/unit/git_scratch.h: small repositories that a test makes with git, and reads back. */

#ifndef TESTS_GIT_SCRATCH_H
#define TESTS_GIT_SCRATCH_H

#include <stdio.h>
#include <unistd.h>

#include "base/arena.h"
#include "collect/git_log.h"

#include "check.h"

/* Day 0 of every history here: seconds since 1970. */
enum { scratch_day_zero = 1700000000 };

struct scratch {
    char folder[64]; /* the repository is in folder/r, the test may put others beside it */
    char repository[80];
    struct arena *arena;
    struct git_history history;
    struct error error;
};

/* Runs a shell script in scratch->folder. `commit DAY MESSAGE [NAME EMAIL]` commits all that lies
   in the current folder, author and committer date being noon of that day. */
static inline void scratch_run(struct scratch *scratch, const char *script)
{
    static const char prelude[] =
        "set -e\n"
        "commit() {\n"
        "  git add -A\n"
        "  at=\"@$((1700000000 + $1 * 86400)) +0000\"\n"
        "  GIT_AUTHOR_NAME=\"${3:-Ann Lee}\" GIT_AUTHOR_EMAIL=\"${4-Ann@Example.org}\" \\\n"
        "  GIT_COMMITTER_NAME=GitHub GIT_COMMITTER_EMAIL=noreply@github.com \\\n"
        "  GIT_AUTHOR_DATE=\"$at\" GIT_COMMITTER_DATE=\"$at\" \\\n"
        "  git commit -q --allow-empty --cleanup=verbatim -m \"$2\"\n"
        "}\n";
    char path[96];
    (void)snprintf(path, sizeof path, "%s/script", scratch->folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    (void)fprintf(file, "%scd %s\n%s\n", prelude, scratch->folder, script);
    (void)fclose(file);
    char command[128];
    (void)snprintf(command, sizeof command, "sh %s >/dev/null", path);
    if (system(command) != 0)
        fail_msg("the script failed:\n%s", script);
}

static inline struct scratch scratch_open(void)
{
    struct scratch scratch = {.folder = "/tmp/assay-git-XXXXXX"};
    assert_non_null(mkdtemp(scratch.folder));
    (void)snprintf(scratch.repository, sizeof scratch.repository, "%s/r", scratch.folder);
    (void)setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
    (void)setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
    (void)setenv("GIT_CEILING_DIRECTORIES", scratch.folder, 1);
    scratch.arena = arena_create();
    scratch_run(&scratch, "git init -q -b main r");
    return scratch;
}

static inline void scratch_close(struct scratch *scratch)
{
    char command[96];
    (void)snprintf(command, sizeof command, "rm -rf %s", scratch->folder);
    assert_int_equal(system(command), 0);
    arena_destroy(scratch->arena);
}

/* Reads folder/NAME. */
static inline enum status scratch_read(struct scratch *scratch, const char *name,
                                       const struct git_options *options)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", scratch->folder, name);
    scratch->error = (struct error){0};
    return git_log_read(scratch->arena, path, options, &scratch->history, &scratch->error);
}

/* A repository made by one script (run in r), and its history. */
static inline struct scratch scratch_history(const char *script)
{
    struct scratch scratch = scratch_open();
    char whole[8192];
    assert_true(snprintf(whole, sizeof whole, "cd r\n%s", script) < (int)sizeof whole);
    scratch_run(&scratch, whole);
    if (scratch_read(&scratch, "r", NULL) != STATUS_OK)
        fail_msg("%s: %s", scratch.error.place, scratch.error.message);
    return scratch;
}

static inline int64_t scratch_day(int day)
{
    return ((int64_t)scratch_day_zero + (int64_t)day * 86400) * 1000000;
}

#endif
