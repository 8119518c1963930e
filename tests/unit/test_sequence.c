#include "assay/sequence.h"

#include "base/random.h"
#include "check.h"

#include <stdbool.h>

static struct error error;

static struct sequence look_at(double value, double standard_error, double df, double planned)
{
    struct estimate look = {.value = value, .standard_error = standard_error, .df = df};
    struct sequence out;
    assert_ok(assay_sequence(&look, planned, 100, 0.95, &out, &error));
    return out;
}

/* confseq, normal mixture tuned for n = 500 at alpha = .05 and variance 1, as a bound of the sum.
 */
static void the_width_of_independent_values_is_that_of_confseq(void **state)
{
    (void)state;
    struct sequence got = look_at(0, 1 / sqrt(500), INFINITY, 1 / sqrt(500));
    assert_near(got.information, 1, 1e-15);
    assert_near(500 * got.interval.high, 67.8693362840, 5e-10);
    assert_near(500 * got.interval.low, -67.8693362840, 5e-10);
}

/* R: c, and qt(pnorm(c, lower = FALSE), 9, lower = FALSE), at t = .25. */
static void few_degrees_of_freedom_widen_to_the_same_tail_of_t(void **state)
{
    (void)state;
    struct sequence normal = look_at(3, 2, INFINITY, 1);
    struct sequence few = look_at(3, 2, 9, 1);
    assert_near(normal.information, 0.25, 1e-15);
    assert_close((normal.interval.high - 3) / 2, 3.2642933718264051, 1e-13);
    assert_close((few.interval.high - 3) / 2, 4.7146092661751844, 1e-10);
}

static void what_is_too_early_is_refused_with_the_reason(void **state)
{
    (void)state;
    struct estimate look = {.value = 1, .standard_error = 1, .df = 8};
    struct sequence out = {.information = 7};
    assert_int_equal(assay_sequence(&look, 1, 9, 0.95, &out, &error), ERROR_DOMAIN);
    assert_non_null(strstr(error.message, "9 clusters"));
    assert_ok(assay_sequence(&look, 1, 10, 0.95, &out, &error));
    out.information = 7;
    look.standard_error = 1 / sqrt(0.04);
    assert_int_equal(assay_sequence(&look, 1, 10, 0.95, &out, &error), ERROR_DOMAIN);
    assert_non_null(strstr(error.message, "4 % of the planned information"));
    static const struct {
        double value, standard_error, df, planned, level;
    } wrong[] = {{NAN, 1, 9, 1, .95}, {1, 0, 9, 1, .95}, {1, 1, 0, 1, .95},
                 {1, 1, 9, 0, .95},   {1, 1, 9, 1, 1},   {1, INFINITY, 9, 1, .95}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        look = (struct estimate){
            .value = wrong[i].value, .standard_error = wrong[i].standard_error, .df = wrong[i].df};
        assert_int_equal(assay_sequence(&look, wrong[i].planned, 20, wrong[i].level, &out, &error),
                         ERROR_DOMAIN);
    }
    assert_true(out.information == 7);
}

/* ---- Rate of false answers ----------------------------------------------------------------- */

struct rates {
    double sequence, fixed; /* share of runs in which 0 was excluded at any look */
};

/* No interval of a sequence is narrower than this many standard errors up to five times the planned
   information, so that looks nearer to 0 need not be computed. */
#define NARROWEST 2.9

static void no_interval_is_narrower_than_the_simulation_takes_for_granted(void **state)
{
    (void)state;
    double t = 1.001 * ASSAY_SEQUENCE_INFORMATION_LEAST;
    for (int i = 0; i < 4600; i++, t *= 1.001)
        assert_true(look_at(0, 1 / sqrt(t), INFINITY, 1).interval.high * sqrt(t) > NARROWEST);
}

static bool excludes_0(double value, double standard_error, size_t clusters, double planned)
{
    struct estimate look = {
        .value = value, .standard_error = standard_error, .df = (double)clusters - 1};
    struct sequence out;
    if (fabs(value) < NARROWEST * standard_error ||
        assay_sequence(&look, planned, clusters, 0.95, &out, &error) != STATUS_OK)
        return false;
    return out.interval.low > 0 || out.interval.high < 0;
}

