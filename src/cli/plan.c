#include "cli/plan_verbs.h"

#include "base/error.h"
#include "base/terminal.h"
#include "base/text.h"
#include "base/utf8.h"
#include "evidence/facts/facts.h"
#include "evidence/plan/plan_new.h"
#include "evidence/plan/plans.h"
#include "workspace/plan_locks.h"

#include <string.h>

/* ---- What every verb needs ---------------------------------------------------------------- */

struct planning {
    struct cli *cli;
    const struct arguments *arguments;
    struct workspace *workspace;
    struct plan plan;
    struct lock lock;
};

/* Opens the workspace with facts that are current, for writing where `write`. */
static enum status open_workspace(struct planning *planning, bool write, struct error *error)
{
    struct cli *cli = planning->cli;
    const char *folder = NULL;
    enum status status = cli_workspace(cli, planning->arguments, &folder, error);
    if (status != STATUS_OK)
        return status;
    bool wait = argument_given(planning->arguments, "wait");
    if (!write)
        return facts_open(cli->arena, folder, wait, cli->command, &planning->workspace, error);
    status =
        workspace_open(cli->arena, folder, true, wait, cli->command, &planning->workspace, error);
    return status == STATUS_OK ? facts_build(planning->workspace, error) : status;
}

static enum status take_plan(struct planning *planning, const char *name, struct error *error)
{
    struct arena *arena = planning->cli->arena;
    enum status status = plans_named(planning->workspace, name, arena, &planning->plan, error);
    if (status == STATUS_OK)
        status = lock_of(planning->workspace, arena, name, &planning->lock, error);
    return status;
}

/* ---- list --------------------------------------------------------------------------------- */

static const char *state_of(struct arena *arena, const struct lock *lock)
{
    if (!lock->locked)
        return "not locked";
    const char *day = day_format(arena, lock->at / TIME_DAY);
    if (lock->amended == 0)
        return arena_printf(arena, "locked %s", day);
    return arena_printf(arena, "locked %s, amended %zu×", day, lock->amended);
}

/* What `plan check` refuses of a plan that can be read and compiled. */
static const char *fault_of(struct planning *planning, const struct plan *plan,
                            const struct lock *lock)
{
    struct arena *arena = planning->cli->arena;
    struct error why = {0};
    if (plan_check_answerable(plan, &why) != STATUS_OK)
        return arena_printf(arena, ", cannot be answered: assay plan check %s", plan->name);
    if (lock_check(planning->workspace, arena, plan, lock, &why) != STATUS_OK)
        return arena_printf(arena, ", changed since: assay plan check %s", plan->name);
    return "";
}

static enum status list(struct planning *planning, struct error *error)
{
    struct cli *cli = planning->cli;
    struct plan_texts names = {NULL, 0};
    struct plan_reader reader;
    struct locks locks;
    enum status status = open_workspace(planning, false, error);
    if (status == STATUS_OK)
        status = plan_reader_begin(planning->workspace, cli->arena, &reader, error);
    if (status == STATUS_OK)
        status = locks_read(planning->workspace, cli->arena, &locks, error);
    if (status == STATUS_OK)
        status = plan_names(cli->arena, workspace_path(planning->workspace, cli->arena, "plans"),
                            &names, error);
    struct plan_texts gone = {NULL, 0};
    if (status == STATUS_OK)
        gone = locks_without_plan(&locks, &names, cli->arena);
    if (status == STATUS_OK && names.count + gone.count == 0)
        (void)fputs("No plans yet: assay plan new NAME --template TEMPLATE writes one (--template "
                    "list shows them)\n",
                    cli->log);
    for (size_t i = 0; i < names.count && status == STATUS_OK; i++) {
        struct error broken = {0};
        struct plan plan;
        if (plan_reader_find(&reader, names.list[i], &plan, &broken) != STATUS_OK ||
            plan_reader_compile(&reader, &plan, &broken) != STATUS_OK) {
            cli_show_broken(cli, &broken, 1);
            continue;
        }
        const struct lock lock = locks_of(&locks, plan.name);
        (void)fprintf(cli->out, "%-28s %-20s %-15s %s  %s%s\n", plan.name, plan.use_case,
                      plan_design_name(plan.design), days_format(cli->arena, plan.period),
                      state_of(cli->arena, &lock), fault_of(planning, &plan, &lock));
    }
    for (size_t i = 0; i < gone.count && status == STATUS_OK; i++) {
        const struct lock lock = locks_of(&locks, gone.list[i]);
        (void)fprintf(cli->out, "%-28s %s, and its file is gone: assay plan show %s --locked\n",
                      gone.list[i], state_of(cli->arena, &lock), gone.list[i]);
    }
    return status;
}

