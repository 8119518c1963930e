#include "evidence/estimate/counts.h"

#include "base/embedded.h"
#include "base/text.h"
#include "evidence/estimate/share_test.h"

#include <math.h>
#include <string.h>

enum { frame_worker, frame_arm, frame_excluded, frame_items };

/* What was seen of one worker, whose rows stand together. */
struct seen {
    const char *worker;
    int64_t items[2];
    int64_t unknown[2]; /* of an arm, without an outcome */
    bool left_out[EXCLUSIONS];
};

static void finish_worker(const struct seen *seen, struct arena *arena, struct sample_counts *out)
{
    if (seen->worker == NULL)
        return;
    for (int arm = 0; arm < 2; arm++) {
        out->workers[arm] += seen->items[arm] > 0;
        out->unknown_workers[arm] += seen->unknown[arm] > 0;
        reach_add(&out->reach[arm], arena, seen->worker, seen->items[arm]);
    }
    reach_add(&out->reach_of_both, arena, seen->worker, seen->items[0] + seen->items[1]);
    for (int reason = 1; reason < EXCLUSIONS; reason++)
        out->excluded_workers[reason] += seen->left_out[reason];
}

/* ---- Outcomes that are missing ---------------------------------------------------------- */

static bool is_without_outcome(int64_t excluded)
{
    return excluded == EXCLUDED_OPEN || excluded == EXCLUDED_MATURING ||
           excluded == EXCLUDED_MISSING || excluded == EXCLUDED_UNDEFINED;
}

static void add_follow_up(struct share_test *all, struct arena *arena, const struct seen *seen)
{
    struct share_of_cluster one = {{0, 0}, {0, 0}};
    for (int arm = 0; arm < 2; arm++) {
        one.hits[arm] = (double)seen->items[arm];
        one.items[arm] = (double)(seen->items[arm] + seen->unknown[arm]);
    }
    if (seen->worker != NULL)
        share_test_add(all, arena, &one);
}

/* ---- Counting --------------------------------------------------------------------------- */

void counts_of_frame(const struct frame *frame, struct arena *arena, struct sample_counts *out)
{
    *out = (struct sample_counts){.value = {NAN, NAN}};
    struct seen seen = {0};
    struct share_test follow_ups = {0};
    for (size_t row = 0; row < frame->rows; row++) {
        const char *worker = frame_text(frame, row, frame_worker);
        int64_t excluded = frame_integer(frame, row, frame_excluded);
        int64_t items = frame_integer(frame, row, frame_items);
        out->total += items;
        out->excluded[excluded] += items;
        if (worker == NULL)
            continue;
        if (seen.worker == NULL || strcmp(seen.worker, worker) != 0) {
            finish_worker(&seen, arena, out);
            add_follow_up(&follow_ups, arena, &seen);
            seen = (struct seen){.worker = worker};
        }
        bool in_arm = frame->columns[frame_arm].valid[row];
        int64_t arm = in_arm ? frame_integer(frame, row, frame_arm) : -1;
        if (in_arm && is_without_outcome(excluded))
            seen.unknown[arm] += items;
        if (excluded == EXCLUDED_NOT) {
            seen.items[arm] += items;
            out->items[arm] += items;
        } else {
            seen.left_out[excluded] = true;
        }
    }
    finish_worker(&seen, arena, out);
    add_follow_up(&follow_ups, arena, &seen);
    share_test_finish(&follow_ups, out->known_share, &out->known_p);
}

enum status counts_of_items(struct workspace *workspace, const struct sample *sample,
                            struct arena *arena, struct sample_counts *out, struct error *error)
{
    struct frame frame;
    const char *sql = TEXT_FILLED(arena, embedded_text("evidence/estimate/counts_by_worker.sql"),
                                  {"sample", sample_sql(arena, sample)});
    enum status status =
        engine_query(workspace->engine, sql, sample_values(arena, sample), arena, &frame, error);
    if (status == STATUS_OK)
        counts_of_frame(&frame, arena, out);
    return status;
}

enum status counts_of_matched(struct workspace *workspace, const struct sample *sample,
                              struct arena *arena, struct matched_workers *out, struct error *error)
{
    struct frame frame;
    const char *sql = TEXT_FILLED(arena, embedded_text("evidence/estimate/matched_workers.sql"),
                                  {"sample", sample_sql(arena, sample)});
    enum status status =
        engine_query(workspace->engine, sql, sample_values(arena, sample), arena, &frame, error);
    if (status == STATUS_OK)
        *out = (struct matched_workers){{frame_integer(&frame, 0, 0), frame_integer(&frame, 0, 1)},
                                        frame_integer(&frame, 0, 2),
                                        {frame_integer(&frame, 0, 3), frame_integer(&frame, 0, 4)}};
    return status;
}

enum status counts_behind(struct workspace *workspace, const struct sample *sample,
                          struct arena *arena, int64_t *out, struct error *error)
{
    struct frame frame;
    const char *sql = TEXT_FILLED(arena, embedded_text("evidence/estimate/people_behind.sql"),
                                  {"sample", sample_sql(arena, sample)});
    enum status status =
        engine_query(workspace->engine, sql, sample_values(arena, sample), arena, &frame, error);
    *out = 0;
    for (size_t i = 0; status == STATUS_OK && i < frame.column_count; i++) {
        int64_t workers = frame_integer(&frame, 0, i);
        if (workers > 0 && (*out == 0 || workers < *out))
            *out = workers;
    }
    return status;
}

/* Where workers are the clusters, the rows of one follow each other; where teams are, there are
   few, and each is looked for among those before. */
size_t counts_cluster(struct numbered *clusters, const char *name)
{
    size_t g = clusters->by_team || clusters->count == 0 ? 0 : clusters->count - 1;
    while (g < clusters->count && strcmp(clusters->names[g], name) != 0)
        g++;
    if (g == clusters->count)
        clusters->names[clusters->count++] = name;
    return g;
}
