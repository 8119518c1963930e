#include "evidence/compare/opt_outs.h"

#include "base/embedded.h"
#include "base/text.h"
#include "evidence/estimate/share_test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* From here on bounds are made: below it they would hinge on which share is larger by chance. */
static const double by_chance = 0.05;

enum {
    frame_cluster,
    frame_worker,
    frame_arm,
    frame_items,
    frame_known,
    frame_given_up,
    frame_missing_alone,
    frame_given_up_alone
};

/* ---- By cluster -------------------------------------------------------------------------------
 */

static bool is_new_cluster(const struct frame *frame, size_t row)
{
    return row == 0 || strcmp(frame_text(frame, row, frame_cluster),
                              frame_text(frame, row - 1, frame_cluster)) != 0;
}

static struct bounded_clusters clusters_of(const struct frame *frame, struct arena *arena,
                                           struct opt_outs *out)
{
    struct bounded_clusters clusters = {
        .names = arena_array(arena, frame->rows + 1, sizeof *clusters.names)};
    struct share_test missing = {0};
    struct share_test given_up = {0};
    double *abandoned[2];
    for (int arm = 0; arm < 2; arm++) {
        clusters.assigned[arm] = arena_array(arena, frame->rows + 1, sizeof(double));
        clusters.known[arm] = arena_array(arena, frame->rows + 1, sizeof(double));
        abandoned[arm] = arena_array(arena, frame->rows + 1, sizeof(double));
    }
    for (size_t row = 0; row < frame->rows; row++) {
        int64_t arm = frame_integer(frame, row, frame_arm);
        if (is_new_cluster(frame, row))
            clusters.names[clusters.count++] = frame_text(frame, row, frame_cluster);
        size_t g = clusters.count - 1;
        clusters.assigned[arm][g] += (double)frame_integer(frame, row, frame_items);
        clusters.known[arm][g] += (double)frame_integer(frame, row, frame_known);
        abandoned[arm][g] += (double)frame_integer(frame, row, frame_given_up);
    }
    for (size_t g = 0; g < clusters.count; g++) {
        double items[2] = {clusters.assigned[0][g], clusters.assigned[1][g]};
        share_test_add(&missing, arena,
                       &(struct share_of_cluster){
                           {items[0], items[1]},
                           {items[0] - clusters.known[0][g], items[1] - clusters.known[1][g]}});
        share_test_add(
            &given_up, arena,
            &(struct share_of_cluster){{items[0], items[1]}, {abandoned[0][g], abandoned[1][g]}});
    }
    double shares[2];
    share_test_finish(&missing, shares, &out->missing_p);
    out->arms[0].missing = shares[0];
    out->arms[1].missing = shares[1];
    share_test_finish(&given_up, shares, &out->given_up_p);
    out->arms[0].given_up = shares[0];
    out->arms[1].given_up = shares[1];
    return clusters;
}

/* ---- By person ----------------------------------------------------------------------------------
 */

struct person {
    const char *worker;
    int64_t arm;
    bool missing, given_up, known, kept, missing_alone, given_up_alone;
};

static int by_worker_and_arm(const void *one, const void *other)
{
    const struct person *a = one;
    const struct person *b = other;
    int order = strcmp(a->worker, b->worker);
    return order != 0 ? order : (a->arm > b->arm) - (a->arm < b->arm);
}

static void count_person(const struct person *person, struct opt_outs *out)
{
    struct opt_out_arm *arm = &out->arms[person->arm];
    arm->missing_people += person->missing;
    arm->given_up_people += person->given_up;
    arm->known_people += person->known;
    arm->kept_people += person->kept;
    arm->missing_alone_people += person->missing_alone;
    arm->given_up_alone_people += person->given_up_alone;
}

/* A person of several teams is one. */
static void count_people(const struct frame *frame, struct arena *arena, struct opt_outs *out)
{
    struct person *people = arena_array(arena, frame->rows + 1, sizeof *people);
    for (size_t row = 0; row < frame->rows; row++) {
        int64_t items = frame_integer(frame, row, frame_items);
        int64_t known = frame_integer(frame, row, frame_known);
        int64_t given_up = frame_integer(frame, row, frame_given_up);
        people[row] = (struct person){
            .worker = frame_text(frame, row, frame_worker),
            .arm = frame_integer(frame, row, frame_arm),
            .missing = items > known,
            .given_up = given_up > 0,
            .known = known > 0,
            .kept = items > given_up,
            .missing_alone = frame_integer(frame, row, frame_missing_alone) > 0,
            .given_up_alone = frame_integer(frame, row, frame_given_up_alone) > 0,
        };
    }
    qsort(people, frame->rows, sizeof *people, by_worker_and_arm);
    struct person together = {0};
    for (size_t i = 0; i < frame->rows; i++) {
        if (i > 0 && by_worker_and_arm(&people[i], &people[i - 1]) != 0) {
            count_person(&together, out);
            together = (struct person){0};
        }
        together.worker = people[i].worker;
        together.arm = people[i].arm;
        together.missing = together.missing || people[i].missing;
        together.given_up = together.given_up || people[i].given_up;
        together.known = together.known || people[i].known;
        together.kept = together.kept || people[i].kept;
        together.missing_alone = together.missing_alone || people[i].missing_alone;
        together.given_up_alone = together.given_up_alone || people[i].given_up_alone;
    }
    if (frame->rows > 0)
        count_person(&together, out);
}

/* ---- Together
 * ------------------------------------------------------------------------------------ */

static const char *no_bounds(const struct metric *metric, const struct opt_outs *out)
{
    if (metric->kind == METRIC_DURATION)
        return "open items and those given up count in times, so that none is missing from them";
    if (metric->kind != METRIC_MEAN && metric->kind != METRIC_PROPORTION)
        return "there are bounds for means and proportions only";
    if (!(out->missing_p < by_chance))
        return "about as many outcomes are missing in either arm";
    return NULL;
}

enum status opt_outs_fill(struct workspace *workspace, const struct sample *sample, double level,
                          struct arena *arena, struct comparison *out, struct error *error)
{
    struct frame frame;
    struct opt_outs *opt_outs = &out->opt_outs;
    if (sample->arms.kind != ARMS_BY_ASSIGNMENT || !sample->arms.randomised)
        return STATUS_OK;
    const char *sql = TEXT_FILLED(arena, embedded_text("evidence/compare/opt_outs.sql"),
                                  {"sample", sample_sql(arena, sample)});
    enum status status =
        engine_query(workspace->engine, sql, sample_values(arena, sample), arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    struct bounded_clusters clusters = clusters_of(&frame, arena, opt_outs);
    count_people(&frame, arena, opt_outs);
    opt_outs->exists = true;
    opt_outs->bounds.why_not = no_bounds(sample->metric, opt_outs);
    if (opt_outs->bounds.why_not != NULL)
        return STATUS_OK;
    return outcome_bounds_fill(workspace, sample, &clusters, level, arena, &opt_outs->bounds,
                               error);
}
