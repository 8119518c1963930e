#include "evidence/sample/arms.h"

#include "base/embedded.h"
#include "base/error.h"
#include "engine/sql_text.h"
#include "model/arm_names.h"

#include <math.h>
#include <string.h>

/* ---- What was asked for ----------------------------------------------------------------- */

struct wanted {
    const char *names[2];
    size_t count;
};

static enum status split_wanted(struct arena *arena, const char *text, struct wanted *out,
                                struct error *error)
{
    *out = (struct wanted){0};
    while (text != NULL && *text != '\0') {
        size_t length = strcspn(text, ",");
        const char *name = text_trimmed(arena, text, length);
        if (out->count == 2)
            return error_at(error, ERROR_INPUT, "--arms", 0, 0,
                            "a comparison has two arms; compare a third in a call of its own, or "
                            "all at once in a plan: arms: [A, B, C]");
        if (name[0] == '\0')
            return error_at(error, ERROR_INPUT, "--arms", 0, 0,
                            "an arm has no name; write --arms no_ai,ai");
        out->names[out->count++] = name;
        text += length;
        if (*text == ',')
            text++;
    }
    if (out->count == 1)
        return error_at(error, ERROR_INPUT, "--arms", 0, 0,
                        "name two arms, the baseline first: --arms no_ai,ai");
    if (out->count == 2 && strcmp(out->names[0], out->names[1]) == 0)
        return error_at(error, ERROR_INPUT, "--arms", 0, 0,
                        "both arms are \"%s\"; name two that differ", out->names[0]);
    return STATUS_OK;
}

/* The tools or models of the data, and those among them that enough people used to be named. */
static enum status check_is_known(struct workspace *workspace, const char *key, const char *name,
                                  struct arena *arena, struct error *error)
{
    struct frame frame;
    struct text list = {.arena = arena};
    const char *sql = embedded_text("evidence/sample/first_calls.sql");
    enum status status = engine_query(workspace->engine, TEXT_FILLED(arena, sql, {"key", key}),
                                      ENGINE_NO_VALUES, arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < frame.rows; i++) {
        if (strcmp(frame_text(&frame, i, 0), name) == 0)
            return STATUS_OK;
        if (frame_integer(&frame, i, 1) >= workspace_min_group(workspace) && i < 12)
            text_addf(&list, "%s%s", list.length > 0 ? ", " : "", frame_text(&frame, i, 0));
    }
    if (list.length == 0)
        return error_at(error, ERROR_INPUT, "--arms", 0, 0,
                        "no item was done with a %s \"%s\", nor with another that can be named; "
                        "calls name theirs in the column %s (assay import usage FILE)",
                        key, name, key);
    return error_at(error, ERROR_INPUT, "--arms", 0, 0,
                    "no item was done with a %s \"%s\"; the data name %s", key, name,
                    text_get(&list));
}

static const char *const no_ai = "no_ai";

/* "tool" or "model", where arms are found by what was called first; else NULL. */
static const char *key_of(const struct wanted *wanted)
{
    static const char *const keys[] = {"tool", "model"};
    if (wanted->count < 2)
        return NULL;
    const char *first = wanted->names[strcmp(wanted->names[0], no_ai) == 0 ? 1 : 0];
    for (size_t i = 0; i < 2; i++)
        if (arm_after_key(first, keys[i]) != NULL)
            return keys[i];
    return NULL;
}

/* Of the plan's other arms, where there are any. */
static struct plan_texts others_of(struct arena *arena, const struct arms_wish *wish,
                                   const struct wanted *wanted, const char *key)
{
    struct plan_texts all = wish->all_arms != NULL ? *wish->all_arms : (struct plan_texts){0};
    const char **list = arena_array(arena, all.count, sizeof *list);
    size_t count = 0;
    for (size_t i = 0; i < all.count; i++) {
        const char *name = arm_after_key(all.list[i], key);
        if (name != NULL && strcmp(all.list[i], wanted->names[0]) != 0 &&
            strcmp(all.list[i], wanted->names[1]) != 0)
            list[count++] = name;
    }
    return (struct plan_texts){list, count};
}

