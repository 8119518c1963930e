#include "report/shown_whose.h"

#include "report/format.h"

#include <math.h>

static const char *const parts_of_change[sets_of_change] = {"before", "now"};
static const char *const parts_of_arms[2] = {"arm_0", "arm_1"};
static const char *const parts_of_guardrail[2] = {"guard_0", "guard_1"};

json_t *whose_changing(const json_t *row, size_t index)
{
    return index == 0 ? (json_t *)row : json_array_get(at(row, "also"), index - 1);
}

static struct published_number *number_of(const struct published_work *work,
                                          const struct shown_row *of, const char *metric,
                                          const char *part)
{
    const struct number_name name = {
        .report = of->sha256,
        .use_case = text_at(of->row, "use_case"),
        .metric = metric,
        .plan = text_at(of->row, "plan.name"),
        .arm = text_at(of->row, "plan.arm"),
        .part = part,
    };
    return published_work_find(work, &name);
}

/* Those who were forgotten: so many, with so many items together, as one with nearly all of them
   and others with one each, which is the worst that they can be. */
static const struct contributions *
with_forgotten(struct arena *arena, const struct contributions *left, int64_t people, int64_t items)
{
    struct contributions forgotten = {.known = true};
    struct contributions *out = arena_alloc(arena, sizeof *out);
    for (int64_t i = 0; i < people; i++) {
        int64_t theirs = i == 0 ? items - people + 1 : 1;
        const struct contribution one = {
            .worker = arena_printf(arena, "forgotten %08lld", (long long)i),
            .items = theirs,
            .weight = (double)theirs,
        };
        contributions_add(&forgotten, arena, &one);
    }
    *out = contributions_joined(arena, left, &forgotten);
    return out;
}

static const struct contributions *whose_of(const struct published_work *work,
                                            const struct shown_row *of, const char *metric,
                                            const char *part, const struct shown_set *set)
{
    const struct published_number *number = number_of(work, of, metric, part);
    if (number == NULL || set->items < 0 || set->workers < 0)
        return NULL;
    int64_t items = set->items - contributions_items(&number->contributions);
    int64_t people = set->workers - (int64_t)number->contributions.count;
    if (items == 0) /* two pseudonyms may be one person by now */
        return people >= 0 ? &number->contributions : NULL;
    if (of->name == NULL || items < 0 || people <= 0 || items < people)
        return NULL;
    return with_forgotten(work->arena, &number->contributions, people, items);
}

size_t whose_change(const struct published_work *work, const struct shown_row *of,
                    const json_t *changing, struct shown_set *out)
{
    size_t count = shown_change(of->document, changing, out);
    for (size_t i = 0; i < sets_of_change && i < count; i++)
        out[i].whose =
            whose_of(work, of, text_at(changing, "metric.name"), parts_of_change[i], &out[i]);
    return count;
}

size_t whose_comparison(const struct published_work *work, const struct shown_row *of,
                        struct shown_set *out)
{
    size_t count = shown_comparison(of->document, of->row, out);
    for (size_t arm = 0; arm < 2 && count > 0; arm++)
        out[arm].whose =
            whose_of(work, of, text_at(of->row, "metric.name"), parts_of_arms[arm], &out[arm]);
    if (count == sets_of_comparison && out[0].whose != NULL && out[1].whose != NULL) {
        struct contributions *both = arena_alloc(work->arena, sizeof *both);
        *both = contributions_joined(work->arena, out[0].whose, out[1].whose);
        out[2].whose = both;
    }
    return count;
}

struct shown_set whose_counts(const struct published_work *work, const struct shown_row *of)
{
    struct shown_set set = shown_counts(of->document, of->row);
    set.whose = whose_of(work, of, text_at(of->row, "metric.name"), "cohort", &set);
    return set;
}

size_t whose_guardrail(const struct published_work *work, const struct shown_row *of,
                       const json_t *guardrail, struct shown_set *out)
{
    for (size_t arm = 0; arm < 2; arm++) {
        const struct published_number *number =
            number_of(work, of, text_at(guardrail, "metric.name"), parts_of_guardrail[arm]);
        if (number == NULL)
            return 0;
        out[arm] = shown_counts(of->document, of->row);
        out[arm].whose = &number->contributions;
    }
    return 2;
}

/* ---- What is kept -----------------------------------------------------------------------------
 */

static void keep(const struct published_work *work, const struct shown_row *of, const char *metric,
                 const char *part)
{
    struct published_number *number = number_of(work, of, metric, part);
    if (number != NULL)
        number->kept = true;
}

static void keep_guardrails(const struct published_work *work, const struct shown_row *of)
{
    size_t index = 0;
    json_t *guardrail = NULL;
    json_array_foreach(at(of->row, "guardrails"), index, guardrail)
    {
        for (size_t arm = 0; arm < 2 && json_is_number(at(guardrail, "effect")); arm++)
            keep(work, of, text_at(guardrail, "metric.name"), parts_of_guardrail[arm]);
    }
}

void whose_keep(const struct published_work *work, const struct shown_row *of)
{
    struct shown_set sets[sets_of_comparison];
    const json_t *changing = NULL;
    const char *metric = text_at(of->row, "metric.name");
    for (size_t i = 0; (changing = whose_changing(of->row, i)) != NULL; i++) {
        size_t count = whose_change(work, of, changing, sets);
        for (size_t j = 0; j < sets_of_change && j < count; j++)
            if (sets[j].whose != NULL)
                keep(work, of, text_at(changing, "metric.name"), parts_of_change[j]);
    }
    size_t count = whose_comparison(work, of, sets);
    for (size_t arm = 0; arm < 2 && count > 0; arm++)
        if (sets[arm].whose != NULL)
            keep(work, of, metric, parts_of_arms[arm]);
    if (whose_counts(work, of).whose != NULL)
        keep(work, of, metric, "cohort");
    keep_guardrails(work, of);
}
