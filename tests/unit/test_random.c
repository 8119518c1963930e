#include "base/random.h"

#include "check.h"

static void splitmix64_gives_its_published_numbers(void **state)
{
    (void)state;
    const uint64_t published[] = {UINT64_C(6457827717110365317), UINT64_C(3203168211198807973),
                                  UINT64_C(9817491932198370423), UINT64_C(4593380528125082431),
                                  UINT64_C(16408922859458223821)};
    uint64_t seed = 1234567;
    for (size_t i = 0; i < sizeof published / sizeof *published; i++)
        assert_true(random_splitmix64(&seed) == published[i]);
}

static void xoshiro_gives_the_numbers_of_its_reference(void **state)
{
    (void)state;
    const uint64_t published[] = {UINT64_C(41943041), UINT64_C(58720359),
                                  UINT64_C(3588806011781223), UINT64_C(3591011842654386),
                                  UINT64_C(9228616714210784205)};
    struct random source = {{1, 2, 3, 4}};
    for (size_t i = 0; i < sizeof published / sizeof *published; i++)
        assert_true(random_bits(&source) == published[i]);
}

static void equal_seeds_give_equal_numbers_and_others_do_not(void **state)
{
    (void)state;
    struct random first = random_seed(0), second = random_seed(0), other = random_seed(1);
    size_t met = 0;
    for (int i = 0; i < 1000; i++) {
        uint64_t bits = random_bits(&first);
        assert_true(bits == random_bits(&second));
        met += bits == random_bits(&other);
    }
    assert_int_equal(met, 0);
}

static void below_is_even_and_in_range(void **state)
{
    (void)state;
    struct random source = random_seed(2);
    size_t count[7] = {0};
    for (int i = 0; i < 70000; i++) {
        uint64_t drawn = random_below(&source, 7);
        assert_true(drawn < 7);
        count[drawn]++;
    }
    for (int i = 0; i < 7; i++) /* five standard errors: 5 sqrt(70000 (1/7) (6/7)) = 463 */
        assert_near((double)count[i], 10000, 463);
    assert_true(random_below(&source, 1) == 0);
    assert_true(random_below(&source, 0) == 0);
    /* 2^63 + 1 rejects almost half of all numbers. */
    for (int i = 0; i < 1000; i++)
        assert_true(random_below(&source, (UINT64_C(1) << 63) + 1) <= UINT64_C(1) << 63);
}

enum variate { uniform, normal, exponential, log_normal };

static double draw(struct random *source, enum variate which)
{
    switch (which) {
    case uniform:
        return random_uniform(source);
    case normal:
        return random_normal(source);
    case exponential:
        return random_exponential(source, 3);
    case log_normal:
        return log(random_log_normal(source, 2, 0.5));
    }
    return 0;
}

/* Raw moments one to four, within five of their standard errors, sqrt((E x^2k - (E x^k)^2) / n). */
static void variates_have_their_moments(void **state)
{
    (void)state;
    const struct {
        enum variate which;
        double moment[8];
    } known[] = {
        {uniform, {1.0 / 2, 1.0 / 3, 1.0 / 4, 1.0 / 5, 1.0 / 6, 1.0 / 7, 1.0 / 8, 1.0 / 9}},
        {normal, {0, 1, 0, 3, 0, 15, 0, 105}},
        /* k! 3^k */
        {exponential, {3, 18, 162, 1944, 29160, 524880, 11022480, 264539520}},
        /* the logarithm: normal about 2 with variance 1/4 */
        {log_normal, {2, 4.25, 9.5, 22.1875, 53.875, 135.484375, 351.78125, 940.66015625}},
    };
    enum { draws = 400000 };
    for (size_t v = 0; v < sizeof known / sizeof *known; v++) {
        struct random source = random_seed(v + 10);
        double sum[4] = {0};
        for (int i = 0; i < draws; i++) {
            double x = draw(&source, known[v].which), power = 1;
            for (int k = 0; k < 4; k++)
                sum[k] += power *= x;
        }
        for (int k = 0; k < 4; k++) {
            double wanted = known[v].moment[k];
            double variance = known[v].moment[2 * k + 1] - wanted * wanted;
            assert_near(sum[k] / draws, wanted, 5 * sqrt(variance / draws));
        }
    }
}

static void normals_have_normal_tails(void **state)
{
    (void)state;
    enum { draws = 400000 };
    struct random source = random_seed(20);
    size_t beyond = 0;
    for (int i = 0; i < draws; i++)
        beyond += fabs(random_normal(&source)) > 1.959963984540054;
    assert_near((double)beyond / draws, 0.05, 5 * sqrt(0.05 * 0.95 / draws));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splitmix64_gives_its_published_numbers),
        cmocka_unit_test(xoshiro_gives_the_numbers_of_its_reference),
        cmocka_unit_test(equal_seeds_give_equal_numbers_and_others_do_not),
        cmocka_unit_test(below_is_even_and_in_range),
        cmocka_unit_test(variates_have_their_moments),
        cmocka_unit_test(normals_have_normal_tails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
