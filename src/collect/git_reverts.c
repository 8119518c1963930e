#include "collect/git_reverts.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

struct name {
    const char *sha;
    size_t index;
};

void git_reverts_add(struct git_reverts *reverts, struct arena *arena, size_t by, const char *sha)
{
    reverts->data =
        arena_grow(arena, reverts->data, reverts->count, &reverts->capacity, sizeof *reverts->data);
    reverts->data[reverts->count++] = (struct git_revert){sha, by, SIZE_MAX};
}

static int compare_names(const void *left, const void *right)
{
    return strcmp(((const struct name *)left)->sha, ((const struct name *)right)->sha);
}

/* The only name that begins with prefix, or SIZE_MAX. */
static size_t find(const struct name *names, size_t count, const char *prefix)
{
    size_t length = strlen(prefix);
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strncmp(names[middle].sha, prefix, length) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == count || strncmp(names[low].sha, prefix, length) != 0)
        return SIZE_MAX;
    if (low + 1 < count && strncmp(names[low + 1].sha, prefix, length) == 0)
        return SIZE_MAX;
    return names[low].index;
}

void git_reverts_resolve(struct git_reverts *reverts, struct arena *arena,
                         struct git_commit *commits, size_t count)
{
    if (reverts->count == 0)
        return;
    struct name *names = arena_array(arena, count, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = (struct name){commits[i].sha, i};
    qsort(names, count, sizeof *names, compare_names);
    for (size_t i = 0; i < reverts->count; i++) {
        struct git_revert *revert = &reverts->data[i];
        size_t target = find(names, count, revert->sha);
        if (target == SIZE_MAX || target >= revert->by)
            continue;
        revert->target = target;
        if (commits[target].reverted)
            continue;
        commits[target].reverted = true;
        commits[target].reverted_at = commits[revert->by].committer_time;
    }
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
