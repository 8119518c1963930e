#include "report/methods_page.h"

#include "base/terminal.h"
#include "evidence/compare/designs.h"
#include "report/format.h"
#include "report/methods_words.h"

#include <string.h>

/* ---- Paragraphs ---------------------------------------------------------------------------- */

static void add_strata(struct methods *m, struct text *out)
{
    if (m->plan->strata.count == 0)
        return;
    text_add(out, " Drawn within strata of ");
    methods_add_formulas(m, out, &m->plan->strata);
    text_add(out, ".");
}

static void add_unit(struct methods *m, struct text *out)
{
    const struct plan *plan = m->plan;
    const char *unit = plan_unit_name(plan->unit);
    switch (plan->design) {
    case PLAN_RANDOMISED:
    case PLAN_ENCOURAGEMENT:
        text_addf(out, " by %s; each is in the arm %s with probability %g.", unit,
                  methods_code(m, plan->arms.list[1]), plan->probability);
        add_strata(m, out);
        return;
    case PLAN_SWITCHBACK:
        text_addf(out, " by %s, in blocks of %s whose first %s are left out.", unit,
                  duration_text(m->arena, plan->block), duration_text(m->arena, plan->washout));
        return;
    case PLAN_STAGGERED:
        text_addf(out, " by %s, counted by %s; anticipation %s.", unit,
                  plan->every == PLAN_WEEK ? "week" : "month",
                  duration_text(m->arena, plan->anticipation));
        add_strata(m, out);
        return;
    case PLAN_LIKE_WITH_LIKE:
        text_add(out, "; items are alike in ");
        methods_add_formulas(m, out, &plan->cells);
        text_add(out, ".");
        return;
    case PLAN_BEFORE_AFTER:
        if (plan->policy != NULL)
            text_addf(out, "; the policy %s divides.", methods_code(m, plan->policy));
        else
            text_addf(out, "; %s divides.", day_format(m->arena, plan->date));
    }
}

static void add_design(struct methods *m)
{
    struct text out = {.arena = m->arena};
    if (m->plan->question[0] != '\0')
        text_addf(&out, "%s ", text_printable(m->arena, m->plan->question));
    text_add(&out, methods_of_design(m->plan)->design);
    add_unit(m, &out);
    methods_paragraph(m, "Design", text_get(&out));
}

static void add_estimand(struct methods *m)
{
    const struct plan *plan = m->plan;
    const struct metric *metric = &plan->primary.metric;
    struct text out = {.arena = m->arena};
    text_addf(&out, "On %s (%s), as %s: %s. It is to improve (%s is better) by %s.",
              text_printable(m->arena, metric->label), methods_code(m, metric->name),
              methods_effect(metric), methods_of_design(plan)->estimand,
              metric->better == METRIC_LOWER ? "lower" : "higher", plan->primary.amount_text);
    for (size_t i = 0; i < plan->guardrail_count; i++)
        text_addf(&out, "%s%s by no more than %s", i == 0 ? " May get worse: " : ", ",
                  methods_code(m, plan->guardrails[i].name), plan->guardrails[i].amount_text);
    if (plan->guardrail_count > 0)
        text_add(&out, ".");
    methods_paragraph(m, "Estimand", text_get(&out));
}

static void add_population(struct methods *m)
{
    const struct plan *plan = m->plan;
    struct text out = {.arena = m->arena};
    if (json_is_true(at(m->row, "plan.timeless")))
        text_addf(&out, "All items of %s, which have no times", methods_code(m, plan->use_case));
    else
        text_addf(&out, "Items of %s opened from %s to %s", methods_code(m, plan->use_case),
                  day_format(m->arena, plan->period.from),
                  day_format(m->arena, plan->period.until - 1));
    text_addf(&out, "; the arm %s beside %s, the baseline.", methods_code(m, plan->arms.list[1]),
              methods_code(m, plan->arms.list[0]));
    methods_add_texts(m, &out, "Teams", &plan->teams);
    methods_add_texts(m, &out, "Roles", &plan->roles);
    if (plan->where.text != NULL)
        text_addf(&out, " Only where %s.", methods_code(m, plan->where.text));
    if (m->row == NULL)
        text_add(&out, " The period is not over in the data; no number was looked at for this.");
    else if (has_numbers(at(m->row, "comparison"))) {
        size_t index = 0;
        json_t *arm = NULL;
        json_array_foreach(at(m->row, "comparison.arms"), index, arm)
            text_addf(&out, "%s%s %s items of %s people", index == 0 ? " Analysed: " : ", ",
                      methods_code(m, text_at(arm, "arm")),
                      format_count(m->arena, json_integer_value(at(arm, "items"))),
                      format_count(m->arena, json_integer_value(at(arm, "workers"))));
        text_add(&out, ".");
    } else
        text_addf(&out, " There is no estimate: %s.",
                  text_printable(m->arena, text_at(m->row, "comparison.reason")));
    methods_paragraph(m, "Arms, population and period", text_get(&out));
}

/* A paragraph, with what is cited for all of it. */
static void add_cited(struct methods *m, const char *name, const char *text,
                      const enum reference *cites)
{
    struct text out = {.arena = m->arena};
    text_add_n(&out, text, strlen(text) - 1); /* without the full stop */
    methods_cite(m, &out, cites, 1);
    text_add(&out, ".");
    methods_paragraph(m, name, text_get(&out));
}

