#include "cli/published.h"

#include "base/error.h"
#include "base/time.h"
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

/* What readers of earlier reports could subtract is not published. Where the file of any is gone or
   changed, whatever its period, nothing is: which days it told of is in the file only. */
static enum status hold_against_earlier(struct cli *cli, const char *folder, json_t *document,
                                        struct error *error)
{
    struct published *list = NULL;
    size_t count = 0;
    json_t *all = json_array();
    enum status status = published_list(folder, cli->arena, &list, &count, error);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        json_t *earlier = NULL;
        status = read_document(cli, folder, list[i].name, &earlier, error);
        if (status != STATUS_OK)
            json_decref(earlier);
        else if (json_array_append_new(
                     all, json_pack("{s:s, s:o}", "name", list[i].name, "document", earlier)) != 0)
            status = error_memory(error);
    }
    if (status == STATUS_OK && !publish_against(document, all))
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

static enum status keep(struct cli *cli, const struct arguments *arguments, const char *folder,
                        const json_t *document, struct error *error)
{
    struct published kept = {0};
    char *json = document_json(document);
    if (json == NULL)
        return error_memory(error);
    const char *text = arena_printf(cli->arena, "%s\n", json);
    free(json);
    enum status status =
        published_keep(folder, period_name(cli->arena, document), text,
                       json_integer_value(at(document, "assay.data_version")),
                       argument_given(arguments, "again"), cli->arena, &kept, error);
    if (status == STATUS_OK) {
        workspace_note_later(folder, argument_given(arguments, "wait"), cli->command);
        (void)fprintf(cli->log,
                      "published: %s, SHA-256 %s, line %zu of the registry\nhead of the registry: "
                      "%s\n",
                      kept.file, kept.hash, kept.line, kept.head);
    }
    return status;
}

enum status cli_published(struct cli *cli, const struct arguments *arguments, const char *folder,
                          json_t *document, struct error *error)
{
    const char *with = argument_text(arguments, "compare-with", NULL);
    bool publishing = argument_given(arguments, "publish");
    json_t *then = NULL;
    enum status status = STATUS_OK;
    if (publishing && with == NULL)
        status = check_found(cli, arguments, document, error);
    if (status == STATUS_OK && publishing)
        status = hold_against_earlier(cli, folder, document, error);
    if (status == STATUS_OK && with != NULL)
        status = read_document(cli, folder, with, &then, error);
    if (status == STATUS_OK && with != NULL)
        held_add(document, then, with);
    json_decref(then);
    if (status == STATUS_OK && publishing)
        status = keep(cli, arguments, folder, document, error);
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
