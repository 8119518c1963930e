#include "model/metric.h"

#include "check.h"

#include <sys/stat.h>
#include <unistd.h>

static struct error error;
static struct arena *arena;
static struct engine *engine;
static const struct place flag = {.file = "--metric"};

static int set_up(void **state)
{
    (void)state;
    arena = arena_create();
    assert_ok(engine_open("duckdb::memory:", &(struct engine_options){0}, &engine, &error));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    engine_close(engine);
    arena_destroy(arena);
    return 0;
}

static struct metric read_text(const char *text)
{
    struct metric metric;
    assert_ok(metric_read(arena, "m.yaml", text, strlen(text), &metric, &error));
    return metric;
}

static void refused(const char *text, const char *place, const char *part)
{
    struct metric metric;
    if (metric_read(arena, "m.yaml", text, strlen(text), &metric, &error) != ERROR_INPUT)
        fail_msg("accepted: %s", text);
    if (strstr(error.message, part) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", error.message, part);
    if (strcmp(error.place, place) != 0)
        fail_msg("at %s, wanted %s: %s", error.place, place, error.message);
}

static void built_in_metrics_read_and_compile(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum metric_kind kind;
        enum metric_better better;
        struct amount material;
    } rows[] = {
        {"cost_per_completed", METRIC_RATIO, METRIC_LOWER, {AMOUNT_RELATIVE, 0.10}},
        {"cycle_time", METRIC_DURATION, METRIC_LOWER, {AMOUNT_RELATIVE, 0.10}},
        {"error_rate", METRIC_PROPORTION, METRIC_LOWER, {AMOUNT_POINTS, 0.01}},
        {"full_cost_per_completed", METRIC_RATIO, METRIC_LOWER, {AMOUNT_RELATIVE, 0.10}},
        {"quality_score", METRIC_MEAN, METRIC_HIGHER, {AMOUNT_POINTS, 0.02}},
        {"rework_rate", METRIC_PROPORTION, METRIC_LOWER, {AMOUNT_POINTS, 0.01}},
        {"satisfaction", METRIC_MEAN, METRIC_HIGHER, {AMOUNT_POINTS, 0.02}},
        {"time_to_complete", METRIC_DURATION, METRIC_LOWER, {AMOUNT_RELATIVE, 0.10}},
    };
    struct formula_names names = formula_names_of(arena, NULL, 0);
    struct metric *all = NULL;
    size_t count = 0;
    assert_ok(metric_list(arena, NULL, &all, &count, NULL, &error));
    assert_int_equal(count, sizeof rows / sizeof *rows);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(all[i].name, rows[i].name);
        assert_int_equal(all[i].kind, rows[i].kind);
        assert_int_equal(all[i].better, rows[i].better);
        assert_int_equal(all[i].material.scale, rows[i].material.scale);
        assert_near(all[i].material.value, rows[i].material.value, 1e-15);
        assert_true(all[i].built_in);
        assert_ok(metric_compile(arena, engine, &names, &all[i], &error));
    }
    assert_int_equal(all[5].matures_after, INT64_C(21) * 86400 * 1000000);
    assert_int_equal(all[7].horizon, INT64_C(30) * 86400 * 1000000);
    assert_int_equal(all[7].abandoned, METRIC_CENSORED);
    assert_true(all[7].grows_with_time);
    assert_false(all[5].grows_with_time);
    assert_true(all[4].has_range);
    assert_true(all[0].grows_with_time);
    assert_string_equal(all[0].unit, "USD");
}

/* Closed or not, reworked, reopened: what counts as rework. */
static void rework_counts_either_measure_among_finished_items(void **state)
{
    (void)state;
    static const struct {
        const char *state, *closed, *reworked, *reopened, *wanted;
    } rows[] = {
        {"'done'", "'2026-01-01'", "1", "null", "true"},
        {"'done'", "'2026-01-01'", "0", "null", "false"},
        {"'done'", "'2026-01-01'", "0", "1", "true"},
        {"'done'", "'2026-01-01'", "null", "0", "false"},
        {"'done'", "'2026-01-01'", "null", "null", NULL},
        {"'open'", "null", "null", "0", NULL},
        {"'open'", "'2026-01-01'", "null", "1", "true"}, /* closed once, and open again */
        {"null", "null", "1", "null", "true"},
        {"'abandoned'", "null", "0", "0", "false"},
    };
    static const char *const measures[] = {"reworked", "reopened"};
    struct formula_names names = formula_names_of(arena, measures, 2);
    struct metric metric;
    assert_ok(metric_find(arena, NULL, "rework_rate", &flag, &metric, &error));
    assert_ok(metric_compile(arena, engine, &names, &metric, &error));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *sql =
            arena_printf(arena,
                         "select (%s)::varchar from (select %s::varchar as state, %s::timestamp as "
                         "first_closed_at, null::timestamp as closed_at, %s::double as m_reworked, "
                         "%s::double as "
                         "m_reopened) as facts",
                         metric.value.compiled.sql, rows[i].state, rows[i].closed, rows[i].reworked,
                         rows[i].reopened);
        struct frame frame;
        assert_ok(engine_query(engine, sql, ENGINE_NO_VALUES, arena, &frame, &error));
        const char *got = frame_text(&frame, 0, 0);
        if (rows[i].wanted == NULL ? got != NULL : got == NULL || strcmp(got, rows[i].wanted) != 0)
            fail_msg("row %zu: %s", i, got != NULL ? got : "missing");
    }
}

