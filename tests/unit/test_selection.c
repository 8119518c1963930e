/* Plans judged together, where one of them cannot be estimated again. */

#include "workspace_fixture.h"

#include "evidence/facts/moments_aggregate.h"
#include "evidence/plan/selection.h"

#include <math.h>
#include <string.h>

/* Forty people's items, one before and one after the day on which a policy starts. */
static struct fixture open_with_policy(void)
{
    struct fixture f = fixture_open(true);
    char path[128];
    assert_ok(moments_register(f.workspace->engine, &error));
    fixture_run(
        &f,
        "insert into item (item_id, source, use_case, worker, opened_at, closed_at, "
        "first_closed_at, updated_at, state) select 't:' || w || '-' || i, 't', 'help', "
        "'w' || w, t, t, t, timestamp '2026-12-01', 'done' from (select *, timestamp "
        "'2026-07-02' + interval (i * 14 + w % 10) day as t from range(40) a(w), range(2) "
        "b(i));"
        "insert into measure select item_id, 'quality', null, hash(item_id) % 90 / 100.0, "
        "'m' from item;"
        "insert into policy (policy, starts_at, kind) values ('mandate', '2026-07-15', 'mandate')");
    fixture_facts(&f);
    (void)snprintf(path, sizeof path, "%s/plans/one.yaml", f.path);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    (void)fputs("plan: one\nuse_case: help\ndesign: {kind: before_after, policy: mandate}\n"
                "arms: [before, after]\nperiod: {from: 2026-07-01, to: 2026-07-28}\n"
                "primary: {metric: quality_score, improve_by: 1pp}\n",
                file);
    (void)fclose(file);
    return f;
}

static struct answered_plan answered(struct fixture *f, struct interval interval)
{
    struct answered_plan plan = {
        .like = {.landmark_minutes = NAN,
                 .variance = VARIANCE_CR2,
                 .errors = "cr2",
                 .min_group = 1},
        .row = arena_alloc(f->arena, sizeof *plan.row),
    };
    assert_ok(planned_find(f->workspace, "one", f->arena, &plan.planned, &error));
    struct span before;
    assert_ok(
        plans_span(f->workspace, &plan.planned.plan, f->arena, &plan.like.span, &before, &error));
    *plan.row = planned_row(&plan.planned);
    plan.row->comparison.exists = true;
    plan.row->comparison.level = 0.95;
    plan.row->comparison.estimate.interval = interval;
    return plan;
}

static void a_plan_that_cannot_be_estimated_again_is_named_and_all_are_as_before(void **state)
{
    (void)state;
    struct fixture f = open_with_policy();
    struct answered_plan unclear = answered(&f, (struct interval){-1, 1});
    struct answered_plan clear = answered(&f, (struct interval){1, 2});
    struct answered_plan *const plans[] = {&unclear, &clear};
    struct selected selected;
    size_t failed = 9;
    /* One of two excludes 0 at .95, so that it is estimated again at 1 - .05 / 2. */
    assert_ok(selection_judge(f.workspace, plans, 2, f.arena, &selected, &failed, &error));
    assert_int_equal(failed, 9);
    assert_near(clear.row->comparison.level, 0.975, 1e-12);
    clear = answered(&f, (struct interval){1, 2});
    unclear = answered(&f, (struct interval){-1, 1});
    fixture_run(&f, "alter table policy rename to elsewhere");
    assert_int_equal(selection_judge(f.workspace, plans, 2, f.arena, &selected, &failed, &error),
                     ERROR_ENGINE);
    assert_int_equal(failed, 1);
    assert_non_null(strstr(error.message, "policy"));
    for (size_t i = 0; i < 2; i++) {
        assert_near(plans[i]->row->comparison.level, 0.95, 1e-12);
        assert_false(plans[i]->row->comparison.among_plans);
    }
    assert_near(clear.row->comparison.estimate.interval.low, 1, 0);
    /* The other alone is judged at its own level, which asks nothing of the engine. */
    assert_ok(selection_judge(f.workspace, plans, 1, f.arena, &selected, &failed, &error));
    assert_int_equal(selected.plans, 1);
    assert_int_equal(selected.selected, 0);
    fixture_close(&f);
}

static void a_plan_that_can_decide_nothing_makes_no_level_looser(void **state)
{
    (void)state;
    struct fixture f = open_with_policy();
    static const struct verdict cannot[] = {{.word = VERDICT_UNPROVEN, .reason = REASON_AS_FOUND},
                                            {.word = VERDICT_UNPROVEN, .reason = REASON_CHECK}};
    for (size_t i = 0; i < 2; i++) {
        struct answered_plan clear = answered(&f, (struct interval){1, 2});
        struct answered_plan unclear = answered(&f, (struct interval){-1, 1});
        struct answered_plan *const plans[] = {&unclear, &clear};
        struct selected selected;
        size_t failed = 9;
        clear.row->verdict = cannot[i];
        assert_ok(selection_judge(f.workspace, plans, 2, f.arena, &selected, &failed, &error));
        assert_int_equal(selected.plans, 2);
        assert_int_equal(selected.selected, 0);
        assert_false(clear.row->comparison.selected);
        assert_near(selected.level, 0.975, 1e-12);
        assert_near(unclear.row->comparison.level, 0.975, 1e-12);
    }
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_that_cannot_be_estimated_again_is_named_and_all_are_as_before),
        cmocka_unit_test(a_plan_that_can_decide_nothing_makes_no_level_looser),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
