/* assay plan power. */

#include "cli/answer.h"
#include "cli/plan_verbs.h"

#include "base/error.h"
#include "evidence/facts/facts.h"
#include "report/power_page.h"

#include <stdlib.h>

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

static const char *show_text(const struct showing *showing)
{
    return power_page(showing->arena, showing->document, &showing->style);
}

static const char *show_markdown(const struct showing *showing)
{
    return power_markdown(showing->arena, showing->document);
}

static const char *show_csv(const struct showing *showing)
{
    return power_csv(showing->arena, showing->document);
}

static const struct format formats[] = {
    {"text", show_text, true},
    {"json", cli_show_json, false},
    {"markdown", show_markdown, true},
    {"csv", show_csv, false},
};

enum status plan_verb_power(struct cli *cli, const struct arguments *arguments, struct error *error)
{
    struct plan_power_request request = {
        .plan = arguments->words[1],
        .improve_by = argument_text(arguments, "improve-by", NULL),
    };
    const struct format *format = NULL;
    const char *folder = NULL;
    struct workspace *workspace = NULL;
    struct plan_power power;
    enum status status =
        cli_find_format(cli->arena, formats, sizeof formats / sizeof formats[0],
                        argument_text(arguments, "format", "text"), &format, error);
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
    status = power_publish(document) ? cli_show(cli, arguments, format, document, false, error)
                                     : error_memory(error);
    if (json_is_null(
            json_object_get(json_array_get(json_object_get(document, "metrics"), 0), "power")))
        cli->exit_code = 1;
    json_decref(document);
    return status;
}
