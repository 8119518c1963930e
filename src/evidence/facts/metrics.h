/* evidence/facts/metrics.h: metrics and formulas compiled against the facts of a workspace. */

#ifndef EVIDENCE_METRICS_H
#define EVIDENCE_METRICS_H

#include "model/metric.h"
#include "workspace/workspace.h"

/* What formulas may name here. */
enum status metrics_names(struct workspace *workspace, struct arena *arena,
                          struct formula_names *out, struct error *error);

/* The metrics that a report looks at, in the order in which they lead, then the user's others.
   broken   the user's files that cannot be read, or name what there is not; they are left out */
enum status metrics_for_report(struct workspace *workspace, struct arena *arena,
                               struct metric **out, size_t *count, struct metric_broken *broken,
                               struct error *error);

/* One metric by name: the user's, else the built-in one. */
enum status metrics_named(struct workspace *workspace, const char *name, struct arena *arena,
                          struct metric *out, struct error *error);

/* --adjust: formulas that are numbers or truths. */
enum status metrics_covariates(struct workspace *workspace, const char *const *texts, size_t count,
                               struct arena *arena, struct formula **out, struct error *error);

/* --like: formulas with commas between, which may name the worker. labels are as written. */
enum status metrics_cells(struct workspace *workspace, const char *text, struct arena *arena,
                          struct formula **out, const char ***labels, size_t *count,
                          struct error *error);

/* --by: one formula, which may not name the worker. */
enum status metrics_by(struct workspace *workspace, const char *text, struct arena *arena,
                       struct formula *out, struct error *error);

/* --landmark: a span such as 2h; NULL gives NAN. */
enum status metrics_landmark(const char *text, double *minutes, struct error *error);

#endif