/* A name that no call has is an error of who asks; a plan was written before there were any. */
static enum status by_first_call(struct workspace *workspace, const struct wanted *wanted,
                                 const struct arms_wish *wish, const char *key, struct arena *arena,
                                 struct arms *out, const char **why_not, struct error *error)
{
    bool beside_none = strcmp(wanted->names[0], no_ai) == 0;
    const char *first = beside_none ? no_ai : arm_after_key(wanted->names[0], key);
    const char *second = arm_after_key(wanted->names[1], key);
    struct error why = {0};
    if (first == NULL || second == NULL)
        return error_at(error, ERROR_INPUT, "--arms", 0, 0, "name two of a kind, such as %s=a,%s=b",
                        key, key);
    *out = (struct arms){
        .kind = strcmp(key, "tool") == 0 ? ARMS_BY_TOOL : ARMS_BY_MODEL,
        .names = {first, second},
        .why = wish->as_found ? "the plan compares by first calls"
                              : "they were asked for, by first calls",
        .beside_none = beside_none,
        .others = others_of(arena, wish, wanted, key),
    };
    enum status status =
        beside_none ? STATUS_OK : check_is_known(workspace, key, first, arena, &why);
    if (status == STATUS_OK)
        status = check_is_known(workspace, key, second, arena, &why);
    if (status == ERROR_INPUT && wish->as_found) {
        *why_not = arena_text(arena, why.message);
        return STATUS_OK;
    }
    if (status != STATUS_OK && error != NULL)
        *error = why;
    return status;
}

/* ---- As assigned ------------------------------------------------------------------------ */

bool arms_with_and_without(const struct arms *arms)
{
    return arms->kind != ARMS_BY_TOOL && arms->kind != ARMS_BY_MODEL &&
           arm_is_baseline(arms->names[0]) && strcmp(arms->names[1], "ai") == 0;
}

/* Puts the baseline first: no_ai and its like, else by the alphabet. */
static void order_arms(struct arms *arms)
{
    int first = arm_baseline_rank(arms->names[0]);
    int second = arm_baseline_rank(arms->names[1]);
    bool swap = second < first || (second == first && strcmp(arms->names[1], arms->names[0]) < 0);
    if (swap) {
        const char *name = arms->names[0];
        arms->names[0] = arms->names[1];
        arms->names[1] = name;
    }
}

/* Columns of assigned_plans.sql. */
enum {
    plan_name,
    plan_unit_kind,
    plan_arm,
    plan_items,
    plan_lowest,
    plan_total,
    plan_repeats,
    plan_units,
    plan_highest,
    plan_arms,
    plan_begins,
    plan_ends
};

static bool has_arm(const struct frame *frame, size_t rows, const char *arm)
{
    for (size_t i = 0; i < rows; i++)
        if (strcmp(frame_text(frame, i, plan_arm), arm) == 0)
            return true;
    return false;
}

/* Probabilities that differ by less were rounded. */
static const double rounding = 0.001;

/* What was drawn for one arm. */
struct draw {
    int64_t units;
    double lowest; /* probability of a unit; NAN: not known */
    double highest;
    int64_t arms; /* of the whole plan */
};

static struct draw draw_of(const struct frame *frame, size_t rows, const char *arm)
{
    for (size_t i = 0; i < rows; i++)
        if (strcmp(frame_text(frame, i, plan_arm), arm) == 0)
            return (struct draw){
                frame_integer(frame, i, plan_units),
                frame_number(frame, i, plan_lowest),
                frame_number(frame, i, plan_highest),
                frame_integer(frame, i, plan_arms),
            };
    return (struct draw){0, NAN, NAN, 0};
}

/* How many units each arm got, and what share the draw should have given the second. A row's
   probability is that of the arm that it names: of units in either arm, p1 / (p0 + p1) are in the
   second. A plan of two arms may as well give that of its second arm in every row. */
