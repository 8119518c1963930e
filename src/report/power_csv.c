/* What a plan can tell, as CSV: a line for each metric, each step of a primary one, each note. */

#include "report/power_page.h"

#include "base/table.h"
#include "report/csv.h"
#include "report/format.h"

#include <math.h>

/* In the order of the file; new ones come at the end, so that who reads by number reads on. */
enum power_column {
    PLAN,
    USE_CASE,
    METRIC,
    ROLE,
    KIND,
    DESIGN,
    UNIT,
    SCALE,
    EFFECT,
    POWER,
    POWER_WANTED,
    DETECTABLE,
    ITEMS_NEEDED,
    WEEKS_NEEDED,
    UNITS_NEEDED,
    METHOD,
    CORRELATION,
    TEAM_CORRELATION,
    LEVEL,
    FROM,
    TO,
    WEEKS,
    PAST_FROM,
    PAST_TO,
    ITEMS,
    ITEMS_A_WEEK,
    PEOPLE,
    TEAMS,
    REASON,
    COLUMNS
};

static const char *const names[] = {
    [PLAN] = "plan",
    [USE_CASE] = "use_case",
    [METRIC] = "metric",
    [ROLE] = "role",
    [KIND] = "kind",
    [DESIGN] = "design",
    [UNIT] = "unit",
    [SCALE] = "scale",
    [EFFECT] = "effect",
    [POWER] = "power",
    [POWER_WANTED] = "power_wanted",
    [DETECTABLE] = "detectable",
    [ITEMS_NEEDED] = "items_needed",
    [WEEKS_NEEDED] = "weeks_needed",
    [UNITS_NEEDED] = "units_needed",
    [METHOD] = "method",
    [CORRELATION] = "correlation",
    [TEAM_CORRELATION] = "team_correlation",
    [LEVEL] = "level",
    [FROM] = "from",
    [TO] = "to",
    [WEEKS] = "weeks",
    [PAST_FROM] = "past_from",
    [PAST_TO] = "past_to",
    [ITEMS] = "items",
    [ITEMS_A_WEEK] = "items_a_week",
    [PEOPLE] = "people",
    [TEAMS] = "teams",
    [REASON] = "reason",
};
TABLE_OF(names, COLUMNS);

struct line {
    const char *text[COLUMNS];
    double number[COLUMNS];
};

static struct line line_of(const json_t *document, const json_t *row, const char *kind)
{
    struct line line = {{NULL}, {0}};
    for (int i = 0; i < COLUMNS; i++)
        line.number[i] = NAN;
    line.text[PLAN] = text_at(document, "plan.name");
    line.text[USE_CASE] = text_at(document, "plan.use_case");
    line.text[METRIC] = text_at(row, "metric.name");
    line.text[ROLE] = text_at(row, "role");
    line.text[KIND] = kind;
    line.text[SCALE] = text_at(row, "scale");
    return line;
}

static void add_line(struct text *out, const struct line *line)
{
    csv_add_cells(out, line->text, line->number, COLUMNS);
}

/* What the plan is, and what its numbers are taken from. */
static void set_plan(struct line *line, const json_t *document)
{
    line->text[DESIGN] = text_at(document, "plan.design");
    line->text[UNIT] = text_at(document, "plan.unit");
    line->number[POWER_WANTED] = number_at(document, "plan.power");
    line->number[LEVEL] = number_at(document, "plan.confidence");
    line->text[FROM] = text_at(document, "plan.period.from");
    line->text[TO] = text_at(document, "plan.period.to");
    line->number[WEEKS] = number_at(document, "plan.weeks");
    line->text[PAST_FROM] = text_at(document, "plan.past.from");
    line->text[PAST_TO] = text_at(document, "plan.past.to");
    line->number[ITEMS] = number_at(document, "plan.items");
    line->number[ITEMS_A_WEEK] = number_at(document, "plan.items_a_week");
    line->number[PEOPLE] = number_at(document, "plan.workers");
    line->number[TEAMS] = number_at(document, "plan.teams");
}

static void add_metric(struct text *out, const json_t *document, const json_t *row)
{
    struct line line = line_of(document, row, "metric");
    set_plan(&line, document);
    line.number[EFFECT] = number_at(row, "amount");
    line.number[POWER] = number_at(row, "power");
    line.number[DETECTABLE] = number_at(row, "detectable");
    line.number[ITEMS_NEEDED] = number_at(row, "items_needed");
    line.number[WEEKS_NEEDED] = number_at(row, "weeks_needed");
    line.number[UNITS_NEEDED] = number_at(row, "units_needed");
    line.text[METHOD] = text_at(row, "method");
    line.number[CORRELATION] = number_at(row, "correlation");
    line.number[TEAM_CORRELATION] = number_at(row, "team_correlation");
    line.text[REASON] = text_at(row, "reason");
    add_line(out, &line);
}

static void add_steps(struct text *out, const json_t *document, const json_t *row)
{
    size_t index = 0;
    json_t *step = NULL;
    json_array_foreach(at(row, "steps"), index, step)
    {
        struct line line = line_of(document, row, "step");
        line.number[EFFECT] = number_at(step, "effect");
        line.number[POWER] = number_at(step, "power");
        add_line(out, &line);
    }
}

char *power_csv(struct arena *arena, const json_t *document)
{
    struct text out = {.arena = arena};
    size_t index = 0;
    json_t *entry = NULL;
    csv_add_head(&out, names, COLUMNS);
    json_array_foreach(at(document, "metrics"), index, entry)
    {
        add_metric(&out, document, entry);
        add_steps(&out, document, entry);
    }
    json_array_foreach(at(document, "notes"), index, entry)
    {
        struct line line = line_of(document, NULL, "note");
        line.text[REASON] = json_string_value(entry);
        add_line(&out, &line);
    }
    return arena_text(arena, text_get(&out));
}
