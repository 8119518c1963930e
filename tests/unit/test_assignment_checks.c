/* Checks of how work met the draw, from rows in a workspace. */

#include "comparison_fixture.h"

#include <jansson.h>

/* 40 workers with 3 items each in July, and as many in April; those under 20 are drawn for `ai`.
   Size and the earlier quality are those of tests/oracle/balance.R. */
static struct fixture open_drawn(bool own_data, double size_shift, double earlier_shift)
{
    struct fixture f = fixture_open(own_data);
    char sql[2000];
    assert_ok(moments_register(f.workspace->engine, &error));
    (void)snprintf(
        sql, sizeof sql,
        "insert into item (item_id, source, use_case, worker, size, opened_at, started_at, "
        "closed_at, first_closed_at, updated_at, state) "
        "select p || w || '-' || i, 't', 'help', 'w' || w, (w * 7) %% 11 + i + case when w < 20 "
        "then %g else 0 end, t0, t0, t0 + interval 2 hour, t0 + interval 2 hour, timestamp "
        "'2026-12-01', 'done' from (select p, w, i, t + interval (w) hour as t0 from "
        "(values ('t:', timestamp '2026-07-10'), ('b:', timestamp '2026-04-10')) v(p, t), "
        "range(40) a(w), range(3) b(i));"
        "insert into item (item_id, source, use_case, worker, opened_at, state) values ('t:end', "
        "'t', 'other', 'w0', '2026-11-30', 'open');"
        "insert into measure select item_id, 'quality', null, case when item_id like 'b:%%' then "
        "((substr(worker, 2)::int * 5) %% 7) / 20.0 + case when substr(worker, 2)::int < 20 then "
        "%g "
        "else 0 end else (hash(item_id) %% 100) / 100 end, 'm' from item where use_case = 'help';"
        "insert into assignment select 'p', 'worker', 'w' || w, case when w < 20 then 'ai' else "
        "'no_ai' end, timestamp '2026-07-01', null, 0.5 from range(40) r(w)",
        size_shift, earlier_shift);
    fixture_run(&f, sql);
    return f;
}

/* One with empty texts where there is none. */
static const struct check_result *shown_check(const struct row *row, const char *name)
{
    static const struct check_result none = {"", "", NAN, "", NULL};
    for (size_t i = 0; i < row->check_count; i++)
        if (strcmp(row->checks[i].check, name) == 0)
            return &row->checks[i];
    return &none;
}

static struct row *july(struct fixture *f)
{
    fixture_facts(f);
    return compare(f,
                   (struct answer_request){.metric = "quality_score",
                                           .period = {.from = "2026-07-01", .to = "2026-09-30"}});
}

static void assert_state(const struct row *row, const char *name, const char *state)
{
    assert_string_equal(shown_check(row, name)->state, state);
}

static void assert_says(const struct row *row, const char *name, const char *text)
{
    const struct check_result *check = shown_check(row, name);
    if (strstr(check->sentence, text) == NULL)
        fail_msg("%s says: %s", name, check->sentence);
}

/* ---- Alike before --------------------------------------------------------------------------- */

static double recorded(const char *of, const char *which, const char *what)
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/tests/oracle/balance.json", getenv("ASSAY_SOURCE"));
    json_t *file = json_load_file(path, 0, NULL);
    assert_non_null(file);
    const json_t *one = json_object_get(json_object_get(file, of), which);
    double value = json_number_value(json_object_get(one, what));
    json_decref(file);
    return value;
}

/* The smaller p of both, times 2. */
static void assert_balance(const struct row *row, const char *size, const char *earlier)
{
    double p = fmin(recorded("size", size, "p"), recorded("earlier", earlier, "p"));
    assert_close(shown_check(row, "balance")->p, fmin(1, 2 * p), 1e-9);
}

