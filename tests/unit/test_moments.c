#include "assay/moments.h"

#include "check.h"

static struct error error;

/* Rows one at a time through update, so that Welford's kernel is used rather than the runs. */
static void add_singly(size_t k, size_t rows, const double *const *columns, double *moments)
{
    const double *at[assay_moments_columns_max];
    void *states[1] = {moments};
    for (size_t row = 0; row < rows; row++) {
        for (size_t j = 0; j < k; j++)
            at[j] = columns[j] + row;
        assay_moments_update(k, 1, at, states);
    }
}

enum { rows = 3001 };
static double data[3][rows];
static const double *const data_columns[3] = {data[0], data[1], data[2]};

/* Three correlated columns with very different scales, the same on every machine. */
static void fill(double shift)
{
    uint64_t x = 12345;
    for (size_t row = 0; row < rows; row++) {
        double uniform[3];
        for (size_t j = 0; j < 3; j++) {
            x = x * 6364136223846793005u + 1442695040888963407u;
            uniform[j] = (double)(x >> 40) / 0x1p24 - 0.5;
        }
        data[0][row] = shift + uniform[0];
        data[1][row] = 1e-6 * (uniform[0] + uniform[1]);
        data[2][row] = shift + 1e4 * (uniform[2] - uniform[1]);
    }
}

/* The definition, in long double, about the exact mean. */
static void by_definition(double *moments)
{
    long double mean[3];
    moments[0] = rows;
    for (size_t j = 0; j < 3; j++) {
        mean[j] = 0;
        for (size_t row = 0; row < rows; row++)
            mean[j] += data[j][row];
        mean[j] /= rows;
        moments[1 + j] = (double)mean[j];
    }
    double *cross = moments + 4;
    for (size_t i = 0; i < 3; i++) {
        for (size_t j = 0; j <= i; j++) {
            long double sum = 0;
            for (size_t row = 0; row < rows; row++)
                sum += (data[i][row] - mean[i]) * (data[j][row] - mean[j]);
            *cross++ = (double)sum;
        }
    }
}

/* Cross-products are compared on the scale of the two columns, means on that of the column. */
static void assert_same(const double *got, const double *wanted, double tolerance)
{
    assert_true(got[0] == wanted[0]);
    for (size_t i = 0; i < 3; i++) {
        double own = assay_moments_cross(3, wanted, i, i);
        assert_near(got[1 + i], wanted[1 + i],
                    fmax(tolerance * sqrt(own / wanted[0]), 2e-15 * fabs(wanted[1 + i])));
        for (size_t j = 0; j <= i; j++)
            assert_near(assay_moments_cross(3, got, i, j), assay_moments_cross(3, wanted, i, j),
                        tolerance * sqrt(own * assay_moments_cross(3, wanted, j, j)));
    }
}

static void a_shift_by_1e8_cancels_nothing(void **state)
{
    (void)state;
    double wanted[10], got[10];
    fill(1e8);
    by_definition(wanted);
    assay_moments_init(3, got);
    assay_moments_add(3, rows, data_columns, got);
    /* Means are kept to 1.5e-8 at 1e8, and three runs are merged by differences of their means. */
    assert_same(got, wanted, 1e-9);
    assay_moments_init(3, got);
    add_singly(3, rows, data_columns, got);
    assert_same(got, wanted, 1e-7);
}

static void a_run_is_corrected_for_its_rounded_mean(void **state)
{
    (void)state;
    /* At 1e12 a plain sum of 1,000 numbers is kept to .125; the mean that it gives is off by 1e-3,
       and the squares about it would be by 1e-5 of themselves. */
    enum { run = 1000 };
    double moments[3];
    long double mean = 0, squares = 0;
    fill(1e12);
    for (size_t row = 0; row < run; row++)
        mean += (long double)data[0][row] / run;
    for (size_t row = 0; row < run; row++)
        squares += (data[0][row] - mean) * (data[0][row] - mean);
    assay_moments_init(1, moments);
    assay_moments_add(1, run, data_columns, moments);
    assert_close(moments[1], (double)mean, 2.3e-16);
    assert_close(moments[2], (double)squares, 1e-9);
}

static void any_split_merges_to_the_same_moments(void **state)
{
    (void)state;
    double wanted[10], whole[10], part[10];
    fill(0);
    by_definition(wanted);
    for (size_t size = 1; size < rows; size = size * 3 + 1) {
        assay_moments_init(3, whole);
        for (size_t first = 0; first < rows; first += size) {
            const double *at[3] = {data[0] + first, data[1] + first, data[2] + first};
            assay_moments_init(3, part);
            assay_moments_add(3, rows - first < size ? rows - first : size, at, part);
            assay_moments_merge(3, part, whole);
        }
        assert_same(whole, wanted, 1e-13);
    }
}

