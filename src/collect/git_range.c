#include "collect/git_range.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "collect/git_bytes.h"
#include "collect/git_missing.h"

enum { most_options = 24 };

/* What is passed over in front of `to`. */
static enum status skip_to(struct git_range *range, size_t to, struct error *error)
{
    size_t from = range->next;
    range->next = to;
    return to > from ? range->skip(range->context, from, to - from, error) : STATUS_OK;
}

enum status git_range_seen(struct git_range *range, const char *sha, struct error *error)
{
    size_t at = range->next;
    while (at < range->count && strcmp(range->commits[at].sha, sha) != 0)
        at++;
    if (at == range->count)
        return error_set(error, ERROR_INTERNAL,
                         "git log printed a commit twice or out of order; report this together "
                         "with the output of `git --version`");
    enum status status = skip_to(range, at, error);
    range->next = at + 1;
    return status;
}

static size_t add_options(const struct git_range *range, const char **arguments, size_t at)
{
    for (size_t i = 0; i < most_options && range->options[i] != NULL; i++)
        arguments[at++] = range->options[i];
    return at;
}

/* All commits from range->next on. */
static enum status read_all(struct git_range *range, struct git_exit *ended, struct error *error)
{
    char limit[32];
    (void)snprintf(limit, sizeof limit, "-n%zu", range->count - range->next);
    const char *arguments[most_options + 8] = {"log",       "--first-parent",     "-m",
                                               "--reverse", "--format=commit %H", limit};
    size_t at = add_options(range, arguments, 6);
    arguments[at] = range->commits[range->count - 1].sha;
    return git_run(range->directory, arguments, range->sink, range->context, ended, error);
}

/* Those from range->next on that are not lost, named one by one on git's standard input. */
static enum status read_rest(struct git_range *range, struct git_exit *ended, struct error *error)
{
    const char *arguments[most_options + 8] = {
        "log", "--first-parent", "-m", "--no-walk=unsorted", "--stdin", "--format=commit %H"};
    (void)add_options(range, arguments, 6);
    struct git_bytes input = {0};
    bool memory = true;
    for (size_t i = range->next; i < range->count && memory; i++)
        if (!range->lost->commits[i])
            memory =
                git_bytes_append(&input, range->commits[i].sha, strlen(range->commits[i].sha)) &&
                git_bytes_append(&input, "\n", 1);
    *ended = (struct git_exit){0};
    enum status status = memory ? STATUS_OK : error_memory(error);
    if (memory && input.length > 0)
        status = git_run_with(range->directory, arguments, &input, range->sink, range->context,
                              ended, error);
    git_bytes_free(&input);
    return status;
}

/* git ended early. The last commit begun is whole if its contents are there: then it was the one
   behind it that git could not read. */
static enum status find_lost(struct git_range *range, struct error *error)
{
    struct git_lost *lost = range->lost;
    enum status status = git_missing_find(range->directory, range->commits, lost->from,
                                          range->count, lost->commits, error);
    if (status != STATUS_OK)
        return status;
    lost->known = true;
    if (range->next == range->first)
        return range->finish(range->context, false, error);
    size_t last = range->next - 1;
    bool reason_found =
        lost->commits[last] || (range->next < range->count && lost->commits[last + 1]);
    bool complete = !lost->commits[last] && reason_found;
    status = range->finish(range->context, complete, error);
    if (status == STATUS_OK && !complete)
        status = range->skip(range->context, last, 1, error);
    return status;
}

enum status git_range_read(struct git_range *range, struct error *error)
{
    struct git_exit ended;
    range->next = range->first;
    if (range->first >= range->count)
        return STATUS_OK;
    if (!range->lost->known) {
        enum status status = read_all(range, &ended, error);
        if (status != STATUS_OK)
            return status;
        if (ended.code == 0)
            return range->finish(range->context, true, error);
        status = find_lost(range, error);
        if (status != STATUS_OK)
            return status;
    }
    enum status status = read_rest(range, &ended, error);
    if (status == STATUS_OK)
        status = range->finish(range->context, ended.code == 0, error);
    if (status == STATUS_OK && ended.code != 0 && range->next > range->first)
        status = range->skip(range->context, range->next - 1, 1, error);
    return status == STATUS_OK ? skip_to(range, range->count, error) : status;
}
