#include "evidence/checks/checks.h"

#include <math.h>

/* One row for each check, in the order in which they are shown. */
static const struct check checks[] = {
    {"sample_ratio", "Are the arms as large as the draw should make them?", true, CHECK_ASSIGNED,
     "find what took units out of one arm after the draw (a filter, a crash, an import of part of "
     "them)",
     "the arms are as large as the draw would give",
     "the arms have other sizes than the draw would give: units are missing from one",
     check_sample_ratio},
    {"missing_outcomes", "Is an outcome known of as many items of either arm?", true,
     CHECK_ASSIGNED,
     "import the outcomes that are missing, or compare a metric that all items have",
     "outcomes are known of about the same share of either arm",
     "an outcome is known of fewer items of one arm: who is missing may decide",
     check_missing_outcomes},
    {"given_up", "Was as much work given up in either arm?", true, CHECK_ASSIGNED,
     "let the metric take what was given up for never done (abandoned: never_done), or have the "
     "work "
     "finished",
     "about as much work was given up in either arm",
     "more work was given up in one arm: times end there, and what was left may be the quick work",
     check_given_up},
    {"units_twice", "Has every unit one arm at a time?", true, CHECK_ASSIGNED,
     "find out which arm the unit was told of, and keep that row (further names of one person are "
     "one unit)",
     "every unit has one arm at a time",
     "a unit was in both arms at once, so that nobody knows which one it had", check_units_twice},
    {"assigned_late", "Was every item assigned before it was done?", false, CHECK_ASSIGNED,
     "draw items when they come in, before anybody works on them",
     "items were assigned before they were done",
     "items were done before they were assigned: they take no part", check_assigned_late},
    {"balance", "Were the arms alike before?", true, CHECK_ASSIGNED,
     "see whether units were taken out or moved after the draw, and whether the draw was followed",
     "the arms were alike before",
     "the arms differed before the draw could change anything, by more than chance would make them",
     check_balance},
    {"exposed_before", "Had few units met AI before they were assigned?", false, CHECK_ASSIGNED,
     "read the effect as that of more AI on work that had some, or draw units that had none",
     "few had met AI before they were assigned",
     "some had met AI before they were assigned: their earlier work is no baseline without it",
     check_exposed_before},
    {"crossover", "Did work follow its arm?", false, CHECK_ASSIGNED,
     "read the effect as that of the offer; a plan of the design encouragement estimates that of "
     "use, too",
     "AI was used as assigned", "AI was used against the assignment, or not used as assigned",
     check_crossover},
    {"trend_before", "Did those who start go the way of the others before?", true, CHECK_STAGGERED,
     "find what set them apart before the start; where starts were drawn by chance, import the "
     "probability with the assignment",
     "before the start no difference is told from chance, period by period nor in all of them "
     "together",
     "those who start parted from the others before the start already: what follows need not be "
     "AI's doing",
     check_trend_before},
    {"trend_unseen", "Are there two periods and more before a start?", false, CHECK_STAGGERED,
     "begin the plan's period earlier", "there are periods to see a trend before the start in",
     "one period stands before the start: whether those who start went another way already can't "
     "be seen",
     check_trend_unseen},
    {"unit_gaps", "Was every unit seen in every period?", false, CHECK_STAGGERED,
     "take longer periods (every: month), or teams in place of people",
     "every unit has items in every period",
     "some units have no items in some period: points differ in who is in them", check_unit_gaps},
    {"regression_to_mean", "Was the time before the day no worse than the times before it?", false,
     CHECK_BY_PERIOD,
     "take what was to be expected anyway off the change; better, let some begin later (a "
     "staggered "
     "plan) and compare with them",
     "the time before the day was not the worst of its like, or by too little to matter",
     "the time before the day was the worst of its like: part of the change would have come "
     "without AI",
     check_regression_to_mean},
    {"season", "Did the same weeks of the year before not move the same way?", false,
     CHECK_BY_PERIOD,
     "take the movement of the year before off (season: year); better, let some begin later (a "
     "staggered plan) and compare with them",
     "the same weeks of the year before did not move the same way",
     "the same weeks of the year before moved the same way, without what came with the day",
     check_season},
    {"no_worker", "Does nearly every item have a worker?", true, CHECK_ALL,
     "map the column that says who did the work; more than 5 % without cannot stand for anybody",
     "nearly all items have a worker",
     "more than 5 % of the items have no worker, so they stand for nobody", check_no_worker},
    {"few_units", "Were at least 10 units assigned to each arm?", false, CHECK_ASSIGNED,
     "assign more units, or smaller ones (people in place of teams)",
     "at least 10 units were assigned to each arm", "under 10 units were assigned to an arm",
     check_few_units},
    {"other_plans", "Did no other plan give many of these items an arm, too?", false,
     CHECK_ASSIGNED,
     "plan them apart (other items, people or weeks), or take the effect for one among items that "
     "the other plan changes, too",
     "no other plan gave many of these items an arm",
     "another plan gave many of these items an arm, too: what it does is mixed into this effect",
     check_other_plans},
    {"target_possible", "Could the metric get better by as much as was planned?", false, CHECK_ALL,
     "plan a smaller amount: a share ends at 0 and 1, and a time at 0",
     "the metric could get better by as much as was planned",
     "no result could be better by as much as was planned: that is more than there is",
     check_target_possible},
    {"carry_over", "Does the arm of the block before act no more?", true, CHECK_ASSIGNED,
     "plan a longer washout, or longer blocks", "the arm of the block before acts no more",
     "items differ by the arm of the block before: the washout was too short", check_carry_over},
    {"few_events", "Did what is counted happen to at least 10 people or teams?", true, CHECK_ALL,

     "wait for more of them, or compare a metric that varies for everybody",
     "what is counted happened to enough people or teams",
     "what is counted happened to under 10 people or teams, and to others not at all: too few to "
     "tell it from chance",
     check_few_events},
    {"few_clusters", "Do at least 10 people or teams carry the comparison?", false, CHECK_ALL,
     "take in more people or teams; more items of the same ones do not help",
     "enough people or teams carry the comparison",
     "under 10 people or teams carry the comparison: the interval may be too narrow",
     check_few_clusters},
    {"skewed", "Does no single person or team make up most of what varies?", false, CHECK_ALL,
     "see what one of them does differently before more is built on this",
     "no single person or team makes up most of what varies",
     "one person or team makes up most of what varies in an arm: the interval may be too narrow",
     check_skewed},
    {"outliers",
     "Is the effect the same without the one person, or the 1 % of items, that move it most?",
     false, CHECK_SIDE_BY_SIDE | CHECK_BY_PERIOD,
     "compare a median or the logarithm of the value, or see what is different about the largest",
     "no single person or team, and no item of a hundred, decides the effect",
     "without the 1 % of items with the largest values the effect is another, by more than matters",
     check_outliers},
    {"unlinked_usage", "Do at least four fifths of these people's calls belong to an item?", false,
     CHECK_BY_USE,
     "see assay status for what links calls to items, and have calls carry the item's name or a "
     "session",
     "most calls of these people belong to an item",
     "more than a fifth of the calls of these people, or of their cost, belongs to no item: work "
     "with AI may stand in the arm without",
     check_unlinked_usage},
    {"narrow_share", "Does the share of work with AI move far within teams?", false,
     CHECK_BY_USE | CHECK_BY_MARK,
     "read the effect of 10 points more, which is near to what was seen",
     "the share of work with AI moves far within teams",
     "within teams the share of work with AI moves little: from none to all lies far from what was "
     "seen",
     check_narrow_share},
    {"chance_share", "Does the share of work with AI move by more than chance?", true,
     CHECK_BY_USE | CHECK_BY_MARK,
     "compare larger teams, or weeks between which something decided how much is done with AI (a "
     "licence, a training)",
     "the share of work with AI moves by more than the chance of which items a week holds, and its "
     "effect is told by that",
     "of how the share moves too little is more than the chance of which items a week holds: an "
     "effect of any size is in keeping with it",
     check_chance_share},
    {"marks_never_fail", "Do marked items fail as others do, at least once?", false, CHECK_BY_MARK,
     "find out who sets the mark and when: one that is set when work went well measures nothing",
     "marked items fail too",
     "no marked item ever failed, where ten or more would have at the others' rate: the mark may "
     "be "
     "set by how the work went",
     check_marks_never_fail},
    {"marks_begin", "Are items marked from the beginning of the period on?", false, CHECK_BY_MARK,
     "compare from the day on which marks began: --from",
     "items are marked from early on in the period",
     "marks begin in the course of the period: before that, no mark says nothing",
     check_marks_begin},
    {"calendar_gaps", "Does each arm have items in each week?", false, CHECK_SIDE_BY_SIDE,
     "import what is missing, or compare the part of the period in which both arms have items",
     "there is no week without items",
     "for a week or more of the period one arm has no item: the arms are not of the same time",
     check_calendar_gaps},
    {"mix_shift", "Is the work of the same kinds as in the period before?", false,
     CHECK_SIDE_BY_SIDE | CHECK_BY_PERIOD,
     "take the change for what it is, and compare periods of like work: --against",
     "the work is of about the same kinds as in the period before",
     "more than a fifth of the work is of other kinds than in the period before (by team and size)",
     check_mix_shift},
};

