/* The file of a plan that is being written. */

#include "model/plan_draft.h"

#include "base/error.h"
#include "base/text.h"

#include <ctype.h>
#include <string.h>

/* Designs as bits, in the order of enum plan_design. */
enum {
    RANDOMISED = 1 << PLAN_RANDOMISED,
    SWITCHBACK = 1 << PLAN_SWITCHBACK,
    STAGGERED = 1 << PLAN_STAGGERED,
    ENCOURAGEMENT = 1 << PLAN_ENCOURAGEMENT,
    LIKE_WITH_LIKE = 1 << PLAN_LIKE_WITH_LIKE,
    BEFORE_AFTER = 1 << PLAN_BEFORE_AFTER,
    ASSIGNED = RANDOMISED | SWITCHBACK | STAGGERED | ENCOURAGEMENT
};

static const struct {
    const char *name;
    const char *flag;
    int designs; /* that it is said of; 0: it is not said of a design */
    bool list;   /* of formulas or arms, with commas between */
} keys[DRAFT_KEYS] = {
    [DRAFT_USE_CASE] = {"use_case", "use-case", 0, false},
    [DRAFT_QUESTION] = {"question", "question", 0, false},
    [DRAFT_DESIGN] = {"design", "design", 0, false},
    [DRAFT_UNIT] = {"unit", "unit", ASSIGNED, false},
    [DRAFT_PROBABILITY] = {"probability", "probability", RANDOMISED | ENCOURAGEMENT, false},
    [DRAFT_STRATA] = {"strata", "strata", RANDOMISED, true},
    [DRAFT_CELLS] = {"cells", "cells", LIKE_WITH_LIKE, true},
    [DRAFT_BLOCK] = {"block", "block", SWITCHBACK, false},
    [DRAFT_WASHOUT] = {"washout", "washout", SWITCHBACK, false},
    [DRAFT_ANTICIPATION] = {"anticipation", "anticipation", STAGGERED, false},
    [DRAFT_EVERY] = {"every", "every", STAGGERED, false},
    [DRAFT_DATE] = {"date", "date", BEFORE_AFTER, false},
    [DRAFT_POLICY] = {"policy", "policy", BEFORE_AFTER, false},
    [DRAFT_SEASON] = {"season", "season", BEFORE_AFTER, false},
    [DRAFT_ARMS] = {"arms", "arms", 0, true},
    [DRAFT_FROM] = {"from", "from", 0, false},
    [DRAFT_TO] = {"to", "to", 0, false},
    [DRAFT_METRIC] = {"metric", "metric", 0, false},
    [DRAFT_IMPROVE_BY] = {"improve_by", "improve-by", 0, false},
    [DRAFT_ADJUST_FOR] = {"adjust_for", "adjust-for", 0, true},
    [DRAFT_LOOKS] = {"looks", "looks", 0, false},
    [DRAFT_ITEMS] = {"items", "items", 0, false},
    [DRAFT_CONFIDENCE] = {"confidence", "confidence", 0, false},
};

const char *plan_draft_key(enum draft_key key)
{
    return keys[key].name;
}

const char *plan_draft_flag(enum draft_key key)
{
    return keys[key].flag;
}

/* A design that is none is one of all words: reading the file names it. */
static int bit_of(const char *design)
{
    for (int i = PLAN_RANDOMISED; i <= PLAN_BEFORE_AFTER; i++)
        if (strcmp(design, plan_design_name((enum plan_design)i)) == 0)
            return 1 << i;
    return -1;
}

bool plan_draft_fits(const char *design, enum draft_key key)
{
    return keys[key].designs == 0 || (keys[key].designs & bit_of(design)) != 0;
}

/* What should improve is no guardrail. */
static void leave_out_guardrail(struct plan_draft *draft, const char *metric)
{
    size_t kept = 0;
    size_t length = strlen(metric);
    for (size_t i = 0; i < draft->guardrail_count; i++) {
        const char *guardrail = draft->guardrails[i];
        if (strncmp(guardrail, metric, length) != 0 || guardrail[length] != ':')
            draft->guardrails[kept++] = guardrail;
    }
    draft->guardrail_count = kept;
}

