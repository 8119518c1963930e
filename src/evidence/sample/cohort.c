#include "evidence/sample/cohort.h"

struct engine_values cohort_values(struct arena *arena, const char *use_case,
                                   const struct span *span)
{
    struct engine_value *list = arena_array(arena, 4, sizeof *list);
    list[0] = engine_text("use_case", use_case);
    list[1] = engine_bool("all", span->all);
    list[2] = engine_time("from", span->from);
    list[3] = engine_time("until", span->until);
    return (struct engine_values){list, 4};
}
