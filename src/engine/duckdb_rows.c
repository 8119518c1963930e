/* Rows of the DuckDB engine: results into frames, and appending. */

#include "engine/duckdb_internal.h"

#include "base/error.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Frames ----------------------------------------------------------------------------- */

/* A column of a frame while it grows. */
struct growing {
    enum engine_type type;
    duckdb_type source;
    bool *valid;
    int64_t *integers;
    double *numbers;
    const char **texts;
    const double **lists;
    size_t *list_sizes;
};

static bool frame_type(duckdb_type type, enum engine_type *out)
{
    switch (type) {
    case DUCKDB_TYPE_BOOLEAN:
        *out = ENGINE_BOOL;
        return true;
    case DUCKDB_TYPE_TINYINT:
    case DUCKDB_TYPE_SMALLINT:
    case DUCKDB_TYPE_INTEGER:
    case DUCKDB_TYPE_BIGINT:
    case DUCKDB_TYPE_UTINYINT:
    case DUCKDB_TYPE_USMALLINT:
    case DUCKDB_TYPE_UINTEGER:
    case DUCKDB_TYPE_UBIGINT:
        *out = ENGINE_INTEGER;
        return true;
    case DUCKDB_TYPE_FLOAT:
    case DUCKDB_TYPE_DOUBLE:
    case DUCKDB_TYPE_HUGEINT:
        *out = ENGINE_NUMBER;
        return true;
    case DUCKDB_TYPE_VARCHAR:
        *out = ENGINE_TEXT;
        return true;
    case DUCKDB_TYPE_TIMESTAMP:
    case DUCKDB_TYPE_TIMESTAMP_TZ:
        *out = ENGINE_TIME;
        return true;
    case DUCKDB_TYPE_LIST:
        *out = ENGINE_NUMBERS; /* of DOUBLE: describe_columns looks */
        return true;
    default:
        return false;
    }
}

static int64_t integer_at(duckdb_type type, const void *data, idx_t row)
{
    switch (type) {
    case DUCKDB_TYPE_BOOLEAN:
        return ((const bool *)data)[row];
    case DUCKDB_TYPE_TINYINT:
        return ((const int8_t *)data)[row];
    case DUCKDB_TYPE_SMALLINT:
        return ((const int16_t *)data)[row];
    case DUCKDB_TYPE_INTEGER:
        return ((const int32_t *)data)[row];
    case DUCKDB_TYPE_UTINYINT:
        return ((const uint8_t *)data)[row];
    case DUCKDB_TYPE_USMALLINT:
        return ((const uint16_t *)data)[row];
    case DUCKDB_TYPE_UINTEGER:
        return ((const uint32_t *)data)[row];
    default: /* 64 bits wide: BIGINT, UBIGINT, timestamps */
        return ((const int64_t *)data)[row];
    }
}

static double number_at(duckdb_type type, const void *data, idx_t row)
{
    if (type == DUCKDB_TYPE_FLOAT)
        return (double)((const float *)data)[row];
    if (type == DUCKDB_TYPE_HUGEINT)
        return duckdb_hugeint_to_double(((const duckdb_hugeint *)data)[row]);
    return ((const double *)data)[row];
}

static void take_cell(struct growing *column, duckdb_vector vector, const void *data, idx_t row,
                      size_t at, struct arena *arena)
{
    switch (column->type) {
    case ENGINE_BOOL:
    case ENGINE_INTEGER:
    case ENGINE_TIME:
        column->integers[at] = integer_at(column->source, data, row);
        break;
    case ENGINE_NUMBER:
        column->numbers[at] = number_at(column->source, data, row);
        break;
    case ENGINE_TEXT: {
        duckdb_string_t text = ((const duckdb_string_t *)data)[row];
        column->texts[at] =
            arena_text_n(arena, duckdb_string_t_data(&text), duckdb_string_t_length(text));
        break;
    }
    case ENGINE_NUMBERS: {
        duckdb_list_entry entry = ((const duckdb_list_entry *)data)[row];
        duckdb_vector child = duckdb_list_vector_get_child(vector);
        const double *numbers = duckdb_vector_get_data(child);
        uint64_t *validity = duckdb_vector_get_validity(child);
        double *copy = arena_array(arena, entry.length, sizeof *copy);
        for (idx_t i = entry.offset; i < entry.offset + entry.length; i++)
            copy[i - entry.offset] =
                validity == NULL || duckdb_validity_row_is_valid(validity, i) ? numbers[i] : NAN;
        column->lists[at] = copy;
        column->list_sizes[at] = entry.length;
        break;
    }
    case ENGINE_MAP:
        break;
    }
}

