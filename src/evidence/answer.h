/* evidence/answer.h

   The two questions that assay answers without a plan: what got better this quarter, and was it AI
   (answer_report), and one metric between two arms (answer_compare); and what a plan asks
   (answer_plan), or each of them (answer_each_plan). All fill a struct evidence, which report/
   withholds from and renders. */

#ifndef EVIDENCE_ANSWER_H
#define EVIDENCE_ANSWER_H

#include "evidence/result.h"
#include "evidence/sample/period.h"

/* Which comparisons of these rows will readers see? evidence/ does not know what is withheld; what
   is must not move the level at which the rest are judged.
   shown   as long as there are rows */
typedef enum status (*answer_shown)(const struct evidence *evidence, bool *shown,
                                    struct error *error);

struct answer_request {
    struct period_flags period;
    bool publishing;    /* whose each number is will be asked for (published_work.h) */
    answer_shown shown; /* of report and plans, which have to have it */
    /* compare only: */
    const char *plan; /* answers what it asks; all but explain and errors are its own */
    bool early;       /* before the plan's period has ended, on record */
    const char *metric;
    const char *use_case; /* NULL: the only one, else an error that lists them */
    const char *arms;
    const char *const *adjust; /* formulas as written */
    size_t adjust_count;
    bool cuped;           /* each person's mean of the metric before, too */
    bool interact;        /* slopes of each arm's own */
    bool dose;            /* by the share of a team's week that had AI */
    const char *like;     /* formulas, comma between; NULL: the default cells */
    const char *by;       /* a formula: the effect in each of its values, too */
    const char *landmark; /* a span such as 2h; NULL: the default */
    const char *errors;   /* classical, cr0 .. cr3, hc0 .. hc3; NULL: cr2 */
    const char *quantile; /* t or normal; NULL: t */
    bool explain;
};

/* Everything that out points to lives in the arena. */
enum status answer_report(struct workspace *workspace, const struct answer_request *request,
                          struct arena *arena, struct evidence *out, struct error *error);
enum status answer_compare(struct workspace *workspace, const struct answer_request *request,
                           struct arena *arena, struct evidence *out, struct error *error);
enum status answer_plan(struct workspace *workspace, const struct answer_request *request,
                        struct arena *arena, struct evidence *out, struct error *error);

/* Every plan whose period meets that of the request, or every plan where it names none, each as
   answer_plan answers it alone. A plan that cannot be answered is a row with its reason; one that
   cannot be read is said not to be, and a fault. */
enum status answer_each_plan(struct workspace *workspace, const struct answer_request *request,
                             struct arena *arena, struct evidence *out, struct error *error);

#endif
