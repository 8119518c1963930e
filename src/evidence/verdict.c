#include "evidence/verdict.h"

#include "base/table.h"

#include <math.h>

/* An interval of which a limit is no number says nothing. */
static struct interval known(struct interval interval)
{
    if (isnan(interval.low) || isnan(interval.high))
        return (struct interval){-INFINITY, INFINITY};
    return interval;
}

enum guardrail_state guardrail_state(struct guardrail guardrail)
{
    struct interval interval = known(guardrail.interval);
    if (interval.low > -guardrail.allow)
        return GUARDRAIL_HELD;
    if (interval.high < -guardrail.allow)
        return GUARDRAIL_BROKEN;
    return GUARDRAIL_OPEN;
}

static bool any_guardrail(const struct verdict_input *input, enum guardrail_state state)
{
    for (size_t i = 0; i < input->guardrail_count; i++)
        if (guardrail_state(input->guardrails[i]) == state)
            return true;
    return false;
}

static enum verdict_leaning leaning_of(double low, double high)
{
    if (low > 0)
        return LEANING_BETTER;
    return high < 0 ? LEANING_WORSE : LEANING_NONE;
}

struct verdict verdict_of(const struct verdict_input *input)
{
    struct interval effect = known(input->effect);
    double low = effect.low;
    double high = effect.high;
    double margin = input->margin;

    /* 1 */
    if (input->small_group)
        return (struct verdict){.word = VERDICT_WITHHELD, .reason = REASON_SMALL_GROUP};
    /* 2 */
    if (input->check_failed)
        return (struct verdict){.word = VERDICT_UNPROVEN, .reason = REASON_CHECK};
    /* 3 */
    if (input->as_found)
        return (struct verdict){
            .word = VERDICT_UNPROVEN, .reason = REASON_AS_FOUND, .leaning = leaning_of(low, high)};
    /* 4 */
    if (any_guardrail(input, GUARDRAIL_BROKEN)) {
        if (low > 0)
            return (struct verdict){.word = VERDICT_TRADE_OFF, .reason = REASON_GUARDRAIL};
        return (struct verdict){.word = VERDICT_WORSE, .reason = REASON_GUARDRAIL};
    }
    /* 5 */
    if (-margin < low && high < margin)
        return (struct verdict){.word = VERDICT_NO_MATERIAL_CHANGE,
                                .leaning = leaning_of(low, high)};
    /* 6 */
    if (high < 0)
        return (struct verdict){.word = VERDICT_WORSE};
    /* 7 */
    if (low > 0 && any_guardrail(input, GUARDRAIL_OPEN))
        return (struct verdict){.word = VERDICT_UNPROVEN, .reason = REASON_GUARDRAIL};
    /* 8 */
    if (low > 0)
        return (struct verdict){.word = VERDICT_BETTER, .target_met = low >= margin};
    /* 9 */
    return (struct verdict){.word = VERDICT_UNPROVEN, .reason = REASON_TOO_FEW};
}

const char *verdict_word_code(enum verdict_word word)
{
    static const char *const codes[] = {"withheld", "unproven",           "trade_off",
                                        "worse",    "no_material_change", "better"};
    TABLE_OF(codes, VERDICT_WORDS);
    return codes[word];
}

const char *verdict_reason_code(enum verdict_reason reason)
{
    static const char *const codes[] = {NULL,       "small_group", "check",
                                        "as_found", "guardrail",   "too_few"};
    TABLE_OF(codes, VERDICT_REASONS);
    return codes[reason];
}

const char *verdict_leaning_code(enum verdict_leaning leaning)
{
    static const char *const codes[] = {NULL, "better", "worse"};
    TABLE_OF(codes, LEANINGS);
    return codes[leaning];
}

const char *guardrail_state_code(enum guardrail_state state)
{
    static const char *const codes[] = {"held", "broken", "open"};
    TABLE_OF(codes, GUARDRAIL_STATES);
    return codes[state];
}
