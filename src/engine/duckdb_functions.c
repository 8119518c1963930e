/* Functions of ours in the DuckDB engine: a keyed hash of text, readings of text, and aggregates
   over numbers.

   Callbacks see rows that are NULL with garbage in them, and run on several threads at once. */

#include "engine/duckdb_internal.h"

#include "base/error.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* ---- Hash ------------------------------------------------------------------------------- */

/* A file has few names and many rows: the text that came last to a place is not hashed again. */
enum { known_places = 1 << 14, known_bytes = 47, known_sets = 4 };

struct known_hash {
    unsigned char length; /* 0: none yet */
    char text[known_bytes];
    char digits[16];
};

/* What one thread at a time knows. */
struct known_set {
    pthread_mutex_t mutex;
    struct known_hash known[known_places];
};

struct hash_info {
    engine_hash function;
    const void *context;
    struct known_set sets[known_sets];
};

/* The texts are clear names. */
static void hash_forget(void *info)
{
    struct hash_info *hash = info;
    for (size_t i = 0; i < known_sets; i++)
        (void)pthread_mutex_destroy(&hash->sets[i].mutex);
    sodium_memzero(hash, sizeof *hash);
    free(hash);
}

static uint64_t place_of(const char *text, size_t length)
{
    uint64_t mixed = length;
    while (length > 0) {
        uint64_t word = 0;
        size_t taken = length < sizeof word ? length : sizeof word;
        memcpy(&word, text, taken);
        mixed = (mixed ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        mixed ^= mixed >> 32;
        text += taken;
        length -= taken;
    }
    return mixed % known_places;
}

static bool is_known(const struct known_hash *known, const char *text, size_t length)
{
    return known->length == length && memcmp(known->text, text, length) == 0;
}

/* A text has two places, and the one that came last stands in the first. */
static void hash_known(const struct hash_info *hash, struct known_set *set, const char *text,
                       size_t length, char out[16])
{
    uint64_t place = place_of(text, length);
    struct known_hash *first = &set->known[place];
    struct known_hash *second = &set->known[place ^ 1];
    if (is_known(first, text, length)) {
        memcpy(out, first->digits, 16);
        return;
    }
    if (is_known(second, text, length)) {
        memcpy(out, second->digits, 16);
        return;
    }
    *second = *first;
    hash->function(hash->context, text, length, first->digits);
    memcpy(first->text, text, length);
    first->length = (unsigned char)length;
    memcpy(out, first->digits, 16);
}

/* A set that no other thread uses; NULL: there is none, and the thread need not wait for one. */
static struct known_set *lock_set(struct hash_info *hash)
{
    for (size_t i = 0; i < known_sets; i++)
        if (pthread_mutex_trylock(&hash->sets[i].mutex) == 0)
            return &hash->sets[i];
    return NULL;
}

static void hash_rows(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output)
{
    struct hash_info *hash = duckdb_scalar_function_get_extra_info(info);
    struct known_set *set = lock_set(hash);
    duckdb_vector column = duckdb_data_chunk_get_vector(input, 0);
    uint64_t *valid = duckdb_vector_get_validity(column);
    duckdb_string_t *texts = duckdb_vector_get_data(column);
    idx_t rows = duckdb_data_chunk_get_size(input);
    for (idx_t row = 0; row < rows; row++) {
        if (valid != NULL && !duckdb_validity_row_is_valid(valid, row)) {
            duckdb_vector_ensure_validity_writable(output);
            duckdb_validity_set_row_invalid(duckdb_vector_get_validity(output), row);
            continue;
        }
        char digits[16];
        const char *text = duckdb_string_t_data(&texts[row]);
        size_t length = duckdb_string_t_length(texts[row]);
        if (set != NULL && length > 0 && length <= known_bytes)
            hash_known(hash, set, text, length, digits);
        else
            hash->function(hash->context, text, length, digits);
        duckdb_vector_assign_string_element_len(output, row, digits, sizeof digits);
    }
    if (set != NULL)
        (void)pthread_mutex_unlock(&set->mutex);
}

enum status engine_register_hash(struct engine *engine, const char *name, engine_hash function,
                                 const void *context, struct error *error)
{
    struct hash_info *info = calloc(1, sizeof *info);
    if (info == NULL)
        return error_memory(error);
    info->function = function;
    info->context = context;
    for (size_t i = 0; i < known_sets; i++)
        (void)pthread_mutex_init(&info->sets[i].mutex, NULL);
    duckdb_scalar_function handle = duckdb_create_scalar_function();
    duckdb_logical_type text = duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR);
    duckdb_scalar_function_set_name(handle, name);
    duckdb_scalar_function_add_parameter(handle, text);
    duckdb_scalar_function_set_return_type(handle, text);
    duckdb_scalar_function_set_extra_info(handle, info, hash_forget);
    duckdb_scalar_function_set_function(handle, hash_rows);
    duckdb_state state = duckdb_register_scalar_function(engine->connection, handle);
    duckdb_destroy_logical_type(&text);
    duckdb_destroy_scalar_function(&handle);
    if (state != DuckDBSuccess)
        return error_set(error, ERROR_ENGINE, "the engine does not take the function %s", name);
    return STATUS_OK;
}

