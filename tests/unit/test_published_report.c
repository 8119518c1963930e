/* Documents side by side and in order: hand-written ones, of which the answer is plain. */

#include "check.h"

#include "report/format.h"
#include "report/held.h"
#include "report/order.h"
#include "report/publish_again.h"

#include <string.h>

/* A row of a plan that has ended: a word and an effect beside a margin of 1. */
static json_t *plan_row(const char *name, const char *word, double effect)
{
    return json_pack("{s:s, s:{s:s}, s:{s:s, s:b, s:{s:s}, s:n, s:i, s:b}, s:{s:n, s:s}, s:{s:f, "
                     "s:f}, s:{s:s, s:f}}",
                     "use_case", "a.b", "metric", "name", "m", "plan", "name", name, "ended", 1,
                     "period", "to", "2026-10-01", "locked", "amended", 0, "looked_early", 0,
                     "change", "word", "reason", "none", "comparison", "effect", effect, "level",
                     0.95, "verdict", "word", word, "margin", 1.0);
}

static json_t *use_case_row(const char *use_case, double effect)
{
    return json_pack("{s:s, s:{s:s}, s:n, s:{s:s, s:f, s:f}, s:{s:n, s:s}}", "use_case", use_case,
                     "metric", "name", "m", "plan", "change", "word", "improved", "effect", effect,
                     "margin", 1.0, "comparison", "effect", "reason", "none");
}

static json_t *document_of(json_t *rows)
{
    return json_pack("{s:{s:i, s:i, s:s, s:s}, s:{s:s, s:s, s:{s:s, s:s}}, s:o}", "assay",
                     "min_group", 8, "data_version", 3, "version", "1", "generated",
                     "2026-10-02T08:00:00Z", "period", "from", "2026-07-01", "to", "2026-10-01",
                     "against", "from", "2026-04-01", "to", "2026-07-01", "rows", rows);
}

static void rows_are_read_in_the_order_of_their_words_then_by_size(void **state)
{
    static const char *const expected[] = {"better-large", "better-small", "price",   "worse",
                                           "same",         "unproven",     "running", "refused",
                                           "use.large",    "use.small"};
    json_t *running = plan_row("running", "unproven", 9);
    json_t *refused = plan_row("refused", "better", 9);
    (void)json_object_set_new(json_object_get(running, "plan"), "ended", json_false());
    (void)json_object_set_new(running, "comparison",
                              json_pack("{s:n, s:s}", "effect", "reason", "x"));
    (void)json_object_set_new(refused, "comparison",
                              json_pack("{s:n, s:s}", "effect", "reason", "x"));
    json_t *document = document_of(
        json_pack("[o, o, o, o, o, o, o, o, o, o]", use_case_row("use.small", 0.1),
                  use_case_row("use.large", -3), refused, running,
                  plan_row("unproven", "unproven", 8), plan_row("same", "no_material_change", 0.1),
                  plan_row("worse", "worse", 2), plan_row("price", "trade_off", -7),
                  plan_row("better-small", "better", 1), plan_row("better-large", "better", -2)));
    order_rows(document);
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        const json_t *row = json_array_get(json_object_get(document, "rows"), i);
        const char *plan = text_at(row, "plan.name");
        assert_string_equal(plan[0] != '\0' ? plan : text_at(row, "use_case"), expected[i]);
    }
    json_decref(document);
    (void)state;
}

/* One row with a change and a comparison; the numbers are counts of items and workers. */
static json_t *counted(int items, int workers, int arm_items)
{
    const char *form = "{s:s, s:{s:s, s:s, s:s, s:s, s:s}, s:n, s:i, s:i, s:[], s:{s:s, s:f, s:s, "
                       "s:[f, f], s:f, s:f, s:i, s:i, s:i, s:i}, s:{s:f, s:[o, o]}, s:{s:s}}";
    return json_pack(
        form, "use_case", "a.b", "metric", "name", "m", "label", "M", "unit", "", "kind", "mean",
        "better", "lower", "plan", "items", items, "workers", workers, "also", "change", "word",
        "steady", "effect", 0.1, "scale", "unit", "interval", 0.0, 0.2, "before", 1.0, "now", 1.1,
        "items_before", 500, "items_now", items, "workers_before", 40, "workers_now", workers,
        "comparison", "effect", 0.1, "arms",
        json_pack("{s:s, s:i, s:i}", "arm", "no_ai", "items", arm_items, "workers", 30),
        json_pack("{s:s, s:i, s:i}", "arm", "ai", "items", 200, "workers", 30), "verdict", "word",
        "unproven");
}

