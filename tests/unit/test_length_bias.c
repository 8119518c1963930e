/* Items that take longer meet more calls, so that `ai` items look slow without AI doing anything.
   A landmark repairs it: exposure is fixed at L, and only the time after L is compared, among items
   still open at L (Anderson, Cain & Gelber 1983; Suissa 2008). Both claims are measured here, in
   1,000 simulated organisations in which AI has no effect at all. */

#include "assay/restricted_mean.h"

#include "check.h"

static struct error error;

/* ---- xoshiro256++ (Blackman & Vigna 2019), seeded by splitmix64 ------------------------------ */

static uint64_t generator[4];

static void seed(uint64_t from)
{
    for (size_t i = 0; i < 4; i++) {
        uint64_t z = (from += 0x9e3779b97f4a7c15u);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        generator[i] = z ^ (z >> 31);
    }
}

static uint64_t rotate(uint64_t x, int by)
{
    return (x << by) | (x >> (64 - by));
}

/* In [0, 1). */
static double uniform(void)
{
    uint64_t out = rotate(generator[0] + generator[3], 23) + generator[0];
    uint64_t shifted = generator[1] << 17;
    generator[2] ^= generator[0];
    generator[3] ^= generator[1];
    generator[1] ^= generator[2];
    generator[0] ^= generator[3];
    generator[2] ^= shifted;
    generator[3] = rotate(generator[3], 45);
    return (double)(out >> 11) / 0x1p53;
}

static double exponential(void)
{
    return -log(1 - uniform());
}

static double normal(void)
{
    return sqrt(2 * exponential()) * cos(2 * 3.14159265358979323846 * uniform());
}

/* ---- The organisation ------------------------------------------------------------------------ */

enum { runs = 1000, workers = 40, items_each = 25, items = workers * items_each };

static const double landmark = 4; /* hours after the start */
static const double horizon = 20; /* hours that are compared */

struct items {
    double duration[items];   /* hours until closed */
    double seen[items];       /* hours until last seen, if that is earlier */
    double first_call[items]; /* of a Poisson process that does not know the duration */
    int64_t worker[items];
};

/* Workers differ in speed and, independently, in how often they call. */
static void draw(struct items *out)
{
    for (size_t i = 0, w = 0; w < workers; w++) {
        double slowness = 0.4 * normal();
        double taste = exp(0.5 * normal());
        for (size_t j = 0; j < items_each; j++, i++) {
            out->duration[i] = exp(2 + slowness + 0.8 * normal());
            out->seen[i] = 15 + 60 * uniform();
            out->first_call[i] = exponential() / (0.1 * taste);
            out->worker[i] = (int64_t)w;
        }
    }
}

/* Compares items with a call before their exposure ended with the others. from is the landmark;
   0: exposure ends when the item closes. */
static struct estimate compare(const struct items *all, double from)
{
    static double time[items];
    static bool event[items];
    static int64_t arm[items], worker[items];
    struct restricted_mean_comparison out;
    size_t count = 0;
    for (size_t i = 0; i < items; i++) {
        double last = fmin(all->duration[i], all->seen[i]);
        if (last <= from)
            continue;
        time[count] = last - from;
        event[count] = all->duration[i] <= all->seen[i];
        arm[count] = all->first_call[i] < (from > 0 ? from : last);
        worker[count++] = all->worker[i];
    }
    struct timed_items given = {count, time, event, arm, worker, NULL, workers};
    assert_ok(assay_restricted_mean_items(&given, horizon, 0.95, &out, &error));
    return out.log_ratio;
}

/* The share of runs whose interval of the log ratio covers 0, the truth. */
static double coverage(double from, double *mean)
{
    static struct items all;
    size_t covered = 0;
    *mean = 0;
    for (uint64_t run = 0; run < runs; run++) {
        seed(20261124 + run);
        draw(&all);
        struct estimate log_ratio = compare(&all, from);
        covered += log_ratio.interval.low <= 0 && log_ratio.interval.high >= 0;
        *mean += log_ratio.value / runs;
    }
    return (double)covered / runs;
}

static void with_a_landmark_no_effect_is_covered_in_95_percent(void **state)
{
    (void)state;
    double mean = 0;
    double covered = coverage(landmark, &mean);
    print_message("with a landmark: %.1f %% covered, mean log ratio %.4f\n", 100 * covered, mean);
    assert_true(covered >= 0.93 && covered <= 0.97);
    assert_near(mean, 0, 0.01);
}

static void without_a_landmark_ai_looks_slow_though_it_does_nothing(void **state)
{
    (void)state;
    double mean = 0;
    double covered = coverage(0, &mean);
    print_message("without a landmark: %.1f %% covered, mean log ratio %.4f\n", 100 * covered,
                  mean);
    assert_true(covered < 0.5);
    assert_true(mean > 0.1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(with_a_landmark_no_effect_is_covered_in_95_percent),
        cmocka_unit_test(without_a_landmark_ai_looks_slow_though_it_does_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
