#include "assay/quantile.h"

#include "quantile_rows.h"
#include "table.h"

static struct error error;
static struct value_rows rows;
static struct counted counted;

static struct quantile compared(double share, const double *ranks)
{
    struct quantile got;
    assert_true(count_values(&rows, share, ranks, &counted));
    struct quantile_clusters clusters = clusters_of(&counted);
    assert_ok(assay_quantile_difference(&clusters, counted.arms, 0.95, &got, &error));
    return got;
}

/* ---- Against R --------------------------------------------------------------------------- */

static void read_rows(const json_t *json)
{
    rows.count = 0;
    const json_t *list = json_object_get(json, "rows");
    for (size_t i = 0; i < json_array_size(json_object_get(list, "y")); i++)
        add_value(&rows, (size_t)answer_at(list, "g", i) - 1, (size_t)answer_at(list, "arm", i),
                  answer_at(list, "y", i));
}

static void agree(const struct quantile *got, const json_t *wanted)
{
    assert_close(counted.arms[0].value, answer(wanted, "value_0"), 1e-15);
    assert_close(counted.arms[1].value, answer(wanted, "value_1"), 1e-15);
    for (size_t i = 0; i < 2; i++) {
        assert_close(counted.arms[0].rank[i], answer_at(wanted, "rank_0", i), 1e-12);
        assert_close(counted.arms[1].rank[i], answer_at(wanted, "rank_1", i), 1e-12);
    }
    assert_close(got->arms[0].density, answer(wanted, "density_0"), 1e-11);
    assert_close(got->arms[1].density, answer(wanted, "density_1"), 1e-11);
    assert_close(got->estimate.value, answer(wanted, "difference"), 1e-12);
    assert_close(got->estimate.standard_error, answer(wanted, "error"), 1e-11);
    assert_close(got->estimate.df, answer(wanted, "df"), 1e-10);
    assert_close(got->estimate.interval.low, answer(wanted, "low"), 1e-10);
    assert_close(got->estimate.interval.high, answer(wanted, "high"), 1e-10);
    assert_close(got->baseline.variance, answer(wanted, "baseline_variance"), 1e-11);
    assert_close(got->baseline.covariance, answer(wanted, "baseline_covariance"), 1e-11);
}

/* The bootstrap knows nothing of densities: in a skewed tail these ask for more. */
static void differences_agree_with_r_and_with_a_cluster_bootstrap(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double least, most;
    } cases[] = {
        {"paired", .9, 1.15}, {"apart", .9, 1.15}, {"partly", .95, 1.4}, {"rounded", .95, 1.2}};
    json_t *root = oracle_read("quantile.json");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const json_t *json = json_object_get(root, cases[i].name);
        const json_t *wanted = json_object_get(json, "answers");
        read_rows(json);
        struct quantile got = compared(answer(json, "share"), NULL);
        agree(&got, wanted);
        static const char *const draws[] = {"bootstrap_error", "quantreg_error"};
        for (size_t j = 0; j < 2; j++) {
            double ratio = got.estimate.standard_error / answer(wanted, draws[j]);
            if (!(ratio >= cases[i].least && ratio <= cases[i].most))
                fail_msg("%s: %.3f of the %s", cases[i].name, ratio, draws[j]);
        }
    }
    json_decref(root);
}

/* The ranks of Deng, Knoblich and Lu are one choice among others. */
static void with_the_papers_ranks_it_is_the_papers_error(void **state)
{
    (void)state;
    json_t *root = oracle_read("quantile.json");
    const json_t *json = json_object_get(root, "paired");
    const json_t *wanted = json_object_get(json, "plain");
    struct quantile got;
    read_rows(json);
    assert_true(count_values(&rows, 0.5, NULL, &counted));
    for (int arm = 0; arm < 2; arm++) {
        struct quantile_arm *of = &counted.arms[arm];
        const double spread = 1.959963984540054 * sqrt(.25 / (double)counted.items[arm]);
        for (int i = 0; i < 2; i++) {
            of->rank[i] = i == 0 ? .5 - spread : .5 + spread;
            of->at_rank[i] = least_value(counted.sorted[arm], counted.items[arm], of->rank[i]);
        }
    }
    struct quantile_clusters clusters = clusters_of(&counted);
    assert_ok(assay_quantile_difference(&clusters, counted.arms, 0.95, &got, &error));
    agree(&got, wanted);
    json_decref(root);
}

