#include "evidence/counts.h"

#include "assay/estimate.h"
#include "base/embedded.h"
#include "base/text.h"

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

/* Items of one worker in each arm, and those of them with an outcome. */
struct follow_up {
    double items[2];
    double known[2];
};

struct follow_ups {
    struct follow_up *list;
    size_t count, capacity;
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

/* ---- Outcomes that are missing ---------------------------------------------------------- */

static bool is_without_outcome(int64_t excluded)
{
    return excluded == EXCLUDED_OPEN || excluded == EXCLUDED_MATURING ||
           excluded == EXCLUDED_MISSING || excluded == EXCLUDED_UNDEFINED;
}

static void add_follow_up(struct follow_ups *all, struct arena *arena, const struct seen *seen)
{
    struct follow_up one = {{0, 0}, {0, 0}};
    for (int arm = 0; arm < 2; arm++) {
        one.known[arm] = (double)seen->items[arm];
        one.items[arm] = (double)(seen->items[arm] + seen->unknown[arm]);
    }
    if (seen->worker == NULL || one.items[0] + one.items[1] == 0)
        return;
    all->list = arena_grow(arena, all->list, all->count, &all->capacity, sizeof *all->list);
    all->list[all->count++] = one;
}

/* Is the share with an outcome the same in both arms? Difference of two shares by worker,
       phi_g = (k_g1 - r_1 n_g1)/n_1 - (k_g0 - r_0 n_g0)/n_0,   V = G/(G-1) sum phi_g^2,
   against t with G - 1 degrees of freedom. */
static void compare_follow_up(const struct follow_ups *all, struct sample_counts *out)
{
    double items[2] = {0, 0};
    double known[2] = {0, 0};
    double square = 0;
    double clusters = (double)all->count;
    for (size_t g = 0; g < all->count; g++)
        for (int arm = 0; arm < 2; arm++) {
            items[arm] += all->list[g].items[arm];
            known[arm] += all->list[g].known[arm];
        }
    for (int arm = 0; arm < 2; arm++)
        out->known_share[arm] = items[arm] > 0 ? known[arm] / items[arm] : NAN;
    for (size_t g = 0; g < all->count; g++) {
        double phi = 0;
        for (int arm = 0; arm < 2; arm++)
            phi += (arm == 1 ? 1 : -1) *
                   (all->list[g].known[arm] - out->known_share[arm] * all->list[g].items[arm]) /
                   items[arm];
        square += phi * phi;
    }
    double difference = out->known_share[1] - out->known_share[0];
    double error = sqrt(square * clusters / (clusters - 1));
    out->known_p = NAN;
    if (error > 0 && isfinite(difference / error))
        (void)assay_p_value(difference / error, clusters - 1, &out->known_p, NULL);
}

/* ---- Counting --------------------------------------------------------------------------- */

void counts_of_frame(const struct frame *frame, struct arena *arena, struct sample_counts *out)
{
    *out = (struct sample_counts){.value = {NAN, NAN}};
    struct seen seen = {0};
    struct follow_ups follow_ups = {0};
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
    compare_follow_up(&follow_ups, out);
}

enum status counts_of_items(struct workspace *workspace, const struct sample *sample,
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
                                        frame_integer(&frame, 0, 2),
                                        {frame_integer(&frame, 0, 3), frame_integer(&frame, 0, 4)}};
    return status;
}