static void grow_column(struct growing *column, struct arena *arena, size_t rows, size_t *capacity)
{
    size_t room = *capacity;
    column->valid = arena_grow(arena, column->valid, rows, &room, sizeof *column->valid);
    room = *capacity;
    if (column->type == ENGINE_NUMBER)
        column->numbers = arena_grow(arena, column->numbers, rows, &room, sizeof(double));
    else if (column->type == ENGINE_TEXT)
        column->texts = arena_grow(arena, column->texts, rows, &room, sizeof(char *));
    else if (column->type == ENGINE_NUMBERS) {
        column->lists = arena_grow(arena, column->lists, rows, &room, sizeof(double *));
        room = *capacity;
        column->list_sizes = arena_grow(arena, column->list_sizes, rows, &room, sizeof(size_t));
    } else
        column->integers = arena_grow(arena, column->integers, rows, &room, sizeof(int64_t));
    *capacity = room;
}

static void take_chunk(struct growing *columns, size_t column_count, duckdb_data_chunk chunk,
                       size_t at, struct arena *arena)
{
    idx_t size = duckdb_data_chunk_get_size(chunk);
    for (size_t c = 0; c < column_count; c++) {
        duckdb_vector vector = duckdb_data_chunk_get_vector(chunk, c);
        uint64_t *validity = duckdb_vector_get_validity(vector);
        const void *data = duckdb_vector_get_data(vector);
        for (idx_t row = 0; row < size; row++) {
            bool valid = validity == NULL || duckdb_validity_row_is_valid(validity, row);
            columns[c].valid[at + row] = valid;
            if (valid)
                take_cell(&columns[c], vector, data, row, at + row, arena);
            else if (columns[c].type == ENGINE_TEXT)
                columns[c].texts[at + row] = "";
        }
    }
}

static bool is_of_doubles(duckdb_result *result, idx_t column)
{
    duckdb_logical_type list = duckdb_column_logical_type(result, column);
    duckdb_logical_type child = duckdb_list_type_child_type(list);
    bool doubles = duckdb_get_type_id(child) == DUCKDB_TYPE_DOUBLE;
    duckdb_destroy_logical_type(&child);
    duckdb_destroy_logical_type(&list);
    return doubles;
}

static enum status describe_columns(struct statement *statement, struct arena *arena,
                                    struct growing **out, size_t *count, struct error *error)
{
    duckdb_result *result = &statement->result;
    *count = duckdb_column_count(result);
    struct growing *columns = arena_array(arena, *count, sizeof *columns);
    for (size_t c = 0; c < *count; c++) {
        columns[c].source = duckdb_column_type(result, c);
        if (!frame_type(columns[c].source, &columns[c].type) ||
            (columns[c].type == ENGINE_NUMBERS && !is_of_doubles(result, c)))
            return error_set(error, ERROR_INTERNAL, "column %s has a type that frames don't carry",
                             duckdb_column_name(result, c));
    }
    *out = columns;
    return STATUS_OK;
}

static void finish_frame(struct statement *statement, const struct growing *columns, size_t count,
                         size_t rows, struct arena *arena, struct frame *out)
{
    out->rows = rows;
    out->column_count = count;
    out->columns = arena_array(arena, count, sizeof *out->columns);
    for (size_t c = 0; c < count; c++)
        out->columns[c] = (struct column){
            .name = arena_text(arena, duckdb_column_name(&statement->result, c)),
            .type = columns[c].type,
            .valid = columns[c].valid,
            .integers = columns[c].integers,
            .numbers = columns[c].numbers,
            .texts = columns[c].texts,
            .lists = columns[c].lists,
            .list_sizes = columns[c].list_sizes,
        };
}

enum status read_frame(struct engine *engine, const char *sql, struct engine_values values,
                       struct arena *arena, struct frame *out, struct error *error)
{
    struct statement statement = {0};
    enum status status = statement_start(engine, sql, values, &statement, error);
    if (status != STATUS_OK)
        return status;
    struct growing *columns = NULL;
    size_t column_count = 0;
    size_t rows = 0;
    size_t capacity = 0;
    status = describe_columns(&statement, arena, &columns, &column_count, error);
    while (status == STATUS_OK && columns != NULL) {
        duckdb_data_chunk chunk = NULL;
        status = statement_next(engine, &statement, &chunk, error);
        if (chunk == NULL)
            break;
        size_t size = duckdb_data_chunk_get_size(chunk);
        if (rows + size > engine_frame_rows) {
            status = error_set(error, ERROR_INTERNAL,
                               "a query returned over %d rows; it should have compressed",
                               engine_frame_rows);
        } else {
            while (capacity < rows + size) {
                size_t room = capacity;
                for (size_t c = 0; c < column_count; c++) {
                    room = capacity;
                    grow_column(&columns[c], arena, capacity, &room);
                }
                capacity = room;
            }
            take_chunk(columns, column_count, chunk, rows, arena);
            rows += size;
        }
        duckdb_destroy_data_chunk(&chunk);
    }
    if (status == STATUS_OK && columns != NULL)
        finish_frame(&statement, columns, column_count, rows, arena, out);
    statement_close(&statement);
    return status;
}

