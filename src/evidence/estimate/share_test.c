#include "evidence/estimate/share_test.h"

#include "assay/estimate.h"

#include <math.h>

void share_test_add(struct share_test *test, struct arena *arena,
                    const struct share_of_cluster *one)
{
    if (one->items[0] + one->items[1] == 0)
        return;
    test->list = arena_grow(arena, test->list, test->count, &test->capacity, sizeof *test->list);
    test->list[test->count++] = *one;
}

void share_test_finish(const struct share_test *test, double shares[2], double *p)
{
    double items[2] = {0, 0};
    double hits[2] = {0, 0};
    double square = 0;
    double clusters = (double)test->count;
    for (size_t g = 0; g < test->count; g++)
        for (int arm = 0; arm < 2; arm++) {
            items[arm] += test->list[g].items[arm];
            hits[arm] += test->list[g].hits[arm];
        }
    for (int arm = 0; arm < 2; arm++)
        shares[arm] = items[arm] > 0 ? hits[arm] / items[arm] : NAN;
    for (size_t g = 0; g < test->count; g++) {
        double phi = 0;
        for (int arm = 0; arm < 2; arm++)
            phi += (arm == 1 ? 1 : -1) *
                   (test->list[g].hits[arm] - shares[arm] * test->list[g].items[arm]) / items[arm];
        square += phi * phi;
    }
    double difference = shares[1] - shares[0];
    double error = sqrt(square * clusters / (clusters - 1));
    *p = NAN;
    if (error > 0 && isfinite(difference / error))
        (void)assay_p_value(difference / error, clusters - 1, p, NULL);
}