/* ---- Readings --------------------------------------------------------------------------- */

struct reading_info {
    engine_reading function;
    const void *context;
    enum engine_type type;
};

static void read_rows(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output)
{
    const struct reading_info *reading = duckdb_scalar_function_get_extra_info(info);
    duckdb_vector column = duckdb_data_chunk_get_vector(input, 0);
    uint64_t *valid = duckdb_vector_get_validity(column);
    duckdb_string_t *texts = duckdb_vector_get_data(column);
    void *values = duckdb_vector_get_data(output);
    idx_t rows = duckdb_data_chunk_get_size(input);
    for (idx_t row = 0; row < rows; row++) {
        int64_t value = 0;
        bool known = (valid == NULL || duckdb_validity_row_is_valid(valid, row)) &&
                     reading->function(reading->context, duckdb_string_t_data(&texts[row]),
                                       duckdb_string_t_length(texts[row]), &value);
        if (reading->type == ENGINE_BOOL) {
            ((bool *)values)[row] = known && value != 0;
        } else if (known) {
            ((int64_t *)values)[row] = value;
        } else {
            duckdb_vector_ensure_validity_writable(output);
            duckdb_validity_set_row_invalid(duckdb_vector_get_validity(output), row);
        }
    }
}

enum status engine_register_reading(struct engine *engine, const char *name, enum engine_type type,
                                    engine_reading function, const void *context,
                                    struct error *error)
{
    struct reading_info *info = malloc(sizeof *info);
    if (info == NULL)
        return error_memory(error);
    *info = (struct reading_info){function, context, type};
    duckdb_scalar_function handle = duckdb_create_scalar_function();
    duckdb_logical_type text = duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR);
    duckdb_logical_type result = duckdb_create_logical_type(
        type == ENGINE_BOOL ? DUCKDB_TYPE_BOOLEAN : DUCKDB_TYPE_TIMESTAMP);
    duckdb_scalar_function_set_name(handle, name);
    duckdb_scalar_function_add_parameter(handle, text);
    duckdb_scalar_function_set_return_type(handle, result);
    duckdb_scalar_function_set_extra_info(handle, info, free);
    duckdb_scalar_function_set_function(handle, read_rows);
    /* A truth is one of NULL too. */
    duckdb_scalar_function_set_special_handling(handle);
    duckdb_state state = duckdb_register_scalar_function(engine->connection, handle);
    duckdb_destroy_logical_type(&result);
    duckdb_destroy_logical_type(&text);
    duckdb_destroy_scalar_function(&handle);
    if (state != DuckDBSuccess)
        return error_set(error, ERROR_ENGINE, "the engine does not take the function %s", name);
    return STATUS_OK;
}

/* ---- Aggregates ------------------------------------------------------------------------- */

enum { arguments_limit = 64 };

struct aggregate_info {
    struct engine_aggregate aggregate;
    size_t k;
};

static const struct aggregate_info *info_of(duckdb_function_info info)
{
    return duckdb_aggregate_function_get_extra_info(info);
}

static idx_t state_size(duckdb_function_info info)
{
    const struct aggregate_info *a = info_of(info);
    return a->aggregate.state_size(a->k);
}

static void state_init(duckdb_function_info info, duckdb_aggregate_state state)
{
    const struct aggregate_info *a = info_of(info);
    a->aggregate.init(a->k, state);
}

/* A mask may be there though nothing is missing. */
static bool has_null(const uint64_t *validity, idx_t rows)
{
    if (validity == NULL)
        return false;
    idx_t words = rows / 64;
    for (idx_t i = 0; i < words; i++)
        if (validity[i] != UINT64_MAX)
            return true;
    uint64_t rest = (UINT64_C(1) << (rows % 64)) - 1;
    return rest != 0 && (validity[words] & rest) != rest;
}

