/* Did tickets with AI take less time? Two arms, five workers, an error that is clustered by worker.
   cc cluster_mean.c $(pkg-config --cflags --libs assay) */

#include <assay/moments.h>
#include <assay/regression.h>

#include <stdio.h>

enum { workers = 5, tickets = 10 };

int main(void)
{
    const double with_ai[tickets] = {0, 1, 0, 1, 0, 1, 0, 1, 0, 1};
    const double hours[tickets] = {6, 5, 9, 6, 4, 4, 8, 5, 5, 4};
    double moments[workers][6]; /* assay_moments_length(2) each */
    const double *clusters[workers];
    struct regression *regression = NULL;
    struct estimate estimates[2];
    struct error error;

    for (size_t worker = 0; worker < workers; worker++) {
        const double *columns[] = {with_ai + 2 * worker, hours + 2 * worker};
        assay_moments_init(2, moments[worker]);
        assay_moments_add(2, 2, columns, moments[worker]);
        clusters[worker] = moments[worker];
    }
    enum status status = assay_regression_open(2, workers, clusters, NULL, &regression, &error);
    if (status == STATUS_OK)
        status = assay_regression_estimates(regression, VARIANCE_CR2, 0, 0.95, estimates, &error);
    if (status == STATUS_OK)
        printf("%.2f hours (%.2f .. %.2f)\n", estimates[1].value, estimates[1].interval.low,
               estimates[1].interval.high);
    else
        fprintf(stderr, "%s\n", error.message);
    assay_regression_close(regression);
    return status == STATUS_OK ? 0 : 1;
}
