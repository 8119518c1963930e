#include "collect/git_reverts.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

/* A commit of the branch, or one that came by it. */
struct name {
    const char *sha;
    size_t index;
};

/* A pull request, and the merge that brought it in. */
struct pull {
    int64_t number;
    size_t index;
};

struct names {
    struct name *shas; /* ascending */
    size_t sha_count;
    struct pull *pulls; /* ascending */
    size_t pull_count;
};

static struct git_revert *add(struct git_reverts *reverts, struct arena *arena, size_t by)
{
    reverts->data =
        arena_grow(arena, reverts->data, reverts->count, &reverts->capacity, sizeof *reverts->data);
    struct git_revert *revert = &reverts->data[reverts->count++];
    *revert = (struct git_revert){.by = by, .target = SIZE_MAX};
    return revert;
}

void git_reverts_add(struct git_reverts *reverts, struct arena *arena, size_t by, const char *sha)
{
    add(reverts, arena, by)->sha = sha;
}

void git_reverts_add_pull(struct git_reverts *reverts, struct arena *arena, size_t by, int64_t pull)
{
    add(reverts, arena, by)->pull = pull;
}

void git_reverts_add_branches(struct git_reverts *reverts, struct arena *arena,
                              const struct git_branches *branches, const struct git_commit *commits)
{
    for (size_t i = 0; i < branches->count; i++) {
        const struct git_branch_commit *commit = &branches->data[i];
        if (commit->merge == SIZE_MAX || strcmp(commit->sha, commits[commit->merge].sha) == 0)
            continue; /* said by the first-parent history itself */
        for (size_t k = 0; k < commit->revert_count; k++)
            git_reverts_add(reverts, arena, commit->merge, commit->reverts[k]);
    }
}

static int compare_names(const void *left, const void *right)
{
    return strcmp(((const struct name *)left)->sha, ((const struct name *)right)->sha);
}

static int compare_pulls(const void *left, const void *right)
{
    const struct pull *a = left;
    const struct pull *b = right;
    return (a->number > b->number) - (a->number < b->number);
}

static int compare_reverts(const void *left, const void *right)
{
    const struct git_revert *a = left;
    const struct git_revert *b = right;
    return (a->by > b->by) - (a->by < b->by);
}

static struct names list_names(struct arena *arena, const struct git_branches *branches,
                               const struct git_commit *commits, size_t count)
{
    struct names names = {.shas = arena_array(arena, count + branches->count, sizeof *names.shas),
                          .pulls = arena_array(arena, count, sizeof *names.pulls)};
    for (size_t i = 0; i < count; i++) {
        names.shas[names.sha_count++] = (struct name){commits[i].sha, i};
        if (commits[i].is_merge && commits[i].pull > 0)
            names.pulls[names.pull_count++] = (struct pull){commits[i].pull, i};
    }
    for (size_t i = 0; i < branches->count; i++)
        if (branches->data[i].merge == SIZE_MAX ||
            strcmp(branches->data[i].sha, commits[branches->data[i].merge].sha) != 0)
            names.shas[names.sha_count++] =
                (struct name){branches->data[i].sha, branches->data[i].merge};
    qsort(names.shas, names.sha_count, sizeof *names.shas, compare_names);
    qsort(names.pulls, names.pull_count, sizeof *names.pulls, compare_pulls);
    return names;
}

/* What all names that begin with prefix name, or SIZE_MAX. */
static size_t find_sha(const struct names *names, const char *prefix)
{
    size_t length = strlen(prefix);
    size_t low = 0;
    size_t high = names->sha_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strncmp(names->shas[middle].sha, prefix, length) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    size_t found = SIZE_MAX;
    for (; low < names->sha_count && strncmp(names->shas[low].sha, prefix, length) == 0; low++) {
        if (found != SIZE_MAX && names->shas[low].index != found)
            return SIZE_MAX;
        found = names->shas[low].index;
    }
    return found;
}

/* The only merge of the pull request, or SIZE_MAX. */
static size_t find_pull(const struct names *names, int64_t number)
{
    size_t low = 0;
    size_t high = names->pull_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (names->pulls[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    bool twice = low + 1 < names->pull_count && names->pulls[low + 1].number == number;
    bool found = low < names->pull_count && names->pulls[low].number == number;
    return found && !twice ? names->pulls[low].index : SIZE_MAX;
}

bool git_reverts_resolve(struct git_reverts *reverts, struct arena *arena,
                         const struct git_branches *branches, struct git_commit *commits,
                         size_t count)
{
    if (reverts->count == 0)
        return true;
    bool all = true;
    for (size_t i = 0; i < count; i++)
        commits[i].reverted = false;
    struct names names = list_names(arena, branches, commits, count);
    qsort(reverts->data, reverts->count, sizeof *reverts->data, compare_reverts);
    for (size_t i = 0; i < reverts->count; i++) {
        struct git_revert *revert = &reverts->data[i];
        size_t target =
            revert->sha != NULL ? find_sha(&names, revert->sha) : find_pull(&names, revert->pull);
        all = all && target != SIZE_MAX;
        revert->target = SIZE_MAX;
        if (target == SIZE_MAX || target >= revert->by)
            continue;
        revert->target = target;
        if (commits[target].reverted)
            continue;
        commits[target].reverted = true;
        commits[target].reverted_at = commits[revert->by].committer_time;
    }
    return all;
}

size_t *git_reverts_within(const struct git_reverts *reverts, struct arena *arena,
                           const struct git_commit *commits, size_t count, int64_t window)
{
    size_t *first = arena_array(arena, count, sizeof *first);
    for (size_t i = 0; i < count; i++)
        first[i] = SIZE_MAX;
    for (size_t i = 0; i < reverts->count; i++) {
        const struct git_revert *revert = &reverts->data[i];
        if (revert->target == SIZE_MAX || first[revert->target] != SIZE_MAX)
            continue;
        int64_t age = commits[revert->by].committer_time - commits[revert->target].committer_time;
        if (age <= window)
            first[revert->target] = revert->by;
    }
    return first;
}