static void take_units(const struct frame *frame, size_t rows, bool many, struct arms *arms)
{
    struct draw zero = draw_of(frame, rows, arms->names[0]);
    struct draw one = draw_of(frame, rows, arms->names[1]);
    bool of_the_second = !many && one.arms == 2 && fabs(one.lowest - zero.lowest) < rounding;
    arms->units[0] = zero.units;
    arms->units[1] = one.units;
    arms->share = of_the_second ? one.lowest : one.lowest / (zero.lowest + one.lowest);
    arms->draw_differs =
        zero.highest - zero.lowest > rounding || one.highest - one.lowest > rounding;
    arms->more = one.arms > 2;
}

/* The same of all arms of a plan. An arm without a unit is one all the same, with what the others
   leave of the probabilities. */
static void take_drawn(const struct frame *frame, size_t rows, const struct plan_texts *drawn,
                       struct arms_drawn *out)
{
    double sum = 0;
    size_t without = 0;
    for (size_t i = 0; i < drawn->count; i++) {
        struct draw draw = draw_of(frame, rows, drawn->list[i]);
        out->units[i] = draw.units;
        out->share[i] = draw.units > 0 ? draw.lowest : NAN;
        without += draw.units == 0;
        if (draw.units == 0)
            continue;
        if (isnan(draw.lowest) || draw.highest - draw.lowest > rounding)
            return;
        sum += draw.lowest;
    }
    double left = without > 0 ? fmax(0, 1 - sum) / (double)without : 0;
    sum += left * (double)without;
    for (size_t i = 0; i < drawn->count; i++)
        out->share[i] = (isnan(out->share[i]) ? left : out->share[i]) / sum;
    out->count = drawn->count;
}

static enum status by_assignment(struct arena *arena, const struct frame *frame,
                                 const struct wanted *wanted, struct arms *out,
                                 const struct arms_wish *wish, const char **why_not,
                                 struct error *error)
{
    size_t rows = 0; /* of the plan with most items */
    bool randomised = false;
    bool units_repeat = false;
    while (rows < frame->rows &&
           strcmp(frame_text(frame, rows, plan_name), frame_text(frame, 0, plan_name)) == 0 &&
           strcmp(frame_text(frame, rows, plan_unit_kind), frame_text(frame, 0, plan_unit_kind)) ==
               0) {
        randomised = (rows == 0 || randomised) && frame->columns[plan_lowest].valid[rows];
        units_repeat = units_repeat || frame_integer(frame, rows, plan_repeats) != 0;
        rows++;
    }
    *out = (struct arms){
        .kind = ARMS_BY_ASSIGNMENT,
        .plan = frame_text(frame, 0, plan_name),
        .unit_kind = frame_text(frame, 0, plan_unit_kind),
        .randomised = randomised,
        .units_repeat = units_repeat,
        .never_begins = frame_integer(frame, 0, plan_begins) == 0,
        .never_ends = frame_integer(frame, 0, plan_ends) == 0,
    };
    for (size_t i = 0; i < wanted->count; i++) {
        if (!has_arm(frame, rows, wanted->names[i]))
            return error_at(error, ERROR_INPUT, "--arms", 0, 0,
                            "nothing was assigned to an arm \"%s\" here", wanted->names[i]);
        out->names[i] = wanted->names[i];
    }
    if (wanted->count == 2) {
        take_units(frame, rows, wish->all_arms != NULL, out);
        if (wish->all_arms != NULL)
            take_drawn(frame, rows, wish->all_arms, &out->drawn);
        return STATUS_OK;
    }
    if (rows == 1) {
        *why_not = arena_printf(arena, "all items that were assigned are in one arm (%s)",
                                frame_text(frame, 0, plan_arm));
        return STATUS_OK;
    }
    if (rows > 2 && !wish->lumped) {
        *why_not =
            arena_printf(arena, "%zu arms were assigned; name two of them with --arms", rows);
        return STATUS_OK;
    }
    out->names[0] = frame_text(frame, 0, plan_arm);
    out->names[1] = frame_text(frame, 1, plan_arm);
    order_arms(out);
    take_units(frame, rows, false, out);
    out->lumped = rows > 2;
    out->more = out->more && !out->lumped;
    return STATUS_OK;
}

