#include "assay/hazard_ratio.h"
#include "assay/restricted_mean.h"

#include "table.h"

static struct error error;

#define assert_fails(call, said)                                                                   \
    do {                                                                                           \
        assert_int_equal(call, ERROR_DOMAIN);                                                      \
        assert_non_null(strstr(error.message, said));                                              \
    } while (0)

enum { rows_most = 1200, items_most = 256, strata_most = 5, institutions = 40 };

/* lung's rows with an institution: women are arm 1. */
struct lung {
    size_t count;
    int64_t time[items_most], stratum[items_most];
    bool event[items_most];
    int arm[items_most];
    size_t institution[items_most];
};

static void lung_read(struct lung *lung, bool graded, int64_t days)
{
    char folder[512];
    (void)snprintf(folder, sizeof folder, "%s/lung", shared_data());
    struct table *table = table_read(folder, "data.csv");
    const double *institution = table_column(table, "inst");
    const double *grade = table_column(table, "ph.ecog");
    lung->count = 0;
    for (size_t row = 0; row < table->rows; row++) {
        if (isnan(institution[row]) || (graded && !(grade[row] < 3)))
            continue;
        size_t i = lung->count++;
        assert_true(i < items_most);
        lung->time[i] = ((int64_t)table_column(table, "time")[row] + days - 1) / days;
        lung->event[i] = table_column(table, "status")[row] == 2;
        lung->arm[i] = table_column(table, "sex")[row] == 2;
        lung->stratum[i] = graded ? (int64_t)grade[row] : 0;
        lung->institution[i] = (size_t)institution[row];
    }
    table_free(table);
}

/* Risk sets by stratum and time, and the row of each item. */
struct rows {
    struct hazard_table table;
    int64_t stratum[rows_most];
    double time[rows_most], events[2][rows_most], censored[2][rows_most];
    double on_event[2][rows_most], on_censored[2][rows_most];
    size_t row[items_most];
};

static struct hazard_influence influence_of(struct rows *rows)
{
    return (struct hazard_influence){{rows->on_event[0], rows->on_event[1]},
                                     {rows->on_censored[0], rows->on_censored[1]}};
}

static void rows_make(struct rows *rows, const struct lung *lung)
{
    size_t count = 0;
    for (int64_t stratum = 0; stratum < strata_most; stratum++)
        for (int64_t time = 0; time <= 1100; time++) {
            size_t here = 0;
            for (int arm = 0; arm < 2; arm++)
                rows->events[arm][count] = rows->censored[arm][count] = 0;
            for (size_t i = 0; i < lung->count; i++) {
                if (lung->stratum[i] != stratum || lung->time[i] != time)
                    continue;
                (lung->event[i] ? rows->events : rows->censored)[lung->arm[i]][count]++;
                rows->row[i] = count;
                here++;
            }
            rows->stratum[count] = stratum;
            rows->time[count] = (double)time;
            count += here > 0;
        }
    rows->table = (struct hazard_table){count,
                                        rows->stratum,
                                        rows->time,
                                        {rows->events[0], rows->events[1]},
                                        {rows->censored[0], rows->censored[1]}};
}

struct sums {
    double items[2][institutions], influence[2][institutions];
    double plain; /* of the squares, institution by institution */
};

static void sum_up(const struct lung *lung, const struct rows *rows, struct sums *out)
{
    *out = (struct sums){.plain = 0};
    for (size_t i = 0; i < lung->count; i++) {
        const double *phi =
            lung->event[i] ? rows->on_event[lung->arm[i]] : rows->on_censored[lung->arm[i]];
        out->items[lung->arm[i]][lung->institution[i]]++;
        out->influence[lung->arm[i]][lung->institution[i]] += phi[rows->row[i]];
    }
    for (size_t g = 0; g < institutions; g++)
        out->plain += pow(out->influence[1][g] - out->influence[0][g], 2);
}