/* What the plan names beforehand, and how far it may be read. */
static void add_groups(struct methods *m)
{
    const struct plan *plan = m->plan;
    static const enum reference pooled[] = {REFERENCE_VIECHTBAUER, REFERENCE_KNAPP,
                                            REFERENCE_PRASAD};
    static const enum reference rate[] = {REFERENCE_BENJAMINI};
    struct text out = {.arena = m->arena};
    if (plan->by.count == 0)
        return;
    text_add(&out, "Named by the plan: ");
    methods_add_formulas(m, &out, &plan->by);
    text_addf(&out,
              ". In each value the arms are compared on its items alone%s, raw and shrunken "
              "towards the others by random effects (REML)",
              plan->adjust_for.count > 0 || plan->earlier ? ", without covariates" : "");
    methods_cite(m, &out, pooled, 3);
    text_add(&out, ". A group is called different from all others together at a false discovery "
                   "rate of .05 within each formula");
    methods_cite(m, &out, rate, 1);
    text_addf(&out, "; no verdict reads any of it.%s Groups of few people are put together.",
              plan->design == PLAN_LIKE_WITH_LIKE
                  ? " As found, a difference between groups may be one of who uses AI on what."
                  : "");
    methods_paragraph(m, "Effects by group", text_get(&out));
}

static void add_checks(struct methods *m)
{
    struct text out = {.arena = m->arena};
    size_t index = 0;
    json_t *check = NULL;
    json_array_foreach(at(m->row, "checks"), index, check) text_addf(
        &out, "%s%s: %s", index > 0 ? "; " : "", text_at(check, "check"), text_at(check, "state"));
    if (index == 0)
        text_add(&out, m->row == NULL
                           ? "They are made with the estimate (docs/checks.md); one that fails "
                             "makes the verdict unproven"
                           : "None could be made");
    text_add(&out, ".");
    methods_paragraph(m, "Data checks", text_get(&out));
}

static void add_multiplicity(struct methods *m)
{
    static const enum reference cites[] = {REFERENCE_BERGER, REFERENCE_SCHUIRMANN};
    struct text out = {.arena = m->arena};
    text_add(&out,
             "One primary metric. Better needs every guardrail held, each at the plan's level, "
             "without correction; no material change needs the interval within what is "
             "material on both sides");
    methods_cite(m, &out, cites, 2);
    text_add(&out,
             ". Among several plans of a quarter this is one: the report says how it corrects "
             "for their number.");
    methods_paragraph(m, "Multiplicity", text_get(&out));
}

static void add_registration(struct methods *m)
{
    const struct lock *lock = m->lock;
    struct text out = {.arena = m->arena};
    if (!lock->locked)
        text_add(&out, "The plan was not locked: nothing shows that it was made before the data.");
    else
        text_addf(&out, "Locked %s by the machine's clock.%s", time_format(m->arena, lock->at),
                  lock->at / TIME_DAY >= m->plan->period.until
                      ? " Its period was over by then: it was not made before the data."
                      : "");
    if (lock->amended > 0)
        text_addf(&out, " Amended %zu %s, last because: %s.", lock->amended,
                  lock->amended == 1 ? "time" : "times",
                  text_printable(m->arena, lock->reason != NULL ? lock->reason : "(not said)"));
    else if (lock->locked)
        text_add(&out, " Not amended.");
    if (lock->early_looks > 0)
        text_addf(&out,
                  " Its numbers were looked at before the period's end, at %zu %s of the data.",
                  lock->early_looks, lock->early_looks == 1 ? "state" : "states");
    else if (lock->locked)
        text_add(&out, " No look before the period's end is recorded.");
    methods_paragraph(m, "Registration", text_get(&out));
}

static void add_references(struct methods *m)
{
    const char *last = "";
    if (m->style == NULL)
        text_add(&m->lines.out, "**References.**\n\n");
    else
        lines_add(&m->lines, "", "", lines_colour(&m->lines, COLOUR_HEAD, "References"));
    for (int i = REFERENCE_NONE + 1; i < REFERENCES; i++) {
        const char *text = methods_reference((enum reference)i);
        if (!m->cited[i] || strcmp(text, last) == 0)
            continue;
        last = text;
        if (m->style == NULL)
            text_addf(&m->lines.out, "- %s\n", text);
        else
            lines_add(&m->lines, "  ", "    ", text);
    }
}

char *methods_page(struct arena *arena, const struct planned *planned, const json_t *document,
                   const struct text_style *style)
{
    static const struct text_style plain = {.width = 80};
    struct methods m = {
        .arena = arena,
        .plan = &planned->plan,
        .lock = &planned->lock,
        .row = document != NULL ? json_array_get(at(document, "rows"), 0) : NULL,
        .style = style,
        .lines = lines_start(arena, style != NULL ? style : &plain),
    };
    const struct methods_of_design *design = methods_of_design(m.plan);
    if (style == NULL)
        text_addf(&m.lines.out, "## Methods: %s\n\n", m.plan->name);
    else
        lines_add(
            &m.lines, "", "",
            lines_colour(&m.lines, COLOUR_HEAD, arena_printf(arena, "Methods: %s", m.plan->name)));
    add_design(&m);
    add_estimand(&m);
    add_population(&m);
    methods_add_estimator(&m);
    add_groups(&m);
    add_cited(&m, "Assumptions", design->assumptions, design->of_assumptions);
    add_checks(&m);
    add_cited(&m, "Sensitivity", design->sensitivity, design->of_sensitivity);
    add_multiplicity(&m);
    add_registration(&m);
    add_references(&m);
    return lines_finish(&m.lines);
}
