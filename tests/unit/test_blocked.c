#include "assay/blocked.h"

#include "clusters.h"

static struct error error;

enum { rows_max = 600, cell_count = 20 };

/* Rows by cluster, cell and arm. Cells 16 to 19 are rare: some lack an arm, some lose one with a
   single cluster. */
static int64_t cluster[rows_max], cell[rows_max], arm[rows_max];
static double items[rows_max], mean[rows_max];

static uint64_t seed;

static double uniform(void)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (double)(seed >> 11) / 0x1p53;
}

static struct blocked_rows generate(uint64_t from, double origin)
{
    size_t count = 0;
    seed = from;
    for (int64_t g = 0; g < 25; g++) {
        double taste = uniform();
        for (int64_t c = 0; c < cell_count; c++)
            for (int64_t a = 0; a < 2; a++) {
                if (uniform() > (c >= 16 ? 0.05 : 0.35))
                    continue;
                cluster[count] = 100 + 3 * g;
                cell[count] = c;
                arm[count] = a;
                items[count] = 1 + floor(6 * uniform());
                mean[count] = origin + 1 + taste + 0.1 * (double)c + 0.5 * (double)a + uniform();
                assert_true(++count < rows_max);
            }
    }
    return (struct blocked_rows){count, cluster, cell, arm, items, mean, cell_count};
}

/* The arms' weighted means without one cluster (a number that no cluster has: with all), by their
   definition. */
static void brute_means(const struct blocked_rows *rows, enum blocked_weights weights,
                        int64_t without, long double out[2])
{
    long double n[cell_count][2] = {{0}}, total[cell_count][2] = {{0}};
    long double one = 0, zero = 0, sum = 0;
    for (size_t i = 0; i < rows->count; i++) {
        if (rows->cluster[i] == without)
            continue;
        n[rows->cell[i]][rows->arm[i]] += rows->items[i];
        total[rows->cell[i]][rows->arm[i]] += (long double)rows->items[i] * rows->mean[i];
    }
    for (size_t c = 0; c < cell_count; c++) {
        if (n[c][0] == 0 || n[c][1] == 0)
            continue;
        long double w = weights == BLOCKED_ARM_0   ? n[c][0]
                        : weights == BLOCKED_ARM_1 ? n[c][1]
                                                   : n[c][0] * n[c][1] / (n[c][0] + n[c][1]);
        one += w * total[c][1] / n[c][1];
        zero += w * total[c][0] / n[c][0];
        sum += w;
    }
    out[0] = zero / sum;
    out[1] = one / sum;
}

static double brute(const struct blocked_rows *rows, enum blocked_weights weights,
                    enum blocked_scale scale, int64_t without)
{
    long double means[2];
    brute_means(rows, weights, without, means);
    if (scale == BLOCKED_LOG_RATIO)
        return (double)logl(means[1] / means[0]);
    return (double)(means[1] - means[0]);
}

static bool is_matched(const struct blocked_rows *rows, int64_t g)
{
    for (size_t i = 0; i < rows->count; i++)
        for (size_t j = 0; rows->cluster[i] == g && j < rows->count; j++)
            if (rows->cell[j] == rows->cell[i] && rows->arm[j] != rows->arm[i])
                return true;
    return false;
}

static void the_jackknife_agrees_with_deletion_by_brute_force(void **state)
{
    (void)state;
    size_t cells_lost = 0;
    for (uint64_t from = 1; from <= 8; from++) {
        struct blocked_rows rows = generate(from, from % 2 == 0 ? 1e6 : 0);
        double scratch[cell_count * 9];
        assert_int_equal(assay_blocked_scratch(cell_count), sizeof scratch / sizeof *scratch);
        for (size_t w = 0; w < 3; w++)
            for (size_t s = 0; s < 2; s++) {
                struct blocked got;
                assert_ok(assay_blocked(&rows, (enum blocked_weights)w, (enum blocked_scale)s, 0.95,
                                        scratch, &got, &error));
                double deleted[25], average = 0, variance = 0;
                size_t count = 0;
                for (int64_t g = 100; g < 175; g += 3)
                    if (is_matched(&rows, g))
                        deleted[count++] =
                            brute(&rows, (enum blocked_weights)w, (enum blocked_scale)s, g);
                for (size_t i = 0; i < count; i++)
                    average += deleted[i] / (double)count;
                for (size_t i = 0; i < count; i++)
                    variance += (deleted[i] - average) * (deleted[i] - average);
                variance *= (double)(count - 1) / (double)count;
                /* At an origin of 1e6 the means themselves are kept to 1e-10. */
                double tolerance = from % 2 == 0 ? 1e-8 : 1e-10;
                assert_close(got.estimate.value,
                             brute(&rows, (enum blocked_weights)w, (enum blocked_scale)s, -1),
                             tolerance);
                assert_close(got.estimate.standard_error, sqrt(variance), tolerance);
                assert_int_equal(got.clusters, count);
                cells_lost += cell_count - got.cells;
            }
    }
    assert_true(cells_lost > 0); /* else the case would not have been tested */
}

