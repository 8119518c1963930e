#include "workspace/plan_locks.h"

#include "base/error.h"
#include "base/file.h"
#include "base/terminal.h"
#include "base/time.h"

#include <string.h>
#include <unistd.h>

enum { use_cases_bytes = 1 << 20 };

/* ---- From the registry -------------------------------------------------------------------- */

struct reading {
    struct arena *arena;
    const char *plan;
    struct lock *lock;
    int64_t latest;
};

static const char *text_of(const json_t *line, const char *key)
{
    const char *text = json_string_value(json_object_get(line, key));
    return text != NULL ? text : "";
}

static void take_files(const json_t *line, struct lock *lock, struct arena *arena)
{
    const char *name = NULL;
    json_t *hash = NULL;
    lock->file_count = 0;
    json_object_foreach(json_object_get(line, "files"), name, hash)
    {
        const char *hex = json_string_value(hash);
        if (lock->file_count == lock_files_max || hex == NULL)
            return;
        struct lock_file *file = &lock->files[lock->file_count++];
        file->name = arena_text(arena, name);
        (void)snprintf(file->hash, sizeof file->hash, "%s", hex);
    }
}

/* The latest time of the lines so far: none was written before the one that it follows, whatever
   the clock said. */
static void take_time(const json_t *line, int64_t *latest)
{
    int64_t at = 0;
    if (time_parse(text_of(line, "at"), &at) && at > *latest)
        *latest = at;
}

static void take_lock(const json_t *line, int64_t latest, struct lock *lock, struct arena *arena,
                      bool amendment)
{
    lock->locked = true;
    if (amendment) {
        lock->amended++;
        lock->reason = arena_text(arena, text_of(line, "reason"));
    } else {
        lock->at = latest;
    }
    lock->text = arena_text(arena, text_of(line, "text"));
    lock->min_group = json_number_value(json_object_get(line, "min_group"));
    lock->time_zone = arena_text(arena, text_of(line, "timezone"));
    lock->week_starts = arena_text(arena, text_of(line, "week_starts"));
    take_files(line, lock, arena);
}

static void take_look(const json_t *line, struct lock *lock)
{
    int64_t version = json_integer_value(json_object_get(line, "data_version"));
    if (lock->looks > 0 && version == lock->last_look)
        return;
    lock->looks++;
    lock->early_looks += strcmp(text_of(line, "early"), "yes") == 0;
    lock->last_look = version;
}

static bool is_of_lock(const json_t *line)
{
    const char *kind = text_of(line, "kind");
    return strcmp(kind, "lock") == 0 || strcmp(kind, "amend") == 0 || strcmp(kind, "look") == 0;
}

static void take_line(const json_t *line, int64_t latest, struct lock *lock, struct arena *arena)
{
    const char *kind = text_of(line, "kind");
    if (strcmp(kind, "look") == 0)
        take_look(line, lock);
    else
        take_lock(line, latest, lock, arena, strcmp(kind, "amend") == 0);
}

static void visit_one(const json_t *line, void *context)
{
    struct reading *reading = context;
    take_time(line, &reading->latest);
    if (is_of_lock(line) && strcmp(text_of(line, "plan"), reading->plan) == 0)
        take_line(line, reading->latest, reading->lock, reading->arena);
}

static const char *registry_path(const struct workspace *workspace, struct arena *arena)
{
    return workspace_path(workspace, arena, "registry.jsonl");
}

enum status lock_of(struct workspace *workspace, struct arena *arena, const char *plan,
                    struct lock *out, struct error *error)
{
    *out = (struct lock){0};
    struct reading reading = {.arena = arena, .plan = plan, .lock = out};
    struct registry registry;
    return registry_visit(registry_path(workspace, arena), visit_one, &reading, &registry, error);
}

/* ---- Of every plan ------------------------------------------------------------------------- */

struct reading_all {
    struct arena *arena;
    struct locks *locks;
    size_t capacity;
    int64_t latest;
};

static struct lock *lock_named(struct reading_all *reading, const char *plan)
{
    struct locks *locks = reading->locks;
    bool is_new = false;
    size_t number = lookup_add(&locks->plans, plan, &is_new);
    if (is_new) {
        locks->list = arena_grow(reading->arena, locks->list, number, &reading->capacity,
                                 sizeof *locks->list);
        locks->list[number] = (struct lock){0};
    }
    return &locks->list[number];
}

