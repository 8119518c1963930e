#include "evidence/facts/moments_aggregate.h"

#include "assay/moments.h"

enum status moments_register(struct engine *engine, struct error *error)
{
    static const struct engine_aggregate moments = {
        .name = "moments",
        .arguments_max = assay_moments_columns_max,
        .state_size = assay_moments_size,
        .init = assay_moments_init,
        .update = assay_moments_update,
        .combine = assay_moments_merge,
        .result_size = assay_moments_length,
        .finish = assay_moments_result,
    };
    return engine_register_aggregate(engine, &moments, error);
}
