#include "cli/cli.h"

#include "base/error.h"
#include "cli/answer.h"
#include "report/document.h"
#include "report/printable.h"
#include "report/privacy_page.h"

#include <stdlib.h>
#include <string.h>

static enum status show(struct cli *cli, const char *format, const struct text_style *style,
                        json_t *document, struct error *error)
{
    if (strcmp(format, "json") != 0) {
        if (!printable_document(document))
            return error_memory(error);
        bool text = strcmp(format, "text") == 0;
        (void)fputs(privacy_page(cli->arena, document, text ? style : NULL), cli->out);
        return STATUS_OK;
    }
    char *json = document_json(document);
    if (json == NULL)
        return error_memory(error);
    (void)fprintf(cli->out, "%s\n", json);
    free(json);
    return STATUS_OK;
}

static enum status run(struct cli *cli, const struct arguments *arguments, struct error *error)
{
    const char *format = argument_text(arguments, "format", "text");
    if (arguments->word_count > 0)
        return error_set(error, ERROR_INPUT, "privacy takes no words, only flags");
    if (strcmp(format, "text") != 0 && strcmp(format, "json") != 0 &&
        strcmp(format, "markdown") != 0)
        return error_at(error, ERROR_INPUT, "--format", 0, 0,
                        "\"%s\" is none of text, json, markdown", format);
    struct workspace *workspace = NULL;
    struct privacy privacy;
    enum status status = cli_open(cli, arguments, false, &workspace, error);
    if (status == STATUS_OK)
        status = privacy_read(workspace, cli->arena, &privacy, error);
    workspace_close(workspace);
    if (status != STATUS_OK)
        return status;
    json_t *document = privacy_document(&privacy, ASSAY_VERSION);
    if (document == NULL)
        return error_memory(error);
    const struct text_style style = cli_text_style(arguments);
    status = show(cli, format, &style, document, error);
    json_decref(document);
    if (privacy.open_to_others)
        cli->exit_code = 1;
    return status;
}

const struct command command_privacy = {
    .name = "privacy",
    .group = "Privacy",
    .usage = "[--format text|json|markdown]",
    .summary = "Say what is stored about people, since when, by which settings, and who may read",
    .details =
        "The page for a works council, written from the workspace itself: tables with their rows\n"
        "and columns by kind (pseudonym, time, number, label), imports, settings and when they\n"
        "were changed, owner and modes of the files, what each role sees, what no role can see,\n"
        "and what an operator could do all the same. It names nobody.\n"
        "\n"
        "Exit status 1 where others than the owner can open a file of the workspace.",
    .example = "  assay privacy\n  assay privacy --format markdown > privacy-q3.md",
    .flags =
        {
            {"format", "FORMAT", "text, json or markdown"},
        },
    .no_names = true,
    .run = run,
};
