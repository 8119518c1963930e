/* Comparisons of quantiles, from rows in a workspace to what they say, against the same rows
   counted by brute force. */

#include "comparison_fixture.h"
#include "quantile_rows.h"

#include <stdio.h>

/* The metric p: a quantile of that value. */
static void add_metric_of(const struct fixture *f, const char *value, const char *keys)
{
    char path[160];
    (void)snprintf(path, sizeof path, "%s/metrics/p.yaml", f->path);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    (void)fprintf(file, "metric: p\nkind: quantile\nvalue: %s\nbetter: lower\n%s", value, keys);
    (void)fclose(file);
}

static void add_metric(const struct fixture *f, const char *keys)
{
    add_metric_of(f, "size", keys);
}

enum { items = 480, workers = 16 };

/* Workers differ, values are skewed, and no two are alike. */
static double value_of(int i)
{
    double u = ((double)(i * 7919 % 1009) + 0.5) / 1009;
    return u * u * u * 100 * (1 + i % workers / 8.0) + i / 1e5;
}

/* Every third item is in arm 1; i / 16 and i % 16 make that so for all workers. */
static int arm_of(int i)
{
    return (i / workers + i) % 3 == 0;
}

/* size is value_of(i), taken as it is. */
static void add_items(struct fixture *f)
{
    fixture_run(f, "create temp table given (i integer, y double, arm integer)");
    for (int i = 0; i < items; i++) {
        char sql[160];
        (void)snprintf(sql, sizeof sql, "insert into given values (%d, %.16e, %d)", i, value_of(i),
                       arm_of(i));
        fixture_run(f, sql);
    }
    fixture_run(f, "insert into item (item_id, source, use_case, worker, team, size, opened_at, "
                   "closed_at, first_closed_at, updated_at, state) "
                   "select 't:' || i, 't', 'help', 'w' || (i % 16), 'T' || (i % 8), y, t0, t0, t0, "
                   "timestamp '2026-12-01', 'done' "
                   "from (select *, timestamp '2026-07-01' + interval (i) hour as t0 from given)");
}

static void assign(struct fixture *f)
{
    fixture_run(f, "insert into assignment select 'p', 'item', 't:' || i, case arm when 1 then "
                   "'new' else 'control' end, null, null, 0.5 from given");
}

static struct quantile by_brute_force(double share, bool by_team)
{
    static struct value_rows rows;
    static struct counted counted;
    struct quantile out;
    rows.count = 0;
    for (int i = 0; i < items; i++)
        add_value(&rows, (size_t)(i % (by_team ? 8 : workers)), (size_t)arm_of(i), value_of(i));
    assert_true(count_values(&rows, share, NULL, &counted));
    struct quantile_clusters clusters = clusters_of(&counted);
    assert_ok(assay_quantile_difference(&clusters, counted.arms, 0.95, &out, &error));
    return out;
}

static void a_quantile_in_its_unit_is_that_of_the_rows(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    add_items(&f);
    assign(&f);
    fixture_facts(&f);
    static const char *const keys[] = {"quantile: 0.9\nmaterial: 12\n",
                                       "quantile: 0.5\nmaterial: 12\n"};
    for (size_t i = 0; i < 2; i++) {
        add_metric(&f, keys[i]);
        struct quantile wanted = by_brute_force(i == 0 ? 0.9 : 0.5, false);
        struct row *row = compare(&f, (struct answer_request){.metric = "p"});
        const struct comparison *c = &row->comparison;
        assert_true(c->exists);
        assert_string_equal(c->design, "randomised");
        assert_string_equal(c->errors, "influence");
        assert_string_equal(c->arms[0].arm, "control");
        assert_int_equal(c->scale, SCALE_UNIT);
        assert_near(c->arms[0].value, wanted.baseline.mean, 1e-12);
        assert_near(c->estimate.effect, wanted.estimate.value, 1e-12);
        assert_near(c->estimate.interval.low, wanted.estimate.interval.low, 1e-9);
        assert_near(c->estimate.interval.high, wanted.estimate.interval.high, 1e-9);
        assert_near(c->estimate.df, wanted.estimate.df, 1e-9);
        assert_int_equal(c->clusters, workers);
        assert_int_equal(c->arms[0].items + c->arms[1].items, items);
    }
    fixture_close(&f);
}

