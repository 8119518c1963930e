#include "evidence/asking.h"

#include "base/embedded.h"
#include "base/time.h"
#include "evidence/compare/change.h"
#include "evidence/compare/designs.h"
#include "evidence/estimate/counts.h"
#include "evidence/estimate/effect.h"
#include "evidence/facts/metrics.h"
#include "evidence/plan/answer_plans.h"
#include "evidence/plan/trials.h"

#include <math.h>
#include <string.h>

/* A metric speaks for a use case if so many of its items have it. */
enum { items_least = 100 };
static const double share_least = 0.7;

/* ---- The lead metric -------------------------------------------------------------------- */

/* How far a metric is known for a use case. */
struct known {
    const struct metric *metric;
    int64_t could; /* items that could have it by now */
    int64_t have;
    int64_t workers; /* whose items have it */
    int64_t maturing;
};

/* Items that are open or maturing cannot have the metric yet, and don't count against it. */
static enum status find_known(struct asking *asking, const char *use_case,
                              const struct metric *metric, struct known *out, struct error *error)
{
    struct sample_counts counts = {0};
    const struct sample sample = {
        .use_case = use_case,
        .metric = metric,
        .span = asking->period.now,
        .arms = {.kind = ARMS_BY_PERIOD, .names = {"before", "now"}, .before = asking->period.now},
        .landmark_minutes = NAN,
    };
    enum status status =
        metric->kind == METRIC_DURATION
            ? counts_of_items(asking->workspace, &sample, asking->arena, &counts, error)
            : sample_count(asking->workspace, &sample, asking->arena, &counts, error);
    if (status == STATUS_OK)
        *out = (struct known){
            .metric = metric,
            .could = counts.total - counts.excluded[EXCLUDED_OPEN] -
                     counts.excluded[EXCLUDED_MATURING] - counts.excluded[EXCLUDED_NO_WORKER],
            .have = counts.items[1],
            .workers = counts.workers[1],
            .maturing = counts.excluded[EXCLUDED_MATURING],
        };
    return status;
}

static bool speaks(const struct asking *asking, const struct known *known)
{
    return known->have >= items_least &&
           (double)known->have >= share_least * (double)known->could &&
           known->workers >= asking->out->min_group;
}

/* What fails in one row takes the others with it only where they can't be answered either. */
static enum status pass(enum status status, const struct error *why, struct error *error)
{
    if (error != NULL)
        *error = *why;
    return status;
}

static enum status fill_change(struct asking *asking, const char *use_case,
                               const struct metric *metric, struct change *out, struct error *error)
{
    struct error why = {0};
    enum status status = change_estimate(asking->workspace, use_case, metric, &asking->period.now,
                                         &asking->period.before, asking->arena, out, &why);
    if (status == STATUS_OK)
        status = trials_beside(asking, use_case, metric, out, &why);
    if (status == STATUS_OK)
        return STATUS_OK;
    const char *what = arena_printf(asking->arena, "%s of %s", metric->name, use_case);
    *out = (struct change){.why_not = asking_failed(asking, what, status, &why)};
    return out->why_not != NULL ? STATUS_OK : pass(status, &why, error);
}

static enum status fill_comparison(struct asking *asking, const char *use_case,
                                   const struct metric *metric, struct row *row,
                                   struct error *error)
{
    const struct comparison_request request = {
        .use_case = use_case,
        .metric = metric,
        .span = asking->period.now,
        .previous = asking->period.before,
        .landmark_minutes = NAN,
        .variance = VARIANCE_CR2,
        .errors = "cr2",
        .level = 0.95,
        .min_group = asking->out->min_group,
    };
    struct error why = {0};
    enum status status =
        designs_without_plan(asking->workspace, &request, asking->arena, row, &why);
    if (status == STATUS_OK)
        return STATUS_OK;
    const char *what = arena_printf(asking->arena, "%s of %s, AI's part", metric->name, use_case);
    row->check_count = 0;
    return asking_no_comparison(asking, what, status, &why, &row->comparison)
               ? STATUS_OK
               : pass(status, &why, error);
}

static enum status fill_row(struct asking *asking, const char *use_case,
                            const struct metric *metric, struct row *row, struct error *error)
{
    row->use_case = use_case;
    row->metric = effect_metric(metric);
    enum status status = fill_change(asking, use_case, metric, &row->change, error);
    return status == STATUS_OK ? fill_comparison(asking, use_case, metric, row, error) : status;
}

