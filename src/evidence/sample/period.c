#include "evidence/sample/period.h"

#include "base/embedded.h"
#include "base/error.h"
#include "base/text.h"

#include <string.h>

enum status period_span(struct workspace *workspace, struct days days, struct arena *arena,
                        struct span *out, struct error *error)
{
    struct frame frame;
    enum status status =
        engine_query(workspace->engine,
                     "select epoch_us(timezone($zone, $from)), epoch_us(timezone($zone, $until))",
                     ENGINE_VALUES(engine_text("zone", workspace->settings.time_zone),
                                   engine_time("from", days.from * TIME_DAY),
                                   engine_time("until", days.until * TIME_DAY)),
                     arena, &frame, error);
    if (status == STATUS_OK)
        *out = (struct span){false, frame_integer(&frame, 0, 0), frame_integer(&frame, 0, 1)};
    return status;
}

/* The last full quarter of the data; all is set where no item has a time. */
static enum status last_quarter(struct workspace *workspace, struct arena *arena,
                                struct period *out, struct error *error)
{
    struct frame frame;
    enum status status = engine_query(
        workspace->engine,
        "select epoch_us(timezone($zone, max(data_end)::timestamptz)) // 86400000000 from facts",
        ENGINE_VALUES(engine_text("zone", workspace->settings.time_zone)), arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    if (!frame.columns[0].valid[0]) {
        out->all = true;
        out->now.all = true;
        return STATUS_OK;
    }
    int64_t until = day_quarter(frame_integer(&frame, 0, 0), 0);
    out->days = (struct days){day_quarter(until, -1), until};
    return STATUS_OK;
}

/* Others are mistyped. */
static const int first_year = 1900;
static const int last_year = 2199;

static enum status check_years(const char *flag, const char *text, struct days days,
                               struct error *error)
{
    if (days.from >= day_of(first_year, 1, 1) && days.until <= day_of(last_year + 1, 1, 1))
        return STATUS_OK;
    return error_at(error, ERROR_INPUT, flag, 0, 0, "\"%s\": years go from %d to %d", text,
                    first_year, last_year);
}

static enum status read_day(const char *flag, const char *text, int64_t *out, struct error *error)
{
    if (!day_parse(text, out))
        return error_at(error, ERROR_INPUT, flag, 0, 0,
                        "\"%s\" is no date; write it like 2026-07-01", text);
    return check_years(flag, text, (struct days){*out, *out + 1}, error);
}

static enum status read_flags(const struct period_flags *flags, struct days *out,
                              struct error *error)
{
    if (flags->period != NULL && (flags->from != NULL || flags->to != NULL))
        return error_set(error, ERROR_INPUT,
                         "give either a period (%s) or --from and --to, not both", flags->period);
    if (flags->period != NULL) {
        if (!days_parse(flags->period, out))
            return error_set(error, ERROR_INPUT,
                             "\"%s\" is no period; write 2026Q3, 2026-07 or 2026", flags->period);
        return check_years("PERIOD", flags->period, *out, error);
    }
    if (flags->from == NULL || flags->to == NULL)
        return error_set(error, ERROR_INPUT, "%s needs %s beside it",
                         flags->from != NULL ? "--from" : "--to",
                         flags->from != NULL ? "--to" : "--from");
    enum status status = read_day("--from", flags->from, &out->from, error);
    if (status == STATUS_OK)
        status = read_day("--to", flags->to, &out->until, error);
    if (status == STATUS_OK && out->until < out->from)
        status = error_at(error, ERROR_INPUT, "--to", 0, 0, "%s is before --from %s", flags->to,
                          flags->from);
    out->until++; /* the last day is part of it */
    return status;
}

static enum status read_against(const char *text, struct days days, struct arena *arena,
                                struct days *out, struct error *error)
{
    if (!days_parse(text, out))
        return error_at(error, ERROR_INPUT, "--against", 0, 0,
                        "\"%s\" is no period; write 2026Q2, 2026-06 or 2025", text);
    if (out->until > days.from)
        return error_at(error, ERROR_INPUT, "--against", 0, 0,
                        "%s does not end before the period begins, on %s; name an earlier one",
                        text, day_format(arena, days.from));
    return check_years("--against", text, *out, error);
}

enum status period_of(struct workspace *workspace, const struct period_flags *flags,
                      struct arena *arena, struct period *out, struct error *error)
{
    *out = (struct period){0};
    bool given = flags->period != NULL || flags->from != NULL || flags->to != NULL;
    enum status status =
        given ? read_flags(flags, &out->days, error) : last_quarter(workspace, arena, out, error);
    if (status != STATUS_OK || out->all)
        return status;
    out->against = days_before(out->days);
    if (flags->against != NULL)
        status = read_against(flags->against, out->days, arena, &out->against, error);
    if (status != STATUS_OK)
        return status;
    status = period_span(workspace, out->days, arena, &out->now, error);
    if (status == STATUS_OK)
        status = period_span(workspace, out->against, arena, &out->before, error);
    return status;
}

/* ---- Further back ----------------------------------------------------------------------- */

enum status period_year_before(struct workspace *workspace, const struct span *span,
                               struct arena *arena, struct span *out, struct error *error)
{
    struct frame frame;
    enum status status = engine_query(
        workspace->engine,
        /* By the day before each, so that what ends with a 28 February before a 29th ends with one.
         */
        "select epoch_us(timezone($zone, timezone($zone, $from::timestamptz) - interval 1 day - "
        "interval 1 year + interval 1 day)), epoch_us(timezone($zone, timezone($zone, "
        "$until::timestamptz) - interval 1 day - interval 1 year + interval 1 day))",
        ENGINE_VALUES(engine_text("zone", workspace->settings.time_zone),
                      engine_time("from", span->from), engine_time("until", span->until)),
        arena, &frame, error);
    if (status == STATUS_OK)
        *out = (struct span){false, frame_integer(&frame, 0, 0), frame_integer(&frame, 0, 1)};
    return status;
}

enum status period_first_item(struct workspace *workspace, const char *use_case, const char *scope,
                              struct arena *arena, int64_t *out, struct error *error)
{
    struct frame frame;
    const char *sql = TEXT_FILLED(arena, embedded_text("evidence/sample/first_item.sql"),
                                  {"scope", scope != NULL ? scope : "true"});
    enum status status =
        engine_query(workspace->engine, sql, ENGINE_VALUES(engine_text("use_case", use_case)),
                     arena, &frame, error);
    if (status == STATUS_OK && frame.columns[0].valid[0])
        *out = frame_integer(&frame, 0, 0);
    return status;
}

bool period_is_reached(int64_t first, const struct span *span)
{
    return first <= span->from + (span->until - span->from) / 10;
}
