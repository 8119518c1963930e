#include "assignment/draw.h"

#include "base/random.h"
#include "check.h"

#include <stdbool.h>

#define MATHLIB_STANDALONE
#include <Rmath.h>

static const double shares[] = {0.5, 0.25, 1.0 / 3, 0.1, 0.37, 0.9, 0.01};
enum { share_count = sizeof shares / sizeof *shares };

/* Keys that can be had again. */
static struct hash_key key_of(uint64_t seed)
{
    struct hash_key key;
    struct random source = random_seed(seed);
    for (size_t i = 0; i < sizeof key.bytes; i++)
        key.bytes[i] = (uint8_t)random_bits(&source);
    return key;
}

/* Places of the second arm among the first `count`, which is a whole number of blocks. */
static int taken(const struct draw *draw, const char *stratum, double share, int64_t blocks)
{
    int arms[draw_block_max];
    int sum = 0;
    for (int64_t b = 0; b < blocks; b++) {
        draw_block(draw, stratum, b, share, arms);
        for (int i = 0; i < draw_block_size(share); i++)
            sum += arms[i];
    }
    return sum;
}

static void blocks_hold_whole_places_of_usual_shares(void **state)
{
    (void)state;
    assert_int_equal(draw_block_size(0.5), 4);
    assert_int_equal(draw_block_size(1.0 / 3), 6);
    assert_int_equal(draw_block_size(0.25), 4);
    assert_int_equal(draw_block_size(0.1), 10);
    assert_int_equal(draw_block_size(0.45), 20);
    assert_int_equal(draw_block_size(0.37), 10);
}

static void arms_are_within_one_of_their_share_after_every_block(void **state)
{
    (void)state;
    for (int k = 0; k < share_count; k++)
        for (uint64_t seed = 0; seed < 20; seed++) {
            struct hash_key key = key_of(seed);
            struct draw draw = {&key, "p"};
            for (int64_t blocks = 1; blocks <= 60; blocks++) {
                double wanted = (double)blocks * draw_block_size(shares[k]) * shares[k];
                double got = taken(&draw, "s", shares[k], blocks);
                if (fabs(wanted - round(wanted)) < 1e-9 && draw_block_size(shares[k]) != 10)
                    assert_near(got, wanted, 0);
                assert_true(fabs(got - wanted) < 1 + 1e-9);
            }
        }
}

/* Over many keys each place is of the second arm with the plan's probability, and so is each pair
   of places of a block of 4 with 1/6: chi-squared at .001, keys being fixed. */
static void places_have_the_plans_probability_over_keys(void **state)
{
    (void)state;
    enum { keys = 3000 };
    for (int k = 0; k < share_count; k++) {
        int size = draw_block_size(shares[k]);
        int arms[draw_block_max];
        int counts[draw_block_max] = {0};
        double statistic = 0;
        for (uint64_t seed = 0; seed < keys; seed++) {
            struct hash_key key = key_of(1000 + seed);
            struct draw draw = {&key, "p"};
            draw_block(&draw, "s", 3, shares[k], arms);
            for (int i = 0; i < size; i++)
                counts[i] += arms[i];
        }
        double p = shares[k];
        for (int i = 0; i < size; i++)
            statistic += pow(counts[i] - keys * p, 2) / (keys * p * (1 - p));
        /* Where the arm's places of a block are a fixed number, they correlate by -1 / (size - 1),
           and the sum is size / (size - 1) times a chi-squared with one degree less; else they are
           nearly independent. */
        double fixed = qchisq(0.999, size - 1, true, false) * size / (size - 1);
        assert_true(statistic < fmax(fixed, qchisq(0.999, size, true, false)));
    }
}

static void all_orders_of_a_block_are_as_likely(void **state)
{
    (void)state;
    enum { keys = 3000 };
    int counts[16] = {0};
    double statistic = 0;
    for (uint64_t seed = 0; seed < keys; seed++) {
        struct hash_key key = key_of(seed);
        struct draw draw = {&key, "p"};
        int arms[draw_block_max];
        draw_block(&draw, "s", 0, 0.5, arms);
        counts[arms[0] * 8 + arms[1] * 4 + arms[2] * 2 + arms[3]]++;
    }
    for (int i = 0; i < 16; i++) {
        bool two = __builtin_popcount((unsigned)i) == 2;
        if (!two)
            assert_int_equal(counts[i], 0);
        else
            statistic += pow(counts[i] - keys / 6.0, 2) / (keys / 6.0);
    }
    assert_true(statistic < qchisq(0.999, 5, true, false));
}

static void other_keys_plans_and_strata_are_other_draws(void **state)
{
    (void)state;
    struct hash_key one = key_of(1), other = key_of(2);
    const struct draw draws[] = {{&one, "p"}, {&other, "p"}, {&one, "q"}};
    int first[3][40 * 4];
    int stratum[40 * 4];
    for (int d = 0; d < 3; d++)
        for (int b = 0; b < 40; b++)
            draw_block(&draws[d], "s", b, 0.5, &first[d][4 * b]);
    for (int b = 0; b < 40; b++)
        draw_block(&draws[0], "t", b, 0.5, &stratum[4 * b]);
    int same[3] = {0};
    for (int i = 0; i < 160; i++) {
        same[0] += first[0][i] == first[1][i];
        same[1] += first[0][i] == first[2][i];
        same[2] += first[0][i] == stratum[i];
    }
    for (int i = 0; i < 3; i++) /* 80 by chance, with a deviation of 6 */
        assert_true(same[i] > 50 && same[i] < 110);
}

static void each_block_of_waves_has_each_wave_once(void **state)
{
    (void)state;
    struct hash_key key = key_of(7);
    struct draw draw = {&key, "p"};
    int waves[5];
    for (int64_t b = 0; b < 50; b++) {
        int seen[5] = {0};
        draw_equal(&draw, "s", b, 5, 5, waves);
        for (int i = 0; i < 5; i++)
            seen[waves[i]]++;
        for (int i = 0; i < 5; i++)
            assert_int_equal(seen[i], 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_hold_whole_places_of_usual_shares),
        cmocka_unit_test(arms_are_within_one_of_their_share_after_every_block),
        cmocka_unit_test(places_have_the_plans_probability_over_keys),
        cmocka_unit_test(all_orders_of_a_block_are_as_likely),
        cmocka_unit_test(other_keys_plans_and_strata_are_other_draws),
        cmocka_unit_test(each_block_of_waves_has_each_wave_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
