/* Cells compared with each other where people work in several of them.

   Without arguments: a quick look with bounds. With a number of runs it prints the table of
   docs/methods/heterogeneity.md. */

#include "assay/heterogeneity.h"

#include "assay/blocked.h"
#include "base/random.h"

#include "check.h"

#include <stdlib.h>

enum { cells_most = 12, workers_most = 60, rows_most = workers_most * 2 };

static struct error error;

struct design {
    size_t workers;
    size_t cells;
    bool in_all;   /* every worker is in every cell; else in one */
    double shared; /* sd of a worker's own effect, in every cell of theirs */
    double apart;  /* sd of the effect between cells */
    double first;  /* what the first cell has more */
};

struct drawn {
    double value[cells_most], variance[cells_most], df[cells_most], items[cells_most];
    double part[cells_most * workers_most];
    double truth[cells_most];
    struct cell_answer answers[cells_most];
    struct heterogeneity result;
};

/* Ten items of each worker and arm in a cell, with a variance of 1 each. */
static void draw_cell(const struct design *design, const double *effect, size_t cell,
                      struct random *source, struct drawn *out)
{
    int64_t cluster[rows_most], stratum[rows_most], arm[rows_most];
    double items[rows_most], mean[rows_most], scratch[16];
    struct blocked_rows rows = {0, cluster, stratum, arm, items, mean, 1};
    struct blocked blocked;
    double *deviation = out->part + cell * design->workers;
    for (size_t g = 0; g < design->workers; g++) {
        deviation[g] = NAN;
        if (!design->in_all && g % design->cells != cell)
            continue;
        double level = random_normal(source);
        for (int64_t a = 0; a < 2; a++) {
            cluster[rows.count] = (int64_t)g;
            stratum[rows.count] = 0;
            arm[rows.count] = a;
            items[rows.count] = 10;
            mean[rows.count++] = level + (a == 1 ? out->truth[cell] + effect[g] : 0) +
                                 random_normal(source) / sqrt(10);
        }
    }
    assert_ok(assay_blocked_deletions(&rows, BLOCKED_ARM_1, BLOCKED_DIFFERENCE, 0.95, scratch,
                                      deviation, &blocked, &error));
    assay_parts_of_deletions(design->workers, deviation);
    out->value[cell] = blocked.estimate.value;
    out->variance[cell] = blocked.estimate.standard_error * blocked.estimate.standard_error;
    out->df[cell] = blocked.estimate.df;
    out->items[cell] = 20.0 * (double)rows.count / 2;
}

static void draw(const struct design *design, struct random *source, struct drawn *out)
{
    double effect[workers_most];
    double scratch[8 * cells_most];
    for (size_t g = 0; g < design->workers; g++)
        effect[g] = design->shared * random_normal(source);
    for (size_t c = 0; c < design->cells; c++) {
        out->truth[c] = design->apart * random_normal(source) + (c == 0 ? design->first : 0);
        draw_cell(design, effect, c, source, out);
    }
    const struct cell_estimates cells = {design->cells, design->workers, out->value, out->variance,
                                         out->df,       out->items,      out->part};
    assert_true(assay_heterogeneity_scratch(cells.count) <= sizeof scratch / sizeof *scratch);
    assert_ok(assay_heterogeneity(&cells, 0.05, 0.95, scratch, out->answers, &out->result, &error));
}

struct tally {
    double any;      /* share of runs in which any cell is called different */
    double first;    /* in which the first is */
    double raw_miss; /* mean square of raw and shrunken values from the truth */
    double shrunken_miss;
    double between; /* mean of tau */
    double covered; /* share of shrunken intervals that hold the cell's truth */
};

static struct tally measure(const struct design *design, int runs)
{
    struct random source = random_seed(20261127);
    struct tally out = {0};
    double quantile = 0;
    static struct drawn drawn;
    for (int run = 0; run < runs; run++) {
        draw(design, &source, &drawn);
        out.any += drawn.result.different > 0;
        out.first += drawn.answers[0].different;
        out.between += sqrt(drawn.result.pooled.between);
        for (size_t c = 0; c < design->cells; c++) {
            double half = drawn.answers[c].shrunken.standard_error;
            assert_ok(assay_quantile(0.95, drawn.df[c], &quantile, &error));
            half *= quantile;
            double raw = drawn.value[c] - drawn.truth[c];
            double shrunken = drawn.answers[c].shrunken.value - drawn.truth[c];
            out.raw_miss += raw * raw / (double)design->cells;
            out.shrunken_miss += shrunken * shrunken / (double)design->cells;
            out.covered += (fabs(shrunken) <= half) / (double)design->cells;
        }
    }
    out.any /= runs;
    out.first /= runs;
    out.between /= runs;
    out.covered /= runs;
    out.raw_miss /= runs;
    out.shrunken_miss /= runs;
    return out;
}

