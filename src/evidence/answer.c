#include "evidence/answer.h"

#include "assay/interacted.h"
#include "base/embedded.h"
#include "base/error.h"
#include "base/time.h"
#include "collect/unmet.h"
#include "evidence/change.h"
#include "evidence/comparison.h"
#include "evidence/counts.h"
#include "evidence/effect.h"
#include "evidence/facts.h"
#include "evidence/metrics.h"
#include "evidence/planned.h"

#include <math.h>
#include <string.h>

/* A metric speaks for a use case if so many of its items have it. */
enum { items_least = 100 };
static const double share_least = 0.7;

/* What every step of an answer needs. */
struct asking {
    struct workspace *workspace;
    const struct answer_request *request;
    struct period period;
    struct arena *arena;
    struct evidence *out;
    struct frame there; /* report only: what_is_there.sql */
};

enum {
    there_items,
    there_starts,
    there_calls,
    there_unsorted,
    there_first,
    there_last,
    there_marked,
    there_last_day
};

static void add_note(struct asking *asking, const char *note)
{
    struct evidence *out = asking->out;
    size_t capacity = out->note_count; /* full: grown by one */
    out->notes =
        arena_grow(asking->arena, out->notes, out->note_count, &capacity, sizeof *out->notes);
    out->notes[out->note_count++] = note;
}

/* Dates that facts do not believe. */
static enum status note_unbelieved(struct asking *asking, struct error *error)
{
    struct frame frame;
    enum status status =
        engine_query(asking->workspace->engine, embedded_text("evidence/unbelieved.sql"),
                     ENGINE_NO_VALUES, asking->arena, &frame, error);
    if (status != STATUS_OK || frame_integer(&frame, 0, 0) == 0)
        return status;
    const char *note = arena_printf(asking->arena,
                                    "dates too early or late to be true (such as 0001-01-01 or "
                                    "9999-12-31) in items: %lld; they count as not given",
                                    (long long)frame_integer(&frame, 0, 0));
    if (frame_integer(&frame, 0, 1) > 0)
        note = arena_printf(asking->arena,
                            "%s. Done, and closed in the future: %lld; when is unknown, so no time "
                            "counts them",
                            note, (long long)frame_integer(&frame, 0, 1));
    add_note(asking, note);
    return STATUS_OK;
}

/* Calls that say which item they were for, and the item is not here. */
static enum status note_unmet(struct asking *asking, struct error *error)
{
    const char *note = NULL;
    enum status status =
        unmet_calls(asking->workspace->engine,
                    "select u.item_id from usage u join usage_link l on l.usage_id "
                    "= u.usage_id where l.kind = 'dangling'",
                    asking->arena, &note, error);
    if (note != NULL)
        add_note(asking, note);
    return status;
}

static const char *times_text(struct arena *arena, long times)
{
    return times == 1 ? "once" : arena_printf(arena, "%ld times", times);
}

static enum status begin(struct asking *asking, struct error *error)
{
    struct evidence *out = asking->out;
    struct workspace *workspace = asking->workspace;
    *out = (struct evidence){
        .workspace = workspace->settings.name,
        .registry_head = workspace->registry.head,
        .min_group = workspace_min_group(workspace),
        .own_data = workspace->settings.own_data,
    };
    enum status status = workspace_data_version(workspace, &out->data_version, error);
    if (status == STATUS_OK)
        status =
            period_of(workspace, &asking->request->period, asking->arena, &asking->period, error);
    if (workspace->group_rule_changes > 0)
        add_note(asking, arena_printf(asking->arena,
                                      "min_group or own_data was changed since the workspace was "
                                      "made (%s; registry.jsonl says when)",
                                      times_text(asking->arena, workspace->group_rule_changes)));
    if (status == STATUS_OK)
        status = note_unbelieved(asking, error);
    if (status == STATUS_OK)
        status = note_unmet(asking, error);
    out->has_period = !asking->period.all;
    out->period = asking->period.days;
    out->against = asking->period.against;
    return status;
}

/* ---- Use cases -------------------------------------------------------------------------- */

enum { use_case_name, use_case_items, use_case_workers };