static void visit_all(const json_t *line, void *context)
{
    struct reading_all *reading = context;
    take_time(line, &reading->latest);
    if (is_of_lock(line))
        take_line(line, reading->latest, lock_named(reading, text_of(line, "plan")),
                  reading->arena);
}

enum status locks_read(struct workspace *workspace, struct arena *arena, struct locks *out,
                       struct error *error)
{
    struct reading_all reading = {.arena = arena, .locks = out};
    struct registry registry;
    *out = (struct locks){.plans = {.arena = arena}};
    return registry_visit(registry_path(workspace, arena), visit_all, &reading, &registry, error);
}

struct lock locks_of(const struct locks *locks, const char *plan)
{
    size_t number = lookup_find(&locks->plans, plan);
    return number != SIZE_MAX ? locks->list[number] : (struct lock){0};
}

struct plan_texts locks_without_plan(const struct locks *locks, const struct plan_texts *names,
                                     struct arena *arena)
{
    struct lookup here = {.arena = arena};
    const char **gone = arena_array(arena, locks->plans.count + 1, sizeof *gone);
    size_t count = 0;
    for (size_t i = 0; i < names->count; i++)
        (void)lookup_add(&here, names->list[i], NULL);
    for (size_t i = 0; i < locks->plans.count; i++)
        if (locks->list[i].locked && lookup_find(&here, locks->plans.texts[i]) == SIZE_MAX)
            gone[count++] = locks->plans.texts[i];
    return (struct plan_texts){gone, count};
}

/* ---- As they are --------------------------------------------------------------------------- */

static void add_file(struct lock_file *files, size_t *count, const char *name, const char *text)
{
    files[*count].name = name;
    hash_sha256(text, strlen(text), files[*count].hash);
    (*count)++;
}

enum status lock_files(struct workspace *workspace, struct arena *arena, const struct plan *plan,
                       struct lock_file files[lock_files_max], size_t *count, struct error *error)
{
    const char *rules = workspace_path(workspace, arena, "use_cases.yaml");
    char *text = "";
    size_t length = 0;
    *count = 0;
    add_file(files, count, plan->file, plan->source);
    for (size_t i = 0; i <= plan->guardrail_count; i++) {
        const struct plan_goal *goal = i == 0 ? &plan->primary : &plan->guardrails[i - 1];
        add_file(files, count, arena_printf(arena, "metrics/%s.yaml", goal->name),
                 goal->metric.source);
    }
    if (access(rules, F_OK) == 0) {
        enum status status = file_read(arena, rules, use_cases_bytes, &text, &length, error);
        if (status != STATUS_OK)
            return status;
    }
    add_file(files, count, "use_cases.yaml", text);
    return STATUS_OK;
}

static const struct lock_file *file_named(const struct lock_file *files, size_t count,
                                          const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(files[i].name, name) == 0)
            return &files[i];
    return NULL;
}

static bool text_differs(const char *locked, const char *now)
{
    return locked[0] != '\0' && strcmp(locked, now) != 0;
}

/* The first file or setting that differs, or NULL. */
static const char *differing(const struct workspace *workspace, const struct plan *plan,
                             const struct lock *lock, const struct lock_file *files, size_t count)
{
    const struct settings *settings = &workspace->settings;
    bool by_weeks = plan->design == PLAN_STAGGERED && plan->every == PLAN_WEEK;
    for (size_t i = 0; i < count; i++) {
        const struct lock_file *before = file_named(lock->files, lock->file_count, files[i].name);
        if (before == NULL || strcmp(before->hash, files[i].hash) != 0)
            return files[i].name;
    }
    if (lock->min_group != (double)workspace_min_group(workspace))
        return "min_group";
    if (text_differs(lock->time_zone, settings->time_zone))
        return "timezone";
    if (by_weeks && text_differs(lock->week_starts, settings->week_starts))
        return "week_starts";
    return NULL;
}

/* A clause that tells what to put back. */
static const char *as_it_was(struct arena *arena, const struct plan *plan, const struct lock *lock,
                             const char *name)
{
    const char *setting = strcmp(name, "timezone") == 0      ? lock->time_zone
                          : strcmp(name, "week_starts") == 0 ? lock->week_starts
                                                             : NULL;
    if (strcmp(name, "min_group") == 0)
        return arena_printf(arena, "it was %.0f in assay.yaml", lock->min_group);
    if (setting != NULL)
        return arena_printf(arena, "it was %s in assay.yaml", text_printable(arena, setting));
    return arena_printf(arena, "`assay plan show %s --locked` prints what was locked", plan->name);
}

