/* Sums that keep what rounding takes. */

#include "stats/neumaier.h"

#include "check.h"

static double sum_of(size_t count, const double *terms)
{
    double sum = 0, rest = 0;
    for (size_t i = 0; i < count; i++)
        neumaier_add(&sum, &rest, terms[i]);
    return sum + rest;
}

/* Neumaier's own case against Kahan's sum, which gives 0 here. */
static void a_term_larger_than_the_sum_loses_nothing(void **state)
{
    (void)state;
    static const double terms[] = {1, 1e100, 1, -1e100};
    assert_true(sum_of(4, terms) == 2);
}

/* 10^6 times the double next to .1 is 100000 + 5.55e-12; the plain sum is off by 1e-6. */
static void a_million_terms_sum_to_the_last_digit(void **state)
{
    (void)state;
    double sum = 0, rest = 0, plain = 0;
    for (int i = 0; i < 1000000; i++) {
        neumaier_add(&sum, &rest, 0.1);
        plain += 0.1;
    }
    assert_true(sum + rest == 100000);
    assert_true(fabs(plain - 100000) > 1e-7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_term_larger_than_the_sum_loses_nothing),
        cmocka_unit_test(a_million_terms_sum_to_the_last_digit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
