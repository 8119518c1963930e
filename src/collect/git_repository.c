#include "collect/git_repository.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "collect/git_process.h"
#include "collect/git_records.h"

/* Why git would not open the repository, by what it said in the C locale. */
static enum status refuse(const char *directory, const struct git_exit *ended, struct error *error)
{
    if (strstr(ended->complaint, "dubious ownership") != NULL ||
        strstr(ended->complaint, "unsafe repository") != NULL)
        return error_at(
            error, ERROR_INPUT, directory, 0, 0,
            "git does not open a repository that belongs to another user; allow it with "
            "`git config --global --add safe.directory FOLDER`");
    char inside[4096];
    int length = snprintf(inside, sizeof inside, "%s/.git", directory);
    if (length > 0 && length < (int)sizeof inside && access(inside, F_OK) == 0 &&
        strstr(ended->complaint, "not a git repository") != NULL)
        return error_at(error, ERROR_INPUT, directory, 0, 0,
                        "there is a .git, and git knows no repository in it: it is damaged, or "
                        "half of it was copied; clone it anew");
    if (strstr(ended->complaint, "not a git repository") != NULL)
        return error_at(error, ERROR_INPUT, directory, 0, 0,
                        "not a git repository; give the folder of a clone (`git clone URL`)");
    return error_at(error, ERROR_INPUT, directory, 0, 0,
                    "git cannot open this repository (exit code %d); `git status` there says why",
                    ended->code);
}

/* The first line of `git ARGUMENTS`, or empty where git says no. */
static enum status ask(const char *directory, const char *const *arguments, char line[256],
                       struct error *error)
{
    struct git_exit ended;
    return git_run_line(directory, arguments, line, 256, &ended, error);
}

static enum status resolve(const char *directory, const char *revision, char sha[256],
                           struct error *error)
{
    char name[512];
    static const char suffix[] = "^{commit}";
    size_t length = strlen(revision);
    if (length + sizeof suffix > sizeof name || revision[0] == '-' || length == 0) {
        sha[0] = '\0';
        return STATUS_OK;
    }
    (void)snprintf(name, sizeof name, "%s%s", revision, suffix);
    const char *arguments[] = {"rev-parse", "--verify", "--quiet", name, NULL};
    enum status status = ask(directory, arguments, sha, error);
    if (!git_is_sha(sha, strlen(sha)))
        sha[0] = '\0';
    return status;
}

/* HEAD leads to no commit: because there is none yet, because the branch was taken away, or because
   objects are lost. */
static enum status refuse_head(const char *directory, struct error *error)
{
    char line[256];
    struct git_exit ended;
    const char *any_commit[] = {"rev-list", "--all", "--reflog", "--max-count=1", NULL};
    enum status status = git_run_line(directory, any_commit, line, sizeof line, &ended, error);
    if (status != STATUS_OK)
        return status;
    if (ended.code != 0)
        return error_at(error, ERROR_INPUT, directory, 0, 0,
                        "the repository is damaged: what its branches point to cannot be read; "
                        "`git fsck` there says what is broken, a new clone mends it");
    if (line[0] != '\0')
        return error_at(error, ERROR_INPUT, directory, 0, 0,
                        "the repository has commits, and the branch that is checked out has none; "
                        "check out the one to read (`git branch -a` lists them, `git reflog` what "
                        "was lost)");
    return error_at(error, ERROR_INPUT, directory, 0, 0,
                    "the repository has no commits yet; import it after the first one");
}

/* The default branch: where the remote's HEAD points, else HEAD. */
static enum status find_default(struct arena *arena, const char *directory,
                                struct git_repository *repository, struct error *error)
{
    static const char *const refs[] = {"refs/remotes/origin/HEAD", "HEAD"};
    for (size_t i = 0; i < 2; i++) {
        char line[256];
        enum status status = resolve(directory, refs[i], line, error);
        if (status != STATUS_OK)
            return status;
        if (line[0] == '\0')
            continue;
        repository->head = arena_text(arena, line);
        const char *arguments[] = {"symbolic-ref", "--quiet", "--short", refs[i], NULL};
        status = ask(directory, arguments, line, error);
        repository->branch = arena_text(arena, line[0] == '\0' ? "HEAD" : line);
        return status;
    }
    return refuse_head(directory, error);
}

struct header {
    bool parent; /* a line `parent SHA` stands in the commit itself */
    bool ended;
    char line[8];
    size_t length;
};

static enum status find_parent(void *context, const char *bytes, size_t length, struct error *error)
{
    (void)error;
    struct header *header = context;
    for (size_t i = 0; i < length && !header->ended; i++) {
        if (bytes[i] != '\n') {
            if (header->length < sizeof header->line)
                header->line[header->length++] = bytes[i];
            continue;
        }
        header->ended = header->length == 0;
        header->parent = header->parent || memcmp(header->line, "parent ", 7) == 0;
        header->length = 0;
    }
    return STATUS_OK;
}

/* Shallow only matters where it cut this branch: its oldest commit then has parents of its own that
   git does not follow. */
static enum status find_cut(const char *directory, struct git_repository *repository,
                            struct error *error)
{
    char line[256];
    const char *question[] = {"rev-parse", "--is-shallow-repository", NULL};
    enum status status = ask(directory, question, line, error);
    if (status != STATUS_OK || strcmp(line, "true") != 0)
        return status;
    const char *oldest[] = {"rev-list", "--first-parent", "--max-parents=0", repository->head,
                            NULL};
    status = ask(directory, oldest, line, error);
    if (status != STATUS_OK || !git_is_sha(line, strlen(line)))
        return status;
    const char *content[] = {"cat-file", "commit", line, NULL};
    struct header header = {0};
    struct git_exit ended;
    status = git_run(directory, content, find_parent, &header, &ended, error);
    repository->shallow = header.parent;
    return status;
}

enum status git_repository_find(struct arena *arena, const char *directory, const char *revision,
                                struct git_repository *repository, struct error *error)
{
    *repository = (struct git_repository){0};
    struct stat folder;
    if (directory[0] == '\0' || stat(directory, &folder) != 0 || !S_ISDIR(folder.st_mode))
        return error_at(error, ERROR_INPUT, directory, 0, 0,
                        "there is no such folder; give the folder of a git repository");
    char line[256];
    const char *arguments[] = {"rev-parse", "--git-dir", NULL};
    struct git_exit ended;
    enum status status = git_run_line(directory, arguments, line, sizeof line, &ended, error);
    if (status != STATUS_OK)
        return status;
    if (ended.code != 0)
        return refuse(directory, &ended, error);
    if (revision == NULL) {
        status = find_default(arena, directory, repository, error);
    } else {
        status = resolve(directory, revision, line, error);
        if (status == STATUS_OK && line[0] == '\0')
            return error_at(error, ERROR_INPUT, directory, 0, 0,
                            "the repository has no branch or commit of that name; `git branch -a` "
                            "lists them");
        repository->head = arena_text(arena, line);
        repository->branch = arena_text(arena, revision);
    }
    return status == STATUS_OK ? find_cut(directory, repository, error) : status;
}
