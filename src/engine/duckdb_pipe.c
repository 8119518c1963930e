/* Chunks from one DuckDB engine to another: a thread runs the query while this one appends. Each
   takes about as long, so that both together take half. */

#include "engine/duckdb_internal.h"

#include "base/error.h"

#include <pthread.h>

/* Enough to even out that the engine gives chunks in bursts. */
enum { relay_places = 32 };

/* The chunks between the two threads, in their order. */
struct relay {
    struct engine *from;
    struct statement *statement;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    duckdb_data_chunk chunks[relay_places];
    size_t first;
    size_t count;
    bool ended;   /* no more will come; status and error say why */
    bool stopped; /* no more are wanted */
    enum status status;
    struct error error;
};

/* Waits for a place, and owns the chunk from then on. False: no more are wanted. */
static bool put(struct relay *relay, duckdb_data_chunk chunk)
{
    (void)pthread_mutex_lock(&relay->mutex);
    while (relay->count == relay_places && !relay->stopped)
        (void)pthread_cond_wait(&relay->changed, &relay->mutex);
    bool wanted = !relay->stopped;
    if (wanted) {
        relay->chunks[(relay->first + relay->count++) % relay_places] = chunk;
        (void)pthread_cond_signal(&relay->changed);
    }
    (void)pthread_mutex_unlock(&relay->mutex);
    if (!wanted)
        duckdb_destroy_data_chunk(&chunk);
    return wanted;
}

static void *fetch(void *argument)
{
    struct relay *relay = argument;
    duckdb_data_chunk chunk = NULL;
    enum status status = STATUS_OK;
    do
        status = statement_next(relay->from, relay->statement, &chunk, &relay->error);
    while (chunk != NULL && put(relay, chunk));
    (void)pthread_mutex_lock(&relay->mutex);
    relay->status = status;
    relay->ended = true;
    (void)pthread_cond_signal(&relay->changed);
    (void)pthread_mutex_unlock(&relay->mutex);
    return NULL;
}

/* The next chunk, which the caller owns; NULL: there is none. */
static duckdb_data_chunk take(struct relay *relay)
{
    duckdb_data_chunk chunk = NULL;
    (void)pthread_mutex_lock(&relay->mutex);
    while (relay->count == 0 && !relay->ended)
        (void)pthread_cond_wait(&relay->changed, &relay->mutex);
    if (relay->count > 0) {
        chunk = relay->chunks[relay->first];
        relay->first = (relay->first + 1) % relay_places;
        relay->count--;
        (void)pthread_cond_signal(&relay->changed);
    }
    (void)pthread_mutex_unlock(&relay->mutex);
    return chunk;
}

static void stop(struct relay *relay)
{
    (void)pthread_mutex_lock(&relay->mutex);
    relay->stopped = true;
    (void)pthread_cond_signal(&relay->changed);
    (void)pthread_mutex_unlock(&relay->mutex);
}

static enum status append_all(struct relay *relay, struct engine_appender *appender, int64_t *total,
                              struct error *error)
{
    enum status status = STATUS_OK;
    duckdb_data_chunk chunk = NULL;
    while (status == STATUS_OK && (chunk = take(relay)) != NULL) {
        *total += (int64_t)duckdb_data_chunk_get_size(chunk);
        status = engine_append_chunk(appender, chunk, error);
        duckdb_destroy_data_chunk(&chunk);
    }
    return status;
}

/* Appends all that the statement gives. */
static enum status relay_all(struct engine *from, struct statement *statement,
                             struct engine_appender *appender, int64_t *total, struct error *error)
{
    struct relay relay = {.from = from, .statement = statement};
    pthread_t thread;
    (void)pthread_mutex_init(&relay.mutex, NULL);
    (void)pthread_cond_init(&relay.changed, NULL);
    enum status status = STATUS_OK;
    if (pthread_create(&thread, NULL, fetch, &relay) != 0) {
        status = error_set(error, ERROR_MEMORY, "the system gives no thread");
    } else {
        status = append_all(&relay, appender, total, error);
        stop(&relay);
        (void)pthread_join(thread, NULL);
        for (duckdb_data_chunk left = NULL; (left = take(&relay)) != NULL;)
            duckdb_destroy_data_chunk(&left);
        if (status == STATUS_OK && relay.status != STATUS_OK) {
            status = relay.status;
            if (error != NULL)
                *error = relay.error;
        }
    }
    (void)pthread_cond_destroy(&relay.changed);
    (void)pthread_mutex_destroy(&relay.mutex);
    return status;
}

enum status engine_pipe(struct engine *from, const char *sql, struct engine_values values,
                        struct engine *to, const char *table, int64_t *rows, struct error *error)
{
    struct engine_appender *appender = NULL;
    struct statement statement = {0};
    int64_t total = 0;
    enum status status = statement_start(from, sql, values, &statement, error);
    if (status != STATUS_OK)
        return status;
    status = engine_appender_open(to, table, &appender, error);
    if (status == STATUS_OK)
        status = relay_all(from, &statement, appender, &total, error);
    statement_close(&statement);
    enum status closed = engine_appender_close(appender, status == STATUS_OK ? error : NULL);
    if (status == STATUS_OK)
        status = closed;
    if (status == STATUS_OK && rows != NULL)
        *rows = total;
    return status;
}
