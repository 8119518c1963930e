#include "evidence/estimate/estimators.h"

enum status estimate_sample(struct workspace *workspace, const struct sample *sample,
                            int mix_of_arm, const struct precision *precision, struct arena *arena,
                            struct sample_counts *counts, struct estimated *out,
                            struct error *error)
{
    if (sample->metric->kind == METRIC_DURATION)
        return estimate_duration(workspace, sample, mix_of_arm, precision, arena, counts, out,
                                 error);
    if (sample->metric->kind == METRIC_RATIO && mix_of_arm >= 0)
        return estimate_ratio_within(workspace, sample, mix_of_arm, precision, arena, out, error);
    if (sample->metric->kind == METRIC_RATIO && sample_covariates(sample) > 0)
        return estimate_ratio_adjusted(workspace, sample, precision, arena, counts, out, error);
    if (sample->metric->kind == METRIC_RATIO)
        return estimate_ratio(workspace, sample, precision, arena, counts, out, error);
    if (sample->metric->kind == METRIC_QUANTILE && mix_of_arm >= 0)
        return estimate_quantile_within(workspace, sample, mix_of_arm, precision, arena, out,
                                        error);
    if (sample->metric->kind == METRIC_QUANTILE)
        return estimate_quantile(workspace, sample, precision, arena, counts, out, error);
    if (sample->absorbed)
        return estimate_absorbed(workspace, sample, precision, arena, counts, out, error);
    if (mix_of_arm >= 0)
        return estimate_blocked(workspace, sample, mix_of_arm, precision, arena, out, error);
    return estimate_regression(workspace, sample, precision, arena, counts, out, error);
}
