/* evidence/estimate/counts.h: who is in which arm, and why the others are in none. */

#ifndef EVIDENCE_COUNTS_H
#define EVIDENCE_COUNTS_H

#include "evidence/estimate/estimators.h"

/* Counts from a frame that begins with the columns worker, arm, excluded, items, ordered by worker;
   value is left at NAN. Reaches are of the arena, names of the frame. */
void counts_of_frame(const struct frame *frame, struct arena *arena, struct sample_counts *out);

/* Counts of a sample, without a value of its arms. */
enum status counts_of_items(struct workspace *workspace, const struct sample *sample,
                            struct arena *arena, struct sample_counts *out, struct error *error);

/* Who is behind values within cells (sample->cell is set). */
struct matched_workers {
    int64_t arms[2];           /* workers with an item in a cell that both arms have */
    int64_t unmatched;         /* workers with an item in a cell that one arm has alone */
    int64_t unmatched_arms[2]; /* the same of the items of either arm */
};

enum status counts_of_matched(struct workspace *workspace, const struct sample *sample,
                              struct arena *arena, struct matched_workers *out,
                              struct error *error);

/* The fewest workers of an arm, or of an arm within cells that both arms are in, whatever came of
   their items; 0: nobody is in an arm. */
enum status counts_behind(struct workspace *workspace, const struct sample *sample,
                          struct arena *arena, int64_t *out, struct error *error);

/* Clusters of rows that are ordered by worker, by number in the order in which they come. */
struct numbered {
    const char **names; /* as long as there are rows */
    size_t count;
    bool by_team;
};

size_t counts_cluster(struct numbered *clusters, const char *name);

#endif