/* A chunk without a NULL goes on as it is; else its whole rows one by one. */
static void update_rows(duckdb_function_info info, duckdb_data_chunk input,
                        duckdb_aggregate_state *states)
{
    const struct aggregate_info *a = info_of(info);
    idx_t rows = duckdb_data_chunk_get_size(input);
    const double *columns[arguments_limit];
    uint64_t *validity[arguments_limit];
    bool all_valid = true;
    for (size_t j = 0; j < a->k; j++) {
        duckdb_vector vector = duckdb_data_chunk_get_vector(input, j);
        columns[j] = duckdb_vector_get_data(vector);
        validity[j] = duckdb_vector_get_validity(vector);
        all_valid = all_valid && !has_null(validity[j], rows);
    }
    if (all_valid) {
        a->aggregate.update(a->k, rows, columns, (void *const *)states);
        return;
    }
    for (idx_t row = 0; row < rows; row++) {
        const double *one[arguments_limit];
        bool valid = true;
        for (size_t j = 0; j < a->k && valid; j++) {
            valid = validity[j] == NULL || duckdb_validity_row_is_valid(validity[j], row);
            one[j] = columns[j] + row;
        }
        if (valid)
            a->aggregate.update(a->k, 1, one, (void *const *)(states + row));
    }
}

static void combine_states(duckdb_function_info info, duckdb_aggregate_state *source,
                           duckdb_aggregate_state *target, idx_t count)
{
    const struct aggregate_info *a = info_of(info);
    for (idx_t i = 0; i < count; i++)
        a->aggregate.combine(a->k, source[i], target[i]);
}

static void finish_states(duckdb_function_info info, duckdb_aggregate_state *source,
                          duckdb_vector result, idx_t count, idx_t offset)
{
    const struct aggregate_info *a = info_of(info);
    size_t size = a->aggregate.result_size(a->k);
    idx_t start = duckdb_list_vector_get_size(result);
    if (duckdb_list_vector_reserve(result, start + count * size) != DuckDBSuccess ||
        duckdb_list_vector_set_size(result, start + count * size) != DuckDBSuccess) {
        duckdb_aggregate_function_set_error(info, "out of memory");
        return;
    }
    /* Only now: reserving may have moved the child. */
    double *numbers = duckdb_vector_get_data(duckdb_list_vector_get_child(result));
    duckdb_list_entry *entries = duckdb_vector_get_data(result);
    for (idx_t i = 0; i < count; i++) {
        double *at = numbers + start + i * size;
        entries[offset + i] = (duckdb_list_entry){start + i * size, size};
        if (!a->aggregate.finish(a->k, source[i], at)) {
            memset(at, 0, size * sizeof *at);
            duckdb_vector_ensure_validity_writable(result);
            duckdb_validity_set_row_invalid(duckdb_vector_get_validity(result), offset + i);
        }
    }
}

static duckdb_state add_overload(duckdb_aggregate_function_set set,
                                 const struct engine_aggregate *aggregate, size_t k)
{
    struct aggregate_info *info = malloc(sizeof *info);
    if (info == NULL)
        return DuckDBError;
    *info = (struct aggregate_info){*aggregate, k};
    duckdb_logical_type number = duckdb_create_logical_type(DUCKDB_TYPE_DOUBLE);
    duckdb_logical_type list = duckdb_create_list_type(number);
    duckdb_aggregate_function function = duckdb_create_aggregate_function();
    duckdb_aggregate_function_set_name(function, aggregate->name);
    for (size_t j = 0; j < k; j++)
        duckdb_aggregate_function_add_parameter(function, number);
    duckdb_aggregate_function_set_return_type(function, list);
    duckdb_aggregate_function_set_extra_info(function, info, free);
    duckdb_aggregate_function_set_functions(function, state_size, state_init, update_rows,
                                            combine_states, finish_states);
    /* NULLs are ours to look at: the default skips none either. */
    duckdb_aggregate_function_set_special_handling(function);
    duckdb_state state = duckdb_add_aggregate_function_to_set(set, function);
    duckdb_destroy_aggregate_function(&function);
    duckdb_destroy_logical_type(&list);
    duckdb_destroy_logical_type(&number);
    return state;
}

enum status engine_register_aggregate(struct engine *engine,
                                      const struct engine_aggregate *aggregate, struct error *error)
{
    if (aggregate->arguments_max > arguments_limit)
        return error_set(error, ERROR_INTERNAL, "%s takes over %d arguments", aggregate->name,
                         arguments_limit);
    duckdb_aggregate_function_set set = duckdb_create_aggregate_function_set(aggregate->name);
    duckdb_state state = DuckDBSuccess;
    for (size_t k = 1; k <= aggregate->arguments_max && state == DuckDBSuccess; k++)
        state = add_overload(set, aggregate, k);
    if (state == DuckDBSuccess)
        state = duckdb_register_aggregate_function_set(engine->connection, set);
    duckdb_destroy_aggregate_function_set(&set);
    if (state != DuckDBSuccess)
        return error_set(error, ERROR_ENGINE, "the engine does not take the function %s",
                         aggregate->name);
    return STATUS_OK;
}
