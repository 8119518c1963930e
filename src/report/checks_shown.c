#include "report/checks_shown.h"

#include "base/text.h"
#include "report/format.h"

#include <string.h>

static bool is_in_state(const json_t *check, const char *state)
{
    return strcmp(text_at(check, "state"), state) == 0;
}

static char *fault_line(struct arena *arena, const json_t *check)
{
    return arena_printf(arena, "%s: %s (%s). What to do: %s", text_at(check, "check"),
                        text_at(check, "state"), text_at(check, "sentence"), text_at(check, "do"));
}

void checks_each_fault(struct arena *arena, const json_t *row, bool only_failed,
                       void (*each)(void *to, const char *line), void *to)
{
    size_t index = 0;
    json_t *check = NULL;
    json_array_foreach(at(row, "checks"), index, check)
    {
        if (is_in_state(check, "passed") || (only_failed && !is_in_state(check, "failed")))
            continue;
        each(to, fault_line(arena, check));
    }
}

static void add_line(void *to, const char *line)
{
    lines_add(to, "  Check ", "    ", line);
}

void checks_add(struct lines *lines, const json_t *row)
{
    struct text passed = {.arena = lines->out.arena};
    size_t index = 0;
    json_t *check = NULL;
    checks_each_fault(lines->out.arena, row, false, add_line, lines);
    json_array_foreach(at(row, "checks"), index, check)
    {
        if (is_in_state(check, "passed"))
            text_addf(&passed, "%s%s", passed.length > 0 ? ", " : "", text_at(check, "check"));
    }
    if (passed.length > 0)
        lines_add(lines, "  Checks passed: ", "    ", text_get(&passed));
}

char *checks_in_short(struct arena *arena, const json_t *row)
{
    struct text out = {.arena = arena};
    size_t index = 0;
    json_t *check = NULL;
    json_array_foreach(at(row, "checks"), index, check)
    {
        if (!is_in_state(check, "passed"))
            text_addf(&out, "%s%s: %s", out.length > 0 ? "; " : "", text_at(check, "check"),
                      text_at(check, "state"));
    }
    return arena_text(arena, text_get(&out));
}
