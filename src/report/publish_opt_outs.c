#include "report/opt_outs.h"

#include <string.h>

/* Some, and too few: none tells of nobody. */
static bool is_few(const json_t *behind, const char *key, json_int_t least)
{
    size_t arm = 0;
    json_t *people = NULL;
    json_array_foreach(json_object_get(behind, key), arm, people)
    {
        json_int_t count = json_integer_value(people);
        if (count > 0 && count < least)
            return true;
    }
    return false;
}

static void without(struct withhold *withhold, json_t *opt_outs, const char *share, const char *p)
{
    size_t index = 0;
    json_t *arm = NULL;
    json_array_foreach(json_object_get(opt_outs, "arms"), index, arm)
    {
        withhold_value(withhold, arm, share);
    }
    withhold_value(withhold, opt_outs, p);
}

/* The ends that are cut off can be had from what is left and the arm's mean. */
static void without_bounds(json_t *opt_outs, struct withhold *withhold)
{
    json_t *bounds = json_object_get(opt_outs, "bounds");
    if (json_object_get(bounds, "reason") != NULL)
        return;
    char why[80];
    (void)snprintf(why, sizeof why, "fewer than %d workers are behind an end that is cut off",
                   (int)withhold->least);
    withhold_by(withhold, opt_outs, "bounds",
                json_pack("{s:s, s:b}", "reason", why, "withheld", true));
}

void opt_outs_publish(json_t *comparison, struct withhold *withhold)
{
    json_int_t least = withhold->least;
    json_t *opt_outs = json_object_get(comparison, "opt_outs");
    const json_t *behind = json_object_get(opt_outs, "_");
    if (!json_is_object(opt_outs))
        return;
    bool few_missing = is_few(behind, "missing", least) || is_few(behind, "known", least);
    if (few_missing)
        without(withhold, opt_outs, "missing", "missing_p");
    if (is_few(behind, "given_up", least) || is_few(behind, "kept", least) ||
        is_few(behind, "missing_alone", least) || is_few(behind, "given_up_alone", least))
        without(withhold, opt_outs, "given_up", "given_up_p");
    if (few_missing || json_integer_value(json_object_get(behind, "fewest")) < least)
        without_bounds(opt_outs, withhold);
    (void)json_object_del(opt_outs, "_");
}
