#include "base/arena.h"

#include "check.h"

static void memory_is_zeroed_and_aligned(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    for (size_t size = 1; size < 200000; size = size * 3 + 1) {
        unsigned char *memory = arena_alloc(arena, size);
        assert_int_equal((uintptr_t)memory % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(memory[i], 0);
        memset(memory, 0xff, size);
    }
    arena_destroy(arena);
}

static void grown_arrays_keep_what_they_held(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    size_t capacity = 0;
    int *numbers = NULL;
    for (size_t i = 0; i < 1000; i++) {
        numbers = arena_grow(arena, numbers, i, &capacity, sizeof *numbers);
        numbers[i] = (int)i;
    }
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(numbers[i], (int)i);
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_and_aligned),
        cmocka_unit_test(grown_arrays_keep_what_they_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
