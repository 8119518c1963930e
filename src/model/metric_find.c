/* Finding metrics: the user's folder, then those in the binary. */

#include "model/metric.h"

#include "base/embedded.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { metric_bytes_max = 64 * 1024 };

static const char prefix[] = "metrics/";
static const char suffix[] = ".yaml";

/* NAME of "metrics/NAME.yaml" or "NAME.yaml", or NULL. */
static const char *name_of(struct arena *arena, const char *file)
{
    size_t length = strlen(file);
    size_t end = sizeof suffix - 1;
    if (file[0] == '.' || length <= end || strcmp(file + length - end, suffix) != 0)
        return NULL;
    return arena_text_n(arena, file, length - end);
}

struct names {
    const char **list;
    size_t count;
    size_t capacity;
};

static void add_name(struct arena *arena, struct names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->list[i], name) == 0)
            return;
    names->list =
        arena_grow(arena, names->list, names->count, &names->capacity, sizeof *names->list);
    names->list[names->count++] = name;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static enum status all_names(struct arena *arena, const char *folder, struct names *names,
                             struct error *error)
{
    for (const struct embedded *file = embedded_files; file->path != NULL; file++) {
        if (strncmp(file->path, prefix, sizeof prefix - 1) != 0)
            continue;
        const char *name = name_of(arena, file->path + sizeof prefix - 1);
        if (name != NULL)
            add_name(arena, names, name);
    }
    DIR *directory = folder != NULL ? opendir(folder) : NULL;
    if (folder != NULL && directory == NULL && errno != ENOENT)
        return error_at(error, ERROR_IO, folder, 0, 0, "the folder cannot be read: %s",
                        strerror(errno));
    for (struct dirent *entry; directory != NULL && (entry = readdir(directory)) != NULL;) {
        const char *name = name_of(arena, entry->d_name);
        if (name != NULL)
            add_name(arena, names, name);
    }
    if (directory != NULL)
        (void)closedir(directory);
    if (names->count > 0)
        qsort(names->list, names->count, sizeof *names->list, by_name);
    return STATUS_OK;
}

static enum status check_name(const struct metric *metric, const char *name, struct error *error)
{
    if (strcmp(metric->name, name) == 0)
        return STATUS_OK;
    return error_at(error, ERROR_INPUT, metric->file, 0, 0,
                    "the file is named %s and holds the metric %s; give them one name", name,
                    metric->name);
}

static enum status read_users(struct arena *arena, const char *path, const char *name,
                              struct metric *out, struct error *error)
{
    char *text = NULL;
    size_t length = 0;
    struct metric metric;
    enum status status = file_read(arena, path, metric_bytes_max, &text, &length, error);
    if (status == STATUS_OK)
        status = metric_read(arena, path, text, length, &metric, error);
    if (status == STATUS_OK)
        status = check_name(&metric, name, error);
    if (status == STATUS_OK)
        *out = metric;
    return status;
}

static enum status unknown(struct arena *arena, const char *folder, const char *name,
                           const struct place *place, struct error *error)
{
    struct names names = {NULL, 0, 0};
    enum status status = all_names(arena, folder, &names, error);
    if (status != STATUS_OK)
        return status;
    const char *nearest = text_nearest(name, names.list, names.count);
    if (nearest != NULL)
        return place_error(error, place, "there is no metric \"%.80s\"; did you mean %s?", name,
                           nearest);
    return place_error(error, place,
                       "there is no metric \"%.80s\"; `assay metrics` lists those there are", name);
}

/* A name with a slash or a dot would leave the folder. */
static bool is_plain(const char *name)
{
    return name[0] != '\0' && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name);
}

enum status metric_find(struct arena *arena, const char *folder, const char *name,
                        const struct place *place, struct metric *out, struct error *error)
{
    if (!is_plain(name))
        return unknown(arena, folder, name, place, error);
    if (folder != NULL) {
        const char *path = arena_printf(arena, "%s/%s%s", folder, name, suffix);
        if (access(path, F_OK) == 0)
            return read_users(arena, path, name, out, error);
    }
    const char *text = embedded_text(arena_printf(arena, "%s%s%s", prefix, name, suffix));
    if (text == NULL)
        return unknown(arena, folder, name, place, error);
    struct metric metric;
    const char *file = arena_printf(arena, "builtin/%s%s%s", prefix, name, suffix);
    enum status status = metric_read(arena, file, text, strlen(text), &metric, error);
    if (status != STATUS_OK)
        return status;
    metric.built_in = true;
    *out = metric;
    return STATUS_OK;
}

enum status metric_known(struct arena *arena, struct engine *engine,
                         const struct formula_names *names, struct metrics_known *known,
                         const char *name, const struct place *place, struct metric *out,
                         struct error *error)
{
    for (size_t i = 0; i < known->count; i++)
        if (strcmp(known->list[i].name, name) == 0) {
            *out = known->list[i];
            return STATUS_OK;
        }
    enum status status = metric_find(arena, known->folder, name, place, out, error);
    if (status == STATUS_OK)
        status = metric_compile(arena, engine, names, out, error);
    if (status != STATUS_OK)
        return status;
    known->list =
        arena_grow(arena, known->list, known->count, &known->capacity, sizeof *known->list);
    known->list[known->count++] = *out;
    return STATUS_OK;
}

enum status metric_list(struct arena *arena, const char *folder, struct metric **out, size_t *count,
                        struct metric_broken *broken, struct error *error)
{
    struct names names = {NULL, 0, 0};
    enum status status = all_names(arena, folder, &names, error);
    if (status != STATUS_OK)
        return status;
    struct metric *metrics = arena_array(arena, names.count, sizeof *metrics);
    struct error *list = arena_array(arena, names.count, sizeof *list);
    size_t good = 0;
    size_t bad = 0;
    for (size_t i = 0; i < names.count; i++) {
        const char *name = names.list[i];
        const struct place place = {.file = folder != NULL ? folder : "builtin/metrics"};
        if (is_plain(name))
            status = metric_find(arena, folder, name, &place, &metrics[good], &list[bad]);
        else
            status = error_at(&list[bad], ERROR_INPUT,
                              arena_printf(arena, "%s/%s%s", folder, name, suffix), 0, 0,
                              "a metric's file is named by lower-case letters, digits and _; "
                              "rename it");
        good += status == STATUS_OK;
        bad += status != STATUS_OK;
        if (status != STATUS_OK && broken == NULL) {
            if (error != NULL)
                *error = list[0];
            return status;
        }
    }
    if (broken != NULL)
        *broken = (struct metric_broken){list, bad};
    *out = metrics;
    *count = good;
    return STATUS_OK;
}