/* Use cases of the period, the largest first. */
static enum status list_use_cases(struct asking *asking, struct frame *out, struct error *error)
{
    return engine_query(asking->workspace->engine, embedded_text("evidence/use_cases.sql"),
                        cohort_values(asking->arena, NULL, &asking->period.now), asking->arena, out,
                        error);
}

static enum status cohort_reach(struct asking *asking, const char *use_case, struct reach *out,
                                struct error *error)
{
    struct frame frame;
    enum status status = engine_query(
        asking->workspace->engine, embedded_text("evidence/cohort_by_worker.sql"),
        cohort_values(asking->arena, use_case, &asking->period.now), asking->arena, &frame, error);
    for (size_t i = 0; status == STATUS_OK && i < frame.rows; i++)
        reach_add(out, asking->arena, frame_text(&frame, i, 0), frame_integer(&frame, i, 1));
    return status;
}

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

static void cannot_say(struct asking *asking, const char *what, const char *why, const char *action)
{
    struct evidence *out = asking->out;
    size_t capacity = out->cannot_say_count; /* full: grown by one */
    out->cannot_say = arena_grow(asking->arena, out->cannot_say, out->cannot_say_count, &capacity,
                                 sizeof *out->cannot_say);
    out->cannot_say[out->cannot_say_count++] = (struct cannot_say){what, why, action};
}

static enum status fill_row(struct asking *asking, const char *use_case,
                            const struct metric *metric, struct row *row, struct error *error)
{
    row->use_case = use_case;
    row->metric = effect_metric(metric);
    enum status status =
        change_estimate(asking->workspace, use_case, metric, &asking->period.now,
                        &asking->period.before, asking->arena, &row->change, error);
    if (status != STATUS_OK)
        return status;
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
    return comparison_estimate(asking->workspace, &request, asking->arena, row, error);
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
        cannot_say(asking, use_case,
                   arena_printf(arena, "fewer than %d people worked on it in the period", least),
                   NULL);
    } else if (waiting->maturing > best->have) {
        cannot_say(asking, use_case, when_known(arena, waiting->metric), NULL);
    } else if (best->have == 0) {
        cannot_say(asking, use_case, "no metric is known for any of its items", measures);
    } else if (best->workers < least) {
        cannot_say(asking, use_case,
                   arena_printf(arena, "no metric is known for items of %d people", least),
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
        cannot_say(asking, use_case, arena_printf(arena, why, items_least), instead);
    } else {
        cannot_say(asking, use_case, "no metric is known for 70 % of its items", measures);
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
        status = find_known(asking, use_case, &metrics[m], &known, error);
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
            status = cohort_reach(asking, use_case, &row->reach, error);
            if (status == STATUS_OK)
                status = fill_row(asking, use_case, &metrics[m], row, error);
        } else if (row->also_count < also_max) {
            struct also *also = &row->also[row->also_count++];
            also->metric = effect_metric(&metrics[m]);
            status = change_estimate(asking->workspace, use_case, &metrics[m], &asking->period.now,
                                     &asking->period.before, asking->arena, &also->change, error);
            also->change.parts.exists = false; /* they are for a row of its own */
        }
    }
    if (status == STATUS_OK && row == NULL)
        say_no_row(asking, use_case, items, workers, &best, &waiting);
    return status;
}

/* ---- What is missing altogether --------------------------------------------------------- */

static enum status find_what_is_there(struct asking *asking, struct error *error)
{
    return engine_query(asking->workspace->engine, embedded_text("evidence/what_is_there.sql"),
                        ENGINE_VALUES(engine_text("zone", asking->workspace->settings.time_zone)),
                        asking->arena, &asking->there, error);
}