/* Satterthwaite's degrees of freedom of a sum of squares, with unbiased fourth moments. */
static double effective(const double *x, size_t count)
{
    double second = 0, fourth = 0;
    for (size_t g = 0; g < count; g++) {
        second += x[g] * x[g];
        fourth += x[g] * x[g] * x[g] * x[g];
    }
    return 3 * second * second / fourth - 2;
}

/* (s_1 + s_0)^2 / q, by its double sums. */
static double of_design(double share[][2], size_t count)
{
    double s[2] = {0, 0}, pairs[2] = {0, 0}, both = 0;
    for (size_t g = 0; g < count; g++)
        for (size_t h = 0; h < count; h++)
            for (size_t x = 0; x < 2; x++) {
                double w = share[g][x], v = share[h][x];
                double other = share[g][1 - x], theirs = share[h][1 - x];
                s[x] += g == h ? w * w : 0;
                pairs[x] += g == h ? 0 : w * w / (1 - w) * v * v / (1 - v);
                if (x == 1)
                    both += g == h ? w * other
                                   : w * other * v * theirs /
                                         sqrt((1 - w) * (1 - other) * (1 - v) * (1 - theirs));
            }
    return (s[1] + s[0]) * (s[1] + s[0]) /
           (s[1] * s[1] * (s[1] + pairs[1]) + s[0] * s[0] * (s[0] + pairs[0]) +
            2 * s[1] * s[0] * both);
}

/* df of the difference at the weights of arm 1, by the formula of the header. */
static void degrees_of_freedom_are_the_least_of_four(void **state)
{
    (void)state;
    for (uint64_t from = 1; from <= 12; from++) {
        struct blocked_rows rows = generate(from, 0);
        double scratch[cell_count * 9], n[cell_count][2] = {{0}}, total[cell_count][2] = {{0}};
        double weights = 0, phi[25] = {0}, away[25] = {0}, share[25][2] = {{0}};
        struct blocked got;
        assert_ok(
            assay_blocked(&rows, BLOCKED_ARM_1, BLOCKED_DIFFERENCE, 0.95, scratch, &got, &error));
        for (size_t i = 0; i < rows.count; i++) {
            n[cell[i]][arm[i]] += items[i];
            total[cell[i]][arm[i]] += items[i] * mean[i];
        }
        for (size_t c = 0; c < cell_count; c++)
            weights += n[c][0] > 0 ? n[c][1] : 0;
        for (size_t g = 0; g < 25; g++) {
            away[g] = brute(&rows, BLOCKED_ARM_1, BLOCKED_DIFFERENCE, 100 + 3 * (int64_t)g) -
                      brute(&rows, BLOCKED_ARM_1, BLOCKED_DIFFERENCE, -1);
            for (size_t i = 0; i < rows.count; i++) {
                size_t c = (size_t)cell[i], a = (size_t)arm[i];
                if (cluster[i] != 100 + 3 * (int64_t)g || n[c][0] == 0 || n[c][1] == 0)
                    continue;
                share[g][a] += n[c][1] / weights * items[i] / n[c][a];
                phi[g] += (a == 1 ? 1 : -1) * n[c][1] / weights *
                          (items[i] * mean[i] - items[i] * total[c][a] / n[c][a]) / n[c][a];
            }
        }
        double df = fmin(fmin(effective(phi, 25), effective(away, 25)), of_design(share, 25));
        assert_close(got.estimate.df, fmin((double)got.clusters - 1, df), 1e-8);
        assert_true(got.estimate.df > 1);
    }
}