/* ---- show and check ------------------------------------------------------------------------ */

static enum status show(struct planning *planning, const char *name, struct error *error)
{
    struct cli *cli = planning->cli;
    enum status status = open_workspace(planning, false, error);
    if (status == STATUS_OK && argument_given(planning->arguments, "locked")) {
        status = lock_of(planning->workspace, cli->arena, name, &planning->lock, error);
        if (status == STATUS_OK && !planning->lock.locked)
            return error_set(error, ERROR_INPUT, "no plan \"%.80s\" was locked", name);
        if (status == STATUS_OK)
            (void)fputs(planning->lock.text, cli->out);
        return status;
    }
    if (status == STATUS_OK)
        status = plans_written(planning->workspace, name, cli->arena, &planning->plan, error);
    if (status == STATUS_OK)
        status = lock_of(planning->workspace, cli->arena, name, &planning->lock, error);
    if (status == STATUS_OK)
        (void)fprintf(cli->out, "# %s: %s\n%s", planning->plan.file,
                      state_of(cli->arena, &planning->lock), planning->plan.source);
    return status;
}

/* "7 days" */
static const char *days_text(struct arena *arena, int64_t days)
{
    return days == 1 ? "1 day" : arena_printf(arena, "%lld days", (long long)days);
}

/* How the lock, or a lock of today, lies to the first item of the cohort. Days are those of the
   calendar, as a report counts them.
   few   of fewer people than may be told of: on which day they began is not said */
static const char *planned_text(struct arena *arena, enum locked_when when, int64_t at, bool few,
                                const struct plan_items *items)
{
    const char *told = "whoever reads the result is told so, and not that it was planned before";
    if (when == LOCKED_SOMETIME)
        return "before or after the first item is not known: the items have no times";
    if (!items->any && when == LOCKED_AFTER)
        return arena_printf(arena, "not before: its period is over; %s", told);
    if (!items->any)
        return "before the first item";
    if (few)
        return when == LOCKED_BEFORE ? "before the first item"
                                     : arena_printf(arena, "after the first item: %s", told);
    int64_t days = days_between(at, items->first);
    if (when == LOCKED_BEFORE)
        return days == 0 ? "on the day of the first item, before it"
                         : arena_printf(arena, "%s before the first item", days_text(arena, days));
    return arena_printf(arena, "%s after the first item%s: %s", days_text(arena, -days),
                        when == LOCKED_AFTER ? ", when its period is over" : "", told);
}

static enum status say_no_use_case(struct planning *planning, struct error *error)
{
    struct cli *cli = planning->cli;
    const char *use_case = planning->plan.use_case;
    struct plan_choices there;
    enum status status = plan_choices(planning->workspace, NULL, cli->arena, &there, error);
    if (status != STATUS_OK)
        return status;
    const char *nearest = text_nearest(use_case, there.use_cases.list, there.use_cases.count);
    (void)fprintf(cli->out, "note        no item of %s is here yet%s\n", use_case,
                  nearest != NULL ? arena_printf(cli->arena, "; did you mean %s?",
                                                 text_printable(cli->arena, nearest))
                                  : "");
    return status;
}

/* A name that is misspelt leaves nothing in scope. Nobody and few people are not told apart. */
static enum status say_scope(struct planning *planning, struct error *error)
{
    struct cli *cli = planning->cli;
    const struct plan *plan = &planning->plan;
    int least = workspace_min_group(planning->workspace);
    struct plan_texts few = {NULL, 0};
    enum status status = plans_scope_few(planning->workspace, plan, cli->arena, &few, error);
    for (size_t i = 0; i < few.count && status == STATUS_OK; i++)
        (void)fprintf(
            cli->out, "note        %s of the %s in scope %s an item of %s\n",
            least == 1 ? "nobody" : arena_printf(cli->arena, "fewer than %d people", least),
            text_printable(cli->arena, few.list[i]), least == 1 ? "has" : "have", plan->use_case);
    return status;
}

