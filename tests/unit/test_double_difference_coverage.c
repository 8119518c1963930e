/* How often nominal 95 % intervals of a change less that of the year before hold the truth, where
   most people are in all four spans, some in one year only, and work comes in three sizes.

   Without arguments: a quick look with bounds. With a number of runs, as in

       build/tests/unit/test_double_difference_coverage 1000

   it prints the table of docs/methods/plans.md. */

#include "assay/double_difference.h"
#include "base/random.h"

#include "check.h"

enum { people_most = 50, sizes = 3, rows_most = people_most * sizes * assay_double_spans };

static struct error error;

enum kind { LOG_MEAN, SKEWED, SHARE, KINDS };
static const char *const kinds[] = {"mean of logarithms", "skewed, ratio of means", "proportion"};

static const double season = -0.2;
static const double effect = -0.1;

struct rows {
    size_t count;
    int64_t cluster[rows_most], cell[rows_most], span[rows_most];
    double items[rows_most], mean[rows_most];
};

static double outcome(enum kind kind, double own, int s, size_t size, struct random *source)
{
    double moved = (s % 2 == 1 ? season : 0) + (s == 1 ? effect : 0);
    if (kind == SHARE) /* a third as far, in points */
        return random_uniform(source) < 0.4 + 0.1 * own + moved / 3 + 0.05 * (double)size ? 1 : 0;
    double log = own + moved + 0.3 * (double)size + 0.7 * random_normal(source);
    return kind == LOG_MEAN ? log : exp(log);
}

/* A person's own level differs by year and by span. A fifth is there in one year only. */
static void draw_person(enum kind kind, int64_t person, struct random *source, struct rows *out)
{
    double level = 0.5 * random_normal(source);
    double yearly[2] = {0.2 * random_normal(source), 0.2 * random_normal(source)};
    double there = random_uniform(source);
    for (int s = 0; s < assay_double_spans; s++) {
        double own = level + yearly[s / 2] + 0.2 * random_normal(source);
        if ((there < 0.1 && s < 2) || (there > 0.9 && s >= 2))
            continue;
        for (size_t size = 0; size < sizes; size++) {
            size_t items = (size_t)(6 * random_uniform(source));
            double sum = 0;
            for (size_t i = 0; i < items; i++)
                sum += outcome(kind, kind == SHARE ? fmax(-2, fmin(2, own)) : own, s, size, source);
            if (items == 0)
                continue;
            size_t row = out->count++;
            out->cluster[row] = person;
            out->cell[row] = (int64_t)size;
            out->span[row] = s;
            out->items[row] = (double)items;
            out->mean[row] = sum / (double)items;
        }
    }
}

struct tally {
    size_t runs, held;
    double width, apart; /* of the intervals; were the two changes taken for independent */
};

static double width(const struct estimate *estimate)
{
    return estimate->interval.high - estimate->interval.low;
}

static struct tally run(enum kind kind, int64_t people, size_t runs)
{
    static struct rows rows;
    static double scratch[sizes * 40];
    struct tally out = {0};
    struct random source = random_seed((uint64_t)people * 10 + kind);
    double truth = kind == SHARE ? effect / 3 : effect;
    assert_true(assay_double_difference_scratch(sizes) <= sizeof scratch / sizeof *scratch);
    while (out.runs < runs) {
        struct double_difference got;
        rows.count = 0;
        for (int64_t g = 0; g < people; g++)
            draw_person(kind, g, &source, &rows);
        const struct double_rows in = {rows.count, rows.cluster, rows.cell, rows.span,
                                       rows.items, rows.mean,    NULL,      sizes};
        assert_ok(assay_double_difference(&in,
                                          kind == SKEWED ? BLOCKED_LOG_RATIO : BLOCKED_DIFFERENCE,
                                          0.95, scratch, &got, &error));
        out.runs++;
        out.held += got.estimate.interval.low <= truth && truth <= got.estimate.interval.high;
        out.width += width(&got.estimate) / (double)runs;
        out.apart += hypot(width(&got.change[0]), width(&got.change[1])) / (double)runs;
    }
    return out;
}

static void intervals_hold_the_truth(void **state)
{
    (void)state;
    for (int kind = 0; kind < KINDS; kind++) {
        struct tally got = run((enum kind)kind, 20, 200);
        assert_true((double)got.held / (double)got.runs > 0.90);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(intervals_hold_the_truth)};
    if (argc < 2)
        return cmocka_run_group_tests(tests, NULL, NULL);
    for (int kind = 0; kind < KINDS; kind++)
        for (int64_t people = 20; people <= 50; people += 30) {
            struct tally got = run((enum kind)kind, people, strtoul(argv[1], NULL, 10));
            printf("%-24s %3lld people  %.1f %%  width %.3f, as if independent %.3f\n", kinds[kind],
                   (long long)people, 100 * (double)got.held / (double)got.runs, got.width,
                   got.apart);
        }
    return 0;
}