/* The variance of arm 0's mean, and its covariance with the difference, by deletion. */
static void a_baseline_varies_as_deletion_shows(void **state)
{
    (void)state;
    for (uint64_t from = 1; from <= 6; from++) {
        struct blocked_rows rows = generate(from, 0);
        double scratch[cell_count * 9], zero[25], effect[25], average[2] = {0, 0}, sum[2] = {0, 0};
        struct blocked got;
        size_t count = 0;
        assert_ok(
            assay_blocked(&rows, BLOCKED_ARM_0, BLOCKED_DIFFERENCE, 0.95, scratch, &got, &error));
        for (int64_t g = 100; g < 175; g += 3) {
            long double means[2];
            if (!is_matched(&rows, g))
                continue;
            brute_means(&rows, BLOCKED_ARM_0, g, means);
            zero[count] = (double)means[0];
            effect[count++] = (double)(means[1] - means[0]);
        }
        for (size_t i = 0; i < count; i++) {
            average[0] += zero[i] / (double)count;
            average[1] += effect[i] / (double)count;
        }
        for (size_t i = 0; i < count; i++) {
            sum[0] += (zero[i] - average[0]) * (zero[i] - average[0]);
            sum[1] += (zero[i] - average[0]) * (effect[i] - average[1]);
        }
        double factor = (double)(count - 1) / (double)count;
        assert_close(got.baseline.mean, got.mean[0], 1e-15);
        assert_close(got.baseline.variance, factor * sum[0], 1e-10);
        assert_close(got.baseline.covariance, factor * sum[1], 1e-10);
        assert_true(got.baseline.df >= 1 && got.baseline.df <= (double)count - 1);
    }
}

static void precision_weights_give_least_squares_with_cell_dummies(void **state)
{
    (void)state;
    enum { full = 6, columns = full + 1 };
    /* Six full cells, one row per item: y on the arm and dummies of five cells. */
    static double values[columns][4000], ids[4000];
    const double *pointers[columns];
    double scratch[cell_count * 9];
    size_t count = 0, kept = 0;
    struct blocked_rows rows = generate(5, 0);
    for (size_t i = 0; i < rows.count; i++) {
        if (cell[i] >= full)
            continue;
        for (int item = 0; item < (int)items[i]; item++, count++) {
            values[0][count] = (double)arm[i];
            for (size_t c = 1; c < full; c++)
                values[c][count] = cell[i] == (int64_t)c;
            values[full][count] = mean[i] + (item % 2 == 0 ? 0.3 : -0.3);
            ids[count] = (double)cluster[i];
        }
        double shift = (int)items[i] % 2 == 1 ? 0.3 / items[i] : 0; /* odd rows have one + more */
        cluster[kept] = cluster[i];
        cell[kept] = cell[i];
        arm[kept] = arm[i];
        items[kept] = items[i];
        mean[kept++] = mean[i] + shift;
    }
    rows.count = kept;
    for (size_t j = 0; j < columns; j++)
        pointers[j] = values[j];
    struct clusters clusters = clusters_of(columns, count, pointers, ids);
    struct regression *regression = clusters_fit(clusters);
    struct blocked got;
    assert_ok(
        assay_blocked(&rows, BLOCKED_PRECISION, BLOCKED_DIFFERENCE, 0.95, scratch, &got, &error));
    assert_close(got.estimate.value, assay_regression_fit(regression).coefficient[1], 1e-10);
    assert_int_equal(got.cells, full);
    assay_regression_close(regression);
    clusters_free(clusters);
}

static void a_difference_worked_by_hand(void **state)
{
    (void)state;
    /* Cell 0: arm 0 has 2 items of mean 10, arm 1 has 3 of 12 and 1 of 16 (together 13). Cell 1:
       6 of 20 against 2 of 26. Cell 2: 4 items of arm 0 alone. By the mix of arm 0 (2 : 6):
       (2 x 3 + 6 x 6) / 8 = 5.25; means (2 x 13 + 6 x 26)/8 = 22.75 and (2 x 10 + 6 x 20)/8. */
    const int64_t g[] = {1, 1, 2, 2, 3, 3}, c[] = {0, 0, 0, 1, 1, 2}, a[] = {0, 1, 1, 0, 1, 0};
    const double n[] = {2, 3, 1, 6, 2, 4}, y[] = {10, 12, 16, 20, 26, 99};
    struct blocked_rows rows = {6, g, c, a, n, y, 3};
    double scratch[27];
    struct blocked got;
    assert_ok(assay_blocked(&rows, BLOCKED_ARM_0, BLOCKED_DIFFERENCE, 0.95, scratch, &got, &error));
    assert_near(got.estimate.value, 5.25, 1e-13);
    assert_near(got.mean[1], 22.75, 1e-13);
    assert_near(got.mean[0], 17.5, 1e-13);
    assert_near(got.unmatched[0], 4.0 / 12, 1e-15);
    assert_near(got.unmatched[1], 0, 0);
    assert_int_equal(got.cells, 2);
    assert_int_equal(got.clusters, 3);
    /* Without 1: cell 1 alone, 6. Without 2: cell 0 alone, 12 - 10. Without 3: cell 0 alone, 3.
       Their squares about 11/3 sum to 26/3. */
    assert_near(got.estimate.standard_error, sqrt(2.0 / 3 * 26 / 3), 1e-12);
}

