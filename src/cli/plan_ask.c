/* Questions of `assay plan new` on a terminal. They go to stderr; the answers come from stdin. */

#include "cli/plan_verbs.h"

#include "base/error.h"
#include "base/terminal.h"
#include "base/text.h"
#include "base/time.h"
#include "evidence/plan/plan_new.h"
#include "model/use_case.h"

#include <stdlib.h>
#include <string.h>

enum { answer_bytes = 1024, choices_max = 40 };

struct choices {
    const char *name[choices_max];
    const char *about[choices_max]; /* may be NULL */
    size_t count;
};

static void add(struct choices *choices, const char *name, const char *about)
{
    if (choices->count == choices_max)
        return;
    choices->name[choices->count] = name;
    choices->about[choices->count++] = about;
}

/* ---- One question -----------------------------------------------------------------------------
 */

/* The answer, or otherwise where Enter alone was given; NULL is asked again. */
static enum status ask(struct cli *cli, const char *question, const char *otherwise,
                       const char **out, struct error *error)
{
    char bytes[answer_bytes];
    *out = NULL;
    while (*out == NULL) {
        (void)fprintf(cli->log, otherwise != NULL ? "%s [%s]: " : "%s: ", question, otherwise);
        (void)fflush(cli->log);
        if (fgets(bytes, sizeof bytes, stdin) == NULL)
            return error_set(error, ERROR_INPUT, "no more answers; nothing was written");
        const char *answer = text_trimmed(cli->arena, bytes, strlen(bytes));
        *out = answer[0] != '\0' ? answer : otherwise;
    }
    return STATUS_OK;
}

/* What is taken for an answer; anything else is asked again. */
enum kind { ANYTHING, LISTED, A_USE_CASE, A_DAY };

static bool is_listed(const struct choices *choices, const char *answer)
{
    if (answer == NULL)
        return false;
    for (size_t i = 0; i < choices->count; i++)
        if (strcmp(choices->name[i], answer) == 0)
            return true;
    return false;
}

/* Why an answer is none, or NULL. */
static const char *refused(const struct choices *choices, enum kind kind, const char *answer)
{
    int64_t day = 0;
    if (kind == LISTED && !is_listed(choices, answer))
        return "that is none of them; write its number or its name";
    if (kind == A_USE_CASE && !use_case_is_name(answer))
        return "write parts of lower-case letters with dots between: support.billing";
    if (kind == A_DAY && !day_parse(answer, &day))
        return "write it like 2027-01-31";
    return NULL;
}

/* A number of the list stands for its name; anything else for itself. */
static const char *chosen(const struct choices *choices, const char *answer)
{
    char *end = NULL;
    if (answer == NULL)
        return NULL;
    unsigned long number = strtoul(answer, &end, 10);
    if (*end == '\0' && end != answer && number >= 1 && number <= choices->count)
        return choices->name[number - 1];
    return answer;
}

static enum status choose(struct cli *cli, const char *question, const struct choices *choices,
                          enum kind kind, const char *otherwise, const char **out,
                          struct error *error)
{
    const char *why = "";
    enum status status = STATUS_OK;
    for (size_t i = 0; i < choices->count; i++) {
        const char *about = choices->about[i] != NULL ? choices->about[i] : "";
        (void)fprintf(cli->log, "  %2zu  %-20s %s\n", i + 1,
                      text_printable(cli->arena, choices->name[i]),
                      text_printable(cli->arena, about));
    }
    while (status == STATUS_OK && why != NULL) {
        status = ask(cli, question, otherwise, out, error);
        if (status == STATUS_OK) {
            *out = chosen(choices, *out);
            why = refused(choices, kind, *out);
        }
        if (status == STATUS_OK && why != NULL)
            (void)fprintf(cli->log, "  %s\n", why);
    }
    return status;
}

static enum status fill(struct cli *cli, struct plan_draft *draft, enum draft_key key,
                        const char *question, const struct choices *choices, enum kind kind,
                        const char *otherwise, struct error *error)
{
    const char *answer = NULL;
    if (draft->value[key] != NULL)
        return STATUS_OK;
    enum status status = choose(cli, question, choices, kind, otherwise, &answer, error);
    if (status == STATUS_OK)
        plan_draft_set(draft, key, answer);
    return status;
}