static void balance_is_that_of_r(void **state)
{
    (void)state;
    struct fixture f = open_drawn(true, 0, 0);
    struct row *row = july(&f);
    assert_balance(row, "even", "even");
    assert_state(row, "balance", "passed");
    fixture_close(&f);
    f = open_drawn(true, 1, 0);
    row = july(&f);
    assert_balance(row, "slight", "even");
    assert_state(row, "balance", "passed");
    fixture_close(&f);
}

/* The first 12, then 4, are drawn for ai; then 14 by a share of .4. */
static void the_ratio_of_units_is_tested_as_by_chisq_test(void **state)
{
    (void)state;
    static const struct {
        int second;
        double share;
        const char *state;
    } cases[] = {{12, 0.5, "passed"}, {4, 0.5, "failed"}, {14, 0.4, "passed"}};
    char path[4096], sql[200];
    (void)snprintf(path, sizeof path, "%s/tests/oracle/balance.json", getenv("ASSAY_SOURCE"));
    json_t *file = json_load_file(path, 0, NULL);
    for (size_t i = 0; i < 3; i++) {
        const json_t *wanted = json_array_get(json_object_get(file, "ratio"), i);
        struct fixture f = open_drawn(true, 0, 0);
        (void)snprintf(sql, sizeof sql,
                       "update assignment set probability = %g, arm = case when substr(unit, "
                       "2)::int < %d then 'ai' else 'no_ai' end",
                       cases[i].share, cases[i].second);
        fixture_run(&f, sql);
        struct row *row = july(&f);
        assert_int_equal(json_integer_value(json_object_get(wanted, "second")), cases[i].second);
        assert_close(shown_check(row, "sample_ratio")->p,
                     json_number_value(json_object_get(wanted, "p")), 1e-10);
        assert_state(row, "sample_ratio", cases[i].state);
        fixture_close(&f);
    }
    json_decref(file);
}

static void arms_that_differed_before_block_the_verdict(void **state)
{
    (void)state;
    char wanted[64];
    struct fixture f = open_drawn(true, 6, 0);
    struct row *row = july(&f);
    assert_balance(row, "apart", "even");
    assert_state(row, "balance", "failed");
    assert_int_equal(row->verdict.reason, REASON_CHECK);
    (void)snprintf(wanted, sizeof wanted, "the size of items by %.2f standard deviations",
                   recorded("size", "apart", "deviations"));
    assert_says(row, "balance", wanted);
    fixture_close(&f);
    f = open_drawn(true, 0, 0.4);
    row = july(&f);
    assert_balance(row, "even", "apart");
    assert_state(row, "balance", "failed");
    (void)snprintf(wanted, sizeof wanted, "of the same people before by %.2f standard deviations",
                   recorded("earlier", "apart", "deviations"));
    assert_says(row, "balance", wanted);
    fixture_close(&f);
}

static void arms_that_were_not_drawn_may_differ(void **state)
{
    (void)state;
    struct fixture f = open_drawn(true, 6, 0);
    fixture_run(&f, "update assignment set probability = null");
    assert_state(july(&f), "balance", "");
    fixture_close(&f);
}

/* ---- One arm at a time ------------------------------------------------------------------------
 */

static void a_unit_in_both_arms_at_once_blocks_the_verdict(void **state)
{
    (void)state;
    struct fixture f = open_drawn(true, 0, 0);
    assert_state(july(&f), "units_twice", "passed");
    fixture_run(&f, "insert into assignment values ('p', 'worker', 'w3', 'no_ai', timestamp "
                    "'2026-08-01', null, 0.5)");
    struct row *row = july(&f);
    assert_state(row, "units_twice", "failed");
    assert_int_equal(row->verdict.reason, REASON_CHECK);
    /* one after the other is well */
    fixture_run(&f, "update assignment set until = timestamp '2026-08-01' where unit = 'w3' and "
                    "arm = 'ai'");
    assert_state(july(&f), "units_twice", "passed");
    fixture_close(&f);
}

