#include "cli/cli.h"

#include "base/error.h"
#include "base/terminal.h"
#include "collect/connector.h"
#include "collect/git_import.h"
#include "collect/import.h"

#include <string.h>
#include <unistd.h>

/* NAME=VALUE of --map and --set, cut at the first equals sign. */
static enum status split_pair(struct arena *arena, const char *flag, const char *text,
                              const char **name, const char **value, struct error *error)
{
    const char *equals = strchr(text, '=');
    if (equals == NULL || equals == text || equals[1] == '\0')
        return error_at(error, ERROR_INPUT, flag, 0, 0, "\"%s\" is no %s; write %s", text,
                        strcmp(flag, "--map") == 0 ? "mapping" : "setting",
                        strcmp(flag, "--map") == 0 ? "--map item_id=\"Ticket ID\""
                                                   : "--set NAME=VALUE");
    *name = arena_text_n(arena, text, (size_t)(equals - text));
    *value = equals + 1;
    return STATUS_OK;
}

static enum status take_pairs(struct cli *cli, const struct arguments *arguments,
                              struct connector *connector, struct import_request *request,
                              struct error *error)
{
    struct import_map *maps = arena_array(cli->arena, arguments->given_count, sizeof *maps);
    enum status status = STATUS_OK;
    for (size_t i = 0; i < arguments->given_count && status == STATUS_OK; i++) {
        const char *flag = arguments->given[i].flag->name;
        const char *text = arguments->given[i].value;
        const char *name = NULL;
        const char *value = NULL;
        if (strcmp(flag, "set") == 0) {
            status = split_pair(cli->arena, "--set", text, &name, &value, error);
            if (status == STATUS_OK)
                status = connector_set(connector, name, value, error);
        } else if (strcmp(flag, "map") == 0) {
            status = split_pair(cli->arena, "--map", text, &name, &value, error);
            if (status == STATUS_OK)
                maps[request->map_count++] = (struct import_map){name, value};
        }
    }
    request->maps = maps;
    return status;
}

static void show_rows(struct cli *cli, const struct frame *rows)
{
    FILE *out = cli->out;
    for (size_t row = 0; row < rows->rows; row++) {
        (void)fprintf(out, "  row %zu\n", row + 1);
        for (size_t c = 0; c < rows->column_count; c++) {
            const char *value = frame_text(rows, row, c);
            if (value != NULL)
                (void)fprintf(out, "    %-18s %s\n", rows->columns[c].name,
                              text_printable(cli->arena, value));
        }
    }
}

static void show_rejects(FILE *log, const char *path, const struct import_table *table,
                         bool dry_run)
{
    for (size_t i = 0; i < table->reject_count; i++) {
        const struct import_reject *reject = &table->rejects[i];
        if (reject->row > 0)
            (void)fprintf(log, "  %s:%lld: %s%s%s\n", path, (long long)reject->row,
                          reject->column != NULL ? reject->column : "",
                          reject->column != NULL ? ": " : "", reject->reason);
        else
            (void)fprintf(log, "  %s: %s%s%s\n", path, reject->column != NULL ? reject->column : "",
                          reject->column != NULL ? ": " : "", reject->reason);
    }
    if (table->rejected > (int64_t)table->reject_count)
        (void)fprintf(log, "  … and %lld more%s\n",
                      (long long)table->rejected - (long long)table->reject_count,
                      dry_run ? "" : " (assay status --rejected lists them)");
    if (table->note != NULL)
        (void)fprintf(log, "  %s\n", table->note);
    if (table->number_note != NULL)
        (void)fprintf(log, "  %s\n", table->number_note);
}

static void show_doubt(FILE *log, const char *path, const struct source_doubt *doubt)
{
    if (doubt->values > 0)
        (void)fprintf(
            log,
            "  %s:%lld: a value in quotes goes on over lines that look like rows. Such "
            "values: %lld, with line breaks in them: %lld. Where a quote is missing, those "
            "lines are rows that were not read.\n",
            path, (long long)doubt->row, (long long)doubt->values, (long long)doubt->lines);
}

/* There were rows, and all of them were rejected. */
static bool accepted_none(const struct import_result *result)
{
    int64_t read = 0;
    int64_t accepted = 0;
    for (size_t i = 0; i < result->table_count; i++) {
        read += result->tables[i].read;
        accepted += result->tables[i].accepted;
    }
    return read > 0 && accepted == 0;
}

static void show_counts(struct cli *cli, const struct import_table *table)
{
    (void)fprintf(cli->out,
                  "%-11s read %lld · accepted %lld · rejected %lld · new %lld · changed %lld\n",
                  table->table, (long long)table->read, (long long)table->accepted,
                  (long long)table->rejected, (long long)table->added, (long long)table->changed);
}

