#include "evidence/counts.h"

#include "base/embedded.h"
#include "base/text.h"

#include <math.h>
#include <string.h>

enum { frame_worker, frame_arm, frame_excluded, frame_items };

/* What was seen of one worker, whose rows stand together. */
struct seen {
    const char *worker;
    int64_t items[2];
    bool left_out[EXCLUSIONS];
};

static void finish_worker(const struct seen *seen, struct arena *arena, struct sample_counts *out)
{
    if (seen->worker == NULL)
        return;
    for (int arm = 0; arm < 2; arm++) {
        out->workers[arm] += seen->items[arm] > 0;
        reach_add(&out->reach[arm], arena, seen->worker, seen->items[arm]);
    }
    reach_add(&out->reach_of_both, arena, seen->worker, seen->items[0] + seen->items[1]);
    for (int reason = 1; reason < EXCLUSIONS; reason++)
        out->excluded_workers[reason] += seen->left_out[reason];
}

void counts_of_frame(const struct frame *frame, struct arena *arena, struct sample_counts *out)
{
    *out = (struct sample_counts){.value = {NAN, NAN}};
    struct seen seen = {0};
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
            seen = (struct seen){.worker = worker};
        }
        if (excluded == EXCLUDED_NOT) {
            int64_t arm = frame_integer(frame, row, frame_arm);
            seen.items[arm] += items;
            out->items[arm] += items;
        } else {
            seen.left_out[excluded] = true;
        }
    }
    finish_worker(&seen, arena, out);
}

enum status counts_of_durations(struct workspace *workspace, const struct sample *sample,
                                struct arena *arena, struct sample_counts *out, struct error *error)
{
    struct frame frame;
    const char *sql = TEXT_FILLED(arena, embedded_text("evidence/counts_by_worker.sql"),
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
    const char *sql = TEXT_FILLED(arena, embedded_text("evidence/matched_workers.sql"),
                                  {"sample", sample_sql(arena, sample)});
    enum status status =
        engine_query(workspace->engine, sql, sample_values(arena, sample), arena, &frame, error);
    if (status == STATUS_OK)
        *out = (struct matched_workers){{frame_integer(&frame, 0, 0), frame_integer(&frame, 0, 1)},
                                        frame_integer(&frame, 0, 2)};
    return status;
}
