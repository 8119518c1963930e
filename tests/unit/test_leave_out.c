/* The slope on the share of others: by its definition, and how it does where hard items are given
   AI.

   Without arguments: a quick look with bounds. With a number of runs, as in

       build/tests/unit/test_leave_out 2000

   it prints the table of docs/methods/comparison.md. */

#include "assay/leave_out.h"
#include "base/random.h"

#include "check.h"

static struct error error;

/* ---- Items ------------------------------------------------------------------------------ */

enum { items_most = 30 * 12 * 80, rows_most = 30 * 12 * 2, small = 400 };

struct items {
    size_t count;
    int64_t unit[items_most], period[items_most], arm[items_most];
    double y[items_most];
};

struct compressed {
    int64_t unit[rows_most], period[rows_most], arm[rows_most];
    double items[rows_most], mean[rows_most], squares[rows_most];
};

/* Items are ordered by unit and period. */
static struct leave_out_rows compress(const struct items *all, size_t periods)
{
    static struct compressed out;
    size_t count = 0;
    for (size_t i = 0; i < all->count;) {
        double n[2] = {0, 0}, mean[2] = {0, 0}, squares[2] = {0, 0};
        size_t first = i;
        for (; i < all->count && all->unit[i] == all->unit[first] &&
               all->period[i] == all->period[first];
             i++) {
            size_t a = (size_t)all->arm[i];
            double step = all->y[i] - mean[a];
            mean[a] += step / ++n[a];
            squares[a] += step * (all->y[i] - mean[a]);
        }
        for (size_t a = 0; a < 2; a++) {
            if (n[a] == 0)
                continue;
            assert_in_range(count, 0, rows_most - 1);
            out.unit[count] = all->unit[first];
            out.period[count] = all->period[first];
            out.arm[count] = (int64_t)a;
            out.items[count] = n[a];
            out.mean[count] = mean[a];
            out.squares[count++] = squares[a];
        }
    }
    return (struct leave_out_rows){count,     out.unit, out.period,  out.arm,
                                   out.items, out.mean, out.squares, periods};
}

/* ---- By its definition ------------------------------------------------------------------ */

/* Adds to h the projection onto a column, of what columns before it leave of it. */
static void project(size_t n, const double *column, double (*basis)[small], size_t *count)
{
    double left[small], length = 0;
    memcpy(left, column, n * sizeof *left);
    for (int twice = 0; twice < 2; twice++)
        for (size_t b = 0; b < *count; b++) {
            double along = 0;
            for (size_t i = 0; i < n; i++)
                along += basis[b][i] * left[i];
            for (size_t i = 0; i < n; i++)
                left[i] -= along * basis[b][i];
        }
    for (size_t i = 0; i < n; i++)
        length += left[i] * left[i];
    if (length < 1e-12)
        return;
    for (size_t i = 0; i < n; i++)
        basis[*count][i] = left[i] / sqrt(length);
    ++*count;
}

/* A in full, of items of which none is alone in its period. */
static void matrix_of(const struct items *all, double (*a)[small])
{
    static double basis[60][small], column[small];
    size_t n = all->count, count = 0;
    for (int kind = 0; kind < 2; kind++)
        for (int64_t value = 0; value < 20; value++) {
            for (size_t i = 0; i < n; i++)
                column[i] = (kind == 0 ? all->unit[i] : all->period[i]) == value;
            project(n, column, basis, &count);
        }
    for (size_t i = 0; i < n; i++) {
        double size = 0, leverage = 0;
        for (size_t j = 0; j < n; j++)
            size += all->unit[i] == all->unit[j] && all->period[i] == all->period[j];
        for (size_t b = 0; b < count; b++)
            leverage += basis[b][i] * basis[b][i];
        double part = (1 / size - leverage) * size / (size - 1);
        for (size_t j = 0; j < n; j++) {
            bool same = all->unit[i] == all->unit[j] && all->period[i] == all->period[j];
            double hat = 0;
            for (size_t b = 0; b < count; b++)
                hat += basis[b][i] * basis[b][j];
            a[i][j] =
                (same ? 1 / size : 0) - hat - (same ? part * ((i == j ? 1 : 0) - 1 / size) : 0);
        }
    }
}

static struct items *small_items(uint64_t seed, double origin, bool apart)
{
    static struct items items;
    struct random source = random_seed(seed);
    items.count = 0;
    for (int64_t unit = 0; unit < 6; unit++)
        for (int64_t period = 0; period < 8; period++) {
            size_t n = random_below(&source, 8);
            /* Two parts that share no period, or units that come and go. */
            if (n == 1 || (apart ? (unit < 3) != (period < 4) : unit == 2 && period > 4))
                continue;
            double push = random_uniform(&source);
            for (size_t i = 0; i < n; i++) {
                size_t at = items.count++;
                items.unit[at] = unit;
                items.period[at] = period;
                items.arm[at] = random_uniform(&source) < push;
                items.y[at] = origin + (double)unit + 0.5 * (double)period + (double)items.arm[at] +
                              random_normal(&source);
            }
        }
    return &items;
}