static void a_quantile_has_a_share_and_is_judged_by_a_tenth_of_the_baseline(void **state)
{
    (void)state;
    struct formula_names names = formula_names_of(arena, NULL, 0);
    struct metric metric = read_text("metric: p90_time\nkind: quantile\nquantile: 0.9\n"
                                     "value: hours(closed_at - opened_at)\nunit: hours\n"
                                     "better: lower\n");
    assert_int_equal(metric.kind, METRIC_QUANTILE);
    assert_string_equal(metric_kind_name(metric.kind), "quantile");
    assert_near(metric.quantile, 0.9, 0);
    assert_int_equal(metric.material.scale, AMOUNT_RELATIVE);
    assert_near(metric.material.value, 0.1, 0);
    assert_ok(metric_compile(arena, engine, &names, &metric, &error));
    assert_true(metric.grows_with_time); /* it is reckoned up to the close */
    metric = read_text("metric: a\nkind: quantile\nquantile: 0.5\nvalue: size\nbetter: lower\n");
    assert_ok(metric_compile(arena, engine, &names, &metric, &error));
    assert_false(metric.grows_with_time);
    metric = read_text("metric: a\nkind: quantile\nquantile: 0.5\nvalue: size\nbetter: lower\n"
                       "material: 2.5\n");
    assert_int_equal(metric.material.scale, AMOUNT_UNITS);
    metric = read_text("metric: a\nkind: quantile\nquantile: 0.5\nvalue: covered\n"
                       "better: lower\n");
    assert_int_equal(metric_compile(arena, engine, &names, &metric, &error), ERROR_INPUT);
}

