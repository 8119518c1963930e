#include "report/format.h"

#include "base/text.h"
#include "base/time.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- Reading the document --------------------------------------------------------------- */

const json_t *at(const json_t *json, const char *path)
{
    char key[64];
    while (json != NULL && *path != '\0') {
        size_t length = strcspn(path, ".");
        if (length >= sizeof key)
            return NULL;
        memcpy(key, path, length);
        key[length] = '\0';
        json = json_object_get(json, key);
        path += length + (path[length] == '.' ? 1 : 0);
    }
    return json;
}

const char *text_at(const json_t *json, const char *path)
{
    const char *text = json_string_value(at(json, path));
    return text != NULL ? text : "";
}

double number_at(const json_t *json, const char *path)
{
    const json_t *value = at(json, path);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

bool has_numbers(const json_t *part)
{
    return part != NULL && json_is_number(json_object_get(part, "effect"));
}

/* ---- Numbers ---------------------------------------------------------------------------- */

/* Decimals that keep about three figures, two at least. */
static int decimals(double size)
{
    size = fabs(size);
    return size >= 100 ? 0 : size >= 10 ? 1 : 2;
}

/* A number with a true minus sign, and a plus where asked for. What rounds to 0 has no sign. */
static char *signed_number(struct arena *arena, double x, int places, bool plus)
{
    char *digits = arena_printf(arena, "%.*f", places, fabs(x));
    bool zero = strspn(digits, "0.") == strlen(digits);
    return arena_printf(arena, "%s%s", zero ? "" : x < 0 ? "−" : plus ? "+" : "", digits);
}

/* Minutes as the unit that people would say. */
struct time_unit {
    double minutes;
    const char *name;
};

static struct time_unit time_unit(double minutes)
{
    minutes = fabs(minutes);
    if (minutes < 1)
        return (struct time_unit){1.0 / 60, "s"};
    if (minutes < 120)
        return (struct time_unit){1, "min"};
    if (minutes < 48 * 60)
        return (struct time_unit){60, "h"};
    return (struct time_unit){24 * 60, "d"};
}

static bool is_time(const json_t *metric)
{
    return strcmp(text_at(metric, "unit"), "minutes") == 0;
}

static bool is_share(const json_t *metric)
{
    return strcmp(text_at(metric, "kind"), "proportion") == 0;
}

/* Sums of money over many items are small: three figures of them, whatever their size. */
static int decimals_of_ratio(double size)
{
    size = fabs(size);
    return size > 0 && size < 0.1 ? (int)fmin(8, 2 - floor(log10(size))) : decimals(size);
}

char *format_value(struct arena *arena, const json_t *metric, double value)
{
    if (isnan(value))
        return "–";
    if (is_share(metric))
        return arena_printf(arena, "%s %%", signed_number(arena, value * 100, 1, false));
    if (is_time(metric)) {
        struct time_unit unit = time_unit(value);
        double number = value / unit.minutes;
        return arena_printf(arena, "%s %s",
                            signed_number(arena, number, number < 10 ? 1 : 0, false), unit.name);
    }
    const char *name = text_at(metric, "unit");
    bool named = name[0] != '\0' && strcmp(name, "of 1") != 0;
    bool ratio = strcmp(text_at(metric, "kind"), "ratio") == 0;
    int places = ratio ? decimals_of_ratio(value) : decimals(value);
    return arena_printf(arena, "%s%s%s", signed_number(arena, value, places, false),
                        named ? " " : "", named ? name : "");
}

char *format_from_to(struct arena *arena, const json_t *metric, double from, double to)
{
    if (is_time(metric)) {
        struct time_unit unit = time_unit(fmin(from, to));
        double a = from / unit.minutes;
        double b = to / unit.minutes;
        int places = fmin(a, b) < 10 ? 1 : 0;
        return arena_printf(arena, "%s → %s %s", signed_number(arena, a, places, false),
                            signed_number(arena, b, places, false), unit.name);
    }
    return arena_printf(arena, "%s → %s", format_value(arena, metric, from),
                        format_value(arena, metric, to));
}

/* The number of an effect as it is shown, without its unit. */
static char *effect_number(struct arena *arena, const char *scale, double effect)
{
    if (isnan(effect))
        return "?";
    if (strcmp(scale, "relative") == 0)
        return signed_number(arena, effect * 100, fabs(effect) < 0.095 ? 1 : 0, true);
    if (strcmp(scale, "points") == 0)
        return signed_number(arena, effect * 100, fabs(effect) < 0.0095 ? 2 : 1, true);
    return signed_number(arena, effect, fabs(effect) < 0.1 ? 3 : decimals(effect), true);
}

char *format_effect(struct arena *arena, const json_t *metric, const char *scale, double effect)
{
    const char *number = effect_number(arena, scale, effect);
    if (strcmp(scale, "relative") == 0)
        return arena_printf(arena, "%s %%", number);
    if (strcmp(scale, "points") == 0)
        return arena_printf(arena, "%s points", number);
    const char *unit = text_at(metric, "unit");
    return arena_printf(arena, "%s%s%s", number, unit[0] != '\0' ? " " : "", unit);
}

char *format_range(struct arena *arena, const char *scale, const json_t *interval)
{
    const json_t *low = json_array_get(interval, 0);
    const json_t *high = json_array_get(interval, 1);
    const char *unit = strcmp(scale, "relative") == 0 ? " %" : "";
    if (!json_is_number(low) && !json_is_number(high))
        return "no interval";
    if (!json_is_number(high))
        return arena_printf(arena, "at least %s%s, no upper bound",
                            effect_number(arena, scale, json_number_value(low)), unit);
    if (!json_is_number(low))
        return arena_printf(arena, "at most %s%s, no lower bound",
                            effect_number(arena, scale, json_number_value(high)), unit);
    return arena_printf(arena, "%s … %s", effect_number(arena, scale, json_number_value(low)),
                        effect_number(arena, scale, json_number_value(high)));
}

char *format_estimate(struct arena *arena, const json_t *metric, const char *scale,
                      const json_t *part)
{
    return arena_printf(arena, "%s (%s)",
                        format_effect(arena, metric, scale, number_at(part, "effect")),
                        format_range(arena, scale, at(part, "interval")));
}

char *format_count(struct arena *arena, json_int_t count)
{
    char *digits = arena_printf(arena, "%lld", (long long)count);
    size_t length = strlen(digits);
    struct text out = {.arena = arena};
    for (size_t i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0 && digits[i - 1] != '-')
            text_add(&out, ",");
        text_add_n(&out, digits + i, 1);
    }
    return out.bytes;
}