static void the_slope_is_that_of_a_matrix_without_a_diagonal(void **state)
{
    (void)state;
    static double a[small][small];
    for (uint64_t seed = 1; seed <= 6; seed++) {
        const struct items *items = small_items(seed, seed % 2 == 0 ? 1e6 : 0, seed % 3 == 0);
        struct leave_out got;
        struct leave_out_rows rows = compress(items, 8);
        double over = 0, under = 0;
        assert_in_range(items->count, 60, small);
        matrix_of(items, a);
        for (size_t i = 0; i < items->count; i++) {
            double unit = 0;
            assert_near(a[i][i], 0, 1e-12);
            for (size_t j = 0; j < items->count; j++) {
                over += (items->y[i] - items->y[0]) * a[i][j] * (double)items->arm[j];
                under += (double)items->arm[i] * a[i][j] * (double)items->arm[j];
                unit += items->unit[j] == items->unit[0] ? a[i][j] : 0;
            }
            assert_near(unit, 0, 1e-12); /* it takes a unit's effect out */
        }
        assert_ok(assay_leave_out(&rows, VARIANCE_CR2, false, 0.95, NULL, &got, &error));
        double tolerance = seed % 2 == 0 ? 1e-8 : 1e-10;
        assert_close(got.estimate.value, over / under, tolerance);
        assert_close((1 - got.chance) * got.spread * got.spread * got.items, under, 1e-9);
        assert_close(got.outcome.value / got.uptake.mean, over / under, tolerance);
    }
}

static void leaving_a_unit_out_is_a_fit_without_it(void **state)
{
    (void)state;
    struct items *items = small_items(5, 10, false);
    struct leave_out got;
    struct leave_out_rows rows = compress(items, 8);
    double without = 0, influence[6] = {0};
    assert_ok(assay_leave_out(&rows, VARIANCE_CR2, false, 0.95, influence, &got, &error));
    double sum = 0;
    for (size_t unit = 0; unit < 6; unit++)
        sum += influence[unit];
    assert_near(sum, 0, 1e-10);
    assert_ok(assay_leave_out_without(&rows, 4, &without, &error));
    size_t kept = 0;
    for (size_t i = 0; i < items->count; i++)
        if (items->unit[i] != 4) {
            items->unit[kept] = items->unit[i];
            items->period[kept] = items->period[i];
            items->arm[kept] = items->arm[i];
            items->y[kept++] = items->y[i];
        }
    items->count = kept;
    rows = compress(items, 8);
    assert_ok(assay_leave_out(&rows, VARIANCE_CR2, false, 0.95, NULL, &got, &error));
    assert_close(without, got.estimate.value, 1e-10);
    /* Leaving out moves the slope to the side that the influence says. */
    assert_true((without - got.estimate.value) * influence[4] <= 0 || fabs(influence[4]) < 0.05);
}

static void what_tells_nothing_is_refused(void **state)
{
    (void)state;
    struct items *items = small_items(5, 10, false);
    struct leave_out got = {.items = -1};
    struct leave_out_rows rows = compress(items, 8);
    rows.period_count = 63;
    assert_int_equal(assay_leave_out(&rows, VARIANCE_CR2, false, 0.95, NULL, &got, &error),
                     ERROR_DOMAIN);
    for (size_t i = 0; i < items->count; i++)
        items->arm[i] = items->unit[i] < 3;
    rows = compress(items, 8);
    assert_int_equal(assay_leave_out(&rows, VARIANCE_CR2, false, 0.95, NULL, &got, &error),
                     ERROR_SINGULAR);
    ((int64_t *)rows.unit)[0] = 7;
    assert_int_equal(assay_leave_out(&rows, VARIANCE_CR2, false, 0.95, NULL, &got, &error),
                     ERROR_DOMAIN);
    assert_true(got.items == -1);
}

/* ---- Where hard items are given AI ------------------------------------------------------ */

struct world {
    size_t units;
    size_t least, most; /* items of a unit's period */
    double spread;      /* of what moves a unit's period, on the logit scale */
    double effect;
    double mood; /* standard deviation of a unit's period in the outcome */
};

struct outcome {
    double bias, median, shares; /* of the slope, and of least squares on the share */
    double covered, bounded;     /* shares of runs */
    double chance;
};

