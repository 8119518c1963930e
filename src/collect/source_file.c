#include "collect/source_file.h"

#include "base/embedded.h"
#include "base/error.h"
#include "base/text.h"
#include "collect/csv_header.h"
#include "collect/file_hash.h"
#include "engine/sql_text.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

const char *file_format_title(enum file_format format)
{
    static const char *const titles[] = {"CSV", "JSON lines", "Parquet"};
    return titles[format];
}

const char *file_format_word(enum file_format format)
{
    static const char *const words[] = {"csv", "json", "parquet"};
    return words[format];
}

bool looks_like_data(const char *name)
{
    bool letters = false;
    size_t digits = 0;
    size_t length = strlen(name);
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)name[i];
        letters = letters || isalpha(c) != 0 || c >= 0x80;
        digits += isdigit(c) != 0;
        if (c < 0x20 || (c == '@' && i > 0 && name[i - 1] != ' ' && i + 1 < length))
            return true;
    }
    /* "42", "2026-07-31", "2026-07-31T10:00:00Z"; not "Q3" or "size" */
    return length > 100 || !letters || digits >= 8;
}

/* ---- Opening ---------------------------------------------------------------------------- */

static enum status open_regular(const char *path, int *out, struct error *error)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return error_at(error, ERROR_INPUT, path, 0, 0, "cannot be read: %s", strerror(errno));
    struct stat about;
    const char *problem = NULL;
    if (fstat(file, &about) != 0)
        problem = strerror(errno);
    else if (S_ISDIR(about.st_mode))
        problem = "this is a folder; name a file in it";
    else if (!S_ISREG(about.st_mode))
        problem = "this is no regular file; write its contents to one first";
    if (problem != NULL) {
        (void)close(file);
        return error_at(error, ERROR_INPUT, path, 0, 0, "%s", problem);
    }
    *out = file;
    return STATUS_OK;
}

/* The first bytes, unpacked: csv_header_bytes of them at most. */
static enum status read_head(struct arena *arena, struct source_file *file, const char **bytes,
                             size_t *length, struct error *error)
{
    char magic[4] = {0};
    ssize_t got = pread(file->file, magic, sizeof magic, 0);
    if (got < 0)
        return error_at(error, ERROR_IO, file->path, 0, 0, "cannot be read: %s", strerror(errno));
    file->packing = packing_of(magic, (size_t)got);
    char *head = arena_alloc(arena, csv_header_bytes);
    struct unpacker *unpacker = NULL;
    enum status status = unpacker_open(file->file, file->path, file->packing, &unpacker, error);
    if (status == STATUS_OK)
        status = unpacker_read(unpacker, head, csv_header_bytes, length, error);
    unpacker_close(unpacker);
    *bytes = head;
    return status;
}

static bool starts(const char *bytes, size_t length, const char *magic, size_t size)
{
    return length >= size && memcmp(bytes, magic, size) == 0;
}

/* UTF-16 without its mark: every second byte of ASCII text is a NUL. */
static bool looks_like_utf16(const char *bytes, size_t length)
{
    size_t nuls[2] = {0};
    size_t looked = length < 64 ? length : 64;
    for (size_t i = 0; i < looked; i++)
        nuls[i % 2] += bytes[i] == '\0';
    return looked >= 8 && (nuls[0] * 4 >= looked || nuls[1] * 4 >= looked) &&
           (nuls[0] == 0 || nuls[1] == 0);
}

