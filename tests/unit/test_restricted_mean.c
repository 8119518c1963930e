#include "assay/restricted_mean.h"

#include "table.h"

static struct error error;

/* lung, of which rows with an institution, or all of one sex. */
struct lung {
    size_t count, clusters;
    double time[256], weight[256];
    bool event[256];
    int64_t arm[256], cluster[256];
};

static void lung_read(struct lung *lung, bool with_institution)
{
    char folder[512];
    (void)snprintf(folder, sizeof folder, "%s/lung", shared_data());
    struct table *table = table_read(folder, "data.csv");
    const double *institution = table_column(table, "inst");
    *lung = (struct lung){.clusters = with_institution ? 40 : 1000};
    for (size_t row = 0; row < table->rows; row++) {
        if (with_institution && isnan(institution[row]))
            continue;
        size_t i = lung->count++;
        assert_true(i < 256);
        lung->time[i] = table_column(table, "time")[row];
        lung->event[i] = table_column(table, "status")[row] == 2;
        lung->arm[i] = table_column(table, "sex")[row] == 2; /* women */
        lung->cluster[i] = with_institution ? (int64_t)institution[row] : (int64_t)row;
        lung->weight[i] = 0.5 + fmod(table_column(table, "age")[row], 7) / 4;
    }
    table_free(table);
}

static struct timed_items items_of(const struct lung *lung, bool weighted)
{
    return (struct timed_items){lung->count,   lung->time,    lung->event,
                                lung->arm,     lung->cluster, weighted ? lung->weight : NULL,
                                lung->clusters};
}

static void greenwoods_errors_by_sex_agree_with_survival(void **state)
{
    (void)state;
    static const int horizons[] = {365, 730};
    if (shared_data() == NULL)
        skip();
    char folder[512], path[64];
    (void)snprintf(folder, sizeof folder, "%s/lung", shared_data());
    json_t *root = answers_read(folder, "ANSWERS.json");
    struct lung lung;
    lung_read(&lung, false);
    for (size_t h = 0; h < 2; h++) {
        for (int64_t sex = 0; sex < 2; sex++) {
            double time[256], events[256], censored[256], on_event[256], on_censored[256];
            size_t count = 0;
            for (int t = 0; t <= 1100; t++) {
                events[count] = censored[count] = 0;
                for (size_t i = 0; i < lung.count; i++)
                    if (lung.arm[i] == sex && lung.time[i] == t)
                        *(lung.event[i] ? &events[count] : &censored[count]) += 1;
                time[count] = t;
                if (events[count] + censored[count] > 0)
                    count++;
            }
            struct restricted_mean mean;
            struct risk_table table = {count, time, events, censored};
            assert_ok(
                assay_restricted_mean(&table, horizons[h], on_event, on_censored, &mean, &error));
            double sum = 0, squares = 0;
            for (size_t i = 0; i < count; i++) {
                sum += events[i] * on_event[i] + censored[i] * on_censored[i];
                squares += events[i] * on_event[i] * on_event[i] +
                           censored[i] * on_censored[i] * on_censored[i];
            }
            (void)snprintf(path, sizeof path, "answers/rmst_sex%d_tau%d/value", (int)sex + 1,
                           horizons[h]);
            assert_close(mean.mean, answer(root, path), 1e-12);
            (void)snprintf(path, sizeof path, "answers/rmst_se_sex%d_tau%d/value", (int)sex + 1,
                           horizons[h]);
            assert_close(sqrt(squares), answer(root, path), 1e-12);
            assert_near(sum, 0, 1e-11); /* influences sum to 0 */
        }
    }
    json_decref(root);
}