/* Clusters arrive one by one, of a mean of 0 and, where skewed, of a log-normal about its mean. */
static struct rates arriving_clusters(int runs, bool skewed, uint64_t seed)
{
    enum { looks = 10000, planned = looks };
    struct random source = random_seed(seed);
    int sequence = 0, fixed = 0;
    double spread = skewed ? sqrt(exp(1) * (exp(1) - 1)) : 1;
    for (int run = 0; run < runs; run++) {
        double mean = 0, squares = 0;
        bool sequence_said = false, fixed_said = false;
        for (size_t n = 1; n <= looks && !(sequence_said && fixed_said); n++) {
            double x =
                skewed ? random_log_normal(&source, 0, 1) - exp(0.5) : random_normal(&source);
            double step = x - mean;
            mean += step / (double)n;
            squares += step * (x - mean);
            if ((double)n < (double)planned * ASSAY_SEQUENCE_INFORMATION_LEAST)
                continue;
            double standard_error = sqrt(squares / (double)(n - 1) / (double)n);
            fixed_said = fixed_said || fabs(mean) > 1.97 * standard_error;
            sequence_said =
                sequence_said || excludes_0(mean, standard_error, n, spread / sqrt(planned));
        }
        sequence += sequence_said;
        fixed += fixed_said;
    }
    return (struct rates){(double)sequence / runs, (double)fixed / runs};
}

/* The clusters stay the same and their items accrue: a cluster's mean is its own effect, whose mean
   over all clusters is 0, and the mean of its items so far. */
static struct rates accruing_items(int runs, size_t clusters, double own, uint64_t seed)
{
    enum { looks = 10000, most = 40 };
    struct random source = random_seed(seed);
    int sequence = 0, fixed = 0;
    double planned = sqrt((own * own + 1.0 / looks) / (double)clusters);
    double quantile = 0;
    assert_ok(assay_quantile(0.95, (double)clusters - 1, &quantile, &error));
    for (int run = 0; run < runs; run++) {
        double effect[most], sum[most] = {0};
        bool sequence_said = false, fixed_said = false;
        for (size_t g = 0; g < clusters; g++)
            effect[g] = own * random_normal(&source);
        for (size_t n = 1; n <= looks && !(sequence_said && fixed_said); n++) {
            double mean = 0, squares = 0;
            for (size_t g = 0; g < clusters; g++) {
                sum[g] += random_normal(&source);
                mean += (effect[g] + sum[g] / (double)n) / (double)clusters;
            }
            for (size_t g = 0; g < clusters; g++) {
                double apart = effect[g] + sum[g] / (double)n - mean;
                squares += apart * apart;
            }
            double standard_error = sqrt(squares / (double)(clusters - 1) / (double)clusters);
            if (planned * planned <
                ASSAY_SEQUENCE_INFORMATION_LEAST * standard_error * standard_error)
                continue;
            fixed_said = fixed_said || fabs(mean) > quantile * standard_error;
            sequence_said = sequence_said || excludes_0(mean, standard_error, clusters, planned);
        }
        sequence += sequence_said;
        fixed += fixed_said;
    }
    return (struct rates){(double)sequence / runs, (double)fixed / runs};
}

/* At most 5 % but for three standard errors of the simulation. */
static void assert_holds(const char *name, struct rates got, int runs)
{
    (void)printf("%s: sequence %.2f %%, fixed interval %.1f %% (%d runs)\n", name,
                 100 * got.sequence, 100 * got.fixed, runs);
    assert_true(got.sequence <= .05 + 3 * sqrt(.05 * .95 / runs));
    assert_true(got.fixed > 3 * got.sequence);
}

static void ten_thousand_looks_at_arriving_clusters_keep_the_level(void **state)
{
    (void)state;
    assert_holds("normal", arriving_clusters(1000, false, 1), 1000);
    assert_holds("log-normal", arriving_clusters(1000, true, 2), 1000);
}

static void ten_thousand_looks_at_accruing_items_keep_the_level(void **state)
{
    (void)state;
    assert_holds("10 clusters alike", accruing_items(600, 10, 0, 3), 600);
    assert_holds("10 clusters", accruing_items(600, 10, 0.02, 4), 600);
    assert_holds("20 clusters", accruing_items(400, 20, 0.02, 5), 400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_width_of_independent_values_is_that_of_confseq),
        cmocka_unit_test(few_degrees_of_freedom_widen_to_the_same_tail_of_t),
        cmocka_unit_test(what_is_too_early_is_refused_with_the_reason),
        cmocka_unit_test(no_interval_is_narrower_than_the_simulation_takes_for_granted),
        cmocka_unit_test(ten_thousand_looks_at_arriving_clusters_keep_the_level),
        cmocka_unit_test(ten_thousand_looks_at_accruing_items_keep_the_level),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