static double clustered_error(const struct sums *sums, double value)
{
    const struct arm_influence one = {value, sums->items[1], sums->influence[1]};
    const struct arm_influence other = {0, sums->items[0], sums->influence[0]};
    struct estimate estimate;
    assert_ok(
        assay_restricted_mean_compare(institutions, &one, &other, 0.95, &estimate, NULL, &error));
    assert_near(estimate.value, value, 0);
    return estimate.standard_error;
}

static const struct {
    const char *name;
    double horizon;
    bool graded;
    int64_t days;
} cases[] = {{"all", 1100, false, 1},
             {"to_365", 365, false, 1},
             {"tied", 1100, false, 28},
             {"strata", INFINITY, true, 1},
             {"strata_to_365", 365, true, 1}};
enum { case_count = sizeof cases / sizeof *cases };

static void log_rank_tests_agree_with_survdiff_and_their_definition(void **state)
{
    (void)state;
    if (shared_data() == NULL)
        skip();
    json_t *root = oracle_read("hazard_ratio.json");
    for (size_t c = 0; c < case_count; c++) {
        const json_t *wanted = json_object_get(root, cases[c].name);
        struct lung lung;
        static struct rows rows;
        struct sums sums;
        struct log_rank got;
        lung_read(&lung, cases[c].graded, cases[c].days);
        rows_make(&rows, &lung);
        struct hazard_influence influence = influence_of(&rows);
        assert_ok(assay_log_rank(&rows.table, cases[c].horizon, &influence, &got, &error));
        double score = got.observed - got.expected;
        assert_near(got.observed, answer(wanted, "observed"), 0);
        assert_close(got.expected, answer(wanted, "expected"), 1e-12);
        assert_close(got.variance, answer(wanted, "variance"), 1e-11);
        assert_close(score * score / got.variance, answer(wanted, "chisq"), 1e-10);
        sum_up(&lung, &rows, &sums);
        assert_close(sums.plain, answer(wanted, "score_plain"), 1e-10);
        assert_close(clustered_error(&sums, score), answer(wanted, "score_error"), 1e-11);
    }
    json_decref(root);
}

static void hazard_ratios_and_their_clustered_errors_agree_with_coxph(void **state)
{
    (void)state;
    if (shared_data() == NULL)
        skip();
    json_t *root = oracle_read("hazard_ratio.json");
    for (size_t c = 0; c < case_count; c++) {
        const json_t *wanted = json_object_get(root, cases[c].name);
        struct lung lung;
        static struct rows rows;
        struct sums sums;
        struct hazard_ratio got;
        lung_read(&lung, cases[c].graded, cases[c].days);
        rows_make(&rows, &lung);
        struct hazard_influence influence = influence_of(&rows);
        assert_ok(assay_hazard_ratio(&rows.table, cases[c].horizon, &influence, &got, &error));
        assert_close(got.log_ratio, answer(wanted, "log_ratio"), 1e-9);
        assert_close(1 / sqrt(got.information), answer(wanted, "naive_error"), 1e-9);
        sum_up(&lung, &rows, &sums);
        assert_close(sqrt(sums.plain), answer(wanted, "robust_error"), 1e-9);
        assert_close(clustered_error(&sums, got.log_ratio), answer(wanted, "error"), 1e-9);
    }
    json_decref(root);
}

/* Without ties and censoring: times 1 to 4 of arms 0 1 0 1. The likelihood's slope is 0 where
   2 = r/(1+r) 2 ... worked by hand: terms 2r/(2+2r), 2r/(1+2r), r/(1+r), 1. */