static void two_arms_clustered_by_institution_agree_with_survival(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double horizon;
        bool weighted, by_institution;
    } cases[] = {{"two_arms_500", 500, false, false},
                 {"two_arms_365", 365, false, false},
                 {"two_arms_weighted_500", 500, true, false},
                 {"by_institution_500", 500, false, true},
                 {"by_institution_weighted_500", 500, true, true}};
    if (shared_data() == NULL)
        skip();
    json_t *root = oracle_read("restricted_mean.json");
    struct lung lung;
    lung_read(&lung, true);
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        struct restricted_mean_comparison got;
        for (size_t i = 0; i < lung.count && cases[c].by_institution; i++)
            lung.arm[i] = lung.cluster[i] > 20;
        struct timed_items items = items_of(&lung, cases[c].weighted);
        const json_t *wanted = json_object_get(root, cases[c].name);
        assert_ok(assay_restricted_mean_items(&items, cases[c].horizon, 0.95, &got, &error));
        assert_int_equal(got.clusters, (size_t)answer(root, "clusters"));
        assert_close(got.arms[1].mean, answer(wanted, "mean_1"), 1e-12);
        assert_close(got.arms[0].mean, answer(wanted, "mean_0"), 1e-12);
        assert_close(got.difference.value, answer(wanted, "difference"), 1e-11);
        assert_close(got.difference.standard_error, answer(wanted, "difference_error"), 1e-11);
        assert_close(got.log_ratio.value, answer(wanted, "log_ratio"), 1e-11);
        assert_close(got.log_ratio.standard_error, answer(wanted, "log_ratio_error"), 1e-11);
        assert_close(got.difference.df, answer(wanted, "difference_df"), 1e-10);
        assert_close(got.log_ratio.df, answer(wanted, "log_ratio_df"), 1e-10);
    }
    json_decref(root);
}

static void one_arm_clustered_by_institution_agrees_with_survival(void **state)
{
    (void)state;
    if (shared_data() == NULL)
        skip();
    json_t *root = oracle_read("restricted_mean.json");
    struct lung lung;
    lung_read(&lung, true);
    for (int weighted = 0; weighted < 2; weighted++) {
        double time[1101], events[1101] = {0}, censored[1101] = {0}, on_event[1101],
                           on_censored[1101], sums[40] = {0}, items[40] = {0};
        for (int t = 0; t <= 1100; t++)
            time[t] = t; /* rows without items change nothing */
        for (size_t i = 0; i < lung.count; i++)
            *(lung.event[i] ? &events[(int)lung.time[i]] : &censored[(int)lung.time[i]]) +=
                weighted ? lung.weight[i] : 1;
        struct restricted_mean mean;
        struct risk_table table = {1101, time, events, censored};
        assert_ok(assay_restricted_mean(&table, 500, on_event, on_censored, &mean, &error));
        for (size_t i = 0; i < lung.count; i++) {
            sums[lung.cluster[i]] += (weighted ? lung.weight[i] : 1) *
                                     (lung.event[i] ? on_event : on_censored)[(int)lung.time[i]];
            items[lung.cluster[i]] += weighted ? lung.weight[i] : 1;
        }
        double squares = 0;
        for (size_t g = 0; g < 40; g++)
            squares += sums[g] * sums[g];
        assert_close(mean.mean, answer(root, weighted ? "weighted_500/mean" : "all_500/mean"),
                     1e-12);
        assert_close(sqrt(squares), answer(root, weighted ? "weighted_500/plain" : "all_500/plain"),
                     1e-11);
        struct estimate estimate;
        struct arm_influence arm = {mean.mean, items, sums};
        assert_ok(assay_restricted_mean_estimate(40, &arm, 0.95, &estimate, &error));
        assert_close(estimate.standard_error,
                     answer(root, weighted ? "weighted_500/clustered" : "all_500/clustered"),
                     1e-11);
        assert_close(estimate.df, answer(root, weighted ? "weighted_500/df" : "all_500/df"), 1e-10);
    }
    json_decref(root);
}

