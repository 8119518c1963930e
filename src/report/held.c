#include "report/held.h"

#include "base/text.h"
#include "base/time.h"
#include "report/format.h"

#include <string.h>

/* ---- Which rows are the same --------------------------------------------------------------- */

static const char *plan_of(const json_t *row)
{
    return text_at(row, "plan.name");
}

/* A plan's row is that plan's, and of the same arm; another is its use case's and metric's. */
static bool same_row(const json_t *a, const json_t *b)
{
    if (strcmp(plan_of(a), plan_of(b)) != 0 ||
        strcmp(text_at(a, "plan.arm"), text_at(b, "plan.arm")) != 0)
        return false;
    return plan_of(a)[0] != '\0' ||
           (strcmp(text_at(a, "use_case"), text_at(b, "use_case")) == 0 &&
            strcmp(text_at(a, "metric.name"), text_at(b, "metric.name")) == 0);
}

static const json_t *find_row(const json_t *document, const json_t *like)
{
    size_t index = 0;
    json_t *row = NULL;
    json_array_foreach(at(document, "rows"), index, row)
    {
        if (same_row(row, like))
            return row;
    }
    return NULL;
}

/* ---- What they say ------------------------------------------------------------------------- */

/* A part that is not there says nothing; NULL is "no answer". */
static const char *word_of(const json_t *row, const char *of)
{
    bool verdict = strcmp(of, "verdict") == 0;
    const json_t *word = at(row, verdict ? "verdict.word" : "change.word");
    if (json_is_true(at(row, verdict ? "comparison.withheld" : "change.withheld")))
        return "withheld";
    return json_string_value(word);
}

/* ---- Why it may differ ---------------------------------------------------------------------- */

static bool differs(const json_t *a, const json_t *b, const char *path)
{
    const json_t *x = at(a, path);
    const json_t *y = at(b, path);
    return x != y && (x == NULL || y == NULL || !json_equal(x, y));
}

static void add_reason(json_t *list, const char *reason)
{
    (void)json_array_append_new(list, json_string(reason));
}

/* What both reports or rows hold and hold differently, in words; each as it may bear on a verdict.
 */
static void add_reasons_of_document(json_t *list, const json_t *then, const json_t *now)
{
    static const struct {
        const char *path;
        const char *said;
    } settings[] = {
        {"assay.data_version", "data were imported or forgotten"},
        {"assay.min_group", "min_group was changed"},
        {"assay.own_data", "own_data was changed"},
        {"assay.version", "another version of assay"},
        {"period.from", "another period"},
        {"period.to", "another period"},
        {"period.against", "another period to compare with"},
    };
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++)
        if (differs(then, now, settings[i].path) &&
            !(strcmp(settings[i].path, "period.to") == 0 && differs(then, now, "period.from")))
            add_reason(list, settings[i].said);
}

static void add_reasons_of_row(json_t *list, const json_t *then, const json_t *now, const char *of)
{
    static const struct {
        const char *path;
        const char *said;
        bool of_change; /* bears on changes too */
    } marks[] = {
        {"plan.amended", "the plan was amended", false},
        {"plan.locked", "the plan was locked", false},
        {"plan.ended", "the plan's period ended", false},
        {"plan.looked_early", "somebody looked early", false},
        {"metric", "another metric, or another definition of it", true},
        {"comparison.level", "judged together with others at another level", false},
        {"comparison.design", "the arms came about in another way", false},
        {"verdict.margin", "another margin", false},
        {"change.margin", "another margin", true},
    };
    bool change = strcmp(of, "change") == 0;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if ((marks[i].of_change || !change) && differs(then, now, marks[i].path) &&
            !(marks[i].of_change && strcmp(marks[i].path, "change.margin") == 0 && !change))
            add_reason(list, marks[i].said);
}

/* ---- The entries ---------------------------------------------------------------------------- */

struct comparing {
    const json_t *then;
    const json_t *now;
    json_t *entries;
};

