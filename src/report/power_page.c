#include "report/power_page.h"

#include "base/table.h"
#include "report/format.h"
#include "report/lines.h"
#include "report/values.h"

#include <math.h>
#include <string.h>

/* ---- The document -------------------------------------------------------------------------- */

static json_t *days_json(struct arena *arena, struct days days)
{
    return json_pack("{s:s, s:s}", "from", day_format(arena, days.from), "to",
                     day_format(arena, days.until));
}

static json_t *metric_json(const struct power_metric *m)
{
    static const char *const scales[] = {"relative", "points", "unit"};
    TABLE_OF(scales, EFFECT_SCALES);
    json_t *steps = json_array();
    for (size_t i = 0; i < power_steps && m->why_not == NULL && !m->guardrail; i++)
        if (!isnan(m->steps[i].power))
            (void)json_array_append_new(steps, json_pack("{s:o, s:o}", "effect",
                                                         value_number(m->steps[i].effect), "power",
                                                         value_number(m->steps[i].power)));
    json_t *json = json_pack(
        "{s:{s:s, s:s, s:s, s:s, s:s}, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "metric", "name",
        m->metric.name, "label", m->metric.label, "unit", m->metric.unit, "kind", m->metric.kind,
        "better", m->metric.lower_is_better ? "lower" : "higher", "role",
        m->guardrail ? "guardrail" : "primary", "scale", scales[m->scale], "amount",
        value_number(m->amount), "power", value_number(m->power), "detectable",
        value_number(m->detectable), "items_needed", value_number(m->items_needed), "weeks_needed",
        value_number(m->weeks_needed), "units_needed", value_number(m->units_needed));
    (void)json_object_set_new(json, "correlation", value_number(m->correlation));
    (void)json_object_set_new(json, "team_correlation", value_number(m->team_correlation));
    (void)json_object_set_new(json, "method", json_string(m->simulated ? "resampling" : "formula"));
    (void)json_object_set_new(json, "steps", steps);
    (void)json_object_set_new(json, "reason",
                              m->why_not != NULL ? json_string(m->why_not) : json_null());
    (void)json_object_set_new(json, "_", json_integer((json_int_t)m->fewest));
    return json;
}

json_t *power_document(const struct plan_power *power, const char *version)
{
    struct arena *arena = arena_create();
    const struct plan *plan = power->plan;
    json_t *metrics = json_array();
    json_t *notes = json_array();
    bool unit = plan->design <= PLAN_ENCOURAGEMENT;
    for (size_t i = 0; i < power->metric_count; i++)
        (void)json_array_append_new(metrics, metric_json(&power->metrics[i]));
    for (size_t i = 0; i < power->note_count; i++)
        (void)json_array_append_new(notes, json_string(power->notes[i]));
    json_t *head = json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:f, s:f, s:f}", "name", plan->name,
                             "use_case", plan->use_case, "design", plan_design_name(plan->design),
                             "unit", unit ? json_string(plan_unit_name(plan->unit)) : json_null(),
                             "period", days_json(arena, plan->period), "past",
                             power->has_past ? days_json(arena, power->past) : json_null(), "weeks",
                             power->weeks, "confidence", plan->confidence, "power", power->power);
    (void)json_object_set_new(head, "items", value_number(power->items));
    (void)json_object_set_new(head, "items_a_week", value_number(power->items / power->weeks));
    (void)json_object_set_new(head, "workers", json_integer((json_int_t)power->workers));
    (void)json_object_set_new(head, "teams", json_integer((json_int_t)power->teams));
    json_t *document =
        json_pack("{s:{s:s, s:i, s:s, s:i}, s:o, s:o, s:o}", "assay", "version", version, "schema",
                  1, "workspace", power->workspace, "min_group", power->min_group, "plan", head,
                  "metrics", metrics, "notes", notes);
    arena_destroy(arena);
    return document;
}

/* ---- The page ------------------------------------------------------------------------------ */

static const char *percent(struct arena *arena, double share)
{
    if (isnan(share))
        return "?";
    return share >= 0.995 ? "over 99 %" : arena_printf(arena, "%.0f %%", share * 100);
}

/* "10 %", "1.2 points", "3 min" */
static const char *effect_text(struct arena *arena, const json_t *row, double effect)
{
    const char *scale = text_at(row, "scale");
    const char *unit = text_at(row, "metric.unit");
    if (isnan(effect))
        return "nothing that can be";
    if (strcmp(scale, "unit") != 0)
        return arena_printf(arena, "%.3g %s", effect * 100,
                            strcmp(scale, "points") == 0 ? "points" : "%");
    return arena_printf(arena, "%.3g%s%s", effect, unit[0] != '\0' ? " " : "", unit);
}

static const char *count_text(struct arena *arena, double count)
{
    return isnan(count) ? "?" : format_count(arena, (json_int_t)llround(count));
}