const char *format_count_at(struct arena *arena, const json_t *json, const char *key)
{
    const json_t *count = at(json, key);
    return json_is_integer(count) ? format_count(arena, json_integer_value(count)) : "–";
}

char *format_days(struct arena *arena, double days)
{
    /* Two hours are 0.08333 days, and that is a hair under two hours. */
    double minutes = round(days * 24 * 60 * 1e6) / 1e6;
    struct time_unit unit = time_unit(minutes);
    double number = minutes / unit.minutes;
    return arena_printf(arena, "%s %s", signed_number(arena, number, number < 10 ? 1 : 0, false),
                        unit.name);
}

const char *format_remaining(struct arena *arena, const json_t *comparison)
{
    double landmark = number_at(comparison, "landmark_days");
    if (isnan(landmark))
        return "";
    return arena_printf(arena, " still to go after %s", format_days(arena, landmark));
}

const char *format_matched(struct arena *arena, const json_t *change)
{
    const double most = 0.8;
    double matched = number_at(change, "matched");
    const char *of = json_is_true(at(change, "assigned_only")) ? " that were assigned" : "";
    if (!(matched < most))
        return of[0] == '\0' ? "" : " of the items that were assigned";
    return arena_printf(arena, " like with like on %.0f %% of the items%s", matched * 100, of);
}

const char *format_like(const json_t *comparison)
{
    const char *design = text_at(comparison, "design");
    bool like = strcmp(design, "like_with_like") == 0 ||
                (strcmp(design, "before_after") == 0 && json_is_string(at(comparison, "cells")));
    return like ? "like with like " : "";
}

const char *format_horizon(struct arena *arena, const json_t *row)
{
    const json_t *comparison = at(row, "comparison");
    double landmark = number_at(comparison, "landmark_days");
    double of_arms = number_at(comparison, "horizon_days") + (isnan(landmark) ? 0 : landmark);
    double of_change = number_at(row, "change.horizon_days");
    if (json_is_object(at(comparison, "weekly")) || !(of_arms < of_change * (1 - 1e-6)))
        return NULL;
    return arena_printf(arena,
                        "AI's part counts times up to %s only, for beyond that too few people of "
                        "an arm still had open work; the change counts times up to %s",
                        format_days(arena, of_arms), format_days(arena, of_change));
}

static double items_of_arms(const json_t *row)
{
    const json_t *arms = at(row, "comparison.arms");
    return number_at(json_array_get(arms, 0), "items") +
           number_at(json_array_get(arms, 1), "items");
}

