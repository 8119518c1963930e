/* evidence/compare/by_parts.h

   Who is in which value of --by, and which values are shown. A part is a value of the formula; a
   cell is a part that is shown, or all others together. Parts of few people, and parts whose
   numbers would tell of few, are put together with others until what is left over of the whole
   tells of enough: it could else be had by subtraction. */

#ifndef EVIDENCE_BY_PARTS_H
#define EVIDENCE_BY_PARTS_H

#include "evidence/compare/comparison.h"

/* One row per worker, cluster, stratum and arm; ordered by cluster. */
struct parts {
    const struct metric *metric;
    const int64_t *cluster, *worker, *part, *stratum, *arm, *print;
    const double *items, *mean, *divisor; /* means of values; NAN: no ratio */
    const double *low, *high, *divisor_low, *divisor_high;
    size_t rows, count, clusters, workers, strata;
    const char **name;         /* of parts; the last, by number count, is that of the others */
    const char **cluster_name; /* in their order */
    const char **worker_name;
    bool *others;                 /* put together with the other others */
    bool has_strata;              /* like with like within; else all of a cell is compared */
    const struct frame *left_out; /* name of a part and worker with an item that is left out */
    struct sample items_taken;    /* the items in a table; taken is NULL where none was made */
};

/* Reads who has what.
   sample   of the comparison; its cells are those that the estimate is within, if any
   take     keep the items in a table, too */
enum status parts_read(struct workspace *workspace, const struct comparison_request *request,
                       const struct by_wish *wish, const struct sample *sample, bool take,
                       struct arena *arena, struct parts *out, struct error *error);

/* The cell of a row: its part, or the one of all others. */
size_t parts_cell(const struct parts *parts, size_t row);

/* What a row is compared within. Strata are parts of parts. */
size_t parts_within(const struct parts *parts, size_t row);

bool parts_any_others(const struct parts *parts);

/* Items and workers of each cell and arm, of strata that both arms have. */
struct tally {
    double (*items)[2]; /* count + 1 of both */
    int64_t (*workers)[2];
    int64_t *tells_of;    /* of a cell: workers of whom the number of an arm would tell */
    int64_t unmatched[2]; /* workers with an item in another stratum */
    bool *matched;        /* by stratum */
};

/* Puts small parts together until nothing small is left. */
struct tally parts_fold(struct parts *parts, int least, struct arena *arena);

/* Is a cell of fewer people than least, or would its number tell of fewer? */
bool parts_small(const struct tally *tally, size_t cell, int least);

/* The shown part with the fewest items joins the others. Returns whether there was one. */
bool parts_fold_smallest(struct parts *parts, const struct tally *tally);

/* Who has how many of the items that tally counts, by cell and arm. */
struct reach (*parts_reach(const struct parts *parts, const struct tally *tally,
                           struct arena *arena))[2];

/* Workers with an item of a cell that is not compared (of no arm or stratum, or without an
   outcome), in the cell where these are fewest but some; 0: all are compared. */
int64_t parts_left_out(const struct parts *parts, const struct tally *tally, struct arena *arena);

/* A sample of a cell's items alone, of those that were taken. */
struct sample parts_sample(const struct parts *parts, size_t cell, struct arena *arena);

#endif
