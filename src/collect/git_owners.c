#include "collect/git_owners.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"

struct run {
    uint64_t lines;
    uint32_t owner;
};

struct runs {
    struct run *data;
    size_t count;
    size_t capacity;
};

struct file {
    char *path; /* NULL: a free place of the table */
    struct runs runs;
};

/* What the current commit makes of one file; applied when the commit ends. */
struct change {
    char *old_path; /* NULL: nothing goes */
    char *new_path; /* NULL: nothing comes */
    struct runs runs;
};

struct git_owners {
    struct git_owners_events events;
    struct file *table; /* open addressing; capacity is a power of two */
    size_t capacity;
    size_t count;
    struct change *changes;
    size_t change_count;
    size_t change_capacity;
    uint32_t owner;
    /* Reading position in the file being changed: NULL when no file is open. */
    const struct runs *source;
    size_t source_run;
    uint64_t source_used; /* lines taken of that run */
    uint64_t source_line; /* lines taken of the file */
};

static const struct runs no_runs = {0};

struct git_owners *git_owners_open(const struct git_owners_events *events)
{
    struct git_owners *owners = calloc(1, sizeof *owners);
    if (owners != NULL)
        owners->events = *events;
    return owners;
}

/* Where path is, or the free place where it would be. The table has a free place. */
static size_t find_place(const struct file *table, size_t capacity, const char *path)
{
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
    for (const char *at = path; *at != '\0'; at++)
        hash = (hash ^ (unsigned char)*at) * UINT64_C(1099511628211);
    size_t place = (size_t)(hash ^ (hash >> 32)) & (capacity - 1);
    while (table[place].path != NULL && strcmp(table[place].path, path) != 0)
        place = (place + 1) & (capacity - 1);
    return place;
}

static struct file *find_file(const struct git_owners *owners, const char *path)
{
    if (owners->count == 0)
        return NULL;
    struct file *file = &owners->table[find_place(owners->table, owners->capacity, path)];
    return file->path == NULL ? NULL : file;
}

static bool grow_table(struct git_owners *owners)
{
    size_t capacity = owners->capacity == 0 ? 64 : owners->capacity * 2;
    struct file *table = calloc(capacity, sizeof *table);
    if (table == NULL)
        return false;
    for (size_t i = 0; i < owners->capacity; i++)
        if (owners->table[i].path != NULL)
            table[find_place(table, capacity, owners->table[i].path)] = owners->table[i];
    free(owners->table);
    owners->table = table;
    owners->capacity = capacity;
    return true;
}

/* Linear probing without tombstones: what follows the gap is put in again. */
static void remove_file(struct git_owners *owners, struct file *file)
{
    free(file->path);
    free(file->runs.data);
    *file = (struct file){0};
    owners->count--;
    size_t place = (size_t)(file - owners->table);
    for (;;) {
        place = (place + 1) & (owners->capacity - 1);
        struct file moved = owners->table[place];
        if (moved.path == NULL)
            break;
        owners->table[place] = (struct file){0};
        owners->table[find_place(owners->table, owners->capacity, moved.path)] = moved;
    }
}

static void remove_path(struct git_owners *owners, const char *path)
{
    struct file *file = find_file(owners, path);
    if (file != NULL)
        remove_file(owners, file);
}

static void tell_forgotten(const struct git_owners *owners, const struct file *file)
{
    for (size_t i = 0; i < file->runs.count; i++)
        if (file->runs.data[i].owner != GIT_NOBODY)
            owners->events.forgotten(owners->events.context, file->runs.data[i].owner);
}

void git_owners_forget(struct git_owners *owners, const char *path)
{
    struct file *file = find_file(owners, path);
    if (file == NULL)
        return;
    tell_forgotten(owners, file);
    remove_file(owners, file);
}

static void free_table(struct git_owners *owners)
{
    for (size_t i = 0; i < owners->capacity; i++) {
        free(owners->table[i].path);
        free(owners->table[i].runs.data);
    }
    free(owners->table);
    owners->table = NULL;
    owners->capacity = owners->count = 0;
}

void git_owners_forget_all(struct git_owners *owners)
{
    for (size_t i = 0; i < owners->capacity; i++)
        tell_forgotten(owners, &owners->table[i]);
    free_table(owners);
}

/* Takes over path and runs. */
static bool put_file(struct git_owners *owners, char *path, struct runs runs)
{
    remove_path(owners, path);
    if (owners->count + 1 > owners->capacity / 4 * 3 && !grow_table(owners))
        return false;
    struct file *file = &owners->table[find_place(owners->table, owners->capacity, path)];
    *file = (struct file){path, runs};
    owners->count++;
    return true;
}

static void drop_changes(struct git_owners *owners)
{
    for (size_t i = 0; i < owners->change_count; i++) {
        free(owners->changes[i].old_path);
        free(owners->changes[i].new_path);
        free(owners->changes[i].runs.data);
    }
    owners->change_count = 0;
    owners->source = NULL;
}

void git_owners_close(struct git_owners *owners)
{
    if (owners == NULL)
        return;
    drop_changes(owners);
    free(owners->changes);
    free_table(owners);
    free(owners);
}