static void doubled_weights_are_doubled_items(void **state)
{
    (void)state;
    enum { n = 6 };
    const double time[2 * n] = {1, 2, 2, 4, 5, 9, 1, 2, 2, 4, 5, 9};
    const bool event[2 * n] = {true, true, false, true, false, true,
                               true, true, false, true, false, true};
    const int64_t arm[2 * n] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    int64_t arms[2 * n], cluster[2 * n];
    double weight[2 * n];
    for (size_t i = 0; i < 2 * n; i++) {
        arms[i] = arm[i] + (int64_t)(i % 2);
        cluster[i] = (int64_t)(i % n) / 2;
        weight[i] = 2;
    }
    struct timed_items once = {n, time, event, arms, cluster, weight, 3};
    struct timed_items twice = {2 * n, time, event, arms, cluster, NULL, 3};
    struct restricted_mean_comparison one, other;
    assert_ok(assay_restricted_mean_items(&once, 4, 0.9, &one, &error));
    assert_ok(assay_restricted_mean_items(&twice, 4, 0.9, &other, &error));
    assert_close(one.difference.value, other.difference.value, 1e-14);
    assert_close(one.log_ratio.standard_error, other.log_ratio.standard_error, 1e-14);
}

static void a_restricted_mean_worked_by_hand(void **state)
{
    (void)state;
    /* Events at 2 (one of 4) and 4 (one of 2), one seen open at 3, one at 6. S is 3/4 from 2 and
       3/8 from 4: R(5) = 2 + 2 x 3/4 + 3/8. A(2) = 15/8, A(4) = 3/8. */
    const double time[] = {2, 3, 4, 6}, events[] = {1, 0, 1, 0}, censored[] = {0, 1, 0, 1};
    double on_event[4], on_censored[4];
    struct risk_table table = {4, time, events, censored};
    struct restricted_mean mean;
    assert_ok(assay_restricted_mean(&table, 5, on_event, on_censored, &mean, &error));
    assert_near(mean.mean, 3.875, 1e-15);
    assert_near(mean.survival, 0.375, 1e-15);
    assert_near(mean.items, 4, 0);
    assert_near(on_event[0], -15.0 / 8 / 4, 1e-15);
    assert_near(on_censored[1], 15.0 / 8 / 12, 1e-15);
    assert_near(on_event[2], 15.0 / 8 / 12 - 3.0 / 8 / 2, 1e-15);
    assert_near(on_censored[3], 15.0 / 8 / 12 + 3.0 / 8 / 2, 1e-15);
}

/* After the first time nothing ends: the mean is t_1 + S (tau - t_1). */
static void a_million_times_keep_the_last_digits(void **state)
{
    (void)state;
    enum { many = 1000000 };
    double *time = malloc(many * sizeof *time), *influence = malloc(many * sizeof *influence);
    double *events = calloc(many, sizeof *events), *censored = malloc(many * sizeof *censored);
    assert_true(time != NULL && influence != NULL && events != NULL && censored != NULL);
    for (size_t i = 0; i < many; i++) {
        time[i] = 0.1 * (double)(i + 1);
        censored[i] = 1;
    }
    events[0] = 371234; /* S has no short binary form */
    struct risk_table table = {many, time, events, censored};
    struct restricted_mean got;
    double *other = malloc(many * sizeof *other);
    assert_non_null(other);
    assert_ok(assay_restricted_mean(&table, time[many - 1], influence, other, &got, &error));
    assert_close(got.survival, 1e6 / 1371234, 3e-16);
    assert_close(got.mean, time[0] + got.survival * (time[many - 1] - time[0]), 3e-16);
    free(time);
    free(influence);
    free(events);
    free(censored);
    free(other);
}

