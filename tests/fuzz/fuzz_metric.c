/* A metric's file of any bytes, read and compiled: what is taken has what its kind needs, in its
   ranges; all else is the user's error, with its place. */

#include "model/metric.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct engine *engine;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    const struct engine_options options = {.threads = 1};
    struct error error;
    if (engine_open("duckdb::memory:", &options, &engine, &error) != STATUS_OK)
        abort();
    return 0;
}

static void check_refused(enum status status, const struct error *error)
{
    if (status != ERROR_INPUT || error->message[0] == '\0' || error->place[0] == '\0')
        abort();
}

/* The formulas that a kind has, and no others. */
static void check_formulas(const struct metric *metric, bool compiled)
{
    bool single = metric->kind == METRIC_MEAN || metric->kind == METRIC_PROPORTION ||
                  metric->kind == METRIC_QUANTILE;
    const struct {
        const struct metric_formula *formula;
        bool there;
    } rows[] = {
        {&metric->value, single},
        {&metric->numerator, metric->kind == METRIC_RATIO},
        {&metric->denominator, metric->kind == METRIC_RATIO},
        {&metric->from, metric->kind == METRIC_DURATION},
        {&metric->to, metric->kind == METRIC_DURATION},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if ((rows[i].formula->text != NULL) != rows[i].there)
            abort();
        if (rows[i].there && (rows[i].formula->compiled.sql != NULL) != compiled)
            abort();
    }
}

static void check(const struct metric *metric)
{
    if (metric->name == NULL || metric->label == NULL || metric->unit == NULL ||
        metric->source == NULL || metric->matures_after < 0)
        abort();
    if (!isfinite(metric->material.value) || metric->material.value <= 0)
        abort();
    if (metric->kind == METRIC_QUANTILE && !(metric->quantile > 0 && metric->quantile < 1))
        abort();
    if (metric->kind == METRIC_DURATION && metric->horizon <= 0)
        abort();
    if (metric->has_range && !(metric->range_low < metric->range_high))
        abort();
    check_formulas(metric, false);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const measures[] = {"satisfaction", "reopened"};
    struct arena *arena = arena_create();
    struct formula_names names = formula_names_of(arena, measures, 2);
    struct metric metric;
    struct error error = {.status = STATUS_OK};
    enum status status = metric_read(arena, "fuzz.yaml", (const char *)data, size, &metric, &error);
    if (status == STATUS_OK) {
        check(&metric);
        status = metric_compile(arena, engine, &names, &metric, &error);
        if (status == STATUS_OK)
            check_formulas(&metric, true);
    }
    if (status != STATUS_OK)
        check_refused(status, &error);
    arena_destroy(arena);
    return 0;
}
