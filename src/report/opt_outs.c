#include "report/opt_outs.h"

#include "base/table.h"
#include "report/format.h"
#include "report/values.h"

#include <math.h>
#include <string.h>

/* ---- The document --------------------------------------------------------------------------- */

static json_t *pair(int64_t zero, int64_t one)
{
    return json_pack("[I, I]", (json_int_t)zero, (json_int_t)one);
}

static const char *scale_code(enum effect_scale scale)
{
    static const char *const codes[] = {"relative", "points", "unit"};
    TABLE_OF(codes, EFFECT_SCALES);
    return codes[scale];
}

static json_t *bounds_json(const struct comparison *comparison)
{
    const struct outcome_bounds *bounds = &comparison->opt_outs.bounds;
    if (!bounds->exists)
        return json_pack("{s:s}", "reason", bounds->why_not);
    bool known = bounds->interval.low > 0 || bounds->interval.high < 0;
    return json_pack("{s:s, s:[o, o], s:[o, o], s:o, s:s, s:b}", "scale", scale_code(bounds->scale),
                     "bounds", value_number(bounds->bounds.low), value_number(bounds->bounds.high),
                     "interval", value_number(bounds->interval.low),
                     value_number(bounds->interval.high), "trimmed", value_number(bounds->trimmed),
                     "trimmed_arm", comparison->arms[bounds->trimmed_arm].arm, "sign_known", known);
}

json_t *opt_outs_json(const struct comparison *comparison)
{
    const struct opt_outs *of = &comparison->opt_outs;
    const struct opt_out_arm *a = of->arms;
    if (!of->exists)
        return json_null();
    json_t *arms = json_array();
    for (int arm = 0; arm < 2; arm++)
        arms = value_listed(arms, json_pack("{s:s, s:o, s:o}", "arm", comparison->arms[arm].arm,
                                            "missing", value_number(a[arm].missing), "given_up",
                                            value_number(a[arm].given_up)));
    json_t *behind =
        json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:I}", "missing",
                  pair(a[0].missing_people, a[1].missing_people), "known",
                  pair(a[0].known_people, a[1].known_people), "given_up",
                  pair(a[0].given_up_people, a[1].given_up_people), "kept",
                  pair(a[0].kept_people, a[1].kept_people), "missing_alone",
                  pair(a[0].missing_alone_people, a[1].missing_alone_people), "given_up_alone",
                  pair(a[0].given_up_alone_people, a[1].given_up_alone_people), "fewest",
                  (json_int_t)of->bounds.fewest);
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "arms", arms, "missing_p",
                     value_number(of->missing_p), "given_up_p", value_number(of->given_up_p),
                     "bounds", bounds_json(comparison), "_", behind);
}

/* ---- On a terminal -------------------------------------------------------------------------- */

/* "without an outcome: 3.0 % without AI, 12.5 % with AI (p 0.0003)"; nothing where none is. */
static void add_shares(struct text *out, const json_t *row, const char *key, const char *said,
                       const char *p_key)
{
    const json_t *comparison = at(row, "comparison");
    const json_t *opt_outs = at(comparison, "opt_outs");
    double p = number_at(opt_outs, p_key);
    double largest = 0;
    size_t index = 0;
    json_t *arm = NULL;
    text_addf(out, "%s%s: ", out->length > 0 ? "; " : "", said);
    json_array_foreach(at(opt_outs, "arms"), index, arm)
    {
        double share = number_at(arm, key);
        if (isnan(share)) {
            text_add(out, "not shown, for few people are behind it");
            return;
        }
        largest = fmax(largest, share);
        text_addf(out, "%s%.1f %% %s", index > 0 ? ", " : "", share * 100,
                  arm_in_words(comparison, text_at(arm, "arm")));
    }
    if (largest > 0 && !isnan(p))
        text_addf(out, " (p %s%.2g if they were one share)", p < 0.0001 ? "< " : "",
                  p < 0.0001 ? 0.0001 : p);
}

const char *opt_outs_text(struct arena *arena, const json_t *row)
{
    struct text text = {.arena = arena};
    if (!json_is_object(at(row, "comparison.opt_outs")))
        return NULL;
    add_shares(&text, row, "missing", "without an outcome", "missing_p");
    add_shares(&text, row, "given_up", "given up", "given_up_p");
    return text_get(&text);
}

const char *opt_outs_bounds_text(struct arena *arena, const json_t *row)
{
    const json_t *bounds = at(row, "comparison.opt_outs.bounds");
    const json_t *metric = at(row, "metric");
    if (json_is_true(at(bounds, "withheld")))
        return arena_printf(arena, "no bounds shown: %s", text_at(bounds, "reason"));
    if (!json_is_object(bounds) || json_is_string(at(bounds, "reason")))
        return NULL;
    const char *scale = text_at(bounds, "scale");
    double low = json_number_value(json_array_get(at(bounds, "bounds"), 0));
    double high = json_number_value(json_array_get(at(bounds, "bounds"), 1));
    bool opposed = low < 0 && high > 0;
    return arena_printf(
        arena,
        "of items that would have an outcome in either arm, if being in one makes none lose its "
        "own, "
        "the difference lies between %s and %s (%g %% interval %s), without the highest or the "
        "lowest %.1f %% of %s (Lee 2009)%s",
        format_effect(arena, metric, scale, low), format_effect(arena, metric, scale, high),
        number_at(row, "comparison.level") * 100,
        format_range(arena, scale, at(bounds, "interval")), number_at(bounds, "trimmed") * 100,
        arm_in_words(at(row, "comparison"), text_at(bounds, "trimmed_arm")),
        opposed                                  ? ". Even its sign hangs on who is missing"
        : json_is_true(at(bounds, "sign_known")) ? ""
                                                 : ". Its sign is not known beyond chance");
}

static void add_after(struct lines *lines, const char *heading, const char *text)
{
    if (text != NULL)
        lines_add(lines, arena_printf(lines->out.arena, "  %s", heading), "    ", text);
}

void opt_outs_add(struct lines *lines, const json_t *row)
{
    add_after(lines, opt_outs_heading, opt_outs_text(lines->out.arena, row));
}

void opt_outs_add_bounds(struct lines *lines, const json_t *row)
{
    add_after(lines, opt_outs_bounds_heading, opt_outs_bounds_text(lines->out.arena, row));
}
