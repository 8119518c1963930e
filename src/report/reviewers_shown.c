#include "report/reviewers_shown.h"

#include "base/text.h"
#include "report/format.h"
#include "report/values.h"

#include <math.h>

/* Below it Krippendorff (2004, Content Analysis, 2nd ed., p. 241) would not draw even tentative
   conclusions. */
static const double alpha_least = 0.667;

/* ---- As JSON ---------------------------------------------------------------------------- */

/* In ten digits it would tell of single scores. */
static double in_thousandths(double x)
{
    return round(x * 1000) / 1000;
}

json_t *reviewers_json(const struct reviewers_agree *agree)
{
    const struct interval interval = {in_thousandths(agree->interval.low),
                                      in_thousandths(agree->interval.high)};
    if (!agree->exists)
        return json_null();
    return json_pack("{s:o, s:o, s:s, s:I, s:I, s:b, s:I}", "alpha",
                     value_number(in_thousandths(agree->alpha)), "interval",
                     value_interval(interval), "scale", agree->yes_or_no ? "nominal" : "interval",
                     "items", (json_int_t)agree->items, "reviewers", (json_int_t)agree->reviewers,
                     "low", agree->alpha < alpha_least, "_", (json_int_t)agree->fewest);
}

/* ---- What is withheld ------------------------------------------------------------------- */

bool reviewers_publish(json_t *comparison, struct withhold *withhold)
{
    json_t *agree = json_object_get(comparison, "agreement");
    if (!json_is_object(agree))
        return false;
    bool few = json_integer_value(json_object_get(agree, "_")) < withhold->least;
    (void)json_object_del(agree, "_");
    if (few)
        withhold_value(withhold, comparison, "agreement");
    return few;
}

/* ---- As people read it ------------------------------------------------------------------ */

const char *reviewers_line(struct arena *arena, const json_t *row)
{
    const json_t *agree = at(row, "comparison.agreement");
    struct text line = {.arena = arena};
    if (!json_is_object(agree))
        return NULL;
    text_addf(&line, "they agree to alpha %.2f", number_at(agree, "alpha"));
    if (json_is_number(json_array_get(at(agree, "interval"), 0)))
        text_addf(&line, " (%.2f … %.2f)",
                  json_number_value(json_array_get(at(agree, "interval"), 0)),
                  json_number_value(json_array_get(at(agree, "interval"), 1)));
    text_addf(&line,
              ", of 1 (Krippendorff, %s), on %s items that two or more of %s reviewers scored",
              text_at(agree, "scale"), format_count_at(arena, agree, "items"),
              format_count_at(arena, agree, "reviewers"));
    if (json_is_true(at(agree, "low")))
        text_addf(&line,
                  ". Under %.3f that is too little: differences of this metric may be of who "
                  "reviewed, not of the work. Agree on what a score means, and score again",
                  alpha_least);
    return text_get(&line);
}
