#include "evidence/sample/waves.h"

#include "base/embedded.h"
#include "evidence/sample/local_time.h"

#include <string.h>

/* A day that begins a week: 1970-01-01 was a Thursday. */
static int64_t some_week(const struct workspace *workspace)
{
    return strcmp(workspace->settings.week_starts, "sunday") == 0 ? 3 : 4;
}

bool waves_begins(const struct workspace *workspace, const struct plan *plan, int64_t day)
{
    int year = 0;
    int month = 0;
    int day_of_month = 0;
    if (plan->every == PLAN_WEEK)
        return (day - some_week(workspace)) % 7 == 0;
    day_split(day, &year, &month, &day_of_month);
    return day_of_month == 1;
}

static const char *period_of_local(struct arena *arena, const struct workspace *workspace,
                                   const struct plan *plan, const char *local)
{
    if (plan->every == PLAN_MONTH)
        return arena_printf(arena, "(date_part('year', %s) * 12 + date_part('month', %s) - 1)",
                            local, local);
    return arena_printf(arena, "floor((floor(epoch_us(%s) / 864e8) - %lld) / 7)", local,
                        (long long)some_week(workspace));
}

const char *waves_period(struct arena *arena, const struct workspace *workspace,
                         const struct plan *plan, const char *moment)
{
    return period_of_local(arena, workspace, plan, local_time(arena, workspace, moment));
}

const char *waves_begun_within(struct arena *arena, const struct workspace *workspace,
                               const struct plan *plan, const char *moment, const char *since)
{
    const char *local = local_time(arena, workspace, since);
    const char *day_before = arena_printf(arena, "(%s - interval 1 day)", local);
    return arena_printf(arena, "(%s = %s and %s = %s)",
                        waves_period(arena, workspace, plan, moment),
                        period_of_local(arena, workspace, plan, local),
                        period_of_local(arena, workspace, plan, local),
                        period_of_local(arena, workspace, plan, day_before));
}

/* Columns of waves_found.sql. */
enum { found_assigned, found_treated, found_taken_away, found_of_plan, found_seats, found_drawn };

static const char *refusal(const struct frame *found, const struct plan *plan, struct arena *arena)
{
    if (frame_integer(found, 0, found_taken_away) > 0)
        return "some units were given it and had it taken away within the plan's period (until): a "
               "staggered rollout only adds; plan a switchback for what comes and goes";
    if (frame_integer(found, 0, found_assigned) > 0 && frame_integer(found, 0, found_treated) == 0)
        return arena_printf(arena, "the plan %s assigned nothing to its arm %s", plan->name,
                            plan->arms.list[1]);
    if (frame_integer(found, 0, found_assigned) > 0)
        return NULL;
    if (frame_integer(found, 0, found_of_plan) > 0)
        return arena_printf(arena,
                            "the plan %s assigned other units or arms than its %ss to %s and %s; "
                            "import the assignment as the plan has it",
                            plan->name, plan_unit_name(plan->unit), plan->arms.list[0],
                            plan->arms.list[1]);
    if (plan->unit == PLAN_WORKER && frame_integer(found, 0, found_seats) > 0)
        return NULL;
    return arena_printf(arena,
                        "nothing says from when on each %s has it; import that, with a day in the "
                        "column since for those of the arm %s and a row for those that stay "
                        "without: assay import assignments FILE%s",
                        plan_unit_name(plan->unit), plan->arms.list[1],
                        plan->unit == PLAN_WORKER ? ", or seats: assay import seats FILE" : "");
}

static enum status look_ahead(struct workspace *workspace, const struct plan *plan,
                              const struct sample *sample, struct arena *arena, struct waves *out,
                              struct error *error)
{
    struct frame frame;
    if (plan->anticipation == 0)
        return STATUS_OK;
    const char *sql =
        TEXT_FILLED(arena, embedded_text("evidence/sample/waves_ahead.sql"), {"waves", out->sql},
                    {"anticipation", arena_printf(arena, "%lld", (long long)plan->anticipation)},
                    {"period_of_since", waves_period(arena, workspace, plan, "since")},
                    {"period_of_ahead", waves_period(arena, workspace, plan, "ahead")});
    enum status status =
        engine_query(workspace->engine, sql, sample_values(arena, sample), arena, &frame, error);
    if (status == STATUS_OK)
        out->ahead = frame_integer(&frame, 0, 0);
    return status;
}

enum status waves_find(struct workspace *workspace, const struct plan *plan,
                       const struct sample *sample, struct arena *arena, struct waves *out,
                       const char **why_not, struct error *error)
{
    struct frame found;
    *out = (struct waves){0};
    enum status status =
        engine_query(workspace->engine, embedded_text("evidence/sample/waves_found.sql"),
                     sample_values(arena, sample), arena, &found, error);
    if (status != STATUS_OK)
        return status;
    *why_not = refusal(&found, plan, arena);
    if (*why_not != NULL)
        return STATUS_OK;
    out->from_seats = frame_integer(&found, 0, found_assigned) == 0;
    out->drawn = !out->from_seats &&
                 frame_integer(&found, 0, found_drawn) == frame_integer(&found, 0, found_assigned);
    out->sql = embedded_text(out->from_seats ? "evidence/sample/waves_seats.sql"
                                             : "evidence/sample/waves_assigned.sql");
    out->why = out->from_seats ? "people's seats say from when on they have it"
                               : arena_printf(arena, "the plan %s assigned the starts", plan->name);
    return look_ahead(workspace, plan, sample, arena, out, error);
}
