#include "evidence/compare/anytime.h"

#include "assay/sequence.h"
#include "evidence/compare/settle.h"

#include <math.h>

/* The row as it was, without anything that the look told but of how many people it was. */
static void cannot(struct row *row, const struct row *before, const char *why)
{
    const struct comparison look = row->comparison;
    *row = *before;
    row->comparison = (struct comparison){.exists = false,
                                          .why_not = why,
                                          .arms_from = look.arms_from,
                                          .arms_why = look.arms_why,
                                          .fewest = look.fewest};
}

/* Why a look has no interval yet, or NULL. Counts stay unsaid: a look may be at few people. */
static const char *too_early(struct arena *arena, const struct comparison *look, double share)
{
    if (look->clusters < assay_sequence_clusters_least)
        return arena_printf(arena,
                            "under %d people or teams carry it: an interval that holds at every "
                            "look is given from %d on",
                            assay_sequence_clusters_least, assay_sequence_clusters_least);
    if (share < ASSAY_SEQUENCE_INFORMATION_LEAST)
        return arena_printf(arena,
                            "fewer than %g %% of the planned items have an outcome: an interval "
                            "that holds at every look is given from there on",
                            100 * ASSAY_SEQUENCE_INFORMATION_LEAST);
    return NULL;
}

enum status anytime_estimate(struct workspace *workspace, const struct plan *plan,
                             const struct comparison_request *request, design_estimate *design,
                             struct arena *arena, struct row *row, struct error *error)
{
    const struct row before = *row;
    struct comparison_request at_look = *request;
    at_look.explain = false;
    enum status status = design(workspace, plan, &at_look, arena, row, error);
    if (status != STATUS_OK || !row->comparison.exists)
        return status;
    const struct comparison *look = &row->comparison;
    double items = (double)(look->arms[0].items + look->arms[1].items);
    double share = items / (double)plan->items;
    const char *why = too_early(arena, look, share);
    if (why != NULL) {
        cannot(row, &before, why);
        return STATUS_OK;
    }
    at_look.explain = request->explain;
    status = assay_sequence_level(share, request->level, &at_look.level, error);
    if (status != STATUS_OK)
        return status;
    *row = before;
    status = design(workspace, plan, &at_look, arena, row, error);
    row->comparison.level = request->level;
    row->comparison.every_look = true;
    row->comparison.planned_share = share;
    row->comparison.estimate.p = NAN; /* it would be that of one look */
    row->comparison.hazards.log_rank_p = NAN;
    if (row->verdict.reason == REASON_TOO_FEW) /* it narrows in another way than that of one look */
        settle_metric(&row->comparison, row->margin, arena);
    return status;
}
