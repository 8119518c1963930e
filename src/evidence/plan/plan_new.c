#include "evidence/plan/plan_new.h"

#include "base/embedded.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "evidence/estimate/counts.h"
#include "evidence/facts/metrics.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- What there is -------------------------------------------------------------------------- */

static enum status read_use_cases(struct workspace *workspace, struct arena *arena,
                                  struct frame *out, struct error *error)
{
    const struct span ever = {.all = true};
    return engine_query(workspace->engine, embedded_text("evidence/facts/use_cases.sql"),
                        cohort_values(arena, NULL, &ever), arena, out, error);
}

/* Those of few people are not named. */
static struct plan_texts shown_use_cases(const struct workspace *workspace,
                                         const struct frame *frame, struct arena *arena)
{
    const char **names = arena_array(arena, frame->rows, sizeof *names);
    size_t count = 0;
    for (size_t i = 0; i < frame->rows; i++)
        if (frame_integer(frame, i, 2) >= workspace_min_group(workspace))
            names[count++] = frame_text(frame, i, 0);
    return (struct plan_texts){names, count};
}

static bool is_there(const struct frame *frame, const char *use_case)
{
    for (size_t i = 0; i < frame->rows && use_case != NULL; i++)
        if (strcmp(frame_text(frame, i, 0), use_case) == 0)
            return true;
    return false;
}

/* Have min_group people items of the use case, at any time, with a value of the metric? */
static enum status is_known(struct workspace *workspace, const char *use_case,
                            const struct metric *metric, struct arena *arena, bool *out,
                            struct error *error)
{
    struct sample_counts counts = {0};
    const struct span ever = {.all = true};
    const struct sample sample = {
        .use_case = use_case,
        .metric = metric,
        .span = ever,
        .arms = {.kind = ARMS_BY_PERIOD, .names = {"before", "now"}, .before = ever},
        .landmark_minutes = NAN,
    };
    enum status status = counts_of_items(workspace, &sample, arena, &counts, error);
    *out = counts.workers[1] >= workspace_min_group(workspace);
    return status;
}

enum status plan_choices(struct workspace *workspace, const char *use_case, struct arena *arena,
                         struct plan_choices *out, struct error *error)
{
    struct frame frame;
    struct metric *metrics = NULL;
    struct metric_broken broken; /* nobody can choose them */
    size_t count = 0;
    enum status status = read_use_cases(workspace, arena, &frame, error);
    if (status == STATUS_OK)
        status = metrics_for_report(workspace, arena, &metrics, &count, &broken, error);
    if (status != STATUS_OK)
        return status;
    struct plan_metric *list = arena_array(arena, count, sizeof *list);
    bool there = is_there(&frame, use_case);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        list[i] = (struct plan_metric){metrics[i].name, metrics[i].label,
                                       amount_text(arena, metrics[i].material), false};
        if (there)
            status = is_known(workspace, use_case, &metrics[i], arena, &list[i].known, error);
    }
    *out = (struct plan_choices){shown_use_cases(workspace, &frame, arena), list, count};
    return status;
}

/* ---- What is taken where nothing was said -----------------------------------------------------
 */

enum { default_days = 13 * 7 };

static enum status default_amount(struct workspace *workspace, struct arena *arena,
                                  struct plan_draft *draft, struct error *error)
{
    const struct place place = {.file = "--metric"};
    struct metric metric;
    enum status status = metric_find(arena, workspace_path(workspace, arena, "metrics"),
                                     draft->value[DRAFT_METRIC], &place, &metric, error);
    if (status == STATUS_OK && metric.material.value > 0)
        draft->value[DRAFT_IMPROVE_BY] = amount_text(arena, metric.material);
    return status;
}

enum status plan_default(struct workspace *workspace, int64_t today, struct arena *arena,
                         struct plan_draft *draft, struct error *error)
{
    int64_t from = 0;
    bool ends = draft->value[DRAFT_TO] != NULL;
    if (draft->value[DRAFT_FROM] == NULL && !ends) {
        draft->value[DRAFT_FROM] = day_format(arena, day_quarter(today, 1));
        draft->value[DRAFT_TO] = day_format(arena, day_quarter(today, 2) - 1);
    } else if (!ends && day_parse(draft->value[DRAFT_FROM], &from)) {
        bool quarter = from == day_quarter(from, 0);
        draft->value[DRAFT_TO] =
            day_format(arena, (quarter ? day_quarter(from, 1) : from + default_days) - 1);
    }
    if (draft->value[DRAFT_METRIC] == NULL || draft->value[DRAFT_IMPROVE_BY] != NULL)
        return STATUS_OK;
    return default_amount(workspace, arena, draft, error);
}

/* ---- Notes ------------------------------------------------------------------------------------
 */

struct notes {
    struct arena *arena;
    const char **list;
    size_t count;
    size_t capacity;
};

static void note(struct notes *notes, const char *text)
{
    notes->list =
        arena_grow(notes->arena, notes->list, notes->count, &notes->capacity, sizeof *notes->list);
    notes->list[notes->count++] = text;
}

static void note_use_case(struct notes *notes, const struct plan *plan,
                          const struct plan_texts *others)
{
    const char *names = text_joined(notes->arena, others->list, others->count);
    note(notes, arena_printf(notes->arena,
                             "no item of %s is here yet; a rule makes it, as a line of "
                             "use_cases.yaml:",
                             plan->use_case));
    note(notes, arena_printf(notes->arena, "- {use_case: %s, when: \"source = 'zendesk'\"}",
                             plan->use_case));
    if (names != NULL)
        note(notes, arena_printf(notes->arena, "use cases that are here: %s", names));
}