/* Households as clusters of one: the interval of order statistics, which needs no density. */
static void one_arm_of_engel_has_the_quantiles_and_errors_of_r(void **state)
{
    (void)state;
    const char *folder = shared_data();
    if (folder == NULL)
        return;
    char path[512];
    (void)snprintf(path, sizeof path, "%s/engel", folder);
    struct table *table = table_read(path, "data.csv");
    json_t *root = answers_read(path, "ANSWERS.json");
    const double *food = table_column(table, "foodexp");
    double sorted[300];
    assert_int_equal(table->rows, 235);
    memcpy(sorted, food, table->rows * sizeof *food);
    qsort(sorted, table->rows, sizeof *sorted, by_number);
    static const char *const shares[] = {"0.1", "0.25", "0.5", "0.75", "0.9", "0.95"};
    for (size_t i = 0; i < 6; i++) {
        char name[64];
        (void)snprintf(name, sizeof name, "answers/quantile_type1_p%s/value", shares[i]);
        assert_close(least_value(sorted, table->rows, strtod(shares[i], NULL)), answer(root, name),
                     1e-14);
    }
    static const struct {
        double share;
        const char *low, *high;
    } ends[] = {{.5, "answers/quantile_ci_lo_p0.5/value", "answers/quantile_ci_hi_p0.5/value"},
                {.9, "answers/quantile_ci_lo_p0.9/value", "answers/quantile_ci_hi_p0.9/value"}};
    for (size_t i = 0; i < 2; i++) {
        struct quantile got;
        static double ones[2][300], up_to[2][300], equal[2][300];
        double ranks[2];
        double value = least_value(sorted, table->rows, ends[i].share);
        assert_ok(assay_quantile_ranks(ends[i].share, 235, 1.0 / 235, ranks, &error));
        const struct quantile_arm arm = {
            value,
            {ranks[0], ranks[1]},
            {least_value(sorted, 235, ranks[0]), least_value(sorted, 235, ranks[1])}};
        const struct quantile_arm arms[2] = {arm, arm};
        for (size_t g = 0; g < 235; g++)
            for (size_t a = 0; a < 2; a++) {
                ones[a][g] = 1;
                up_to[a][g] = a == 0 ? food[g] <= value : food[(g + 100) % 235] <= value;
                equal[a][g] = 0;
            }
        const struct quantile_clusters clusters = {
            235, {ones[0], ones[1]}, {up_to[0], up_to[1]}, {equal[0], equal[1]}};
        assert_ok(assay_quantile_difference(&clusters, arms, 0.95, &got, &error));
        double iid = (arm.at_rank[1] - arm.at_rank[0]) / 2 / 1.959963984540054;
        double p = ceil(ends[i].share * 235) / 235; /* not quite the share that is asked for */
        double of_share = sqrt(p * (1 - p) / (ends[i].share * (1 - ends[i].share)) * 235 / 234);
        double exact = (answer(root, ends[i].high) - answer(root, ends[i].low)) / 2 / 1.96;
        assert_close(got.arms[0].standard_error, iid * of_share, 1e-12);
        assert_close(got.arms[0].standard_error, exact, 0.08);
    }
    json_decref(root);
    table_free(table);
}

/* ---- Refusals ----------------------------------------------------------------------------- */

