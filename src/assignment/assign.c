#include "assignment/assign.h"

#include "assignment/draw.h"
#include "assignment/schedule.h"
#include "base/embedded.h"
#include "base/error.h"
#include "evidence/sample/period.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- Whether ------------------------------------------------------------------------------ */

static enum status check_may_draw(const struct planned *planned, const struct span *period,
                                  int64_t now, struct error *error)
{
    const struct plan *plan = &planned->plan;
    if (plan->design == PLAN_LIKE_WITH_LIKE || plan->design == PLAN_BEFORE_AFTER)
        return error_set(error, ERROR_INPUT,
                         "%s is %s: its arms are found, and nothing is assigned; designs that "
                         "assign are randomised, switchback, staggered and encouragement",
                         plan->name, plan_design_name(plan->design));
    if (!planned->lock.locked)
        return error_set(error, ERROR_INPUT,
                         "%s is not locked; a plan is locked before units are drawn for it: assay "
                         "plan lock %s",
                         plan->name, plan->name);
    if (now >= period->until)
        return error_set(error, ERROR_INPUT,
                         "the period of %s is over: what is drawn after its end would change "
                         "nothing of it",
                         plan->name);
    return STATUS_OK;
}

/* ---- Places in strata ---------------------------------------------------------------------- */

struct drawing {
    struct workspace *workspace;
    const struct plan *plan;
    struct draw draw;
    struct span period;
    int64_t now;
    struct arena *arena;
    struct frame fresh; /* fresh.sql */
    struct frame counters;
    struct engine_appender *rows;   /* of assignment */
    struct engine_appender *places; /* of the temporary table taken */
    int64_t drawn;
};

enum { fresh_stratum, fresh_unit, fresh_place, fresh_missing };

/* Units of one stratum, in the order in which they take its places. */
struct taking {
    const char *stratum;
    const char **units;
    size_t count;
};

struct ordered {
    uint64_t hash;
    const char *unit;
};

static int by_hash(const void *one, const void *other)
{
    const struct ordered *a = one;
    const struct ordered *b = other;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return strcmp(a->unit, b->unit);
}

static void order_units(const struct drawing *drawing, size_t from, struct taking *taking)
{
    struct ordered *list = arena_array(drawing->arena, taking->count, sizeof *list);
    taking->units = arena_array(drawing->arena, taking->count, sizeof *taking->units);
    for (size_t i = 0; i < taking->count; i++) {
        list[i].unit = frame_text(&drawing->fresh, from + i, fresh_unit);
        list[i].hash = draw_order(&drawing->draw, list[i].unit);
    }
    qsort(list, taking->count, sizeof *list, by_hash);
    for (size_t i = 0; i < taking->count; i++)
        taking->units[i] = list[i].unit;
}

