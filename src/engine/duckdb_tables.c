/* A table function of ours in the DuckDB engine: rows of text that C code gives one by one.

   One thread scans, so that rows come in the order in which they are given. */

#include "engine/duckdb_internal.h"

#include "base/error.h"

#include <stdlib.h>
#include <string.h>

struct scan {
    const struct engine_rows *rows;
    void *handle;
    struct engine_cell *cells; /* one per column of rows */
    size_t *shown;             /* which column each vector of a chunk is */
    size_t shown_count;
};

static void free_scan(void *pointer)
{
    struct scan *scan = pointer;
    if (scan == NULL)
        return;
    if (scan->handle != NULL)
        scan->rows->close(scan->handle);
    free(scan->cells);
    free(scan->shown);
    free(scan);
}

static void bind_rows(duckdb_bind_info info)
{
    const struct engine_rows *rows = duckdb_bind_get_extra_info(info);
    duckdb_logical_type text = duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR);
    for (size_t c = 0; c < rows->column_count; c++)
        duckdb_bind_add_result_column(info, rows->columns[c], text);
    duckdb_destroy_logical_type(&text);
}

static void start_rows(duckdb_init_info info)
{
    const struct engine_rows *rows = duckdb_init_get_extra_info(info);
    struct scan *scan = calloc(1, sizeof *scan);
    bool *wanted = calloc(rows->column_count, sizeof *wanted);
    if (scan == NULL || wanted == NULL)
        goto fail;
    scan->rows = rows;
    scan->shown_count = duckdb_init_get_column_count(info);
    scan->cells = calloc(rows->column_count, sizeof *scan->cells);
    scan->shown = calloc(scan->shown_count + 1, sizeof *scan->shown);
    if (scan->cells == NULL || scan->shown == NULL)
        goto fail;
    for (size_t i = 0; i < scan->shown_count; i++) {
        scan->shown[i] = duckdb_init_get_column_index(info, i);
        /* A count alone asks for a row id, which is no column. */
        if (scan->shown[i] < rows->column_count)
            wanted[scan->shown[i]] = true;
    }
    struct error error = {0};
    if (rows->open(rows->context, wanted, &scan->handle, &error) != STATUS_OK) {
        scan->handle = NULL;
        duckdb_init_set_error(info, error.message);
        free_scan(scan);
    } else {
        duckdb_init_set_init_data(info, scan, free_scan);
        duckdb_init_set_max_threads(info, 1);
    }
    free(wanted);
    return;
fail:
    free_scan(scan);
    free(wanted);
    duckdb_init_set_error(info, "out of memory");
}

static void write_cell(duckdb_vector vector, idx_t row, const struct engine_cell *cell)
{
    if (cell != NULL && cell->bytes != NULL) {
        duckdb_vector_assign_string_element_len(vector, row, cell->bytes, cell->length);
        return;
    }
    duckdb_vector_ensure_validity_writable(vector);
    duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vector), row);
}

static void give_rows(duckdb_function_info info, duckdb_data_chunk chunk)
{
    struct scan *scan = duckdb_function_get_init_data(info);
    idx_t room = duckdb_vector_size();
    idx_t row = 0;
    for (; row < room; row++) {
        bool more = false;
        struct error error = {0};
        if (scan->rows->next(scan->handle, scan->cells, &more, &error) != STATUS_OK) {
            duckdb_function_set_error(info, error.message);
            return;
        }
        if (!more)
            break;
        for (size_t i = 0; i < scan->shown_count; i++) {
            size_t column = scan->shown[i];
            bool is_ours = column < scan->rows->column_count;
            write_cell(duckdb_data_chunk_get_vector(chunk, i), row,
                       is_ours ? &scan->cells[column] : NULL);
        }
    }
    duckdb_data_chunk_set_size(chunk, row);
}

enum status engine_register_rows(struct engine *engine, const struct engine_rows *rows,
                                 struct error *error)
{
    duckdb_table_function function = duckdb_create_table_function();
    duckdb_table_function_set_name(function, rows->name);
    duckdb_table_function_set_extra_info(function, (void *)rows, NULL);
    duckdb_table_function_set_bind(function, bind_rows);
    duckdb_table_function_set_init(function, start_rows);
    duckdb_table_function_set_function(function, give_rows);
    duckdb_table_function_supports_projection_pushdown(function, true);
    duckdb_state state = duckdb_register_table_function(engine->connection, function);
    duckdb_destroy_table_function(&function);
    if (state != DuckDBSuccess)
        return error_set(error, ERROR_ENGINE, "the engine does not take the function %s",
                         rows->name);
    return STATUS_OK;
}