/* ---- The questions ----------------------------------------------------------------------------
 */

static const char none[] = "none";

/* A template says most of it; flags go before it. */
static enum status ask_template(struct cli *cli, struct plan_draft *draft, struct error *error)
{
    struct plan_template *list = NULL;
    struct choices choices = {.count = 0};
    size_t count = 0;
    const char *answer = NULL;
    enum status status = plan_templates(cli->arena, &list, &count, error);
    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        add(&choices, list[i].name, list[i].label);
    add(&choices, none, "everything is asked");
    if (status == STATUS_OK)
        status = choose(cli, "Which template?", &choices, LISTED, none, &answer, error);
    struct plan_template found;
    if (status != STATUS_OK || strcmp(answer, none) == 0)
        return status;
    status = plan_template_find(cli->arena, answer, &found, error);
    if (status != STATUS_OK)
        return status;
    const struct plan_draft flags = *draft;
    *draft = found.draft;
    draft->name = flags.name;
    for (int key = 0; key < DRAFT_KEYS; key++)
        if (flags.value[key] != NULL)
            plan_draft_set(draft, (enum draft_key)key, flags.value[key]);
    if (flags.guardrail_count > 0) {
        memcpy(draft->guardrails, flags.guardrails, sizeof flags.guardrails);
        draft->guardrail_count = flags.guardrail_count;
    }
    return STATUS_OK;
}

static enum status ask_use_case(struct cli *cli, const struct plan_choices *there,
                                const char *usual, struct plan_draft *draft, struct error *error)
{
    struct choices choices = {.count = 0};
    for (size_t i = 0; i < there->use_cases.count; i++)
        add(&choices, there->use_cases.list[i], NULL);
    const char *first = choices.count > 0 ? choices.name[0] : NULL;
    return fill(cli, draft, DRAFT_USE_CASE, "Which use case?", &choices, A_USE_CASE,
                is_listed(&choices, usual) || first == NULL ? usual : first, error);
}

/* Metrics, those with values first; and by how much it should improve. */
static enum status ask_metric(struct cli *cli, const struct plan_choices *there,
                              struct plan_draft *draft, struct error *error)
{
    struct choices choices = {.count = 0};
    const struct choices free_text = {.count = 0};
    for (int known = 1; known >= 0; known--)
        for (size_t i = 0; i < there->metric_count; i++)
            if (there->metrics[i].known == (known == 1))
                add(&choices, there->metrics[i].name,
                    known == 1
                        ? there->metrics[i].label
                        : arena_printf(cli->arena, "%s (no values yet)", there->metrics[i].label));
    enum status status = fill(cli, draft, DRAFT_METRIC, "What should improve?", &choices, LISTED,
                              choices.name[0], error);
    const char *amount = NULL;
    for (size_t i = 0; status == STATUS_OK && i < there->metric_count; i++)
        if (strcmp(there->metrics[i].name, draft->value[DRAFT_METRIC]) == 0)
            amount = there->metrics[i].improve_by;
    if (status == STATUS_OK)
        status = fill(cli, draft, DRAFT_IMPROVE_BY, "By how much, to be worth it?", &free_text,
                      ANYTHING, amount, error);
    return status;
}

static enum status ask_guardrails(struct cli *cli, struct plan_draft *draft, struct error *error)
{
    const char *answer = NULL;
    bool is_rework = strcmp(draft->value[DRAFT_METRIC], "rework_rate") == 0;
    if (draft->guardrail_count > 0)
        return STATUS_OK;
    enum status status =
        ask(cli, "What may not get worse, as METRIC:AMOUNT with commas between? (none: nothing)",
            is_rework ? "satisfaction:2pp" : "rework_rate:1pp", &answer, error);
    if (status != STATUS_OK || answer == NULL || strcmp(answer, none) == 0)
        return status;
    while (*answer != '\0' && draft->guardrail_count < plan_guardrails_max) {
        size_t length = strcspn(answer, ",");
        draft->guardrails[draft->guardrail_count++] = text_trimmed(cli->arena, answer, length);
        answer += length + (answer[length] == ',');
    }
    return STATUS_OK;
}

