#include "evidence/sample/reason.h"

#include "base/text.h"

#include <stddef.h>
#include <string.h>

/* The first row whose words are in the message; a sentence of NULL is said by this folder itself,
   of what the user asked for, and stays as it is. */
static const struct {
    const char *words;
    const char *sentence;
} reasons[] = {
    {"one arm has no item with an outcome", NULL},
    {"no item with an outcome is in an arm", NULL},
    {"the landmark lies beyond the horizon", NULL},
    {"seen for too short a time", NULL},
    {"varies too little in one of the arms", NULL},
    {"is the same for every item, or follows from what stands before it", NULL},
    {"no cluster has items of arm", "one arm has no item with an outcome"},
    {"no cell has items of both arms", "no cell has items of both arms: nothing is alike"},
    {"a baseline of", "the baseline is not above 0: there is no share of it"},
    {"mean is not above 0", "a mean is not above 0: there is no ratio"},
    {"not above 0 in sum", NULL},
    {"have no ratio", "a mean is not above 0: there is no ratio"},
    {"are too few to tell how dense", "too few items lie beyond the quantile: no honest interval"},
    {"too many ties", "too many items share the value of the quantile: no honest interval"},
    {"nobody takes it up", "AI was used on none of the items: there is no effect of it to be seen"},
    {"everybody takes it up alike",
     "AI was used on all of the items: nothing shows what it is to go without"},
    {"the covariates alone determine who takes it",
     "the covariates alone say who takes it; leave adjust_for out"},
    {"too near for an adjustment",
     "in one arm the divisor is too near to 0 for an adjustment; leave the covariates out"},
    {"too few for a set", "too few people or teams carry it: no honest interval"},
    {"each group, or all that it can be compared with",
     "each start, or all that it can be compared with, is of one team or person alone, which does "
     "not show by how much others differ; take longer periods (every: month)"},
    {"no group has anybody to compare with",
     "nobody is left to compare with once the first have started"},
    {"segments: at least", "there are too few units or periods for such a design"},
    {"units: at least", "there are too few units for such a design"},
    {"too few units for an estimate",
     "there are too few units, or too short a past, for such a design"},
    {"workers: at least 2 are needed", "all items are of one person"},
    {"one team: at least 2", "all items are of one team, and the plan is drawn by team"},
    {"cluster", "one person or team has nearly all items of an arm: no honest interval"},
    {"the same in every row", "the outcome is the same for every item"},
    {"cannot carry", "there are too few items for so many covariates"},
    {"degrees of freedom", "too few people or teams carry it: no honest interval"},
    {"the standard error is 0", "outcomes differ too little to judge chance by"},
    {"none of the items has ended", NULL},
    {"short of the horizon", "no item was followed up to the horizon"},
    {"too large to be a number", "the effect is too large to be a number"},
};

const char *reason_of(const struct error *error, struct arena *arena)
{
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (strstr(error->message, reasons[i].words) != NULL)
            return reasons[i].sentence != NULL ? reasons[i].sentence
                                               : arena_text(arena, error->message);
    return "its numbers allow no honest interval";
}
