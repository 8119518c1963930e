#include "evidence/sample/earlier.h"

#include "base/embedded.h"

enum { workers_least = 3 };

enum status earlier_look(struct workspace *workspace, struct sample *sample, int least,
                         struct arena *arena, const char **why_not, struct error *error)
{
    struct frame frame;
    const char *sql = embedded_text("evidence/sample/earlier_reach.sql");
    sql = TEXT_FILLED(arena, sql,
                      {"missing", arena_printf(arena, "x%zu", sample->covariate_count + 2)},
                      {"sample", sample_sql(arena, sample)});
    enum status status =
        engine_query(workspace->engine, sql, sample_values(arena, sample), arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    if (least < workers_least)
        least = workers_least;
    sample->earlier_partly = frame_integer(&frame, 0, 1) > 0;
    if (frame_integer(&frame, 0, 0) < least)
        *why_not = arena_printf(arena,
                                "fewer than %d people have a value of the metric from before the "
                                "period and the arms, so that there is nothing to adjust by; leave "
                                "it out (--cuped, or adjust_for: [earlier])",
                                least);
    return STATUS_OK;
}
