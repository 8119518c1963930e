/* report/format.h: numbers of the document as people read them. All texts live in the arena. */

#ifndef REPORT_FORMAT_H
#define REPORT_FORMAT_H

#include "base/arena.h"

#include <jansson.h>
#include <stdbool.h>

/* A value of a metric: "8.0 %" of a proportion, "34 min", "2.5 h" or "3.1 d" of a time, "0.83". */
char *format_value(struct arena *arena, const json_t *metric, double value);

/* Two values of one metric with the unit once: "41 → 34 min". */
char *format_from_to(struct arena *arena, const json_t *metric, double from, double to);

/* An effect with its sign: "−17 %", "+0.3 points". */
char *format_effect(struct arena *arena, const json_t *metric, const char *scale, double effect);

/* "−23 … −14", without a unit: it follows an effect. Of one bound: "at least −20 %, no upper
   bound". */
char *format_range(struct arena *arena, const char *scale, const json_t *interval);
/* "−18 % (−23 … −14)" of a part with effect and interval. */
char *format_estimate(struct arena *arena, const json_t *metric, const char *scale,
                      const json_t *part);

/* 1,204 */
char *format_count(struct arena *arena, json_int_t count);
/* The count under that key; "–" where it is withheld. */
const char *format_count_at(struct arena *arena, const json_t *json, const char *key);

/* "2.4 h" from days. */
char *format_days(struct arena *arena, double days);

/* Helpers of the renderers: a member by path ("comparison.arms"), NULL where there is none. */
const json_t *at(const json_t *json, const char *path);
const char *text_at(const json_t *json, const char *path); /* "" where there is none */
double number_at(const json_t *json, const char *path);    /* NAN where there is none */

/* A part that has numbers: neither withheld nor without an estimate. */
bool has_numbers(const json_t *part);

/* " still to go after 2 h", where times count from a landmark; else "". */
const char *format_remaining(struct arena *arena, const json_t *comparison);

/* "like with like " where the effect is one within cells, and the arms' values are not; else "". */
const char *format_like(const json_t *comparison);

/* Why the arms' times end earlier than those of the row's change; NULL where they do not. */
const char *format_horizon(struct arena *arena, const json_t *row);

/* " on 20 % of the items", where a change is like with like on fewer than most of them; else "". */
const char *format_matched(struct arena *arena, const json_t *change);

/* "1,200 more items, from 2.5 times as many people,": what would settle it; NULL: not known. The
   same people's further items would bring less. */
const char *format_needed(struct arena *arena, const json_t *row);

/* Such items with "about", "About" or "≈" before them; of more than a hundred times as many
   without. */
const char *format_about(struct arena *arena, const char *about, const char *needed);

/* As a clause, with "would settle it"; where no items are known to, what would in their place, or
   why that is not known. NULL: neither is known. */
const char *format_settles(struct arena *arena, const json_t *row);

/* Items as of format_needed, of an open guardrail of the row; NULL: not known, or told by
 * needed_reason. */
const char *format_guardrail_needed(struct arena *arena, const json_t *row,
                                    const json_t *guardrail);

/* " on 62 % of the items", where fewer were assigned to the arms than the row has; else "". */
const char *format_part_of(struct arena *arena, const json_t *row);

/* "randomised · not planned" */
const char *design_in_words(struct arena *arena, const json_t *row);

/* "randomised by item" */
const char *design_in_short(struct arena *arena, const json_t *row);

/* "planned 10 days before the first" of a plan that was locked before its first item, "locked 3
   days after the first, so not planned before"; "not planned" of none. */
const char *planned_in_words(struct arena *arena, const json_t *plan);

/* "change of cycle_time, of 3 rows (why)": what is withheld at that index, with all entries that
   say the same; NULL where an earlier one does. */
const char *withheld_in_words(struct arena *arena, const json_t *withheld, size_t index);

/* Was what the row says asked for before its first item? */
bool is_planned_before(const json_t *row);

/* Of an interval for looks at any time what it holds at: its items had to be fixed before the first
   look. "" of one for the end. */
const char *every_look_in_words(const json_t *row);

/* Does the word of a change or verdict mean good news, bad news, or neither? */
const char *glyph_of_change(const char *word);  /* ▲ ▼ ＝ ? */
const char *glyph_of_verdict(const char *word); /* ▲ ◆ ▼ ＝ ? – */
const char *verdict_in_words(const char *word); /* "at a price" for trade_off */
/* What a change has to reach: "what matters", "the 10 % that the plan asks". */
const char *what_matters_in_words(struct arena *arena, const json_t *row);

/* Beside the word: "a small gain", "a loss", "leans to worse"; "" where the verdict leans to
 * nothing. */
const char *leaning_in_words(const json_t *row);
bool arm_is_known(const char *arm); /* one of ours: ai, no_ai, marked, …; else a name of the data */
const char *arm_in_words(const json_t *comparison,
                         const char *arm); /* "with AI" for ai; the arm itself otherwise */
const char *arm_in_sentence(struct arena *arena, const json_t *comparison,
                            const char *arm); /* "where AI is named" for marked; … */

#endif
