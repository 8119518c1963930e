#include "cli/answer.h"

#include "base/error.h"
#include "evidence/facts.h"
#include "report/csv.h"
#include "report/document.h"
#include "report/markdown.h"
#include "report/printable.h"
#include "report/publish.h"
#include "report/text.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static size_t terminal_width(void)
{
    struct winsize size;
    const char *columns = getenv("COLUMNS");
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    long width = columns != NULL ? strtol(columns, NULL, 10) : 0;
    return width > 0 ? (size_t)width : 100;
}

struct text_style cli_text_style(const struct arguments *arguments)
{
    const char *no_colour = getenv("NO_COLOR");
    bool terminal = isatty(STDOUT_FILENO) != 0;
    return (struct text_style){
        .width = terminal_width(),
        .colour = terminal && (no_colour == NULL || no_colour[0] == '\0'),
        .ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0,
        .all = argument_given(arguments, "all"),
    };
}

static enum status render(struct cli *cli, const struct arguments *arguments, json_t *document,
                          bool detail, struct error *error)
{
    const char *format = argument_text(arguments, "format", "text");
    bool shown_as_is = strcmp(format, "text") == 0 || strcmp(format, "markdown") == 0;
    if (shown_as_is && !printable_document(document))
        return error_memory(error);
    const struct text_style style = cli_text_style(arguments);
    if (strcmp(format, "text") == 0)
        (void)fputs(detail ? render_text_detail(cli->arena, document, &style)
                           : render_text(cli->arena, document, &style),
                    cli->out);
    else if (strcmp(format, "markdown") == 0)
        (void)fputs(render_markdown(cli->arena, document), cli->out);
    else if (strcmp(format, "csv") == 0)
        (void)fputs(render_csv(cli->arena, document), cli->out);
    else if (strcmp(format, "json") == 0) {
        char *json = document_json(document);
        if (json == NULL)
            return error_memory(error);
        (void)fprintf(cli->out, "%s\n", json);
        free(json);
    } else
        return error_at(error, ERROR_INPUT, "--format", 0, 0,
                        "\"%s\" is none of text, json, markdown, csv", format);
    return STATUS_OK;
}

enum status cli_answer(struct cli *cli, const struct arguments *arguments,
                       const struct answer_request *request, answer_function answer, bool detail,
                       struct error *error)
{
    const char *folder = NULL;
    struct workspace *workspace = NULL;
    struct evidence evidence;
    enum status status = cli_workspace(cli, arguments, &folder, error);
    if (status == STATUS_OK)
        status = facts_open(cli->arena, folder, argument_given(arguments, "wait"), cli->command,
                            &workspace, error);
    if (status == STATUS_OK)
        status = answer(workspace, request, cli->arena, &evidence, error);
    /* Others may go on while this one renders: a pager may hold it up. */
    workspace_close(workspace);
    if (status == STATUS_OK) {
        json_t *document = document_make(&evidence, ASSAY_VERSION);
        if (document == NULL)
            status = error_set(error, ERROR_INTERNAL, "the document could not be made");
        else {
            publish(document);
            status = render(cli, arguments, document, detail, error);
        }
        json_decref(document);
    }
    return status;
}