/* Steps that drift from one half to the other, as workers in order of hire may: plain sums round
   each of them alike. Cells of one row per arm, then one cell of all rows. */
static void many_rows_and_many_cells_sum_to_the_last_digits(void **state)
{
    (void)state;
    enum { many = 400000, clusters = 20 };
    int64_t *g = malloc(many * sizeof *g), *c = malloc(many * sizeof *c);
    int64_t *a = malloc(many * sizeof *a);
    double *n = malloc(many * sizeof *n), *y = malloc(many * sizeof *y);
    double *scratch = malloc(assay_blocked_scratch(many / 2) * sizeof *scratch);
    assert_true(g != NULL && c != NULL && a != NULL && n != NULL && y != NULL && scratch != NULL);
    long double sums[2] = {0};
    for (size_t i = 0; i < many; i++) {
        g[i] = (int64_t)(i * clusters / many);
        a[i] = (int64_t)(i % 2);
        n[i] = 1;
        y[i] = (i < many / 2 ? 0.7 : 0.5) + (i % 2 == 1 ? 0.03 + 0.01 * (double)(g[i] % 3) : 0);
        sums[i % 2] += y[i];
    }
    double wanted = (double)((sums[1] - sums[0]) / (many / 2));
    for (size_t cells = 1; cells <= many / 2; cells *= many / 2) {
        struct blocked_rows rows = {many, g, c, a, n, y, cells};
        struct blocked got;
        for (size_t i = 0; i < many; i++)
            c[i] = cells > 1 ? (int64_t)(i / 2) : 0;
        assert_ok(
            assay_blocked(&rows, BLOCKED_ARM_1, BLOCKED_DIFFERENCE, 0.95, scratch, &got, &error));
        assert_int_equal(got.cells, cells);
        assert_near(got.estimate.value, wanted, 1e-15);
    }
    free(g);
    free(c);
    free(a);
    free(n);
    free(y);
    free(scratch);
}

static void what_cannot_be_compared_is_refused(void **state)
{
    (void)state;
    int64_t g[] = {1, 1, 2, 2}, c[] = {0, 1, 1, 0}, a[] = {0, 1, 1, 0};
    double n[] = {1, 1, 1, 1}, y[] = {1, 2, 3, 4};
    struct blocked_rows rows = {4, g, c, a, n, y, 2};
    double scratch[18];
    struct blocked got;
#define REFUSED(scale, words)                                                                      \
    assert_int_equal(assay_blocked(&rows, BLOCKED_ARM_1, scale, 0.95, scratch, &got, &error),      \
                     ERROR_DOMAIN);                                                                \
    assert_non_null(strstr(error.message, words))
    REFUSED(BLOCKED_DIFFERENCE, "no cell has items of both arms");
    c[3] = 1; /* now cell 1 has both, but arm 0 in it is cluster 2 alone */
    REFUSED(BLOCKED_DIFFERENCE, "without cluster 2");
    c[0] = 1;
    y[1] = -2;
    REFUSED(BLOCKED_LOG_RATIO, "mean is not above 0");
    y[1] = NAN;
    REFUSED(BLOCKED_DIFFERENCE, "row 2");
    y[1] = 2;
    g[0] = 3;
    REFUSED(BLOCKED_DIFFERENCE, "ordered by cluster");
    g[0] = 1;
    n[2] = 0;
    REFUSED(BLOCKED_DIFFERENCE, "row 3");
    n[2] = 1;
    a[0] = 2;
    REFUSED(BLOCKED_DIFFERENCE, "neither 0 nor 1");
    a[0] = 0;
    c[2] = 2;
    REFUSED(BLOCKED_DIFFERENCE, "there are 2 cells");
    c[2] = 1;
    g[2] = g[3] = 1;
    REFUSED(BLOCKED_DIFFERENCE, "cluster 1");
#undef REFUSED
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_jackknife_agrees_with_deletion_by_brute_force),
        cmocka_unit_test(degrees_of_freedom_are_the_least_of_four),
        cmocka_unit_test(a_baseline_varies_as_deletion_shows),
        cmocka_unit_test(precision_weights_give_least_squares_with_cell_dummies),
        cmocka_unit_test(a_difference_worked_by_hand),
        cmocka_unit_test(many_rows_and_many_cells_sum_to_the_last_digits),
        cmocka_unit_test(what_cannot_be_compared_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