/* Once, or not at all. */
static void assert_said(const json_t *document, const char *what, bool said)
{
    size_t count = 0;
    size_t index = 0;
    json_t *entry = NULL;
    json_array_foreach(json_object_get(document, "withheld"), index, entry)
    {
        if (strcmp(text_at(entry, "what"), what) != 0)
            continue;
        count++;
        assert_string_equal(text_at(entry, "why"), "a small group could be had from it and the "
                                                   "report then by subtraction");
    }
    assert_int_equal(count, said);
}

/* As if the first had been published. */
static void hold(json_t *document, json_t *earlier)
{
    json_t *list = json_pack("[{s:s, s:O}]", "name", "then", "document", earlier);
    (void)json_object_set_new(document, "withheld", json_array());
    struct arena *arena = arena_create();
    struct published_work work;
    published_work_start(&work, arena);
    assert_true(publish_against(document, list, &work));
    arena_destroy(arena);
    json_decref(list);
}

/* What is left of the later of two documents; whatever is not is said with its reason. */
static void assert_left(json_t *earlier_row, json_t *row, bool change, bool comparison, bool counts)
{
    json_t *earlier = document_of(json_pack("[o]", earlier_row));
    json_t *document = document_of(json_pack("[o]", row));
    hold(document, earlier);
    const json_t *left = json_array_get(json_object_get(document, "rows"), 0);
    assert_int_equal(has_numbers(at(left, "change")), change);
    assert_int_equal(has_numbers(at(left, "comparison")), comparison);
    assert_int_equal(json_is_integer(at(left, "items")), counts);
    assert_said(document, "change of m, a.b", !change);
    assert_said(document, "comparison of m, a.b", !comparison);
    assert_said(document, "how many items and people of m, a.b", !counts);
    json_decref(document);
    json_decref(earlier);
}

static void counts_that_differ_by_few_take_their_result_out(void **state)
{
    assert_left(counted(500, 40, 250), counted(500, 40, 250), true, true, true);
    assert_left(counted(500, 40, 250), counted(507, 40, 250), false, true, false);
    assert_left(counted(507, 40, 250), counted(500, 40, 250), false, true, false);
    assert_left(counted(500, 40, 250), counted(508, 40, 250), true, true, true);
    assert_left(counted(500, 40, 250), counted(600, 41, 250), false, true, false);
    assert_left(counted(500, 40, 250), counted(500, 40, 251), true, false, true);
    assert_left(counted(500, 40, 250), counted(600, 48, 350), true, true, true);
    /* Another use case shares no item. */
    json_t *other = counted(507, 41, 251);
    (void)json_object_set_new(other, "use_case", json_string("c.d"));
    assert_left(counted(500, 40, 250), other, true, true, true);
    (void)state;
}

static json_t *with_excluded(int open, int left_out)
{
    json_t *row = counted(500, 40, 250);
    (void)json_object_set_new(json_object_get(row, "comparison"), "excluded",
                              json_pack("{s:i, s:i}", "open", open, "washout", 40));
    (void)json_object_set_new(row, "without_ai", json_pack("{s:i}", "items", left_out));
    (void)json_object_set_new(row, "plan", json_pack("{s:s}", "first_item_day", "2026-07-01"));
    return row;
}

static void assert_beside(int open, int left_out, bool counts, bool saved)
{
    json_t *earlier = document_of(json_pack("[o]", with_excluded(20, 250)));
    json_t *document = document_of(json_pack("[o]", with_excluded(open, left_out)));
    hold(document, earlier);
    const json_t *row = json_array_get(json_object_get(document, "rows"), 0);
    assert_true(has_numbers(at(row, "comparison")));
    assert_int_equal(json_is_integer(at(row, "comparison.excluded.open")), counts);
    assert_int_equal(json_is_integer(at(row, "comparison.excluded.washout")), counts);
    assert_int_equal(json_is_object(at(row, "without_ai")), saved);
    assert_said(document, "what leaving AI out saved of m, a.b", !saved);
    assert_true(json_is_string(at(row, "plan.first_item_day")));
    json_decref(document);
    json_decref(earlier);
}

static void what_stands_beside_a_comparison_is_held_too(void **state)
{
    assert_beside(20, 250, true, true);
    assert_beside(13, 250, false, true);
    assert_beside(12, 250, true, true);
    assert_beside(20, 257, true, false);
    assert_beside(20, 258, true, true);
    (void)state;
}

static void a_comparison_that_is_withheld_takes_the_day_of_its_first_item_along(void **state)
{
    json_t *earlier = document_of(json_pack("[o]", counted(500, 40, 250)));
    json_t *row = counted(500, 40, 251);
    (void)json_object_set_new(row, "plan", json_pack("{s:s}", "first_item_day", "2026-07-01"));
    json_t *document = document_of(json_pack("[o]", row));
    hold(document, earlier);
    assert_true(json_is_null(at(row, "plan.first_item_day")));
    json_decref(document);
    json_decref(earlier);
    (void)state;
}

