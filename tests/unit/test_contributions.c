/* Whose the difference of two numbers is. */

#include "check.h"

#include "base/arena.h"
#include "evidence/estimate/contributions.h"

/* People a, b, c, … with so many items each, ended by 0; the print is of items and value. */
static struct contributions of_people(struct arena *arena, const int64_t *items, double value)
{
    struct contributions out = {.known = true};
    for (size_t i = 0; items[i] != 0; i++) {
        const struct contribution one = {
            .worker = arena_printf(arena, "%c", (int)('a' + i)),
            .items = items[i],
            .weight = (double)items[i],
            .total = value * (double)items[i],
            .print = items[i] * 1000 + (int64_t)(value * 10),
        };
        contributions_add(&out, arena, &one);
    }
    return out;
}

static int64_t told(struct arena *arena, const struct contributions *a,
                    const struct contributions *b)
{
    const struct contributions between = contributions_less(arena, a, b);
    return contributions_tell_of(arena, &between);
}

static void what_is_the_same_tells_of_nobody(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    const struct contributions a = of_people(arena, (const int64_t[]){3, 4, 5, 0}, 1);
    const struct contributions b = of_people(arena, (const int64_t[]){3, 4, 5, 0}, 1);
    assert_true(contributions_same(&a, &b));
    assert_int_equal(told(arena, &a, &b), 0);
    arena_destroy(arena);
}

static void a_difference_tells_of_those_who_are_in_it_however_many_items_it_has(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    const struct contributions then = of_people(arena, (const int64_t[]){9, 9, 9, 9, 0}, 1);
    const struct contributions one = of_people(arena, (const int64_t[]){59, 9, 9, 9, 0}, 1);
    const struct contributions more = of_people(arena, (const int64_t[]){12, 12, 12, 9, 0}, 1);
    const struct contributions less = of_people(arena, (const int64_t[]){9, 9, 0}, 1);
    assert_int_equal(told(arena, &one, &then), 1);
    assert_int_equal(told(arena, &then, &one), 1);
    assert_int_equal(told(arena, &more, &then), 3);
    assert_int_equal(told(arena, &less, &then), 2);
    arena_destroy(arena);
}

/* 40 of 44 items: the other four are less than a quarter of these. */
static void a_difference_that_one_of_five_carries_tells_of_one(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    const struct contributions then = of_people(arena, (const int64_t[]){9, 9, 9, 9, 9, 0}, 1);
    const struct contributions now = of_people(arena, (const int64_t[]){49, 10, 10, 10, 10, 0}, 1);
    assert_int_equal(told(arena, &now, &then), 1);
    arena_destroy(arena);
}

static void of_values_that_were_corrected_what_they_changed_by_counts(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    const struct contributions then = of_people(arena, (const int64_t[]){9, 9, 9, 0}, 1);
    struct contributions now = of_people(arena, (const int64_t[]){9, 9, 9, 0}, 2);
    assert_int_equal(told(arena, &now, &then), 3);
    now.list[1].total = 1000;
    assert_int_equal(told(arena, &now, &then), 1);
    arena_destroy(arena);
}

/* Two months and their quarter: the third month's people are left. */
static void parts_taken_from_a_whole_leave_the_people_of_the_rest(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct contributions april = of_people(arena, (const int64_t[]){2, 3, 0}, 1);
    const struct contributions may = of_people(arena, (const int64_t[]){1, 1, 1, 1, 0}, 2);
    const struct contributions june = of_people(arena, (const int64_t[]){4, 4, 4, 4, 0}, 3);
    const struct contributions two = contributions_joined(arena, &may, &june);
    const struct contributions quarter = contributions_joined(arena, &april, &two);
    const struct contributions without_may = contributions_less(arena, &quarter, &may);
    const struct contributions rest = contributions_less(arena, &without_may, &june);
    assert_int_equal(contributions_items(&quarter), 25);
    assert_true(contributions_same(&rest, &april));
    assert_int_equal(contributions_tell_of(arena, &rest), 2);
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_the_same_tells_of_nobody),
        cmocka_unit_test(a_difference_tells_of_those_who_are_in_it_however_many_items_it_has),
        cmocka_unit_test(a_difference_that_one_of_five_carries_tells_of_one),
        cmocka_unit_test(of_values_that_were_corrected_what_they_changed_by_counts),
        cmocka_unit_test(parts_taken_from_a_whole_leave_the_people_of_the_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