const struct column *frame_column(const struct frame *frame, const char *name)
{
    for (size_t c = 0; c < frame->column_count; c++)
        if (strcmp(frame->columns[c].name, name) == 0)
            return &frame->columns[c];
    return NULL;
}

int64_t frame_integer(const struct frame *frame, size_t row, size_t column)
{
    const struct column *c = &frame->columns[column];
    return c->integers != NULL && c->valid[row] ? c->integers[row] : 0;
}

double frame_number(const struct frame *frame, size_t row, size_t column)
{
    const struct column *c = &frame->columns[column];
    if (!c->valid[row])
        return NAN;
    return c->numbers != NULL ? c->numbers[row] : (double)c->integers[row];
}

const char *frame_text(const struct frame *frame, size_t row, size_t column)
{
    const struct column *c = &frame->columns[column];
    return c->texts != NULL && c->valid[row] ? c->texts[row] : NULL;
}

/* ---- Appending -------------------------------------------------------------------------- */

struct engine_appender {
    struct engine *engine;
    duckdb_appender appender;
    bool is_temporary;
    char table[64];
};

/* What asks for the table while rows are appended may miss some: they are there once it is closed.
 */
static void appender_wrote(const struct engine_appender *appender)
{
    if (appender->is_temporary)
        remembered_make(appender->engine, appender->table);
    else
        remembered_are_stale(appender->engine);
}

static enum status appender_error(const struct engine *engine, duckdb_appender appender,
                                  struct error *error)
{
    return engine_error(engine, DUCKDB_ERROR_CONSTRAINT, duckdb_appender_error(appender), error);
}

enum status engine_query(struct engine *engine, const char *sql, struct engine_values values,
                         struct arena *arena, struct frame *out, struct error *error)
{
    return engine->remembered != NULL ? remembered_query(engine, sql, values, out, error)
                                      : read_frame(engine, sql, values, arena, out, error);
}

enum status engine_append_chunk(struct engine_appender *appender, duckdb_data_chunk chunk,
                                struct error *error)
{
    if (duckdb_append_data_chunk(appender->appender, chunk) != DuckDBSuccess)
        return appender_error(appender->engine, appender->appender, error);
    return STATUS_OK;
}

enum status engine_appender_open(struct engine *engine, const char *table,
                                 struct engine_appender **out, struct error *error)
{
    struct engine_appender *appender = calloc(1, sizeof *appender);
    if (appender == NULL)
        return error_memory(error);
    appender->engine = engine;
    /* Without the catalog, the engine looks for it in a database that may be read only. */
    static const char temporary[] = "temp.";
    bool is_temporary = strncmp(table, temporary, sizeof temporary - 1) == 0;
    if (is_temporary)
        table += sizeof temporary - 1;
    appender->is_temporary = is_temporary && strlen(table) < sizeof appender->table;
    (void)snprintf(appender->table, sizeof appender->table, "%s", table);
    if (duckdb_appender_create_ext(engine->connection, is_temporary ? "temp" : NULL, NULL, table,
                                   &appender->appender) != DuckDBSuccess) {
        enum status status = appender_error(engine, appender->appender, error);
        duckdb_appender_destroy(&appender->appender);
        free(appender);
        return status;
    }
    *out = appender;
    return STATUS_OK;
}

static duckdb_state append_value(duckdb_appender appender, const struct engine_value *value)
{
    if (value->null)
        return duckdb_append_null(appender);
    switch (value->type) {
    case ENGINE_BOOL:
        return duckdb_append_bool(appender, value->integer != 0);
    case ENGINE_INTEGER:
        return duckdb_append_int64(appender, value->integer);
    case ENGINE_NUMBER:
        return duckdb_append_double(appender, value->number);
    case ENGINE_TIME:
        return duckdb_append_timestamp(appender, (duckdb_timestamp){value->integer});
    case ENGINE_TEXT:
        return duckdb_append_varchar(appender, value->text);
    case ENGINE_NUMBERS:
    case ENGINE_MAP:
        break;
    }
    return DuckDBError;
}

enum status engine_append(struct engine_appender *appender, const struct engine_value *row,
                          size_t columns, struct error *error)
{
    for (size_t c = 0; c < columns; c++)
        if (append_value(appender->appender, &row[c]) != DuckDBSuccess)
            return appender_error(appender->engine, appender->appender, error);
    if (duckdb_appender_end_row(appender->appender) != DuckDBSuccess)
        return appender_error(appender->engine, appender->appender, error);
    return STATUS_OK;
}

enum status engine_appender_close(struct engine_appender *appender, struct error *error)
{
    if (appender == NULL)
        return STATUS_OK;
    enum status status = STATUS_OK;
    if (duckdb_appender_close(appender->appender) != DuckDBSuccess)
        status = appender_error(appender->engine, appender->appender, error);
    duckdb_appender_destroy(&appender->appender);
    appender_wrote(appender);
    free(appender);
    return status;
}