static void two_names_of_one_person_are_one_unit(void **state)
{
    (void)state;
    struct fixture f = open_drawn(true, 0, 0);
    fixture_run(&f, "insert into alias values ('login-of-w3', 'w3');"
                    "insert into assignment values ('p', 'worker', 'login-of-w3', 'no_ai', "
                    "timestamp '2026-07-01', null, 0.5)");
    assert_state(july(&f), "units_twice", "failed");
    fixture_close(&f);
}

/* ---- Against the draw --------------------------------------------------------------------------
 */

/* Calls on the first item of `against` workers without AI, and on all of those with AI but the last
   item of `unused` of them; the source reports over all the time. */
static void add_usage(struct fixture *f, int against, int unused)
{
    char sql[1200];
    (void)snprintf(
        sql, sizeof sql,
        "insert into usage (usage_id, occurred_at, worker, item_id, grain, status) "
        "select 'u:' || item_id, started_at + interval 10 minute, worker, item_id, 'call', 'ok' "
        "from item where item_id like 't:%%-%%' and case when substr(worker, 2)::int < 20 then not "
        "(item_id like '%%-2' and substr(worker, 2)::int < %d) else item_id like '%%-0' and "
        "substr(worker, 2)::int < 20 + %d end;"
        "insert into usage (usage_id, occurred_at, worker, grain, status) values "
        "('u:from', '2026-07-01', 'x', 'call', 'ok'), ('u:until', '2026-09-01', 'x', 'call', "
        "'ok')",
        unused, against);
    fixture_run(f, sql);
}

static void use_against_the_draw_is_said_with_its_shares(void **state)
{
    (void)state;
    struct fixture f = open_drawn(false, 0, 0);
    add_usage(&f, 12, 9); /* of 60 items each */
    struct row *row = july(&f);
    assert_state(row, "crossover", "noted");
    assert_says(row, "crossover",
                "AI was used on 20 % of the items of no_ai, and not on 15 % of those of ai");
    assert_int_equal(row->comparison.arms[0].items, 60); /* as assigned all the same */
    fixture_close(&f);
}

static void shares_of_few_people_are_not_said(void **state)
{
    (void)state;
    struct fixture f = open_drawn(false, 0, 0);
    add_usage(&f, 7, 9);
    struct row *row = july(&f);
    assert_state(row, "crossover", "noted");
    assert_null(strpbrk(shown_check(row, "crossover")->sentence, "0123456789%"));
    fixture_close(&f);
}

static void use_as_assigned_passes(void **state)
{
    (void)state;
    struct fixture f = open_drawn(true, 0, 0);
    add_usage(&f, 1, 1);
    assert_state(july(&f), "crossover", "passed");
    fixture_run(&f, "delete from usage");
    assert_state(july(&f), "crossover", ""); /* nothing is known of use */
    fixture_close(&f);
}

/* ---- Before the draw
 * ----------------------------------------------------------------------------- */

static void people_who_had_met_ai_before_are_noted(void **state)
{
    (void)state;
    struct fixture f = open_drawn(true, 0, 0);
    add_usage(&f, 0, 0);
    assert_state(july(&f), "exposed_before", "passed");
    /* 2 of 20 of an arm */
    fixture_run(&f, "insert into usage (usage_id, occurred_at, worker, item_id, grain, status) "
                    "values ('u:b1', '2026-04-12', 'w1', 'b:1-0', 'call', 'ok'), "
                    "('u:b2', '2026-04-12', 'w2', 'b:2-0', 'call', 'ok')");
    assert_state(july(&f), "exposed_before", "noted");
    fixture_close(&f);
}

static void draw_items(struct fixture *f, const char *since)
{
    char sql[500];
    (void)snprintf(
        sql, sizeof sql,
        "delete from assignment; insert into assignment select 'p', 'item', item_id, "
        "case when hash(item_id) %% 2 = 0 then 'ai' else 'no_ai' end, %s, null, 0.5 from "
        "item where item_id like 't:%%-%%'",
        since);
    fixture_run(f, sql);
}