static enum status refuse_unknown(const struct source_file *file, const char *bytes, size_t length,
                                  struct error *error)
{
    const char *problem = NULL;
    if (length == 0)
        problem = file->packing == PACKING_NONE ? "the file is empty"
                                                : "the file is empty, once unpacked";
    else if (starts(bytes, length, "\xff\xfe", 2) || starts(bytes, length, "\xfe\xff", 2))
        problem = "the file is UTF-16; save it as UTF-8 (iconv -f UTF-16 -t UTF-8)";
    else if (looks_like_utf16(bytes, length))
        problem = bytes[0] == '\0'
                      ? "the file is UTF-16; save it as UTF-8 (iconv -f UTF-16BE -t UTF-8)"
                      : "the file is UTF-16; save it as UTF-8 (iconv -f UTF-16LE -t UTF-8)";
    else if (packing_of(bytes, length) != PACKING_NONE)
        problem = "the file is compressed twice; unpack it once (gunzip, unzstd)";
    else if (starts(bytes, length, "PK\x03\x04", 4))
        problem = "this is a spreadsheet or zip file; export it as CSV, or unpack it first";
    else if (starts(bytes, length, "BZh", 3) || starts(bytes, length,
                                                       "\xfd"
                                                       "7zXZ",
                                                       5))
        problem = "the file is compressed by bzip2 or xz; unpack it first (bunzip2, unxz), or "
                  "compress it by gzip or zstd";
    else if (starts(bytes, length, "\xd0\xcf\x11\xe0", 4))
        problem = "this is an old spreadsheet; export it as CSV";
    else if (starts(bytes, length, "PARE", 4))
        problem = "this Parquet file is encrypted; write it without encryption";
    else if (starts(bytes, length, "PAR1", 4) && file->packing != PACKING_NONE)
        problem =
            "this is a Parquet file inside a compressed one; unpack it first (gunzip, unzstd)";
    if (problem != NULL)
        return error_at(error, ERROR_INPUT, file->path, 0, 0, "%s", problem);
    return STATUS_OK;
}

/* The name's ending says JSON: ".json", ".jsonl", ".ndjson", before ".gz" or ".zst". */
static bool is_named_json(const char *path)
{
    static const char *const endings[] = {".json", ".jsonl", ".ndjson"};
    size_t length = strlen(path);
    static const char *const packed[] = {".gz", ".zst", ".zstd"};
    for (size_t i = 0; i < sizeof packed / sizeof packed[0]; i++) {
        size_t size = strlen(packed[i]);
        if (length > size && strcasecmp(path + length - size, packed[i]) == 0) {
            length -= size;
            break;
        }
    }
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        size_t size = strlen(endings[i]);
        if (length > size && strncasecmp(path + length - size, endings[i], size) == 0)
            return true;
    }
    return false;
}

static enum file_format format_of(const char *path, bool prefers_json, const char *bytes,
                                  size_t length)
{
    if (starts(bytes, length, "PAR1", 4))
        return FORMAT_PARQUET;
    size_t at = starts(bytes, length, "\xef\xbb\xbf", 3) ? 3 : 0;
    while (at < length && strchr(" \t\r\n", bytes[at]) != NULL && bytes[at] != '\0')
        at++;
    if (at < length && bytes[at] == '{')
        return FORMAT_JSON;
    /* A line that is broken is no reason to take the file for another kind. */
    return prefers_json || is_named_json(path) ? FORMAT_JSON : FORMAT_CSV;
}

/* ---- The end ---------------------------------------------------------------------------- */

/* A Parquet file ends in its footer, the footer's length and PAR1. */
static enum status check_parquet(const struct source_file *file, struct error *error)
{
    struct stat about;
    unsigned char tail[8] = {0};
    if (fstat(file->file, &about) != 0)
        return error_at(error, ERROR_IO, file->path, 0, 0, "cannot be read: %s", strerror(errno));
    bool whole = about.st_size >= 12 &&
                 pread(file->file, tail, sizeof tail, about.st_size - 8) == sizeof tail &&
                 memcmp(tail + 4, "PAR1", 4) == 0;
    uint32_t footer = (uint32_t)tail[0] | (uint32_t)tail[1] << 8 | (uint32_t)tail[2] << 16 |
                      (uint32_t)tail[3] << 24;
    if (!whole || footer > (uint64_t)about.st_size - 12)
        return error_at(error, ERROR_INPUT, file->path, 0, 0,
                        "the Parquet file was cut short: its end is missing; nothing was "
                        "imported. Fetch or export it again");
    return STATUS_OK;
}