static void show_trial(struct cli *cli, const struct import_table *table, const char *zone)
{
    if (table->rows.rows > 0)
        (void)fprintf(cli->out, "%s, as it would be stored (nothing was), times in %s:\n",
                      table->table, zone);
    show_rows(cli, &table->rows);
    (void)fprintf(cli->out,
                  "%-11s %sread %lld · accepted %lld · rejected %lld (nothing is stored)\n",
                  table->table, table->goes_on ? "of the first rows: " : "", (long long)table->read,
                  (long long)table->accepted, (long long)table->rejected);
}

static void show_table(struct cli *cli, const char *path, const struct import_result *result,
                       size_t number)
{
    const struct import_table *table = &result->tables[number];
    if (number > 0 && table->read == 0)
        return;
    if (result->dry_run)
        show_trial(cli, table, result->zone);
    else
        show_counts(cli, table);
    if (number == 0 && table->read == 0)
        (void)fputs("  the file has a header and 0 rows\n", cli->log);
    if (table->attrs_dropped > 0)
        (void)fprintf(
            cli->log,
            "  attributes dropped, since they were over 64 characters or had an @: %lld\n",
            (long long)table->attrs_dropped);
    show_rejects(cli->log, path, table, result->dry_run);
    if (table->parted_note != NULL)
        (void)fprintf(cli->log, "  %s\n", table->parted_note);
    if (table->future_note != NULL)
        (void)fprintf(cli->log, "  %s\n", table->future_note);
    if (table->unmet_note != NULL)
        (void)fprintf(cli->log, "  %s\n", table->unmet_note);
}

static bool any_rejected(const struct import_result *result)
{
    for (size_t i = 0; i < result->table_count; i++)
        if (result->tables[i].rejected > 0)
            return true;
    return false;
}

static void show_result(struct cli *cli, const char *path, const struct import_result *result)
{
    bool any_note = false;
    for (size_t i = 0; i < result->table_count; i++) {
        const struct import_table *table = &result->tables[i];
        any_note = any_note || table->note != NULL || table->number_note != NULL;
        if (result->refused)
            show_rejects(cli->log, path, table, false);
        else
            show_table(cli, path, result, i);
    }
    if (result->repeated)
        (void)fputs(
            "  This is the last import over again, and nothing has changed since: nothing to do.\n",
            cli->log);
    show_doubt(cli->log, path, &result->doubt);
    if (any_rejected(result) && !any_note && !result->dry_run)
        (void)fputs("Correct rejected rows where they come from, and import the file again: rows "
                    "that are there already are not doubled.\n",
                    cli->log);
    if (result->unused_count == 0 || result->refused)
        return;
    (void)fprintf(cli->log, "Not read:");
    for (size_t i = 0; i < result->unused_count; i++)
        (void)fprintf(cli->log, "%s \"%s\"", i > 0 ? "," : "",
                      text_printable(cli->arena, result->unused[i]));
    (void)fputs("  (name them with --map, or --map attr.KEY=COLUMN)\n", cli->log);
}

static void report_share(void *context, double share)
{
    if (share >= 0)
        (void)fprintf(context, "\rreading … %3.0f %%", share * 100);
    else
        (void)fputs("\rreading …", context);
    (void)fflush(context);
}

static void report_commits(void *context, int64_t done, int64_t total)
{
    if (total > 0)
        (void)fprintf(context, "\rreading commits … %lld of %lld", (long long)done,
                      (long long)total);
    else
        (void)fprintf(context, "\rreading commits … %lld", (long long)done);
    (void)fflush(context);
}

static void show_history(struct cli *cli, const struct git_import_result *result)
{
    const struct git_history *history = &result->history;
    (void)fprintf(cli->out, "%s %zu commits on %s: %zu items, %zu name an AI\n",
                  result->continued ? "Gone on from the last import:" : "Read",
                  history->items + history->merges + history->bots, history->branch, history->items,
                  result->marked);
    (void)fprintf(cli->out,
                  "  left out: %zu merges, %zu by bots\n"
                  "  of the items: %zu without a person (they take part in no estimate), %zu from "
                  "the last 21 days before the newest commit (their rework is not known yet)\n",
                  history->merges, history->bots, history->without_person, history->maturing);
    (void)fprintf(cli->out, "  item: new %lld, changed %lld · measure: new %lld, changed %lld\n",
                  (long long)result->items.added, (long long)result->items.changed,
                  (long long)result->measures.added, (long long)result->measures.changed);
    if (history->merges > history->items)
        (void)fputs(
            "  Most work came by merges: what became of it is kept for the pull requests that they "
            "merged (assay import github_pulls FILE).\n",
            cli->out);
    if (history->shallow)
        (void)fputs("  This clone is shallow: older history is not in it, and what fixes did to it "
                    "is not known (git fetch --unshallow brings it).\n",
                    cli->log);
    if (history->contents_missing)
        (void)fprintf(cli->log,
                      "  This clone lacks file contents: sizes of %zu items and rework of %zu are "
                      "not known (a full clone has them).\n",
                      history->size_unknown, history->rework_unknown);
}