/* Appends lines of one owner; neighbours of one owner become one run. */
static bool append_lines(struct git_owners *owners, struct runs *runs, uint64_t lines,
                         uint32_t owner)
{
    if (lines == 0)
        return true;
    if (owner != GIT_NOBODY && !owners->events.matters(owners->events.context, owner))
        owner = GIT_NOBODY;
    if (runs->count > 0 && runs->data[runs->count - 1].owner == owner) {
        runs->data[runs->count - 1].lines += lines;
        return true;
    }
    if (runs->count == runs->capacity) {
        size_t capacity = runs->capacity == 0 ? 4 : runs->capacity * 2;
        struct run *data = realloc(runs->data, capacity * sizeof *data);
        if (data == NULL)
            return false;
        runs->data = data;
        runs->capacity = capacity;
    }
    runs->data[runs->count++] = (struct run){lines, owner};
    return true;
}

/* Takes lines from the source: into runs, or (runs NULL) as deleted. Behind its last run the source
   is nobody's, without end. */
static bool take_lines(struct git_owners *owners, struct runs *runs, uint64_t lines)
{
    owners->source_line += lines;
    while (lines > 0) {
        uint32_t owner = GIT_NOBODY;
        uint64_t taken = lines;
        if (owners->source_run < owners->source->count) {
            const struct run *run = &owners->source->data[owners->source_run];
            uint64_t left = run->lines - owners->source_used;
            taken = lines < left ? lines : left;
            owner = run->owner;
            owners->source_used += taken;
            if (taken == left) {
                owners->source_run++;
                owners->source_used = 0;
            }
        }
        lines -= taken;
        if (runs != NULL && !append_lines(owners, runs, taken, owner))
            return false;
        if (runs == NULL && owner != GIT_NOBODY)
            owners->events.deleted(owners->events.context, owner);
    }
    return true;
}

/* The rest of the file that is being changed stays as it was. */
static bool close_source(struct git_owners *owners)
{
    if (owners->source == NULL)
        return true;
    struct runs *runs = &owners->changes[owners->change_count - 1].runs;
    while (owners->source_run < owners->source->count) {
        const struct run *run = &owners->source->data[owners->source_run];
        if (!take_lines(owners, runs, run->lines - owners->source_used))
            return false;
    }
    if (runs->count > 0 && runs->data[runs->count - 1].owner == GIT_NOBODY)
        runs->count--;
    owners->source = NULL;
    return true;
}

void git_owners_begin(struct git_owners *owners, uint32_t owner)
{
    drop_changes(owners);
    owners->owner = owner;
}

enum status git_owners_file(struct git_owners *owners, const struct git_file_change *change,
                            struct error *error)
{
    if (!close_source(owners))
        return error_memory(error);
    if (owners->change_count == owners->change_capacity) {
        size_t capacity = owners->change_capacity == 0 ? 16 : owners->change_capacity * 2;
        struct change *changes = realloc(owners->changes, capacity * sizeof *changes);
        if (changes == NULL)
            return error_memory(error);
        owners->changes = changes;
        owners->change_capacity = capacity;
    }
    struct change *made = &owners->changes[owners->change_count++];
    *made = (struct change){0};
    made->old_path = change->created ? NULL : strdup(change->old_path);
    made->new_path = change->deleted || change->binary ? NULL : strdup(change->new_path);
    if ((made->old_path == NULL && !change->created) ||
        (made->new_path == NULL && !change->deleted && !change->binary))
        return error_memory(error);
    const struct file *file =
        change->created || change->binary ? NULL : find_file(owners, change->old_path);
    owners->source = file == NULL ? &no_runs : &file->runs;
    owners->source_run = 0;
    owners->source_used = 0;
    owners->source_line = 0;
    return STATUS_OK;
}

enum status git_owners_hunk(struct git_owners *owners, const struct git_hunk *hunk,
                            struct error *error)
{
    if (owners->source == NULL)
        return STATUS_OK;
    struct runs *runs = &owners->changes[owners->change_count - 1].runs;
    uint64_t first = hunk->old_start; /* lines in front of the hunk */
    if (hunk->old_count > 0 && first > 0)
        first--;
    if (first > owners->source_line && !take_lines(owners, runs, first - owners->source_line))
        return error_memory(error);
    if (!take_lines(owners, NULL, hunk->old_count) ||
        !append_lines(owners, runs, hunk->new_count, owners->owner))
        return error_memory(error);
    return STATUS_OK;
}

/* All that goes first, then all that comes: a file that becomes a link does both in one path. */
enum status git_owners_end(struct git_owners *owners, struct error *error)
{
    if (!close_source(owners))
        return error_memory(error);
    for (size_t i = 0; i < owners->change_count; i++)
        if (owners->changes[i].old_path != NULL)
            remove_path(owners, owners->changes[i].old_path);
    for (size_t i = 0; i < owners->change_count; i++) {
        struct change *change = &owners->changes[i];
        if (change->new_path == NULL || change->runs.count == 0)
            continue;
        if (!put_file(owners, change->new_path, change->runs))
            return error_memory(error);
        change->new_path = NULL;
        change->runs = no_runs;
    }
    drop_changes(owners);
    return STATUS_OK;
}

size_t git_owners_runs(const struct git_owners *owners)
{
    size_t count = 0;
    for (size_t i = 0; i < owners->capacity; i++)
        count += owners->table[i].runs.count;
    return count;
}
