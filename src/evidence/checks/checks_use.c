/* Checks of whether work followed the draw: begun before it, with AI before it, with AI against
   it. */

#include "evidence/checks/checks.h"

#include "base/embedded.h"
#include "base/text.h"
#include "model/arm_names.h"

#include <string.h>

static const double share_most = 0.05;

/* ---- Counts --------------------------------------------------------------------------------- */

static enum status fill(const struct checking *checking, struct error *error)
{
    struct frame frame;
    struct assigned_use *use = checking->assigned_use;
    struct arena *arena = checking->arena;
    if (use->known)
        return STATUS_OK;
    const char *sql = TEXT_FILLED(arena, embedded_text("evidence/checks/assigned_use.sql"),
                                  {"assigned", sample_assigned_sql(arena, checking->sample)});
    enum status status = engine_query(checking->workspace->engine, sql,
                                      sample_values(arena, checking->sample), arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    for (size_t row = 0; row < frame.rows; row++) {
        struct met *met = &use->arms[frame_integer(&frame, row, 0)];
        *met = (struct met){
            .items = frame_integer(&frame, row, 1),
            .people = frame_integer(&frame, row, 2),
            .covered = frame_integer(&frame, row, 3),
            .with_ai = frame_integer(&frame, row, 4),
            .with_ai_people = frame_integer(&frame, row, 5),
            .without_ai_people = frame_integer(&frame, row, 6),
            .begun = frame_integer(&frame, row, 7),
            .begun_people = frame_integer(&frame, row, 8),
            .exposed = frame_integer(&frame, row, 9),
            .exposed_people = frame_integer(&frame, row, 10),
            .unexposed_people = frame_integer(&frame, row, 11),
            .dated = frame_integer(&frame, row, 12),
        };
    }
    use->known = true;
    return STATUS_OK;
}

static double share_of(int64_t part, int64_t whole)
{
    return whole > 0 ? (double)part / (double)whole : 0;
}

/* A count of people that may be told of: many, and their complement too. */
static bool tells_of_many(const struct checking *checking, int64_t with, int64_t without)
{
    return with >= checking->request->min_group && without >= checking->request->min_group;
}

static bool is_by_item(const struct checking *checking)
{
    return strcmp(checking->sample->arms.unit_kind, "item") == 0;
}

/* ---- Items begun, or done, before they were assigned ----------------------------------------- */

enum status check_assigned_late(const struct checking *checking, struct finding *out,
                                struct error *error)
{
    if (!is_by_item(checking))
        return STATUS_OK;
    enum status status = fill(checking, error);
    const struct met *arms = checking->assigned_use->arms;
    int64_t late = checking->row->comparison.excluded.assigned_late;
    int64_t begun = arms[0].begun + arms[1].begun;
    if (late > 0 || arms[0].dated + arms[1].dated > 0)
        check_finds(out, late > 0 || begun > 0);
    if (late == 0 && begun > 0)
        out->sentence = "some items were begun before they were assigned: what was done by then "
                        "is in their times";
    else if (begun > 0)
        out->sentence = "some items were done before they were assigned, and take no part; others "
                        "were begun before it, and what was done by then is in their times";
    return status;
}

/* ---- AI before the draw ------------------------------------------------------------------------
 */

static enum status exposed_units(const struct checking *checking, double shares[2],
                                 struct error *error)
{
    struct frame frame;
    bool by_team = strcmp(checking->sample->arms.unit_kind, "team") == 0;
    const char *sql =
        TEXT_FILLED(checking->arena, embedded_text("evidence/checks/exposed_units.sql"),
                    {"unit", by_team ? "facts.team" : "facts.worker"});
    enum status status = engine_query(checking->workspace->engine, sql,
                                      sample_values(checking->arena, checking->sample),
                                      checking->arena, &frame, error);
    for (size_t row = 0; status == STATUS_OK && row < frame.rows; row++)
        shares[frame_integer(&frame, row, 0)] =
            share_of(frame_integer(&frame, row, 2), frame_integer(&frame, row, 1));
    return status;
}

/* Units that take turns had AI before because their schedule says so. */
enum status check_exposed_before(const struct checking *checking, struct finding *out,
                                 struct error *error)
{
    double shares[2] = {-1, -1};
    const struct met *arms = checking->assigned_use->arms;
    if (checking->sample->arms.units_repeat)
        return STATUS_OK;
    enum status status = STATUS_OK;
    if (is_by_item(checking)) {
        status = fill(checking, error);
        for (int arm = 0; arm < 2; arm++)
            shares[arm] = arms[arm].dated > 0 ? share_of(arms[arm].exposed, arms[arm].dated) : -1;
    } else {
        status = exposed_units(checking, shares, error);
    }
    if (shares[0] >= 0 && shares[1] >= 0)
        check_finds(out, shares[0] > share_most || shares[1] > share_most);
    if (out->found && is_by_item(checking) &&
        tells_of_many(checking, arms[0].exposed_people, arms[0].unexposed_people) &&
        tells_of_many(checking, arms[1].exposed_people, arms[1].unexposed_people))
        out->sentence = arena_printf(
            checking->arena,
            "AI was used on %.0f %% of the items of %s and on %.0f %% of %s before they were "
            "assigned",
            shares[0] * 100, checking->sample->arms.names[0], shares[1] * 100,
            checking->sample->arms.names[1]);
    return status;
}

/* ---- AI against the draw ------------------------------------------------------------------------
 */

enum status check_crossover(const struct checking *checking, struct finding *out,
                            struct error *error)
{
    const struct arms *names = &checking->sample->arms;
    if (!arm_is_baseline(names->names[0]))
        return STATUS_OK;
    enum status status = fill(checking, error);
    const struct met *arms = checking->assigned_use->arms;
    if (status != STATUS_OK || arms[0].covered == 0 || arms[1].covered == 0)
        return status;
    double against = share_of(arms[0].with_ai, arms[0].covered);
    double unused = 1 - share_of(arms[1].with_ai, arms[1].covered);
    check_finds(out, against > share_most || unused > share_most);
    if (strcmp(checking->row->comparison.design, "encouragement") == 0)
        out->mend = "read the effect as that of the offer, and the one of use beside it as that "
                    "among those who use AI because it was offered";
    if (!tells_of_many(checking, arms[0].with_ai_people, arms[0].without_ai_people) ||
        !tells_of_many(checking, arms[1].with_ai_people, arms[1].without_ai_people))
        return STATUS_OK;
    out->sentence = arena_printf(
        checking->arena,
        "AI was used on %.0f %% of the items of %s, and not on %.0f %% of those of %s%s",
        against * 100, names->names[0], unused * 100, names->names[1],
        out->found ? ": the effect is that of being assigned, and that of use is larger where use "
                     "alone has one"
                   : "");
    return STATUS_OK;
}