static void by_default_it_is_a_share_of_the_baseline(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    add_items(&f);
    assign(&f);
    fixture_facts(&f);
    add_metric(&f, "quantile: 0.75\n");
    struct quantile wanted = by_brute_force(0.75, false);
    struct effect share;
    assert_ok(assay_effect_share(&wanted.estimate, &wanted.baseline, 0.95, &share, &error));
    struct row *row = compare(&f, (struct answer_request){.metric = "p"});
    const struct comparison *c = &row->comparison;
    assert_int_equal(c->scale, SCALE_RELATIVE);
    assert_near(row->margin, 0.1, 0);
    assert_near(c->estimate.effect, c->arms[1].value / c->arms[0].value - 1, 1e-12);
    assert_near(c->estimate.interval.low, share.interval.low, 1e-9);
    assert_near(c->estimate.interval.high, share.interval.high, 1e-9);
    struct row *normal = compare(&f, (struct answer_request){.metric = "p", .quantile = "normal"});
    assert_true(isinf(normal->comparison.estimate.df));
    assert_true(normal->comparison.estimate.interval.low > c->estimate.interval.low);
    fixture_close(&f);
}

/* Four teams in each arm: caution may widen what the rows give, never narrow it. */
static void arms_assigned_by_team_are_clustered_by_team(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    add_items(&f);
    fixture_run(&f, "insert into assignment select 'p', 'team', 'T' || i, case when i % 2 = 0 then "
                    "'new' else 'control' end, null, null, 0.5 from range(8) r(i)");
    fixture_facts(&f);
    add_metric(&f, "quantile: 0.5\nmaterial: 12\n");
    struct row *row = compare(&f, (struct answer_request){.metric = "p"});
    const struct comparison *c = &row->comparison;
    assert_true(c->exists);
    assert_string_equal(c->unit, "team");
    assert_string_equal(c->errors_by, "team");
    assert_int_equal(c->clusters, 8);
    assert_int_equal(c->arms[0].workers, 8);
    assert_true(c->estimate.df <= 6 + 1e-9);
    assert_near(c->carried.worth[0], 4, 1e-9);
    assert_true(c->carried.top > 0.25 && c->carried.top < 1);
    assert_check(row, "few_clusters", "noted");
    fixture_close(&f);
}

/* A value is shown that is one item's: where one worker has all that lie beyond, it is theirs. */
static void who_lies_beyond_a_quantile_counts_as_its_group(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    add_items(&f);
    assign(&f);
    fixture_run(&f, "update item set size = size + 1000 where worker = 'w3'");
    fixture_facts(&f);
    add_metric(&f, "quantile: 0.95\n");
    struct row *row = compare(&f, (struct answer_request){.metric = "p"});
    assert_true(row->comparison.exists);
    assert_int_equal(row->comparison.fewest, 1);
    add_metric(&f, "quantile: 0.5\n");
    row = compare(&f, (struct answer_request){.metric = "p"});
    assert_true(row->comparison.fewest > 10);
    fixture_close(&f);
}

