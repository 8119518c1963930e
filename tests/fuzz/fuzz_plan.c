/* A plan's file of any bytes, read and compiled: what is taken has two arms, a period, amounts that
   can come true and what its design needs; all else is the user's error, with its place. */

#include "model/plan.h"

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

static void require(bool right)
{
    if (!right)
        abort();
}

static void check(const struct plan *plan)
{
    require(plan_is_name(plan->name));
    require(plan->arms.count == 2 && strcmp(plan->arms.list[0], plan->arms.list[1]) != 0);
    require(plan->period.from < plan->period.until);
    require(plan->primary.amount.value > 0);
    require(plan->guardrail_count <= plan_guardrails_max);
    require(plan->confidence > 0 && plan->confidence < 1);
    require(!plan->anytime || plan->items > 0);
    if (plan->design == PLAN_RANDOMISED)
        require(plan->probability > 0 && plan->probability < 1);
    if (plan->design == PLAN_SWITCHBACK)
        require(plan->unit == PLAN_TEAM && plan->washout < plan->block);
    if (plan->design == PLAN_LIKE_WITH_LIKE)
        require(plan->cells.count > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const measures[] = {"satisfaction", "predicted_minutes"};
    struct arena *arena = arena_create();
    struct formula_names names = formula_names_of(arena, measures, 2);
    struct plan plan;
    struct error error = {.status = STATUS_OK};
    enum status status = plan_read(arena, "fuzz.yaml", (const char *)data, size, &plan, &error);
    if (status == STATUS_OK) {
        check(&plan);
        struct metrics_known metrics = {.folder = NULL};
        status = plan_compile(arena, engine, &names, &metrics, &plan, &error);
    }
    if (status == STATUS_OK)
        require(plan.primary.metric.name != NULL);
    else
        require(status == ERROR_INPUT && error.message[0] != '\0' && error.place[0] != '\0');
    arena_destroy(arena);
    return 0;
}