static enum status run_git(struct cli *cli, const struct arguments *arguments, const char *folder,
                           struct workspace *workspace, struct error *error)
{
    if (argument_given(arguments, "dry-run") || argument_given(arguments, "map") ||
        argument_given(arguments, "set") || argument_given(arguments, "strict"))
        return error_set(error, ERROR_INPUT,
                         "import git takes none of --map, --set, --dry-run, --strict");
    struct git_import_result result;
    struct git_import_request request = {.folder = folder};
    if (isatty(fileno(cli->log)) != 0) {
        request.progress = report_commits;
        request.progress_context = cli->log;
    }
    enum status status = git_import(workspace, &request, cli->arena, &result, error);
    if (request.progress != NULL)
        (void)fputs("\r\033[K", cli->log);
    if (status != STATUS_OK)
        return status;
    show_history(cli, &result);
    return STATUS_OK;
}

static enum status run(struct cli *cli, const struct arguments *arguments, struct error *error)
{
    if (arguments->word_count != 2)
        return error_set(error, ERROR_INPUT,
                         "import takes a connector and a file, such as: assay import items "
                         "tickets.csv (assay connectors lists them)");
    bool dry_run = argument_given(arguments, "dry-run");
    struct workspace *workspace = NULL;
    struct connector connector;
    struct import_result result;
    struct import_request request = {.path = arguments->words[1],
                                     .dry_run = dry_run,
                                     .strict = argument_given(arguments, "strict"),
                                     .program = ASSAY_VERSION};
    enum status status = cli_open(cli, arguments, !dry_run, &workspace, error);
    if (status != STATUS_OK)
        return status;
    status = connector_find(cli->arena, workspace_path(workspace, cli->arena, "connectors"),
                            arguments->words[0], &connector, error);
    if (status == STATUS_OK && strcmp(connector.reads, "git") == 0 && !connector.built_in)
        status =
            error_at(error, ERROR_INPUT, connector.path, 1, 0,
                     "reads: git is read by assay itself; a connector of yours reads csv, json or "
                     "parquet");
    if (status == STATUS_OK && strcmp(connector.reads, "git") == 0) {
        status = run_git(cli, arguments, arguments->words[1], workspace, error);
        goto end;
    }
    if (status == STATUS_OK)
        status = take_pairs(cli, arguments, &connector, &request, error);
    if (status == STATUS_OK) {
        struct import_progress progress = {report_share, cli->log};
        bool terminal = isatty(fileno(cli->log)) != 0;
        status = import_file(workspace, &connector, &request, terminal ? &progress : NULL,
                             cli->arena, &result, error);
        if (terminal)
            (void)fputs("\r\033[K", cli->log);
    }
    if (status == STATUS_OK)
        show_result(cli, request.path, &result);
    if (status == STATUS_OK && accepted_none(&result))
        cli->exit_code = 1;
    if (status == STATUS_OK && dry_run && request.strict && any_rejected(&result))
        status = error_at(error, ERROR_INPUT, request.path, 0, 0,
                          "rows would be rejected, and with --strict nothing of the file would be "
                          "imported");
    if (status == STATUS_OK && result.refused)
        status = error_at(error, ERROR_INPUT, request.path, 0, 0,
                          "rows were rejected, and with --strict nothing of the file was imported; "
                          "`assay status --rejected` lists them");
end:
    workspace_close(workspace);
    return status;
}

const struct command command_import = {
    .name = "import",
    .group = "Bring data in",
    .usage = "CONNECTOR FILE | git DIR",
    .summary = "Read an export or a repository into the workspace",
    .details =
        "The file is CSV, JSON lines (one object on each line) or Parquet, as it is or compressed "
        "by\n"
        "gzip or zstd; which of them is found from its content.\n"
        "\n"
        "Names of people become keyed pseudonyms while reading; of prompts only the length is\n"
        "kept. The import is wholly there or not at all, and the same file again changes nothing.\n"
        "Rows that cannot be read are counted and kept by file, row, column and reason, never by\n"
        "value: `assay status --rejected` lists them. With --strict they keep the others out, "
        "too.\n"
        "Exit status 1 where there were rows and all of them were rejected.\n"
        "\n"
        "--map says which column of the file is which column of the connector; attr.KEY keeps a\n"
        "column for filters and use cases as it is (so never map a name there), measure.NAME "
        "makes\n"
        "a measure of it:\n"
        "  --map item_id=\"Ticket ID\" --map attr.group=Category --map measure.satisfaction=CSAT\n"
        "`assay connectors show NAME` lists columns and options.",
    .example = "  assay import items tickets.csv --map item_id=\"Ticket ID\" --map "
               "opened_at=Created\n"
               "  assay import usage calls.csv --dry-run\n"
               "  assay import git ~/src/app",
    .flags =
        {
            {"map", "TARGET=COLUMN", "read this column of the file as that one (repeatable)"},
            {"set", "NAME=VALUE", "set an option of the connector (repeatable)"},
            {"strict", NULL, "store nothing of the file if a row of it is rejected"},
            {"dry-run", NULL,
             "show five rows as they would be stored, and what is rejected, and store nothing"},
        },
    .repeatable = {"map", "set"},
    .run = run,
};
