/* evidence/plan/plan_new.h: writing a plan into a workspace: what there is to choose from, what is
   taken where nothing was said, and what has to be known of the outcome. */

#ifndef EVIDENCE_PLAN_NEW_H
#define EVIDENCE_PLAN_NEW_H

#include "model/plan_draft.h"
#include "workspace/workspace.h"

/* A metric as it can be chosen for a use case. */
struct plan_metric {
    const char *name;
    const char *label;
    const char *improve_by; /* what is worth acting on */
    bool known;             /* min_group people at least have values of it */
};

struct plan_choices {
    struct plan_texts use_cases; /* of min_group people at least, the largest first */
    const struct plan_metric *metrics;
    size_t metric_count;
};

/* use_case   whose metrics; NULL or one without items: no metric is known */
enum status plan_choices(struct workspace *workspace, const char *use_case, struct arena *arena,
                         struct plan_choices *out, struct error *error);

/* Fills what a draft does not say: as improve_by what is worth acting on, as the period the quarter
   that begins after today, or 13 weeks from its first day on.
   today   a day of base/time.h */
enum status plan_default(struct workspace *workspace, int64_t today, struct arena *arena,
                         struct plan_draft *draft, struct error *error);

struct plan_new {
    const char *file; /* "plans/NAME.yaml" */
    struct plan plan; /* compiled */
    const char *const *notes;
    size_t note_count;
};

/* Writes plans/NAME.yaml. What it says is read and checked first, as `assay plan check` does.
   ERROR_INPUT: a file of that name is there; the draft lacks something (the error names its flag);
   or what it says is wrong, where the place is the flag. Nothing is then written. */
enum status plan_new(struct workspace *workspace, const struct plan_draft *draft,
                     struct arena *arena, struct plan_new *out, struct error *error);

#endif