static enum status find_known_or_say(struct asking *asking, const char *use_case,
                                     const struct metric *metric, struct known *out,
                                     struct error *error)
{
    struct error why = {0};
    enum status status = find_known(asking, use_case, metric, out, &why);
    if (status == STATUS_OK)
        return STATUS_OK;
    *out = (struct known){.metric = metric};
    const char *what = arena_printf(asking->arena, "%s of %s", metric->name, use_case);
    const char *reason = asking_failed(asking, what, status, &why);
    if (reason == NULL)
        return pass(status, &why, error);
    asking_cannot_say(asking, what, reason, NULL);
    return STATUS_OK;
}

static bool knows_of_ai(const struct asking *asking)
{
    return frame_integer(&asking->there, 0, there_calls) > 0 ||
           frame_integer(&asking->there, 0, there_marked) > 0;
}

/* The period as a command asks for it. */
static const char *period_flags(const struct asking *asking)
{
    if (asking->period.all)
        return "";
    return arena_printf(asking->arena, " %s", days_flags(asking->arena, asking->period.days));
}

/* "rework is known 21 days after the close" */
static const char *when_known(struct arena *arena, const struct metric *metric)
{
    return arena_printf(arena, "its items are too young: %s is known %s after the close",
                        metric->label, duration_text(arena, metric->matures_after));
}

/* Why a use case has no row.
   best      the metric that most of its items have
   waiting   the metric that most of them are too young for */
static void say_no_row(struct asking *asking, const char *use_case, int64_t items, int64_t workers,
                       const struct known *best, const struct known *waiting)
{
    struct arena *arena = asking->arena;
    int least = asking->out->min_group;
    const char *measures = "assay import measures FILE";
    if (workers < least) {
        asking_cannot_say(
            asking, use_case,
            least > 1
                ? arena_printf(arena, "fewer than %d people worked on it in the period", least)
                : "of none of its items in the period it is known who worked on it",
            NULL);
    } else if (waiting->maturing > best->have) {
        asking_cannot_say(asking, use_case, when_known(arena, waiting->metric), NULL);
    } else if (best->have == 0) {
        asking_cannot_say(asking, use_case, "no metric is known for any of its items", measures);
    } else if (best->workers < least) {
        asking_cannot_say(
            asking, use_case,
            least > 1 ? arena_printf(arena, "no metric is known for items of %d people", least)
                      : "of no item with a metric it is known who worked on it",
            measures);
    } else if (best->have < items_least) {
        const char *why = items < items_least
                              ? "fewer than %d items in the period, which is what a row takes"
                              : "fewer than %d of its items have a metric by now, which is what a "
                                "row takes";
        const char *instead = knows_of_ai(asking)
                                  ? arena_printf(arena, "assay compare%s --metric %s --use-case %s",
                                                 period_flags(asking), best->metric->name, use_case)
                                  : NULL;
        asking_cannot_say(asking, use_case, arena_printf(arena, why, items_least), instead);
    } else {
        asking_cannot_say(asking, use_case, "no metric is known for 70 % of its items", measures);
    }
}

static enum status report_use_case(struct asking *asking, const struct frame *use_cases,
                                   size_t index, const struct metric *metrics, size_t metric_count,
                                   struct error *error)
{
    const char *use_case = frame_text(use_cases, index, use_case_name);
    int64_t items = frame_integer(use_cases, index, use_case_items);
    int64_t workers = frame_integer(use_cases, index, use_case_workers);
    struct row *row = NULL;
    struct known best = {0};
    struct known waiting = {0};
    enum status status = STATUS_OK;
    for (size_t m = 0; m < metric_count && status == STATUS_OK; m++) {
        struct known known = {0};
        status = find_known_or_say(asking, use_case, &metrics[m], &known, error);
        if (status == STATUS_OK && known.have > best.have)
            best = known;
        if (status == STATUS_OK && known.maturing > waiting.maturing)
            waiting = known;
        if (status != STATUS_OK || !speaks(asking, &known))
            continue;
        if (row == NULL) {
            row = &asking->out->rows[asking->out->row_count++];
            row->items = items;
            row->workers = workers;
            status = asking_reach(asking, use_case, &asking->period.now, &row->reach, error);
            if (status == STATUS_OK)
                status = fill_row(asking, use_case, &metrics[m], row, error);
        } else if (row->also_count < also_max) {
            struct also *also = &row->also[row->also_count++];
            also->metric = effect_metric(&metrics[m]);
            status = fill_change(asking, use_case, &metrics[m], &also->change, error);
            also->change.parts.exists = false; /* they are for a row of its own */
        }
    }
    if (status == STATUS_OK && row == NULL)
        say_no_row(asking, use_case, items, workers, &best, &waiting);
    return status;
}