static void keys_are_checked_with_line_and_column(void **state)
{
    (void)state;
    refused("metric: a\nkind: mean\nvalue: size\nbetter: lower\nhorizon: 30d\n", "m.yaml:5:1",
            "kind mean: there is no key \"horizon\"");
    refused("metric: a\nkind: proportion\nvalu: covered\nbetter: lower\n", "m.yaml:3:1",
            "did you mean value?");
    refused("metric: a\nkind: quartile\nbetter: lower\n", "m.yaml:2:7", "quantile");
    refused("metric: a\nkind: quantile\nbetter: lower\nquantile: 0.9\n", "m.yaml:1:1", "value");
    refused("metric: a\nkind: quantile\nbetter: lower\nvalue: size\n", "m.yaml:1:1", "quantile");
    refused("metric: a\nkind: quantile\nbetter: lower\nvalue: size\nquantile: 90\n", "m.yaml:5:11",
            "write a share from 0.01 to 0.99");
    refused("metric: a\nkind: quantile\nbetter: lower\nvalue: size\nquantile: nan\n", "m.yaml:5:11",
            "quantile");
    refused("metric: a\nkind: quantile\nbetter: lower\nvalue: size\nquantile: 0.9\nscale: log\n",
            "m.yaml:6:1", "kind quantile: there is no key \"scale\"");
    refused("metric: a\nkind: mean\nbetter: lower\nvalue: size\nquantile: 0.9\n", "m.yaml:5:1",
            "kind mean: there is no key \"quantile\"");
    refused("metric: a\nkind: ratio\nbetter: lower\ndenominator: size\n", "m.yaml:1:1",
            "numerator");
    refused("metric: a\nkind: ratio\nbetter: lower\nnumerator: usd\n", "m.yaml:1:1", "denominator");
    refused("metric: a\nkind: ratio\nbetter: lower\nnumerator: usd\ndenominator: size\nvalue: "
            "size\n",
            "m.yaml:6:1", "value");
    refused("metric: a\nkind: ratio\nbetter: lower\nnumerator: usd\ndenominator: size\n"
            "material: 1pp\n",
            "m.yaml:6:11", "pp");
    refused("metric: a\nkind: median\n", "m.yaml:2:7",
            "mean, proportion, duration, ratio or quantile");
    refused("metric: a\nkind: mean\nvalue: size\n", "m.yaml:1:1", "better is missing");
    refused("metric: a\nkind: mean\nvalue: size\nbetter: less\n", "m.yaml:4:9", "lower or higher");
    refused("metric: A b\nkind: mean\nvalue: size\nbetter: lower\n", "m.yaml:1:9", "is no name");
    refused("metric: ../x\nkind: mean\nvalue: size\nbetter: lower\n", "m.yaml:1:9", "is no name");
    refused("metric: a\nkind: mean\nbetter: lower\n", "m.yaml:1:1", "value is missing");
    refused("metric: a\nkind: mean\nvalue: size\nbetter: lower\nmaterial: ten\nunit: points\n",
            "m.yaml:5:11", "material: \"ten\" is not an amount; write 10% or 12.5 (points)");
    refused("metric: a\nkind: mean\nvalue: size\nbetter: lower\nmaterial: 1pp\n", "m.yaml:5:11",
            "points of a proportion");
    refused("metric: a\nkind: mean\nvalue: size\nbetter: lower\nmaterial: 0%\n", "m.yaml:5:11",
            "must be over 0");
    refused("metric: a\nkind: mean\nvalue: size\nbetter: lower\nscale: log\nmaterial: 3\n",
            "m.yaml:6:11", "by ratios");
    refused("metric: a\nkind: mean\nvalue: size\nbetter: lower\nscale: cubic\n", "m.yaml:5:8",
            "identity or log");
    refused("metric: a\nkind: mean\nvalue: size\nbetter: lower\nrange: [1, 0]\n", "m.yaml:5:8",
            "comes first");
    refused("metric: a\nkind: mean\nvalue: size\nbetter: lower\nrange: 1\n", "m.yaml:5:8",
            "[0, 1]");
    refused("metric: a\nkind: proportion\nvalue: covered\nbetter: lower\nmaterial: 3\n",
            "m.yaml:5:11", "a is a proportion; write 1pp or 10%");
    refused("metric: a\nkind: duration\nfrom: opened_at\nto: closed_at\nbetter: lower\n",
            "m.yaml:1:1", "horizon is missing; write horizon: 30d");
    refused("metric: a\nkind: duration\nfrom: opened_at\nto: closed_at\nbetter: lower\n"
            "horizon: 30\n",
            "m.yaml:6:10", "is not a length of time");
    refused("metric: a\nkind: duration\nfrom: opened_at\nto: closed_at\nbetter: lower\n"
            "horizon: 0d\n",
            "m.yaml:6:10", "over 0");
    refused("metric: a\nkind: duration\nfrom: opened_at\nto: closed_at\nbetter: lower\n"
            "horizon: 3d\nabandoned: maybe\n",
            "m.yaml:7:12", "never_done or censored");
    refused("metric: a\nkind: duration\nfrom: opened_at\nto: closed_at\nbetter: lower\n"
            "horizon: 3d\nunit: fortnights\n",
            "m.yaml:7:7", "minutes, hours or days");
    refused("metric: a\nkind: duration\nfrom: opened_at\nto: closed_at\nbetter: lower\n"
            "horizon: 3d\ngrows_with_time: false\n",
            "m.yaml:7:18", "always grows");
    refused("", "m.yaml:1:1", "a metric is a map");
    refused("- a\n", "m.yaml:1:1", "a metric is a map");
}

static void defaults_follow_the_kind(void **state)
{
    (void)state;
    struct metric metric = read_text("metric: long_name\nkind: mean\nvalue: size\nbetter: lower\n");
    assert_string_equal(metric.label, "Long name");
    assert_string_equal(metric.unit, "");
    assert_int_equal(metric.material.scale, AMOUNT_RELATIVE);
    assert_int_equal(metric.matures_after, 0);
    assert_false(metric.built_in);
    metric = read_text("metric: a\nkind: mean\nvalue: size\nbetter: lower\nrange: [0, 5]\n");
    assert_int_equal(metric.material.scale, AMOUNT_POINTS);
    assert_near(metric.material.value, 0.02, 0);
    metric = read_text("metric: a\nkind: mean\nvalue: size\nscale: log\nbetter: lower\n"
                       "grows_with_time: true\nunit: rounds\nmatures_after: 2w\n");
    assert_int_equal(metric.scale, METRIC_LOG);
    assert_true(metric.grows_with_time);
    assert_string_equal(metric.unit, "rounds");
    assert_int_equal(metric.matures_after, INT64_C(14) * 86400 * 1000000);
    metric = read_text("metric: a\nkind: duration\nfrom: opened_at\nto: closed_at\nbetter: lower\n"
                       "horizon: 12h\nabandoned: censored\n");
    assert_string_equal(metric.unit, "minutes");
    assert_int_equal(metric.abandoned, METRIC_CENSORED);
}