static void say_what_is_missing(struct asking *asking, bool period_is_empty)
{
    const struct frame *there = &asking->there;
    const char *first = frame_text(there, 0, there_first);
    const char *last = frame_text(there, 0, there_last);
    const struct period_flags *flags = &asking->request->period;
    bool by_default = !asking->period.all && flags->period == NULL && flags->from == NULL;
    if (frame_integer(there, 0, there_items) == 0) {
        cannot_say(asking, "anything", "the workspace has no items yet",
                   "assay import git DIR, or assay import items FILE");
        return;
    }
    if (period_is_empty && first != NULL)
        cannot_say(
            asking, "this period",
            arena_printf(asking->arena, "no item lies in it; they run from %s to %s", first, last),
            arena_printf(asking->arena, "assay report --from %s --to %s", first, last));
    else if (period_is_empty)
        cannot_say(asking, "this period", "no item has a time", "assay import items FILE");
    else if (by_default && asking->period.days.until <= frame_integer(there, 0, there_last_day))
        cannot_say(asking, "what came after this period",
                   arena_printf(asking->arena, "items go on to %s", last),
                   arena_printf(asking->arena, "assay report --from %s --to %s",
                                day_format(asking->arena, asking->period.days.until), last));
    if (frame_integer(there, 0, there_starts) == 0)
        cannot_say(asking, "time", "no item has a start (git holds no start of work)",
                   "assay import items FILE");
    if (!knows_of_ai(asking))
        cannot_say(asking, "AI's use", "no usage was imported, and no item names an AI",
                   "assay import usage FILE");
    if (frame_integer(there, 0, there_unsorted) > 0)
        cannot_say(asking, "unsorted items", "no rule of use_cases.yaml fits them",
                   "write rules in use_cases.yaml, or --set use_case=NAME on import");
}

enum status answer_report(struct workspace *workspace, const struct answer_request *request,
                          struct arena *arena, struct evidence *out, struct error *error)
{
    struct asking asking = {workspace, request, {0}, arena, out, {0}};
    struct frame use_cases;
    struct metric *metrics = NULL;
    size_t metric_count = 0;
    enum status status = begin(&asking, error);
    if (status == STATUS_OK)
        status = metrics_for_report(workspace, arena, &metrics, &metric_count, error);
    if (status == STATUS_OK)
        status = list_use_cases(&asking, &use_cases, error);
    if (status == STATUS_OK)
        status = find_what_is_there(&asking, error);
    if (status != STATUS_OK)
        return status;
    out->rows = arena_array(arena, use_cases.rows, sizeof *out->rows);
    for (size_t i = 0; i < use_cases.rows && status == STATUS_OK; i++)
        status = report_use_case(&asking, &use_cases, i, metrics, metric_count, error);
    if (status == STATUS_OK)
        say_what_is_missing(&asking, use_cases.rows == 0);
    return status;
}

/* ---- compare ---------------------------------------------------------------------------- */

static enum status choose_use_case(struct asking *asking, const char **out, struct error *error)
{
    struct frame frame;
    const char *wanted = asking->request->use_case;
    enum status status = list_use_cases(asking, &frame, error);
    if (status != STATUS_OK)
        return status;
    const char **names = arena_array(asking->arena, frame.rows, sizeof *names);
    for (size_t i = 0; i < frame.rows; i++) {
        names[i] = frame_text(&frame, i, use_case_name);
        if (wanted != NULL && strcmp(names[i], wanted) == 0) {
            *out = names[i];
            return STATUS_OK;
        }
    }
    if (wanted != NULL) {
        const char *nearest = text_nearest(wanted, names, frame.rows);
        return error_at(error, ERROR_INPUT, "--use-case", 0, 0,
                        "there is no item of a use case \"%s\" in the period%s%s%s", wanted,
                        nearest != NULL ? "; did you mean " : "", nearest != NULL ? nearest : "",
                        nearest != NULL ? "?" : "; `assay status` lists them");
    }
    if (frame.rows == 0)
        return error_set(error, ERROR_INPUT,
                         "there are no items in the period; `assay status` says what there is");
    if (frame.rows > 1) {
        struct text list = {.arena = asking->arena};
        for (size_t i = 0; i < frame.rows && i < 12; i++)
            if (frame_integer(&frame, i, use_case_workers) >= asking->out->min_group)
                text_addf(&list, "%s%s", list.length > 0 ? ", " : "", names[i]);
        return error_set(error, ERROR_INPUT, "name one use case with --use-case: %s",
                         text_get(&list));
    }
    *out = names[0];
    return STATUS_OK;
}

