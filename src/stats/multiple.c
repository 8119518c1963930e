#include "assay/multiple.h"

#include "assay/estimate.h"
#include "base/error.h"

#include <math.h>
#include <stdlib.h>

/* ---- Adjusted p-values ------------------------------------------------------------------- */

size_t assay_adjust_scratch(size_t count)
{
    return 2 * count;
}

static int by_size(const void *left, const void *right)
{
    double one = *(const double *)left;
    double other = *(const double *)right;
    return (one > other) - (one < other);
}

static void holm(size_t count, const double *sorted, double *adjusted)
{
    double most = 0;
    for (size_t i = 0; i < count; i++) {
        most = fmax(most, (double)(count - i) * sorted[i]);
        adjusted[i] = fmin(1, most);
    }
}

static void benjamini_hochberg(size_t count, const double *sorted, double *adjusted)
{
    double least = 1;
    for (size_t i = count; i-- > 0;) {
        least = fmin(least, (double)count / (double)(i + 1) * sorted[i]);
        adjusted[i] = least;
    }
}

static enum status check_p(size_t count, const double *p, struct error *error)
{
    if (count == 0)
        return error_set(error, ERROR_DOMAIN, "there is no p-value");
    for (size_t i = 0; i < count; i++)
        if (!(p[i] >= 0 && p[i] <= 1))
            return error_set(error, ERROR_DOMAIN, "p-value %zu is %g: it must lie in 0 to 1", i + 1,
                             p[i]);
    return STATUS_OK;
}

enum status assay_adjust(enum adjustment adjustment, size_t count, const double *p, double *scratch,
                         double *out, struct error *error)
{
    double *sorted = scratch;
    double *adjusted = scratch + count;
    enum status status = check_p(count, p, error);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < count; i++)
        sorted[i] = p[i];
    qsort(sorted, count, sizeof *sorted, by_size);
    if (adjustment == ADJUSTMENT_HOLM)
        holm(count, sorted, adjusted);
    else
        benjamini_hochberg(count, sorted, adjusted);
    /* Equal p-values have equal adjusted ones, so that any of them may be found. */
    for (size_t i = 0; i < count; i++) {
        const double *found = bsearch(&p[i], sorted, count, sizeof *sorted, by_size);
        out[i] = adjusted[found - sorted];
    }
    return STATUS_OK;
}

/* ---- Selected intervals ------------------------------------------------------------------ */

struct answers {
    size_t count;
    const struct primary *primaries; /* or, where NULL, */
    const double *p;
};

static bool excludes_0(const struct answers *answers, size_t i, double level)
{
    struct estimate estimate;
    if (answers->primaries == NULL)
        return answers->p[i] < 1 - level;
    const struct primary *primary = &answers->primaries[i];
    /* Too few degrees of freedom for an interval at this level: one without ends. */
    if (assay_estimate(primary->value, primary->standard_error, primary->df, level, &estimate,
                       NULL) != STATUS_OK)
        return false;
    return estimate.interval.low > 0 || estimate.interval.high < 0;
}

static double level_of(const struct answers *answers, double rate, size_t selected)
{
    return 1 - rate * (double)(selected > 0 ? selected : 1) / (double)answers->count;
}

/* From R = N downwards. Fewer intervals exclude 0 at the level of a smaller R, so that no R between
   the number that do and the one tried can be it. */
static struct selection select_among(const struct answers *answers, double rate, bool *selected)
{
    size_t tried = answers->count;
    for (;;) {
        double level = level_of(answers, rate, tried);
        size_t excluding = 0;
        for (size_t i = 0; i < answers->count; i++) {
            selected[i] = excludes_0(answers, i, level);
            excluding += selected[i];
        }
        if (excluding >= tried || tried <= 1)
            return (struct selection){excluding, level};
        tried = excluding > 0 ? excluding : 1;
    }
}

static enum status check_rate(double rate, struct error *error)
{
    if (rate > 0 && rate < 1)
        return STATUS_OK;
    return error_set(error, ERROR_DOMAIN, "a rate of %g: it must lie between 0 and 1", rate);
}

enum status assay_select(size_t count, const struct primary *primaries, double rate, bool *selected,
                         struct selection *out, struct error *error)
{
    struct answers answers = {.count = count, .primaries = primaries};
    if (count == 0)
        return error_set(error, ERROR_DOMAIN, "there is no answer to select from");
    for (size_t i = 0; i < count; i++)
        if (!isfinite(primaries[i].value) || !isfinite(primaries[i].standard_error) ||
            !(primaries[i].standard_error > 0) || !(primaries[i].df > 0))
            return error_set(error, ERROR_DOMAIN,
                             "answer %zu has no finite value, or no error above 0", i + 1);
    enum status status = check_rate(rate, error);
    if (status == STATUS_OK)
        *out = select_among(&answers, rate, selected);
    return status;
}

enum status assay_select_p(size_t count, const double *p, double rate, bool *selected,
                           struct selection *out, struct error *error)
{
    struct answers answers = {.count = count, .p = p};
    enum status status = check_p(count, p, error);
    if (status == STATUS_OK)
        status = check_rate(rate, error);
    if (status == STATUS_OK)
        *out = select_among(&answers, rate, selected);
    return status;
}
