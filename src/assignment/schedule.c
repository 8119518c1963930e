#include "assignment/schedule.h"

#include "assignment/draw.h"
#include "base/error.h"
#include "evidence/sample/period.h"
#include "evidence/sample/waves.h"

static enum status add_day(struct workspace *workspace, int64_t day, struct arena *arena,
                           struct schedule *out, struct error *error)
{
    struct span span;
    enum status status = period_span(workspace, (struct days){day, day + 1}, arena, &span, error);
    if (status == STATUS_OK)
        out->at[out->count++] = span.from;
    return status;
}

enum status schedule_blocks(struct workspace *workspace, const struct plan *plan,
                            struct arena *arena, struct schedule *out, struct error *error)
{
    int64_t days = plan->block / TIME_DAY;
    int64_t count = (plan->period.until - plan->period.from + days - 1) / days;
    if (count < 2 || count > schedule_most)
        return error_set(error, ERROR_INPUT,
                         "the period of %s holds %lld blocks of %lld days; a schedule has from 2 "
                         "to %d",
                         plan->name, (long long)count, (long long)days, schedule_most);
    *out = (struct schedule){arena_array(arena, (size_t)count + 1, sizeof *out->at), 0};
    enum status status = STATUS_OK;
    for (int64_t b = 0; b < count && status == STATUS_OK; b++)
        status = add_day(workspace, plan->period.from + b * days, arena, out, error);
    return status == STATUS_OK ? add_day(workspace, plan->period.until, arena, out, error) : status;
}

enum status schedule_waves(struct workspace *workspace, const struct plan *plan, int64_t now,
                           struct arena *arena, struct schedule *out, struct error *error)
{
    bool whole = waves_begins(workspace, plan, plan->period.from); /* one lies before */
    enum status status = STATUS_OK;
    *out = (struct schedule){arena_array(arena, draw_waves_max, sizeof *out->at), 0};
    for (int64_t day = plan->period.from + 1; day < plan->period.until && status == STATUS_OK;
         day++) {
        if (!waves_begins(workspace, plan, day))
            continue;
        if (whole && out->count < draw_waves_max)
            status = add_day(workspace, day, arena, out, error);
        if (status == STATUS_OK && out->count > 0 && out->at[out->count - 1] < now)
            out->count--;
        whole = true;
    }
    if (status == STATUS_OK && out->count < 2)
        return error_set(error, ERROR_INPUT,
                         "from now to the end of the period of %s fewer than two %s begin behind "
                         "its first whole one: units of one wave have nobody to be compared "
                         "with",
                         plan->name, plan->every == PLAN_WEEK ? "weeks" : "months");
    return status;
}