/* None of them can be without a place in a row. */
_Static_assert(sizeof checks / sizeof checks[0] <= checks_max, "checks_max: a place for each");

const struct check *checks_all(size_t *count)
{
    *count = sizeof checks / sizeof checks[0];
    return checks;
}

static int design_of(const struct checking *checking)
{
    switch (checking->sample->arms.kind) {
    case ARMS_BY_ASSIGNMENT:
        return CHECK_ASSIGNED;
    case ARMS_BY_MARK:
        return CHECK_BY_MARK;
    case ARMS_BY_WAVE:
        return CHECK_STAGGERED;
    case ARMS_BY_PERIOD:
        return CHECK_BY_PERIOD;
    default:
        return CHECK_BY_USE;
    }
}

static struct check_result result_of(const struct check *check, const struct finding *finding)
{
    const char *said = finding->found ? check->finds : check->passes;
    return (struct check_result){
        .check = check->name,
        .state = !finding->found                     ? "passed"
                 : check->blocks && !finding->untold ? "failed"
                                                     : "noted",
        .p = finding->p,
        .sentence = finding->sentence != NULL ? finding->sentence : said,
        .mend = !finding->found         ? NULL
                : finding->mend != NULL ? finding->mend
                                        : check->mend,
    };
}

enum status checks_run(const struct checking *checking, struct row *row, struct error *error)
{
    enum status status = STATUS_OK;
    int design = design_of(checking);
    struct assigned_use assigned_use = {.known = false};
    struct checking shared = *checking;
    shared.assigned_use = &assigned_use;
    row->check_count = 0;
    for (size_t i = 0; i < sizeof checks / sizeof checks[0] && status == STATUS_OK; i++) {
        struct finding finding = {.p = NAN};
        if ((checks[i].designs & design) == 0)
            continue;
        status = checks[i].look(&shared, &finding, error);
        if (status == STATUS_OK && finding.applies)
            row->checks[row->check_count++] = result_of(&checks[i], &finding);
    }
    return status;
}