static json_t *of_periods(json_t *row, const char *from, const char *to)
{
    json_t *document = document_of(json_pack("[o]", row));
    (void)json_object_set_new(document, "period",
                              json_pack("{s:s, s:s, s:{s:s, s:s}}", "from", from, "to", to,
                                        "against", "from", "2025-01-01", "to", "2025-04-01"));
    return document;
}

/* Few items more, of these days. */
static void assert_held(const char *from, const char *to, bool held)
{
    json_t *then = of_periods(counted(600, 60, 250), "2026-07-01", "2026-10-01");
    json_t *row = counted(603, 60, 250);
    json_t *now = of_periods(row, from, to);
    /* Of the same earlier period, told alike. */
    hold(now, then);
    assert_int_equal(!has_numbers(at(row, "change")), held);
    json_decref(then);
    json_decref(now);
}

static void reports_are_held_against_each_other_where_their_days_meet(void **state)
{
    assert_held("2026-07-01", "2026-10-01", true);
    assert_held("2026-09-30", "2026-10-02", true);
    assert_held("2026-10-01", "2027-01-01", false);
    assert_held("2026-04-01", "2026-07-01", false);
    (void)state;
}

/* A value more of the change's earlier period, or of its own, or of the arms. */
static json_t *valued(const char *key, double value, double of_arm)
{
    json_t *row = counted(500, 40, 250);
    json_t *arms = json_object_get(json_object_get(row, "comparison"), "arms");
    (void)json_object_set_new(json_object_get(row, "change"), key, json_real(value));
    for (size_t i = 0; i < 2; i++)
        (void)json_object_set_new(json_array_get(arms, i), "value", json_real(of_arm));
    return row;
}

static void another_value_of_as_many_takes_its_result_out(void **state)
{
    assert_left(valued("now", 2.0, 3.0), valued("now", 2.0, 3.0), true, true, true);
    assert_left(valued("now", 2.0, 3.0), valued("now", 2.00000001, 3.0), false, true, true);
    assert_left(valued("before", 2.0, 3.0), valued("before", 2.1, 3.0), false, true, true);
    assert_left(valued("now", 2.0, 3.0), valued("now", 2.0, 3.1), true, false, true);
    /* Ten digits are written. */
    assert_left(valued("now", 2.0, 3.333333333), valued("now", 2.0, 10.0 / 3), true, true, true);
    (void)state;
}

static const json_t *entry_of(const json_t *document, const char *plan)
{
    size_t index = 0;
    json_t *entry = NULL;
    json_array_foreach(at(document, "compared_with.entries"), index, entry)
    {
        if (strcmp(text_at(entry, "plan"), plan) == 0)
            return entry;
    }
    return NULL;
}

static void words_that_held_and_words_that_did_not_are_told_apart(void **state)
{
    json_t *then =
        document_of(json_pack("[o, o, o]", plan_row("one", "better", 2),
                              plan_row("two", "better", 2), plan_row("gone", "worse", 2)));
    json_t *now =
        document_of(json_pack("[o, o, o]", plan_row("one", "better", 1.5),
                              plan_row("two", "trade_off", 2), plan_row("new", "better", 2)));
    json_t *two = json_object_get(json_array_get(json_object_get(now, "rows"), 1), "plan");
    (void)json_object_set_new(two, "amended", json_integer(1));
    (void)json_object_set_new(json_object_get(now, "assay"), "min_group", json_integer(10));
    held_add(now, then, "2026Q3");
    struct arena *arena = arena_create();
    assert_string_equal(held_summary(arena, now),
                        "Against 2026Q3 as published on 2026-10-02: 1 of 4 words held");
    assert_true(json_is_true(at(entry_of(now, "one"), "held")));
    assert_string_equal(held_sentence(arena, entry_of(now, "two")),
                        "a.b (two): better, now at a price; since then: min_group was changed, the "
                        "plan was amended");
    assert_string_equal(held_sentence(arena, entry_of(now, "gone")),
                        "a.b (gone): worse, now no answer; since then: there is no such row, "
                        "min_group was changed");
    assert_string_equal(text_at(entry_of(now, "new"), "now"), "better");
    arena_destroy(arena);
    json_decref(then);
    json_decref(now);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_read_in_the_order_of_their_words_then_by_size),
        cmocka_unit_test(counts_that_differ_by_few_take_their_result_out),
        cmocka_unit_test(what_stands_beside_a_comparison_is_held_too),
        cmocka_unit_test(a_comparison_that_is_withheld_takes_the_day_of_its_first_item_along),
        cmocka_unit_test(reports_are_held_against_each_other_where_their_days_meet),
        cmocka_unit_test(another_value_of_as_many_takes_its_result_out),
        cmocka_unit_test(words_that_held_and_words_that_did_not_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
