#include "collect/ticker.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

struct ticker {
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    bool stop;
    struct engine *engine;
    struct import_progress progress;
};

static void *run(void *argument)
{
    struct ticker *ticker = argument;
    (void)pthread_mutex_lock(&ticker->mutex);
    while (!ticker->stop) {
        struct timespec until;
        (void)clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += 250000000L;
        if (until.tv_nsec >= 1000000000) {
            until.tv_nsec -= 1000000000;
            until.tv_sec++;
        }
        (void)pthread_cond_timedwait(&ticker->wake, &ticker->mutex, &until);
        if (!ticker->stop)
            ticker->progress.report(ticker->progress.context, engine_progress(ticker->engine));
    }
    (void)pthread_mutex_unlock(&ticker->mutex);
    return NULL;
}

struct ticker *ticker_start(struct engine *engine, const struct import_progress *progress)
{
    struct ticker *ticker = calloc(1, sizeof *ticker);
    if (ticker == NULL)
        return NULL;
    ticker->engine = engine;
    ticker->progress = *progress;
    (void)pthread_mutex_init(&ticker->mutex, NULL);
    (void)pthread_cond_init(&ticker->wake, NULL);
    if (pthread_create(&ticker->thread, NULL, run, ticker) != 0) {
        free(ticker);
        return NULL;
    }
    return ticker;
}

void ticker_stop(struct ticker *ticker)
{
    if (ticker == NULL)
        return;
    (void)pthread_mutex_lock(&ticker->mutex);
    ticker->stop = true;
    (void)pthread_cond_signal(&ticker->wake);
    (void)pthread_mutex_unlock(&ticker->mutex);
    (void)pthread_join(ticker->thread, NULL);
    (void)pthread_cond_destroy(&ticker->wake);
    (void)pthread_mutex_destroy(&ticker->mutex);
    free(ticker);
}