/* Beyond so many times as many a number is none: with a margin that small nobody gets there. */
static const double settle_times_most = 100;

static const char *more_items(struct arena *arena, const json_t *row, double needed)
{
    double items = items_of_arms(row);
    if (!(needed > 0) || !(items > 0))
        return NULL;
    double times = (items + needed) / items;
    if (times > settle_times_most)
        return arena_printf(arena,
                            "more than %.0f times as many items, from as many times the people,",
                            settle_times_most);
    if (times < 1.05)
        return arena_printf(arena, "%s more items, from a few more people,",
                            format_count(arena, (json_int_t)needed));
    return arena_printf(arena, "%s more items, from %.*f times as many people,",
                        format_count(arena, (json_int_t)needed), times < 9.95 ? 1 : 0, times);
}

const char *format_about(struct arena *arena, const char *about, const char *needed)
{
    static const char most[] = "more than";
    if (strncmp(needed, most, sizeof most - 1) != 0)
        return arena_printf(arena, "%s %s", about, needed);
    return strcmp(about, "About") == 0 ? arena_printf(arena, "M%s", needed + 1) : needed;
}

const char *format_needed(struct arena *arena, const json_t *row)
{
    bool too_few = strcmp(text_at(row, "verdict.reason"), "too_few") == 0;
    return too_few ? more_items(arena, row, number_at(row, "verdict.items_needed")) : NULL;
}

const char *format_settles(struct arena *arena, const json_t *row)
{
    const char *needed = format_needed(arena, row);
    const char *why = text_at(row, "verdict.needed_reason");
    if (needed != NULL)
        return arena_printf(arena, "%s would most likely settle it",
                            format_about(arena, "≈", needed));
    return why[0] != '\0' ? why : NULL;
}

const char *format_guardrail_needed(struct arena *arena, const json_t *row, const json_t *guardrail)
{
    return more_items(arena, row, number_at(guardrail, "items_needed"));
}

/* An arm of nearly all items is not worth a word. */
static const double nearly_all = 0.95;

const char *format_part_of(struct arena *arena, const json_t *row)
{
    double items = number_at(row, "items");
    double part = items_of_arms(row);
    bool assigned = strcmp(text_at(row, "comparison.arms_from"), "assignment") == 0;
    if (!assigned || !(part < nearly_all * items))
        return "";
    return arena_printf(arena, " on %.0f %% of the items", 100 * part / items);
}

/* ---- Words ------------------------------------------------------------------------------ */

struct word {
    const char *code;
    const char *glyph;
    const char *said;
};

static const struct word changes[] = {
    {"improved", "▲", "improved"},
    {"declined", "▼", "declined"},
    {"steady", "＝", "steady"},
    {"unclear", "? ", "unclear"},
};

static const struct word verdicts[] = {
    {"better", "▲", "better"},      {"trade_off", "◆", "at a price"},
    {"worse", "▼", "worse"},        {"no_material_change", "＝", "no change"},
    {"unproven", "? ", "unproven"}, {"withheld", "–", "withheld"},
};

static const struct word *find_word(const struct word *words, size_t count, const char *code)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i].code, code) == 0)
            return &words[i];
    return &words[count - 1];
}

const char *glyph_of_change(const char *word)
{
    return find_word(changes, sizeof changes / sizeof changes[0], word)->glyph;
}

const char *glyph_of_verdict(const char *word)
{
    return find_word(verdicts, sizeof verdicts / sizeof verdicts[0], word)->glyph;
}

const char *verdict_in_words(const char *word)
{
    return find_word(verdicts, sizeof verdicts / sizeof verdicts[0], word)->said;
}

const char *leaning_in_words(const json_t *row)
{
    const char *leaning = text_at(row, "verdict.leaning");
    bool within = strcmp(text_at(row, "verdict.word"), "no_material_change") == 0;
    /* A plan may ask for much, and what lies under that is not small by it. */
    bool planned = json_is_object(at(row, "plan"));
    if (strcmp(leaning, "better") == 0)
        return !within ? "leans to better" : planned ? "a gain" : "a small gain";
    if (strcmp(leaning, "worse") == 0)
        return !within ? "leans to worse" : planned ? "a loss" : "a small loss";
    return "";
}

const char *what_matters_in_words(struct arena *arena, const json_t *row)
{
    double margin = number_at(row, "verdict.margin");
    if (!json_is_object(at(row, "plan")))
        return "what matters";
    const char *amount =
        format_effect(arena, at(row, "metric"), text_at(row, "comparison.scale"), margin);
    return arena_printf(arena, "the %s that the plan asks", amount + (amount[0] == '+'));
}

