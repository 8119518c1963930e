/* Linked into the programs of the tests only (tests/privacy/meson.build): the engine stores texts
   as they are, so that a search for bytes finds what is there. */

#include "duckdb.h"

duckdb_state __real_duckdb_open_ext(const char *path, duckdb_database *out, duckdb_config config,
                                    char **error);
duckdb_state __wrap_duckdb_open_ext(const char *path, duckdb_database *out, duckdb_config config,
                                    char **error);

duckdb_state __wrap_duckdb_open_ext(const char *path, duckdb_database *out, duckdb_config config,
                                    char **error)
{
    if (duckdb_set_config(config, "force_compression", "uncompressed") != DuckDBSuccess)
        return DuckDBError;
    return __real_duckdb_open_ext(path, out, config, error);
}