/* ---- JSON lines as a table of the engine ------------------------------------------------ */

static const char json_function[] = "json_lines";

/* Before the columns c0, c1, … of the file. */
enum { json_line_column, json_fault_column, json_first_column };

struct json_scan {
    const struct source_file *file;
    struct json_reader *reader;
    struct json_cell *cells;
    char line[24];
};

static void close_json(void *pointer)
{
    struct json_scan *scan = pointer;
    json_reader_close(scan->reader);
    free(scan->cells);
    free(scan);
}

static enum status open_json(void *context, const bool *wanted, void **out, struct error *error)
{
    const struct source_file *file = context;
    struct json_scan *scan = calloc(1, sizeof *scan);
    if (scan == NULL)
        return error_memory(error);
    scan->file = file;
    scan->cells = calloc(file->count + 1, sizeof *scan->cells);
    enum status status = scan->cells == NULL ? error_memory(error) : STATUS_OK;
    if (status == STATUS_OK)
        status = json_reader_open(file->file, file->path, file->packing, &file->json.columns,
                                  wanted + json_first_column, &scan->reader, error);
    if (status != STATUS_OK) {
        close_json(scan);
        return status;
    }
    *out = scan;
    return STATUS_OK;
}

static enum status next_json(void *pointer, struct engine_cell *cells, bool *more,
                             struct error *error)
{
    struct json_scan *scan = pointer;
    int64_t line = 0;
    enum json_fault fault = JSON_FINE;
    enum status status = json_reader_next(scan->reader, &line, &fault, scan->cells, error);
    *more = line > 0;
    if (status != STATUS_OK || line == 0)
        return status;
    int digits = snprintf(scan->line, sizeof scan->line, "%lld", (long long)line);
    const char *text = json_fault_text(fault);
    cells[json_line_column] = (struct engine_cell){scan->line, (size_t)digits};
    cells[json_fault_column] = (struct engine_cell){fault == JSON_FINE ? NULL : text, strlen(text)};
    for (size_t c = 0; c < scan->file->count; c++)
        cells[json_first_column + c] =
            fault == JSON_FINE ? (struct engine_cell){scan->cells[c].bytes, scan->cells[c].length}
                               : (struct engine_cell){NULL, 0};
    return STATUS_OK;
}

static void describe_json(struct arena *arena, struct source_file *file)
{
    file->names = file->json.columns.names;
    file->count = file->json.columns.count;
    size_t count = json_first_column + file->count;
    const char **columns = arena_array(arena, count, sizeof *columns);
    columns[json_line_column] = "line";
    columns[json_fault_column] = "fault";
    for (size_t c = 0; c < file->count; c++)
        columns[json_first_column + c] = arena_printf(arena, "c%zu", c);
    file->json_rows = (struct engine_rows){
        .name = json_function,
        .columns = columns,
        .column_count = count,
        .context = file,
        .open = open_json,
        .next = next_json,
        .close = close_json,
    };
}

/* ---- Opening and closing ---------------------------------------------------------------- */

static enum status read_csv_header(struct arena *arena, struct source_file *file, const char *bytes,
                                   size_t length, struct error *error)
{
    struct csv_header header;
    enum status status = csv_header_parse(arena, file->path, bytes, length, &header, error);
    if (status != STATUS_OK)
        return status;
    file->names = header.names;
    file->count = header.count;
    file->delimiter = header.delimiter;
    const struct csv_survey *survey = &file->csv;
    status = csv_scan(arena, file->file, file->path, file->packing, file->delimiter, file->count,
                      &file->csv, error);
    if (status != STATUS_OK || survey->open_line == 0)
        return status;
    return error_at(
        error, ERROR_INPUT, file->path, (int)survey->open_line, 0,
        "a quote begins here that does not end: %lld lines behind it cannot be read, so "
        "nothing was imported. Close it, or write \"\" for a quote in a text; if the "
        "file was cut short, export it again",
        (long long)survey->lines_left);
}

