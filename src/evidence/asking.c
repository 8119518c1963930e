#include "evidence/asking.h"

#include "base/embedded.h"
#include "base/error.h"
#include "base/text.h"
#include "collect/unmet.h"
#include "evidence/facts/metrics.h"
#include "evidence/sample/reason.h"

#include <string.h>

void asking_note(struct asking *asking, const char *note)
{
    struct evidence *out = asking->out;
    out->notes = arena_grow(asking->arena, out->notes, out->note_count, &out->note_capacity,
                            sizeof *out->notes);
    out->notes[out->note_count++] = note;
}

void asking_cannot_say(struct asking *asking, const char *what, const char *why, const char *action)
{
    struct evidence *out = asking->out;
    out->cannot_say = arena_grow(asking->arena, out->cannot_say, out->cannot_say_count,
                                 &out->cannot_say_capacity, sizeof *out->cannot_say);
    out->cannot_say[out->cannot_say_count++] = (struct cannot_say){what, why, action};
}

const char *asking_placed(struct asking *asking, const struct error *why)
{
    const char *place = why->place;
    const char *folder = asking->workspace->folder;
    size_t length = strlen(folder);
    if (place[0] == '\0')
        return arena_text(asking->arena, why->message);
    if (strncmp(place, folder, length) == 0 && place[length] == '/')
        place += length + 1;
    return arena_printf(asking->arena, "%s: %s", place, why->message);
}

static void add_fault(struct asking *asking, const struct error *fault)
{
    struct evidence *out = asking->out;
    out->faults = arena_grow(asking->arena, out->faults, out->fault_count, &out->fault_capacity,
                             sizeof *out->faults);
    out->faults[out->fault_count++] = *fault;
}

void asking_unread(struct asking *asking, const char *what, const struct error *why,
                   const char *action)
{
    add_fault(asking, why);
    asking_cannot_say(asking, what, asking_placed(asking, why), action);
}

/* Nothing that the user wrote, and nothing about the data. */
static bool is_fault(enum status status)
{
    return status == ERROR_ENGINE || status == ERROR_INTERNAL;
}

const char *asking_failed(struct asking *asking, const char *what, enum status status,
                          const struct error *why)
{
    struct error fault;
    if (status == ERROR_INPUT)
        return asking_placed(asking, why);
    if (status == ERROR_DOMAIN || status == ERROR_SINGULAR)
        return reason_of(why, asking->arena);
    if (!is_fault(status))
        return NULL;
    (void)error_at(&fault, status, what, 0, 0, "%s", why->message);
    add_fault(asking, &fault);
    return "this failed inside assay, and what failed was written where the command ran; the other "
           "rows stand";
}

bool asking_no_comparison(struct asking *asking, const char *what, enum status status,
                          const struct error *why, struct comparison *out)
{
    const char *reason = asking_failed(asking, what, status, why);
    *out = (struct comparison){.why_not = reason, .failed = is_fault(status)};
    return reason != NULL;
}

/* Dates that facts do not believe. */
static enum status note_unbelieved(struct asking *asking, struct error *error)
{
    struct frame frame;
    enum status status =
        engine_query(asking->workspace->engine, embedded_text("evidence/facts/unbelieved.sql"),
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
    asking_note(asking, note);
    return STATUS_OK;
}

/* Calls that say which item they were for, and the item is not here. */
static enum status note_unmet(struct asking *asking, struct error *error)
{
    const char *note = NULL;
    enum status status =
        unmet_calls(asking->workspace->engine,
                    "select u.item_id from usage u join found_link l on l.usage_id "
                    "= u.usage_id where l.kind = 'dangling'",
                    asking->arena, &note, error);
    if (note != NULL)
        asking_note(asking, note);
    return status;
}

static const char *times_text(struct arena *arena, long times)
{
    return times == 1 ? "once" : arena_printf(arena, "%ld times", times);
}

enum status asking_begin(struct asking *asking, struct error *error)
{
    struct evidence *out = asking->out;
    struct workspace *workspace = asking->workspace;
    *out = (struct evidence){
        .workspace = workspace->settings.name,
        .registry_head = workspace->registry.head,
        .min_group = workspace_min_group(workspace),
        .own_data = workspace->settings.own_data,
    };
    workspace->publishing = asking->request->publishing;
    enum status status = workspace_data_version(workspace, &out->data_version, error);
    if (status == STATUS_OK)
        status =
            period_of(workspace, &asking->request->period, asking->arena, &asking->period, error);
    if (workspace->group_rule_changes > 0)
        asking_note(asking,
                    arena_printf(asking->arena,
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

/* Use cases of the period, the largest first. */
enum status asking_use_cases(struct asking *asking, struct frame *out, struct error *error)
{
    return engine_query(asking->workspace->engine, embedded_text("evidence/facts/use_cases.sql"),
                        cohort_values(asking->arena, NULL, &asking->period.now), asking->arena, out,
                        error);
}

enum status asking_find_there(struct asking *asking, struct error *error)
{
    return engine_query(asking->workspace->engine,
                        embedded_text("evidence/facts/what_is_there.sql"),
                        ENGINE_VALUES(engine_text("zone", asking->workspace->settings.time_zone)),
                        asking->arena, &asking->there, error);
}

enum status asking_reach(struct asking *asking, const char *use_case, const struct span *span,
                         struct reach *out, struct error *error)
{
    struct frame frame;
    enum status status = engine_query(
        asking->workspace->engine, embedded_text("evidence/sample/cohort_by_worker.sql"),
        cohort_values(asking->arena, use_case, span), asking->arena, &frame, error);
    for (size_t i = 0; status == STATUS_OK && i < frame.rows; i++)
        reach_add(out, asking->arena, frame_text(&frame, i, 0), frame_integer(&frame, i, 1));
    return status;
}

/* ---- Flags ------------------------------------------------------------------------------ */

/* What was used makes the arms, so that no group of it has both. */
static enum status check_by(const struct formula *formula, struct error *error)
{
    for (size_t i = 0; i < formula->used_count; i++) {
        const char *key = formula->used[i];
        if (strcmp(key, "tool") != 0 && strcmp(key, "model") != 0)
            continue;
        return error_at(error, ERROR_INPUT, "--by", 0, 0,
                        "the %s of an item tells arms apart, not groups: compare one with --arms "
                        "no_ai,%s=A, and several at once with a plan of the design like_with_like, "
                        "arms: [no_ai, %s=A, %s=B]",
                        key, key, key, key);
    }
    return STATUS_OK;
}

enum status asking_by(struct asking *asking, struct comparison_request *out, struct error *error)
{
    const char *text = asking->request->by;
    struct formula *formula = arena_alloc(asking->arena, sizeof *formula);
    struct by_wish *wish = arena_alloc(asking->arena, sizeof *wish);
    *wish = (struct by_wish){.formula = formula, .label = text};
    out->by = wish;
    out->by_count = 1;
    enum status status = metrics_by(asking->workspace, text, asking->arena, formula, error);
    return status == STATUS_OK ? check_by(formula, error) : status;
}

enum status asking_errors(const char *text, enum variance *out, const char **code,
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
