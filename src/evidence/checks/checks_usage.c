/* Checks of arms as found: usage that no item shows, and marks that are set by the outcome or from
   some day on. */

#include "evidence/checks/checks.h"

#include "base/embedded.h"
#include "base/text.h"

#include <math.h>
#include <string.h>

static const double unlinked_most = 0.2;
/* Failures of marked items that would be expected before none of them says anything: under a
   Poisson law none comes of ten in 1 of 20,000 cases. */
static const double failures_least = 10;
static const double by_chance = 0.001;
static const double late_least = 0.2;
/* Nearly all weeks lie within four standard deviations, which should reach half of the way. */
static const double reach_least = 0.5;

static enum status ask(const struct checking *checking, const char *file, struct frame *out,
                       struct error *error)
{
    struct arena *arena = checking->arena;
    const struct sample *sample = checking->sample;
    struct engine_values values = sample_values(arena, sample);
    struct engine_value *list = arena_array(arena, values.count + 1, sizeof *list);
    for (size_t i = 0; i < values.count; i++)
        list[i] = values.list[i];
    list[values.count] = engine_bool("all", sample->span.all);
    return engine_query(
        checking->workspace->engine,
        TEXT_FILLED(arena, embedded_text(file), {"sample", sample_sql(arena, sample)}),
        (struct engine_values){list, values.count + 1}, arena, out, error);
}

/* Work whose calls belong to no item stands in the arm without AI. Inferred links count: they keep
   an item out of both arms. */
enum status check_unlinked_usage(const struct checking *checking, struct finding *out,
                                 struct error *error)
{
    struct frame frame;
    const struct arms *arms = &checking->sample->arms;
    if (arms->kind != ARMS_BY_USE && !arms->beside_none)
        return STATUS_OK;
    enum status status = ask(checking, "evidence/checks/unlinked_usage.sql", &frame, error);
    if (status != STATUS_OK)
        return status;
    double calls = frame_number(&frame, 0, 0);
    double usd = frame.columns[2].valid[0] ? frame_number(&frame, 0, 2) : NAN;
    if (!(calls > 0))
        return STATUS_OK;
    bool of_cost = usd > 0 && frame_number(&frame, 0, 3) / usd > unlinked_most;
    check_finds(out, of_cost || frame_number(&frame, 0, 1) / calls > unlinked_most);
    return STATUS_OK;
}

enum status check_narrow_share(const struct checking *checking, struct finding *out,
                               struct error *error)
{
    const struct comparison *comparison = &checking->row->comparison;
    (void)error;
    if (strcmp(comparison->design, "dose") == 0)
        check_finds(out, 4 * comparison->weekly.spread < reach_least);
    return STATUS_OK;
}

enum status check_chance_share(const struct checking *checking, struct finding *out,
                               struct error *error)
{
    const struct comparison *comparison = &checking->row->comparison;
    (void)error;
    if (strcmp(comparison->design, "dose") == 0)
        check_finds(out, comparison->weekly.unbounded);
    return STATUS_OK;
}

/* Where ten or more failures would be expected at the rate of the unmarked and none is there. */
enum status check_marks_never_fail(const struct checking *checking, struct finding *out,
                                   struct error *error)
{
    const struct metric *metric = checking->request->metric;
    const struct arm_result *arms = checking->row->comparison.arms;
    double failing[2];
    (void)error;
    if (metric->kind != METRIC_PROPORTION)
        return STATUS_OK;
    for (int arm = 0; arm < 2; arm++)
        failing[arm] = metric->better == METRIC_LOWER ? arms[arm].value : 1 - arms[arm].value;
    if ((double)arms[1].items * failing[0] >= failures_least)
        check_finds(out, failing[1] * (double)arms[1].items < 0.5);
    return STATUS_OK;
}

/* Were marks as likely at any time, so many items would precede the first with probability
   (1 - marked/items)^before. */
enum status check_marks_begin(const struct checking *checking, struct finding *out,
                              struct error *error)
{
    struct frame frame;
    enum status status = ask(checking, "evidence/checks/marks_begin.sql", &frame, error);
    if (status != STATUS_OK || checking->sample->span.all)
        return status;
    double items = frame_number(&frame, 0, 0);
    double marked = frame_number(&frame, 0, 1);
    double before = frame_number(&frame, 0, 2);
    if (!(items > 0 && marked > 0))
        return STATUS_OK;
    out->p = pow(1 - marked / items, before);
    check_finds(out, before / items > late_least && out->p < by_chance);
    return STATUS_OK;
}
