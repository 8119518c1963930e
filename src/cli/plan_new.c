/* assay plan new: from flags, or from questions on a terminal, to a file. */

#include "cli/plan_verbs.h"

#include "base/error.h"
#include "base/terminal.h"
#include "base/text.h"
#include "base/time.h"
#include "evidence/facts/facts.h"
#include "evidence/plan/plan_new.h"

#include <string.h>
#include <unistd.h>

/* ---- Templates ------------------------------------------------------------------------------ */

static const char *design_text(struct arena *arena, const struct plan_draft *draft)
{
    const char *unit = draft->value[DRAFT_UNIT];
    return arena_printf(arena, "%s%s%s", draft->value[DRAFT_DESIGN], unit != NULL ? " by " : "",
                        unit != NULL ? unit : "");
}

enum status plan_show_templates(struct cli *cli, FILE *out, struct error *error)
{
    struct plan_template *list = NULL;
    size_t count = 0;
    enum status status = plan_templates(cli->arena, &list, &count, error);
    if (status != STATUS_OK)
        return status;
    (void)fprintf(out, "%-18s %-26s %s\n", "template", "what should improve", "how it is told");
    for (size_t i = 0; i < count; i++) {
        const struct plan_draft *draft = &list[i].draft;
        (void)fprintf(out, "%-18s %-26s %s\n", list[i].name,
                      arena_printf(cli->arena, "%s by %s", draft->value[DRAFT_METRIC],
                                   draft->value[DRAFT_IMPROVE_BY]),
                      design_text(cli->arena, draft));
        (void)fprintf(out, "  %s (%s), may get worse: %s\n", list[i].label,
                      draft->value[DRAFT_USE_CASE],
                      text_joined(cli->arena, draft->guardrails, draft->guardrail_count));
    }
    return STATUS_OK;
}

/* ---- From flags ------------------------------------------------------------------------------ */

static enum status take_flags(struct cli *cli, const struct arguments *arguments,
                              struct plan_draft *draft, struct error *error)
{
    const char *template = argument_text(arguments, "template", NULL);
    struct plan_template found;
    if (template != NULL) {
        enum status status = plan_template_find(cli->arena, template, &found, error);
        if (status != STATUS_OK)
            return status;
        const char *name = draft->name;
        *draft = found.draft;
        draft->name = name;
    }
    for (int key = 0; key < DRAFT_KEYS; key++) {
        const char *value = argument_text(arguments, plan_draft_flag((enum draft_key)key), NULL);
        if (value != NULL)
            plan_draft_set(draft, (enum draft_key)key, value);
    }
    if (!argument_given(arguments, "guardrail"))
        return STATUS_OK;
    draft->guardrail_count = 0;
    for (size_t i = 0; i < arguments->given_count; i++) {
        if (strcmp(arguments->given[i].flag->name, "guardrail") != 0)
            continue;
        if (draft->guardrail_count == plan_guardrails_max)
            return error_at(error, ERROR_INPUT, "--guardrail", 0, 0,
                            "a plan has at most %d guardrails", plan_guardrails_max);
        draft->guardrails[draft->guardrail_count++] = arguments->given[i].value;
    }
    return STATUS_OK;
}

/* ---- Together ----------------------------------------------------------------------------------
 */

static void say_written(struct cli *cli, const struct plan_new *made)
{
    const struct plan *plan = &made->plan;
    (void)fprintf(cli->out, "%s: written. %s with %s in %s, %s, %s\n", made->file,
                  plan_others(cli->arena, plan), plan->arms.list[0], plan->use_case,
                  plan_design_name(plan->design), days_format(cli->arena, plan->period));
    (void)fprintf(cli->out, "improves    %s by %s\n", plan->primary.name,
                  plan->primary.amount_text);
    for (size_t i = 0; i < plan->guardrail_count; i++)
        (void)fprintf(cli->out, "%-11s %s may get worse by %s\n", i == 0 ? "guardrails" : "",
                      plan->guardrails[i].name, plan->guardrails[i].amount_text);
    for (size_t i = 0; i < made->note_count; i++)
        (void)fprintf(cli->out, "note        %s\n", text_printable(cli->arena, made->notes[i]));
    (void)fprintf(cli->out,
                  "Next: edit it, then\n"
                  "  assay plan power %s      what its period can tell\n"
                  "  assay plan lock %s       %s\n",
                  plan->name, plan->name,
                  plan->period.until <= time_now() / TIME_DAY
                      ? "its period is over, so that nobody can say it was planned before"
                      : "before the first item");
}

static bool on_terminal(void)
{
    return isatty(STDIN_FILENO) != 0 && isatty(STDERR_FILENO) != 0;
}

static enum status write_plan(struct cli *cli, struct workspace *workspace,
                              struct plan_draft *draft, struct error *error)
{
    struct plan_new made;
    enum status status = STATUS_OK;
    bool asks = on_terminal() && draft->template == NULL &&
                (draft->value[DRAFT_USE_CASE] == NULL || draft->value[DRAFT_METRIC] == NULL ||
                 draft->value[DRAFT_DESIGN] == NULL);
    if (asks)
        status = plan_ask(cli, workspace, draft, error);
    if (status == STATUS_OK)
        status = plan_default(workspace, time_now() / TIME_DAY, cli->arena, draft, error);
    if (status == STATUS_OK)
        status = plan_new(workspace, draft, cli->arena, &made, error);
    if (status == STATUS_OK)
        say_written(cli, &made);
    return status;
}

enum status plan_verb_new(struct cli *cli, const struct arguments *arguments, struct error *error)
{
    const char *template = argument_text(arguments, "template", NULL);
    const char *folder = NULL;
    struct workspace *workspace = NULL;
    if (template != NULL && strcmp(template, "list") == 0)
        return plan_show_templates(cli, cli->out, error);
    if (arguments->word_count != 2)
        return error_set(error, ERROR_INPUT,
                         "name the plan: assay plan new NAME --template TEMPLATE (--template list "
                         "shows them)");
    struct plan_draft draft = {.name = arguments->words[1]};
    enum status status = take_flags(cli, arguments, &draft, error);
    if (status == STATUS_OK)
        status = cli_workspace(cli, arguments, &folder, error);
    if (status == STATUS_OK)
        status = facts_open(cli->arena, folder, argument_given(arguments, "wait"), cli->command,
                            &workspace, error);
    if (status == STATUS_OK)
        status = write_plan(cli, workspace, &draft, error);
    workspace_close(workspace);
    return status;
}