static void refused_with(struct fixture *f, const char *part)
{
    struct row *row = compare(f, (struct answer_request){.metric = "p"});
    assert_false(row->comparison.exists);
    if (strstr(row->comparison.why_not, part) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", row->comparison.why_not, part);
}

static void ties_and_few_items_are_refused_with_a_sentence(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    add_items(&f);
    assign(&f);
    fixture_facts(&f);
    add_metric(&f, "quantile: 0.99\n");
    refused_with(&f, "too few items lie beyond the quantile");
    fixture_run(&f, "update item set size = case when size > 150 then size else 7 end");
    fixture_facts(&f);
    add_metric(&f, "quantile: 0.5\n");
    refused_with(&f, "too many items share the value of the quantile");
    fixture_run(&f, "update item set size = null");
    fixture_facts(&f);
    refused_with(&f, "no item of either arm has a value");
    fixture_close(&f);
}

static void flags_that_would_change_nothing_are_refused(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    add_items(&f);
    assign(&f);
    fixture_facts(&f);
    add_metric(&f, "quantile: 0.5\n");
    static const char *const covariate[] = {"steps"};
    struct evidence evidence;
    struct answer_request request = {
        .metric = "p", .use_case = "help", .adjust = covariate, .adjust_count = 1};
    assert_int_equal(answer_compare(f.workspace, &request, f.arena, &evidence, &error),
                     ERROR_INPUT);
    assert_non_null(strstr(error.message, "can't be adjusted"));
    request = (struct answer_request){.metric = "p", .use_case = "help", .errors = "cr2"};
    assert_int_equal(answer_compare(f.workspace, &request, f.arena, &evidence, &error),
                     ERROR_INPUT);
    assert_non_null(strstr(error.message, "one kind of errors"));
    fixture_close(&f);
}

/* Marked work is larger, and slower by the same half within each size. The median of small work is
   near 10 and that of large work near 40, so that the mix decides the median of all. */
static void a_quantile_as_found_is_compared_like_with_like(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    add_metric_of(&f, "effort", "quantile: 0.5\n");
    fixture_run(
        &f, "create temp table draft as select i, i % 3 = 0 as marked, "
            "case when i % 3 = 0 and i % 4 <> 0 or i % 3 <> 0 and i % 4 = 0 then 400.0 else 100.0 "
            "end as size from range(1200) r(i);"
            "insert into item (item_id, source, use_case, worker, team, size, opened_at, "
            "closed_at, first_closed_at, updated_at, state, ai_declared) "
            "select 't:' || i, 't', 'help', 'w' || (i % 25), 'T', size, t0, t0, t0, timestamp "
            "'2026-12-01', 'done', case when marked then 'bot' end from (select *, timestamp "
            "'2026-07-01' + interval (i) hour as t0 from draft);"
            "insert into measure select 't:' || i, 'effort', null, case when size > 200 then 40 "
            "else 10 end * case when marked then 1.5 else 1 end * (0.5 + (hash(i) % 1000) / 1e3), "
            "'m' from draft");
    fixture_facts(&f);
    struct row *row = compare(&f, (struct answer_request){.metric = "p"});
    const struct comparison *c = &row->comparison;
    assert_true(c->exists);
    assert_string_equal(c->design, "like_with_like");
    assert_string_equal(c->cells, "team × size");
    assert_string_equal(c->errors, "jackknife");
    assert_near(c->estimate.effect, 0.5, 0.12);
    assert_true(c->estimate.interval.low < 0.5 && c->estimate.interval.high > 0.5);
    assert_true(c->naive.effect > 1.5);
    assert_int_equal(c->fewest, 25);
    /* The unmarked, as they would be on the mix of the marked: by the definition. */
    double baseline = fixture_number(
        &f, "with x as (select value, size, ai_declared is not null as marked from item join "
            "measure using (item_id)), n as (select size, count(*) filter (where marked) / "
            "count(*) filter (where not marked) as w from x group by size), r as (select value, "
            "sum(w) over (order by value) / sum(w) over () as share from x join n using (size) "
            "where not marked) select min(value) from r where share >= 0.5 - 1e-9");
    assert_near(c->means[0], baseline, 1e-9);
    fixture_close(&f);
}

/* Before: three in four items are small. Then the mix turns, and all takes a fifth less. */
static void the_change_of_a_quantile_keeps_the_earlier_mix(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    add_metric_of(&f, "effort", "quantile: 0.75\n");
    fixture_run(
        &f, "create temp table draft as select q, i, i >= cut as large, q + interval (i) hour "
            "as t0, case when i >= cut then 10 else 1 end * f * (0.5 + (hash(i * 31) % 1000) / "
            "1e3) as y from range(800) r(i), (values (timestamp '2026-04-10', 400, 1e0), "
            "(timestamp '2026-07-10', 200, 0.8e0)) v(q, cut, f);"
            "insert into item (item_id, source, use_case, worker, team, size, opened_at, "
            "closed_at, first_closed_at, updated_at, state) "
            "select 't:' || q || '-' || i, 't', 'help', 'w' || (i % 10), 'T', "
            "case when large then 9 else 1 end, t0, t0, t0, timestamp '2026-12-01', 'done' "
            "from draft;"
            "insert into measure select 't:' || q || '-' || i, 'effort', null, y, 'm' from draft");
    fixture_facts(&f);
    struct row *row =
        compare(&f, (struct answer_request){.metric = "p", .period.period = "2026Q3"});
    const struct change *change = &row->change;
    assert_true(change->exists);
    assert_string_equal(change->cells, "team × size");
    assert_near(change->before,
                fixture_number(&f, "select quantile_disc(y, 0.75) from draft where q = timestamp "
                                   "'2026-04-10'"),
                1e-9);
    assert_near(change->estimate.effect, -0.2, 0.06);
    assert_true(change->estimate.interval.low < -0.2 && change->estimate.interval.high > -0.2);
    assert_int_equal(change->fewest, 10);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_quantile_in_its_unit_is_that_of_the_rows),
        cmocka_unit_test(by_default_it_is_a_share_of_the_baseline),
        cmocka_unit_test(arms_assigned_by_team_are_clustered_by_team),
        cmocka_unit_test(who_lies_beyond_a_quantile_counts_as_its_group),
        cmocka_unit_test(ties_and_few_items_are_refused_with_a_sentence),
        cmocka_unit_test(flags_that_would_change_nothing_are_refused),
        cmocka_unit_test(a_quantile_as_found_is_compared_like_with_like),
        cmocka_unit_test(the_change_of_a_quantile_keeps_the_earlier_mix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
