/* Comparisons of ratios of sums, from rows in a workspace to the parts that are shown. */

#include "comparison_fixture.h"

#include <stdio.h>

/* Item i of n is of worker i % 12, has one call of `usd` dollars, and a model by its number. */
static void add_costed_items(struct fixture *f, int n, const char *usd)
{
    char sql[900];
    (void)snprintf(
        sql, sizeof sql,
        "insert into item (item_id, source, use_case, worker, size, opened_at, "
        "closed_at, first_closed_at, updated_at, state) "
        "select 't:' || i, 't', 'help', 'w' || (i %% 12), i, t0, t0, t0, "
        "timestamp '2026-12-01', case when i %% 10 = 9 then 'abandoned' else 'done' end "
        "from (select i, timestamp '2026-07-01' + interval (i) hour as t0 "
        "from range(%d) r(i));"
        "insert into usage (usage_id, occurred_at, worker, item_id, grain, status, usd) "
        "select 'u:' || i, timestamp '2026-07-01' + interval (i) hour, 'w' || (i %% 12), "
        "'t:' || i, 'call', 'ok', %s from range(%d) r(i)",
        n, usd, n);
    fixture_run(f, sql);
    fixture_run(f, "insert into assignment select 'p', 'item', item_id, case when size % 2 = 0 "
                   "then 'small' else 'large' end, null, null, 0.5 from item");
}

/* 240 items, one in ten abandoned (all of odd number, so all large): 120 small ones at 1 dollar,
   all done; 120 large ones at 2, of which 96 done. */
static void what_was_spent_on_abandoned_items_is_part_of_the_cost_of_the_completed(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    add_costed_items(&f, 240, "case when i % 2 = 0 then 1 else 2 end * (1 + (i % 12) / 100.0)");
    fixture_facts(&f);
    struct row *row = compare(&f, (struct answer_request){.metric = "cost_per_completed"});
    const struct comparison *c = &row->comparison;
    assert_true(c->exists);
    assert_string_equal(c->design, "randomised");
    assert_string_equal(c->errors, "influence");
    const struct ratio_part *large = c->parts.arms;
    assert_string_equal(large->of, "large");
    /* i % 12 is 1, 3, .. 11 ten times as often: 1.06 in the mean; of the small ones 1.05 */
    assert_near(large->numerator, 120 * 2 * 1.06, 1e-9);
    assert_near(large->denominator, 96, 0);
    assert_near(large->on_abandoned, 24 * 2 * 1.06, 1e-9);
    assert_near(large->on_open, 0, 0);
    assert_near(c->parts.arms[1].numerator, 120 * 1.05, 1e-9);
    assert_near(c->parts.arms[1].denominator, 120, 0);
    assert_near(c->parts.arms[1].calls, 120, 0);
    assert_near(c->parts.arms[1].calls_unpriced, 0, 0);
    assert_near(c->arms[0].value, 2.65, 1e-9);
    assert_near(c->arms[1].value, 1.05, 1e-9);
    assert_near(c->estimate.effect, 1.05 / 2.65 - 1, 1e-9);
    assert_int_equal(c->clusters, 12);
    assert_true(c->estimate.interval.high < 0);
    assert_null(c->no_interval);
    assert_int_equal(row->verdict.word, VERDICT_BETTER);
    fixture_close(&f);
}

static void an_item_with_a_call_without_a_price_is_left_out_and_its_calls_are_counted(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    add_costed_items(&f, 240, "case when i in (4, 8) then null else 1 + (i % 12) / 100.0 end");
    fixture_facts(&f);
    struct row *row = compare(&f, (struct answer_request){.metric = "cost_per_completed"});
    const struct comparison *c = &row->comparison;
    assert_int_equal(c->excluded.missing, 2);
    assert_int_equal(c->arms[1].items, 118);
    assert_near(c->parts.arms[1].denominator, 118, 0);
    assert_near(c->parts.arms[1].calls, 120, 0);
    assert_near(c->parts.arms[1].calls_unpriced, 2, 0);
    assert_int_equal(c->parts.arms[1].unpriced.with, 2);
    fixture_close(&f);
}

static void what_ai_costs_is_not_compared_with_work_without_ai(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    add_costed_items(&f, 240, "1");
    fixture_run(&f, "update assignment set arm = case arm when 'small' then 'ai' else 'no_ai' end");
    fixture_facts(&f);
    struct row *row = compare(&f, (struct answer_request){.metric = "cost_per_completed"});
    assert_false(row->comparison.exists);
    assert_non_null(strstr(row->comparison.why_not, "0 without it"));
    fixture_close(&f);
}

