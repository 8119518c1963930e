#include "report/power_page.h"

#include "base/table.h"
#include "report/format.h"
#include "report/lines.h"
#include "report/power_words.h"
#include "report/values.h"

#include <math.h>

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
            steps = value_listed(steps,
                                 json_pack("{s:o, s:o}", "effect", value_number(m->steps[i].effect),
                                           "power", value_number(m->steps[i].power)));
    json_t *json = json_pack(
        "{s:{s:s, s:s, s:s, s:s, s:s}, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "metric", "name",
        m->metric.name, "label", m->metric.label, "unit", m->metric.unit, "kind", m->metric.kind,
        "better", m->metric.lower_is_better ? "lower" : "higher", "role",
        m->guardrail ? "guardrail" : "primary", "scale", scales[m->scale], "amount",
        value_number(m->amount), "power", value_number(m->power), "detectable",
        value_number(m->detectable), "items_needed", value_number(m->items_needed), "weeks_needed",
        value_number(m->weeks_needed), "units_needed", value_number(m->units_needed));
    json = value_with(json, "correlation", value_number(m->correlation));
    json = value_with(json, "team_correlation", value_number(m->team_correlation));
    json = value_with(json, "method", json_string(m->simulated ? "resampling" : "formula"));
    json = value_with(json, "steps", steps);
    json = value_with(json, "reason", m->why_not != NULL ? json_string(m->why_not) : json_null());
    json = value_with(json, "_", json_integer((json_int_t)m->fewest));
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
        metrics = value_listed(metrics, metric_json(&power->metrics[i]));
    for (size_t i = 0; i < power->note_count; i++)
        notes = value_listed(notes, json_string(power->notes[i]));
    json_t *head = json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:f, s:f, s:f}", "name", plan->name,
                             "use_case", plan->use_case, "design", plan_design_name(plan->design),
                             "unit", unit ? json_string(plan_unit_name(plan->unit)) : json_null(),
                             "period", days_json(arena, plan->period), "past",
                             power->has_past ? days_json(arena, power->past) : json_null(), "weeks",
                             power->weeks, "confidence", plan->confidence, "power", power->power);
    head = value_with(head, "items", value_number(power->items));
    head = value_with(head, "items_a_week", value_number(power->items / power->weeks));
    head = value_with(head, "workers", json_integer((json_int_t)power->workers));
    head = value_with(head, "teams", json_integer((json_int_t)power->teams));
    json_t *document =
        json_pack("{s:{s:s, s:i, s:s, s:i}, s:o, s:o, s:o}", "assay", "version", version, "schema",
                  1, "workspace", power->workspace, "min_group", power->min_group, "plan", head,
                  "metrics", metrics, "notes", notes);
    arena_destroy(arena);
    return document;
}

/* ---- The page ------------------------------------------------------------------------------ */

static void add_line(struct lines *lines, const char *line)
{
    if (line != NULL)
        lines_add(lines, "", "  ", line);
}

static void add_primary(struct lines *lines, const json_t *document, const json_t *row)
{
    struct arena *arena = lines->out.arena;
    size_t index = 0;
    json_t *step = NULL;
    add_line(lines, power_detectable(arena, document, row));
    add_line(lines, power_needed(arena, document, row));
    lines_blank(lines);
    lines_add(lines, "", "", "  if it improves by   the chance to tell it");
    json_array_foreach(at(row, "steps"), index, step) lines_add(
        lines, "  ", "",
        arena_printf(arena, "%s %s",
                     lines_padded(arena, power_effect(arena, row, number_at(step, "effect")), 19),
                     power_percent(arena, number_at(step, "power"))));
    lines_blank(lines);
}

static void add_metric(struct lines *lines, const json_t *document, const json_t *row)
{
    struct arena *arena = lines->out.arena;
    const char *cannot_say = power_cannot_say(arena, row);
    if (power_is_primary(row))
        add_line(lines, lines_colour(lines, COLOUR_HEAD,
                                     arena_printf(arena, "%s (%s)", text_at(row, "metric.label"),
                                                  text_at(row, "metric.name"))));
    if (cannot_say != NULL)
        add_line(lines, cannot_say);
    else if (power_is_primary(row))
        add_primary(lines, document, row);
    else
        add_line(lines, power_guardrail(arena, document, row));
}

char *power_page(struct arena *arena, const json_t *document, const struct text_style *style)
{
    struct lines lines = lines_start(arena, style);
    size_t index = 0;
    json_t *entry = NULL;
    add_line(&lines,
             arena_printf(arena, "%s   %s",
                          lines_colour(&lines, COLOUR_HEAD, power_question(arena, document)),
                          power_design(arena, document)));
    add_line(&lines, power_past(arena, document));
    lines_blank(&lines);
    json_array_foreach(at(document, "metrics"), index, entry) add_metric(&lines, document, entry);
    lines_blank(&lines);
    json_array_foreach(at(document, "notes"), index, entry)
        lines_add(&lines, "Note: ", "  ", json_string_value(entry));
    add_line(&lines, power_method(arena, document));
    return lines_finish(&lines);
}
