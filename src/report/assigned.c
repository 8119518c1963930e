#include "report/assigned.h"

#include "base/terminal.h"
#include "base/text.h"
#include "report/csv.h"
#include "report/lines.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- For people ----------------------------------------------------------------------------- */

static void list_units(FILE *out, struct arena *arena, const struct assigned *assigned)
{
    size_t width = strlen(assigned->unit_kind);
    for (size_t i = 0; i < assigned->count; i++) {
        size_t cells = text_width(text_printable(arena, assigned->rows[i].unit));
        width = cells > width && cells <= 40 ? cells : width;
    }
    (void)fprintf(out, "%s  arm\n", lines_padded(arena, assigned->unit_kind, width));
    for (size_t i = 0; i < assigned->count; i++)
        (void)fprintf(out, "%s  %s\n",
                      lines_padded(arena, text_printable(arena, assigned->rows[i].unit), width),
                      assigned->rows[i].arm);
}

/* By time, then arm, then as given. */
static int by_date(const void *one, const void *other)
{
    const struct assigned_row *a = *(const struct assigned_row *const *)one;
    const struct assigned_row *b = *(const struct assigned_row *const *)other;
    int order = strcmp(a->first_day, b->first_day);
    order = order != 0 ? order : strcmp(a->last_day, b->last_day);
    order = order != 0 ? order : strcmp(a->arm, b->arm);
    return order != 0 ? order : (a > b) - (a < b);
}

static void list_dates(FILE *out, struct arena *arena, const struct assigned *assigned)
{
    const struct assigned_row **rows = arena_array(arena, assigned->count, sizeof(void *));
    for (size_t i = 0; i < assigned->count; i++)
        rows[i] = &assigned->rows[i];
    qsort(rows, assigned->count, sizeof *rows, by_date);
    (void)fprintf(out, "%-10s  %-10s  %-10s  %ss\n", "from", "to", "arm", assigned->unit_kind);
    for (size_t i = 0; i < assigned->count; i++) {
        bool goes_on = i > 0 && strcmp(rows[i]->first_day, rows[i - 1]->first_day) == 0 &&
                       strcmp(rows[i]->last_day, rows[i - 1]->last_day) == 0 &&
                       strcmp(rows[i]->arm, rows[i - 1]->arm) == 0;
        if (!goes_on)
            (void)fprintf(out, "%s%-10s  %-10s  %-10s  ", i > 0 ? "\n" : "", rows[i]->first_day,
                          rows[i]->last_day[0] != '\0' ? rows[i]->last_day : "on", rows[i]->arm);
        (void)fprintf(out, "%s%s", goes_on ? ", " : "", text_printable(arena, rows[i]->unit));
    }
    (void)fputs(assigned->count > 0 ? "\n" : "", out);
}

void assigned_text(FILE *out, struct arena *arena, const struct assigned *assigned)
{
    if (assigned->scheduled)
        list_dates(out, arena, assigned);
    else
        list_units(out, arena, assigned);
}

void assigned_summary(FILE *out, const struct assigned *assigned)
{
    (void)fprintf(out, "%lld %s%s, %lld of them drawn for %s now; the others keep what they had.\n",
                  (long long)assigned->units, assigned->unit_kind, assigned->units == 1 ? "" : "s",
                  (long long)assigned->drawn, assigned->plan);
    if (assigned->unseen > 0)
        (void)fprintf(out,
                      "note: %lld of them are in no item of the workspace yet; a comparison finds "
                      "them by exactly this name\n",
                      (long long)assigned->unseen);
    if (assigned->late > 0)
        (void)fprintf(
            out,
            "note: %lld of them %s done before %s drawn, so that no arm could change what "
            "came out: a comparison leaves such out\n",
            (long long)assigned->late, assigned->late == 1 ? "was" : "were",
            assigned->late == 1 ? "it was" : "they were");
}

/* ---- For programs --------------------------------------------------------------------------- */

void assigned_csv(FILE *out, struct arena *arena, const struct assigned *assigned)
{
    struct text text = {.arena = arena};
    text_add(&text, "unit,arm,from,to,probability\r\n");
    for (size_t i = 0; i < assigned->count; i++) {
        const struct assigned_row *row = &assigned->rows[i];
        csv_add_text(&text, row->unit);
        csv_add_text(&text, row->arm);
        csv_add_text(&text, row->first_day);
        csv_add_text(&text, row->last_day);
        if (!isnan(row->probability))
            text_addf(&text, "%.10g", row->probability);
        text_add(&text, "\r\n");
    }
    (void)fwrite(text_get(&text), 1, text.length, out);
}

static json_t *moment(struct arena *arena, bool known, int64_t at)
{
    return known ? json_string(time_format(arena, at)) : json_null();
}

void assigned_json(FILE *out, struct arena *arena, const struct assigned *assigned)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < assigned->count; i++) {
        const struct assigned_row *row = &assigned->rows[i];
        json_t *probability = isnan(row->probability) ? json_null() : json_real(row->probability);
        (void)json_array_append_new(
            rows, json_pack("{s:s, s:s, s:o, s:o, s:o}", "unit", row->unit, "arm", row->arm,
                            "since", moment(arena, row->has_since, row->since), "until",
                            moment(arena, row->has_until, row->until), "probability", probability));
    }
    json_t *document = json_pack("{s:s, s:s, s:I, s:I, s:o}", "plan", assigned->plan, "unit_kind",
                                 assigned->unit_kind, "units", (json_int_t)assigned->units, "drawn",
                                 (json_int_t)assigned->drawn, "assigned", rows);
    (void)json_dumpf(document, out, JSON_INDENT(2) | JSON_REAL_PRECISION(10));
    (void)fputc('\n', out);
    json_decref(document);
}