static void rows_find_their_states_in_any_order(void **state)
{
    (void)state;
    double whole[10], wanted[10], groups[7][10];
    void *states[rows];
    fill(0);
    by_definition(wanted);
    for (size_t run = 1; run < 100; run += 14) {
        assay_moments_init(3, whole);
        for (size_t g = 0; g < 7; g++)
            assay_moments_init(3, groups[g]);
        for (size_t row = 0; row < rows; row++)
            states[row] = groups[(row / run) % 7];
        assay_moments_update(3, rows, data_columns, states);
        double mean = 0;
        size_t count = 0;
        for (size_t row = 0; row < rows; row++)
            if ((row / run) % 7 == 3) {
                mean += data[2][row];
                count++;
            }
        assert_true(groups[3][0] == (double)count);
        assert_close(groups[3][3], mean / (double)count, 1e-12);
        for (size_t g = 0; g < 7; g++)
            assay_moments_merge(3, groups[g], whole);
        assert_same(whole, wanted, 1e-13);
    }
}

static void every_number_of_columns_gives_the_same_numbers(void **state)
{
    (void)state;
    enum { most = 9 };
    const double *columns[most];
    double moments[55];
    fill(0);
    for (size_t j = 0; j < most; j++)
        columns[j] = data[j % 3];
    double wanted[10];
    by_definition(wanted);
    for (size_t k = 1; k <= most; k++) {
        assert_int_equal(assay_moments_length(k), 1 + k + k * (k + 1) / 2);
        assay_moments_init(k, moments);
        assay_moments_add(k, rows, columns, moments);
        for (size_t i = 0; i < k; i++)
            for (size_t j = 0; j <= i; j++)
                assert_near(assay_moments_cross(k, moments, i, j),
                            assay_moments_cross(3, wanted, i % 3, j % 3),
                            1e-12 * sqrt(assay_moments_cross(3, wanted, i % 3, i % 3) *
                                         assay_moments_cross(3, wanted, j % 3, j % 3)));
    }
}

static void no_rows_give_no_result_and_infinite_rows_are_refused(void **state)
{
    (void)state;
    double moments[6], result[6] = {7};
    const double column[2][2] = {{1, 2}, {3, INFINITY}};
    const double *columns[2] = {column[0], column[1]};
    assay_moments_init(2, moments);
    assert_false(assay_moments_result(2, moments, result));
    assert_true(result[0] == 7);
    assert_int_equal(assay_moments_check(2, moments, &error), ERROR_DOMAIN);
    assay_moments_merge(2, moments, result);
    assert_true(result[0] == 7);
    assay_moments_add(2, 2, columns, moments);
    assert_int_equal(assay_moments_check(2, moments, &error), ERROR_DOMAIN);
    assert_non_null(strstr(error.message, "column 2"));
    assay_moments_init(2, moments);
    assay_moments_add(2, 1, columns, moments);
    assert_ok(assay_moments_check(2, moments, &error));
    assert_true(assay_moments_result(2, moments, result));
    assert_true(result[1] == 1 && result[2] == 3 && result[3] == 0);
}

/* Sums of columns, put into the columns' places and counted row by row. */
static void mapped_columns_have_the_moments_of_mapped_rows(void **state)
{
    (void)state;
    static const double matrix[3 * 3] = {0, 0, 2.5, 1, 3e6, 0, -0.5, 0, 1e-4};
    static const double shift[3] = {0, -7, 1e3};
    double of_columns[10], mapped[10], wanted[10];
    fill(10);
    assay_moments_init(3, of_columns);
    assay_moments_add(3, rows, data_columns, of_columns);
    assay_moments_map(3, of_columns, 3, matrix, shift, mapped);
    for (size_t row = 0; row < rows; row++) {
        const double x[3] = {data[0][row], data[1][row], data[2][row]};
        for (size_t i = 0; i < 3; i++)
            data[i][row] = shift[i] + matrix[3 * i] * x[0] + matrix[3 * i + 1] * x[1] +
                           matrix[3 * i + 2] * x[2];
    }
    by_definition(wanted);
    for (size_t i = 0; i < 10; i++)
        assert_close(mapped[i], wanted[i], 1e-9);
    /* Fewer columns than there were. */
    assay_moments_map(3, of_columns, 1, matrix + 3, shift + 1, mapped);
    assert_close(mapped[1], wanted[2], 1e-9);
    assert_close(mapped[2], wanted[6], 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shift_by_1e8_cancels_nothing),
        cmocka_unit_test(a_run_is_corrected_for_its_rounded_mean),
        cmocka_unit_test(any_split_merges_to_the_same_moments),
        cmocka_unit_test(rows_find_their_states_in_any_order),
        cmocka_unit_test(every_number_of_columns_gives_the_same_numbers),
        cmocka_unit_test(mapped_columns_have_the_moments_of_mapped_rows),
        cmocka_unit_test(no_rows_give_no_result_and_infinite_rows_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