static enum status read_json_columns(struct arena *arena, struct source_file *file,
                                     const char *bytes, size_t length, struct error *error)
{
    size_t at = starts(bytes, length, "\xef\xbb\xbf", 3) ? 3 : 0;
    while (at < length && strchr(" \t\r\n", bytes[at]) != NULL && bytes[at] != '\0')
        at++;
    if (at < length && bytes[at] == '[')
        return error_at(error, ERROR_INPUT, file->path, 1, 0,
                        "this is one JSON array; write each of its objects on a line of its own: "
                        "jq -c '.[]' FILE > FILE.jsonl");
    enum status status =
        json_survey_read(arena, file->file, file->path, file->packing, &file->json, error);
    if (status == STATUS_OK)
        describe_json(arena, file);
    return status;
}

enum status source_file_open(struct arena *arena, const char *path, bool prefers_json,
                             struct source_file **out, struct error *error)
{
    struct source_file *file = arena_alloc(arena, sizeof *file);
    file->path = path;
    file->file = -1;
    const char *head = NULL;
    size_t length = 0;
    struct file_hash *hash = NULL;
    enum status status = open_regular(path, &file->file, error);
    if (status != STATUS_OK)
        return status;
    file->readable = arena_printf(arena, "/proc/self/fd/%d", file->file);
    status = read_head(arena, file, &head, &length, error);
    if (status == STATUS_OK)
        status = refuse_unknown(file, head, length, error);
    if (status == STATUS_OK)
        status = file_hash_start(file->file, path, &hash, error);
    if (status == STATUS_OK) {
        file->format = format_of(path, prefers_json, head, length);
        status = file->format == FORMAT_PARQUET ? check_parquet(file, error)
                 : file->format == FORMAT_JSON ? read_json_columns(arena, file, head, length, error)
                                               : read_csv_header(arena, file, head, length, error);
    }
    enum status hashed = file_hash_end(hash, file->hash, status == STATUS_OK ? error : NULL);
    if (status == STATUS_OK)
        status = hashed;
    if (status != STATUS_OK) {
        source_file_close(file);
        return status;
    }
    *out = file;
    return STATUS_OK;
}

void source_file_close(struct source_file *file)
{
    if (file == NULL || file->file < 0)
        return;
    (void)close(file->file);
    file->file = -1;
}

/* ---- As SQL ----------------------------------------------------------------------------- */

static const char parquet_row[] = "file_row_number";

static enum status describe_parquet(struct arena *arena, struct source_file *file,
                                    struct engine *reading, struct error *error)
{
    struct frame frame;
    const char *sql =
        arena_printf(arena, "select column_name, column_type from (describe select * from %s)",
                     source_file_relation(arena, file, PASS_QUICK));
    enum status status = engine_query(reading, sql, ENGINE_NO_VALUES, arena, &frame, error);
    if (status != STATUS_OK)
        return source_file_explain(file, status, error);
    file->names = arena_array(arena, frame.rows, sizeof *file->names);
    file->types = arena_array(arena, frame.rows, sizeof *file->types);
    for (size_t i = 0; i < frame.rows; i++) {
        const char *name = frame_text(&frame, i, 0);
        if (strcmp(name, parquet_row) == 0)
            continue;
        file->names[file->count] = name;
        file->types[file->count++] = frame_text(&frame, i, 1);
    }
    return STATUS_OK;
}