static void refused(double share, const double *ranks, const char *part)
{
    struct quantile untouched = {.clusters = 7};
    assert_true(count_values(&rows, share, ranks, &counted));
    struct quantile_clusters clusters = clusters_of(&counted);
    if (assay_quantile_difference(&clusters, counted.arms, 0.95, &untouched, &error) !=
        ERROR_DOMAIN)
        fail_msg("accepted, wanted: %s", part);
    if (strstr(error.message, part) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", error.message, part);
    assert_int_equal(untouched.clusters, 7);
}

static void grid(size_t clusters, size_t items, double step)
{
    rows.count = 0;
    for (size_t g = 0; g < clusters; g++)
        for (size_t i = 0; i < items; i++)
            add_value(&rows, g, i % 2, floor((double)((37 * i + 11 * g) % 101) / step));
}

static void what_has_no_error_is_refused(void **state)
{
    (void)state;
    static const double backwards[] = {.6, .4};
    grid(6, 40, 1);
    refused(.5, backwards, "out of order");
    grid(6, 40, 1000);
    refused(.5, NULL, "too many ties");
    grid(1, 80, 1);
    refused(.5, NULL, "one cluster has all items of arm 0");
    grid(6, 40, 1);
    for (size_t i = 0; i < rows.count; i++)
        rows.arm[i] = 0;
    add_value(&rows, 0, 1, 5);
    add_value(&rows, 0, 1, 6);
    static const double around[] = {.2, .8};
    refused(.5, around, "one cluster has all items of arm 1");
    /* Each cluster has the same values: nothing shows by how much they differ. */
    rows.count = 0;
    for (size_t g = 0; g < 6; g++)
        for (size_t i = 0; i < 80; i++)
            add_value(&rows, g, i % 2, (double)(i / 2));
    refused(.5, NULL, "standard error is 0");
}

static void counts_that_cannot_be_are_refused(void **state)
{
    (void)state;
    struct quantile untouched = {.clusters = 7};
    grid(6, 40, 1);
    assert_true(count_values(&rows, .5, NULL, &counted));
    struct quantile_clusters clusters = clusters_of(&counted);
    static const double wrong[] = {-1, 1e6, NAN, INFINITY};
    for (size_t column = 0; column < 3; column++)
        for (size_t i = 0; i < 4; i++) {
            if (column == 0 && i == 1)
                continue; /* that many items are possible */
            double kept = counted.of[1][column][3];
            counted.of[1][column][3] = wrong[i];
            assert_int_equal(
                assay_quantile_difference(&clusters, counted.arms, .95, &untouched, &error),
                ERROR_DOMAIN);
            counted.of[1][column][3] = kept;
        }
    assert_int_equal(untouched.clusters, 7);
}

/* 34.6 and 380.3 items put the paper's ranks on the end. */
static void few_items_have_no_ranks(void **state)
{
    (void)state;
    double ranks[2] = {7, 7};
    assert_int_equal(assay_quantile_ranks(.9, 34, .1, ranks, &error), ERROR_DOMAIN);
    assert_non_null(strstr(error.message, "over 35 are needed"));
    assert_int_equal(assay_quantile_ranks(.01, 380, .1, ranks, &error), ERROR_DOMAIN);
    assert_int_equal(assay_quantile_ranks(1, 380, .1, ranks, &error), ERROR_DOMAIN);
    assert_int_equal(assay_quantile_ranks(.5, 380, 0, ranks, &error), ERROR_DOMAIN);
    assert_near(ranks[0], 7, 0);
    assert_ok(assay_quantile_ranks(.9, 35, .1, ranks, &error));
    assert_true(ranks[1] < 1 && ranks[1] > .99);
    assert_ok(assay_quantile_ranks(.01, 381, .1, ranks, &error));
    assert_true(ranks[0] > 0 && ranks[0] < 1e-4);
}

/* ---- Within cells ------------------------------------------------------------------------- */

enum { cell_rows_max = 4000, cells_max = 8 };

struct cell_rows {
    int64_t cluster[cell_rows_max], cell[cell_rows_max], arm[cell_rows_max];
    double items[cell_rows_max], up_to[cell_rows_max], equal[cell_rows_max];
    size_t count;
};

/* A row for each item: rows of a cluster, cell and arm need not be put together. */
static void as_cells(const json_t *list, const struct quantile_arm arms[2], struct cell_rows *out)
{
    out->count = json_array_size(json_object_get(list, "y"));
    assert_true(out->count <= cell_rows_max);
    for (size_t i = 0; i < out->count; i++) {
        double y = answer_at(list, "y", i);
        out->arm[i] = (int64_t)answer_at(list, "arm", i);
        out->cluster[i] = (int64_t)answer_at(list, "g", i);
        out->cell[i] = (int64_t)answer_at(list, "cell", i) - 1;
        out->items[i] = 1;
        out->up_to[i] = y <= arms[out->arm[i]].value;
        out->equal[i] = y == arms[out->arm[i]].value;
    }
}

static void within_cells_the_error_is_that_of_deletion_in_r_and_near_the_bootstraps(void **state)
{
    (void)state;
    static struct cell_rows cells;
    static double scratch[cell_rows_max + 16 * cells_max];
    json_t *root = oracle_read("quantile.json");
    const json_t *json = json_object_get(root, "cells");
    const json_t *wanted = json_object_get(json, "answers");
    struct quantile_arm arms[2];
    struct quantile got;
    double unmatched[2];
    for (size_t arm = 0; arm < 2; arm++) {
        const json_t *of = json_array_get(json_object_get(wanted, "arms"), arm);
        arms[arm].value = answer(of, "q");
        for (size_t i = 0; i < 2; i++) {
            arms[arm].rank[i] = answer_at(of, "rank", i);
            arms[arm].at_rank[i] = answer_at(of, "at", i);
        }
        double ranks[2];
        assert_ok(assay_quantile_ranks(answer(json, "share"), answer(of, "weighted_items"),
                                       answer(of, "concentration"), ranks, &error));
        assert_close(ranks[0], arms[arm].rank[0], 1e-12);
        assert_close(ranks[1], arms[arm].rank[1], 1e-12);
    }
    as_cells(json_object_get(json, "rows"), arms, &cells);
    const struct quantile_rows list = {cells.count, cells.cluster, cells.cell,  cells.arm,
                                       cells.items, cells.up_to,   cells.equal, 4};
    assert_true(assay_quantile_within_scratch(cells.count, 4) <= sizeof scratch / sizeof *scratch);
    assert_ok(
        assay_quantile_within(&list, arms, BLOCKED_ARM_0, .95, scratch, &got, unmatched, &error));
    assert_close(got.estimate.value, answer(wanted, "difference"), 1e-12);
    assert_close(got.estimate.standard_error, answer(wanted, "error"), 1e-9);
    assert_close(got.estimate.standard_error, answer(wanted, "bootstrap_error"), 0.1);
    assert_near(got.baseline.mean, arms[0].value, 0);
    assert_near(unmatched[0] + unmatched[1], 0, 0);
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(differences_agree_with_r_and_with_a_cluster_bootstrap),
        cmocka_unit_test(with_the_papers_ranks_it_is_the_papers_error),
        cmocka_unit_test(one_arm_of_engel_has_the_quantiles_and_errors_of_r),
        cmocka_unit_test(what_has_no_error_is_refused),
        cmocka_unit_test(counts_that_cannot_be_are_refused),
        cmocka_unit_test(few_items_have_no_ranks),
        cmocka_unit_test(within_cells_the_error_is_that_of_deletion_in_r_and_near_the_bootstraps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
