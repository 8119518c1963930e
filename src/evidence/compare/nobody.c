#include "evidence/compare/nobody.h"

#include "base/table.h"
#include "base/text.h"

/* ---- Counting --------------------------------------------------------------------------- */

/* Items of the arm by why they take no part. Those that were assigned too late are in no arm. */
static enum status count(struct workspace *workspace, const struct sample *sample, int arm,
                         struct arena *arena, int64_t by_reason[EXCLUSIONS], struct error *error)
{
    struct frame frame;
    const char *in_arm =
        arm == both_arms ? "arm is not null" : arena_printf(arena, "arm = %d", arm);
    for (int i = 0; i < EXCLUSIONS; i++)
        by_reason[i] = 0;
    enum status status = engine_query(
        workspace->engine,
        arena_printf(
            arena,
            "select excluded, count(*) from (%s) where %s or excluded = %d group by excluded",
            sample_sql(arena, sample), in_arm, EXCLUDED_ASSIGNED_LATE),
        sample_values(arena, sample), arena, &frame, error);
    for (size_t i = 0; status == STATUS_OK && i < frame.rows; i++)
        by_reason[frame_integer(&frame, i, 0)] = frame_integer(&frame, i, 1);
    return status;
}

/* The formula that by itself leaves no item in the arm, from 1 on; 0: none does. */
static enum status find_covariate(struct workspace *workspace, const struct sample *sample, int arm,
                                  struct arena *arena, size_t *out, bool *undefined,
                                  struct error *error)
{
    int64_t left[EXCLUSIONS];
    struct sample one = *sample;
    one.covariate_count = 0;
    *out = 0;
    enum status status = count(workspace, &one, arm, arena, left, error);
    if (status != STATUS_OK || left[EXCLUDED_NOT] == 0)
        return status; /* the metric is to blame */
    one.covariate_count = 1;
    for (size_t i = 0; i < sample->covariate_count && status == STATUS_OK && *out == 0; i++) {
        one.covariates = &sample->covariates[i];
        status = count(workspace, &one, arm, arena, left, error);
        if (status == STATUS_OK && left[EXCLUDED_NOT] == 0) {
            *out = i + 1;
            *undefined = left[EXCLUDED_UNDEFINED] > 0;
        }
    }
    return status;
}

/* ---- Saying ----------------------------------------------------------------------------- */

static const struct {
    const char *some;   /* among several reasons */
    const char *before; /* of all items of the arm; its name stands between */
    const char *after;
} words[] = {
    [EXCLUDED_NOT] = {"", "", ""},
    [EXCLUDED_NO_WORKER] = {"without a person", "no item of ", " says whose it is"},
    [EXCLUDED_OPEN] = {"open, or not seen for long enough", "no item of ",
                       " is closed, or was seen for long enough"},
    [EXCLUDED_BEFORE_LANDMARK] = {"done before the landmark", "every item of ",
                                  " was done before the landmark; set an earlier one: --landmark "
                                  "2h"},
    [EXCLUDED_MATURING] = {"closed too lately to know", "no item of ",
                           " is old enough for the metric to be known"},
    [EXCLUDED_UNDEFINED] = {"with an undefined value", "the metric is undefined for every item of ",
                            ": a logarithm of 0 or less, a division by 0, or a number too large"},
    [EXCLUDED_MISSING] = {"without a value", "no item of ", " has a value of the metric"},
    [EXCLUDED_UNCLEAR] = {"neither clearly with nor without AI", "no item is clearly in ", ""},
    [EXCLUDED_WASHOUT] =
        {"in a washout, or of units that started within the same period", "every item of ",
         " lies in a washout, or is of a unit that started within the same period; "
         "make them shorter"},
    [EXCLUDED_ASSIGNED_LATE] = {"done before they were assigned", "every item of ",
                                " was done before it was assigned, so that no arm could change "
                                "what came out; assign before the work begins (of an import, "
                                "`since` says when that was)"},
    [EXCLUDED_NO_TEAM] = {"of no team", "no item of ", " is of a team"},
};
TABLE_OF(words, EXCLUSIONS);

static const char *in_words(struct arena *arena, const char *arms,
                            const int64_t by_reason[EXCLUSIONS])
{
    struct text some = {.arena = arena};
    int only = EXCLUDED_NOT;
    int reasons = 0;
    for (int i = EXCLUDED_NOT + 1; i < EXCLUSIONS; i++) {
        if (by_reason[i] == 0)
            continue;
        text_addf(&some, "%s%s", reasons > 0 ? ", or " : "", words[i].some);
        only = i;
        reasons++;
    }
    if (reasons == 0)
        return arena_printf(arena, "no item of the period is in %s", arms);
    if (reasons > 1)
        return arena_printf(arena, "no item of %s counts: they are %s", arms, text_get(&some));
    return arena_printf(arena, "%s%s%s", words[only].before, arms, words[only].after);
}

enum status nobody_why(struct workspace *workspace, const struct sample *sample, int arm,
                       struct arena *arena, const char **out, struct error *error)
{
    int64_t by_reason[EXCLUSIONS];
    size_t covariate = 0;
    bool undefined = false;
    const char *arms = arm == both_arms
                           ? "either arm"
                           : arena_printf(arena, "the arm %s", sample->arms.names[arm]);
    enum status status = count(workspace, sample, arm, arena, by_reason, error);
    if (status == STATUS_OK && sample->covariate_count > 0)
        status = find_covariate(workspace, sample, arm, arena, &covariate, &undefined, error);
    if (status != STATUS_OK)
        return status;
    if (covariate > 0 && undefined)
        *out = arena_printf(arena,
                            "covariate %zu is undefined for every item of %s: a logarithm of 0 or "
                            "less, a division by 0, or a number too large; write another, or leave "
                            "it out",
                            covariate, arms);
    else if (covariate > 0)
        *out = arena_printf(arena, "no item of %s has a value of covariate %zu; leave it out", arms,
                            covariate);
    else
        *out = by_reason[EXCLUDED_NOT] == 0 ? in_words(arena, arms, by_reason) : NULL;
    return STATUS_OK;
}
