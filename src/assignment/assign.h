/* assignment/assign.h

   Draws which units get which arm of a locked plan, and when; stores it in `assignment`, from where
   a comparison takes it. A unit that was assigned before keeps what it has. draw.h has the recipe.

   randomised, encouragement: one arm per unit, valid from the period's beginning, or from the draw
   where that is later; items from the draw.
   switchback: blocks of time in pairs; in each pair half of the teams have the second arm first,
   the others the baseline, then the other way round. A last block without a pair is drawn alone.
   staggered: each unit has the second arm from the beginning of its wave on. */

#ifndef ASSIGNMENT_ASSIGN_H
#define ASSIGNMENT_ASSIGN_H

#include "assignment/given.h"
#include "evidence/plan/planned.h"

struct assigned_row {
    const char *unit; /* as it was given */
    const char *arm;
    bool has_since;
    int64_t since; /* microseconds */
    bool has_until;
    int64_t until;
    double probability;    /* NAN: none */
    const char *first_day; /* of the workspace's time zone; "": always */
    const char *last_day;  /* itself included; "": for ever */
};

struct assigned {
    const char *plan;
    const char *unit_kind;
    bool scheduled;            /* arms change with time: blocks, or waves */
    struct assigned_row *rows; /* by unit as first given, then time */
    size_t count;
    int64_t units;  /* different ones that were given */
    int64_t drawn;  /* of them by this call */
    int64_t unseen; /* of them that no item in the workspace is, or is of */
    int64_t late;   /* items that were done before they were assigned: they take no part */
};

/* Draws what is not drawn yet, stores it wholly or not at all, and adds a line to the registry
   where a unit was drawn. The workspace is open for writing, with facts that are current. clear
   holds what was given; rows point into it ERROR_INPUT: a design that assigns nothing; a plan that
   is not locked, or whose period is over; a stratum that nothing says; as given_units. */
enum status assign_units(struct workspace *workspace, const struct planned *planned,
                         const struct assign_request *request, struct arena *arena,
                         struct arena *clear, struct assigned *out, struct error *error);

#endif
