/* Linked into one program of the tests only: the reading engine's ban on spilling is taken out, so
   that the search for names is seen to find them. SPILL_TO is where they go. */

#include "duckdb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

duckdb_state __real_duckdb_query(duckdb_connection connection, const char *sql,
                                 duckdb_result *result);
duckdb_state __wrap_duckdb_query(duckdb_connection connection, const char *sql,
                                 duckdb_result *result);

duckdb_state __wrap_duckdb_query(duckdb_connection connection, const char *sql,
                                 duckdb_result *result)
{
    char instead[4200];
    const char *folder = getenv("SPILL_TO");
    if (strcmp(sql, "set temp_directory = ''") != 0 || folder == NULL)
        return __real_duckdb_query(connection, sql, result);
    (void)snprintf(instead, sizeof instead, "set temp_directory = '%s'", folder);
    return __real_duckdb_query(connection, instead, result);
}
