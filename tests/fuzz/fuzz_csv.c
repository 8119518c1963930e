/* A CSV file of any bytes, packed or not, from its first bytes to its rows: the columns that were
   found can be read by the SQL made of them, and no more records come out than the file has lines.
   One engine reads all files, which an import does not do: so it is quick. */

#include "base/text.h"
#include "collect/source_file.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What the engine may open: far from those that come and go, among them pipes to the sanitizer's
   symbolizer. */
enum { allowed = 200 };
static char path[64];
static char readable[64];
static struct engine *engine;

static void fail(const char *what, const char *more)
{
    (void)fprintf(stderr, "%s: %s\n", what, more);
    abort();
}

static void remove_file(void)
{
    (void)unlink(path);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    struct error error;
    (void)snprintf(path, sizeof path, "/tmp/assay-fuzz-csv-%ld", (long)getpid());
    (void)snprintf(readable, sizeof readable, "/proc/self/fd/%d", allowed);
    const struct engine_options options = {.readable = readable, .clear_text = true, .threads = 1};
    if (engine_open("duckdb::memory:", &options, &engine, &error) != STATUS_OK)
        fail("no engine", error.message);
    (void)atexit(remove_file);
    return 0;
}

static int open_descriptors(void)
{
    int count = 0;
    DIR *folder = opendir("/proc/self/fd");
    if (folder == NULL)
        fail("cannot list", "/proc/self/fd");
    while (readdir(folder) != NULL)
        count++;
    (void)closedir(folder);
    return count;
}

static bool is_about_the_statement(const char *message)
{
    return strncmp(message, "Parser", 6) == 0 || strncmp(message, "Binder", 6) == 0 ||
           strncmp(message, "Catalog", 7) == 0 || strncmp(message, "INTERNAL", 8) == 0;
}

/* Rows that a query gives, or -1 where the file cannot be read. */
static int64_t count(struct arena *arena, const struct source_file *file, const char *sql)
{
    struct frame frame;
    struct error error;
    enum status status = engine_query(engine, sql, ENGINE_NO_VALUES, arena, &frame, &error);
    if (status == STATUS_OK)
        return frame_integer(&frame, 0, 0);
    if (is_about_the_statement(error.message))
        fail(error.message, sql);
    status = source_file_explain(file, status, &error);
    if ((status != ERROR_ENGINE && status != ERROR_INPUT) || error.message[0] == '\0')
        fail("another error than the file's", error.message);
    return -1;
}

/* Each column is looked at, since others are not parsed. */
static int64_t count_rows(struct arena *arena, const struct source_file *file,
                          enum source_pass pass)
{
    struct text sql = {.arena = arena};
    text_add(&sql, "select count(*)");
    for (size_t i = 0; i < file->count; i++)
        text_addf(&sql, ", count(%s)", source_file_column(arena, file, i));
    text_addf(&sql, " from %s", source_file_relation(arena, file, pass));
    return count(arena, file, text_get(&sql));
}

/* As an import does: where the quick pass has all records, there is nothing to reject; else the
   other one keeps what cannot be read. */
static void check(struct arena *arena, const struct source_file *file, int64_t lines)
{
    struct source_doubt doubt;
    struct error error = {.status = STATUS_OK};
    int64_t quick = source_file_is_plain(file) ? count_rows(arena, file, PASS_QUICK) : -1;
    int64_t rows = count_rows(arena, file, PASS_KEEPING);
    if (rows < 0)
        return;
    int64_t refused = count(arena, file,
                            arena_printf(arena, "select count(distinct row) from (%s)",
                                         source_file_unreadable(file, PASS_KEEPING)));
    if (file->packing == PACKING_NONE && rows + refused > lines)
        fail("more records than lines", file->readable);
    enum status status =
        source_file_verify(file, PASS_KEEPING, engine, rows, arena, &doubt, &error);
    if (status != STATUS_OK && (status != ERROR_INPUT || error.message[0] == '\0'))
        fail("another error than the file's", error.message);
    if (status == STATUS_OK && quick == file->csv.records && (rows != quick || refused > 0))
        fail("the two passes differ", file->readable);
}

static void read_file(struct arena *arena, int64_t lines)
{
    struct source_file *file = NULL;
    struct error error = {.status = STATUS_OK};
    enum status status = source_file_open(arena, path, false, &file, &error);
    if (status == STATUS_OK && file->format == FORMAT_CSV) {
        if (dup2(file->file, allowed) != allowed)
            fail("no descriptor", readable);
        file->readable = readable;
        if (source_file_attach(arena, file, engine, &error) != STATUS_OK)
            fail("cannot attach", error.message);
        check(arena, file, lines);
        (void)close(allowed);
        (void)engine_run(engine, "drop table quoted_lines", NULL);
        (void)engine_run(engine, "delete from reject_errors; delete from reject_scans", NULL);
    } else if (status != STATUS_OK && (status != ERROR_INPUT || error.message[0] == '\0')) {
        fail("another error than the file's", error.message);
    }
    source_file_close(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create();
    int64_t lines = 1;
    int out = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (out < 0 || write(out, data, size) != (ssize_t)size || close(out) != 0)
        fail("cannot write", path);
    for (size_t i = 0; i < size; i++)
        lines += data[i] == '\n' || data[i] == '\r';
    int before = open_descriptors();
    read_file(arena, lines);
    if (open_descriptors() != before)
        fail("a descriptor was left open", path);
    arena_destroy(arena);
    return 0;
}
