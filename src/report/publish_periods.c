#include "report/publish_periods.h"

#include "report/publish_near.h"

#include <string.h>

void periods_add(struct periods *periods, const struct shown_set *set, const char *report)
{
    if (set->whose == NULL || *set->from == '\0')
        return;
    periods->list = arena_grow(periods->arena, periods->list, periods->count, &periods->capacity,
                               sizeof *periods->list);
    periods->list[periods->count++] =
        (struct period_number){set->whose, set->from, set->until, report};
}

/* ---- Days that are tied ------------------------------------------------------------------------
 */

struct tied_day {
    const char *day;
    const char *report;         /* one that begins or ends here */
    size_t tree;                /* days of one tree are tied */
    size_t before;              /* its tree before the number in hand came */
    struct contributions up_to; /* from a day of its tree on */
};

struct tied {
    struct arena *arena;
    struct tied_day *days;
    size_t count;
    size_t capacity;
    bool several; /* trees */
};

static size_t day_at(struct tied *tied, const char *day, const char *report)
{
    size_t i = 0;
    while (i < tied->count && strcmp(tied->days[i].day, day) != 0)
        i++;
    if (i == tied->count) {
        tied->days =
            arena_grow(tied->arena, tied->days, tied->count, &tied->capacity, sizeof *tied->days);
        tied->days[tied->count++] = (struct tied_day){
            .day = day, .tree = i, .before = i, .report = report, .up_to = {.known = true}};
    }
    return i;
}

static struct contributions between(const struct tied *tied, struct arena *arena, size_t from,
                                    size_t until)
{
    return contributions_less(arena, &tied->days[until].up_to, &tied->days[from].up_to);
}

static void tie(struct tied *tied, size_t from, size_t until, const struct contributions *whose)
{
    struct arena *arena = tied->arena;
    size_t tree = tied->days[until].tree;
    if (tied->days[from].tree == tree)
        return;
    const struct contributions end = contributions_joined(arena, &tied->days[from].up_to, whose);
    const struct contributions shift = contributions_less(arena, &end, &tied->days[until].up_to);
    for (size_t i = 0; i < tied->count; i++)
        if (tied->days[i].tree == tree) {
            tied->days[i].up_to = contributions_joined(arena, &tied->days[i].up_to, &shift);
            tied->days[i].tree = tied->days[from].tree;
        }
}

/* latest   where several reports are of the same days, the last of them counts, else the first */
static void tie_all(struct tied *tied, const struct periods *periods, bool latest)
{
    for (size_t i = 0; i < periods->count; i++) {
        const struct period_number *one = &periods->list[latest ? periods->count - 1 - i : i];
        size_t from = day_at(tied, one->from, one->report);
        size_t until = day_at(tied, one->until, one->report);
        tie(tied, from, until, one->whose);
    }
    for (size_t i = 0; i < tied->count; i++)
        tied->days[i].before = tied->days[i].tree;
}

/* ---- What is had ------------------------------------------------------------------------------
 */

static bool is_few(struct arena *arena, const struct contributions *rest, json_int_t least)
{
    int64_t people = contributions_tell_of(arena, rest);
    return people > 0 && people < least;
}

/* Of two days, are those between had by the number in hand? */
static bool is_new(const struct tied *tied, size_t from, size_t until)
{
    const struct tied_day *a = &tied->days[from];
    const struct tied_day *b = &tied->days[until];
    return a->tree == b->tree && a->before != b->before;
}

static bool is_within(const struct tied_day *from, const struct tied_day *until, const char *first,
                      const char *end)
{
    return strcmp(from->day, until->day) < 0 && strcmp(first, from->day) <= 0 &&
           strcmp(until->day, end) <= 0;
}

/* The longest days of another tree within those between two days, after `first`; false: none. */
static bool find_part(const struct tied *tied, size_t tree, const char *first, const char *end,
                      size_t *from, size_t *until)
{
    bool found = false;
    for (size_t i = 0; i < tied->count; i++)
        for (size_t j = 0; j < tied->count; j++) {
            const struct tied_day *a = &tied->days[i];
            const struct tied_day *b = &tied->days[j];
            if (a->tree != b->tree || a->tree == tree || !is_within(a, b, first, end))
                continue;
            int order = found ? strcmp(a->day, tied->days[*from].day) : -1;
            if (order > 0 || (order == 0 && strcmp(b->day, tied->days[*until].day) <= 0))
                continue;
            *from = i;
            *until = j;
            found = true;
        }
    return found;
}

