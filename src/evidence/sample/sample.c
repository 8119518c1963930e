#include "evidence/sample/sample.h"

#include "base/embedded.h"
#include "engine/sql_text.h"
#include "evidence/sample/exposure.h"

#include <math.h>
#include <string.h>

/* ---- When: the cohort ------------------------------------------------------------------- */

static const char *in_span(struct arena *arena, const struct span *span, const char *name)
{
    if (span->all)
        return "true";
    return arena_printf(arena, "(facts.counted_at >= $%s_from and facts.counted_at < $%s_until)",
                        name, name);
}

static const char item_start[] = "coalesce(facts.started_at, facts.opened_at)";

/* ---- Which arm -------------------------------------------------------------------------- */

/* Assigned at the close is after it. Where dates alone are known an item may begin, be assigned and
   end at one moment, and was not done before. */
static const char done_by_then[] =
    "(facts.first_closed_at <= assigned.since and coalesce(facts.started_at, facts.opened_at) "
    "is distinct from assigned.since)";

/* People and teams have an arm for what they start while it holds. An item is drawn once it is
   there, often after it was opened: it counts unless it was done by then. What no assignment of the
   plan says is not asked of each item: it costs as much as the rest of the sample. */
static const char *assigned_arm(struct arena *arena, const struct sample *sample)
{
    bool by_item = strcmp(sample->arms.unit_kind, "item") == 0;
    const char *arm = sample->by_block_before ? "assigned.before" : "assigned.in_arm";
    struct text outside = {.arena = arena};
    if (!sample->arms.never_begins)
        text_addf(&outside, by_item ? "%s" : "%s < assigned.since",
                  by_item ? done_by_then : item_start);
    if (!sample->arms.never_ends)
        text_addf(&outside, "%s%s >= assigned.until", outside.length > 0 ? " or " : "", item_start);
    if (outside.length == 0)
        return arm;
    return arena_printf(arena, "case when (%s) is not true then %s end", text_get(&outside), arm);
}

static bool as_found(const struct sample *sample)
{
    return sample->arms.kind == ARMS_BY_USE || sample->arms.kind == ARMS_BY_MARK ||
           sample->arms.kind == ARMS_BY_TOOL || sample->arms.kind == ARMS_BY_MODEL ||
           sample->arms.kind == ARMS_BY_WEEK;
}

static bool has_landmark(const struct sample *sample)
{
    return sample->metric->kind == METRIC_DURATION && as_found(sample) &&
           !isnan(sample->landmark_minutes);
}

/* From when on an item's time is counted. As found, never before work on it starts: while it waits
   nobody can use AI on it, so that what waits long would be found without AI, and takes longer.
   What nobody has begun has been at work for no time, where starts are known. */
static const char *clock_start(struct arena *arena, const struct sample *sample)
{
    const char *from = sample->metric->from.compiled.sql;
    if (!has_landmark(sample))
        return from;
    return arena_printf(arena,
                        "case when (%s) is not null then case when facts.started_at is null and "
                        "facts.state <> 'done' and (select count(other.started_at) > 0 from facts "
                        "other where other.use_case = $use_case) then facts.data_end else "
                        "greatest(%s, %s) end end",
                        from, from, item_start);
}

/* The moment up to which use counts: the landmark for what grows with time, else the close. */
static const char *exposure_end(struct arena *arena, const struct sample *sample)
{
    if (sample->metric->kind == METRIC_DURATION)
        return arena_printf(arena, "(%s) + to_microseconds((%s * 6e7)::bigint)",
                            clock_start(arena, sample),
                            sql_number(arena, sample->landmark_minutes));
    return "facts.first_closed_at";
}

static const char *used_column(const struct arms *arms)
{
    return arms->kind == ARMS_BY_TOOL ? "facts.tool" : "facts.model";
}

/* Which of two was called first; or whether the one was, beside work on which none was. */
static const char *arm_by_first_call(struct arena *arena, const struct sample *sample)
{
    const struct exposure use = exposure_until(arena, exposure_end(arena, sample));
    const char *column = used_column(&sample->arms);
    if (sample->arms.beside_none)
        return arena_printf(arena,
                            "case when %s then case when %s then case when %s = $arm_1 then 1 end "
                            "when %s then 0 end end",
                            use.covered, use.used, column, use.unused);
    return arena_printf(arena,
                        "case when %s then case %s when $arm_0 then 0 when $arm_1 then 1 end end",
                        use.used, column);
}