/* Each item is given AI by a coin of its own, the harder the likelier. */
static const struct items *draw(const struct world *world, struct random *source)
{
    static struct items items;
    items.count = 0;
    double period_effect[12];
    for (size_t p = 0; p < 12; p++)
        period_effect[p] = random_normal(source);
    for (size_t unit = 0; unit < world->units; unit++) {
        double level = 0.5 * random_normal(source);
        for (size_t p = 0; p < 12; p++) {
            double push = level + world->spread * random_normal(source);
            double mood = world->mood * random_normal(source);
            size_t n = world->least + random_below(source, world->most - world->least + 1);
            for (size_t i = 0; i < n; i++) {
                double hard = random_normal(source);
                bool given = random_uniform(source) < 1 / (1 + exp(-push - 1.2 * hard));
                size_t at = items.count++;
                items.unit[at] = (int64_t)unit;
                items.period[at] = (int64_t)p;
                items.arm[at] = given;
                items.y[at] = 20 + 2 * level + period_effect[p] + mood + 3 * hard +
                              (given ? world->effect : 0) + random_normal(source);
            }
        }
    }
    return &items;
}

static int by_size(const void *a, const void *b)
{
    double one = *(const double *)a, other = *(const double *)b;
    return (one > other) - (one < other);
}

static struct outcome runs_of(const struct world *world, uint64_t seed, size_t runs)
{
    struct outcome out = {0};
    struct random source = random_seed(seed);
    double *slopes = malloc(runs * sizeof *slopes);
    assert_non_null(slopes);
    for (size_t run = 0; run < runs; run++) {
        struct leave_out got;
        struct leave_out_rows rows = compress(draw(world, &source), 12);
        assert_ok(assay_leave_out(&rows, VARIANCE_CR2, false, 0.95, NULL, &got, &error));
        const struct interval interval = got.estimate.interval;
        slopes[run] = got.estimate.value - world->effect;
        out.bias += slopes[run] / (double)runs;
        out.shares += (got.slope_of_shares - world->effect) / (double)runs;
        out.covered +=
            (interval.low <= world->effect && world->effect <= interval.high) / (double)runs;
        out.bounded += (isfinite(interval.low) && isfinite(interval.high)) / (double)runs;
        out.chance += got.chance / (double)runs;
    }
    qsort(slopes, runs, sizeof *slopes, by_size);
    out.median = (slopes[runs / 2] + slopes[(runs - 1) / 2]) / 2;
    free(slopes);
    return out;
}

/* At 400 runs a coverage of 95 % has a standard deviation of 1.1 points. */
static void who_is_given_ai_does_not_move_the_slope(void **state)
{
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        const struct world world = {12, 10, 15, 1, i % 2 == 0 ? 0 : 2, i < 2 ? 0 : 1};
        struct outcome got = runs_of(&world, 41 + i, 400);
        assert_in_range((int)(1000 * got.covered), 920, 985);
        assert_near(got.bias, 0, 0.25);
        assert_near(got.median, 0, 0.15);
        assert_true(got.bounded > 0.98);
        assert_true(got.shares > 0.8); /* and did */
    }
}

static void where_chance_alone_moves_the_share_nothing_is_claimed(void **state)
{
    (void)state;
    const struct world world = {12, 8, 8, 0, 0, 0};
    struct outcome got = runs_of(&world, 61, 400);
    assert_true(got.covered > 0.93);
    assert_true(got.bounded < 0.15);
    assert_true(got.shares > 2);
}

static void print_table(size_t runs)
{
    static const double spreads[] = {0, 0.5, 1, 2};
    static const size_t teams[][3] = {{12, 8, 8}, {12, 10, 15}, {30, 10, 15}, {12, 80, 80}};
    (void)printf("| teams | items a week | moved by | effect | of shares | of others | median | "
                 "covered | bounded | by chance |\n");
    for (size_t t = 0; t < 4; t++)
        for (size_t s = 0; s < 4; s++)
            for (int effect = 0; effect <= 2; effect += 2) {
                const struct world world = {teams[t][0], teams[t][1], teams[t][2],
                                            spreads[s],  effect,      1};
                struct outcome got = runs_of(&world, 100 + t, runs);
                (void)printf("| %zu | %zu to %zu | %.1f | %d | %.2f | %.2f | %.2f | %.1f | %.0f | "
                             "%.0f %% |\n",
                             teams[t][0], teams[t][1], teams[t][2], spreads[s], effect,
                             effect + got.shares, effect + got.bias, effect + got.median,
                             100 * got.covered, 100 * got.bounded, 100 * got.chance);
                (void)fflush(stdout);
            }
}

int main(int count, char **arguments)
{
    if (count > 1) {
        print_table(strtoul(arguments[1], NULL, 10));
        return 0;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_slope_is_that_of_a_matrix_without_a_diagonal),
        cmocka_unit_test(leaving_a_unit_out_is_a_fit_without_it),
        cmocka_unit_test(what_tells_nothing_is_refused),
        cmocka_unit_test(who_is_given_ai_does_not_move_the_slope),
        cmocka_unit_test(where_chance_alone_moves_the_share_nothing_is_claimed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