/* A truth over plan: it is none of those in the frame that were made for another use case. What a
   team was given for one kind of work says nothing of its other work. */
static const char *of_no_other(struct workspace *workspace, const char *use_case,
                               const struct frame *frame, struct arena *arena)
{
    const struct place place = {.file = "plan"};
    const char *folder = workspace_path(workspace, arena, "plans");
    struct text others = {.arena = arena};
    for (size_t i = 0; i < frame->rows; i++) {
        const char *name = frame_text(frame, i, plan_name);
        struct plan plan;
        bool again = i > 0 && strcmp(name, frame_text(frame, i - 1, plan_name)) == 0;
        if (again || !plan_is_name(name) ||
            plan_find(arena, folder, name, &place, &plan, NULL) != STATUS_OK ||
            strcmp(plan.use_case, use_case) == 0)
            continue;
        text_addf(&others, "%s%s", others.length > 0 ? ", " : "plan not in (",
                  sql_literal(arena, name));
    }
    if (others.length == 0)
        return NULL;
    text_add(&others, ")");
    return text_get(&others);
}

/* Asks only for the kinds of units that were assigned at all, or by the plan: usually none. */
static enum status assigned_plans(struct workspace *workspace, const char *use_case,
                                  const struct span *span, const struct arms_wish *wish,
                                  struct arena *arena, struct frame *out, struct error *error)
{
    struct engine_values cohort = cohort_values(arena, use_case, span);
    struct engine_value *values = arena_array(arena, cohort.count + 1, sizeof *values);
    memcpy(values, cohort.list, cohort.count * sizeof *values);
    values[cohort.count] = engine_text("only", wish->plan);
    struct frame kinds;
    struct text units = {.arena = arena};
    *out = (struct frame){0};
    enum status status = engine_query(workspace->engine,
                                      "select distinct unit_kind from assignment "
                                      "where $only is null or plan = $only order by 1",
                                      ENGINE_VALUES(values[cohort.count]), arena, &kinds, error);
    if (status != STATUS_OK || kinds.rows == 0)
        return status;
    for (size_t i = 0; i < kinds.rows; i++) {
        const char *kind = frame_text(&kinds, i, 0);
        const char *sql = embedded_text("evidence/sample/assigned_units.sql");
        if (strcmp(kind, "item") != 0 && strcmp(kind, "worker") != 0 && strcmp(kind, "team") != 0)
            continue; /* assay writes no other */
        /* An item is one row of the cohort. */
        sql = TEXT_FILLED(
            arena, sql, {"kind", kind},
            {"cohort_units", strcmp(kind, "item") == 0
                                 ? "select item_id as unit, 1 as items from cohort"
                                 : arena_printf(arena,
                                                "select %s as unit, count(*) as items from cohort "
                                                "group by 1",
                                                kind)});
        text_addf(&units, "%s%s", units.length > 0 ? " union all " : "", sql);
    }
    const char *plans = "true";
    while (plans != NULL && status == STATUS_OK) {
        status =
            engine_query(workspace->engine,
                         TEXT_FILLED(arena, embedded_text("evidence/sample/assigned_plans.sql"),
                                     {"units", text_get(&units)}, {"plans", plans},
                                     {"scope", wish->scope != NULL ? wish->scope : "true"}),
                         (struct engine_values){values, cohort.count + 1}, arena, out, error);
        plans = status == STATUS_OK && wish->plan == NULL
                    ? of_no_other(workspace, use_case, out, arena)
                    : NULL;
    }
    return status;
}

/* ---- As found --------------------------------------------------------------------------- */