/* A truth: another arm of the plan holds the item, by what was called first. */
static const char *in_other_arm(struct arena *arena, const struct sample *sample)
{
    const struct exposure use = exposure_until(arena, exposure_end(arena, sample));
    const struct plan_texts *others = &sample->arms.others;
    struct text out = {.arena = arena};
    text_addf(&out, "case when %s%s%s then %s in (", sample->arms.beside_none ? use.covered : "",
              sample->arms.beside_none ? " and " : "", use.used, used_column(&sample->arms));
    for (size_t i = 0; i < others->count; i++)
        text_addf(&out, "%s%s", i > 0 ? ", " : "", sql_literal(arena, others->list[i]));
    text_add(&out, ") end");
    return text_get(&out);
}

static const char *arm_sql(struct arena *arena, const struct sample *sample)
{
    struct exposure use;
    switch (sample->arms.kind) {
    case ARMS_BY_ASSIGNMENT:
        return assigned_arm(arena, sample);
    case ARMS_BY_USE:
        /* Both arms have to be covered, and up to the end of exposure only: coverage up to the
           close would leave slow work out of one arm. */
        use = exposure_until(arena, exposure_end(arena, sample));
        return arena_printf(arena, "case when %s then case when %s then 1 when %s then 0 end end",
                            use.covered, use.used, use.unused);
    case ARMS_BY_MARK:
        return "case when facts.ai_declared is not null then 1 else 0 end";
    case ARMS_BY_TOOL:
    case ARMS_BY_MODEL:
        return arm_by_first_call(arena, sample);
    case ARMS_BY_WAVE:
        return "case when assigned.unit is null then null when facts.counted_at >= assigned.since "
               "then 1 else 0 end";
    case ARMS_BY_WEEK:
        return arena_printf(arena,
                            "case when %s then case when used.worker is null then 0 else 1 end end",
                            sample->arms.week_covered);
    case ARMS_BY_PERIOD:
        return arena_printf(arena, "case when %s then 1 else 0 end",
                            in_span(arena, &sample->span, "now"));
    }
    return "null";
}

/* The assignment of an item's unit; the arm's SQL looks whether it was valid at the item's start.
 */
static const char *assignment_join(struct arena *arena, const struct sample *sample)
{
    if (sample->arms.kind == ARMS_BY_WEEK)
        return arena_printf(arena,
                            "left join (%s) used on used.worker = facts.worker and used.week = %s",
                            sample->arms.weeks, sample->arms.week);
    if (sample->arms.kind != ARMS_BY_ASSIGNMENT && sample->arms.kind != ARMS_BY_WAVE)
        return "";
    const char *unit = strcmp(sample->arms.unit_kind, "item") == 0     ? "facts.item_id"
                       : strcmp(sample->arms.unit_kind, "worker") == 0 ? "facts.worker"
                                                                       : "facts.team";
    if (sample->arms.kind == ARMS_BY_WAVE)
        return arena_printf(arena, "left join (%s) assigned on assigned.unit = %s",
                            sample->arms.waves, unit);
    const char *file = sample->block > 0           ? "evidence/sample/assigned_in_blocks.sql"
                       : sample->arms.units_repeat ? "evidence/sample/assigned_in_turn.sql"
                                                   : "evidence/sample/assigned_once.sql";
    return TEXT_FILLED(arena, embedded_text(file), {"unit", unit},
                       {"rest", sample->arms.lumped ? "else 1" : ""});
}

/* An item that was done before it was assigned: the draw could change nothing of it. */
static const char *late_sql(const struct sample *sample)
{
    bool by_item =
        sample->arms.kind == ARMS_BY_ASSIGNMENT && strcmp(sample->arms.unit_kind, "item") == 0;
    return by_item ? done_by_then : "false";
}