static void a_horizon_beyond_what_was_followed_is_refused(void **state)
{
    (void)state;
    const double time[] = {2, 3}, events[] = {1, 0}, censored[] = {0, 1};
    const double none[] = {0, 0}, ended[] = {1, 1}, turned[] = {3, 2}, broken[] = {1, NAN};
    double on_event[2], on_censored[2];
    struct restricted_mean mean;
    struct risk_table table = {2, time, events, censored};
    assert_int_equal(assay_restricted_mean(&table, 4, on_event, on_censored, &mean, &error),
                     ERROR_DOMAIN);
    assert_non_null(strstr(error.message, "earlier horizon"));
    assert_ok(assay_restricted_mean(&table, 3, on_event, on_censored, &mean, &error));
    const double longer[] = {2, 3, 4}, with_none[] = {1, 0, 0}, and_none[] = {0, 1, 0};
    double three[3], more[3];
    table = (struct risk_table){3, longer, with_none, and_none}; /* nobody was seen at 4 */
    assert_int_equal(assay_restricted_mean(&table, 4, three, more, &mean, &error), ERROR_DOMAIN);
    table = (struct risk_table){2, time, ended, none}; /* nobody is left: S is known to be 0 */
    assert_ok(assay_restricted_mean(&table, 40, on_event, on_censored, &mean, &error));
    assert_near(mean.mean, 2.5, 1e-15);
    assert_near(mean.survival, 0, 0);
    static const double bad_horizons[] = {0, -1, NAN, INFINITY};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(
            assay_restricted_mean(&table, bad_horizons[i], on_event, on_censored, &mean, &error),
            ERROR_DOMAIN);
    table = (struct risk_table){2, turned, ended, none};
    assert_int_equal(assay_restricted_mean(&table, 2, on_event, on_censored, &mean, &error),
                     ERROR_DOMAIN);
    table = (struct risk_table){2, time, broken, none};
    assert_int_equal(assay_restricted_mean(&table, 2, on_event, on_censored, &mean, &error),
                     ERROR_DOMAIN);
    table = (struct risk_table){2, time, none, none};
    assert_int_equal(assay_restricted_mean(&table, 2, on_event, on_censored, &mean, &error),
                     ERROR_DOMAIN);
}

static void an_arm_of_one_cluster_is_refused_not_taken_as_certain(void **state)
{
    (void)state;
    const double time[] = {1, 2, 3, 4, 5, 6};
    const bool event[] = {true, true, true, true, true, true};
    const int64_t arm[] = {1, 0, 1, 0, 1, 0};
    int64_t cluster[] = {0, 1, 0, 2, 0, 1};
    struct timed_items given = {6, time, event, arm, cluster, NULL, 3};
    struct restricted_mean_comparison out;
    assert_int_equal(assay_restricted_mean_items(&given, 4, 0.95, &out, &error), ERROR_DOMAIN);
    assert_non_null(strstr(error.message, "one cluster has all items of arm 1"));
    cluster[4] = 2;
    assert_ok(assay_restricted_mean_items(&given, 4, 0.95, &out, &error));
}

/* Clusters of one size: the factors and the design's degrees of freedom as they stand in books. */
static void equal_clusters_have_welchs_degrees_of_freedom(void **state)
{
    (void)state;
    const double ones[] = {1, 1, 1, 1, 1, 1, 1, 1, 1}, first[] = {3, 3, 3, 0, 0, 0, 0, 0, 0},
                 rest[] = {0, 0, 0, 2, 2, 2, 2, 2, 2};
    const double few[] = {2, -1, -1, 0, 0, 0, 0, 0, 0}, many[] = {0, 0, 0, 1, -1, 1, -1, 1, -1};
    const double one[] = {1, -1, 1, -1, 1, -1, 1, -1, 0}, other[] = {-1, 1, -1, 1, -1, 1, -1, 0, 1};
    struct estimate difference;
    struct arm_influence arm_1 = {4, first, few}, arm_0 = {3, rest, many};
    assert_ok(assay_restricted_mean_compare(9, &arm_1, &arm_0, 0.95, &difference, NULL, &error));
    assert_close(difference.standard_error, sqrt(6 * 3 / 2.0 + 6 * 6 / 5.0), 1e-14);
    double welch = pow(1.0 / 3 + 1.0 / 6, 2) / (1.0 / 9 / 2 + 1.0 / 36 / 5);
    assert_close(difference.df, welch, 1e-14);
    arm_1 = (struct arm_influence){4, ones, one};
    arm_0 = (struct arm_influence){3, ones, other};
    assert_ok(assay_restricted_mean_compare(9, &arm_1, &arm_0, 0.95, &difference, NULL, &error));
    assert_close(difference.standard_error, sqrt(9 / 8.0 * (7 * 4 + 1 + 1)), 1e-14);
    assert_close(difference.df, 8.0, 1e-14);
}