/* What a period that is over still allows, said before somebody tries. */
static void say_over(FILE *out, const struct plan *plan)
{
    bool assigns = plan->design != PLAN_LIKE_WITH_LIKE && plan->design != PLAN_BEFORE_AFTER;
    (void)fprintf(out, "note        its period is over%s\n",
                  assigns
                      ? ": assay assign draws nothing for it; what was drawn elsewhere comes in "
                        "with\n            assay import assignments FILE"
                      : "");
}

/* Who planned first and who did not, as people read it. Counts of few people are not said. */
static enum status say_plan(struct planning *planning, int64_t locked_at, struct error *error)
{
    struct cli *cli = planning->cli;
    struct plan_items items;
    struct span period;
    struct span before;
    const struct plan *plan = &planning->plan;
    enum status status = plans_items(planning->workspace, plan, cli->arena, &items, error);
    if (status == STATUS_OK)
        status = plans_span(planning->workspace, plan, cli->arena, &period, &before, error);
    if (status != STATUS_OK)
        return status;
    enum locked_when when = plans_locked_when(true, locked_at, &items, &period);
    bool few = items.workers < workspace_min_group(planning->workspace);
    bool over = time_now() >= period.until;
    (void)fprintf(cli->out, "planned     %s\n",
                  planned_text(cli->arena, when, locked_at, few, &items));
    if (over)
        say_over(cli->out, plan);
    if (plan->anytime && when != LOCKED_BEFORE)
        (void)fputs("note        looks: anytime takes items that were fixed before anybody looked: "
                    "its interval is\n            said to hold at every look only if nobody had "
                    "looked before the lock\n",
                    cli->out);
    status = items.use_case == 0 ? say_no_use_case(planning, error) : say_scope(planning, error);
    if (!few)
        (void)fprintf(cli->out, "items       %lld %s%s\n", (long long)items.items,
                      items.timeless ? "so far"
                      : over         ? "in the period"
                                     : "in the period so far",
                      plan->teams.count + plan->roles.count + (plan->where.text != NULL) > 0
                          ? ", in its scope or not"
                          : "");
    return status;
}

static void say_goals(FILE *out, const struct plan *plan)
{
    (void)fprintf(out, "improves    %s by %s\n", plan->primary.name, plan->primary.amount_text);
    for (size_t i = 0; i < plan->guardrail_count; i++)
        (void)fprintf(out, "%-11s %s may get worse by %s\n", i == 0 ? "guardrails" : "",
                      plan->guardrails[i].name, plan->guardrails[i].amount_text);
    for (size_t i = 0; i < plan->by.count; i++)
        (void)fprintf(out, "%-11s %s\n", i == 0 ? "by group" : "", plan->by.list[i].text);
    if (plan->guardrail_count == 0)
        (void)fputs("note        no guardrail: a gain at the cost of something else goes unseen\n",
                    out);
    if (plan->confidence < 0.9)
        (void)fprintf(out,
                      "note        confidence %g: about %.0f of 100 such intervals miss the truth; "
                      "0.95 is usual\n",
                      plan->confidence, 100 * (1 - plan->confidence));
}

static enum status check(struct planning *planning, const char *name, struct error *error)
{
    struct cli *cli = planning->cli;
    enum status status = open_workspace(planning, false, error);
    if (status == STATUS_OK)
        status = take_plan(planning, name, error);
    if (status == STATUS_OK)
        status =
            lock_check(planning->workspace, cli->arena, &planning->plan, &planning->lock, error);
    if (status != STATUS_OK)
        return status;
    const struct plan *plan = &planning->plan;
    (void)fprintf(cli->out, "%s: fine, %s\n", plan->file, state_of(cli->arena, &planning->lock));
    (void)fprintf(cli->out, "compares    %s with %s in %s, %s\n", plan_others(cli->arena, plan),
                  plan->arms.list[0], plan->use_case, plan_design_name(plan->design));
    say_goals(cli->out, plan);
    return say_plan(planning, planning->lock.locked ? planning->lock.at : time_now(), error);
}