static void add_entry(struct comparing *with, const json_t *then, const json_t *now, const char *of)
{
    const char *before = word_of(then, of);
    const char *after = word_of(now, of);
    if (before == NULL && after == NULL)
        return;
    bool held = before != NULL && after != NULL && strcmp(before, after) == 0;
    const json_t *row = now != NULL ? now : then;
    const char *arm = json_string_value(at(row, "plan.arm"));
    json_t *why = json_array();
    if (!held && then == NULL)
        add_reason(why, "there was no such row");
    else if (!held && now == NULL)
        add_reason(why, "there is no such row");
    if (!held)
        add_reasons_of_document(why, with->then, with->now);
    if (!held && then != NULL && now != NULL)
        add_reasons_of_row(why, then, now, of);
    (void)json_array_append_new(
        with->entries,
        json_pack("{s:s, s:O, s:O?, s:o, s:s, s:s?, s:s?, s:b, s:o}", "use_case",
                  text_at(row, "use_case"), "metric", at(row, "metric.name"), "plan",
                  at(row, "plan.name"), "arm", arm != NULL ? json_string(arm) : json_null(), "of",
                  of, "then", before, "now", after, "held", held, "why", why));
}

static void add_entries(struct comparing *with, const json_t *then, const json_t *now)
{
    bool planned = plan_of(now != NULL ? now : then)[0] != '\0';
    if (!planned)
        add_entry(with, then, now, "change");
    add_entry(with, then, now, "verdict");
}

void held_add(json_t *document, const json_t *then, const char *name)
{
    struct comparing with = {then, document, json_array()};
    size_t index = 0;
    json_t *row = NULL;
    json_array_foreach(at(document, "rows"), index, row)
        add_entries(&with, find_row(then, row), row);
    json_array_foreach(at(then, "rows"), index, row)
    {
        if (find_row(document, row) == NULL)
            add_entries(&with, row, NULL);
    }
    (void)json_object_set_new(document, "compared_with",
                              json_pack("{s:s, s:s, s:I, s:o}", "report", name, "generated",
                                        text_at(then, "assay.generated"), "data_version",
                                        json_integer_value(at(then, "assay.data_version")),
                                        "entries", with.entries));
}

/* ---- As people read it
 * ---------------------------------------------------------------------------- */

static const char *said(const json_t *entry, const char *key)
{
    const json_t *word = json_object_get(entry, key);
    if (!json_is_string(word))
        return "no answer";
    return strcmp(text_at(entry, "of"), "verdict") == 0 ? verdict_in_words(json_string_value(word))
                                                        : json_string_value(word);
}

char *held_sentence(struct arena *arena, const json_t *entry)
{
    struct text text = {.arena = arena};
    const char *plan = text_at(entry, "plan");
    size_t index = 0;
    json_t *reason = NULL;
    const char *arm = text_at(entry, "arm");
    text_addf(&text, "%s (%s%s%s%s): %s, now %s", text_at(entry, "use_case"),
              plan[0] != '\0' ? plan : text_at(entry, "metric"), arm[0] != '\0' ? ", " : "", arm,
              strcmp(text_at(entry, "of"), "change") == 0 ? ", change" : "", said(entry, "then"),
              said(entry, "now"));
    json_array_foreach(at(entry, "why"), index, reason)
        text_addf(&text, "%s%s", index == 0 ? "; since then: " : ", ", json_string_value(reason));
    if (json_array_size(at(entry, "why")) == 0)
        text_add(&text, "; nothing that the reports hold says why");
    return arena_text(arena, text_get(&text));
}

char *held_summary(struct arena *arena, const json_t *document)
{
    const json_t *with = at(document, "compared_with");
    size_t held = 0;
    size_t index = 0;
    json_t *entry = NULL;
    if (!json_is_object(with))
        return NULL;
    json_array_foreach(at(with, "entries"), index, entry) held += json_is_true(at(entry, "held"));
    return arena_printf(arena, "Against %s as published on %.10s: %zu of %zu words held",
                        text_at(with, "report"), text_at(with, "generated"), held,
                        json_array_size(at(with, "entries")));
}

void held_lines(struct lines *lines, const json_t *document)
{
    struct arena *arena = lines->out.arena;
    const char *summary = held_summary(arena, document);
    size_t index = 0;
    json_t *entry = NULL;
    if (summary == NULL)
        return;
    lines_blank(lines);
    lines_add(lines, "", "", lines_colour(lines, COLOUR_HEAD, summary));
    json_array_foreach(at(document, "compared_with.entries"), index, entry)
    {
        if (!json_is_true(at(entry, "held")))
            lines_add(lines, "  ", "    ", held_sentence(arena, entry));
    }
}
