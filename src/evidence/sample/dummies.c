#include "evidence/sample/dummies.h"

#include "engine/sql_text.h"

#include <string.h>

void dummies_add(struct arena *arena, struct sample *sample, const char *expression,
                 const char *const *values, size_t count)
{
    size_t before = sample->covariate_count;
    if (count < 2)
        return;
    struct formula *list = arena_array(arena, before + count - 1, sizeof *list);
    if (before > 0)
        memcpy(list, sample->covariates, before * sizeof *list);
    for (size_t i = 1; i < count; i++)
        list[before + i - 1] = (struct formula){
            .type = FORMULA_NUMBER,
            .sql = arena_printf(arena, "case when (%s) = %s then 1e0 else 0e0 end", expression,
                                sql_literal(arena, values[i])),
            .defined_sql = "true",
        };
    sample->groups[sample->group_count++] = (struct dummy_group){expression, values, count, before};
    sample->covariates = list;
    sample->covariate_count = before + count - 1;
    sample->dummy_count += count - 1;
}