/* ---- lock and amend ------------------------------------------------------------------------ */

static enum status write_lock(struct planning *planning, const char *name, const char *reason,
                              struct error *error)
{
    struct cli *cli = planning->cli;
    enum status status = open_workspace(planning, true, error);
    if (status == STATUS_OK)
        status = take_plan(planning, name, error);
    if (status == STATUS_OK)
        status = lock_write(planning->workspace, cli->arena, &planning->plan, reason,
                            &planning->lock, error);
    if (status != STATUS_OK)
        return status;
    (void)fprintf(cli->out, "%s is %s.\n", name, reason == NULL ? "locked" : "amended");
    status = say_plan(planning, planning->lock.at, error);
    (void)fprintf(cli->out,
                  "head        %s\n"
                  "Keep the head where others see it (a ticket, a mail): it alone shows later that "
                  "nobody\nwrote the registry anew: assay registry verify --head HEAD\n",
                  planning->workspace->registry.head);
    return status;
}

static enum status amend(struct planning *planning, const char *name, struct error *error)
{
    const char *reason = argument_text(planning->arguments, "reason", NULL);
    if (reason == NULL || reason[0] == '\0')
        return error_at(error, ERROR_INPUT, "--reason", 0, 0,
                        "say why the plan changed: assay plan amend %s --reason TEXT", name);
    if (utf8_valid(reason, strlen(reason)) != strlen(reason))
        return error_at(error, ERROR_INPUT, "--reason", 0, 0,
                        "this is not UTF-8 text, which the registry is; nothing was amended: write "
                        "it in a terminal that is set to UTF-8");
    return write_lock(planning, name, reason, error);
}

static enum status lock(struct planning *planning, const char *name, struct error *error)
{
    return write_lock(planning, name, NULL, error);
}

/* The help of a flag begins with the verbs that it goes with: "new, power: …". */
static bool goes_with(const struct flag *flag, const char *verb)
{
    size_t length = strlen(verb);
    const char *end = strchr(flag->help, ':');
    for (const char *at = flag->help; at < end; at += strcspn(at, ",:") + 2)
        if (strcspn(at, ",:") == length && strncmp(at, verb, length) == 0)
            return true;
    return false;
}

/* Refuses flags of other verbs: who gave one would take it for heeded. */
static enum status check_flags(struct cli *cli, const struct arguments *arguments, const char *verb,
                               struct error *error)
{
    for (size_t i = 0; i < arguments->given_count; i++) {
        const struct flag *flag = arguments->given[i].flag;
        bool own = false; /* else of every command: --workspace */
        for (const struct flag *of = command_plan.flags; of->name != NULL; of++)
            own = own || of == flag || strcmp(of->name, flag->name) == 0;
        if (own && !goes_with(flag, verb))
            return error_at(error, ERROR_INPUT, arena_printf(cli->arena, "--%s", flag->name), 0, 0,
                            "plan %s does not take it; it goes with plan %.*s", verb,
                            (int)strcspn(flag->help, ":"), flag->help);
    }
    return STATUS_OK;
}

static enum status run(struct cli *cli, const struct arguments *arguments, struct error *error)
{
    static const struct {
        const char *name;
        enum status (*run)(struct planning *planning, const char *plan, struct error *error);
    } verbs[] = {{"show", show}, {"check", check}, {"lock", lock}, {"amend", amend}};
    struct planning planning = {.cli = cli, .arguments = arguments};
    const char *verb = arguments->word_count > 0 ? arguments->words[0] : "list";
    enum status status =
        error_set(error, ERROR_INPUT,
                  "plan takes list, or new, power, show, check, lock or amend and the "
                  "name of a plan");
    bool known =
        strcmp(verb, "list") == 0 || strcmp(verb, "new") == 0 || strcmp(verb, "power") == 0;
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        known = known || strcmp(verb, verbs[i].name) == 0;
    if (known && check_flags(cli, arguments, verb, error) != STATUS_OK)
        return ERROR_INPUT;
    if (strcmp(verb, "new") == 0)
        return plan_verb_new(cli, arguments, error);
    if (strcmp(verb, "power") == 0 && arguments->word_count == 2)
        return plan_verb_power(cli, arguments, error);
    if (strcmp(verb, "list") == 0 && arguments->word_count <= 1)
        status = list(&planning, error);
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(verb, verbs[i].name) == 0 && arguments->word_count == 2)
            status = verbs[i].run(&planning, arguments->words[1], error);
    workspace_close(planning.workspace);
    return status;
}

