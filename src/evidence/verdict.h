/* evidence/verdict.h

   The one function from numbers to a word. Effects are in the metric's good direction, so that
   above 0 is better whatever the metric. */

#ifndef EVIDENCE_VERDICT_H
#define EVIDENCE_VERDICT_H

#include "assay/estimate.h"

#include <stdbool.h>
#include <stddef.h>

enum verdict_word {
    VERDICT_WITHHELD,
    VERDICT_UNPROVEN,
    VERDICT_TRADE_OFF,
    VERDICT_WORSE,
    VERDICT_NO_MATERIAL_CHANGE,
    VERDICT_BETTER,
    VERDICT_WORDS
};

enum verdict_reason {
    REASON_NONE,
    REASON_SMALL_GROUP, /* withheld: an arm under min_group workers */
    REASON_CHECK,       /* unproven: a blocking data check failed */
    REASON_AS_FOUND,    /* unproven: the arms were not assigned */
    REASON_GUARDRAIL,   /* worse: one is broken; unproven: one is open */
    REASON_TOO_FEW,     /* unproven: more items are needed */
    VERDICT_REASONS
};

/* What an unproven effect as found points to; a small gain or loss beside no material change. */
enum verdict_leaning { LEANING_NONE, LEANING_BETTER, LEANING_WORSE, LEANINGS };

/* One guardrail: its effect in its own good direction, and the loss that is allowed. */
struct guardrail {
    struct interval interval;
    double allow; /* at least 0 */
};

enum guardrail_state { GUARDRAIL_HELD, GUARDRAIL_BROKEN, GUARDRAIL_OPEN, GUARDRAIL_STATES };

/* held: low > -allow; broken: high < -allow; else open. */
enum guardrail_state guardrail_state(struct guardrail guardrail);

struct verdict_input {
    bool small_group;       /* an arm has fewer than min_group workers */
    bool check_failed;      /* a blocking one */
    bool as_found;          /* as found or before_after, and no sensitivity analysis carries it */
    struct interval effect; /* in the good direction; low <= high */
    double margin;          /* the smallest change worth acting on; above 0 */
    const struct guardrail *guardrails;
    size_t guardrail_count;
};

struct verdict {
    enum verdict_word word;
    enum verdict_reason reason;
    enum verdict_leaning leaning;
    bool target_met; /* better, by the margin at least */
};

/* The first of nine rules that fits (docs/methods/comparison.md). An interval that is not a number
   counts as one that says nothing. */
struct verdict verdict_of(const struct verdict_input *input);

const char *verdict_word_code(enum verdict_word word);          /* "trade_off" */
const char *verdict_reason_code(enum verdict_reason reason);    /* "too_few", NULL for none */
const char *verdict_leaning_code(enum verdict_leaning leaning); /* "better", NULL for none */
const char *guardrail_state_code(enum guardrail_state state);

#endif