static enum status read_errors(const char *text, enum variance *out, const char **code,
                               struct error *error)
{
    static const struct {
        const char *name;
        enum variance variance;
    } kinds[] = {
        {"cr2", VARIANCE_CR2},
        {"cr3", VARIANCE_CR3},
        {"cr1", VARIANCE_CR1},
        {"cr0", VARIANCE_CR0},
        {"classical", VARIANCE_CLASSICAL},
        {"hc0", VARIANCE_HC0},
        {"hc1", VARIANCE_HC1},
        {"hc2", VARIANCE_HC2},
        {"hc3", VARIANCE_HC3},
    };
    const char *names[sizeof kinds / sizeof kinds[0]];
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        names[i] = kinds[i].name;
        if (text == NULL || strcmp(text, kinds[i].name) == 0) {
            *out = kinds[i].variance;
            *code = kinds[i].name;
            return STATUS_OK;
        }
    }
    const char *nearest = text_nearest(text, names, sizeof kinds / sizeof kinds[0]);
    return error_at(error, ERROR_INPUT, "--errors", 0, 0,
                    "\"%s\" is none of cr2, cr3, cr1, cr0, classical, hc0, hc1, hc2, hc3%s%s", text,
                    nearest != NULL ? "; did you mean " : "", nearest != NULL ? nearest : "");
}

/* --adjust, --cuped and --interact. */
static enum status read_adjustments(struct asking *asking, struct comparison_request *out,
                                    struct error *error)
{
    const struct answer_request *request = asking->request;
    const char *flag = request->adjust_count > 0 ? "--adjust" : "--cuped";
    size_t count = request->adjust_count + (request->cuped ? 2 : 0);
    struct formula *covariates = NULL;
    if (count > 0 && out->metric->kind == METRIC_DURATION)
        return error_at(error, ERROR_INPUT, flag, 0, 0,
                        "times with open items can't be adjusted for covariates; compare like "
                        "with like: --like size,team");
    if (count > 0 && out->metric->kind == METRIC_RATIO)
        return error_at(error, ERROR_INPUT, flag, 0, 0,
                        "a ratio of sums can't be adjusted for covariates; leave it out");
    if (count > 0 && out->metric->kind == METRIC_QUANTILE)
        return error_at(error, ERROR_INPUT, flag, 0, 0,
                        "a quantile can't be adjusted for covariates; leave it out");
    if (request->cuped && asking->period.all)
        return error_at(error, ERROR_INPUT, "--cuped", 0, 0,
                        "the items have no times, so that there is no period before; leave it out");
    if (request->interact && count == 0)
        return error_at(error, ERROR_INPUT, "--interact", 0, 0,
                        "there is no covariate that arms could differ in; add --adjust FORMULA or "
                        "--cuped, or leave it out");
    if (request->interact && count > assay_interacted_covariates_max)
        return error_at(error, ERROR_INPUT, "--interact", 0, 0,
                        "%zu covariates with slopes of each arm's own: at most %d can be had",
                        count, assay_interacted_covariates_max);
    enum status status =
        metrics_covariates(asking->workspace, request->adjust, request->adjust_count, asking->arena,
                           &covariates, error);
    out->covariates = covariates;
    out->covariate_count = request->adjust_count;
    out->adjusted = text_joined(asking->arena, request->adjust, request->adjust_count);
    out->earlier = request->cuped;
    out->interact = request->interact;
    return status;
}

static enum status read_compare_flags(struct asking *asking, struct comparison_request *out,
                                      struct error *error)
{
    const struct answer_request *request = asking->request;
    struct workspace *workspace = asking->workspace;
    struct arena *arena = asking->arena;
    enum status status = read_errors(request->errors, &out->variance, &out->errors, error);
    if (status == STATUS_OK && request->errors != NULL && out->metric->kind == METRIC_DURATION)
        status = error_at(error, ERROR_INPUT, "--errors", 0, 0,
                          "times have one kind of errors, from the influence of each person; leave "
                          "--errors out");
    if (status == STATUS_OK && request->errors != NULL && out->metric->kind == METRIC_QUANTILE)
        status = error_at(error, ERROR_INPUT, "--errors", 0, 0,
                          "a quantile has one kind of errors, from the influence of each person; "
                          "leave --errors out");
    if (status == STATUS_OK && request->quantile != NULL) {
        out->normal = strcmp(request->quantile, "normal") == 0;
        if (!out->normal && strcmp(request->quantile, "t") != 0)
            status = error_at(error, ERROR_INPUT, "--quantile", 0, 0,
                              "\"%s\" is neither t nor normal", request->quantile);
    }
    if (status == STATUS_OK)
        status = metrics_landmark(request->landmark, &out->landmark_minutes, error);
    if (status == STATUS_OK)
        status = read_adjustments(asking, out, error);
    struct formula *like = NULL;
    const char **labels = NULL;
    if (status == STATUS_OK && request->like != NULL)
        status =
            metrics_cells(workspace, request->like, arena, &like, &labels, &out->like_count, error);
    out->like = like;
    out->like_labels = labels;
    return status;
}

