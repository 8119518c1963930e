#include "cli/cli.h"

#include "base/error.h"
#include "base/terminal.h"
#include "workspace/published.h"
#include "workspace/registry_verify.h"

#include <string.h>

static const char registry_name[] = "registry.jsonl";

/* ---- show ---------------------------------------------------------------------------------- */

static const char *text_of(const json_t *line, const char *key)
{
    const char *text = json_string_value(json_object_get(line, key));
    return text != NULL ? text : "";
}

/* What a line is about, beside its time and kind. */
static void show_line(const json_t *line, void *context)
{
    struct cli *cli = context;
    const char *kind = text_of(line, "kind");
    (void)fprintf(cli->out, "%4lld  %s  %-8s",
                  (long long)json_integer_value(json_object_get(line, "n")), text_of(line, "at"),
                  kind);
    if (strcmp(kind, "setting") == 0)
        (void)fprintf(cli->out, "%s %g%s", text_of(line, "setting"),
                      json_number_value(json_object_get(line, "value")),
                      strcmp(text_of(line, "own_data"), "yes") == 0 ? ", own data" : "");
    else
        (void)fputs(text_of(line, strcmp(kind, "publish") == 0 ? "file" : "plan"), cli->out);
    if (strcmp(kind, "amend") == 0) {
        struct arena *arena = cli->arena;
        (void)fprintf(cli->out, ": %s", text_printable(arena, text_of(line, "reason")));
    }
    if (strcmp(kind, "assign") == 0)
        (void)fprintf(cli->out, ": %g units of the kind %s",
                      json_number_value(json_object_get(line, "units")),
                      text_of(line, "unit_kind"));
    if (strcmp(kind, "look") == 0 && strcmp(text_of(line, "early"), "yes") == 0)
        (void)fputs(", before the period's end", cli->out);
    (void)fputc('\n', cli->out);
}

/* Opens the workspace, which holds the registry's length against the database's, and closes it.
   Whether it is the registry that is not as it was: *broken. */
static enum status check(struct cli *cli, const struct arguments *arguments, bool *broken,
                         struct error *error)
{
    struct workspace *workspace = NULL;
    enum status status = cli_open(cli, arguments, false, &workspace, error);
    workspace_close(workspace);
    *broken = status == ERROR_INPUT && strstr(error->place, registry_name) != NULL;
    return status;
}

/* Of a broken registry the lines that are whole, and no head. */
static enum status show(struct cli *cli, const struct arguments *arguments, const char *folder,
                        struct error *error)
{
    struct registry registry;
    bool broken = false;
    const char *path = arena_printf(cli->arena, "%s/%s", folder, registry_name);
    enum status status = check(cli, arguments, &broken, error);
    if (status != STATUS_OK && !broken)
        return status;
    enum status shown =
        registry_visit(path, show_line, cli, &registry, status == STATUS_OK ? error : NULL);
    if (status == STATUS_OK)
        status = shown;
    if (status == STATUS_OK)
        (void)fprintf(cli->out, "head  %s\n", registry.head);
    return status;
}

/* ---- verify -------------------------------------------------------------------------------- */

/* The answer is no: said on stdout, with exit status 1. */
static void answer_no(struct cli *cli, const struct error *why)
{
    (void)fprintf(cli->out, "broken: %s%s%s\n", why->place, why->place[0] != '\0' ? ": " : "",
                  why->message);
    cli->exit_code = 1;
}

static bool is_head(const char *text)
{
    return strlen(text) == hash_hex_length &&
           strspn(text, "0123456789abcdefABCDEF") == hash_hex_length;
}

static void say_head(struct cli *cli, const struct registry_verdict *verdict, const char *head)
{
    if (head == NULL)
        return;
    if (verdict->head_at == 0) {
        (void)fprintf(cli->out,
                      "broken: no line has the head that you gave: lines were cut off or the whole "
                      "was written anew since\n");
        cli->exit_code = 1;
    } else {
        (void)fprintf(cli->out, "the head that you gave is line %zu; %zu after it\n",
                      verdict->head_at, verdict->registry.lines - verdict->head_at);
    }
}