/* All that was completed in the large arm was completed by one worker: its ratio may be of any
   size, so that the other may be smaller by any share. */
static void a_weak_denominator_shows_its_ratio_with_a_bound_on_one_side(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    add_costed_items(&f, 240, "1 + (i % 12) / 100.0");
    fixture_run(&f, "update item set state = 'abandoned' where size % 2 = 1 and worker <> 'w1'");
    fixture_facts(&f);
    struct row *row = compare(&f, (struct answer_request){.metric = "cost_per_completed"});
    const struct comparison *c = &row->comparison;
    assert_true(c->exists);
    assert_non_null(c->no_interval);
    assert_non_null(strstr(c->no_interval, "in \"large\" the denominator is only 1.0 standard"));
    assert_true(isinf(c->estimate.interval.low) && c->estimate.interval.low < 0);
    assert_true(isfinite(c->estimate.interval.high));
    assert_near(c->estimate.effect, c->arms[1].value / c->arms[0].value - 1, 1e-12);
    /* One of six completed anything there, and six of six here: by Fisher's exact test p = .015. */
    assert_true(c->estimate.interval.high < 0 && c->estimate.p < 0.05);
    assert_int_equal(c->items_needed, -1);
    assert_int_equal(row->verdict.word, VERDICT_BETTER);
    row =
        compare(&f, (struct answer_request){.metric = "cost_per_completed", .quantile = "normal"});
    assert_true(isinf(row->comparison.estimate.interval.low));
    assert_true(row->comparison.estimate.interval.high < c->estimate.interval.high);
    fixture_close(&f);
}

/* In each arm one worker completed all that was. */
static void two_weak_denominators_show_no_interval(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    add_costed_items(&f, 240, "1 + (i % 12) / 100.0");
    fixture_run(&f, "update item set state = 'abandoned' where worker not in ('w0', 'w1')");
    fixture_facts(&f);
    struct row *row = compare(&f, (struct answer_request){.metric = "cost_per_completed"});
    const struct comparison *c = &row->comparison;
    assert_non_null(strstr(c->no_interval, "too near for an interval"));
    assert_true(isinf(c->estimate.interval.low) && isinf(c->estimate.interval.high));
    assert_int_equal(row->verdict.word, VERDICT_UNPROVEN);
    fixture_close(&f);
}

/* Before: 90 small items at 1 dollar, 30 large ones at 10. Now the mix has turned, and everything
   costs a fifth less. */
static void the_change_of_a_ratio_keeps_the_earlier_mix(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    fixture_run(&f,
                "create temp table draft as select q, i, i >= cut as large, q + interval (i) hour "
                "as t0, case when i >= cut then 10 else 1 end * f * (1 + (i % 9) / 100.0) as usd "
                "from range(120) r(i), (values (timestamp '2026-04-10', 90, 1e0), "
                "(timestamp '2026-07-10', 30, 0.8e0)) v(q, cut, f);"
                "insert into item (item_id, source, use_case, worker, team, size, opened_at, "
                "closed_at, first_closed_at, updated_at, state) "
                "select 't:' || q || '-' || i, 't', 'help', 'w' || (i % 10), 'T', "
                "case when large then 9 else 1 end, t0, t0, t0, timestamp '2026-12-01', 'done' "
                "from draft;"
                "insert into usage (usage_id, occurred_at, worker, item_id, grain, status, usd) "
                "select 'u:' || q || '-' || i, t0, 'w' || (i % 10), 't:' || q || '-' || i, 'call', "
                "'ok', usd from draft");
    fixture_facts(&f);
    struct row *row = compare(
        &f, (struct answer_request){.metric = "cost_per_completed", .period.period = "2026Q3"});
    const struct change *change = &row->change;
    assert_true(change->exists);
    assert_string_equal(change->cells, "team × size");
    assert_near(change->estimate.effect, -0.2, 0.01);
    assert_int_equal(change->word, CHANGE_IMPROVED);
    assert_near(change->parts.arms[0].denominator, 120, 0);
    /* what was spent is what it is, on the mix of its time */
    assert_true(change->parts.arms[1].numerator > 2 * change->parts.arms[0].numerator * 0.8);
    fixture_close(&f);
}