static bool is_locked_when(const json_t *plan, const char *when)
{
    return strcmp(text_at(plan, "locked_when"), when) == 0;
}

/* "10 days before the first"; NULL: the days are not known. Of one day it is said which came first.
 */
static const char *from_lock_to_first(struct arena *arena, const json_t *plan, bool before)
{
    int64_t locked = 0;
    int64_t first = 0;
    char day[sizeof "0000-00-00"];
    (void)snprintf(day, sizeof day, "%.10s", text_at(plan, "locked"));
    if (!day_parse(day, &locked) || !day_parse(text_at(plan, "first_item_day"), &first))
        return NULL;
    long long days = before ? first - locked : locked - first;
    if (days == 0)
        return before ? "on the day of the first, before it" : "on the day of the first, after it";
    return arena_printf(arena, "%lld day%s %s the first", days, days == 1 ? "" : "s",
                        before ? "before" : "after");
}

bool is_planned_before(const json_t *row)
{
    return is_locked_when(at(row, "plan"), "before");
}

/* Only what was locked before the first item was planned. */
static const char *locked_in_words(struct arena *arena, const json_t *plan)
{
    bool before = is_locked_when(plan, "before");
    const char *first = from_lock_to_first(arena, plan, before);
    if (before)
        return arena_printf(arena, "planned %s", first != NULL ? first : "before the first");
    if (is_locked_when(plan, "within"))
        return arena_printf(arena, "locked %s, so not planned before",
                            first != NULL ? first : "after the first");
    if (is_locked_when(plan, "after"))
        return "locked after its period, so not planned before";
    return arena_printf(arena, "locked %.10s", text_at(plan, "locked"));
}

const char *planned_in_words(struct arena *arena, const json_t *plan)
{
    if (!json_is_object(plan))
        return "not planned";
    if (!json_is_string(at(plan, "locked")))
        return "a plan that is not locked";
    return arena_printf(arena, "%s%s%s%s", locked_in_words(arena, plan),
                        json_is_true(at(plan, "timeless")) ? ", of items without times" : "",
                        number_at(plan, "amended") > 0 ? ", amended" : "",
                        json_is_true(at(plan, "looked_early")) ? ", looked early" : "");
}

const char *part_in_words(struct arena *arena, const json_t *row)
{
    const char *arm = text_at(row, "plan.arm");
    return arm[0] == '\0' ? "AI's part"
                          : arena_printf(arena, "%s beside %s", arm, text_at(row, "plan.baseline"));
}

const char *every_look_in_words(const json_t *row)
{
    if (strcmp(text_at(row, "comparison.looks"), "anytime") != 0)
        return "";
    return is_planned_before(row) ? "valid at every look"
                                  : "valid at every look if nobody had looked before the lock";
}

const char *design_in_words(struct arena *arena, const json_t *row)
{
    const char *design = text_at(row, "comparison.design");
    const char *planned = planned_in_words(arena, at(row, "plan"));
    if (strcmp(design, "randomised") == 0)
        return arena_printf(arena, "as assigned: randomised · %s", planned);
    if (strcmp(design, "switchback") == 0)
        return arena_printf(arena, "teams in turn: randomised · %s", planned);
    if (strcmp(design, "assigned") == 0)
        return arena_printf(arena, "as assigned, without a probability · %s", planned);
    if (strcmp(design, "encouragement") == 0)
        return arena_printf(arena, "as offered: drawn, free to take · %s", planned);
    if (strcmp(design, "staggered") == 0)
        return arena_printf(arena, "one after the other: staggered · %s", planned);
    if (strcmp(design, "before_after") == 0)
        return arena_printf(
            arena, "before and after%s · %s · not randomised",
            json_is_object(at(row, "comparison.season")) ? ", less the year before" : "", planned);
    if (strcmp(design, "dose") == 0)
        return arena_printf(
            arena, "as found, by a team's share of work with AI · %s · not randomised", planned);
    if (strcmp(design, "worker_week") == 0)
        return arena_printf(arena, "as found, by people's weeks · %s · not randomised", planned);
    return arena_printf(arena, "as found · %s · not randomised", planned);
}