/* Items that start while the arm before may still act, or in a period that is partly of it. */
static const char *washout_sql(struct arena *arena, const struct sample *sample)
{
    if (sample->arms.kind == ARMS_BY_WAVE)
        return arena_printf(arena, "coalesce(%s, false)", sample->arms.begun);
    if (sample->washout == 0)
        return "false";
    return arena_printf(arena, "coalesce(%s < assigned.since + to_microseconds(%lld), false)",
                        item_start, (long long)sample->washout);
}

/* The coarser of worker and unit of assignment; of teams that take turns, each turn. */
static const char *cluster_sql(const struct sample *sample)
{
    if (sample->block > 0)
        return "assigned.block";
    return sample_by_team(sample) ? "facts.team" : "facts.worker";
}

double sample_horizon(const struct sample *sample)
{
    double horizon = (double)sample->metric->horizon / 6e7;
    if (!isnan(sample->landmark_minutes))
        horizon -= sample->landmark_minutes;
    return sample->horizon_most > 0 ? fmin(horizon, sample->horizon_most) : horizon;
}

bool sample_by_team(const struct sample *sample)
{
    if (sample->by_team)
        return true;
    return (sample->arms.kind == ARMS_BY_ASSIGNMENT || sample->arms.kind == ARMS_BY_WAVE) &&
           strcmp(sample->arms.unit_kind, "team") == 0;
}

/* ---- What came out ---------------------------------------------------------------------- */

static const char *value_columns(struct arena *arena, const struct metric *metric)
{
    const char *value = metric->value.compiled.sql;
    if (metric->kind == METRIC_RATIO)
        return arena_printf(arena,
                            "(%s)::double as y, (%s)::double as d, facts.state as state, "
                            "facts.calls_priced as calls_priced, "
                            "facts.calls_unpriced as calls_unpriced",
                            metric->numerator.compiled.sql, metric->denominator.compiled.sql);
    if (metric->kind == METRIC_PROPORTION)
        value = arena_printf(arena,
                             "case when (%s) is null then null when (%s) then 1e0 else 0e0 "
                             "end",
                             value, value);
    else if (metric->scale == METRIC_LOG)
        value = arena_printf(arena, "case when (%s) > 0 then ln(%s) end", value, value);
    return arena_printf(arena, "(%s)::double as y", value);
}

/* Conditions in their order with the codes that they give. Most rows meet none of them, which is
   asked first and at once: row by row a condition after the other costs a fifth of the whole
   sample. */
struct reasons {
    struct text none;  /* " and not (...)" of each */
    struct text cases; /* "when ... then ..." of each */
};

static struct reasons reasons_begin(struct arena *arena)
{
    return (struct reasons){.none = {.arena = arena}, .cases = {.arena = arena}};
}

/* code   SQL */
static void add_coded(struct reasons *reasons, const char *condition, const char *code)
{
    text_addf(&reasons->none, " and not (%s)", condition);
    text_addf(&reasons->cases, " when %s then %s", condition, code);
}

static void add_reason(struct reasons *reasons, const char *condition, enum exclusion code)
{
    add_coded(reasons, condition, arena_printf(reasons->none.arena, "%d", code));
}

static void add_formula(struct reasons *reasons, const struct formula *formula)
{
    struct arena *arena = reasons->none.arena;
    add_reason(reasons, arena_printf(arena, "not (%s)", formula->defined_sql), EXCLUDED_UNDEFINED);
    add_reason(reasons, arena_printf(arena, "(%s) is null", formula->sql), EXCLUDED_MISSING);
}

/* The code of the first condition that holds, null where none does. */
static const char *reasons_sql(struct reasons *reasons)
{
    if (reasons->cases.length == 0)
        return "null";
    return arena_printf(reasons->none.arena, "case when true%s then null%s end",
                        text_get(&reasons->none), text_get(&reasons->cases));
}

/* The earlier period is seen as it stood as long after its end as the later one is seen after its
   own: slow items would else be missing from the later one only. */
