/* A CSV file of any bytes, packed or not, from its first bytes to its rows: the columns that were
   found can be read by the SQL made of them, and no more records come out than the file has lines.
   One engine reads all files, which an import does not do: so it is quick. */

#include "base/text.h"
#include "collect/source_file.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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

/* The engine is allowed the descriptor that is free now: each file will get it. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    struct error error;
    (void)snprintf(path, sizeof path, "/tmp/assay-fuzz-csv-%ld", (long)getpid());
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    (void)snprintf(readable, sizeof readable, "/proc/self/fd/%d", file);
    const struct engine_options options = {.readable = readable, .clear_text = true, .threads = 1};
    if (file < 0 || engine_open("duckdb::memory:", &options, &engine, &error) != STATUS_OK)
        fail("no engine", error.message);
    (void)close(file);
    (void)atexit(remove_file);
    return 0;
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
static void check(struct arena *arena, const struct source_file *file, int64_t lines)
{
    struct text sql = {.arena = arena};
    text_add(&sql, "select count(*)");
    for (size_t i = 0; i < file->count; i++)
        text_addf(&sql, ", count(%s)", source_file_column(arena, file, i));
    text_addf(&sql, " from %s", source_file_relation(arena, file));
    int64_t rows = count(arena, file, text_get(&sql));
    if (rows < 0)
        return;
    int64_t refused = count(
        arena, file,
        arena_printf(arena, "select count(distinct row) from (%s)", source_file_unreadable(file)));
    if (file->packing == PACKING_NONE && rows + refused > lines)
        fail("more records than lines", text_get(&sql));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create();
    struct source_file *file = NULL;
    struct error error = {.status = STATUS_OK};
    int64_t lines = 1;
    int out = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (out < 0 || write(out, data, size) != (ssize_t)size || close(out) != 0)
        fail("cannot write", path);
    for (size_t i = 0; i < size; i++)
        lines += data[i] == '\n' || data[i] == '\r';
    enum status status = source_file_open(arena, path, false, &file, &error);
    if (status == STATUS_OK && file->format == FORMAT_CSV) {
        if (strcmp(file->readable, readable) != 0)
            fail("a descriptor was left open", file->readable);
        check(arena, file, lines);
        (void)engine_run(engine, "delete from reject_errors; delete from reject_scans", NULL);
    } else if (status != STATUS_OK && (status != ERROR_INPUT || error.message[0] == '\0')) {
        fail("another error than the file's", error.message);
    }
    source_file_close(file);
    arena_destroy(arena);
    return 0;
}
