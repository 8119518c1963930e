#include "collect/git_process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"

extern char **environ;

enum { piece_bytes = 64 * 1024, most_arguments = 64 };

/* What configuration could change in the output that we parse, set to git's defaults; the options
   of a single subcommand stand at its call. */
static const char *const fixed_options[] = {
    "-c", "core.quotePath=false", "-c",         "core.fsmonitor=false",
    "-c", "log.showRoot=true",    "-c",         "log.showSignature=false",
    "-c", "log.follow=false",     "-c",         "log.diffMerges=separate",
    "-c", "diff.context=3",       "-c",         "diff.suppressBlankEmpty=false",
    "-c", "protocol.allow=never", "--no-pager",
};

/* Of the GIT_ variables, those that say where the user's git and its configuration are. */
static const char *const kept_variables[] = {
    "GIT_EXEC_PATH=",       "GIT_CONFIG_GLOBAL=",       "GIT_CONFIG_SYSTEM=",
    "GIT_CONFIG_NOSYSTEM=", "GIT_CONFIG_COUNT=",        "GIT_CONFIG_KEY_",
    "GIT_CONFIG_VALUE_",    "GIT_CEILING_DIRECTORIES=", "GIT_DISCOVERY_ACROSS_FILESYSTEM=",
};

/* GIT_NO_LAZY_FETCH is known since 2.39.4; no protocol allowed says the same to older ones. */
static char *const added_variables[] = {
    (char[]){"GIT_TERMINAL_PROMPT=0"},
    (char[]){"GIT_NO_LAZY_FETCH=1"},
    (char[]){"GIT_ALLOW_PROTOCOL="},
    (char[]){"GIT_OPTIONAL_LOCKS=0"},
    (char[]){"LC_ALL=C"},
};

enum { added_count = sizeof added_variables / sizeof added_variables[0] };

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

static bool variable_is_kept(const char *variable)
{
    if (starts_with(variable, "LC_ALL="))
        return false;
    if (!starts_with(variable, "GIT_"))
        return true;
    for (size_t i = 0; i < sizeof kept_variables / sizeof kept_variables[0]; i++)
        if (starts_with(variable, kept_variables[i]))
            return true;
    return false;
}

/* The child's environment; the array is the caller's to free, the strings are not. */
static char **child_environment(void)
{
    size_t count = 0;
    while (environ != NULL && environ[count] != NULL)
        count++;
    char **variables = calloc(count + added_count + 1, sizeof *variables);
    if (variables == NULL)
        return NULL;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (variable_is_kept(environ[i]))
            variables[kept++] = environ[i];
    for (size_t i = 0; i < added_count; i++)
        variables[kept++] = added_variables[i];
    return variables;
}

struct child {
    pid_t pid;
    int output;
    int complaints;
};

static void close_pair(const int pair[2])
{
    for (int i = 0; i < 2; i++)
        if (pair[i] >= 0)
            (void)close(pair[i]);
}

static bool open_pipe(int pair[2])
{
    if (pipe(pair) != 0)
        return false;
    return fcntl(pair[0], F_SETFD, FD_CLOEXEC) == 0 && fcntl(pair[1], F_SETFD, FD_CLOEXEC) == 0;
}

/* 0, or an errno. The write ends are closed here, so that the end of output is seen. */
static int spawn_child(char *const *arguments, char *const *variables, int input,
                       struct child *child)
{
    int output[2] = {-1, -1};
    int complaints[2] = {-1, -1};
    int failure = 0;
    posix_spawn_file_actions_t actions;
    if (posix_spawn_file_actions_init(&actions) != 0)
        return ENOMEM;
    if (!open_pipe(output) || !open_pipe(complaints))
        failure = errno;
    if (failure == 0 && input >= 0)
        failure = posix_spawn_file_actions_adddup2(&actions, input, 0);
    else if (failure == 0)
        failure = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    if (failure == 0)
        failure = posix_spawn_file_actions_adddup2(&actions, output[1], 1);
    if (failure == 0)
        failure = posix_spawn_file_actions_adddup2(&actions, complaints[1], 2);
    if (failure == 0)
        failure = posix_spawnp(&child->pid, "git", &actions, NULL, arguments, variables);
    (void)posix_spawn_file_actions_destroy(&actions);
    if (failure != 0) {
        close_pair(output);
        close_pair(complaints);
        return failure;
    }
    (void)close(output[1]);
    (void)close(complaints[1]);
    child->output = output[0];
    child->complaints = complaints[0];
    return 0;
}

/* Reads once; appends what fits to the complaint, drops the rest. False at the end. */
static bool read_complaint(int descriptor, struct git_exit *ended)
{
    char piece[1024];
    ssize_t got = read(descriptor, piece, sizeof piece);
    if (got <= 0)
        return got < 0 && errno == EINTR;
    size_t length = strlen(ended->complaint);
    size_t room = sizeof ended->complaint - 1 - length;
    size_t taken = (size_t)got < room ? (size_t)got : room;
    memcpy(ended->complaint + length, piece, taken);
    ended->complaint[length + taken] = '\0';
    return true;
}

