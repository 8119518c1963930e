#include "collect/git_range.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"

/* How often the pass may go on after missing contents. */
enum { most_restarts = 100, most_options = 24 };

enum status git_range_seen(struct git_range *range, const char *sha, struct error *error)
{
    size_t next = range->seen == SIZE_MAX ? range->first : range->seen + 1;
    while (next < range->count && strcmp(range->commits[next].sha, sha) != 0)
        next++;
    if (next == range->count)
        return error_set(
            error, ERROR_INTERNAL,
            "git log printed a commit twice or out of order; report this together with "
            "the output of `git --version`");
    range->seen = next;
    return STATUS_OK;
}

/* The newest `length` commits up to commits[last]. */
static enum status run(const struct git_range *range, size_t last, size_t length, git_sink *sink,
                       struct git_exit *ended, struct error *error)
{
    char limit[32];
    (void)snprintf(limit, sizeof limit, "-n%zu", length);
    const char *arguments[most_options + 8] = {"log",       "--first-parent",     "-m",
                                               "--reverse", "--format=commit %H", limit};
    size_t at = 6;
    for (size_t i = 0; i < most_options && range->options[i] != NULL; i++)
        arguments[at++] = range->options[i];
    arguments[at] = range->commits[last].sha;
    return git_run(range->directory, arguments, sink, range->context, ended, error);
}

/* Which commit git could not read, given that it ended early: the last one it began, or the one
   behind it. Only a second look tells. */
static enum status find_failing(struct git_range *range, size_t next, size_t *failing,
                                struct error *error)
{
    *failing = next;
    if (range->seen == SIZE_MAX || range->seen < next)
        return range->finish(range->context, false, error);
    struct git_exit ended;
    enum status status = run(range, range->seen, 1, NULL, &ended, error);
    if (status != STATUS_OK)
        return status;
    *failing = ended.code == 0 ? range->seen + 1 : range->seen;
    return range->finish(range->context, ended.code == 0, error);
}

enum status git_range_read(struct git_range *range, struct error *error)
{
    size_t next = range->first;
    size_t in_a_row = 0;
    range->seen = SIZE_MAX;
    for (size_t restarts = 0; next < range->count; restarts++) {
        struct git_exit ended;
        enum status status =
            run(range, range->count - 1, range->count - next, range->sink, &ended, error);
        if (status != STATUS_OK)
            return status;
        if (ended.code == 0)
            return range->finish(range->context, true, error);
        size_t failing;
        status = find_failing(range, next, &failing, error);
        if (status != STATUS_OK)
            return status;
        in_a_row = failing > next ? 0 : in_a_row + 1;
        size_t left = range->count - failing;
        size_t doublings = in_a_row == 0 ? 0 : in_a_row - 1;
        size_t lost = (size_t)1 << (doublings < 20 ? doublings : 20);
        if (restarts == most_restarts || lost > left)
            lost = restarts == most_restarts || in_a_row == 0 ? left : (left + 1) / 2;
        if (lost > 0)
            status = range->lost(range->context, failing, lost, error);
        if (status != STATUS_OK)
            return status;
        next = failing + lost;
    }
    return STATUS_OK;
}