/* Are the reports that were published still what they were? */
static enum status verify_published(struct cli *cli, const char *folder, struct error *error)
{
    struct published *list = NULL;
    size_t count = 0;
    size_t whole = 0;
    enum status status = published_list(folder, cli->arena, &list, &count, error);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        whole += list[i].state == PUBLISHED_WHOLE;
        if (list[i].state == PUBLISHED_WHOLE)
            continue;
        cli->exit_code = 1;
        (void)fprintf(cli->out, "broken: %s: %s (line %zu)\n", list[i].file,
                      list[i].state == PUBLISHED_MISSING
                          ? "this report was published, and the file is not here"
                          : "this is not the file that was published",
                      list[i].line);
    }
    if (whole > 0)
        (void)fprintf(cli->out, "reports %zu of %zu as they were published\n", whole, count);
    return status;
}

static enum status verify(struct cli *cli, const struct arguments *arguments, const char *folder,
                          struct error *error)
{
    struct registry_verdict verdict;
    bool broken = false;
    const char *head = argument_text(arguments, "head", NULL);
    const char *path = arena_printf(cli->arena, "%s/%s", folder, registry_name);
    if (head != NULL && !is_head(head))
        return error_at(error, ERROR_INPUT, "--head", 0, 0,
                        "a head is 64 hexadecimal digits, as `assay plan lock` printed it");
    enum status status = check(cli, arguments, &broken, error);
    if (broken) {
        answer_no(cli, error);
        return STATUS_OK;
    }
    if (status == STATUS_OK)
        status = registry_verify(path, head, &verdict, error);
    if (status != STATUS_OK)
        return status;
    say_head(cli, &verdict, head);
    if (cli->exit_code == 0)
        (void)fprintf(cli->out, "whole: %zu lines, each follows the one before it\nhead   %s\n",
                      verdict.registry.lines, verdict.registry.head);
    status = verify_published(cli, folder, error);
    if (status != STATUS_OK)
        return status;
    if (verdict.backwards > 0)
        (void)fprintf(cli->out,
                      "note   line %lld is older than the one before it: the machine's clock went "
                      "back\n",
                      (long long)verdict.backwards_at);
    if (head == NULL && cli->exit_code == 0)
        (void)fputs("Lines cut off at the end on purpose, or a chain written anew, show only "
                    "against a head that\nsomebody kept: assay registry verify --head HEAD\n",
                    cli->out);
    return STATUS_OK;
}

static enum status run(struct cli *cli, const struct arguments *arguments, struct error *error)
{
    const char *folder = NULL;
    const char *verb = arguments->word_count > 0 ? arguments->words[0] : "show";
    enum status status = cli_workspace(cli, arguments, &folder, error);
    if (status != STATUS_OK)
        return status;
    if (arguments->word_count <= 1 && strcmp(verb, "show") == 0)
        return show(cli, arguments, folder, error);
    if (arguments->word_count == 1 && strcmp(verb, "verify") == 0)
        return verify(cli, arguments, folder, error);
    return error_set(error, ERROR_INPUT, "registry takes show or verify");
}

const struct command command_registry = {
    .name = "registry",
    .group = "Define success",
    .usage = "[show] | verify [--head HEAD]",
    .summary = "Show what was locked, amended and looked at, or check that nothing was changed",
    .details =
        "registry.jsonl holds one line for each lock, amendment, look, published report and\n"
        "setting, each with the SHA-256 of the line before it, so that a changed, moved or "
        "missing\n"
        "line shows. By hand: sed -n 2p registry.jsonl | sha256sum is the \"prev\" of line 3. "
        "verify\n"
        "also reads published reports again: are they what they were? It cannot show that "
        "somebody\n"
        "wrote the whole file anew: only a head that was kept elsewhere does.",
    .example = "  assay registry\n"
               "  assay registry verify --head 5f0c…",
    .flags = {{"head", "HEAD", "verify: a head that was kept: is its line still there?"}},
    .no_names = true,
    .run = run,
};