static enum status as_found(const struct frame *frame, const struct wanted *wanted,
                            struct arms *out, const char **why_not, struct error *error)
{
    int64_t items = frame_integer(frame, 0, 0);
    int64_t linked = frame_integer(frame, 0, 2);
    int64_t marked = frame_integer(frame, 0, 3);
    bool marks = marked > 0 && linked == 0;
    *out = (struct arms){.kind = marks ? ARMS_BY_MARK : ARMS_BY_USE,
                         .names = {marks ? "unmarked" : no_ai, marks ? "marked" : "ai"}};
    for (size_t i = 0; i < wanted->count; i++)
        if (strcmp(wanted->names[i], out->names[i]) != 0)
            return error_at(error, ERROR_INPUT, "--arms", 0, 0,
                            "here the arms are %s,%s (or tool=A,tool=B, or model=A,model=B, or "
                            "no_ai beside one of these)",
                            out->names[0], out->names[1]);
    if (items == 0)
        *why_not = "there are no items of this use case in the period";
    else if (marks && marked == items)
        *why_not = "every item names an AI";
    else if (!marks && linked == 0 && frame_integer(frame, 0, 1) == 0)
        *why_not = frame_integer(frame, 0, 5) > 0
                       ? "no call reaches it; some name items that are not here"
                   : frame_integer(frame, 0, 4) > 0 ? "no AI was used on it"
                                                    : "no usage reaches it";
    else if (!marks && linked == 0)
        *why_not = "calls meet its items in time only; none names an item or a session";
    return STATUS_OK;
}

/* ---- Which of them ---------------------------------------------------------------------- */

/* A stray row of another plan does not decide how a use case is compared. */
static const double assigned_share_least = 0.1;

/* Rows of the plan with most items. */
static size_t plan_rows(const struct frame *plans)
{
    size_t rows = 0;
    while (rows < plans->rows && strcmp(frame_text(plans, rows, 0), frame_text(plans, 0, 0)) == 0 &&
           strcmp(frame_text(plans, rows, 1), frame_text(plans, 0, 1)) == 0)
        rows++;
    return rows;
}

static int64_t assigned_items(const struct frame *plans)
{
    int64_t items = 0;
    for (size_t row = 0; row < plan_rows(plans); row++)
        items += frame_integer(plans, row, 3);
    return items;
}

static bool assigns_what_was_asked(const struct frame *plans, const struct wanted *wanted)
{
    return wanted->count == 2 && has_arm(plans, plan_rows(plans), wanted->names[0]) &&
           has_arm(plans, plan_rows(plans), wanted->names[1]);
}

static const char *assigned_arms(struct arena *arena, const struct frame *plans)
{
    struct text names = {.arena = arena};
    for (size_t row = 0; row < plan_rows(plans); row++)
        text_addf(&names, "%s%s", row > 0 ? ", " : "", frame_text(plans, row, plan_arm));
    return text_get(&names);
}

/* No item is in the plan's arms: either nothing was assigned, or the items are not here yet. */
static enum status nothing_planned(struct workspace *workspace, const char *plan,
                                   struct arena *arena, const char **why_not, struct error *error)
{
    struct frame frame;
    enum status status =
        engine_query(workspace->engine, "select count(*) from assignment where plan = $plan",
                     ENGINE_VALUES(engine_text("plan", plan)), arena, &frame, error);
    if (status != STATUS_OK)
        return status;
    *why_not =
        frame_integer(&frame, 0, 0) == 0
            ? arena_printf(arena,
                           "nothing of its use case and period was assigned by the plan %s; import "
                           "the assignment: assay import assignments FILE",
                           plan)
            : arena_printf(arena,
                           "no item of its use case and period is of a unit that was assigned by "
                           "the plan %s; import those items: assay import items FILE",
                           plan);
    return STATUS_OK;
}

