#include "evidence/published_work.h"

#include "base/embedded.h"

void published_work_start(struct published_work *work, struct arena *arena)
{
    *work = (struct published_work){.arena = arena, .names = {.arena = arena}};
}

/* ---- By name ----------------------------------------------------------------------------------
 */

static const char *key_of(struct arena *arena, const struct number_name *name)
{
    return arena_printf(arena, "%s\x1f%s\x1f%s\x1f%s\x1f%s\x1f%s", name->report, name->use_case,
                        name->metric, name->plan, name->arm, name->part);
}

static struct published_number *number_named(struct published_work *work,
                                             const struct number_name *name)
{
    bool is_new = false;
    size_t number = lookup_add(&work->names, key_of(work->arena, name), &is_new);
    if (is_new) {
        work->list =
            arena_grow(work->arena, work->list, number, &work->capacity, sizeof *work->list);
        work->list[number] = (struct published_number){.name = *name};
    }
    return &work->list[number];
}

struct published_number *published_work_find(const struct published_work *work,
                                             const struct number_name *name)
{
    size_t number = lookup_find(&work->names, key_of(work->arena, name));
    return number != SIZE_MAX && work->list[number].contributions.known ? &work->list[number]
                                                                        : NULL;
}

/* ---- Of an answer -----------------------------------------------------------------------------
 */

static void add(struct published_work *work, const struct row *row, const char *metric,
                const char *part, const struct contributions *contributions)
{
    const struct number_name name = {
        .report = "",
        .use_case = row->use_case,
        .metric = metric,
        .plan = row->plan.name != NULL ? row->plan.name : "",
        .arm = row->plan.arm != NULL ? row->plan.arm : "",
        .part = part,
    };
    number_named(work, &name)->contributions = *contributions;
}

/* Who has items at all, whatever came of them: no value is told of these. */
static struct contributions cohort_of(struct arena *arena, const struct reach *reach)
{
    struct contributions out = {.known = true};
    for (size_t i = 0; i < reach->count; i++) {
        const struct contribution one = {
            .worker = reach->workers[i],
            .items = reach->items[i],
            .weight = (double)reach->items[i],
        };
        contributions_add(&out, arena, &one);
    }
    return out;
}

static void add_row(struct published_work *work, const struct row *row)
{
    const char *metric = row->metric.name;
    const struct contributions cohort = cohort_of(work->arena, &row->reach);
    add(work, row, metric, "before", &row->change.contributions[0]);
    add(work, row, metric, "now", &row->change.contributions[1]);
    add(work, row, metric, "arm_0", &row->comparison.contributions[0]);
    add(work, row, metric, "arm_1", &row->comparison.contributions[1]);
    add(work, row, metric, "cohort", &cohort);
    for (size_t i = 0; i < row->also_count; i++) {
        add(work, row, row->also[i].metric.name, "before", &row->also[i].change.contributions[0]);
        add(work, row, row->also[i].metric.name, "now", &row->also[i].change.contributions[1]);
    }
    for (size_t i = 0; i < row->guardrail_count; i++) {
        const struct guardrail_result *guardrail = &row->guardrails[i];
        add(work, row, guardrail->metric.name, "guard_0", &guardrail->contributions[0]);
        add(work, row, guardrail->metric.name, "guard_1", &guardrail->contributions[1]);
    }
}

void published_work_of(struct published_work *work, const struct evidence *evidence)
{
    for (size_t i = 0; i < evidence->row_count; i++)
        add_row(work, &evidence->rows[i]);
}

/* ---- Of the workspace --------------------------------------------------------------------------
 */

/* Columns of published_work.sql, and of the table. */
enum {
    of_report,
    of_use_case,
    of_metric,
    of_plan,
    of_arm,
    of_part,
    of_worker,
    of_items,
    of_weight,
    of_total,
    of_print,
    columns_all
};

static enum status read_metric(struct published_work *work, struct workspace *workspace,
                               const struct number_name *of, struct error *error)
{
    struct frame frame;
    enum status status = engine_query(
        workspace->engine, embedded_text("evidence/published_work.sql"),
        ENGINE_VALUES(engine_text("use_case", of->use_case), engine_text("metric", of->metric)),
        work->arena, &frame, error);
    for (size_t row = 0; status == STATUS_OK && row < frame.rows; row++) {
        const struct number_name name = {
            frame_text(&frame, row, of_report), frame_text(&frame, row, of_use_case),
            frame_text(&frame, row, of_metric), frame_text(&frame, row, of_plan),
            frame_text(&frame, row, of_arm),    frame_text(&frame, row, of_part),
        };
        const struct contribution one = contribution_of_row(&frame, row, of_worker);
        struct contributions *contributions = &number_named(work, &name)->contributions;
        contributions->known = true;
        contributions_add(contributions, work->arena, &one);
    }
    return status;
}

enum status published_work_read(struct published_work *work, struct workspace *workspace,
                                struct error *error)
{
    struct lookup read = {.arena = work->arena};
    enum status status = STATUS_OK;
    size_t in_hand = work->names.count;
    for (size_t i = 0; i < in_hand && status == STATUS_OK; i++) {
        const struct number_name name = work->list[i].name;
        bool is_new = false;
        (void)lookup_add(&read, arena_printf(work->arena, "%s\x1f%s", name.use_case, name.metric),
                         &is_new);
        if (is_new)
            status = read_metric(work, workspace, &name, error);
    }
    return status;
}

static enum status append_number(struct engine_appender *appender,
                                 const struct published_number *number, const char *report,
                                 struct error *error)
{
    const struct number_name *name = &number->name;
    enum status status = STATUS_OK;
    for (size_t i = 0; i < number->contributions.count && status == STATUS_OK; i++) {
        const struct contribution *one = &number->contributions.list[i];
        const struct engine_value row[columns_all] = {
            [of_report] = engine_text("", report),
            [of_use_case] = engine_text("", name->use_case),
            [of_metric] = engine_text("", name->metric),
            [of_plan] = engine_text("", name->plan),
            [of_arm] = engine_text("", name->arm),
            [of_part] = engine_text("", name->part),
            [of_worker] = engine_text("", one->worker),
            [of_items] = engine_integer("", one->items),
            [of_weight] = engine_number("", one->weight),
            [of_total] = engine_number("", one->total),
            [of_print] = engine_integer("", one->print),
        };
        status = engine_append(appender, row, columns_all, error);
    }
    return status;
}

enum status published_work_keep(const struct published_work *work, struct workspace *workspace,
                                const char *report, struct error *error)
{
    struct engine_appender *appender = NULL;
    enum status status = engine_begin(workspace->engine, error);
    if (status != STATUS_OK)
        return status;
    status = engine_appender_open(workspace->engine, "published_work", &appender, error);
    for (size_t i = 0; i < work->names.count && status == STATUS_OK; i++)
        if (work->list[i].kept && work->list[i].contributions.known)
            status = append_number(appender, &work->list[i], report, error);
    if (appender != NULL) {
        enum status closed = engine_appender_close(appender, status == STATUS_OK ? error : NULL);
        status = status != STATUS_OK ? status : closed;
    }
    if (status == STATUS_OK)
        return engine_commit(workspace->engine, error);
    engine_rollback(workspace->engine);
    return status;
}

enum status published_work_drop(struct workspace *workspace, const char *report,
                                struct error *error)
{
    return engine_execute(workspace->engine, "delete from published_work where report = $report",
                          ENGINE_VALUES(engine_text("report", report)), NULL, error);
}