static const struct design same[] = {
    {24, 2, true, 0.5, 0, 0},  {24, 4, true, 0.5, 0, 0},  {24, 12, true, 0.5, 0, 0},
    {24, 12, true, 0, 0, 0},   {60, 12, true, 1, 0, 0},   {20, 2, false, 0.5, 0, 0},
    {40, 4, false, 0.5, 0, 0}, {60, 6, false, 0.5, 0, 0}, {10, 4, true, 0.5, 0, 0},
};

/* Cells that are further and less far apart than their errors, of about .06 to .15. */
static const struct design spread[] = {
    {24, 4, true, 0.2, 0, 0},     {24, 4, true, 0.2, 0.1, 0},  {24, 4, true, 0.2, 0.4, 0},
    {24, 12, true, 0.2, 0, 0},    {24, 12, true, 0.2, 0.1, 0}, {24, 12, true, 0.2, 0.4, 0},
    {60, 6, false, 0.2, 0, 0},    {60, 6, false, 0.2, 0.1, 0}, {60, 6, false, 0.2, 0.4, 0},
    {60, 12, false, 0.2, 0.1, 0},
};

/* ---- Claims --------------------------------------------------------------------------------- */

static void cells_that_are_alike_are_called_different_in_one_of_twenty_runs_at_most(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        struct tally got = measure(&same[i], 600);
        if (got.any > 0.05 + 3 * sqrt(0.05 * 0.95 / 600))
            fail_msg("design %zu: %.3f", i, got.any);
    }
}

/* Who is in every cell moves all of them: taken as independent, such cells look more alike than
   chance has it, and means surer than they are. */
static void what_people_bring_to_every_cell_is_no_difference_between_cells(void **state)
{
    (void)state;
    static struct drawn drawn;
    struct random source = random_seed(7);
    const struct design design = {60, 12, true, 2, 0, 0};
    double squares = 0;
    double errors = 0;
    for (int run = 0; run < 300; run++) {
        draw(&design, &source, &drawn);
        squares += drawn.result.pooled.mean.value * drawn.result.pooled.mean.value / 300;
        errors +=
            drawn.result.pooled.mean.standard_error * drawn.result.pooled.mean.standard_error / 300;
        assert_true(drawn.result.common > 0);
    }
    /* The variance of the mean is that of 60 workers' effects: 4 / 60, and little more. */
    assert_true(squares > 0.05 && squares < 0.085);
    assert_true(errors > 0.8 * squares && errors < 1.25 * squares);
}

static void a_cell_that_is_different_is_found_and_shrinking_brings_values_nearer(void **state)
{
    (void)state;
    struct tally got = measure(&(struct design){60, 6, true, 0.5, 0, 1}, 200);
    assert_true(got.first > 0.95);
    struct tally near = measure(&(struct design){60, 6, false, 0.5, 0.1, 0}, 300);
    assert_true(near.shrunken_miss < 0.7 * near.raw_miss);
    struct tally far = measure(&(struct design){60, 6, false, 0.1, 1, 0}, 200);
    assert_true(far.between > 0.8 && far.between < 1.2);
}

static void shrunken_intervals_hold_the_truth_of_a_cell(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof spread / sizeof *spread; i++) {
        struct tally got = measure(&spread[i], 300);
        if (got.covered < 0.93)
            fail_msg("design %zu: %.3f", i, got.covered);
    }
}