/* The arms of a plan: whatever share of the items it reached. */
static enum status as_planned(struct workspace *workspace, struct arena *arena,
                              const struct frame *plans, const struct wanted *wanted,
                              const struct arms_wish *wish, struct arms *out, const char **why_not,
                              struct error *error)
{
    const char *plan = wish->plan;
    if (plans->rows == 0)
        return nothing_planned(workspace, plan, arena, why_not, error);
    for (size_t i = 0; i < wanted->count; i++) {
        if (has_arm(plans, plan_rows(plans), wanted->names[i]))
            continue;
        *why_not = arena_printf(arena,
                                "the plan %s assigned nothing to its arm %s: its assignments name "
                                "%s; a plan names its arms by `arms: [BASELINE, OTHER]`",
                                plan, wanted->names[i], assigned_arms(arena, plans));
        return STATUS_OK;
    }
    *why_not = NULL;
    enum status status = by_assignment(arena, plans, wanted, out, wish, why_not, error);
    out->why = arena_printf(arena, "the plan %s assigned them", plan);
    return status;
}

enum status arms_find(struct workspace *workspace, const char *use_case, const struct span *span,
                      const struct arms_wish *wish, struct arena *arena, struct arms *out,
                      const char **why_not, struct error *error)
{
    struct wanted wanted;
    struct frame plans;
    struct frame found;
    *why_not = NULL;
    *out = (struct arms){.names = {no_ai, "ai"}, .kind = ARMS_BY_USE};
    enum status status = split_wanted(arena, wish->names, &wanted, error);
    if (status != STATUS_OK)
        return status;
    /* What a plan drew are the arms, whichever tool was then called first. */
    bool drawn = wish->plan != NULL;
    const char *key = drawn ? NULL : key_of(&wanted);
    bool beside_none = key != NULL && strcmp(wanted.names[0], no_ai) == 0;
    if (key != NULL && !beside_none)
        return by_first_call(workspace, &wanted, wish, key, arena, out, why_not, error);
    plans = (struct frame){0};
    if (drawn || !wish->as_found)
        status = assigned_plans(workspace, use_case, span, wish, arena, &plans, error);
    if (status == STATUS_OK && drawn)
        return as_planned(workspace, arena, &plans, &wanted, wish, out, why_not, error);
    if (status == STATUS_OK && beside_none && !assigns_what_was_asked(&plans, &wanted))
        return by_first_call(workspace, &wanted, wish, key, arena, out, why_not, error);
    if (status == STATUS_OK)
        status = engine_query(workspace->engine, embedded_text("evidence/sample/arms.sql"),
                              cohort_values(arena, use_case, span), arena, &found, error);
    if (status != STATUS_OK)
        return status;
    if (wish->as_found) {
        status = as_found(&found, &wanted, out, why_not, error);
        out->why = "the plan compares as found";
        return status;
    }
    bool asked = assigns_what_was_asked(&plans, &wanted);
    bool broad = (double)assigned_items(&plans) >=
                 assigned_share_least * (double)frame_integer(&found, 0, 0);
    if (plans.rows > 0 && (broad || asked)) {
        status = by_assignment(arena, &plans, &wanted, out, wish, why_not, error);
        out->why = arena_printf(arena,
                                broad ? "at least a tenth of the items were assigned (plan %s)"
                                      : "plan %s assigned the arms that were asked for",
                                frame_text(&plans, 0, 0));
        return status;
    }
    status = as_found(&found, &wanted, out, why_not, error);
    const char *nothing = "nothing was assigned";
    if (plans.rows > 0)
        nothing = arena_printf(arena, "fewer than a tenth of the items were assigned (plan %s)",
                               frame_text(&plans, 0, 0));
    out->why = arena_printf(arena, "%s; %s", nothing,
                            out->kind == ARMS_BY_MARK ? "some items name an AI, and no call an item"
                                                      : "calls name items");
    if (plans.rows > 0 && *why_not != NULL)
        *why_not = arena_printf(arena, "%s; as found: %s", nothing, *why_not);
    return status;
}
