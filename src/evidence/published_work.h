/* evidence/published_work.h

   Whose the numbers of published reports are: of each, what every person's items add to it. A later
   report is held against that (report/publish_again.h), for documents tell counts and values, and
   not by how many people two of them differ. It is kept in the table published_work, goes with a
   person who is forgotten, and is never shown. */

#ifndef EVIDENCE_PUBLISHED_WORK_H
#define EVIDENCE_PUBLISHED_WORK_H

#include "base/lookup.h"
#include "evidence/result.h"
#include "workspace/workspace.h"

/* Which number of a report. No text is NULL; of a row without a plan, plan and arm are "". */
struct number_name {
    const char *report; /* SHA-256 of its file; "": of the report in hand */
    const char *use_case;
    const char *metric;
    const char *plan;
    const char *arm;
    const char *part; /* before, now; arm_0, arm_1; guard_0, guard_1; cohort */
};

struct published_number {
    struct number_name name;
    struct contributions contributions;
    bool kept; /* readers have it: published_work_keep keeps it */
};

/* Start with published_work_start. */
struct published_work {
    struct arena *arena;
    struct lookup names;
    struct published_number *list; /* by number of the name */
    size_t capacity;
};

void published_work_start(struct published_work *work, struct arena *arena);

/* The numbers of an answer that was asked for to be published (struct answer_request). */
void published_work_of(struct published_work *work, const struct evidence *evidence);

/* Of the use cases and metrics in it those of all reports that were published; people who were
   given another pseudonym since are known by that. */
enum status published_work_read(struct published_work *work, struct workspace *workspace,
                                struct error *error);

/* NULL: it is not known whose the number is. */
struct published_number *published_work_find(const struct published_work *work,
                                             const struct number_name *name);

/* Keeps those of the report in hand that are `kept`, under the SHA-256 of its file, and drops it
   again where the report could not be published. workspace is open for writing. */
enum status published_work_keep(const struct published_work *work, struct workspace *workspace,
                                const char *report, struct error *error);
enum status published_work_drop(struct workspace *workspace, const char *report,
                                struct error *error);

#endif
