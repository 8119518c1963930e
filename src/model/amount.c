#include "model/amount.h"

#include "base/text.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A plain decimal number without sign; *end is what follows it. False: none stands here. */
static bool read_decimal(const char *text, double *out, const char **end)
{
    size_t digits = strspn(text, "0123456789.");
    char copy[64];
    if (digits == 0 || digits >= sizeof copy)
        return false;
    memcpy(copy, text, digits);
    copy[digits] = '\0';
    char *stop = NULL;
    *out = strtod(copy, &stop);
    *end = text + digits;
    return *stop == '\0' && stop != copy && isfinite(*out);
}

static const char *skip_blanks(const char *text)
{
    while (*text == ' ')
        text++;
    return text;
}

enum status amount_read(const char *text, const char *unit, const struct place *place,
                        struct amount *out, struct error *error)
{
    double number = 0;
    const char *rest = "";
    if (text[0] == '-' || text[0] == '+')
        return place_error(error, place,
                           "\"%.60s\" has a sign; write the size alone, the direction follows from "
                           "the metric",
                           text);
    bool readable = read_decimal(skip_blanks(text), &number, &rest);
    rest = skip_blanks(rest);
    struct amount amount = {AMOUNT_UNITS, number};
    if (readable && strcmp(rest, "%") == 0)
        amount = (struct amount){AMOUNT_RELATIVE, number / 100};
    else if (readable && strcmp(rest, "pp") == 0)
        amount = (struct amount){AMOUNT_POINTS, number / 100};
    else if (!readable || rest[0] != '\0') {
        bool known = unit != NULL && unit[0] != '\0';
        return place_error(error, place, "\"%.60s\" is not an amount; write 10%% or 12.5%s%s%s",
                           text, known ? " (" : "", known ? unit : "", known ? ")" : "");
    }
    *out = amount;
    return STATUS_OK;
}

const char *amount_text(struct arena *arena, struct amount amount)
{
    switch (amount.scale) {
    case AMOUNT_RELATIVE:
        return arena_printf(arena, "%.10g%%", amount.value * 100);
    case AMOUNT_POINTS:
        return arena_printf(arena, "%.10gpp", amount.value * 100);
    case AMOUNT_UNITS:
        break;
    }
    return arena_printf(arena, "%.10g", amount.value);
}

static const struct {
    char letter;
    int64_t microseconds;
} units[] = {
    {'w', INT64_C(7) * 86400 * 1000000},
    {'d', INT64_C(86400) * 1000000},
    {'h', INT64_C(3600) * 1000000},
    {'m', INT64_C(60) * 1000000},
};

enum { unit_count = sizeof units / sizeof *units };

enum status duration_read(const char *text, const struct place *place, int64_t *out,
                          struct error *error)
{
    double number = 0;
    const char *rest = "";
    bool readable = read_decimal(skip_blanks(text), &number, &rest);
    rest = skip_blanks(rest);
    size_t which = 0;
    while (which < unit_count && units[which].letter != rest[0])
        which++;
    if (!readable || which == unit_count || rest[1] != '\0')
        return place_error(error, place,
                           "\"%.60s\" is not a length of time; write 30d, 12h, 45m (minutes) or 3w",
                           text);
    double microseconds = round(number * (double)units[which].microseconds);
    if (microseconds > 100 * 365.25 * 86400e6)
        return place_error(error, place, "\"%.60s\" is over 100 years", text);
    *out = (int64_t)microseconds;
    return STATUS_OK;
}

const char *duration_text(struct arena *arena, int64_t microseconds)
{
    for (size_t i = 0; i < unit_count; i++)
        if (microseconds % units[i].microseconds == 0 &&
            (microseconds >= units[i].microseconds || i + 1 == unit_count))
            return arena_printf(arena, "%lld%c", (long long)(microseconds / units[i].microseconds),
                                units[i].letter);
    return arena_printf(arena, "%.10gm", (double)microseconds / (double)units[3].microseconds);
}
