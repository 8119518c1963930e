#include "cli/published.h"

#include "base/error.h"
#include "base/time.h"
#include "evidence/published_work.h"
#include "report/document.h"
#include "report/format.h"
#include "report/held.h"
#include "report/publish_again.h"
#include "workspace/published.h"
#include "workspace/workspace.h"

#include <stdlib.h>
#include <string.h>

static enum status read_document(struct cli *cli, const char *folder, const char *name,
                                 json_t **out, struct error *error)
{
    struct published published;
    const char *text = NULL;
    enum status status = published_read(folder, name, cli->arena, &published, &text, error);
    if (status != STATUS_OK)
        return status;
    *out = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    return json_is_object(*out) ? STATUS_OK
                                : error_at(error, ERROR_INPUT, published.file, 0, 0,
                                           "this is no report; restore it from a copy");
}

static bool read_days(const json_t *document, struct days *out)
{
    return day_parse(text_at(document, "period.from"), &out->from) &&
           day_parse(text_at(document, "period.to"), &out->until);
}

/* "2026Q3", "2026-07-01_2026-07-31", or "all". */
static const char *period_name(struct arena *arena, const json_t *document)
{
    struct days days;
    if (!read_days(document, &days))
        return "all";
    const char *name = days_format(arena, days);
    if (strchr(name, 'Q') != NULL)
        return name;
    return arena_printf(arena, "%s_%s", day_format(arena, days.from),
                        day_format(arena, days.until - 1));
}

/* ---- Publish ------------------------------------------------------------------------------------
 */

/* A report on its way, with the workspace open for writing until it is published. */
struct publishing {
    struct cli *cli;
    const struct arguments *arguments;
    const char *folder;
    json_t *document;
    struct workspace *workspace;
    struct published_work work;
};

/* Waits for others: what was asked for is answered already. Whoever was forgotten meanwhile is
   still in the answer. */
static enum status open_to_publish(struct publishing *publishing, struct error *error)
{
    struct cli *cli = publishing->cli;
    int64_t version = 0;
    enum status status = workspace_open(cli->arena, publishing->folder, true, true, cli->command,
                                        &publishing->workspace, error);
    if (status == STATUS_OK)
        status = workspace_data_version(publishing->workspace, &version, error);
    if (status == STATUS_OK &&
        version != json_integer_value(at(publishing->document, "assay.data_version")))
        status = error_set(error, ERROR_BUSY,
                           "the data were changed while the report was made; publish it again");
    return status == STATUS_OK
               ? published_work_read(&publishing->work, publishing->workspace, error)
               : status;
}

static enum status add_earlier(struct publishing *publishing, const struct published *one,
                               json_t *all, struct error *error)
{
    json_t *document = NULL;
    enum status status =
        read_document(publishing->cli, publishing->folder, one->name, &document, error);
    if (status != STATUS_OK) {
        json_decref(document);
        return status;
    }
    json_t *earlier =
        json_pack("{s:s, s:s, s:o}", "name", one->name, "sha256", one->hash, "document", document);
    return json_array_append_new(all, earlier) == 0 ? STATUS_OK : error_memory(error);
}

/* What readers of earlier reports could subtract is not published. Where the file of any is gone or
   changed, whatever its period, nothing is: which days it told of is in the file only. */
static enum status hold_against_earlier(struct publishing *publishing, struct error *error)
{
    struct published *list = NULL;
    size_t count = 0;
    json_t *all = json_array();
    enum status status =
        published_list(publishing->folder, publishing->cli->arena, &list, &count, error);
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        status = add_earlier(publishing, &list[i], all, error);
    if (status == STATUS_OK && !publish_against(publishing->document, all, &publishing->work))
        status = error_memory(error);
    json_decref(all);
    return status;
}

/* Nobody asked for that period: it would stay for good, and say nothing. */
static enum status check_found(struct cli *cli, const struct arguments *arguments,
                               const json_t *document, struct error *error)
{
    bool asked = arguments->word_count > 0 || argument_given(arguments, "from") ||
                 argument_given(arguments, "to");
    if (asked || json_array_size(at(document, "rows")) > 0)
        return STATUS_OK;
    return error_at(error, ERROR_INPUT, "--publish", 0, 0,
                    "there is nothing to report of %s, which was taken since no period was named; "
                    "assay report says what is there",
                    period_name(cli->arena, document));
}