const char *design_in_short(struct arena *arena, const json_t *row)
{
    static const struct {
        const char *code;
        const char *said;
    } designs[] = {
        {"randomised", "randomised"},         {"assigned", "assigned, not at random"},
        {"like_with_like", "like with like"}, {"as_found", "as found"},
        {"dose", "by share of work with AI"}, {"worker_week", "by people's weeks"},
    };
    const char *design = text_at(row, "comparison.design");
    const char *unit = text_at(row, "comparison.unit");
    bool randomised = strcmp(design, "randomised") == 0;
    for (size_t i = 0; i < sizeof designs / sizeof designs[0]; i++)
        if (strcmp(designs[i].code, design) == 0)
            return !randomised ? designs[i].said
                               : arena_printf(arena, "%s by %s", designs[i].said,
                                              strcmp(unit, "worker") == 0 ? "person" : unit);
    return design;
}

struct arm_words {
    const char *arm;
    const char *said;
    const char *in_sentence;
    const char *given; /* the same, where arms were assigned: not all who are given AI use it */
    const char *given_in_sentence;
};

static const struct arm_words arm_words[] = {
    {"ai", "with AI", "with AI", "given AI", "where AI was given"},
    {"no_ai", "without AI", "without AI", "not given AI", "where it was not"},
    {"marked", "AI named", "where AI is named", "AI named", "where AI is named"},
    {"before", "before", "before that day", "before", "before that day"},
    {"after", "after", "from that day on", "after", "from that day on"},
    {"unmarked", "no AI named", "where no AI is named", "no AI named", "where no AI is named"},
};

static const struct arm_words *find_arm(const char *arm)
{
    for (size_t i = 0; i < sizeof arm_words / sizeof arm_words[0]; i++)
        if (strcmp(arm_words[i].arm, arm) == 0)
            return &arm_words[i];
    return NULL;
}

/* Who was encouraged was offered AI, and may have left it. */
static const struct arm_words *find_words(const json_t *comparison, const char *arm)
{
    static const struct arm_words offered[] = {
        {"ai", "offered AI", "where AI was offered", "offered AI", "where AI was offered"},
        {"no_ai", "not offered AI", "where it was not", "not offered AI", "where it was not"},
    };
    bool by_offer = strcmp(text_at(comparison, "design"), "encouragement") == 0;
    for (size_t i = 0; by_offer && i < sizeof offered / sizeof offered[0]; i++)
        if (strcmp(offered[i].arm, arm) == 0)
            return &offered[i];
    return find_arm(arm);
}

bool arm_is_known(const char *arm)
{
    return find_arm(arm) != NULL;
}

static bool is_given(const json_t *comparison)
{
    const char *from = text_at(comparison, "arms_from");
    return strcmp(from, "assignment") == 0 || strcmp(from, "seat") == 0;
}

static bool is_by_week(const json_t *comparison)
{
    return strcmp(text_at(comparison, "arms_from"), "week") == 0;
}

const char *arm_in_words(const json_t *comparison, const char *arm)
{
    const struct arm_words *words = find_words(comparison, arm);
    if (words == NULL)
        return arm;
    if (is_by_week(comparison))
        return strcmp(arm, "ai") == 0 ? "in weeks with AI" : "in weeks without";
    return is_given(comparison) ? words->given : words->said;
}

/* Arms that are named after what was used. */
static bool is_named(const json_t *comparison)
{
    const char *from = text_at(comparison, "arms_from");
    return strcmp(from, "tool") == 0 || strcmp(from, "model") == 0;
}

const char *arm_in_sentence(struct arena *arena, const json_t *comparison, const char *arm)
{
    const struct arm_words *words = find_words(comparison, arm);
    if (is_named(comparison) && strcmp(arm, "no_ai") != 0)
        return arena_printf(arena, "with %s", arm);
    if (words == NULL)
        return arm;
    if (is_by_week(comparison))
        return strcmp(arm, "ai") == 0 ? "in people's weeks with AI" : "in their weeks without";
    return is_given(comparison) ? words->given_in_sentence : words->in_sentence;
}

static bool is_withheld_alike(const json_t *one, const json_t *other)
{
    return strcmp(text_at(one, "what"), text_at(other, "what")) == 0 &&
           strcmp(text_at(one, "why"), text_at(other, "why")) == 0;
}

const char *withheld_in_words(struct arena *arena, const json_t *withheld, size_t index)
{
    const json_t *entry = json_array_get(withheld, index);
    size_t alike = 1;
    for (size_t i = 0; i < index; i++)
        if (is_withheld_alike(json_array_get(withheld, i), entry))
            return NULL;
    for (size_t i = index + 1; i < json_array_size(withheld); i++)
        alike += is_withheld_alike(json_array_get(withheld, i), entry);
    const char *times = alike > 1 ? arena_printf(arena, ", of %zu rows", alike) : "";
    return arena_printf(arena, "%s%s (%s)", text_at(entry, "what"), times, text_at(entry, "why"));
}
