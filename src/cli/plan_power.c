/* assay plan power. */

#include "cli/answer.h"
#include "cli/plan_verbs.h"

#include "base/error.h"
#include "evidence/facts/facts.h"
#include "report/power_page.h"
#include "report/printable.h"

#include <stdlib.h>
#include <string.h>

/* flag   with its dashes */
static enum status read_number(const struct arguments *arguments, const char *flag,
                               double otherwise, double *out, struct error *error)
{
    const char *text = argument_text(arguments, flag + 2, NULL);
    char *end = NULL;
    *out = otherwise;
    if (text == NULL)
        return STATUS_OK;
    *out = strtod(text, &end);
    if (end == text || *end != '\0' || !(*out > 0))
        return error_at(error, ERROR_INPUT, flag, 0, 0, "\"%.40s\" is no number over 0", text);
    return STATUS_OK;
}

static enum status show(struct cli *cli, const struct arguments *arguments, json_t *document,
                        bool json, struct error *error)
{
    const struct text_style style = cli_text_style(arguments);
    if (json) {
        char *text = json_dumps(document, JSON_INDENT(2) | JSON_REAL_PRECISION(10));
        if (text == NULL)
            return error_memory(error);
        (void)fprintf(cli->out, "%s\n", text);
        free(text);
        return STATUS_OK;
    }
    if (!printable_document(document))
        return error_memory(error);
    (void)fputs(power_page(cli->arena, document, &style), cli->out);
    return STATUS_OK;
}

enum status plan_verb_power(struct cli *cli, const struct arguments *arguments, struct error *error)
{
    struct plan_power_request request = {
        .plan = arguments->words[1],
        .improve_by = argument_text(arguments, "improve-by", NULL),
    };
    const char *format = argument_text(arguments, "format", "text");
    const char *folder = NULL;
    struct workspace *workspace = NULL;
    struct plan_power power;
    bool json = strcmp(format, "json") == 0;
    enum status status = STATUS_OK;
    if (!json && strcmp(format, "text") != 0)
        status = error_at(error, ERROR_INPUT, "--format", 0, 0, "\"%.40s\" is none of text, json",
                          format);
    if (status == STATUS_OK)
        status = read_number(arguments, "--power", 0.8, &request.power, error);
    if (status == STATUS_OK)
        status = read_number(arguments, "--weeks", 0, &request.weeks, error);
    if (status == STATUS_OK)
        status = read_number(arguments, "--items", 0, &request.items, error);
    if (status == STATUS_OK)
        status = cli_workspace(cli, arguments, &folder, error);
    if (status == STATUS_OK)
        status = facts_open(cli->arena, folder, argument_given(arguments, "wait"), cli->command,
                            &workspace, error);
    if (status == STATUS_OK)
        status = plan_power(workspace, &request, cli->arena, &power, error);
    workspace_close(workspace);
    if (status != STATUS_OK)
        return status;
    json_t *document = power_document(&power, ASSAY_VERSION);
    if (document == NULL)
        return error_memory(error);
    power_publish(document);
    status = show(cli, arguments, document, json, error);
    if (json_is_null(
            json_object_get(json_array_get(json_object_get(document, "metrics"), 0), "power")))
        cli->exit_code = 1;
    json_decref(document);
    return status;
}