/* "about 5,200 items, 17 weeks" */
static const char *needed_text(struct arena *arena, const json_t *document, const json_t *row)
{
    double items = number_at(row, "items_needed");
    double weeks = number_at(row, "weeks_needed");
    double units = number_at(row, "units_needed");
    const char *unit = text_at(document, "plan.unit");
    bool teams = strcmp(unit, "team") == 0;
    bool more = strcmp(text_at(row, "method"), "formula") != 0 && isnan(items) && isnan(weeks);
    struct text text = {.arena = arena};
    if (number_at(row, "power") >= number_at(document, "plan.power"))
        text_add(&text, "the period is long enough");
    else if (!isnan(items))
        text_addf(&text, "about %s items, %.0f weeks", count_text(arena, items), weeks);
    else if (!isnan(weeks))
        text_addf(&text, "about %.0f weeks", weeks);
    else
        text_add(&text, more ? "more" : "no number of items of these people is enough");
    if (!isnan(units) && number_at(row, "power") < number_at(document, "plan.power"))
        text_addf(&text, "%s about %s %s in the same time", more ? ":" : ", or",
                  count_text(arena, ceil(units)), teams ? "teams" : "people");
    return text_get(&text);
}

static void add_head(struct lines *lines, const json_t *document)
{
    struct arena *arena = lines->out.arena;
    const char *unit = text_at(document, "plan.unit");
    lines_add(lines, "", "  ",
              arena_printf(arena, "%s   %s · %s%s%s · %.3g weeks",
                           lines_colour(lines, COLOUR_HEAD,
                                        arena_printf(arena, "What can %s tell?",
                                                     text_at(document, "plan.name"))),
                           text_at(document, "plan.use_case"), text_at(document, "plan.design"),
                           unit[0] != '\0' ? " by " : "", unit, number_at(document, "plan.weeks")));
    if (json_is_object(at(document, "plan.past")))
        lines_add(lines, "", "  ",
                  arena_printf(arena,
                               "from %s up to %s: about %s people, %s items a week, so %s in the "
                               "plan's time",
                               text_at(document, "plan.past.from"),
                               text_at(document, "plan.past.to"),
                               count_text(arena, number_at(document, "plan.workers")),
                               count_text(arena, number_at(document, "plan.items_a_week")),
                               count_text(arena, number_at(document, "plan.items"))));
    lines_blank(lines);
}

static void add_primary(struct lines *lines, const json_t *document, const json_t *row)
{
    struct arena *arena = lines->out.arena;
    size_t index = 0;
    json_t *step = NULL;
    double wanted = number_at(document, "plan.power");
    double amount = number_at(row, "amount");
    lines_add(lines, "", "  ",
              arena_printf(arena, "Smallest improvement told with %s: %s (wanted: %s)",
                           percent(arena, wanted),
                           effect_text(arena, row, number_at(row, "detectable")),
                           effect_text(arena, row, amount)));
    lines_add(lines, "", "  ",
              arena_printf(arena, "For %s: %s", effect_text(arena, row, amount),
                           needed_text(arena, document, row)));
    lines_blank(lines);
    lines_add(lines, "", "", "  if it improves by   the chance to tell it");
    json_array_foreach(at(row, "steps"), index, step) lines_add(
        lines, "  ", "",
        arena_printf(arena, "%s %s",
                     lines_padded(arena, effect_text(arena, row, number_at(step, "effect")), 19),
                     percent(arena, number_at(step, "power"))));
    lines_blank(lines);
}

static void add_guardrail(struct lines *lines, const json_t *document, const json_t *row)
{
    struct arena *arena = lines->out.arena;
    lines_add(lines, "", "  ",
              arena_printf(
                  arena,
                  "Guardrail %s, at most %s worse: shown to be held with %s, if nothing "
                  "changes; %s",
                  text_at(row, "metric.label"), effect_text(arena, row, number_at(row, "amount")),
                  percent(arena, number_at(row, "power")), needed_text(arena, document, row)));
}

static void add_metric(struct lines *lines, const json_t *document, const json_t *row)
{
    struct arena *arena = lines->out.arena;
    bool primary = strcmp(text_at(row, "role"), "primary") == 0;
    const char *reason = text_at(row, "reason");
    if (primary)
        lines_add(lines, "", "  ",
                  lines_colour(lines, COLOUR_HEAD,
                               arena_printf(arena, "%s (%s)", text_at(row, "metric.label"),
                                            text_at(row, "metric.name"))));
    if (reason[0] != '\0')
        lines_add(lines, "", "  ",
                  arena_printf(arena, "%s%s: can't say (%s)", primary ? "" : "Guardrail ",
                               primary ? "What it can tell" : text_at(row, "metric.label"),
                               reason));
    else if (primary)
        add_primary(lines, document, row);
    else
        add_guardrail(lines, document, row);
}

char *power_page(struct arena *arena, const json_t *document, const struct text_style *style)
{
    struct lines lines = lines_start(arena, style);
    size_t index = 0;
    json_t *entry = NULL;
    add_head(&lines, document);
    json_array_foreach(at(document, "metrics"), index, entry) add_metric(&lines, document, entry);
    lines_blank(&lines);
    json_array_foreach(at(document, "notes"), index, entry)
        lines_add(&lines, "Note: ", "  ", json_string_value(entry));
    const json_t *first = json_array_get(at(document, "metrics"), 0);
    double alike = number_at(first, "correlation");
    lines_add(
        &lines, "", "  ",
        arena_printf(
            arena, "By %s%s, at %.3g %% confidence. docs/plans.md says how.",
            strcmp(text_at(first, "method"), "formula") == 0 ? "formula"
                                                             : "1,000 draws of the past's units",
            isnan(alike) ? ""
                         : arena_printf(arena, "; items of one person are alike by %.2f", alike),
            number_at(document, "plan.confidence") * 100));
    return lines_finish(&lines);
}