static const char *too_late_for_before(struct arena *arena, const struct sample *sample)
{
    const int64_t earlier = sample->span.until - sample->arms.before.until + sample->ends_earlier;
    return arena_printf(arena,
                        "not (%s) and facts.first_closed_at + to_microseconds(%lld) > "
                        "facts.data_end - to_microseconds(%lld)",
                        in_span(arena, &sample->span, "now"),
                        (long long)sample->metric->matures_after, (long long)earlier);
}

/* And so is a span of the year before, by the later year's. */
static const char *too_late_for_year(struct arena *arena, const struct sample *sample)
{
    return arena_printf(arena,
                        "facts.first_closed_at + to_microseconds(%lld) > "
                        "facts.data_end - to_microseconds(%lld)",
                        (long long)sample->metric->matures_after, (long long)sample->ends_earlier);
}

/* So open items wait in either period: of the later one they are the slow ones, which the earlier
   one is seen without. A ratio's have spent and completed nothing. Where nothing is ever closed,
   as of sources that know no close, nothing waits. */
static const char *still_open(const struct metric *metric)
{
    if (metric->kind == METRIC_RATIO)
        return "facts.state = 'open'";
    return "facts.state = 'open' and exists (select 1 from facts as other "
           "where other.use_case = $use_case and other.first_closed_at is not null)";
}

/* Why there is no value: not closed, too fresh, ln of 0 or division by 0, or not observed. */
static const char *value_reason(struct arena *arena, const struct sample *sample)
{
    const struct metric *metric = sample->metric;
    struct reasons reasons = reasons_begin(arena);
    bool needs_close = metric->matures_after > 0 || as_found(sample);
    if (needs_close)
        /* What is done without a close was closed at a time that nobody knows. */
        add_coded(&reasons, "facts.first_closed_at is null",
                  arena_printf(arena, "case when facts.state = 'done' then %d else %d end",
                               EXCLUDED_MISSING, EXCLUDED_OPEN));
    if (metric->matures_after > 0)
        add_reason(&reasons,
                   arena_printf(arena,
                                "facts.first_closed_at + to_microseconds(%lld) > facts.data_end",
                                (long long)metric->matures_after),
                   EXCLUDED_MATURING);
    if (sample->arms.kind == ARMS_BY_PERIOD)
        add_reason(&reasons, still_open(metric), EXCLUDED_OPEN);
    if (sample->arms.kind == ARMS_BY_PERIOD)
        add_reason(&reasons, too_late_for_before(arena, sample), EXCLUDED_MATURING);
    if (sample->ends_earlier > 0)
        add_reason(&reasons, too_late_for_year(arena, sample), EXCLUDED_MATURING);
    if (metric->kind == METRIC_RATIO) {
        add_formula(&reasons, &metric->numerator.compiled);
        add_formula(&reasons, &metric->denominator.compiled);
    } else {
        add_formula(&reasons, &metric->value.compiled);
    }
    if (metric->scale == METRIC_LOG)
        add_reason(&reasons, arena_printf(arena, "(%s) <= 0", metric->value.compiled.sql),
                   EXCLUDED_UNDEFINED);
    return reasons_sql(&reasons);
}

static const char *minutes_between(struct arena *arena, const char *from, const char *to)
{
    return arena_printf(arena, "(epoch_us(%s) - epoch_us(%s)) / 6e7", to, from);
}

/* Whole minutes, or seconds where the horizon is under a day: ties are kept as ties, and there are
   never more risk sets than the horizon has steps. */
static const char *rounded(struct arena *arena, const struct metric *metric, const char *minutes)
{
    if (metric->horizon >= TIME_DAY)
        return arena_printf(arena, "round(%s)", minutes);
    return arena_printf(arena, "round(%s * 6e1) / 6e1", minutes);
}

/* minutes and ended, from the start; what is open is last seen at the source's data end. So is what
   was given up and is never done: put at the horizon, it would be watched for longer than all other
   items of the last weeks, and would weigh too much among them. */
