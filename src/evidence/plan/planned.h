/* evidence/plan/planned.h: what a plan asked for, answered as it was planned. */

#ifndef EVIDENCE_PLANNED_H
#define EVIDENCE_PLANNED_H

#include "evidence/compare/comparison.h"
#include "evidence/plan/plans.h"
#include "workspace/plan_locks.h"

struct planned {
    struct plan plan;
    struct lock lock;
};

/* The plan and what the registry says of it.
   ERROR_INPUT: it is not there, is wrong, or was changed after it was locked. */
enum status planned_find(struct workspace *workspace, const char *name, struct arena *arena,
                         struct planned *out, struct error *error);

/* Fills the row: guardrails first, then the primary metric, whose verdict they decide.
   like    errors, span, min_group and explain of the command; a level that the primary metric is
           judged at where it is above the plan's own (0: its own); the plan gives the rest
   items   what the data hold for it
   early   show the numbers before the data reach the period's end, and record the look
   A plan that cannot be answered has a comparison that does not exist, and a sentence. */
enum status planned_compare(struct workspace *workspace, const struct planned *planned,
                            const struct plan_items *items, const struct comparison_request *like,
                            bool early, int64_t data_version, struct arena *arena, struct row *row,
                            struct error *error);

/* Who is in the arms of a plan's primary metric where it assigned them, in its own period: of more
   than two, in all that are shown. Nobody where an arm has fewer than min_group workers, so that
   its comparison is shown nowhere. */
enum status planned_reach(struct workspace *workspace, const struct plan *plan,
                          const struct span *span, const struct span *previous, int min_group,
                          struct arena *arena, struct reach *out, struct error *error);

/* A row with what the plan and the registry say, without anything of the data. */
struct row planned_row(const struct planned *planned);

/* Fills the row with what is known of the plan, and the sentence why it has no comparison. */
enum status planned_without_numbers(struct workspace *workspace, const struct planned *planned,
                                    const struct plan_items *items, const struct span *span,
                                    const char *why, struct arena *arena, struct row *row,
                                    struct error *error);

/* The primary metric of an answered row again, judged at like->level; guardrails stay as they are.
 */
enum status planned_at_level(struct workspace *workspace, const struct planned *planned,
                             const struct comparison_request *like, struct arena *arena,
                             struct row *row, struct error *error);

/* Which items a plan speaks of: a truth over facts, or NULL for all items of its use case. */
const char *planned_scope(struct arena *arena, const struct plan *plan);

/* Whether the data reach the end of the plan's period. */
enum status planned_ended(struct workspace *workspace, const struct plan *plan, struct arena *arena,
                          bool *out, struct error *error);

#endif
