/* evidence/estimate/told.h

   Of how many people a number would tell. A sum to which nearly everybody adds the same, known
   value tells what the few others add: the mean of `case when team = 'A' then size else 0 end` is
   of everybody's items, and tells team A's total. */

#ifndef EVIDENCE_TOLD_H
#define EVIDENCE_TOLD_H

#include "evidence/sample/sample.h"
#include "workspace/workspace.h"

/* An interval takes so many people or teams to whom what is counted happened. */
enum { eventful_least = 10 };

/* How cells are weighed: to the mix of an arm, or by a regression with a level for each. */
enum told_mix { TOLD_MIX_0, TOLD_MIX_1, TOLD_LEVELS, TOLD_MIXES };

struct told {
    int64_t fewest;   /* people of whom an arm's number would tell; 0: of nobody apart from all */
    int64_t people;   /* in either arm */
    int64_t eventful; /* of them, with another value than the usual one */
    /* The fewest people who carry an arm's number nearly alone, of all items and of those within
       cells: all others weigh less than a quarter of what one of these does on average. */
    int64_t carry;
    int64_t carry_within[TOLD_MIXES]; /* 0: there are none */
};

/* Means, proportions, ratios and durations; of a quantile only who carries it (estimate_quantile.c
   has its own count of the rest). In each arm, and in the items within cells with both arms if the
   sample has cells:
   - where most people have one value throughout, those with another;
   - of a ratio, those with a numerator other than 0, those with a denominator other than 0, and of
     these, where most have one throughout, those with another.
   A proportion counts events, and of standard outcomes a count of few people's events names none
   of them: the first rule is for those only whose formula names a team, a role or an attribute. */
enum status told_people(struct workspace *workspace, const struct sample *sample,
                        struct arena *arena, struct told *out, struct error *error);

/* Of how many people a number is, where all its items are counted alike and where cells are weighed
   so; 0: nobody. */
int64_t told_carrying(const struct told *told, enum told_mix mix);

/* The same, and those of whom it would tell, kept in *fewest where they are fewer. */
void told_keep(const struct told *told, enum told_mix mix, int64_t *fewest);

/* People of one arm by what each of them has. */
struct told_of {
    int64_t people;
    int64_t alike;         /* with the value that most have throughout */
    int64_t not_0;         /* of a ratio, with a numerator other than 0 */
    int64_t divided;       /* with a denominator other than 0 */
    int64_t divided_alike; /* of these, with the one that most have throughout */
    int64_t carry;         /* who carry the number nearly alone */
};

/* The fewest people of whom the arm's number would tell; 0: of nobody apart from all. */
int64_t told_fewest(const struct metric *metric, const struct told_of *of);

/* The fewest who carry a number nearly alone, of so many weights, which are put in order; 0: nobody
   has weight. */
int64_t told_carriers(double *weights, size_t count);

/* What a person's items have, as SQL over the sample: its least and most tell whether it is one. */
const char *told_value(const struct metric *metric);
const char *told_divisor(const struct metric *metric);

/* What a person's items weigh, likewise: how many they are, or the divisors of a ratio. */
const char *told_weight(const struct metric *metric);

#endif