static void items_that_were_done_before_they_were_assigned_take_no_part(void **state)
{
    (void)state;
    struct fixture f = open_drawn(true, 0, 0);
    draw_items(&f, "opened_at");
    struct row *row = july(&f);
    assert_state(row, "assigned_late", "passed");
    assert_int_equal(row->comparison.arms[0].items + row->comparison.arms[1].items, 120);
    /* done two hours after the start */
    draw_items(&f, "case when item_id like '%-0' then closed_at + interval 1 minute else opened_at "
                   "end");
    row = july(&f);
    assert_state(row, "assigned_late", "noted");
    assert_says(row, "assigned_late", "done before they were assigned");
    assert_int_equal(row->comparison.excluded.assigned_late, 40);
    assert_int_equal(row->comparison.excluded.unclear, 0);
    assert_int_equal(row->comparison.arms[0].items + row->comparison.arms[1].items, 80);
    /* done at that moment */
    draw_items(&f, "case when item_id like '%-0' then closed_at else opened_at end");
    row = july(&f);
    assert_int_equal(row->comparison.excluded.assigned_late, 40);
    assert_int_equal(row->comparison.arms[0].items + row->comparison.arms[1].items, 80);
    /* begun and not done */
    draw_items(&f, "opened_at + interval 1 hour");
    row = july(&f);
    assert_says(row, "assigned_late", "begun before they were assigned");
    assert_int_equal(row->comparison.arms[0].items + row->comparison.arms[1].items, 120);
    fixture_close(&f);
}

/* Known by their dates alone, items of a day begin and end at one moment: nothing was done before.
 */
static void items_of_one_moment_are_not_assigned_late(void **state)
{
    (void)state;
    struct fixture f = open_drawn(true, 0, 0);
    fixture_run(&f, "update item set opened_at = date_trunc('day', opened_at), started_at = null, "
                    "first_closed_at = date_trunc('day', opened_at), closed_at = "
                    "date_trunc('day', opened_at)");
    draw_items(&f, "opened_at");
    struct row *row = july(&f);
    assert_int_equal(row->comparison.excluded.assigned_late, 0);
    assert_int_equal(row->comparison.arms[0].items + row->comparison.arms[1].items, 120);
    fixture_close(&f);
}

static void items_with_ai_before_the_draw_are_noted(void **state)
{
    (void)state;
    struct fixture f = open_drawn(true, 0, 0);
    add_usage(&f, 20, 0); /* ten minutes after the start */
    draw_items(&f, "opened_at + interval 1 hour");
    struct row *row = july(&f);
    assert_state(row, "exposed_before", "noted");
    draw_items(&f, "opened_at");
    assert_state(july(&f), "exposed_before", "passed");
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(balance_is_that_of_r),
        cmocka_unit_test(the_ratio_of_units_is_tested_as_by_chisq_test),
        cmocka_unit_test(arms_that_differed_before_block_the_verdict),
        cmocka_unit_test(arms_that_were_not_drawn_may_differ),
        cmocka_unit_test(a_unit_in_both_arms_at_once_blocks_the_verdict),
        cmocka_unit_test(two_names_of_one_person_are_one_unit),
        cmocka_unit_test(use_against_the_draw_is_said_with_its_shares),
        cmocka_unit_test(shares_of_few_people_are_not_said),
        cmocka_unit_test(use_as_assigned_passes),
        cmocka_unit_test(people_who_had_met_ai_before_are_noted),
        cmocka_unit_test(items_that_were_done_before_they_were_assigned_take_no_part),
        cmocka_unit_test(items_of_one_moment_are_not_assigned_late),
        cmocka_unit_test(items_with_ai_before_the_draw_are_noted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