enum status answer_compare(struct workspace *workspace, const struct answer_request *request,
                           struct arena *arena, struct evidence *out, struct error *error)
{
    struct asking asking = {workspace, request, {0}, arena, out, {0}};
    struct metric *metric = arena_alloc(arena, sizeof *metric);
    const char *use_case = NULL;
    enum status status = begin(&asking, error);
    if (status == STATUS_OK)
        status = metrics_named(workspace, request->metric, arena, metric, error);
    if (status == STATUS_OK)
        status = choose_use_case(&asking, &use_case, error);
    struct comparison_request wanted = {
        .use_case = use_case,
        .metric = metric,
        .span = asking.period.now,
        .previous = asking.period.all ? asking.period.now : asking.period.before,
        .arms = {.names = request->arms},
        .landmark_minutes = NAN,
        .level = 0.95,
        .min_group = out->min_group,
        .explain = request->explain,
    };
    if (status == STATUS_OK)
        status = read_compare_flags(&asking, &wanted, error);
    if (status != STATUS_OK)
        return status;
    struct row *row = arena_alloc(arena, sizeof *row);
    out->rows = row;
    out->row_count = 1;
    row->use_case = use_case;
    row->metric = effect_metric(metric);
    if (!asking.period.all)
        status = change_estimate(workspace, use_case, metric, &asking.period.now,
                                 &asking.period.before, arena, &row->change, error);
    else
        row->change = (struct change){.why_not = "the items have no times"};
    if (status == STATUS_OK)
        status = comparison_estimate(workspace, &wanted, arena, row, error);
    if (status == STATUS_OK && row->comparison.exists) {
        row->items = row->comparison.arms[0].items + row->comparison.arms[1].items;
        row->workers = (int64_t)row->comparison.reach.count;
        row->reach = row->comparison.reach;
    }
    return status;
}

/* ---- compare PLAN ----------------------------------------------------------------------- */

enum status answer_plan(struct workspace *workspace, const struct answer_request *request,
                        struct arena *arena, struct evidence *out, struct error *error)
{
    struct answer_request within = *request;
    struct planned planned = {0};
    enum status status = planned_find(workspace, request->plan, arena, &planned, error);
    if (status != STATUS_OK)
        return status;
    within.period = (struct period_flags){
        .from = day_format(arena, planned.plan.period.from),
        .to = day_format(arena, planned.plan.period.until - 1),
    };
    struct asking asking = {workspace, &within, {0}, arena, out, {0}};
    struct row *row = arena_alloc(arena, sizeof *row);
    struct comparison_request wanted = {
        .landmark_minutes = NAN,
        .min_group = workspace_min_group(workspace),
        .explain = request->explain,
    };
    status = begin(&asking, error);
    if (status == STATUS_OK)
        status = read_errors(request->errors, &wanted.variance, &wanted.errors, error);
    if (status != STATUS_OK)
        return status;
    wanted.span = asking.period.now;
    wanted.previous = asking.period.before;
    out->rows = row;
    out->row_count = 1;
    status = planned_compare(workspace, &planned, &wanted, request->early, out->data_version, arena,
                             row, error);
    if (status == STATUS_OK && row->comparison.exists) {
        row->items = row->comparison.arms[0].items + row->comparison.arms[1].items;
        row->workers = (int64_t)row->comparison.reach.count;
        row->reach = row->comparison.reach;
    }
    return status;
}