enum status lock_check(struct workspace *workspace, struct arena *arena, const struct plan *plan,
                       const struct lock *lock, struct error *error)
{
    struct lock_file files[lock_files_max];
    size_t count = 0;
    if (!lock->locked)
        return STATUS_OK;
    enum status status = lock_files(workspace, arena, plan, files, &count, error);
    if (status != STATUS_OK)
        return status;
    const char *name = differing(workspace, plan, lock, files, count);
    if (name == NULL)
        return STATUS_OK;
    return error_at(error, ERROR_INPUT, name, 0, 0,
                    "this was changed after the plan %s was locked; put it back (%s), or say why "
                    "it changed: assay plan amend %s --reason TEXT",
                    plan->name, as_it_was(arena, plan, lock, name), plan->name);
}

/* ---- Writing ------------------------------------------------------------------------------- */

/* The database's count of lines; then the registry is as the workspace knows it. */
static enum status append(struct workspace *workspace, struct arena *arena, const char *kind,
                          const struct registry_field *fields, size_t count, struct error *error)
{
    enum status status = registry_append(registry_path(workspace, arena), kind, fields, count,
                                         &workspace->registry, error);
    if (status == STATUS_OK && workspace->writable)
        status = workspace_note_registry(workspace, arena, error);
    return status;
}

static enum status check_may_write(const struct plan *plan, const char *reason,
                                   const struct lock *before, const char *changed,
                                   struct error *error)
{
    if (reason == NULL && before->locked)
        return error_set(error, ERROR_INPUT,
                         "%s is locked already; what changed since is said with a reason: assay "
                         "plan amend %s --reason TEXT",
                         plan->name, plan->name);
    if (reason != NULL && !before->locked)
        return error_set(error, ERROR_INPUT,
                         "%s is not locked, so there is nothing to amend: assay plan lock %s",
                         plan->name, plan->name);
    if (reason != NULL && changed == NULL)
        return error_set(error, ERROR_INPUT, "nothing that %s rests on has changed", plan->name);
    return STATUS_OK;
}

enum status lock_write(struct workspace *workspace, struct arena *arena, const struct plan *plan,
                       const char *reason, struct lock *out, struct error *error)
{
    struct lock before;
    struct lock_file files[lock_files_max];
    struct registry_field hashes[lock_files_max];
    size_t count = 0;
    enum status status = lock_of(workspace, arena, plan->name, &before, error);
    if (status == STATUS_OK)
        status = lock_files(workspace, arena, plan, files, &count, error);
    if (status != STATUS_OK)
        return status;
    const char *changed = before.locked ? differing(workspace, plan, &before, files, count) : NULL;
    status = check_may_write(plan, reason, &before, changed, error);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < count; i++)
        hashes[i] = (struct registry_field){.name = files[i].name, .text = files[i].hash};
    const struct registry_field fields[] = {
        {.name = "plan", .text = plan->name},
        {.name = "files", .fields = hashes, .field_count = count},
        {.name = "min_group", .number = workspace_min_group(workspace)},
        {.name = "timezone", .text = workspace->settings.time_zone},
        {.name = "week_starts", .text = workspace->settings.week_starts},
        {.name = "text", .text = plan->source},
        {.name = "reason", .text = reason},
    };
    size_t field_count = sizeof fields / sizeof *fields - (reason == NULL);
    status =
        append(workspace, arena, reason == NULL ? "lock" : "amend", fields, field_count, error);
    return status == STATUS_OK ? lock_of(workspace, arena, plan->name, out, error) : status;
}

enum status lock_look(struct workspace *workspace, struct arena *arena, const struct plan *plan,
                      const struct lock *lock, int64_t data_version, bool early,
                      struct error *error)
{
    const struct registry_field fields[] = {
        {.name = "plan", .text = plan->name},
        {.name = "data_version", .number = (double)data_version},
        {.name = "early", .text = early ? "yes" : "no"},
    };
    if (lock->looks > 0 && lock->last_look == data_version)
        return STATUS_OK;
    return append(workspace, arena, "look", fields, sizeof fields / sizeof *fields, error);
}