/* ---- What is missing altogether --------------------------------------------------------- */

static void say_what_is_missing(struct asking *asking, bool period_is_empty)
{
    const struct frame *there = &asking->there;
    const char *first = frame_text(there, 0, there_first);
    const char *last = frame_text(there, 0, there_last);
    const struct period_flags *flags = &asking->request->period;
    bool by_default = !asking->period.all && flags->period == NULL && flags->from == NULL;
    if (frame_integer(there, 0, there_items) == 0) {
        asking_cannot_say(asking, "anything", "the workspace has no items yet",
                          "assay import git DIR, or assay import items FILE");
        return;
    }
    if (period_is_empty && first != NULL)
        asking_cannot_say(
            asking, "this period",
            arena_printf(asking->arena, "no item lies in it; they run from %s to %s", first, last),
            arena_printf(asking->arena, "assay report --from %s --to %s", first, last));
    else if (period_is_empty)
        asking_cannot_say(asking, "this period", "no item has a time", "assay import items FILE");
    else if (by_default && asking->period.days.until <= frame_integer(there, 0, there_last_day))
        asking_cannot_say(asking, "what came after this period",
                          arena_printf(asking->arena, "items go on to %s", last),
                          arena_printf(asking->arena, "assay report --from %s --to %s",
                                       day_format(asking->arena, asking->period.days.until), last));
    if (frame_integer(there, 0, there_starts) == 0)
        asking_cannot_say(asking, "time", "no item has a start (git holds no start of work)",
                          "assay import items FILE");
    if (!knows_of_ai(asking))
        asking_cannot_say(asking, "AI's use", "no usage was imported, and no item names an AI",
                          "assay import usage FILE");
    if (frame_integer(there, 0, there_unsorted) > 0)
        asking_cannot_say(asking, "unsorted items", "no rule of use_cases.yaml fits them",
                          "write rules in use_cases.yaml, or --set use_case=NAME on import");
}

/* For rows of use cases behind those of plans. */
static void make_room(struct asking *asking, size_t use_cases)
{
    struct evidence *out = asking->out;
    struct row *rows = arena_array(asking->arena, out->row_count + use_cases, sizeof *rows);
    for (size_t i = 0; i < out->row_count; i++)
        rows[i] = out->rows[i];
    out->rows = rows;
}

enum status answer_report(struct workspace *workspace, const struct answer_request *request,
                          struct arena *arena, struct evidence *out, struct error *error)
{
    struct asking asking = {.workspace = workspace, .request = request, .arena = arena, .out = out};
    struct frame use_cases;
    struct metric *metrics = NULL;
    struct metric_broken broken = {NULL, 0};
    size_t metric_count = 0;
    enum status status = asking_begin(&asking, error);
    if (status == STATUS_OK)
        status = metrics_for_report(workspace, arena, &metrics, &metric_count, &broken, error);
    if (status == STATUS_OK)
        status = asking_use_cases(&asking, &use_cases, error);
    if (status == STATUS_OK)
        status = asking_find_there(&asking, error);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < broken.count; i++)
        asking_unread(&asking, "a metric", &broken.list[i], "assay metrics");
    status = answer_plans(&asking, error);
    make_room(&asking, use_cases.rows);
    for (size_t i = 0; i < use_cases.rows && status == STATUS_OK; i++)
        if (!answer_plans_has(out, frame_text(&use_cases, i, use_case_name)))
            status = report_use_case(&asking, &use_cases, i, metrics, metric_count, error);
    if (status == STATUS_OK)
        say_what_is_missing(&asking, use_cases.rows == 0);
    return status;
}
