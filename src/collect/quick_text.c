#include "collect/quick_text.h"

#include "base/time.h"

#include <string.h>

bool quick_text_is_untrimmed(const char *text, size_t length)
{
    if (length == 0)
        return true;
    unsigned char first = (unsigned char)text[0];
    unsigned char last = (unsigned char)text[length - 1];
    return first <= ' ' || first >= 0x7f || last <= ' ' || last >= 0x7f;
}

bool quick_text_is_word(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' && c != '.')
            return false;
    }
    return length > 0;
}

/* ---- Times ------------------------------------------------------------------------------ */

/* What is left of a text. */
struct rest {
    const char *at;
    const char *end;
};

static bool take_sign(struct rest *rest, char sign)
{
    if (rest->at == rest->end || *rest->at != sign)
        return false;
    rest->at++;
    return true;
}

/* Exactly so many digits, as a number within bounds. */
static bool take_number(struct rest *rest, int digits, int low, int high, int *out)
{
    if (rest->end - rest->at < digits)
        return false;
    int number = 0;
    for (int i = 0; i < digits; i++) {
        char c = rest->at[i];
        if (c < '0' || c > '9')
            return false;
        number = number * 10 + (c - '0');
    }
    rest->at += digits;
    *out = number;
    return number >= low && number <= high;
}

static bool take_date(struct rest *rest, int64_t *day)
{
    int year = 0;
    int month = 0;
    int number = 0;
    if (!take_number(rest, 4, 1900, 9999, &year) || !take_sign(rest, '-') ||
        !take_number(rest, 2, 1, 12, &month) || !take_sign(rest, '-') ||
        !take_number(rest, 2, 1, 31, &number))
        return false;
    *day = day_of(year, month, number);
    if (number <= 28)
        return true;
    int y = 0;
    int m = 0;
    int d = 0;
    day_split(*day, &y, &m, &d);
    return m == month; /* there is a 29th, 30th or 31st */
}

/* Up to six digits of a second. */
static bool take_fraction(struct rest *rest, int64_t *microseconds)
{
    int64_t unit = TIME_SECOND;
    while (rest->at < rest->end && *rest->at >= '0' && *rest->at <= '9' && unit > 1) {
        unit /= 10;
        *microseconds += (*rest->at++ - '0') * unit;
    }
    return unit < TIME_SECOND;
}

static bool take_clock(struct rest *rest, int64_t *microseconds)
{
    int hour = 0;
    int minute = 0;
    int second = 0;
    if (!take_number(rest, 2, 0, 23, &hour) || !take_sign(rest, ':') ||
        !take_number(rest, 2, 0, 59, &minute) || !take_sign(rest, ':') ||
        !take_number(rest, 2, 0, 59, &second))
        return false;
    *microseconds = (hour * INT64_C(3600) + minute * INT64_C(60) + second) * TIME_SECOND;
    return !take_sign(rest, '.') || take_fraction(rest, microseconds);
}

/* Z, +05:30 or nothing, to the end of the text. */
static bool take_offset(struct rest *rest, bool utc, int64_t *microseconds)
{
    *microseconds = 0;
    if (rest->at == rest->end)
        return utc;
    if (take_sign(rest, 'Z'))
        return rest->at == rest->end;
    int hour = 0;
    int minute = 0;
    bool west = take_sign(rest, '-');
    if ((!west && !take_sign(rest, '+')) || !take_number(rest, 2, 0, 14, &hour) ||
        !take_sign(rest, ':') || !take_number(rest, 2, 0, 59, &minute))
        return false;
    *microseconds =
        (hour * INT64_C(3600) + minute * INT64_C(60)) * (west ? -TIME_SECOND : TIME_SECOND);
    return rest->at == rest->end;
}

bool quick_text_time(const char *text, size_t length, bool utc, int64_t *out)
{
    struct rest rest = {text, text + length};
    int64_t day = 0;
    int64_t clock = 0;
    int64_t offset = 0;
    if (!take_date(&rest, &day))
        return false;
    if (rest.at == rest.end) {
        *out = day * TIME_DAY;
        return utc;
    }
    if ((!take_sign(&rest, 'T') && !take_sign(&rest, ' ')) || !take_clock(&rest, &clock) ||
        !take_offset(&rest, utc, &offset))
        return false;
    *out = day * TIME_DAY + clock - offset;
    return true;
}

/* ---- As functions of the engine --------------------------------------------------------- */

static bool read_untrimmed(const void *context, const char *text, size_t length, int64_t *out)
{
    (void)context;
    *out = quick_text_is_untrimmed(text, length);
    return true;
}

static bool read_word(const void *context, const char *text, size_t length, int64_t *out)
{
    (void)context;
    *out = quick_text_is_word(text, length);
    return true;
}

static bool read_time_utc(const void *context, const char *text, size_t length, int64_t *out)
{
    (void)context;
    return quick_text_time(text, length, true, out);
}

static bool read_time_elsewhere(const void *context, const char *text, size_t length, int64_t *out)
{
    (void)context;
    return quick_text_time(text, length, false, out);
}

static bool is_utc(const char *time_zone)
{
    static const char *const names[] = {"UTC",       "UCT",          "GMT",     "Zulu",
                                        "Universal", "Etc/UTC",      "Etc/UCT", "Etc/GMT",
                                        "Etc/Zulu",  "Etc/Universal"};
    for (size_t i = 0; time_zone != NULL && i < sizeof names / sizeof names[0]; i++)
        if (strcmp(time_zone, names[i]) == 0)
            return true;
    return time_zone == NULL;
}

enum status quick_text_register(struct engine *engine, const char *time_zone, struct error *error)
{
    bool utc = is_utc(time_zone);
    enum status status =
        engine_register_reading(engine, "is_untrimmed", ENGINE_BOOL, read_untrimmed, NULL, error);
    if (status == STATUS_OK)
        status =
            engine_register_reading(engine, "is_plain_word", ENGINE_BOOL, read_word, NULL, error);
    if (status == STATUS_OK)
        status = engine_register_reading(engine, "plain_time", ENGINE_TIME,
                                         utc ? read_time_utc : read_time_elsewhere, NULL, error);
    return status;
}
