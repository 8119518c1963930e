/* Items without an outcome: shares, their test, and bounds of the effect, from rows in a workspace.
 */

#include "comparison_fixture.h"

#include "evidence/compare/comparison.h"
#include "evidence/facts/metrics.h"

#include <jansson.h>

/* The rows of tests/oracle/opt_outs.R, with 10 items of each worker, or fewer of those with the
   second arm; what is missing in the second arm was given up. */
static struct fixture open_items(double lift, int of_treated)
{
    struct fixture f = open_with_moments();
    char sql[2000];
    (void)snprintf(
        sql, sizeof sql,
        "create temp table made as select w, i, w < 20 as treated, ((37 * w + 53 * i) %% 101) / "
        "100.0 as base from range(40) a(w), range(10) b(i) where w >= 20 or i < %d;"
        "create temp table gone as select *, case when treated then base < 0.2 and (w + i) %% 4 <> "
        "0 else (w + 3 * i) %% 25 = 0 end as gone from made;"
        "insert into item (item_id, source, use_case, worker, opened_at, started_at, closed_at, "
        "first_closed_at, updated_at, state) select 't:' || w || '-' || i, 't', 'help', 'w' || w, "
        "t, t, t, t, timestamp '2026-12-01', case when gone and treated then 'abandoned' else "
        "'done' end from (select *, timestamp '2026-07-10' + interval (w) hour as t from gone);"
        "insert into measure select 't:' || w || '-' || i, 'quality', null, base + case when "
        "treated then %g else 0 end, 'm' from gone where not gone;"
        "insert into assignment select 'p', 'worker', 'w' || w, case when w < 20 then 'ai' else "
        "'no_ai' end, null, null, 0.5 from range(40) r(w)",
        of_treated, lift);
    fixture_run(&f, sql);
    fixture_facts(&f);
    return f;
}

static struct fixture open_drawn(double lift)
{
    return open_items(lift, 10);
}

static struct row *estimated(struct fixture *f, const char *metric_text)
{
    struct metric *metric = arena_alloc(f->arena, sizeof *metric);
    struct row *row = arena_alloc(f->arena, sizeof *row);
    struct formula_names names;
    *row = (struct row){.use_case = "help"};
    assert_ok(metrics_names(f->workspace, f->arena, &names, &error));
    assert_ok(metric_read(f->arena, "m.yaml", metric_text, strlen(metric_text), metric, &error));
    assert_ok(metric_compile(f->arena, f->workspace->engine, &names, metric, &error));
    const struct comparison_request request = {
        .use_case = "help",
        .metric = metric,
        .span = {.all = true},
        .previous = {.all = true},
        .landmark_minutes = NAN,
        .level = 0.95,
        .variance = VARIANCE_CR2,
        .errors = "cr2",
        .min_group = 1,
        .opt_outs = true,
    };
    assert_ok(comparison_estimate(f->workspace, &request, f->arena, row, &error));
    assert_true(row->comparison.exists);
    return row;
}

static double recorded_number(const char *name)
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/tests/oracle/opt_outs.json", getenv("ASSAY_SOURCE"));
    json_t *file = json_load_file(path, 0, NULL);
    double value = json_number_value(json_object_get(file, name));
    json_decref(file);
    return value;
}

static double number_of(const json_t *answer, const char *key, size_t index)
{
    return json_number_value(json_array_get(json_object_get(answer, key), index));
}

static void assert_recorded(const struct opt_outs *got, const char *name)
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/tests/oracle/opt_outs.json", getenv("ASSAY_SOURCE"));
    json_t *file = json_load_file(path, 0, NULL);
    const json_t *wanted = json_object_get(file, name);
    assert_non_null(wanted);
    assert_true(got->bounds.exists);
    assert_near(got->bounds.bounds.low, number_of(wanted, "bounds", 0), 1e-9);
    assert_near(got->bounds.bounds.high, number_of(wanted, "bounds", 1), 1e-9);
    assert_near(got->bounds.interval.low, number_of(wanted, "interval", 0), 1e-7);
    assert_near(got->bounds.interval.high, number_of(wanted, "interval", 1), 1e-7);
    assert_near(got->arms[0].missing, number_of(wanted, "missing", 0), 1e-12);
    assert_near(got->arms[1].missing, number_of(wanted, "missing", 1), 1e-12);
    assert_near(got->bounds.trimmed, json_number_value(json_object_get(wanted, "trimmed")), 1e-12);
    assert_int_equal(got->bounds.trimmed_arm,
                     json_integer_value(json_object_get(wanted, "trimmed_arm")));
    json_decref(file);
}

