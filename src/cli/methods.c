/* assay methods PLAN. */

#include "cli/answer.h"

#include "base/error.h"
#include "evidence/facts/facts.h"
#include "evidence/plan/plan_methods.h"
#include "report/document.h"
#include "report/methods_page.h"
#include "report/publish.h"
#include "report/shown.h"

#include <string.h>

static enum status show(struct cli *cli, const struct arguments *arguments,
                        const struct plan_methods *methods, bool markdown, struct error *error)
{
    const struct text_style style = cli_text_style(arguments);
    json_t *document = NULL;
    if (methods->ended) {
        document = document_make(&methods->evidence, ASSAY_VERSION);
        if (document == NULL)
            return error_set(error, ERROR_INTERNAL, "the document could not be made");
        if (!publish(document)) {
            json_decref(document);
            return error_memory(error);
        }
    }
    (void)fputs(methods_page(cli->arena, &methods->planned, document, markdown ? NULL : &style),
                cli->out);
    json_decref(document);
    return STATUS_OK;
}

static enum status run(struct cli *cli, const struct arguments *arguments, struct error *error)
{
    const char *format = argument_text(arguments, "format", "text");
    const char *folder = NULL;
    struct workspace *workspace = NULL;
    struct plan_methods methods;
    bool markdown = strcmp(format, "markdown") == 0;
    if (arguments->word_count != 1)
        return error_set(error, ERROR_INPUT,
                         "methods takes one plan: assay methods PLAN (assay plan list shows them)");
    if (!markdown && strcmp(format, "text") != 0)
        return error_at(error, ERROR_INPUT, "--format", 0, 0, "\"%.40s\" is none of text, markdown",
                        format);
    enum status status = cli_workspace(cli, arguments, &folder, error);
    if (status == STATUS_OK)
        status = facts_open(cli->arena, folder, argument_given(arguments, "wait"), cli->command,
                            &workspace, error);
    if (status == STATUS_OK)
        status =
            plan_methods(workspace, arguments->words[0], report_shown, cli->arena, &methods, error);
    workspace_close(workspace);
    return status == STATUS_OK ? show(cli, arguments, &methods, markdown, error) : status;
}

const struct command command_methods = {
    .name = "methods",
    .group = "See what got better",
    .usage = "PLAN",
    .summary = "Write the analysis of a plan as a short methods section",
    .details =
        "Design, estimand, arms, population and period, estimator and interval, assumptions, data\n"
        "checks, sensitivity, multiplicity, what was registered when, and references, fit for\n"
        "pasting into a review. It holds no effect, and works before the period's end; after it,\n"
        "arms are counted and the checks' states stand there.",
    .example = "  assay methods billing-replies\n"
               "  assay methods billing-replies --format markdown",
    .flags = {{"format", "FORMAT", "text or markdown"}},
    .no_names = true,
    .run = run,
};
