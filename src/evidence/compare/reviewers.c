#include "evidence/compare/reviewers.h"

#include "assay/agreement.h"
#include "base/embedded.h"
#include "base/text.h"
#include "evidence/estimate/told.h"

#include <math.h>
#include <string.h>

enum { rated_item, rated_worker, rated_reviewer, rated_score };
enum { draws = 1999, seed = 1 };

static bool is_of_reviews(const struct metric *metric)
{
    const struct formula *parts[] = {&metric->value.compiled, &metric->numerator.compiled,
                                     &metric->denominator.compiled};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        for (size_t j = 0; j < parts[i]->used_count; j++)
            if (strcmp(parts[i]->used[j], "quality") == 0)
                return true;
    return false;
}

/* Yes and no have no distances, and as numbers the same alpha. */
static bool is_yes_or_no(const struct frame *frame)
{
    for (size_t row = 0; row < frame->rows; row++) {
        double score = frame_number(frame, row, rated_score);
        if (score != 0 && score != 1)
            return false;
    }
    return true;
}

/* The fewest of a column's people who have given, or had, nearly all of the ratings, or all there
   are. */
static int64_t fewest_of(const struct frame *frame, size_t column, int64_t *people,
                         struct arena *arena)
{
    double *ratings = arena_array(arena, frame->rows, sizeof *ratings);
    *people = 0;
    for (size_t row = 0; row < frame->rows; row++) {
        int64_t who = frame_integer(frame, row, column);
        ratings[who]++;
        *people = who >= *people ? who + 1 : *people;
    }
    int64_t carry = told_carriers(ratings, (size_t)*people);
    return carry > 0 && carry < *people ? carry : *people;
}

static enum status read_ratings(struct workspace *workspace, const struct sample *sample,
                                struct arena *arena, struct frame *out, struct error *error)
{
    struct sample plain = *sample;
    plain.cell = NULL;
    const char *sql = TEXT_FILLED(arena, embedded_text("evidence/compare/review_ratings.sql"),
                                  {"sample", sample_sql(arena, &plain)});
    return engine_query(workspace->engine, sql, sample_values(arena, &plain), arena, out, error);
}

enum status reviewers_fill(struct workspace *workspace, const struct sample *sample, double level,
                           struct arena *arena, struct reviewers_agree *out, struct error *error)
{
    struct frame frame;
    struct agreement found;
    struct error why = {0};
    int64_t workers = 0;
    *out = (struct reviewers_agree){0};
    if (!is_of_reviews(sample->metric))
        return STATUS_OK;
    enum status status = read_ratings(workspace, sample, arena, &frame, error);
    if (status != STATUS_OK || frame.rows == 0)
        return status;
    const struct ratings ratings = {
        .count = frame.rows,
        .unit = frame.columns[rated_item].integers,
        .value = frame.columns[rated_score].numbers,
        .cluster = frame.columns[rated_worker].integers,
    };
    out->yes_or_no = is_yes_or_no(&frame);
    status = assay_alpha(&ratings, out->yes_or_no ? AGREEMENT_NOMINAL : AGREEMENT_INTERVAL, draws,
                         seed, level, &found, &why);
    if (status != STATUS_OK) { /* all scores are one value: nothing to agree on */
        if (status != ERROR_DOMAIN && error != NULL)
            *error = why;
        return status == ERROR_DOMAIN ? STATUS_OK : status;
    }
    out->exists = true;
    out->alpha = found.alpha;
    out->interval = found.interval;
    out->items = (int64_t)found.units;
    int64_t by_reviewers = fewest_of(&frame, rated_reviewer, &out->reviewers, arena);
    int64_t by_workers = fewest_of(&frame, rated_worker, &workers, arena);
    out->fewest = by_reviewers < by_workers ? by_reviewers : by_workers;
    return STATUS_OK;
}
