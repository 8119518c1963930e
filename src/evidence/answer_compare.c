#include "evidence/asking.h"

#include "assay/interacted.h"
#include "base/error.h"
#include "base/text.h"
#include "evidence/compare/change.h"
#include "evidence/compare/designs.h"
#include "evidence/estimate/effect.h"
#include "evidence/facts/metrics.h"
#include "evidence/facts/overview.h"
#include "evidence/plan/trials.h"

#include <math.h>
#include <string.h>

/* What people are asked to name: the use cases of the period, without those that are hidden because
   too few people are behind them. */
static size_t nameable(const struct asking *asking, const struct frame *use_cases,
                       const char **names)
{
    size_t count = 0;
    for (size_t i = 0; i < use_cases->rows; i++)
        if (frame_integer(use_cases, i, use_case_workers) >= asking->out->min_group)
            names[count++] = frame_text(use_cases, i, use_case_name);
    return count;
}

static const char *period_name(const struct asking *asking)
{
    return asking->period.all ? "the data" : days_format(asking->arena, asking->period.days);
}

static enum status no_items(struct asking *asking, struct error *error)
{
    enum status status = asking_find_there(asking, error);
    if (status != STATUS_OK)
        return status;
    const char *first = frame_text(&asking->there, 0, there_first);
    const char *last = frame_text(&asking->there, 0, there_last);
    if (frame_integer(&asking->there, 0, there_items) == 0)
        return error_set(error, ERROR_INPUT,
                         "the workspace has no items yet; assay import git DIR, or assay import "
                         "items FILE");
    if (first == NULL)
        return error_set(error, ERROR_INPUT, "no item has a time, so none lies in %s",
                         period_name(asking));
    return error_set(error, ERROR_INPUT,
                     "no item lies in %s; they run from %s to %s: --from %s --to %s",
                     period_name(asking), first, last, first, last);
}

/* Of a use case that the period lacks: when its items are, where it is one that `assay status`
   names, or what was meant. */
static enum status no_such_use_case(struct asking *asking, const char *wanted,
                                    const struct frame *use_cases, struct error *error)
{
    struct frame all;
    enum status status = overview_use_cases(asking->workspace, asking->arena, &all, error);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < all.rows; i++) {
        const char *name = frame_text(&all, i, overview_use_case);
        const char *first = frame_text(&all, i, overview_first_day);
        const char *last = frame_text(&all, i, overview_last_day);
        if (name != NULL && first != NULL && strcmp(name, wanted) == 0)
            return error_at(error, ERROR_INPUT, "--use-case", 0, 0,
                            "no item of %s lies in %s; they run from %s to %s: --from %s --to %s",
                            wanted, period_name(asking), first, last, first, last);
    }
    const char **names = arena_array(asking->arena, use_cases->rows, sizeof *names);
    const char *nearest = text_nearest(wanted, names, nameable(asking, use_cases, names));
    return error_at(
        error, ERROR_INPUT, "--use-case", 0, 0, "there is no item of a use case \"%s\" in %s%s%s%s",
        wanted, period_name(asking), nearest != NULL ? "; did you mean " : "",
        nearest != NULL ? nearest : "", nearest != NULL ? "?" : "; `assay status` lists them");
}

static enum status name_one(struct asking *asking, const struct frame *use_cases,
                            struct error *error)
{
    enum { names_most = 12 };
    const char **names = arena_array(asking->arena, use_cases->rows, sizeof *names);
    size_t count = nameable(asking, use_cases, names);
    if (count == 0)
        return error_set(error, ERROR_INPUT,
                         "name one use case with --use-case; `assay status` lists them");
    return error_set(error, ERROR_INPUT, "name one use case with --use-case: %s",
                     text_joined(asking->arena, names, count < names_most ? count : names_most));
}

static enum status choose_use_case(struct asking *asking, const char **out, struct error *error)
{
    struct frame use_cases;
    const char *wanted = asking->request->use_case;
    enum status status = asking_use_cases(asking, &use_cases, error);
    if (status != STATUS_OK)
        return status;
    if (use_cases.rows == 0 && wanted == NULL)
        return no_items(asking, error);
    if (wanted == NULL && use_cases.rows > 1)
        return name_one(asking, &use_cases, error);
    for (size_t i = 0; i < use_cases.rows; i++) {
        *out = frame_text(&use_cases, i, use_case_name);
        if (wanted == NULL || strcmp(*out, wanted) == 0)
            return STATUS_OK;
    }
    return no_such_use_case(asking, wanted, &use_cases, error);
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

/* --by: effects without covariates. */
static enum status read_by(struct asking *asking, struct comparison_request *out,
                           struct error *error)
{
    const struct answer_request *request = asking->request;
    if (request->by == NULL)
        return STATUS_OK;
    if (request->adjust_count > 0 || request->cuped)
        return error_at(error, ERROR_INPUT, "--by", 0, 0,
                        "groups are compared without covariates; leave %s out",
                        request->adjust_count > 0 ? "--adjust" : "--cuped");
    return asking_by(asking, out, error);
}

static enum status read_compare_flags(struct asking *asking, struct comparison_request *out,
                                      struct error *error)
{
    const struct answer_request *request = asking->request;
    struct workspace *workspace = asking->workspace;
    struct arena *arena = asking->arena;
    enum status status = asking_errors(request->errors, &out->variance, &out->errors, error);
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
    if (status == STATUS_OK)
        status = read_by(asking, out, error);
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
    struct asking asking = {.workspace = workspace, .request = request, .arena = arena, .out = out};
    struct metric *metric = arena_alloc(arena, sizeof *metric);
    const char *use_case = NULL;
    enum status status = asking_begin(&asking, error);
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
        .sensitivity = true,
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
        status = trials_beside(&asking, use_case, metric, &row->change, error);
    if (status == STATUS_OK)
        status = request->dose ? design_dose(workspace, NULL, &wanted, arena, row, error)
                               : designs_without_plan(workspace, &wanted, arena, row, error);
    bool few = comparison_is_few(&row->comparison, out->min_group);
    if (status == STATUS_OK && row->comparison.exists && !few) {
        row->items = row->comparison.arms[0].items + row->comparison.arms[1].items;
        row->workers = (int64_t)row->comparison.reach.count;
        row->reach = row->comparison.reach;
    }
    return status;
}