/* The spans of CSV as the table quoted_lines, for unreadable.sql. */
static enum status keep_spans(const struct source_file *file, struct engine *reading,
                              struct error *error)
{
    struct engine_appender *appender = NULL;
    enum status status = engine_run(
        reading, "create table quoted_lines(record bigint, lines bigint, broken boolean)", error);
    if (status == STATUS_OK && file->csv.span_count > 0)
        status = engine_appender_open(reading, "quoted_lines", &appender, error);
    if (appender == NULL)
        return status;
    for (size_t i = 0; i < file->csv.span_count && status == STATUS_OK; i++) {
        const struct csv_span *span = &file->csv.spans[i];
        const struct engine_value row[] = {engine_integer("record", span->record),
                                           engine_integer("lines", span->lines),
                                           engine_bool("broken", span->broken)};
        status = engine_append(appender, row, 3, error);
    }
    enum status closed = engine_appender_close(appender, status == STATUS_OK ? error : NULL);
    return status != STATUS_OK ? status : closed;
}

enum status source_file_attach(struct arena *arena, struct source_file *file,
                               struct engine *reading, struct error *error)
{
    if (file->format == FORMAT_JSON)
        return engine_register_rows(reading, &file->json_rows, error);
    if (file->format == FORMAT_CSV)
        return keep_spans(file, reading, error);
    if (file->format == FORMAT_PARQUET)
        return describe_parquet(arena, file, reading, error);
    return STATUS_OK;
}

static bool is_nested(const char *type)
{
    size_t length = strlen(type);
    return strncmp(type, "STRUCT", 6) == 0 || strncmp(type, "MAP", 3) == 0 ||
           strncmp(type, "UNION", 5) == 0 || (length > 0 && type[length - 1] == ']');
}

const char *source_file_column(struct arena *arena, const struct source_file *file, size_t i)
{
    if (file->format == FORMAT_JSON)
        return arena_printf(arena, "c%zu", i);
    const char *name = sql_name(arena, file->names[i]);
    if (file->format == FORMAT_CSV)
        return name;
    if (is_nested(file->types[i]))
        return arena_printf(arena, "to_json(%s)::varchar", name);
    if (strcmp(file->types[i], "DOUBLE") == 0 || strcmp(file->types[i], "FLOAT") == 0)
        /* Whole numbers that a writer had to make floating, since some were missing. */
        return arena_printf(arena,
                            "case when %s = trunc(%s) and abs(%s) < 9e15 then %s::bigint::varchar "
                            "else %s::varchar end",
                            name, name, name, name, name);
    return arena_printf(arena, "nullif(%s::varchar, '')", name);
}

bool source_file_rows_are_free(const struct source_file *file)
{
    return file->format != FORMAT_CSV;
}

const char *source_file_row(const struct source_file *file, enum source_pass pass)
{
    if (file->format == FORMAT_JSON)
        return "line::bigint";
    if (file->format == FORMAT_PARQUET)
        return "file_row_number + 1";
    /* The header is line 1, so that the first record is line 2. */
    return pass == PASS_COUNTING ? "row_number() over () + 1" : "null::bigint";
}

static const char *csv_relation(struct arena *arena, const struct source_file *file,
                                enum source_pass pass)
{
    static const char *const compressions[] = {"none", "gzip", "zstd"};
    struct text sql = {.arena = arena};
    /* One thread where rejects are kept: of a file in which many records cannot be read, the engine
       (1.5.6) otherwise stops in the middle and says nothing. Two buffers of the engine's own 32 MB
       would cost a small file more than everything else; a record has 2 MiB at most. */
    text_addf(&sql,
              "read_csv(%s, auto_detect = false, header = true, delim = %s, quote = '\"', "
              "escape = '\"', %s, buffer_size = 4194304, compression = '%s', columns = {",
              sql_literal(arena, file->readable),
              sql_literal(arena, (const char[]){file->delimiter, '\0'}),
              pass == PASS_QUICK ? "parallel = true" : "store_rejects = true, parallel = false",
              compressions[file->packing]);
    for (size_t i = 0; i < file->count; i++)
        text_addf(&sql, "%s%s: 'VARCHAR'", i > 0 ? ", " : "", sql_literal(arena, file->names[i]));
    text_add(&sql, "})");
    return sql.bytes;
}