/* Of two clusters of an arm, one deviates as the other does, the other way: one degree of freedom
   and not the four that fourth moments of independent deviations would show. */
static void an_arm_of_two_clusters_leaves_one_degree_of_freedom(void **state)
{
    (void)state;
    enum { n = 1000 };
    static double one_items[n], other_items[n], one[n], other[n];
    for (size_t g = 0; g < n; g++) {
        other_items[g] = g > 1;
        other[g] = g > 1 ? (g % 2 ? 1e-3 : -1e-3) : 0;
    }
    one_items[0] = one_items[1] = 5;
    one[0] = 0.5;
    one[1] = -0.5;
    struct arm_influence arm_1 = {4, one_items, one}, arm_0 = {3, other_items, other};
    struct estimate difference;
    assert_ok(assay_restricted_mean_compare(n, &arm_1, &arm_0, 0.95, &difference, NULL, &error));
    assert_near(difference.df, 1, 0.01);
    /* The unit of time changes neither test nor degrees of freedom. */
    for (size_t g = 0; g < n; g++) {
        one[g] *= 1e-120;
        other[g] *= 1e-120;
    }
    arm_1.mean *= 1e-120;
    arm_0.mean *= 1e-120;
    struct estimate small;
    assert_ok(assay_restricted_mean_compare(n, &arm_1, &arm_0, 0.95, &small, NULL, &error));
    assert_close(small.df, difference.df, 1e-12);
    assert_close(small.statistic, difference.statistic, 1e-12);
}

static void a_comparison_needs_two_clusters_and_finite_influences(void **state)
{
    (void)state;
    const double ones[] = {1, 1}, alone[] = {1, 0}, below[] = {1, -1}, none[] = {0, 0};
    const double one[] = {1, -1}, other[] = {0.5, NAN};
    const struct arm_influence good = {2, ones, one};
    const struct arm_influence bad[] = {{2, ones, other}, {2, alone, none}, {2, alone, one},
                                        {2, below, one},  {2, none, none},  {0, ones, one}};
    struct estimate difference = {.value = 7}, ratio;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(
            assay_restricted_mean_compare(2, &good, &bad[i], 0.95, &difference, &ratio, &error),
            ERROR_DOMAIN);
        assert_int_equal(
            assay_restricted_mean_compare(2, &bad[i], &good, 0.95, &difference, &ratio, &error),
            ERROR_DOMAIN);
    }
    assert_int_equal(
        assay_restricted_mean_compare(1, &good, &good, 0.95, &difference, &ratio, &error),
        ERROR_DOMAIN);
    assert_int_equal(
        assay_restricted_mean_compare(2, &good, &good, 0.95, &difference, &ratio, &error),
        ERROR_DOMAIN); /* a standard error of 0 */
    assert_int_equal(assay_restricted_mean_estimate(1, &good, 0.95, &difference, &error),
                     ERROR_DOMAIN);
    assert_true(difference.value == 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(greenwoods_errors_by_sex_agree_with_survival),
        cmocka_unit_test(two_arms_clustered_by_institution_agree_with_survival),
        cmocka_unit_test(one_arm_clustered_by_institution_agrees_with_survival),
        cmocka_unit_test(doubled_weights_are_doubled_items),
        cmocka_unit_test(a_restricted_mean_worked_by_hand),
        cmocka_unit_test(a_million_times_keep_the_last_digits),
        cmocka_unit_test(a_horizon_beyond_what_was_followed_is_refused),
        cmocka_unit_test(an_arm_of_one_cluster_is_refused_not_taken_as_certain),
        cmocka_unit_test(equal_clusters_have_welchs_degrees_of_freedom),
        cmocka_unit_test(an_arm_of_two_clusters_leaves_one_degree_of_freedom),
        cmocka_unit_test(a_comparison_needs_two_clusters_and_finite_influences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