static const char *few_have(struct arena *arena, int least)
{
    return least > 1 ? arena_printf(arena, "fewer than %d people have", least) : "nobody has";
}

static enum status note_metric(struct workspace *workspace, struct notes *notes,
                               const struct plan *plan, const struct plan_goal *goal,
                               struct error *error)
{
    bool known = false;
    enum status status =
        is_known(workspace, plan->use_case, &goal->metric, notes->arena, &known, error);
    if (status == STATUS_OK && !known)
        note(notes, arena_printf(
                        notes->arena,
                        "%s: %s a value of it in %s so far (assay metrics show %s says what it is "
                        "made of)",
                        goal->name, few_have(notes->arena, workspace_min_group(workspace)),
                        plan->use_case, goal->name));
    return status;
}

static enum status note_all(struct workspace *workspace, const struct plan *plan,
                            struct notes *notes, struct error *error)
{
    struct frame frame;
    enum status status = read_use_cases(workspace, notes->arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    if (!is_there(&frame, plan->use_case)) {
        const struct plan_texts others = shown_use_cases(workspace, &frame, notes->arena);
        note_use_case(notes, plan, &others);
        return STATUS_OK;
    }
    status = note_metric(workspace, notes, plan, &plan->primary, error);
    for (size_t i = 0; i < plan->guardrail_count && status == STATUS_OK; i++)
        status = note_metric(workspace, notes, plan, &plan->guardrails[i], error);
    return status;
}

/* ---- Writing ----------------------------------------------------------------------------------
 */

/* An error of the file that is not there yet becomes one of the flag that said it. */
static void blame_flag(struct error *error, const struct plan_draft_file *file, const char *name)
{
    size_t length = strlen(name);
    if (strncmp(error->place, name, length) != 0 || error->place[length] != ':')
        return;
    char *end = NULL;
    size_t line = strtoul(error->place + length + 1, &end, 10);
    size_t column = *end == ':' ? strtoul(end + 1, NULL, 10) : 1;
    const char *flag = plan_draft_flag_at(file, line, column);
    if (flag != NULL)
        (void)snprintf(error->place, sizeof error->place, "%s", flag);
}

static enum status read_back(struct workspace *workspace, const struct plan_draft_file *file,
                             const char *name, struct arena *arena, struct plan *out,
                             struct error *error)
{
    struct formula_names names;
    struct metrics_known metrics = {.folder = workspace_path(workspace, arena, "metrics")};
    enum status status = metrics_names(workspace, arena, &names, error);
    if (status == STATUS_OK)
        status = plan_read(arena, name, file->text, strlen(file->text), out, error);
    if (status == STATUS_OK)
        status = plan_compile(arena, workspace->engine, &names, &metrics, out, error);
    if (status == STATUS_OK)
        status = plan_check_answerable(out, error);
    if (status == ERROR_INPUT)
        blame_flag(error, file, name);
    return status;
}

static enum status check_name(struct workspace *workspace, const char *name, struct arena *arena,
                              struct error *error)
{
    struct days days;
    if (!plan_is_name(name) || days_parse(name, &days))
        return error_at(error, ERROR_INPUT, "plan new", 0, 0,
                        "\"%.80s\" is no name for a plan; write lower-case letters, digits, - and "
                        "_",
                        name);
    const char *path = workspace_path(workspace, arena, arena_printf(arena, "plans/%s.yaml", name));
    if (access(path, F_OK) == 0)
        return error_at(error, ERROR_INPUT, arena_printf(arena, "plans/%s.yaml", name), 0, 0,
                        "it is there already; edit it, or give the new plan another name");
    return STATUS_OK;
}

/* What was said of the period: a day that is none would be told of by what rests on it. */
static enum status check_days(const struct plan_draft *draft, struct arena *arena,
                              struct error *error)
{
    static const enum draft_key keys[] = {DRAFT_FROM, DRAFT_TO};
    int64_t day = 0;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *said = draft->value[keys[i]];
        if (said != NULL && !day_parse(said, &day))
            return error_at(error, ERROR_INPUT,
                            arena_printf(arena, "--%s", plan_draft_flag(keys[i])), 0, 0,
                            "\"%.40s\" is no day of the calendar; write it as 2026-07-01", said);
    }
    return STATUS_OK;
}

enum status plan_new(struct workspace *workspace, const struct plan_draft *draft,
                     struct arena *arena, struct plan_new *out, struct error *error)
{
    struct plan_draft_file file;
    struct notes notes = {.arena = arena};
    enum status status = check_name(workspace, draft->name, arena, error);
    enum draft_key missing = plan_draft_missing(draft);
    if (status == STATUS_OK)
        status = check_days(draft, arena, error);
    if (status == STATUS_OK && missing != DRAFT_KEYS)
        return error_at(error, ERROR_INPUT, arena_printf(arena, "--%s", plan_draft_flag(missing)),
                        0, 0, "the plan needs it; give the flag%s",
                        draft->template != NULL
                            ? ""
                            : ", or begin from a template (assay plan new --template list)");
    if (status == STATUS_OK)
        status = plan_draft_write(arena, draft, &file, error);
    out->file = arena_printf(arena, "plans/%s.yaml", draft->name);
    if (status == STATUS_OK)
        status = read_back(workspace, &file, out->file, arena, &out->plan, error);
    if (status == STATUS_OK)
        status = note_all(workspace, &out->plan, &notes, error);
    if (status != STATUS_OK)
        return status;
    (void)mkdir(workspace_path(workspace, arena, "plans"), 0700);
    status = file_write_new(workspace_path(workspace, arena, out->file), file.text,
                            strlen(file.text), 0600, error);
    out->notes = notes.list;
    out->note_count = notes.count;
    return status;
}
