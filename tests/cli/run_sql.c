/* run_sql DATABASE SQL: runs one statement after the other and prints the rows of the last, cells
   separated by tabs. Tests use it to look into a workspace, and to write Parquet and other formats
   with a writer that is not ours. DATABASE may be :memory:. */

#include <duckdb.h>

#include <stdio.h>

static int fail(const char *message)
{
    (void)fprintf(stderr, "run_sql: %s\n", message != NULL ? message : "no reason given");
    return 1;
}

static void print_rows(duckdb_result *result)
{
    idx_t columns = duckdb_column_count(result);
    idx_t rows = duckdb_row_count(result);
    for (idx_t row = 0; row < rows; row++)
        for (idx_t column = 0; column < columns; column++) {
            char *text = duckdb_value_varchar(result, column, row);
            (void)printf("%s%c", text != NULL ? text : "", column + 1 < columns ? '\t' : '\n');
            duckdb_free(text);
        }
}

int main(int argc, char **argv)
{
    duckdb_database database = NULL;
    duckdb_connection connection = NULL;
    duckdb_result result = {0};
    char *message = NULL;
    if (argc != 3)
        return fail("run_sql DATABASE SQL");
    if (duckdb_open_ext(argv[1], &database, NULL, &message) != DuckDBSuccess) {
        int status = fail(message);
        duckdb_free(message);
        return status;
    }
    int status = 0;
    if (duckdb_connect(database, &connection) != DuckDBSuccess)
        status = fail("no connection");
    else if (duckdb_query(connection, argv[2], &result) != DuckDBSuccess)
        status = fail(duckdb_result_error(&result));
    else
        print_rows(&result);
    duckdb_destroy_result(&result);
    duckdb_disconnect(&connection);
    duckdb_close(&database);
    return status;
}