/* The days between two, and what is left of them without all parts that are known. */
static bool tells_of_few(const struct tied *tied, size_t from, size_t until, json_int_t least)
{
    bool new = is_new(tied, from, until);
    if (!new && !tied->several)
        return false;
    struct arena *arena = arena_create();
    struct contributions rest = between(tied, arena, from, until);
    const char *first = tied->days[from].day;
    bool few = new &&is_few(arena, &rest, least);
    size_t part_from = 0;
    size_t part_until = 0;
    while (!few && find_part(tied, tied->days[from].tree, first, tied->days[until].day, &part_from,
                             &part_until)) {
        const struct contributions part = between(tied, arena, part_from, part_until);
        rest = contributions_less(arena, &rest, &part);
        new = new || is_new(tied, part_from, part_until);
        few = new &&is_few(arena, &rest, least);
        first = tied->days[part_until].day;
    }
    arena_destroy(arena);
    return few;
}

/* One of the days between which few are had; SIZE_MAX: between none. */
static size_t find_few(const struct tied *tied, size_t own_from, size_t own_until, json_int_t least)
{
    for (size_t i = 0; i < tied->count; i++)
        for (size_t j = 0; j < tied->count; j++)
            if (tied->days[i].tree == tied->days[j].tree &&
                strcmp(tied->days[i].day, tied->days[j].day) < 0 && tells_of_few(tied, i, j, least))
                return i != own_from && i != own_until ? i : j;
    return SIZE_MAX;
}

/* ---- Late items --------------------------------------------------------------------------------
 */

static bool are_days_of_one(const struct periods *periods, const struct shown_set *number)
{
    for (size_t i = 0; i < periods->count; i++)
        if (strcmp(periods->list[i].from, number->from) == 0 &&
            strcmp(periods->list[i].until, number->until) == 0)
            return true;
    return false;
}

/* The value is that of sums, or nearly: without what is late it would be in the same two digits. */
static enum periods_told of_late(const struct shown_set *number, const struct contributions *late)
{
    double weight = 0;
    double late_weight = 0;
    double late_total = 0;
    for (size_t i = 0; i < number->whose->count; i++)
        weight += number->whose->list[i].weight;
    for (size_t i = 0; i < late->count; i++) {
        late_weight += late->list[i].weight;
        late_total += late->list[i].total;
    }
    double without = (number->value * weight - late_total) / (weight - late_weight);
    return publish_same_two_digits(number->value, without) ? PERIODS_TELL_LATE : PERIODS_TELL_FEW;
}

static enum periods_told tell(const struct periods *periods, const struct shown_set *number,
                              bool latest, json_int_t least, const char **report)
{
    struct arena *arena = arena_create();
    struct tied tied = {.arena = arena};
    enum periods_told told = PERIODS_TELL_NOTHING;
    tie_all(&tied, periods, latest);
    size_t from = day_at(&tied, number->from, NULL);
    size_t until = day_at(&tied, number->until, NULL);
    size_t with = SIZE_MAX;
    if (tied.days[from].tree != tied.days[until].tree) {
        tie(&tied, from, until, number->whose);
        for (size_t i = 0; i < tied.count; i++)
            tied.several = tied.several || tied.days[i].tree != tied.days[0].tree;
        with = find_few(&tied, from, until, least);
        if (with != SIZE_MAX)
            told = PERIODS_TELL_FEW;
    } else if (!are_days_of_one(periods, number)) {
        const struct contributions parts = between(&tied, arena, from, until);
        const struct contributions late = contributions_less(arena, number->whose, &parts);
        with = from;
        if (is_few(arena, &late, least))
            told = of_late(number, &late);
    }
    if (told != PERIODS_TELL_NOTHING && tied.days[with].report != NULL)
        *report = tied.days[with].report;
    arena_destroy(arena);
    return told;
}

enum periods_told periods_tell(const struct periods *periods, const struct shown_set *number,
                               json_int_t least, const char **report)
{
    if (number->whose == NULL || *number->from == '\0' || periods->count == 0)
        return PERIODS_TELL_NOTHING;
    *report = periods->list[periods->count - 1].report;
    enum periods_told first = tell(periods, number, false, least, report);
    enum periods_told last =
        first == PERIODS_TELL_FEW ? first : tell(periods, number, true, least, report);
    return last > first ? last : first;
}
