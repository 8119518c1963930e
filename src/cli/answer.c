#include "cli/answer.h"

#include "base/error.h"
#include "base/text.h"
#include "evidence/facts/facts.h"
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
        .colour = terminal && (no_colour == NULL || no_colour[0] == '\0') &&
                  !argument_given(arguments, "no-color"),
        .ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0 || argument_given(arguments, "ascii"),
        .all = argument_given(arguments, "all"),
    };
}

/* ---- Formats ---------------------------------------------------------------------------- */

static const char *show_text(const struct showing *showing)
{
    return showing->detail ? render_text_detail(showing->arena, showing->document, &showing->style)
                           : render_text(showing->arena, showing->document, &showing->style);
}

static const char *show_markdown(const struct showing *showing)
{
    return showing->detail ? render_markdown_detail(showing->arena, showing->document)
                           : render_markdown(showing->arena, showing->document);
}

static const char *show_csv(const struct showing *showing)
{
    return render_csv(showing->arena, showing->document);
}

const char *cli_show_json(const struct showing *showing)
{
    char *json = document_json(showing->document);
    const char *text = json != NULL ? arena_printf(showing->arena, "%s\n", json) : NULL;
    free(json);
    return text;
}

static const struct format formats[] = {
    {"text", show_text, true},
    {"json", cli_show_json, false},
    {"markdown", show_markdown, true},
    {"csv", show_csv, false},
};

enum status cli_find_format(struct arena *arena, const struct format *from, size_t count,
                            const char *name, const struct format **out, struct error *error)
{
    struct text names = {.arena = arena};
    for (size_t i = 0; i < count; i++) {
        *out = &from[i];
        if (strcmp(from[i].name, name) == 0)
            return STATUS_OK;
        text_addf(&names, "%s%s", i > 0 ? ", " : "", from[i].name);
    }
    return error_at(error, ERROR_INPUT, "--format", 0, 0, "\"%.40s\" is none of %s", name,
                    text_get(&names));
}

enum status cli_show(struct cli *cli, const struct arguments *arguments,
                     const struct format *format, json_t *document, bool detail,
                     struct error *error)
{
    if (format->for_eyes && !printable_document(document))
        return error_memory(error);
    const struct showing showing = {cli->arena, document, cli_text_style(arguments), detail};
    const char *text = format->show(&showing);
    if (text == NULL)
        return error_memory(error);
    (void)fputs(text, cli->out);
    return STATUS_OK;
}

/* ---- Answering -------------------------------------------------------------------------- */

enum status cli_answer(struct cli *cli, const struct arguments *arguments,
                       const struct answer_request *request, answer_function answer,
                       enum answer_form form, struct error *error)
{
    return cli_answer_with(cli, arguments, request, answer, NULL, form, error);
}

enum status cli_answer_with(struct cli *cli, const struct arguments *arguments,
                            const struct answer_request *request, answer_function answer,
                            document_step step, enum answer_form form, struct error *error)
{
    const char *folder = NULL;
    struct workspace *workspace = NULL;
    struct evidence evidence;
    const struct format *format = NULL;
    enum status status =
        cli_find_format(cli->arena, formats, sizeof formats / sizeof formats[0],
                        argument_text(arguments, "format", "text"), &format, error);
    if (status == STATUS_OK)
        status = cli_workspace(cli, arguments, &folder, error);
    if (status == STATUS_OK)
        status = facts_open(cli->arena, folder, argument_given(arguments, "wait"), cli->command,
                            &workspace, error);
    size_t lines = status == STATUS_OK ? workspace->registry.lines : 0;
    if (status == STATUS_OK)
        status = answer(workspace, request, cli->arena, &evidence, error);
    bool looked = workspace != NULL && workspace->registry.lines > lines;
    /* Others may go on while this one renders: a pager may hold it up. */
    workspace_close(workspace);
    if (looked)
        workspace_note_later(folder, argument_given(arguments, "wait"), cli->command);
    if (status == STATUS_OK) {
        json_t *document = document_make(&evidence, ASSAY_VERSION);
        if (document == NULL)
            status = error_set(error, ERROR_INTERNAL, "the document could not be made");
        else {
            if (!publish(document))
                status = error_memory(error);
            if (status == STATUS_OK && step != NULL)
                status = step(cli, arguments, folder, &evidence, document, error);
            if (status == STATUS_OK)
                status =
                    cli_show(cli, arguments, format, document, form == ANSWER_COMPARISON, error);
            if (status == STATUS_OK && form != ANSWER_REPORT && !document_compares(document))
                cli->exit_code = 1;
            cli_show_broken(cli, evidence.faults, evidence.fault_count);
        }
        json_decref(document);
    }
    return status;
}