void plan_draft_set(struct plan_draft *draft, enum draft_key key, const char *value)
{
    const char *before = draft->value[key];
    bool other = before != NULL && strcmp(before, value) != 0;
    if (key == DRAFT_DESIGN && other) {
        for (int i = 0; i < DRAFT_KEYS; i++)
            if (keys[i].designs != 0)
                draft->value[i] = NULL;
        draft->why = NULL;
    }
    if (key == DRAFT_METRIC && other) {
        draft->value[DRAFT_IMPROVE_BY] = NULL;
        draft->because = NULL;
        leave_out_guardrail(draft, value);
    }
    draft->value[key] = value;
}

enum draft_key plan_draft_missing(const struct plan_draft *draft)
{
    static const enum draft_key always[] = {DRAFT_USE_CASE, DRAFT_METRIC, DRAFT_IMPROVE_BY,
                                            DRAFT_DESIGN,   DRAFT_FROM,   DRAFT_TO};
    static const struct {
        int designs;
        enum draft_key key;
    } by_design[] = {
        {ASSIGNED, DRAFT_UNIT},
        {SWITCHBACK, DRAFT_BLOCK},
        {SWITCHBACK, DRAFT_WASHOUT},
        {LIKE_WITH_LIKE, DRAFT_CELLS},
    };
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        if (draft->value[always[i]] == NULL)
            return always[i];
    int bit = bit_of(draft->value[DRAFT_DESIGN]);
    for (size_t i = 0; i < sizeof by_design / sizeof *by_design; i++)
        if (bit > 0 && (bit & by_design[i].designs) != 0 && draft->value[by_design[i].key] == NULL)
            return by_design[i].key;
    bool undivided = draft->value[DRAFT_DATE] == NULL && draft->value[DRAFT_POLICY] == NULL;
    return bit == BEFORE_AFTER && undivided ? DRAFT_DATE : DRAFT_KEYS;
}

/* ---- Scalars ------------------------------------------------------------------------------- */

static bool is_plain(const char *text)
{
    static const char *const words[] = {"null", "true", "false", "yes", "no", "on", "off"};
    static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.%";
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(text, words[i]) == 0)
            return false;
    size_t length = strspn(text, "0123456789-");
    bool date = length == 10 && text[length] == '\0';
    return date || (isalnum((unsigned char)text[0]) && text[strspn(text, safe)] == '\0');
}

/* The text as YAML: plain where it cannot be misread, else in double quotes. */
static void add_scalar(struct text *out, const char *text)
{
    if (is_plain(text)) {
        text_add(out, text);
        return;
    }
    text_add(out, "\"");
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\')
            text_addf(out, "\\%c", c);
        else if (c < 0x20 || c == 0x7f)
            text_addf(out, "\\x%02x", c);
        else
            text_add_n(out, text, 1);
    }
    text_add(out, "\"");
}

static void add_list(struct arena *arena, struct text *out, const char *text)
{
    text_add(out, "[");
    for (bool more = true; more;) {
        size_t length = formula_list_part(text);
        add_scalar(out, text_trimmed(arena, text, length));
        more = text[length] == ',';
        text += length + (more ? 1 : 0);
        text_add(out, more ? ", " : "]");
    }
}

/* ---- Lines --------------------------------------------------------------------------------- */

struct writing {
    struct arena *arena;
    const struct plan_draft *draft;
    struct text out;
    struct plan_draft_span *spans;
    size_t span_count;
    size_t capacity;
    size_t lines;
};

/* Of the line that comes next. */
static void span(struct writing *to, const char *flag, size_t from, size_t until)
{
    to->spans = arena_grow(to->arena, to->spans, to->span_count, &to->capacity, sizeof *to->spans);
    to->spans[to->span_count++] =
        (struct plan_draft_span){to->lines + 1, from, until, arena_printf(to->arena, "--%s", flag)};
}

static void line(struct writing *to, const char *flag, const char *text)
{
    if (flag != NULL)
        span(to, flag, 1, SIZE_MAX);
    to->lines++;
    text_addf(&to->out, "%s\n", text);
}

const char *plan_draft_flag_at(const struct plan_draft_file *file, size_t line, size_t column)
{
    const struct plan_draft_span *best = NULL;
    for (size_t i = 0; i < file->span_count; i++) {
        const struct plan_draft_span *one = &file->spans[i];
        if (one->line == line && one->from <= column && column < one->until &&
            (best == NULL || one->until - one->from < best->until - best->from))
            best = one;
    }
    return best != NULL ? best->flag : NULL;
}

