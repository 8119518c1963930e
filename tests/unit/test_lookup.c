#include "base/lookup.h"

#include "check.h"

static void texts_keep_the_number_that_they_got(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct lookup lookup = {.arena = arena};
    enum { count = 20000 };
    assert_true(lookup_find(&lookup, "anything") == SIZE_MAX);
    for (size_t i = 0; i < count; i++) {
        bool is_new = false;
        assert_int_equal(lookup_add(&lookup, arena_printf(arena, "plan-%zu", i), &is_new), i);
        assert_true(is_new);
    }
    for (size_t i = 0; i < count; i++) {
        bool is_new = true;
        const char *text = arena_printf(arena, "plan-%zu", i);
        assert_int_equal(lookup_add(&lookup, text, &is_new), i);
        assert_false(is_new);
        assert_int_equal(lookup_find(&lookup, text), i);
        assert_string_equal(lookup.texts[i], text);
    }
    assert_true(lookup_find(&lookup, "plan-") == SIZE_MAX);
    assert_int_equal(lookup_add(&lookup, "", NULL), count);
    assert_int_equal(lookup_find(&lookup, ""), count);
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_keep_the_number_that_they_got),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
