/* bench/stats: comparisons per second from moments: a mean with an arm and a covariate over 50
   clusters, with CR2 and its degrees of freedom, on one core; beside CR1, which needs no
   eigenvalues, in one process, alternating. ratio is CR2's time over CR1's.

   stats [SECONDS]: 2 by default, for each. */

#include "timing.h"

#include "assay/moments.h"
#include "assay/regression.h"
#include "base/random.h"

#include <math.h>

enum { clusters = 50, columns = 3, items = 40, length = 16, batch = 200 };

static double moments[clusters][length];

static void draw(void)
{
    struct random source = random_seed(50);
    if (assay_moments_length(columns) > length)
        exit(1);
    for (int g = 0; g < clusters; g++) {
        double own = random_normal(&source);
        double x[columns][items];
        const double *list[columns] = {x[0], x[1], x[2]};
        for (int i = 0; i < items; i++) {
            x[0][i] = g % 2;
            x[1][i] = random_normal(&source);
            x[2][i] = own + x[1][i] + random_normal(&source);
        }
        assay_moments_add(columns, items, list, moments[g]);
    }
}

/* Seconds of a batch. */
static double compare(enum variance kind, double *sum)
{
    struct error error = {0};
    const double *list[clusters];
    double start = now();
    for (int g = 0; g < clusters; g++)
        list[g] = moments[g];
    for (int i = 0; i < batch; i++) {
        static const double arm[columns] = {0, 1, 0};
        struct regression *fit = NULL;
        struct estimate estimate;
        check(assay_regression_open(columns, clusters, list, NULL, &fit, &error), &error);
        check(assay_regression_contrast(fit, kind, arm, 0, 0.95, &estimate, &error), &error);
        *sum += estimate.interval.high;
        assay_regression_close(fit);
    }
    return now() - start;
}

int main(int argc, char **argv)
{
    double seconds = argc > 1 ? atof(argv[1]) : 2;
    double spent[2] = {0, 0};
    double sum = 0;
    int batches = 0;
    draw();
    while (spent[0] < seconds) {
        spent[0] += compare(VARIANCE_CR2, &sum);
        spent[1] += compare(VARIANCE_CR1, &sum);
        batches++;
    }
    if (!isfinite(sum))
        return 1;
    printf("{\"bench\": \"stats\", \"n\": %d, \"comparisons_per_second\": %.0f, \"ratio\": %.2f, "
           "\"peak_mb\": %ld}\n",
           clusters, batches * batch / spent[0], spent[0] / spent[1], peak_mb());
    return 0;
}