enum { comment_cells = 96 };

/* A paragraph after "# ", words kept whole. */
static void comment(struct writing *to, const char *text)
{
    while (*text != '\0') {
        size_t length = strlen(text);
        if (length > comment_cells) {
            length = comment_cells;
            while (length > 1 && text[length] != ' ')
                length--;
        }
        line(to, NULL, arena_printf(to->arena, "# %.*s", (int)length, text));
        text += length;
        text += strspn(text, " ");
    }
}

static const char *value_text(struct writing *to, enum draft_key key)
{
    struct text out = {.arena = to->arena};
    if (keys[key].list)
        add_list(to->arena, &out, to->draft->value[key]);
    else
        add_scalar(&out, to->draft->value[key]);
    return text_get(&out);
}

/* "key: value", or where it is not said, the example behind a comment sign. */
static void entry(struct writing *to, enum draft_key key, const char *example)
{
    if (to->draft->value[key] != NULL)
        line(to, keys[key].flag,
             arena_printf(to->arena, "%s: %s", keys[key].name, value_text(to, key)));
    else if (example != NULL)
        line(to, NULL, arena_printf(to->arena, "# %s: %s", keys[key].name, example));
}

/* "name: value" at the end of a line that is being made, behind "{" or ", ". */
static void add_entry(struct writing *to, struct text *out, const char *before, enum draft_key key)
{
    text_add(out, before);
    size_t from = strlen(text_get(out)) + 1;
    text_addf(out, "%s: %s", key == DRAFT_DESIGN ? "kind" : keys[key].name, value_text(to, key));
    span(to, keys[key].flag, from, strlen(text_get(out)) + 1);
}

static void design_line(struct writing *to)
{
    struct text out = {.arena = to->arena};
    add_entry(to, &out, "design: {", DRAFT_DESIGN);
    for (int key = 0; key < DRAFT_KEYS; key++)
        if (keys[key].designs != 0 && to->draft->value[key] != NULL)
            add_entry(to, &out, ", ", (enum draft_key)key);
    text_add(&out, "}");
    line(to, "design", text_get(&out));
}

/* "before{a: …, b: …}", whose whole is said to be a's. */
static void pair_line(struct writing *to, const char *before, enum draft_key a, enum draft_key b)
{
    struct text out = {.arena = to->arena};
    add_entry(to, &out, before, a);
    add_entry(to, &out, ", ", b);
    text_add(&out, "}");
    line(to, keys[a].flag, text_get(&out));
}

static enum status guardrail_lines(struct writing *to, struct error *error)
{
    const struct plan_draft *draft = to->draft;
    comment(to, "What may not get worse by more than this; a gain that breaks one has its price.");
    if (draft->guardrail_count == 0) {
        comment(to, "guardrails:");
        comment(to, "  - {metric: rework_rate, allow: 1pp}");
        return STATUS_OK;
    }
    line(to, "guardrail", "guardrails:");
    for (size_t i = 0; i < draft->guardrail_count; i++) {
        struct text out = {.arena = to->arena};
        const char *colon = strrchr(draft->guardrails[i], ':');
        if (colon == NULL || colon == draft->guardrails[i] || colon[1] == '\0')
            return error_at(error, ERROR_INPUT, "--guardrail", 0, 0,
                            "\"%.80s\" is no guardrail; write METRIC:AMOUNT, such as "
                            "rework_rate:1pp",
                            draft->guardrails[i]);
        size_t length = (size_t)(colon - draft->guardrails[i]);
        text_add(&out, "  - {metric: ");
        add_scalar(&out, text_trimmed(to->arena, draft->guardrails[i], length));
        text_add(&out, ", allow: ");
        add_scalar(&out, text_trimmed(to->arena, colon + 1, strlen(colon + 1)));
        text_add(&out, "}");
        line(to, "guardrail", text_get(&out));
    }
    return STATUS_OK;
}

