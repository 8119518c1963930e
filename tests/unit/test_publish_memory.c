/* Where memory fails, nothing that has to be withheld is shown: each allocation of the document,
   and of what withholds, fails once. */

#include "check.h"

#include "report/document.h"
#include "report/power_page.h"
#include "report/publish.h"
#include "report/publish_again.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static long until_failure = -1; /* allocations that are left; below 0: none fails */
static bool has_failed;

static void *failing_malloc(size_t size)
{
    if (until_failure >= 0 && until_failure-- == 0) {
        has_failed = true;
        return NULL;
    }
    return malloc(size);
}

/* A document as it is shown, to be freed; NULL: it is refused. */
typedef char *(*making)(void *of);

/* Whatever fails, the answer is refused, or it is the one without a failure. */
static void assert_refused_or_the_same(making make, void *of, long least)
{
    long refused = 0;
    char *whole = make(of);
    assert_non_null(whole);
    assert_null(strstr(whole, "\"_\""));
    has_failed = true;
    for (long n = 0; has_failed; n++) {
        has_failed = false;
        until_failure = n;
        char *shown = make(of);
        until_failure = -1;
        if (shown != NULL)
            assert_string_equal(shown, whole);
        else
            refused++;
        free(shown);
    }
    assert_true(refused >= least);
    free(whole);
}

/* ---- What is planted ------------------------------------------------------------------------ */

static const struct metric_shown cost = {"cost", "Cost", "USD", "ratio", true};

static struct change a_change(int64_t workers)
{
    return (struct change){
        .exists = true,
        .before = 11.25,
        .now = 12.25,
        .items_before = 300,
        .items_now = 310,
        .workers_before = 40,
        .workers_now = workers,
        .scale = SCALE_UNIT,
        .estimate = {1, {0.5, 1.5}, 20, 0.5},
        .word = CHANGE_IMPROVED,
        .margin = 1,
        .matched = 1,
        .horizon_days = NAN,
        .parts = {.exists = true,
                  .arms = {{.of = "before", .numerator = 5, .denominator = 7, .completed = {20, 0}},
                           {.of = "now", .numerator = 6, .abandoned = {3, 30}}}},
    };
}

static struct by_cell a_cell(const char *name, int64_t workers)
{
    return (struct by_cell){name, false,  {20, 20}, {workers, 30}, 1,     {0, 2},
                            1,    {0, 2}, 0.5,      0.5,           false, {{0}, {0}}};
}

static struct comparison a_comparison(int64_t workers)
{
    static struct by_cell cells[2];
    static struct by_cells by[1] = {{.label = "team", .cells = cells, .count = 2}};
    static struct event_point points[1] = {{0, {1, {0, 2}, 9, 0.5}, {0, 2}, {9, 9}}};
    static const struct event_study events = {.every = "week",
                                              .units = 30,
                                              .waves = 2,
                                              .never = 3,
                                              .points = points,
                                              .count = 1,
                                              .fewest = 3};
    static const struct compliers compliers = {.exists = true, .set_count = 1, .between = 3};
    cells[0] = a_cell("a", 30);
    cells[1] = a_cell("b", 3);
    return (struct comparison){
        .exists = true,
        .design = "randomised",
        .unit = "worker",
        .plan = "p",
        .arms_from = ARMS_ASSIGNED,
        .arms_why = "x",
        .arms = {{"no_ai", 77101, workers, 77102}, {"ai", 77103, 40, 77104}},
        .estimate = {77105, {77106, 77107}, 20, 0.5},
        .scale = SCALE_UNIT,
        .hazards = {true, 77108, {77109, 77110}, 0.5},
        .level = 0.95,
        .errors = "cr2",
        .errors_by = "worker",
        .landmark_days = NAN,
        .horizon_days = NAN,
        .excluded = {.open = 4, .missing = 30},
        .excluded_by = {.open = 4, .missing = 20},
        .by = by,
        .by_count = 1,
        .events = &events,
        .compliers = &compliers,
        .perception = {{true, 0.1, {0, 0.2}, 3}, {true, 0.1, {0, 0.2}, 30}},
        .opt_outs = {.exists = true,
                     .arms = {{.missing = 0.1, .missing_people = 3}, {.missing = 0.2}},
                     .bounds = {.why_not = "y"}},
    };
}

static struct row a_row(int64_t now, int64_t arm)
{
    struct row row = {
        .use_case = "help",
        .metric = cost,
        .change = a_change(now),
        .comparison = a_comparison(arm),
        .verdict = {.word = VERDICT_BETTER},
        .without_ai = {.exists = true,
                       .word = WITHOUT_AI_AS_GOOD,
                       .items = 88201,
                       .items_tell_of = 3,
                       .ai_usd = {true, 88202, {88203, 88204}, 3},
                       .usd = {true, 88205, {NAN, NAN}, 30}},
        .margin = 1,
        .margin_from = "metric",
        .plan = {.name = "p",
                 .question = "?",
                 .period = {20000, 20090},
                 .ended = true,
                 .locked = LOCKED_WITHIN,
                 .has_first = true},
        .guardrails = {{.metric = cost, .state = GUARDRAIL_BROKEN, .effect = 88206, .fewest = 3}},
        .guardrail_count = 1,
        .checks = {{"sample_ratio", "passed", 0.123456789, "z", NULL}},
        .check_count = 1,
        .also = {{cost, a_change(3)}},
        .also_count = 1,
        .items = 310,
        .workers = 40,
    };
    return row;
}