/* Whose its numbers are is kept first: a report without would be held against by counts alone. */
static enum status keep(struct publishing *publishing, struct published *kept, struct error *error)
{
    struct cli *cli = publishing->cli;
    const json_t *document = publishing->document;
    char hash[hash_hex_length + 1];
    char *json = document_json(document);
    if (json == NULL)
        return error_memory(error);
    const char *text = arena_printf(cli->arena, "%s\n", json);
    free(json);
    hash_sha256(text, strlen(text), hash);
    enum status status = published_work_keep(&publishing->work, publishing->workspace, hash, error);
    if (status != STATUS_OK)
        return status;
    status =
        published_keep(publishing->folder, period_name(cli->arena, document), text,
                       json_integer_value(at(document, "assay.data_version")),
                       argument_given(publishing->arguments, "again"), cli->arena, kept, error);
    if (status != STATUS_OK)
        (void)published_work_drop(publishing->workspace, hash, NULL);
    return status;
}

/* Holds it against those before. */
static enum status begin(struct publishing *publishing, const struct evidence *evidence,
                         struct error *error)
{
    published_work_start(&publishing->work, publishing->cli->arena);
    published_work_of(&publishing->work, evidence);
    enum status status = open_to_publish(publishing, error);
    return status == STATUS_OK ? hold_against_earlier(publishing, error) : status;
}

static enum status finish(struct publishing *publishing, struct error *error)
{
    struct cli *cli = publishing->cli;
    struct published kept = {0};
    enum status status = keep(publishing, &kept, error);
    workspace_close(publishing->workspace);
    publishing->workspace = NULL;
    if (status != STATUS_OK)
        return status;
    workspace_note_later(publishing->folder, argument_given(publishing->arguments, "wait"),
                         cli->command);
    (void)fprintf(cli->log,
                  "published: %s, SHA-256 %s, line %zu of the registry\nhead of the registry: "
                  "%s\n",
                  kept.file, kept.hash, kept.line, kept.head);
    return STATUS_OK;
}

enum status cli_published(struct cli *cli, const struct arguments *arguments, const char *folder,
                          const struct evidence *evidence, json_t *document, struct error *error)
{
    struct publishing publishing = {
        .cli = cli, .arguments = arguments, .folder = folder, .document = document};
    const char *with = argument_text(arguments, "compare-with", NULL);
    bool publish = argument_given(arguments, "publish");
    json_t *then = NULL;
    enum status status = STATUS_OK;
    if (publish && with == NULL)
        status = check_found(cli, arguments, document, error);
    if (status == STATUS_OK && publish)
        status = begin(&publishing, evidence, error);
    if (status == STATUS_OK && with != NULL)
        status = read_document(cli, folder, with, &then, error);
    if (status == STATUS_OK && with != NULL)
        held_add(document, then, with);
    json_decref(then);
    if (status == STATUS_OK && publish)
        status = finish(&publishing, error);
    workspace_close(publishing.workspace);
    return status;
}

/* ---- Look
 * ----------------------------------------------------------------------------------------- */

enum status cli_published_days(struct cli *cli, const struct arguments *arguments, const char *name,
                               const char **from, const char **to, struct error *error)
{
    const char *folder = NULL;
    json_t *document = NULL;
    struct days days;
    enum status status = cli_workspace(cli, arguments, &folder, error);
    if (status == STATUS_OK)
        status = read_document(cli, folder, name, &document, error);
    if (status == STATUS_OK && read_days(document, &days)) {
        *from = day_format(cli->arena, days.from);
        *to = day_format(cli->arena, days.until - 1);
    }
    json_decref(document);
    return status;
}

enum status cli_published_list(struct cli *cli, const struct arguments *arguments,
                               struct error *error)
{
    static const char *const states[] = {"as it was published", "CHANGED since", "MISSING"};
    const char *folder = NULL;
    struct published *list = NULL;
    size_t count = 0;
    struct workspace *workspace = NULL;
    enum status status = cli_workspace(cli, arguments, &folder, error);
    if (status == STATUS_OK) /* holds the registry's length against the database's */
        status = cli_open(cli, arguments, false, &workspace, error);
    workspace_close(workspace);
    if (status == STATUS_OK)
        status = published_list(folder, cli->arena, &list, &count, error);
    if (status == STATUS_OK && count == 0)
        (void)fputs("No report was published yet: assay report --publish\n", cli->log);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        (void)fprintf(cli->out, "%-24s %.10s  data version %-6lld %s\n", list[i].name, list[i].at,
                      (long long)list[i].data_version, states[list[i].state]);
        if (list[i].state != PUBLISHED_WHOLE)
            cli->exit_code = 1;
    }
    return status;
}