static const char mean_metric[] = "metric: m\nlabel: m\nkind: mean\nvalue: quality\nunit: of 1\n"
                                  "better: higher\nmaterial: 0.02\n";

static void bounds_are_those_of_r(void **state)
{
    (void)state;
    struct fixture f = open_items(0, 7);
    struct row *row = estimated(&f, mean_metric);
    assert_recorded(&row->comparison.opt_outs, "quality");
    assert_int_equal(row->comparison.opt_outs.bounds.scale, SCALE_UNIT);
    assert_close(row->comparison.opt_outs.missing_p, recorded_number("missing_p"), 1e-9);
    row = estimated(&f, "metric: m\nlabel: m\nkind: proportion\nvalue: quality > 0.5\n"
                        "better: higher\nmaterial: 2pp\n");
    assert_recorded(&row->comparison.opt_outs, "high");
    assert_int_equal(row->comparison.opt_outs.bounds.scale, SCALE_POINTS);
    row = estimated(&f, "metric: m\nlabel: m\nkind: mean\nscale: log\nvalue: quality + 0.1\n"
                        "unit: of 1\nbetter: higher\nmaterial: 2%\n");
    assert_recorded(&row->comparison.opt_outs, "growth");
    assert_int_equal(row->comparison.opt_outs.bounds.scale, SCALE_RELATIVE);
    fixture_close(&f);
    f = open_items(0.3, 7);
    row = estimated(&f, mean_metric);
    assert_recorded(&row->comparison.opt_outs, "lifted");
    fixture_close(&f);
}

static void who_has_no_outcome_is_counted_by_arm(void **state)
{
    (void)state;
    struct fixture f = open_drawn(0);
    const struct opt_outs *got = &estimated(&f, mean_metric)->comparison.opt_outs;
    /* 31 of 200 in the second arm were given up, 8 in the first have no outcome for other reasons
     */
    assert_near(got->arms[1].given_up, 31.0 / 200, 1e-12);
    assert_near(got->arms[0].given_up, 0, 0);
    assert_near(got->arms[0].missing, 8.0 / 200, 1e-12);
    assert_true(got->missing_p < 0.05 && got->given_up_p < 0.05);
    assert_int_equal(got->arms[1].missing_alone_people, 0);
    assert_int_equal(got->arms[0].missing_alone_people, got->arms[0].missing_people);
    assert_int_equal(got->arms[1].known_people, 20);
    fixture_close(&f);
}

static void arms_that_miss_as_many_have_no_bounds(void **state)
{
    (void)state;
    struct fixture f = open_drawn(0);
    fixture_run(&f, "delete from measure where item_id like '%-3'; insert into measure select "
                    "item_id, 'quality', null, 0.5, 'm' from item where item_id not like '%-3' and "
                    "item_id not in (select item_id from measure)");
    fixture_facts(&f);
    const struct opt_outs *got = &estimated(&f, mean_metric)->comparison.opt_outs;
    assert_near(got->arms[0].missing, 0.1, 1e-12);
    assert_near(got->arms[1].missing, 0.1, 1e-12);
    assert_false(got->bounds.exists);
    assert_string_equal(got->bounds.why_not, "about as many outcomes are missing in either arm");
    fixture_close(&f);
}

static void arms_that_were_not_drawn_say_nothing_of_it(void **state)
{
    (void)state;
    struct fixture f = open_drawn(0);
    fixture_run(&f, "update assignment set probability = null");
    assert_false(estimated(&f, mean_metric)->comparison.opt_outs.exists);
    fixture_close(&f);
}

static void ends_of_few_people_are_known_to_be_so(void **state)
{
    (void)state;
    struct fixture f = open_drawn(0);
    assert_true(estimated(&f, mean_metric)->comparison.opt_outs.bounds.fewest >= 8);
    /* The trim takes 23 of 192 items, which are of w20 and w21 (10 each) and 3 of w22's 9. */
    fixture_run(&f, "update measure set value = 10 - substr(item_id, 3, 2)::int / 10 + "
                    "split_part(item_id, '-', 2)::int / 1000 where item_id like 't:20-%' or "
                    "item_id like 't:21-%' or item_id like 't:22-%'");
    fixture_facts(&f);
    assert_int_equal(estimated(&f, mean_metric)->comparison.opt_outs.bounds.fewest, 3);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds_are_those_of_r),
        cmocka_unit_test(who_has_no_outcome_is_counted_by_arm),
        cmocka_unit_test(arms_that_miss_as_many_have_no_bounds),
        cmocka_unit_test(arms_that_were_not_drawn_say_nothing_of_it),
        cmocka_unit_test(ends_of_few_people_are_known_to_be_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