static void formulas_of_metrics_are_typed_where_they_stand(void **state)
{
    (void)state;
    struct formula_names names = formula_names_of(arena, NULL, 0);
    struct metric metric =
        read_text("metric: csat\nkind: mean\nbetter: higher\n\n\nvalue: satisfaktion\n");
    assert_int_equal(metric_compile(arena, engine, &names, &metric, &error), ERROR_INPUT);
    assert_string_equal(error.place, "m.yaml:6:8");
    assert_string_equal(error.message,
                        "value: there is no measure \"satisfaktion\"; did you mean satisfaction?");
    metric = read_text("metric: a\nkind: mean\nbetter: lower\nvalue: \"size + ln(worker)\"\n");
    assert_int_equal(metric_compile(arena, engine, &names, &metric, &error), ERROR_INPUT);
    assert_string_equal(error.place, "m.yaml:4:19");
    metric = read_text("metric: a\nkind: proportion\nbetter: lower\nvalue: size\n");
    assert_int_equal(metric_compile(arena, engine, &names, &metric, &error), ERROR_INPUT);
    assert_string_equal(error.message, "value: this is a number; a truth is wanted here");
    metric = read_text("metric: a\nkind: duration\nbetter: lower\nfrom: opened_at\nto: size\n"
                       "horizon: 1d\n");
    assert_int_equal(metric_compile(arena, engine, &names, &metric, &error), ERROR_INPUT);
    assert_string_equal(error.place, "m.yaml:5:5");
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void the_users_folder_comes_first(void **state)
{
    (void)state;
    char folder[] = "/tmp/assay-metrics-XXXXXX";
    assert_non_null(mkdtemp(folder));
    const char *own = arena_printf(arena, "%s/csat.yaml", folder);
    const char *over = arena_printf(arena, "%s/cycle_time.yaml", folder);
    const char *wrong = arena_printf(arena, "%s/other.yaml", folder);
    write_file(own, "metric: csat\nkind: mean\nvalue: size\nbetter: higher\n");
    write_file(over, "metric: cycle_time\nlabel: Ours\nkind: mean\nvalue: size\nbetter: lower\n");
    struct metric metric;
    struct metric *all = NULL;
    size_t count = 0;
    assert_ok(metric_list(arena, folder, &all, &count, NULL, &error));
    assert_int_equal(count, 9);
    assert_ok(metric_find(arena, folder, "cycle_time", &flag, &metric, &error));
    assert_string_equal(metric.label, "Ours");
    assert_false(metric.built_in);
    assert_ok(metric_find(arena, folder, "error_rate", &flag, &metric, &error));
    assert_true(metric.built_in);
    assert_string_equal(metric.file, "builtin/metrics/error_rate.yaml");
    assert_int_equal(metric_find(arena, folder, "csta", &flag, &metric, &error), ERROR_INPUT);
    assert_string_equal(error.message, "there is no metric \"csta\"; did you mean csat?");
    assert_string_equal(error.place, "--metric");
    assert_int_equal(metric_find(arena, folder, "../csat", &flag, &metric, &error), ERROR_INPUT);
    assert_int_equal(metric_find(arena, folder, "", &flag, &metric, &error), ERROR_INPUT);
    write_file(wrong, "metric: csat\nkind: mean\nvalue: size\nbetter: higher\n");
    assert_int_equal(metric_find(arena, folder, "other", &flag, &metric, &error), ERROR_INPUT);
    assert_non_null(strstr(error.message, "give them one name"));
    assert_int_equal(metric_list(arena, folder, &all, &count, NULL, &error), ERROR_INPUT);
    assert_ok(metric_list(arena, "/nonexistent/metrics", &all, &count, NULL, &error));
    assert_int_equal(count, 8);
    (void)unlink(own);
    (void)unlink(over);
    (void)unlink(wrong);
    (void)rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(built_in_metrics_read_and_compile),
        cmocka_unit_test(rework_counts_either_measure_among_finished_items),
        cmocka_unit_test(a_quantile_has_a_share_and_is_judged_by_a_tenth_of_the_baseline),
        cmocka_unit_test(keys_are_checked_with_line_and_column),
        cmocka_unit_test(defaults_follow_the_kind),
        cmocka_unit_test(formulas_of_metrics_are_typed_where_they_stand),
        cmocka_unit_test(the_users_folder_comes_first),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
