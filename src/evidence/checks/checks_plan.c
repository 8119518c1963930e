/* Checks of what was planned: another plan over the same items, and an amount that no result can
   reach. */

#include "evidence/checks/checks.h"

#include "base/embedded.h"
#include "base/terminal.h"
#include "base/text.h"
#include "evidence/estimate/effect.h"
#include "evidence/sample/period.h"
#include "model/plan.h"

#include <math.h>

/* From such a part on an assignment decides the arms of a use case, too. */
static const double share_least = 0.1;

/* ---- Another plan over the same items ---------------------------------------------------------
 */

/* A plan whose file says that it was over before, or began after, gave these items no arm: its rows
   need not say until when they hold. */
static enum status runs_beside(const struct checking *checking, const char *name, bool *out,
                               struct error *error)
{
    const struct place place = {.file = "plan"};
    const struct span *now = &checking->request->span;
    struct workspace *workspace = checking->workspace;
    struct arena *arena = checking->arena;
    struct plan plan;
    struct span span;
    struct error unread;
    *out = true;
    if (now->all || !plan_is_name(name) ||
        plan_find(arena, workspace_path(workspace, arena, "plans"), name, &place, &plan, &unread) !=
            STATUS_OK)
        return STATUS_OK;
    enum status status = period_span(workspace, plan.period, arena, &span, error);
    *out = span.from < now->until && now->from < span.until;
    return status;
}

/* Drawn apart from each other, two plans leave each other's effects unbiased, and mix them: each is
   an effect among items a part of which the other changed. */
enum status check_other_plans(const struct checking *checking, struct finding *out,
                              struct error *error)
{
    struct frame frame;
    struct arena *arena = checking->arena;
    const struct sample *sample = checking->sample;
    const char *sql = TEXT_FILLED(arena, embedded_text("evidence/checks/other_plans.sql"),
                                  {"assigned", sample_assigned_sql(arena, sample)});
    enum status status = engine_query(checking->workspace->engine, sql,
                                      sample_values(arena, sample), arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    check_finds(out, false);
    for (size_t row = 0; status == STATUS_OK && row < frame.rows && !out->found; row++) {
        const char *name = frame_text(&frame, row, 0);
        double share = frame_number(&frame, row, 1) / frame_number(&frame, row, 3);
        bool many = frame_integer(&frame, row, 2) >= checking->request->min_group;
        if (!many || share < share_least)
            continue;
        status = runs_beside(checking, name, &out->found, error);
        if (out->found)
            out->sentence =
                arena_printf(arena,
                             "the plan %s gave an arm to many of the same items, or to those who "
                             "do them: what it does is mixed into this effect",
                             text_printable(arena, name));
    }
    return status;
}

/* ---- More than there is ------------------------------------------------------------------------
 */

enum status check_target_possible(const struct checking *checking, struct finding *out,
                                  struct error *error)
{
    const struct comparison *comparison = &checking->row->comparison;
    double most = effect_most_possible(checking->request->metric, comparison->scale,
                                       comparison->arms[0].value);
    (void)error;
    if (checking->request->planned && isfinite(most))
        check_finds(out, checking->row->margin > most);
    return STATUS_OK;
}