static const char *duration_columns(struct arena *arena, const struct sample *sample)
{
    const struct metric *metric = sample->metric;
    const char *from = clock_start(arena, sample);
    const char *done =
        rounded(arena, metric, minutes_between(arena, from, metric->to.compiled.sql));
    const char *seen = rounded(arena, metric, minutes_between(arena, from, "facts.data_end"));
    const char *given_up =
        metric->abandoned == METRIC_NEVER_DONE
            ? seen
            : rounded(arena, metric,
                      minutes_between(arena, from,
                                      arena_printf(arena,
                                                   "coalesce(%s, facts.first_closed_at, "
                                                   "facts.data_end)",
                                                   metric->to.compiled.sql)));
    return arena_printf(arena,
                        "case when facts.state = 'abandoned' then %s "
                        "when (%s) is not null then %s "
                        "when facts.state = 'open' then %s end as minutes_whole, "
                        "facts.state <> 'abandoned' and (%s) is not null as ended",
                        given_up, metric->to.compiled.sql, done, seen, metric->to.compiled.sql);
}

/* Was the item seen up to the horizon, whatever became of it by then? Asked of all alike, so that
   who takes part does not hang on how long the work took. */
static const char *followed_sql(struct arena *arena, const struct sample *sample)
{
    const struct metric *metric = sample->metric;
    if (!sample->followed)
        return "true";
    if (sample->arms.kind == ARMS_BY_WEEK)
        return "facts.state = 'done' and facts.first_closed_at is not null";
    return arena_printf(arena, "epoch_us(facts.data_end) - epoch_us(%s) >= %lld",
                        clock_start(arena, sample), (long long)metric->horizon);
}

/* ---- Together --------------------------------------------------------------------------- */

static void add_covariates(const struct sample *sample, struct text *columns,
                           struct reasons *missing, struct text *names)
{
    for (size_t i = 0; i < sample->covariate_count; i++) {
        const struct formula *x = &sample->covariates[i];
        text_addf(columns, ", (%s)::double as x%zu", x->sql, i + 1);
        text_addf(names, ", x%zu", i + 1);
        add_formula(missing, x);
    }
    for (size_t g = 0; g < sample->group_count; g++) {
        text_addf(columns, ", (%s) as group%zu", sample->groups[g].sql, g + 1);
        text_addf(names, ", group%zu", g + 1);
    }
    /* Who has no earlier value gets the mean of the others, which with an indicator beside it may
       be any number: fit and effect are the same. Leaving them out would leave out who is new. */
    size_t next = sample->covariate_count + 1;
    if (sample->earlier) {
        text_addf(columns,
                  ", coalesce(earlier.mean, (select avg(e.mean) from earlier e)) as x%zu, "
                  "(earlier.mean is null)::double as x%zu",
                  next, next + 1);
        text_addf(names, ", x%zu, x%zu", next, next + 1);
    }
}

size_t sample_covariates(const struct sample *sample)
{
    return sample->covariate_count + (sample->earlier ? 1 + sample->earlier_partly : 0);
}

static const char *in_use_case(const struct sample *sample)
{
    return sample->use_case != NULL ? "facts.use_case = $use_case" : "true";
}

/* What was known when the period began. A unit's work that was in an arm already is left out: it
   would take part of the effect away. Items are drawn one by one, whatever came before. */
static const char *earlier_sql(struct arena *arena, const struct sample *sample)
{
    bool by_item =
        sample->arms.kind != ARMS_BY_ASSIGNMENT || strcmp(sample->arms.unit_kind, "item") == 0;
    if (!sample->earlier)
        return "";
    return TEXT_FILLED(
        arena, embedded_text("evidence/sample/earlier.sql"),
        {"outcome", value_columns(arena, sample->metric)}, {"reason", value_reason(arena, sample)},
        {"arm", by_item ? "null" : arm_sql(arena, sample)},
        {"assignment", by_item ? "" : assignment_join(arena, sample)},
        {"mean", sample->metric->kind == METRIC_RATIO
                     ? "avg(y) - avg(d) * sum(sum(y)) over () / nullif(sum(sum(d)) over (), 0e0)"
                     : "avg(y)"},
        {"matures", arena_printf(arena, "%lld", (long long)sample->metric->matures_after)},
        {"cohort", arena_printf(arena, "%s and %s", in_use_case(sample),
                                in_span(arena, &sample->earlier_span, "earlier"))});
}

/* Which items are there at all, beside when. What other arms of the plan hold is not: an item in
   one of them is missing from neither of these two. */
