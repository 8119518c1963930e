/* Checks of when items are: gaps in the calendar, and a mix of work that shifted between periods.
 */

#include "evidence/checks/checks.h"

#include "base/embedded.h"
#include "engine/sql_text.h"
#include "evidence/sample/cells.h"

#include <math.h>
#include <string.h>

enum { week = 7 };
/* So many items of an arm are expected in a week before a week without one says anything. */
static const double week_least = 20;
/* Share of the work that is of other kinds than before, beyond what chance makes of it. */
static const double shift_most = 0.2;

/* ---- Gaps ------------------------------------------------------------------------------- */

/* Longest run of days without an item, and items in all. */
struct gap {
    int64_t last; /* day of the latest item */
    int64_t run;
    double items;
};

static void take_day(struct gap *gap, int64_t day, double items)
{
    if (items <= 0)
        return;
    if (day - gap->last - 1 > gap->run)
        gap->run = day - gap->last - 1;
    gap->last = day;
    gap->items += items;
}

static bool is_gap(struct gap gap, int64_t days)
{
    int64_t end = days - gap.last - 1;
    double a_week = gap.items / (double)days * week;
    return a_week >= week_least && (gap.run >= week || end >= week);
}

/* The days end with the latest item of either arm: what the data do not reach is no gap. */
enum status check_calendar_gaps(const struct checking *checking, struct finding *out,
                                struct error *error)
{
    struct arena *arena = checking->arena;
    const struct sample *sample = checking->sample;
    struct frame frame;
    struct gap gaps[3] = {{.last = -1}, {.last = -1}, {.last = -1}}; /* by arm, and of both */
    if (sample->span.all || sample->arms.units_repeat)
        return STATUS_OK;
    enum status status =
        engine_query(checking->workspace->engine,
                     TEXT_FILLED(arena, embedded_text("evidence/checks/days_by_arm.sql"),
                                 {"sample", sample_sql(arena, sample)}),
                     sample_values(arena, sample), arena, &frame, error);
    if (status != STATUS_OK || frame.rows == 0)
        return status;
    for (size_t row = 0; row < frame.rows; row++) {
        int64_t day = frame_integer(&frame, row, 0);
        for (size_t arm = 0; arm < 2; arm++)
            take_day(&gaps[arm], day, frame_number(&frame, row, 1 + arm));
        take_day(&gaps[2], day, frame_number(&frame, row, 1) + frame_number(&frame, row, 2));
    }
    int64_t days = gaps[2].last + 1;
    if (days < (int64_t)2 * week || gaps[2].items / (double)days * week < week_least)
        return STATUS_OK;
    bool of_both = is_gap(gaps[2], days);
    check_finds(out, of_both || is_gap(gaps[0], days) || is_gap(gaps[1], days));
    if (of_both)
        out->sentence = "for a week or more of the period there is no item in either arm";
    return STATUS_OK;
}

/* ---- Mix -------------------------------------------------------------------------------- */

/* Half the sum of the differences of shares, less what two samples of one mix would show:
   a share's difference has variance p (1 - p) (1/n + 1/m), and E |z| = sqrt(2/pi). */
static double shift_of(const struct frame *frame)
{
    double items[2] = {0, 0};
    double shift = 0;
    for (size_t row = 0; row < frame->rows; row++)
        for (size_t period = 0; period < 2; period++)
            items[period] += frame_number(frame, row, period);
    for (size_t row = 0; row < frame->rows; row++) {
        double now = frame_number(frame, row, 0) / items[0];
        double before = frame_number(frame, row, 1) / items[1];
        double p =
            (frame_number(frame, row, 0) + frame_number(frame, row, 1)) / (items[0] + items[1]);
        double chance = sqrt(2 / M_PI * p * (1 - p) * (1 / items[0] + 1 / items[1]));
        shift += (fabs(now - before) - chance) / 2;
    }
    return shift;
}

/* Cells are team and fifths of size, as those of a change. Those of persons say nothing: who is new
   does not make the work another. */
enum status check_mix_shift(const struct checking *checking, struct finding *out,
                            struct error *error)
{
    struct arena *arena = checking->arena;
    struct sample sample = *checking->sample;
    const struct span *before =
        sample.arms.kind == ARMS_BY_PERIOD ? &sample.arms.before : &checking->request->previous;
    struct cells cells;
    struct frame frame;
    if (sample.span.all || before->all || before->until <= before->from || sample.use_case == NULL)
        return STATUS_OK;
    enum status status =
        cells_default(checking->workspace, sample.use_case, before, arena, &cells, error);
    if (status != STATUS_OK || cells.sql == NULL || strncmp(cells.label, "person", 6) == 0)
        return status;
    const struct span kept = *before;
    sample.arms.before = kept;
    status = engine_query(checking->workspace->engine,
                          TEXT_FILLED(arena, embedded_text("evidence/checks/cell_shares.sql"),
                                      {"cell", cells.sql},
                                      {"scope", sample.scope != NULL ? sample.scope : "true"}),
                          sample_values(arena, &sample), arena, &frame, error);
    if (status != STATUS_OK || frame.rows == 0)
        return status;
    double shift = shift_of(&frame);
    if (!isnan(shift)) /* items of both periods */
        check_finds(out, shift > shift_most);
    return STATUS_OK;
}
