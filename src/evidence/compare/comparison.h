/* evidence/compare/comparison.h

   One metric between two arms: as assigned where anything was, else as found, with what keeps
   longer work from looking like an effect of AI (landmark, like with like) and with refusals where
   nothing can. */

#ifndef EVIDENCE_COMPARISON_H
#define EVIDENCE_COMPARISON_H

#include "evidence/estimate/estimators.h"
#include "evidence/result.h"
#include "evidence/sample/arms.h"

/* Effects by the values of a formula. */
struct by_wish {
    const struct formula *formula;
    const char *label;
    bool planned; /* the plan names it */
};

struct comparison_request {
    const char *use_case;
    const struct metric *metric;
    struct span span;
    struct span previous; /* where the default landmark comes from; all: everywhere */
    struct arms_wish arms;
    const struct formula *covariates;
    size_t covariate_count;
    const char *adjusted;       /* the covariates as written, or NULL */
    bool earlier;               /* adjust for each person's mean of the metric in previous, too */
    bool interact;              /* slopes of each arm's own */
    const struct formula *like; /* cells; none: the default */
    const char *const *like_labels;
    size_t like_count;
    const struct by_wish *by; /* effects by values, too */
    size_t by_count;
    const struct formula *strata; /* what units were drawn within; none: the whole */
    const char *const *strata_labels;
    size_t strata_count;
    bool by_team;  /* teams are the clusters, whatever the arms are of */
    int64_t block; /* teams take turns of that many microseconds, whose first are left out; 0: no */
    int64_t washout;
    double landmark_minutes; /* NAN: the default */
    enum variance variance;  /* of the regression; CR2 by default */
    const char *errors;      /* its code */
    bool normal;             /* normal quantile in place of t */
    double level;
    int min_group;
    bool explain;
    bool sensitivity;   /* of a comparison like with like: what would overturn it */
    bool planned;       /* the metric's material is the plan's amount */
    bool opt_outs;      /* look at items without an outcome */
    bool reach_only;    /* who is in the arms that were assigned, without any estimate of them */
    bool interval_only; /* the estimate, without checks, a verdict and what else stands beside it */
    const struct guardrail *guardrails;
    size_t guardrail_count;
};

/* Is it of fewer than min_group people? Then nothing that is told may depend on what came of their
   work: whether there is an estimate, and why there is none. */
bool comparison_is_few(const struct comparison *comparison, int min_group);

/* Which arms, and how they came about, in the sample and in out; or why there are none. */
enum status comparison_arms(struct workspace *workspace, const struct comparison_request *request,
                            struct arena *arena, struct sample *sample, struct comparison *out,
                            struct error *error);

/* Sets where times of arms as found count from, in the sample and in out, or says why not. Other
   arms and metrics have no such landmark. */
enum status comparison_landmark(struct workspace *workspace,
                                const struct comparison_request *request, struct arena *arena,
                                struct sample *sample, struct comparison *out, struct error *error);

/* Fills comparison, verdict, margin and checks of the row. A comparison that cannot be made has
   exists = false and a sentence; only the engine's failures and wrong flags are errors. */
enum status comparison_estimate(struct workspace *workspace,
                                const struct comparison_request *request, struct arena *arena,
                                struct row *row, struct error *error);

#endif