const char *source_file_relation(struct arena *arena, const struct source_file *file,
                                 enum source_pass pass)
{
    if (file->format == FORMAT_JSON)
        return "json_lines() where fault is null";
    if (file->format == FORMAT_PARQUET)
        return arena_printf(arena,
                            "read_parquet(%s, file_row_number = true, binary_as_string = true)",
                            sql_literal(arena, file->readable));
    return csv_relation(arena, file, pass);
}

const char *source_file_unreadable(const struct source_file *file, enum source_pass pass)
{
    if (file->format == FORMAT_CSV)
        return pass == PASS_QUICK ? NULL : embedded_text("collect/unreadable.sql");
    if (file->format == FORMAT_JSON && file->json.faults > 0)
        return embedded_text("collect/unreadable_lines.sql");
    return NULL;
}

bool source_file_is_plain(const struct source_file *file)
{
    return file->format == FORMAT_CSV && file->csv.span_count == 0;
}

enum status source_file_verify(const struct source_file *file, enum source_pass pass,
                               struct engine *reading, int64_t rows, struct arena *arena,
                               struct source_doubt *out, struct error *error)
{
    struct frame frame;
    *out = (struct source_doubt){0};
    if (file->format != FORMAT_CSV || pass == PASS_QUICK)
        return STATUS_OK;
    enum status status = engine_query(reading, embedded_text("collect/quoted_doubts.sql"),
                                      ENGINE_NO_VALUES, arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    int64_t known = rows + frame_integer(&frame, 0, 0);
    if (rows >= 0 && known != file->csv.records)
        return error_at(error, ERROR_INPUT, file->path, 0, 0,
                        "of its %lld records %lld were read or rejected, so nothing was imported; "
                        "write it as JSON lines or Parquet, which are read in another way",
                        (long long)file->csv.records, (long long)known);
    *out = (struct source_doubt){
        .values = frame_integer(&frame, 0, 1),
        .row = frame_integer(&frame, 0, 2),
        .lines = frame_integer(&frame, 0, 3),
    };
    return STATUS_OK;
}

/* ---- What went wrong -------------------------------------------------------------------- */

/* Line ends outside of quotes are of more than one kind. */
static bool ends_are_mixed(const struct source_file *file)
{
    struct unpacker *unpacker = NULL;
    char bytes[1 << 14];
    size_t got = sizeof bytes;
    bool quoted = false;
    bool after_return = false;
    bool seen[3] = {false}; /* LF, CR LF, CR */
    enum status status = unpacker_open(file->file, file->path, file->packing, &unpacker, NULL);
    while (status == STATUS_OK && got == sizeof bytes) {
        status = unpacker_read(unpacker, bytes, sizeof bytes, &got, NULL);
        for (size_t i = 0; i < got; i++) {
            char c = bytes[i];
            if (after_return)
                seen[c == '\n' ? 1 : 2] = true;
            else if (c == '\n' && !quoted)
                seen[0] = true;
            quoted = c == '"' ? !quoted : quoted;
            after_return = c == '\r' && !quoted;
        }
    }
    unpacker_close(unpacker);
    return seen[0] + seen[1] + seen[2] > 1;
}

enum status source_file_explain(const struct source_file *file, enum status status,
                                struct error *error)
{
    if (status != ERROR_ENGINE)
        return status;
    if (file->format == FORMAT_PARQUET)
        return error_at(error, ERROR_INPUT, file->path, 0, 0,
                        "the Parquet file is damaged, or written in a way that is not known; "
                        "nothing was imported. Export it again, or as CSV");
    if (file->format == FORMAT_CSV && ends_are_mixed(file))
        return error_at(error, ERROR_INPUT, file->path, 0, 0,
                        "some lines end in CR LF and some do not; nothing was imported. Make them "
                        "alike: dos2unix FILE, or tr -d '\\r' < FILE > OTHER");
    return status;
}