static void the_ratio_solves_its_equation_by_hand(void **state)
{
    (void)state;
    const double time[] = {1, 2, 3, 4}, none[] = {0, 0, 0, 0};
    const double of_0[] = {1, 0, 1, 0}, of_1[] = {0, 1, 0, 1};
    double phi[4][4];
    const struct hazard_table table = {4, NULL, time, {of_0, of_1}, {none, none}};
    const struct hazard_influence influence = {{phi[0], phi[1]}, {phi[2], phi[3]}};
    struct hazard_ratio got;
    assert_ok(assay_hazard_ratio(&table, INFINITY, &influence, &got, &error));
    double r = exp(got.log_ratio);
    assert_near(2 * r / (2 + 2 * r) + 2 * r / (1 + 2 * r) + r / (1 + r) + 1, 2, 1e-12);
    /* Influences sum to 0 over all items: those of arm 0 are counted from it. */
    assert_near(phi[1][1] + phi[1][3] - phi[0][0] - phi[0][2], 0, 1e-12);
}

static void millions_of_items_and_tens_of_thousands_of_ties_are_told_apart(void **state)
{
    (void)state;
    enum { times = 200 };
    static double time[times], events[2][times], censored[2][times], phi[4][times];
    double left[2] = {3e6, 3e6};
    for (size_t i = 0; i < times; i++) { /* hazards of 1 % and 1.5 % a step */
        time[i] = (double)i + 1;
        for (int arm = 0; arm < 2; arm++) {
            events[arm][i] = round(left[arm] * (arm ? 0.015 : 0.01));
            left[arm] -= events[arm][i];
            censored[arm][i] = i == times - 1 ? left[arm] : 0;
        }
    }
    const struct hazard_table table = {
        times, NULL, time, {events[0], events[1]}, {censored[0], censored[1]}};
    const struct hazard_influence influence = {{phi[0], phi[1]}, {phi[2], phi[3]}};
    struct hazard_ratio got;
    assert_ok(assay_hazard_ratio(&table, INFINITY, &influence, &got, &error));
    assert_near(got.log_ratio, log(log(1 - 0.015) / log(1 - 0.01)), 1e-4);
}

static void what_cannot_be_compared_is_refused(void **state)
{
    (void)state;
    const double time[] = {1, 2}, back[] = {2, 1}, none[] = {0, 0}, some[] = {1, 1};
    const double half[] = {0.5, 1};
    double phi[4][2];
    const struct hazard_influence influence = {{phi[0], phi[1]}, {phi[2], phi[3]}};
    struct hazard_ratio ratio;
    struct log_rank test;
    const struct hazard_table one_ends = {2, NULL, time, {none, some}, {some, none}};
    assert_ok(assay_log_rank(&one_ends, INFINITY, &influence, &test, &error));
    assert_fails(assay_hazard_ratio(&one_ends, INFINITY, &influence, &ratio, &error),
                 "has no bound");
    const struct hazard_table no_items = {2, NULL, time, {some, none}, {none, none}};
    assert_fails(assay_log_rank(&no_items, INFINITY, &influence, &test, &error), "no items");
    const struct hazard_table open = {2, NULL, time, {none, none}, {some, some}};
    assert_fails(assay_log_rank(&open, INFINITY, &influence, &test, &error), "nothing ended");
    const struct hazard_table late = {2, NULL, time, {some, some}, {none, none}};
    assert_fails(assay_log_rank(&late, 0.5, &influence, &test, &error), "nothing ended");
    assert_fails(assay_log_rank(&late, 0, &influence, &test, &error), "above 0");
    const struct hazard_table order = {2, NULL, back, {some, some}, {none, none}};
    assert_fails(assay_log_rank(&order, INFINITY, &influence, &test, &error), "must increase");
    const struct hazard_table parts = {2, NULL, time, {half, some}, {none, none}};
    assert_fails(assay_log_rank(&parts, INFINITY, &influence, &test, &error), "whole numbers");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(log_rank_tests_agree_with_survdiff_and_their_definition),
        cmocka_unit_test(hazard_ratios_and_their_clustered_errors_agree_with_coxph),
        cmocka_unit_test(the_ratio_solves_its_equation_by_hand),
        cmocka_unit_test(millions_of_items_and_tens_of_thousands_of_ties_are_told_apart),
        cmocka_unit_test(what_cannot_be_compared_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