/* By hand: two cells of two clusters each, none in both. z is half the difference of deviations. */
static void two_cells_apart_are_pooled_as_if_they_were_two_studies(void **state)
{
    (void)state;
    const double value[] = {1, 4};
    const double variance[] = {0.5, 0.25};
    const double df[] = {1, 1};
    const double items[] = {10, 30};
    const double none = NAN;
    /* v = (G-1)/G sum (d - mean)^2: deviations of -+1 / sqrt(2) and -+0.5. */
    double part[] = {M_SQRT1_2, -M_SQRT1_2, none, none, none, none, 0.5, -0.5};
    assay_parts_of_deletions(4, part);
    assay_parts_of_deletions(4, part + 4);
    const struct cell_estimates cells = {2, 4, value, variance, df, items, part};
    double scratch[64];
    struct cell_answer answers[2];
    struct heterogeneity got;
    struct pooled alone;
    assert_ok(assay_heterogeneity(&cells, 0.05, 0.95, scratch, answers, &got, &error));
    assert_ok(assay_pool(&(struct pooling_cells){2, value, variance}, POOLING_REML, 0.95, &alone,
                         &error));
    assert_near(got.common, 0, 0);
    assert_near(got.pooled.between, alone.between, 1e-12);
    assert_near(got.pooled.mean.value, alone.mean.value, 1e-12);
    assert_near(got.pooled.mean.standard_error, alone.mean.standard_error, 1e-12);
    assert_near(answers[0].against.value, -3, 1e-12);
    assert_near(answers[1].against.value, 3, 1e-12);
    assert_near(answers[0].against.standard_error, sqrt(0.75), 1e-12);
    assert_near(answers[0].adjusted_p, answers[1].adjusted_p, 1e-15);
    /* Satterthwaite of two variances with one degree of freedom each. */
    assert_near(answers[0].against.df,
                fmin(3 * 0.5625 / (2 * 0.0625 + 2 * 0.015625) - 2, 0.75 * 0.75 / (0.25 + 0.0625)),
                1e-9);
}

static void what_is_no_estimate_is_refused(void **state)
{
    (void)state;
    const double one[] = {1, 1};
    const double zero[] = {1, 0};
    const double part[] = {1, -1, 1, -1};
    const double unknown[] = {1, -1, NAN, -1};
    double scratch[64];
    struct cell_answer answers[2];
    struct heterogeneity got;
    const struct cell_estimates alone = {1, 2, one, one, one, one, part};
    const struct cell_estimates flat = {2, 2, one, zero, one, one, part};
    const struct cell_estimates open = {2, 2, one, one, one, one, unknown};
    assert_int_equal(assay_heterogeneity(&alone, 0.05, 0.95, scratch, answers, &got, &error),
                     ERROR_DOMAIN);
    assert_int_equal(assay_heterogeneity(&flat, 0.05, 0.95, scratch, answers, &got, &error),
                     ERROR_DOMAIN);
    assert_int_equal(assay_heterogeneity(&open, 0.05, 0.95, scratch, answers, &got, &error),
                     ERROR_DOMAIN);
}

static void print_table(int runs)
{
    printf("| people | cells | in | sd of people's effects | any called different |\n"
           "| --- | --- | --- | --- | --- |\n");
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        printf("| %zu | %zu | %s | %.1f | %.1f %% |\n", same[i].workers, same[i].cells,
               same[i].in_all ? "all" : "one", same[i].shared, 100 * measure(&same[i], runs).any);
    printf("\n| people | cells | in | cells apart by | shrunken intervals that hold |\n"
           "| --- | --- | --- | --- | --- |\n");
    for (size_t i = 0; i < sizeof spread / sizeof *spread; i++)
        printf("| %zu | %zu | %s | %.1f | %.1f %% |\n", spread[i].workers, spread[i].cells,
               spread[i].in_all ? "all" : "one", spread[i].apart,
               100 * measure(&spread[i], runs).covered);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_that_are_alike_are_called_different_in_one_of_twenty_runs_at_most),
        cmocka_unit_test(what_people_bring_to_every_cell_is_no_difference_between_cells),
        cmocka_unit_test(a_cell_that_is_different_is_found_and_shrinking_brings_values_nearer),
        cmocka_unit_test(shrunken_intervals_hold_the_truth_of_a_cell),
        cmocka_unit_test(two_cells_apart_are_pooled_as_if_they_were_two_studies),
        cmocka_unit_test(what_is_no_estimate_is_refused),
    };
    if (argc > 1) {
        print_table(atoi(argv[1]));
        return 0;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