/* Both pipes are read as they fill: a child that complains a lot would otherwise block for ever. */
static enum status read_child(const struct child *child, git_sink *sink, void *context, char *piece,
                              struct git_exit *ended, struct error *error)
{
    struct pollfd pipes[2] = {{child->output, POLLIN, 0}, {child->complaints, POLLIN, 0}};
    while (pipes[0].fd >= 0 || pipes[1].fd >= 0) {
        if (poll(pipes, 2, -1) < 0) {
            if (errno == EINTR)
                continue;
            return error_set(error, ERROR_IO, "cannot read from git: %s", strerror(errno));
        }
        if (pipes[1].fd >= 0 && pipes[1].revents != 0 && !read_complaint(pipes[1].fd, ended))
            pipes[1].fd = -1;
        if (pipes[0].fd < 0 || pipes[0].revents == 0)
            continue;
        ssize_t got = read(pipes[0].fd, piece, piece_bytes);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return error_set(error, ERROR_IO, "cannot read from git: %s", strerror(errno));
        if (got == 0) {
            pipes[0].fd = -1;
            continue;
        }
        enum status status = sink == NULL ? STATUS_OK : sink(context, piece, (size_t)got, error);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

static int wait_for(pid_t pid)
{
    int state = 0;
    while (waitpid(pid, &state, 0) < 0)
        if (errno != EINTR)
            return -1;
    return WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
}

/* posix_spawn wants char *const[]; it does not write to the strings. What does not fit is counted.
 */
static void add_argument(char **all, size_t *count, const char *argument)
{
    union {
        const char *in;
        char *out;
    } same = {.in = argument};
    if (*count < most_arguments)
        all[*count] = same.out;
    (*count)++;
}

/* input: a descriptor, or -1 for none. */
static enum status run(const char *directory, const char *const *arguments, int input,
                       git_sink *sink, void *context, struct git_exit *ended, struct error *error)
{
    char *all[most_arguments + 1] = {NULL};
    size_t count = 0;
    add_argument(all, &count, "git");
    add_argument(all, &count, "-C");
    add_argument(all, &count, directory);
    for (size_t i = 0; i < sizeof fixed_options / sizeof fixed_options[0]; i++)
        add_argument(all, &count, fixed_options[i]);
    for (size_t i = 0; arguments[i] != NULL; i++)
        add_argument(all, &count, arguments[i]);

    *ended = (struct git_exit){0};
    if (count > most_arguments)
        return error_set(error, ERROR_INTERNAL, "git was to be run with %zu arguments", count);
    char **variables = child_environment();
    char *piece = malloc(piece_bytes);
    enum status status = STATUS_OK;
    if (variables == NULL || piece == NULL) {
        status = error_memory(error);
        goto done;
    }
    struct child child;
    int failure = spawn_child(all, variables, input, &child);
    if (failure == ENOENT)
        status = error_set(error, ERROR_INPUT,
                           "there is no git on this machine; install git (apt install git), or add "
                           "its folder to PATH");
    else if (failure != 0)
        status = error_set(error, ERROR_IO, "cannot start git: %s", strerror(failure));
    if (status != STATUS_OK)
        goto done;
    status = read_child(&child, sink, context, piece, ended, error);
    if (status != STATUS_OK)
        (void)kill(child.pid, SIGTERM);
    (void)close(child.output);
    (void)close(child.complaints);
    ended->code = wait_for(child.pid);
done:
    free(piece);
    free(variables);
    return status;
}

enum status git_run(const char *directory, const char *const *arguments, git_sink *sink,
                    void *context, struct git_exit *ended, struct error *error)
{
    return run(directory, arguments, -1, sink, context, ended, error);
}

enum status git_run_with(const char *directory, const char *const *arguments,
                         const struct git_bytes *input, git_sink *sink, void *context,
                         struct git_exit *ended, struct error *error)
{
    FILE *file = tmpfile();
    if (file == NULL)
        return error_set(error, ERROR_IO, "cannot make a temporary file: %s", strerror(errno));
    enum status status = STATUS_OK;
    if (fwrite(input->data, 1, input->length, file) != input->length || fflush(file) != 0 ||
        lseek(fileno(file), 0, SEEK_SET) != 0)
        status = error_set(error, ERROR_IO, "cannot write a temporary file: %s", strerror(errno));
    if (status == STATUS_OK)
        status = run(directory, arguments, fileno(file), sink, context, ended, error);
    (void)fclose(file);
    return status;
}

struct line {
    char *text;
    size_t capacity;
    size_t length;
    bool complete;
};

static enum status take_line(void *context, const char *bytes, size_t length, struct error *error)
{
    (void)error;
    struct line *line = context;
    for (size_t i = 0; i < length && !line->complete; i++) {
        if (bytes[i] == '\n')
            line->complete = true;
        else if (line->length + 1 < line->capacity)
            line->text[line->length++] = bytes[i];
    }
    return STATUS_OK;
}

enum status git_run_line(const char *directory, const char *const *arguments, char *line,
                         size_t capacity, struct git_exit *ended, struct error *error)
{
    struct line first = {.text = line, .capacity = capacity};
    enum status status = git_run(directory, arguments, take_line, &first, ended, error);
    if (status != STATUS_OK || ended->code != 0)
        first.length = 0;
    line[first.length] = '\0';
    return status;
}