static enum status ask_design(struct cli *cli, struct plan_draft *draft, struct error *error)
{
    static const struct choices designs = {
        {"randomised", "switchback", "staggered", "encouragement", "like_with_like",
         "before_after"},
        {"who or what gets AI is drawn: the strongest", "teams have it by turns, in a drawn order",
         "teams or people get it one after the other", "who is offered it is drawn; use is free",
         "as found, within like work: shows no cause", "as found, two spans: shows no cause"},
        6};
    static const struct choices units = {{"item", "worker", "team"},
                                         {"each piece of work",
                                          "each person: where what one learns stays",
                                          "each team: where one's work is another's"},
                                         3};
    static const struct {
        enum draft_key key;
        const char *question;
        const char *otherwise;
    } more[] = {
        {DRAFT_PROBABILITY, "With which probability does a unit get AI?", "0.5"},
        {DRAFT_CELLS, "What makes two items alike? (formulas, commas between)", "team, size"},
        {DRAFT_BLOCK, "How long does a team keep an arm?", "1w"},
        {DRAFT_WASHOUT, "How much of a block's start is left out?", "1d"},
        {DRAFT_DATE, "Which day divides before and after?", NULL},
    };
    const struct choices free_text = {.count = 0};
    enum status status = fill(cli, draft, DRAFT_DESIGN, "How will it be told?", &designs, LISTED,
                              "randomised", error);
    const char *design = draft->value[DRAFT_DESIGN];
    if (status == STATUS_OK && plan_draft_fits(design, DRAFT_UNIT))
        status = fill(cli, draft, DRAFT_UNIT, "What is drawn?", &units, LISTED,
                      strcmp(design, "randomised") == 0      ? "item"
                      : strcmp(design, "encouragement") == 0 ? "worker"
                                                             : "team",
                      error);
    for (size_t i = 0; status == STATUS_OK && i < sizeof more / sizeof *more; i++)
        if (plan_draft_fits(design, more[i].key) &&
            (more[i].key != DRAFT_DATE || draft->value[DRAFT_POLICY] == NULL))
            status = fill(cli, draft, more[i].key, more[i].question, &free_text,
                          more[i].key == DRAFT_DATE ? A_DAY : ANYTHING, more[i].otherwise, error);
    return status;
}

static enum status ask_period(struct cli *cli, struct workspace *workspace,
                              struct plan_draft *draft, struct error *error)
{
    const struct choices free_text = {.count = 0};
    struct plan_draft next = *draft;
    enum status status = plan_default(workspace, time_now() / TIME_DAY, cli->arena, &next, error);
    if (status == STATUS_OK)
        status = fill(cli, draft, DRAFT_FROM, "First day?", &free_text, A_DAY,
                      next.value[DRAFT_FROM], error);
    next.value[DRAFT_FROM] = draft->value[DRAFT_FROM];
    next.value[DRAFT_TO] = draft->value[DRAFT_TO];
    if (status == STATUS_OK)
        status = plan_default(workspace, time_now() / TIME_DAY, cli->arena, &next, error);
    return status == STATUS_OK ? fill(cli, draft, DRAFT_TO, "Last day?", &free_text, A_DAY,
                                      next.value[DRAFT_TO], error)
                               : status;
}

enum status plan_ask(struct cli *cli, struct workspace *workspace, struct plan_draft *draft,
                     struct error *error)
{
    struct plan_choices there;
    const char *given = draft->value[DRAFT_USE_CASE];
    enum status status = ask_template(cli, draft, error);
    /* A template's use case is an example; which one is meant is asked all the same. */
    const char *usual = draft->value[DRAFT_USE_CASE];
    draft->value[DRAFT_USE_CASE] = given;
    if (status == STATUS_OK)
        status = plan_choices(workspace, NULL, cli->arena, &there, error);
    if (status == STATUS_OK)
        status = ask_use_case(cli, &there, usual, draft, error);
    if (status == STATUS_OK)
        status = plan_choices(workspace, draft->value[DRAFT_USE_CASE], cli->arena, &there, error);
    if (status == STATUS_OK)
        status = ask_metric(cli, &there, draft, error);
    if (status == STATUS_OK)
        status = ask_guardrails(cli, draft, error);
    if (status == STATUS_OK)
        status = ask_design(cli, draft, error);
    return status == STATUS_OK ? ask_period(cli, workspace, draft, error) : status;
}