const struct command command_plan = {
    .name = "plan",
    .group = "Define success",
    .usage = "[list] | new NAME | power NAME | show NAME | check NAME | lock NAME | amend NAME "
             "--reason TEXT",
    .summary = "Say before a rollout what should improve, and keep that it was said before",
    .details =
        "A plan is one YAML file, plans/NAME.yaml in the workspace (docs/plans.md): what should\n"
        "improve and by how much, what may not get worse, and how it will be told. new writes "
        "one,\n"
        "from a template or from flags; on a terminal it asks. check reads it against metrics and\n"
        "data. power says from the past what its period can tell, and what more would take. lock "
        "writes\n"
        "its text and a hash of all that it rests on into the registry; what changes after that is "
        "refused until amend says why.",
    .example = "  assay plan new --template list\n"
               "  assay plan new billing-replies --template support_reply --use-case "
               "support.billing\n"
               "  assay plan power billing-replies --weeks 8\n"
               "  assay plan check billing-replies\n"
               "  assay plan lock billing-replies\n"
               "  assay plan amend billing-replies --reason 'one team left the trial'",
    .flags =
        {
            {"reason", "TEXT", "amend: why the plan changed"},
            {"locked", NULL, "show: the text that was locked, in place of the file"},
            {"template", "TEMPLATE", "new: what to begin from; list shows them"},
            {"use-case", "USE_CASE", "new: the kind of work"},
            {"question", "TEXT", "new: the question in a sentence"},
            {"metric", "METRIC", "new: what should improve"},
            {"improve-by", "AMOUNT",
             "new, power: by how much at least (default: what is worth acting on)"},
            {"guardrail", "METRIC:AMOUNT", "new: what may get worse by no more (repeatable)"},
            {"design", "KIND",
             "new: randomised, switchback, staggered, encouragement, like_with_like or "
             "before_after"},
            {"unit", "UNIT", "new: what is drawn: item, worker or team"},
            {"probability", "SHARE", "new: of the second arm (default 0.5)"},
            {"strata", "FORMULAS",
             "new: within what units are drawn (randomised, encouragement, staggered), comma "
             "between"},
            {"cells", "FORMULAS", "new: like_with_like: what makes items alike"},
            {"block", "SPAN", "new: switchback: how long a team keeps an arm, such as 1w"},
            {"washout", "SPAN", "new: switchback: what is left out at a block's start"},
            {"anticipation", "SPAN", "new: staggered: treated so long before the start already"},
            {"every", "WORD", "new: staggered: month or week"},
            {"date", "DATE", "new: before_after: the day that divides"},
            {"policy", "NAME", "new: before_after: the policy whose day divides"},
            {"season", "year", "new: before_after: less the same change a year before"},
            {"arms", "A,B",
             "new: the baseline first (default: no_ai,ai); up to 8 of a trial or of models"},
            {"from", "DATE", "new: first day (default: of the next quarter)"},
            {"to", "DATE", "new: last day"},
            {"adjust-for", "FORMULAS", "new: what is known before the outcome"},
            {"looks", "WHEN", "new: end or anytime"},
            {"items", "NUMBER", "new, power: items expected at the end"},
            {"weeks", "NUMBER", "power: in place of the period's"},
            {"power", "SHARE", "power: the chance wanted (default 0.8)"},
            {"format", "FORMAT", "power: text, json, markdown or csv"},
            {"ascii", NULL, "power: in ASCII"},
            {"no-color", NULL, "power: without colours"},
            {"confidence", "SHARE", "new: of intervals (default 0.95)"},
        },
    .repeatable = {"guardrail"},
    .no_names = true,
    .run = run,
};
