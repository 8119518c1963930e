#include "collect/git_branches.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "collect/git_marks.h"
#include "collect/git_pulls.h"

/* Commits still to be looked at, and those that the merge at hand brought in. */
struct walk {
    struct git_branches *branches;
    size_t *found; /* indices into the branches' data; the first `next` of them were looked at */
    size_t count;
    size_t next;
    bool cut; /* the walk came to where a shallow clone ends */
};

void git_branches_add(struct git_branches *branches, struct arena *arena,
                      const struct git_record *record)
{
    branches->data = arena_grow(arena, branches->data, branches->count, &branches->capacity,
                                sizeof *branches->data);
    struct git_branch_commit *commit = &branches->data[branches->count++];
    *commit = (struct git_branch_commit){
        .sha = arena_text(arena, record->sha),
        .parents = arena_text(arena, record->parents),
        .pull = git_pull_merged(record->message, record->message_length),
    };
    commit->reverts =
        git_marks_reverts(arena, record->message, record->message_length, &commit->revert_count);
}

static int compare_commits(const void *left, const void *right)
{
    return strcmp(((const struct git_branch_commit *)left)->sha,
                  ((const struct git_branch_commit *)right)->sha);
}

/* The commit whose sha is the first `length` bytes, or NULL. */
static struct git_branch_commit *find(const struct git_branches *branches, const char *sha,
                                      size_t length)
{
    size_t low = 0;
    size_t high = branches->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strncmp(branches->data[middle].sha, sha, length) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < branches->count && strncmp(branches->data[low].sha, sha, length) == 0
               ? &branches->data[low]
               : NULL;
}

/* Takes the parents that nothing reached yet, but for the first `skipped`. */
static void take_parents(struct walk *walk, const struct git_branch_commit *commit, size_t skipped,
                         size_t merge)
{
    for (const char *at = commit->parents; *at != '\0';) {
        size_t length = strcspn(at, " ");
        struct git_branch_commit *parent = skipped > 0 ? NULL : find(walk->branches, at, length);
        skipped -= skipped > 0;
        at += length + (at[length] == ' ');
        if (parent == NULL || parent->merge != SIZE_MAX)
            continue;
        parent->merge = merge;
        walk->found[walk->count++] = (size_t)(parent - walk->branches->data);
    }
}

static void walk_merge(struct walk *walk, const struct git_branch_commit *commit, size_t merge)
{
    walk->count = walk->next = 0;
    walk->cut = false;
    take_parents(walk, commit, 1, merge);
    while (walk->next < walk->count) {
        const struct git_branch_commit *reached = &walk->branches->data[walk->found[walk->next++]];
        walk->cut = walk->cut || reached->parents[0] == '\0';
        take_parents(walk, reached, 0, merge);
    }
}

/* The first-parent history stands in the walks' way. */
static void place_first_parents(struct git_branches *branches, struct git_commit *commits,
                                size_t count)
{
    for (size_t i = 0; i < branches->count; i++)
        branches->data[i].merge = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        struct git_branch_commit *commit = find(branches, commits[i].sha, strlen(commits[i].sha));
        if (commit == NULL)
            continue;
        commit->merge = i;
        if (commits[i].is_merge)
            commits[i].pull = commit->pull;
    }
}

void git_branches_resolve(struct git_branches *branches, struct arena *arena,
                          struct git_commit *commits, size_t count, bool shallow)
{
    if (branches->count == 0)
        return;
    qsort(branches->data, branches->count, sizeof *branches->data, compare_commits);
    place_first_parents(branches, commits, count);
    struct walk walk = {.branches = branches,
                        .found = arena_array(arena, branches->count, sizeof *walk.found)};
    bool *unknown = arena_array(arena, branches->count, sizeof *unknown);
    for (size_t i = 0; i < count; i++) {
        const struct git_branch_commit *merge =
            commits[i].is_merge ? find(branches, commits[i].sha, strlen(commits[i].sha)) : NULL;
        if (merge == NULL)
            continue;
        walk_merge(&walk, merge, i);
        for (size_t k = 0; k < walk.count && walk.cut && shallow; k++)
            unknown[walk.found[k]] = true;
    }
    for (size_t i = 0; i < branches->count; i++)
        if (unknown[i])
            branches->data[i].merge = SIZE_MAX;
}
