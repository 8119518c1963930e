#include "assay/interacted.h"

#include <string.h>

size_t assay_interacted_columns(size_t covariates)
{
    return 2 * covariates + 2;
}

/* Which of the columns (x_1 .. x_p, y) a column of the fit varies with in an arm; p + 1: with none.
 */
static size_t source_of(size_t covariates, size_t column, int arm)
{
    size_t none = covariates + 1;
    if (column == 0)
        return none;
    if (column <= covariates)
        return column - 1;
    if (column <= 2 * covariates)
        return arm == 1 ? column - covariates - 1 : none;
    return covariates;
}

void assay_interacted_moments(size_t covariates, const double *moments, int arm,
                              const double *centre, double *out)
{
    size_t k = covariates + 1;
    size_t wide = assay_interacted_columns(covariates);
    memset(out, 0, assay_moments_size(wide));
    out[0] = moments[0];
    out[1] = arm;
    for (size_t i = 1; i < wide; i++) {
        size_t from = source_of(covariates, i, arm);
        bool product = i > covariates && i <= 2 * covariates;
        if (from == k)
            continue;
        out[1 + i] = assay_moments_mean(moments, from) - (product ? centre[from] : 0);
        for (size_t j = 1; j <= i; j++) {
            size_t other = source_of(covariates, j, arm);
            if (other < k)
                out[1 + wide + i * (i + 1) / 2 + j] = assay_moments_cross(k, moments, from, other);
        }
    }
}