static json_t *made(struct evidence *evidence)
{
    json_t *document = document_make(evidence, "test");
    if (document != NULL && publish(document))
        return document;
    json_decref(document);
    return NULL;
}

static char *shown(json_t *document)
{
    char *json = NULL;
    if (document != NULL) {
        (void)json_object_del(json_object_get(document, "assay"), "generated");
        json = document_json(document);
    }
    json_decref(document);
    return json;
}

static char *show_published(void *of)
{
    return shown(made(of));
}

/* ---- Tests --------------------------------------------------------------------------------------
 */

static struct evidence evidence_of(struct row *rows, size_t count)
{
    return (struct evidence){
        .workspace = "w",
        .registry_head = "0000",
        .min_group = 8,
        .has_period = true,
        .period = {20000, 20090},
        .against = {19910, 20000},
        .rows = rows,
        .row_count = count,
    };
}

static void a_document_is_withheld_from_wholly_or_not_at_all(void **state)
{
    (void)state;
    struct row rows[] = {a_row(40, 3), a_row(3, 40), a_row(40, 40)};
    struct evidence evidence = evidence_of(rows, 3);
    char *whole = show_published(&evidence);
    assert_null(strstr(whole, "88202")); /* the dollars of 3 people */
    free(whole);
    assert_refused_or_the_same(show_published, &evidence, 300);
}

static void a_result_near_to_another_row_is_withheld_or_nothing_is_shown(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct row rows[] = {a_row(40, 40), a_row(40, 40)};
    for (int w = 0; w < 40; w++) {
        const char *worker = arena_printf(arena, "w%02d", w);
        reach_add(&rows[0].change.reach_now, arena, worker, 2);
        reach_add(&rows[1].change.reach_now, arena, worker, w < 3 ? 1 : 2);
        reach_add(&rows[0].comparison.reach, arena, worker, w < 37 ? 1 : 2);
        reach_add(&rows[0].comparison.reach_of_arm[w % 2], arena, worker, 1);
    }
    struct evidence evidence = evidence_of(rows, 2);
    char *whole = show_published(&evidence);
    assert_non_null(strstr(whole, "by subtraction"));
    free(whole);
    assert_refused_or_the_same(show_published, &evidence, 300);
    arena_destroy(arena);
}

struct again {
    struct evidence evidence;
    json_t *earlier; /* as publish_against() takes it */
};

static char *show_again(void *of)
{
    struct again *again = of;
    json_t *document = made(&again->evidence);
    struct arena *arena = arena_create();
    struct published_work work;
    published_work_start(&work, arena);
    bool whole = document != NULL && publish_against(document, again->earlier, &work);
    arena_destroy(arena);
    if (whole)
        return shown(document);
    json_decref(document);
    return NULL;
}

static void what_an_earlier_report_tells_of_is_withheld_or_nothing_is_shown(void **state)
{
    (void)state;
    struct row earlier = a_row(40, 40);
    struct row row = a_row(40, 40);
    earlier.items += 3;
    earlier.change.items_now += 3;
    earlier.comparison.arms[1].items += 3;
    struct evidence then = evidence_of(&earlier, 1);
    struct again again = {.evidence = evidence_of(&row, 1),
                          .earlier =
                              json_pack("[{s:s, s:o}]", "name", "then", "document", made(&then))};
    char *whole = show_again(&again);
    assert_non_null(strstr(whole, "the report then by subtraction"));
    assert_null(strstr(whole, "77105"));
    free(whole);
    assert_refused_or_the_same(show_again, &again, 150);
    json_decref(again.earlier);
}

static char *show_power(void *of)
{
    json_t *document = json_deep_copy(of);
    if (document != NULL && power_publish(document))
        return shown(document);
    json_decref(document);
    return NULL;
}

static void what_a_plan_can_tell_is_rounded_or_not_shown(void **state)
{
    (void)state;
    json_t *document =
        json_pack("{s:{s:i}, s:{s:i, s:i}, s:[{s:i, s:f, s:f}, {s:i, s:f, s:[{s:f, s:f}]}], s:[s]}",
                  "assay", "min_group", 8, "plan", "workers", 3, "items", 7654, "metrics", "_", 3,
                  "power", 0.54321, "items_needed", 1234.0, "_", 30, "detectable", 0.98765, "steps",
                  "effect", 0.12345, "power", 0.23456, "notes", "n");
    char *whole = show_power(document);
    assert_null(strstr(whole, "0.543"));
    assert_null(strstr(whole, "0.987"));
    assert_null(strstr(whole, "7654"));
    free(whole);
    assert_refused_or_the_same(show_power, document, 30);
    json_decref(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_is_withheld_from_wholly_or_not_at_all),
        cmocka_unit_test(a_result_near_to_another_row_is_withheld_or_nothing_is_shown),
        cmocka_unit_test(what_an_earlier_report_tells_of_is_withheld_or_nothing_is_shown),
        cmocka_unit_test(what_a_plan_can_tell_is_rounded_or_not_shown),
    };
    json_set_alloc_funcs(failing_malloc, free);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
