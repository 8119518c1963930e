#include "engine/sql_text.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>

static char *quoted(struct arena *arena, const char *text, char mark)
{
    struct text out = {.arena = arena};
    text_add_n(&out, &mark, 1);
    for (; *text != '\0'; text++) {
        if (*text == mark)
            text_add_n(&out, &mark, 1);
        text_add_n(&out, text, 1);
    }
    text_add_n(&out, &mark, 1);
    return out.bytes;
}

char *sql_literal(struct arena *arena, const char *text)
{
    return quoted(arena, text, '\'');
}

char *sql_name(struct arena *arena, const char *text)
{
    return quoted(arena, text, '"');
}

char *sql_joinable(struct arena *arena, const char *part)
{
    return arena_printf(arena, "replace(replace(%s, '\\', '\\\\'), '|', '\\|')", part);
}

char *sql_number(struct arena *arena, double number)
{
    char digits[64];
    for (int precision = 0; precision <= 17; precision++) {
        (void)snprintf(digits, sizeof digits, number < 0 ? "(%.*e)" : "%.*e", precision, number);
        if (strtod(digits + (number < 0), NULL) == number)
            break;
    }
    return arena_text(arena, digits);
}
