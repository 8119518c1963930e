/* workspace/plan_locks.h

   What the registry says of a plan: when it was locked, what was locked, what was amended, who
   looked. A lock holds the plan's text, and a SHA-256 of each file that decides what the plan
   means (the plan, its metrics, use_cases.yaml), and what of assay.yaml does: min_group, timezone,
   and week_starts, which decides of plans that count by weeks. Locks of earlier versions hold
   min_group alone of these; the others are then not known, and count as unchanged. */

#ifndef WORKSPACE_PLAN_LOCKS_H
#define WORKSPACE_PLAN_LOCKS_H

#include "base/lookup.h"
#include "model/plan.h"
#include "workspace/workspace.h"

/* One file as it was locked. Metrics that are built in are named as those of the user's own. */
struct lock_file {
    const char *name; /* "plans/billing.yaml" */
    char hash[hash_hex_length + 1];
};

enum { lock_files_max = plan_guardrails_max + 3 };

struct lock {
    bool locked;
    int64_t at;         /* microseconds UTC of the lock, by the machine's clock; not before the line
                           before it, where the clock went back */
    size_t amended;     /* how often */
    const char *reason; /* of the last amendment, or NULL */
    const char *text;   /* the plan as it was registered last */
    struct lock_file files[lock_files_max];
    size_t file_count;
    double min_group;
    const char *time_zone;   /* "": not known */
    const char *week_starts; /* "": not known */
    size_t looks;            /* at the numbers: differing data versions */
    size_t early_looks;      /* of them before the period's end */
    int64_t last_look;       /* data version */
};

/* What the registry says of the plan of that name. Reads the whole registry: of many plans,
   locks_read. */
enum status lock_of(struct workspace *workspace, struct arena *arena, const char *plan,
                    struct lock *out, struct error *error);

/* What the registry says of every plan that it names. */
struct locks {
    struct lookup plans; /* their places in the list */
    struct lock *list;
};

/* One pass over the registry. */
enum status locks_read(struct workspace *workspace, struct arena *arena, struct locks *out,
                       struct error *error);

/* The lock of a plan; of one that the registry does not name, one that is not locked. */
struct lock locks_of(const struct locks *locks, const char *plan);

/* Plans that were locked and are none of the names: their files were removed. Each answer that does
   not suit somebody could be dropped so. */
struct plan_texts locks_without_plan(const struct locks *locks, const struct plan_texts *names,
                                     struct arena *arena);

/* The files of a compiled plan as they are. */
enum status lock_files(struct workspace *workspace, struct arena *arena, const struct plan *plan,
                       struct lock_file files[lock_files_max], size_t *count, struct error *error);

/* ERROR_INPUT naming the first file or setting that is not as it was locked, with the way to amend.
   A plan that is not locked passes. */
enum status lock_check(struct workspace *workspace, struct arena *arena, const struct plan *plan,
                       const struct lock *lock, struct error *error);

/* Appends the plan's line: lock where reason is NULL, else amend.
   ERROR_INPUT: it is locked already (lock), or not yet, or unchanged (amend). */
enum status lock_write(struct workspace *workspace, struct arena *arena, const struct plan *plan,
                       const char *reason, struct lock *out, struct error *error);

/* Records that somebody saw the plan's numbers, once per data version. */
enum status lock_look(struct workspace *workspace, struct arena *arena, const struct plan *plan,
                      const struct lock *lock, int64_t data_version, bool early,
                      struct error *error);

#endif
