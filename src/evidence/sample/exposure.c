#include "evidence/sample/exposure.h"

struct exposure exposure_until(struct arena *arena, const char *moment)
{
    return (struct exposure){
        .covered =
            arena_printf(arena,
                         "(facts.covered_from <= coalesce(facts.started_at, facts.opened_at, "
                         "facts.first_closed_at) and facts.covered_until >= %s)",
                         moment),
        .used = arena_printf(arena, "(facts.ai_first_at <= %s)", moment),
        .unused = arena_printf(arena,
                               "(facts.ai_declared is null and (facts.linked_first_at is null or "
                               "facts.linked_first_at > %s))",
                               moment),
    };
}
