#include "base/time.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* Civil days by eras of 400 years that start on 1 March, so that the leap day comes last
   (Hinnant, "chrono-Compatible Low-Level Date Algorithms"). */
int64_t day_of(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

void day_split(int64_t day, int *year, int *month, int *day_of_month)
{
    int64_t z = day + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t day_of_era = z - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t m = (5 * day_of_year + 2) / 153;
    *day_of_month = (int)(day_of_year - (153 * m + 2) / 5 + 1);
    *month = (int)(m < 10 ? m + 3 : m - 9);
    *year = (int)(year_of_era + era * 400 + (*month <= 2 ? 1 : 0));
}

static bool is_shape(const char *text, const char *shape)
{
    for (; *shape != '\0'; shape++, text++)
        if (*shape == '0' ? !isdigit((unsigned char)*text) : *text != *shape)
            return false;
    return *text == '\0';
}

bool day_parse(const char *text, int64_t *out)
{
    int year = 0;
    int month = 0;
    int day = 0;
    if (!is_shape(text, "0000-00-00") || sscanf(text, "%4d-%2d-%2d", &year, &month, &day) != 3)
        return false;
    if (month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    int64_t parsed = day_of(year, month, day);
    int back_year = 0;
    int back_month = 0;
    int back_day = 0;
    day_split(parsed, &back_year, &back_month, &back_day);
    if (back_month != month || back_day != day)
        return false;
    *out = parsed;
    return true;
}

char *day_format(struct arena *arena, int64_t day)
{
    int year = 0;
    int month = 0;
    int day_of_month = 0;
    day_split(day, &year, &month, &day_of_month);
    return arena_printf(arena, "%04d-%02d-%02d", year, month, day_of_month);
}

/* First of a month, counted in months since year 0. */
static int64_t day_of_month_number(int64_t months)
{
    return day_of((int)(months / 12), (int)(months % 12) + 1, 1);
}

static int64_t month_number(int64_t day)
{
    int year = 0;
    int month = 0;
    int day_of_month = 0;
    day_split(day, &year, &month, &day_of_month);
    return (int64_t)year * 12 + month - 1;
}

int64_t day_year_before(int64_t day)
{
    int year = 0;
    int month = 0;
    int day_of_month = 0;
    day_split(day, &year, &month, &day_of_month);
    bool leap_day = month == 2 && day_of_month == 29;
    return day_of(year - 1, month, leap_day ? 28 : day_of_month);
}

int64_t day_quarter(int64_t day, int move)
{
    int64_t months = month_number(day);
    return day_of_month_number(months - months % 3 + (int64_t)move * 3);
}

bool days_parse(const char *text, struct days *out)
{
    int year = 0;
    int part = 0;
    int64_t months = 0;
    int64_t length = 0;
    if (is_shape(text, "0000Q0") && sscanf(text, "%4dQ%1d", &year, &part) == 2 && part >= 1 &&
        part <= 4) {
        months = (int64_t)year * 12 + ((int64_t)part - 1) * 3;
        length = 3;
    } else if (is_shape(text, "0000-00") && sscanf(text, "%4d-%2d", &year, &part) == 2 &&
               part >= 1 && part <= 12) {
        months = (int64_t)year * 12 + part - 1;
        length = 1;
    } else if (is_shape(text, "0000") && sscanf(text, "%4d", &year) == 1) {
        months = (int64_t)year * 12;
        length = 12;
    } else
        return false;
    *out = (struct days){day_of_month_number(months), day_of_month_number(months + length)};
    return true;
}

/* Months that the days are exactly made of, 0 if they are not whole ones. */
static int64_t whole_months(struct days days)
{
    int64_t from = month_number(days.from);
    int64_t until = month_number(days.until);
    bool whole = day_of_month_number(from) == days.from && day_of_month_number(until) == days.until;
    return whole ? until - from : 0;
}

static bool is_quarter(struct days days)
{
    return whole_months(days) == 3 && month_number(days.from) % 3 == 0;
}

char *days_flags(struct arena *arena, struct days days)
{
    if (is_quarter(days))
        return days_format(arena, days);
    return arena_printf(arena, "--from %s --to %s", day_format(arena, days.from),
                        day_format(arena, days.until - 1));
}

char *days_format(struct arena *arena, struct days days)
{
    int64_t months = month_number(days.from);
    if (is_quarter(days))
        return arena_printf(arena, "%dQ%d", (int)(months / 12), (int)(months % 12 / 3) + 1);
    return arena_printf(arena, "%s … %s", day_format(arena, days.from),
                        day_format(arena, days.until - 1));
}

static int64_t day_at(int64_t moment)
{
    return moment / TIME_DAY - (moment % TIME_DAY < 0);
}

int64_t days_between(int64_t from, int64_t to)
{
    return day_at(to) - day_at(from);
}

struct days days_before(struct days days)
{
    int64_t months = whole_months(days);
    if (months > 0)
        return (struct days){day_of_month_number(month_number(days.from) - months), days.from};
    return (struct days){days.from - (days.until - days.from), days.from};
}

int64_t time_now(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * TIME_SECOND + now.tv_nsec / 1000;
}

char *time_format(struct arena *arena, int64_t microseconds)
{
    int64_t seconds = microseconds / TIME_SECOND - (microseconds % TIME_SECOND < 0 ? 1 : 0);
    int64_t day = seconds / 86400 - (seconds % 86400 < 0 ? 1 : 0);
    int64_t rest = seconds - day * 86400;
    return arena_printf(arena, "%sT%02d:%02d:%02dZ", day_format(arena, day), (int)(rest / 3600),
                        (int)(rest / 60 % 60), (int)(rest % 60));
}

bool time_parse(const char *text, int64_t *out)
{
    int hour = 0;
    int minute = 0;
    int second = 0;
    int64_t day = 0;
    char date[sizeof "0000-00-00"];
    if (!is_shape(text, "0000-00-00T00:00:00Z"))
        return false;
    (void)snprintf(date, sizeof date, "%.10s", text);
    if (!day_parse(date, &day) ||
        sscanf(text + sizeof date, "%2d:%2d:%2dZ", &hour, &minute, &second) != 3 || hour > 23 ||
        minute > 59 || second > 59)
        return false;
    *out = day * TIME_DAY + ((hour * 60 + minute) * 60 + second) * TIME_SECOND;
    return true;
}