static void head_lines(struct writing *to)
{
    const struct plan_draft *draft = to->draft;
    struct arena *arena = to->arena;
    line(to, NULL,
         draft->template == NULL
             ? arena_printf(arena, "# The plan %s. docs/plans.md describes every key.", draft->name)
             : arena_printf(arena,
                            "# The plan %s, from the template %s. docs/plans.md describes "
                            "every key.",
                            draft->name, draft->template));
    line(to, NULL,
         arena_printf(arena,
                      "#   assay plan check %s     is it fine?  Then, before the period "
                      "begins:",
                      draft->name));
    line(to, NULL, arena_printf(arena, "#   assay plan lock %s", draft->name));
    line(to, NULL, arena_printf(arena, "plan: %s", draft->name));
    line(to, NULL, "");
}

static bool is_of(const struct plan_draft *draft, int designs)
{
    return (bit_of(draft->value[DRAFT_DESIGN]) & designs) != 0;
}

/* Other designs refuse covariates: nothing is said of them unless they are asked for. */
static void adjust_lines(struct writing *to)
{
    const struct plan_draft *draft = to->draft;
    bool takes = is_of(draft, RANDOMISED | SWITCHBACK | ENCOURAGEMENT);
    if (!takes && draft->value[DRAFT_ADJUST_FOR] == NULL)
        return;
    comment(to, "What is known of an item before the outcome makes the interval narrower; earlier "
                "is each person's mean in the period before. For means and proportions.");
    entry(to, DRAFT_ADJUST_FOR, "[earlier]");
    if (!is_of(to->draft, SWITCHBACK)) /* its effects of teams leave no room for slopes */
        comment(to, "interact: true");
    line(to, NULL, "");
}

static void rest_lines(struct writing *to)
{
    const char *unit = to->draft->value[DRAFT_UNIT];
    comment(to, "Only some of the items; teams and roles by name, any other rule as a formula.");
    comment(to, "scope: {teams: [billing], roles: [agent], where: size > 3}");
    line(to, NULL, "");
    adjust_lines(to);
    comment(to, "What varies by itself: the coarser of worker and unit, unless said.");
    comment(to, unit != NULL && strcmp(unit, "team") == 0 ? "cluster: team" : "cluster: worker");
    comment(to, is_of(to->draft, STAGGERED | BEFORE_AFTER)
                    ? "When numbers may be looked at: at the end; and the items expected by then."
                    : "When numbers may be looked at: at the end, or anytime with the items "
                      "expected.");
    entry(to, DRAFT_LOOKS, "end");
    entry(to, DRAFT_ITEMS, "4000");
    comment(to, "Times are followed up to here, in place of the metric's own horizon.");
    comment(to, "horizon: 30d");
    entry(to, DRAFT_CONFIDENCE, "0.95");
}

enum status plan_draft_write(struct arena *arena, const struct plan_draft *draft,
                             struct plan_draft_file *out, struct error *error)
{
    struct writing to = {.arena = arena, .draft = draft, .out = {.arena = arena}};
    head_lines(&to);
    comment(&to, arena_printf(arena, "The kind of work, as assay status lists it%s%s.",
                              draft->about != NULL ? ": " : "",
                              draft->about != NULL ? draft->about : ""));
    entry(&to, DRAFT_USE_CASE, NULL);
    entry(&to, DRAFT_QUESTION, "Does it get better, and for whom?");
    line(&to, NULL, "");
    comment(&to, arena_printf(arena, "How it will be told.%s%s", draft->why != NULL ? " " : "",
                              draft->why != NULL ? draft->why : ""));
    design_line(&to);
    comment(&to, "The baseline first.");
    entry(&to, DRAFT_ARMS, "[no_ai, ai]");
    comment(&to, "Items opened from the first day to the last, both included.");
    pair_line(&to, "period: {", DRAFT_FROM, DRAFT_TO);
    line(&to, NULL, "");
    comment(&to, arena_printf(arena, "%s%sIt should improve by so much at least to be worth it.",
                              draft->because != NULL ? draft->because : "",
                              draft->because != NULL ? " " : ""));
    pair_line(&to, "primary: {", DRAFT_METRIC, DRAFT_IMPROVE_BY);
    enum status status = guardrail_lines(&to, error);
    if (status != STATUS_OK)
        return status;
    line(&to, NULL, "");
    rest_lines(&to);
    *out = (struct plan_draft_file){text_get(&to.out), to.spans, to.span_count};
    return STATUS_OK;
}