/* Places that were taken before: a row of `counters`, which is sorted. */
static int64_t taken_of(const struct frame *counters, const char *stratum)
{
    size_t low = 0;
    size_t high = counters->rows;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(frame_text(counters, middle, 0), stratum);
        if (order == 0)
            return frame_integer(counters, middle, 1);
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

/* How places are cut into blocks, and what of. */
struct cut {
    int size;
    int parts; /* of equal size: waves, or more than two arms; 0: two arms by a probability */
    double probability;
};

static struct cut cut_of(const struct plan *plan, int waves)
{
    int arms = (int)plan->arms.count;
    double probability = plan->design == PLAN_SWITCHBACK ? 0.5 : plan->probability;
    if (waves > 0)
        return (struct cut){.size = waves, .parts = waves};
    if (arms > 2)
        return (struct cut){.size = draw_equal_size(arms), .parts = arms};
    return (struct cut){.size = draw_block_size(probability), .probability = probability};
}

static void draw_one(const struct draw *draw, const char *stratum, int64_t block,
                     const struct cut *cut, int *out)
{
    if (cut->parts > 0)
        draw_equal(draw, stratum, block, cut->size, cut->parts, out);
    else
        draw_block(draw, stratum, block, cut->probability, out);
}

/* What each unit of the stratum draws: an arm, or a wave where there are waves. */
static enum status take_places(struct drawing *drawing, const char *stratum, size_t count,
                               int waves, int **out, struct error *error)
{
    int drawn[draw_waves_max > draw_block_max ? draw_waves_max : draw_block_max];
    const struct plan *plan = drawing->plan;
    const struct cut cut = cut_of(plan, waves);
    int64_t first = taken_of(&drawing->counters, stratum);
    int64_t block = -1;
    *out = arena_array(drawing->arena, count, sizeof **out);
    for (size_t i = 0; i < count; i++) {
        int64_t place = first + (int64_t)i;
        if (place / cut.size != block) {
            block = place / cut.size;
            draw_one(&drawing->draw, stratum, block, &cut, drawn);
        }
        (*out)[i] = drawn[place % cut.size];
    }
    return engine_append(drawing->places,
                         (struct engine_value[]){engine_text("", plan->name),
                                                 engine_text("", stratum),
                                                 engine_integer("", first + (int64_t)count)},
                         3, error);
}

static enum status add_row(struct drawing *drawing, const char *unit, int arm, int64_t since,
                           int64_t until, double probability, struct error *error)
{
    const struct plan *plan = drawing->plan;
    return engine_append(
        drawing->rows,
        (struct engine_value[]){
            engine_text("", plan->name), engine_text("", plan_unit_name(plan->unit)),
            engine_text("", unit), engine_text("", plan->arms.list[arm]), engine_time("", since),
            until == INT64_MAX ? engine_null("", ENGINE_TIME) : engine_time("", until),
            engine_number("", probability)},
        7, error);
}

/* ---- By design ------------------------------------------------------------------------------ */

static double probability_of(const struct plan *plan, int arm)
{
    return arm > 0 || plan->arms.count > 2 ? plan->probability : 1 - plan->probability;
}

static enum status draw_arms(struct drawing *drawing, const struct taking *taking,
                             struct error *error)
{
    const struct plan *plan = drawing->plan;
    int *arms = NULL;
    bool later = plan->unit == PLAN_ITEM || drawing->now > drawing->period.from;
    int64_t since = later ? drawing->now : drawing->period.from;
    enum status status = take_places(drawing, taking->stratum, taking->count, 0, &arms, error);
    for (size_t i = 0; i < taking->count && status == STATUS_OK; i++)
        status = add_row(drawing, taking->units[i], arms[i], since, INT64_MAX,
                         probability_of(plan, arms[i]), error);
    return status;
}

static enum status draw_blocks(struct drawing *drawing, const struct taking *taking,
                               struct error *error)
{
    struct schedule ends;
    int *arms = NULL;
    size_t blocks_left = 0;
    enum status status =
        schedule_blocks(drawing->workspace, drawing->plan, drawing->arena, &ends, error);
    for (size_t b = 0; b + 1 < ends.count && status == STATUS_OK; b++) {
        bool second = b % 2 == 1;
        if (ends.at[b] < drawing->now)
            continue;
        if (!second || blocks_left == 0) {
            const char *pair =
                arena_printf(drawing->arena, "%sblocks %zu", taking->stratum, b / 2 * 2 + 1);
            status = take_places(drawing, pair, taking->count, 0, &arms, error);
        }
        blocks_left++;
        for (size_t i = 0; i < taking->count && status == STATUS_OK; i++)
            status = add_row(drawing, taking->units[i], second ? 1 - arms[i] : arms[i], ends.at[b],
                             ends.at[b + 1], 0.5, error);
    }
    if (status == STATUS_OK && blocks_left == 0)
        return error_set(error, ERROR_INPUT,
                         "the last block of the period of %s has begun: there is none left to draw",
                         drawing->plan->name);
    return status;
}

static enum status draw_rollout(struct drawing *drawing, const struct taking *taking,
                                struct error *error)
{
    struct schedule waves;
    int *wave = NULL;
    enum status status = schedule_waves(drawing->workspace, drawing->plan, drawing->now,
                                        drawing->arena, &waves, error);
    if (status != STATUS_OK)
        return status;
    /* Other waves are other strata: places go round over those that are left. */
    const char *stratum = arena_printf(drawing->arena, "%s%s%zu waves from %s", taking->stratum,
                                       taking->stratum[0] != '\0' ? "|" : "", waves.count,
                                       time_format(drawing->arena, waves.at[0]));
    status = take_places(drawing, stratum, taking->count, (int)waves.count, &wave, error);
    for (size_t i = 0; i < taking->count && status == STATUS_OK; i++)
        status = add_row(drawing, taking->units[i], 1, waves.at[wave[i]], INT64_MAX,
                         1 / (double)waves.count, error);
    return status;
}

static enum status draw_stratum(struct drawing *drawing, size_t from, size_t count,
                                struct error *error)
{
    struct taking taking = {.stratum = frame_text(&drawing->fresh, from, fresh_stratum),
                            .count = count};
    order_units(drawing, from, &taking);
    drawing->drawn += (int64_t)count;
    if (drawing->plan->design == PLAN_SWITCHBACK)
        return draw_blocks(drawing, &taking, error);
    if (drawing->plan->design == PLAN_STAGGERED)
        return draw_rollout(drawing, &taking, error);
    return draw_arms(drawing, &taking, error);
}

/* ---- Together ------------------------------------------------------------------------------- */

/* Where the strata of a unit come from is not known. */
static enum status check_strata(const struct drawing *drawing, const struct given_list *given,
                                const struct assign_request *request, struct error *error)
{
    const struct frame *fresh = &drawing->fresh;
    for (size_t i = 0; i < fresh->rows; i++) {
        size_t place = (size_t)frame_integer(fresh, i, fresh_place);
        if (!fresh->columns[fresh_missing].valid[i])
            continue;
        const char *formula = frame_text(fresh, i, fresh_missing);
        if (given->lines != NULL)
            return error_at(error, ERROR_INPUT, request->path, given->lines[place], 0,
                            "the %s of this line is not in the data yet, so that its stratum has "
                            "to be here: add a column named %s with its value",
                            plan_unit_name(drawing->plan->unit), formula);
        return error_set(error, ERROR_INPUT,
                         "\"%.80s\" is not in the data yet, so that nothing says its %s; import "
                         "it first, or write a file with a column named %s: --from FILE",
                         given->shown[place], formula, formula);
    }
    return STATUS_OK;
}

static enum status draw_all(struct drawing *drawing, struct error *error)
{
    struct engine *engine = drawing->workspace->engine;
    const struct frame *fresh = &drawing->fresh;
    enum status status = engine_appender_open(engine, "assignment", &drawing->rows, error);
    if (status == STATUS_OK)
        status = engine_appender_open(engine, "taken", &drawing->places, error);
    size_t count = 0;
    for (size_t from = 0; from < fresh->rows && status == STATUS_OK; from += count) {
        const char *stratum = frame_text(fresh, from, fresh_stratum);
        for (count = 1; from + count < fresh->rows; count++)
            if (strcmp(frame_text(fresh, from + count, fresh_stratum), stratum) != 0)
                break;
        status = draw_stratum(drawing, from, count, error);
    }
    struct engine_appender *open[] = {drawing->rows, drawing->places};
    for (int i = 0; i < 2; i++)
        if (open[i] != NULL) {
            enum status closed = engine_appender_close(open[i], status == STATUS_OK ? error : NULL);
            status = status != STATUS_OK ? status : closed;
        }
    return status;
}

static enum status note_draw(struct drawing *drawing, struct error *error)
{
    struct workspace *workspace = drawing->workspace;
    const char *path = workspace_path(workspace, drawing->arena, "registry.jsonl");
    const struct registry_field fields[] = {
        {.name = "plan", .text = drawing->plan->name},
        {.name = "unit_kind", .text = plan_unit_name(drawing->plan->unit)},
        {.name = "units", .number = (double)drawing->drawn},
    };
    enum status status = workspace_bump_data_version(workspace, error);
    return status == STATUS_OK
               ? registry_append(path, "assign", fields, sizeof fields / sizeof *fields,
                                 &workspace->registry, error)
               : status;
}

/* The line of the registry is written before the rows are kept: a draw that failed at its end is
   told of, one that is told of by nobody cannot be. */
static enum status store(struct drawing *drawing, struct error *error)
{
    struct engine *engine = drawing->workspace->engine;
    enum status status = engine_begin(engine, error);
    if (status != STATUS_OK)
        return status;
    status = draw_all(drawing, error);
    if (status == STATUS_OK)
        status = engine_run(engine,
                            "delete from draw using taken where draw.plan = taken.plan and "
                            "draw.stratum = taken.stratum;"
                            "insert into draw select plan, stratum, units from taken",
                            error);
    if (status == STATUS_OK && drawing->drawn > 0)
        status = note_draw(drawing, error);
    if (status == STATUS_OK)
        status = engine_commit(engine, error);
    if (status != STATUS_OK) {
        engine_rollback(engine);
        return status;
    }
    return workspace_note_registry(drawing->workspace, drawing->arena, error);
}

static enum status find_fresh(struct drawing *drawing, struct error *error)
{
    struct engine *engine = drawing->workspace->engine;
    const struct engine_values values =
        ENGINE_VALUES(engine_text("plan", drawing->plan->name),
                      engine_text("unit_kind", plan_unit_name(drawing->plan->unit)));
    enum status status = engine_query(engine, embedded_text("assignment/fresh.sql"), values,
                                      drawing->arena, &drawing->fresh, error);
    if (status == STATUS_OK)
        status = engine_query(engine,
                              "select stratum, units from draw where plan = $plan and $unit_kind "
                              "is not null order by stratum",
                              values, drawing->arena, &drawing->counters, error);
    if (status == STATUS_OK)
        status = engine_run(engine,
                            "create or replace temp table taken(plan varchar, stratum varchar, "
                            "units bigint)",
                            error);
    return status;
}

static enum status count_late(const struct drawing *drawing, int64_t *out, struct error *error)
{
    struct frame frame;
    enum status status = engine_query(
        drawing->workspace->engine, embedded_text("assignment/late.sql"),
        ENGINE_VALUES(engine_text("plan", drawing->plan->name)), drawing->arena, &frame, error);
    *out = status == STATUS_OK ? frame_integer(&frame, 0, 0) : 0;
    return status;
}

static enum status read_assigned(const struct drawing *drawing, const struct given_list *given,
                                 struct assigned *out, struct error *error)
{
    struct frame frame;
    struct frame counts;
    struct engine *engine = drawing->workspace->engine;
    enum status status =
        engine_query(engine, embedded_text("assignment/assigned_rows.sql"),
                     ENGINE_VALUES(engine_text("plan", drawing->plan->name),
                                   engine_text("unit_kind", plan_unit_name(drawing->plan->unit)),
                                   engine_text("zone", drawing->workspace->settings.time_zone)),
                     drawing->arena, &frame, error);
    if (status == STATUS_OK)
        status = engine_query(engine,
                              "select count(distinct unit), count(distinct unit) filter (where not "
                              "known) from given",
                              ENGINE_NO_VALUES, drawing->arena, &counts, error);
    if (status != STATUS_OK)
        return status;
    out->rows = arena_array(drawing->arena, frame.rows, sizeof *out->rows);
    out->count = frame.rows;
    for (size_t i = 0; i < frame.rows; i++)
        out->rows[i] = (struct assigned_row){
            .unit = given->shown[frame_integer(&frame, i, 0)],
            .arm = frame_text(&frame, i, 1),
            .has_since = frame.columns[2].valid[i],
            .since = frame_integer(&frame, i, 2),
            .has_until = frame.columns[3].valid[i],
            .until = frame_integer(&frame, i, 3),
            .probability = frame.columns[4].valid[i] ? frame_number(&frame, i, 4) : NAN,
            .first_day = frame.columns[5].valid[i] ? frame_text(&frame, i, 5) : "",
            .last_day = frame.columns[6].valid[i] ? frame_text(&frame, i, 6) : "",
        };
    out->units = frame_integer(&counts, 0, 0);
    out->unseen = frame_integer(&counts, 0, 1);
    return drawing->plan->unit == PLAN_ITEM ? count_late(drawing, &out->late, error) : STATUS_OK;
}

enum status assign_units(struct workspace *workspace, const struct planned *planned,
                         const struct assign_request *request, struct arena *arena,
                         struct arena *clear, struct assigned *out, struct error *error)
{
    const struct plan *plan = &planned->plan;
    struct given_list given = {0};
    struct drawing drawing = {
        .workspace = workspace, .plan = plan, .now = time_now(), .arena = arena};
    enum status status = period_span(workspace, plan->period, arena, &drawing.period, error);
    if (status == STATUS_OK)
        status = check_may_draw(planned, &drawing.period, drawing.now, error);
    if (status == STATUS_OK)
        status = workspace_read_key(workspace, arena, error);
    if (status == STATUS_OK)
        status = given_units(workspace, plan, request, arena, clear, &given, error);
    drawing.draw = (struct draw){&workspace->key, plan->name};
    if (status == STATUS_OK)
        status = find_fresh(&drawing, error);
    if (status == STATUS_OK)
        status = check_strata(&drawing, &given, request, error);
    if (status == STATUS_OK)
        status = store(&drawing, error);
    *out = (struct assigned){
        .plan = plan->name,
        .unit_kind = plan_unit_name(plan->unit),
        .scheduled = plan->design == PLAN_SWITCHBACK || plan->design == PLAN_STAGGERED,
        .drawn = drawing.drawn,
    };
    return status == STATUS_OK ? read_assigned(&drawing, &given, out, error) : status;
}