static const char *among(struct arena *arena, const struct sample *sample)
{
    const char *scope = sample->scope != NULL ? sample->scope : "true";
    if (sample->arms.others.count > 0)
        return arena_printf(arena, "%s and (%s) is not true", scope, in_other_arm(arena, sample));
    if (sample->arms.kind != ARMS_BY_ASSIGNMENT || !sample->arms.more)
        return scope;
    return arena_printf(arena, "%s and (assigned.unit is null or assigned.in_arm is not null)",
                        scope);
}

char *sample_assigned_sql(struct arena *arena, const struct sample *sample)
{
    return arena_printf(arena,
                        "select facts.*, %s as arm, assigned.since as assigned_since from facts %s "
                        "where %s and %s and %s",
                        arm_sql(arena, sample), assignment_join(arena, sample), in_use_case(sample),
                        in_span(arena, &sample->span, "now"), among(arena, sample));
}

char *sample_sql(struct arena *arena, const struct sample *sample)
{
    const struct metric *metric = sample->metric;
    if (sample->taken != NULL)
        return arena_printf(arena, "%s", sample->taken);
    struct text covariates = {.arena = arena};
    struct reasons missing = reasons_begin(arena);
    struct text names = {.arena = arena};
    if (metric->kind == METRIC_RATIO)
        text_add(&names, ", d, state, calls_priced, calls_unpriced");
    add_covariates(sample, &covariates, &missing, &names);
    bool duration = metric->kind == METRIC_DURATION;
    const char *sql = embedded_text(duration ? "evidence/sample/sample_duration.sql"
                                             : "evidence/sample/sample_value.sql");
    const char *in_time = in_span(arena, &sample->span, "now");
    if (sample->arms.kind == ARMS_BY_PERIOD)
        in_time = arena_printf(arena, "(%s or %s)", in_time,
                               in_span(arena, &sample->arms.before, "before"));
    return TEXT_FILLED(
        arena, sql,
        {"outcome", duration ? duration_columns(arena, sample) : value_columns(arena, metric)},
        {"reason", duration ? "null" : value_reason(arena, sample)},
        {"followed", duration ? followed_sql(arena, sample) : ""},
        {"landmark", has_landmark(sample) ? sql_number(arena, sample->landmark_minutes) : "0e0"},
        {"above", sample->has_most
                      ? arena_printf(arena, " or y > %s", sql_number(arena, sample->most))
                      : ""},
        {"cluster", cluster_sql(sample)}, {"washout", washout_sql(arena, sample)},
        {"arm", arm_sql(arena, sample)}, {"late", late_sql(sample)},
        {"cell", sample->cell != NULL ? sample->cell : "''"}, {"covariates", text_get(&covariates)},
        {"covariate_names", text_get(&names)}, {"covariates_missing", reasons_sql(&missing)},
        {"earlier", earlier_sql(arena, sample)},
        {"earlier_too",
         sample->earlier ? "left join earlier on earlier.worker = facts.worker" : ""},
        {"assignment", assignment_join(arena, sample)},
        {"cohort", arena_printf(arena, "%s and %s and %s", in_use_case(sample), in_time,
                                among(arena, sample))});
}

struct engine_values sample_values(struct arena *arena, const struct sample *sample)
{
    struct engine_value *list = arena_array(arena, 12, sizeof *list);
    size_t count = 0;
    list[count++] = engine_text("use_case", sample->use_case);
    list[count++] = engine_time("now_from", sample->span.from);
    list[count++] = engine_time("now_until", sample->span.until);
    list[count++] = engine_time("before_from", sample->arms.before.from);
    list[count++] = engine_time("before_until", sample->arms.before.until);
    list[count++] = engine_time("earlier_from", sample->earlier_span.from);
    list[count++] = engine_time("earlier_until", sample->earlier_span.until);
    list[count++] = engine_text("plan", sample->arms.plan);
    list[count++] = engine_text("unit_kind", sample->arms.unit_kind);
    list[count++] = engine_text("arm_0", sample->arms.names[0]);
    list[count++] = engine_text("arm_1", sample->arms.names[1]);
    return (struct engine_values){list, count};
}