static void ratios_of_arms_assigned_by_team_are_clustered_by_team(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    add_costed_items(&f, 240, "1 + (i % 12) / 100.0");
    fixture_run(&f, "update item set team = 'T' || (size::bigint % 8);"
                    "delete from assignment;"
                    "insert into assignment select 'p', 'team', 'T' || i, case when i % 2 = 0 then "
                    "'small' else 'large' end, null, null, 0.5 from range(8) r(i)");
    fixture_facts(&f);
    struct row *row = compare(&f, (struct answer_request){.metric = "cost_per_completed"});
    const struct comparison *c = &row->comparison;
    assert_true(c->exists);
    assert_string_equal(c->unit, "team");
    assert_int_equal(c->clusters, 8);
    assert_int_equal(c->arms[0].workers + c->arms[1].workers, 12);
    assert_true(c->estimate.df <= 7);
    struct row *normal =
        compare(&f, (struct answer_request){.metric = "cost_per_completed", .quantile = "normal"});
    assert_true(isinf(normal->comparison.estimate.df));
    assert_true(normal->comparison.estimate.interval.low > c->estimate.interval.low);
    static const char *const covariate[] = {"size"};
    struct row *adjusted =
        compare(&f, (struct answer_request){
                        .metric = "cost_per_completed", .adjust = covariate, .adjust_count = 1});
    assert_true(adjusted->comparison.exists);
    assert_int_equal(adjusted->comparison.clusters, 8);
    assert_string_equal(adjusted->comparison.errors, "cr2");
    assert_string_equal(adjusted->comparison.errors_by, "team");
    fixture_close(&f);
}

/* A ratio of one's own that does not grow with time: marked work has more errors for its size, and
   it is larger; within sizes the ratio is 1.5. */
static void a_ratio_as_found_is_compared_like_with_like(void **state)
{
    (void)state;
    struct fixture f = open_with_moments();
    char path[128];
    (void)snprintf(path, sizeof path, "%s/metrics/errors_per_word.yaml", f.path);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    (void)fputs("metric: errors_per_word\nkind: ratio\nnumerator: errors\ndenominator: size\n"
                "better: lower\n",
                file);
    (void)fclose(file);
    fixture_run(
        &f, "create temp table draft as select i, i % 3 = 0 as marked, "
            "case when i % 3 = 0 and i % 2 = 0 or i % 3 <> 0 and i % 4 = 0 then 400.0 else 100.0 "
            "end as size from range(600) r(i);"
            "insert into item (item_id, source, use_case, worker, team, size, opened_at, "
            "closed_at, first_closed_at, updated_at, state, ai_declared) "
            "select 't:' || i, 't', 'help', 'w' || (i % 25), 'T', size, t0, t0, t0, timestamp "
            "'2026-12-01', 'done', case when marked then 'bot' end from (select *, timestamp "
            "'2026-07-01' + interval (i) hour as t0 from draft);"
            "insert into measure select 't:' || i, 'errors', null, case when size > 200 then 8 "
            "else 1 end * case when marked then 3 else 2 end * (1 + (i % 7 - 3) / 100.0), 'm' "
            "from draft");
    fixture_facts(&f);
    struct row *row = compare(&f, (struct answer_request){.metric = "errors_per_word"});
    const struct comparison *c = &row->comparison;
    assert_true(c->exists);
    assert_string_equal(c->design, "like_with_like");
    assert_string_equal(c->cells, "team × size");
    assert_string_equal(c->errors, "jackknife");
    assert_near(c->estimate.effect, 0.5, 0.01);
    assert_true(c->naive.effect > 0.6);
    assert_true(isnan(c->parts.arms[0].calls)); /* it is no ratio of cost */
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_spent_on_abandoned_items_is_part_of_the_cost_of_the_completed),
        cmocka_unit_test(an_item_with_a_call_without_a_price_is_left_out_and_its_calls_are_counted),
        cmocka_unit_test(what_ai_costs_is_not_compared_with_work_without_ai),
        cmocka_unit_test(a_weak_denominator_shows_its_ratio_with_a_bound_on_one_side),
        cmocka_unit_test(two_weak_denominators_show_no_interval),
        cmocka_unit_test(the_change_of_a_ratio_keeps_the_earlier_mix),
        cmocka_unit_test(ratios_of_arms_assigned_by_team_are_clustered_by_team),
        cmocka_unit_test(a_ratio_as_found_is_compared_like_with_like),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
