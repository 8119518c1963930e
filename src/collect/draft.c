#include "collect/draft.h"

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "collect/connector.h"
#include "collect/connector_check.h"
#include "collect/source_file.h"
#include "engine/sql_text.h"

#include <ctype.h>
#include <string.h>
#include <unistd.h>

/* ---- Words ------------------------------------------------------------------------------ */

/* Tables that a draft can fill, with the generic connector that knows their columns. */
static const struct target {
    const char *table;
    const char *connector;
} targets[] = {
    {"item", "items"},       {"usage", "usage"},    {"measure", "measures"},
    {"step", "steps"},       {"review", "reviews"}, {"assignment", "assignments"},
    {"alias", "people"},     {"seat", "seats"},     {"membership", "memberships"},
    {"invoice", "invoices"}, {"price", "prices"},   {"labour", "labour"},
    {"policy", "policies"},
};

enum { target_count = sizeof targets / sizeof targets[0] };

/* Usual names of a column, without blanks and signs, in small letters; the likeliest first. The
   column's own name need not stand here. */
static const struct synonyms {
    const char *table; /* NULL: in every table that has the column */
    const char *column;
    const char *words;
} synonyms[] = {
    {"item", "item_id",
     "ticketid issuekey issueid caseid taskid requestid pullrequestid workitemid "
     "ticket issue case key number id"},
    {NULL, "item_id", "ticketid issuekey issueid caseid taskid ticket issue case itemkey item key"},
    {NULL, "worker",
     "assignee assigneeemail assigneeid owner agent agentname author authoremail "
     "useremail userid userlogin username login user email employee employeeid "
     "person member developer"},
    {NULL, "team", "teamname squad assignmentgroup department"},
    {NULL, "role", "jobrole jobtitle position"},
    {"item", "use_case", "usecase workflow"},
    {"item", "size", "storypoints points words wordcount lines lineschanged estimate"},
    {"item", "opened_at",
     "created createdat createddate creationdate opened openedat opendate "
     "submitted submittedat received"},
    {"item", "started_at", "started startedat startdate startedon workstarted inprogressat"},
    {"item", "first_closed_at", "firstresolved firstclosed firstresolvedat"},
    {"item", "closed_at",
     "solved solvedat solveddate resolved resolvedat resolutiondate closed "
     "closedat closeddate completed completedat finished finishedat merged "
     "mergedat donedate enddate"},
    {"item", "updated_at", "updated updatedat lastupdated lastmodified modified modifiedat"},
    {"item", "state", "status ticketstatus issuestatus stage"},
    {"item", "ai_declared", "aitool aiassistant"},
    {"usage", "usage_id", "requestid callid eventid traceid spanid messageid id"},
    {NULL, "occurred_at", "timestamp time date datetime createdat created eventtime starttime day"},
    {"usage", "tool", "product application app provider vendor"},
    {NULL, "tool", "product application app service vendor"},
    {NULL, "model", "modelname modelid"},
    {"usage", "operation", "endpoint action requesttype"},
    {"usage", "session", "sessionid conversationid threadid chatid"},
    {"usage", "input_tokens", "prompttokens tokensin inputtokencount"},
    {"usage", "output_tokens", "completiontokens tokensout outputtokencount generatedtokens"},
    {"usage", "cache_read_tokens", "cachedtokens cachereadinputtokens cachedinputtokens"},
    {"usage", "cache_write_tokens", "cachecreationinputtokens cachewriteinputtokens"},
    {NULL, "usd", "cost costusd spend amount amountusd price total totalusd"},
    {"usage", "latency_ms", "latency durationms responsetimems"},
    {"usage", "prompt_chars", "promptlength promptcharacters"},
    {"measure", "name", "measure metric metricname question"},
    {"measure", "value", "score rating result answer"},
    {"step", "step", "activity event action eventtype activityname"},
    {"step", "by_ai", "ai isai automated"},
    {"review", "audit", "auditid sample"},
    {"review", "reviewer", "rater auditor judge"},
    {"review", "criterion", "dimension aspect question"},
    {"review", "score", "rating value points"},
    {"assignment", "arm", "group variant treatment condition"},
    {"assignment", "unit", "ticketid issuekey itemid subject workerid"},
    {"assignment", "plan", "experiment trial test"},
    {"alias", "alias", "login username employeeid accountid nickname"},
    {"alias", "worker", "email mail name"},
    {NULL, "since", "from start startdate validfrom startsat assignedat activatedat periodstart"},
    {NULL, "until", "to end enddate validto endsat expires expiresat periodend"},
    {"seat", "usd_per_month", "price monthlyprice priceusd cost costpermonth"},
    {"labour", "usd_per_hour", "rate hourlyrate costperhour"},
    {"policy", "policy", "name title"},
    {"policy", "starts_at", "start startdate from effective effectivefrom"},
    {"policy", "announced_at", "announced announcedon"},
    {"policy", "kind", "type category"},
    {"price", "input", "inputprice inputusd promptprice"},
    {"price", "output", "outputprice outputusd completionprice"},
};

/* Columns that an item's row often has, and that are measures. */
static const struct synonyms item_measures[] = {
    {"item", "satisfaction", "csat csatscore satisfactionscore satisfactionrating"},
    {"item", "reopened", "reopens reopencount wasreopened"},
    {"item", "errors", "errorcount defects bugs"},
    {"item", "reworked", "rework"},
    {"item", "labour_minutes", "minutesspent timespentminutes minutesbooked"},
};

/* "Ticket ID" as "ticketid". */
static const char *plain_word(struct arena *arena, const char *name)
{
    char *word = arena_text(arena, name);
    size_t length = 0;
    for (const char *at = name; *at != '\0'; at++)
        if (isalnum((unsigned char)*at) != 0 || (unsigned char)*at >= 0x80)
            word[length++] = (char)tolower((unsigned char)*at);
    word[length] = '\0';
    return word;
}

/* Place of word among words that are separated by blanks, from 1; 0: it is none of them. */
static size_t place_among(const char *words, const char *word)
{
    size_t length = strlen(word);
    size_t place = 1;
    for (const char *at = words; length > 0 && *at != '\0'; place++) {
        size_t size = strcspn(at, " ");
        if (size == length && strncmp(at, word, length) == 0)
            return place;
        at += size + (at[size] == ' ');
    }
    return 0;
}

/* ---- Matching --------------------------------------------------------------------------- */

struct header {
    const struct source_file *file;
    const char **words; /* of each name; "" where it must not be named */
};

/* Could the name stand in `-- columns:`, on one line? */
static bool can_be_listed(const char *name)
{
    size_t length = strlen(name);
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)name[i] < 0x20 || name[i] == ',')
            return false;
    return length > 0 && name[length - 1] != '!' && !looks_like_data(name);
}

/* How well a file's column fits: the smaller the better, 0 not at all. */
static size_t fit(const char *table, const char *column, const char *own_word, const char *word)
{
    if (word[0] == '\0')
        return 0;
    if (strcmp(own_word, word) == 0)
        return 1;
    for (size_t i = 0; i < sizeof synonyms / sizeof synonyms[0]; i++) {
        const struct synonyms *one = &synonyms[i];
        if (strcmp(one->column, column) != 0 ||
            (one->table != NULL && strcmp(one->table, table) != 0))
            continue;
        size_t place = place_among(one->words, word);
        /* What is said of the table itself holds before what holds for all. */
        return place > 0 ? place + (one->table == NULL ? 2 : 1) : 0;
    }
    return 0;
}

struct match {
    const struct target *target;
    struct connector generic;
    size_t *chosen; /* per column of the generic connector: the file's, or SIZE_MAX */
    bool *taken;    /* per column of the file */
    size_t mapped;
    size_t missing; /* needed columns that were not found */
};

/* Gives each column of the table the file's column that fits best and is not taken: own names
   first, then the likeliest words. */
static enum status match_table(struct arena *arena, const struct header *header,
                               const struct target *target, struct match *out, struct error *error)
{
    const struct source_file *file = header->file;
    *out = (struct match){.target = target, .taken = arena_array(arena, file->count, sizeof(bool))};
    enum status status = connector_find(arena, NULL, target->connector, &out->generic, error);
    if (status != STATUS_OK)
        return status;
    size_t count = out->generic.column_count;
    out->chosen = arena_array(arena, count, sizeof *out->chosen);
    for (size_t c = 0; c < count; c++)
        out->chosen[c] = SIZE_MAX;
    for (size_t rank = 1; rank <= 40; rank++)
        for (size_t c = 0; c < count; c++) {
            const char *column = out->generic.columns[c].name;
            const char *own_word = plain_word(arena, column);
            for (size_t i = 0; i < file->count && out->chosen[c] == SIZE_MAX; i++)
                if (!out->taken[i] &&
                    fit(target->table, column, own_word, header->words[i]) == rank) {
                    out->chosen[c] = i;
                    out->taken[i] = true;
                    out->mapped++;
                }
        }
    for (size_t c = 0; c < count; c++)
        out->missing += out->generic.columns[c].required && out->chosen[c] == SIZE_MAX;
    return STATUS_OK;
}

static bool is_fit(const struct match *match)
{
    return match->missing == 0 && match->mapped > 0;
}

/* Where nothing is found, the first table stays: most files hold items. */
static bool is_better(const struct match *one, const struct match *other)
{
    if (other->target == NULL || is_fit(one) != is_fit(other))
        return other->target == NULL || is_fit(one);
    return one->mapped > other->mapped;
}

static enum status choose_table(struct arena *arena, const struct header *header, const char *table,
                                struct match *out, struct error *error)
{
    const char *names[target_count];
    *out = (struct match){0};
    for (size_t i = 0; i < target_count; i++) {
        struct match one;
        names[i] = targets[i].table;
        if (table != NULL && strcmp(table, targets[i].table) != 0)
            continue;
        enum status status = match_table(arena, header, &targets[i], &one, error);
        if (status != STATUS_OK)
            return status;
        if (is_better(&one, out))
            *out = one;
    }
    if (out->target != NULL)
        return STATUS_OK;
    const char *nearest = text_nearest(table, names, target_count);
    return error_at(error, ERROR_INPUT, "--into", 0, 0,
                    "a connector can't fill a table \"%s\"%s%s; item and usage are the usual ones",
                    table, nearest != NULL ? "; did you mean " : "",
                    nearest != NULL ? nearest : "");
}

/* ---- Writing ---------------------------------------------------------------------------- */

static void write_head(struct text *out, const char *name, const struct header *header,
                       const struct match *match, bool with_satisfaction)
{
    const struct source_file *file = header->file;
    text_addf(out,
              "-- connector: %s\n"
              "-- about: A draft from the columns of a file; say here what it is\n"
              "-- reads: %s\n"
              "-- from memory\n"
              "-- options: ",
              name, file_format_word(file->format));
    if (strcmp(match->target->table, "item") == 0)
        text_addf(out, "source=%s, ", name);
    else
        text_addf(out, "source=%s, item_source=items, ", name);
    text_addf(out, "dates=iso, decimal=point%s\n",
              with_satisfaction ? ", satisfaction_scale=0..1" : "");
    for (size_t i = 0; i < file->count; i++) {
        if (!match->taken[i])
            continue;
        bool needed = false;
        for (size_t c = 0; c < match->generic.column_count; c++)
            needed = needed || (match->chosen[c] == i && match->generic.columns[c].required);
        text_addf(out, "-- columns: %s%s\n", file->names[i], needed ? "!" : "");
    }
}

/* What is left to decide, in comments before the first block. */
static size_t write_left(struct text *out, const struct header *header, const struct match *match)
{
    const struct source_file *file = header->file;
    size_t left = 0;
    for (size_t i = 0; i < file->count; i++) {
        if (match->taken[i])
            continue;
        if (left++ == 0)
            text_addf(out,
                      "--\n-- Columns of the file that nothing of %s was found for. To use one, "
                      "list it under columns (as above)\n-- and name it in the select. To keep "
                      "one for filters, list its key under attrs and add a map:\n"
                      "--   map {'group': \"Group\"} as attrs\n-- Never keep a name, an address "
                      "or a text that somebody wrote.\n",
                      match->target->table);
        if (can_be_listed(file->names[i]))
            text_addf(out, "--   \"%s\"\n", file->names[i]);
        else
            text_addf(out, "--   (column %zu: its name looks like data, or cannot be listed)\n",
                      i + 1);
    }
    for (size_t c = 0, missing = 0; c < match->generic.column_count; c++) {
        if (match->chosen[c] != SIZE_MAX)
            continue;
        text_addf(out, "%s%s%s",
                  missing++ == 0 ? "--\n-- Not found in the file (! needed): " : ", ",
                  match->generic.columns[c].name, match->generic.columns[c].required ? "!" : "");
        if (c + 1 == match->generic.column_count)
            text_add(out, "\n");
    }
    if (out->bytes[out->length - 1] != '\n')
        text_add(out, "\n");
    return left;
}

static void write_select(struct arena *arena, struct text *out, const struct header *header,
                         const struct match *match)
{
    text_addf(out, "\n-- into: %s\nselect\n  source_row", match->target->table);
    for (size_t c = 0; c < match->generic.column_count; c++)
        if (match->chosen[c] != SIZE_MAX)
            text_addf(out, ",\n  %s as %s", sql_name(arena, header->file->names[match->chosen[c]]),
                      sql_name(arena, match->generic.columns[c].name));
    text_add(out, "\nfrom source;\n");
}

static const char *column_of(struct arena *arena, const struct header *header,
                             const struct match *match, const char *name)
{
    for (size_t c = 0; c < match->generic.column_count; c++)
        if (strcmp(match->generic.columns[c].name, name) == 0 && match->chosen[c] != SIZE_MAX)
            return sql_name(arena, header->file->names[match->chosen[c]]);
    return NULL;
}

/* Measures that an item's row holds; they are taken from match's left-over columns. */
static const char *write_measures(struct arena *arena, const struct header *header,
                                  struct match *match)
{
    const char *item_id = column_of(arena, header, match, "item_id");
    const char *closed_at = column_of(arena, header, match, "closed_at");
    struct text names = {.arena = arena};
    struct text values = {.arena = arena};
    if (strcmp(match->target->table, "item") != 0 || item_id == NULL)
        return "";
    for (size_t m = 0; m < sizeof item_measures / sizeof item_measures[0]; m++)
        for (size_t i = 0; i < header->file->count; i++) {
            const char *word = header->words[i];
            if (match->taken[i] || (strcmp(plain_word(arena, item_measures[m].column), word) != 0 &&
                                    place_among(item_measures[m].words, word) == 0))
                continue;
            match->taken[i] = true;
            match->mapped++;
            text_addf(&names, "%s'%s'", names.length > 0 ? ", " : "", item_measures[m].column);
            text_addf(&values, "%s%s", values.length > 0 ? ", " : "",
                      sql_name(arena, header->file->names[i]));
            break;
        }
    if (names.length == 0)
        return "";
    return arena_printf(
        arena,
        "\n-- into: measure\nselect\n  source_row,\n  %s as item_id,\n  "
        "unnest([%s]) as name,\n  %s as occurred_at,\n  unnest([%s]) as value\nfrom "
        "source;\n",
        item_id, names.bytes, closed_at != NULL ? closed_at : "null::varchar", values.bytes);
}

static const char *write_draft(struct arena *arena, const char *name, const struct header *header,
                               struct match *match, size_t *left)
{
    struct text out = {.arena = arena};
    const char *measures = write_measures(arena, header, match);
    bool with_satisfaction =
        strstr(measures, "'satisfaction'") != NULL || strcmp(match->target->table, "measure") == 0;
    write_head(&out, name, header, match, with_satisfaction);
    if (with_satisfaction)
        text_add(&out,
                 "--\n-- satisfaction runs from 0 to 1; for stars from 1 to 5 set its scale to "
                 "1..5 (worst..best).\n");
    *left = write_left(&out, header, match);
    write_select(arena, &out, header, match);
    text_add(&out, measures);
    return out.bytes;
}

/* ---- The file --------------------------------------------------------------------------- */

/* Parquet's names come from an engine that may open the file. */
static enum status read_names(struct arena *arena, struct source_file *file, struct error *error)
{
    if (file->format != FORMAT_PARQUET)
        return STATUS_OK;
    struct engine *reading = NULL;
    const struct engine_options options = {.readable = file->readable, .clear_text = true};
    enum status status = engine_open("duckdb::memory:", &options, &reading, error);
    if (status == STATUS_OK)
        status = source_file_attach(arena, file, reading, error);
    engine_close(reading);
    return status;
}

static enum status refuse_data(const struct source_file *file, struct error *error)
{
    for (size_t i = 0; i < file->count && file->format == FORMAT_CSV; i++)
        if (looks_like_data(file->names[i]))
            return error_at(error, ERROR_INPUT, file->path, 1, 0,
                            "the first line looks like data, not like names of columns; give the "
                            "file a header line");
    if (file->count == 0)
        return error_at(error, ERROR_INPUT, file->path, 0, 0,
                        "the file has no record that could be read, so its columns are not known");
    return STATUS_OK;
}

/* Columns that each row of the table needs and that were not found; NULL: none. */
static const char *missing_columns(struct arena *arena, const struct match *match)
{
    size_t count = 0;
    const char **needs = connector_table_needs(arena, match->target->table, &count);
    struct text names = {.arena = arena};
    for (size_t i = 0; i < count; i++) {
        bool found = false;
        for (size_t c = 0; c < match->generic.column_count; c++)
            found = found || (strcmp(match->generic.columns[c].name, needs[i]) == 0 &&
                              match->chosen[c] != SIZE_MAX);
        if (!found)
            text_addf(&names, "%s%s", names.length > 0 ? ", " : "", needs[i]);
    }
    return names.length > 0 ? names.bytes : NULL;
}

enum status draft_connector(struct arena *arena, const char *name, const char *path,
                            const char *table, struct draft *out, struct error *error)
{
    struct source_file *file = NULL;
    enum status status = source_file_open(arena, path, false, &file, error);
    if (status != STATUS_OK)
        return status;
    status = read_names(arena, file, error);
    source_file_close(file);
    if (status == STATUS_OK)
        status = refuse_data(file, error);
    if (status != STATUS_OK)
        return status;
    struct header header = {file, arena_array(arena, file->count, sizeof *header.words)};
    for (size_t i = 0; i < file->count; i++)
        header.words[i] = can_be_listed(file->names[i]) ? plain_word(arena, file->names[i]) : "";
    struct match match;
    status = choose_table(arena, &header, table, &match, error);
    if (status != STATUS_OK)
        return status;
    *out = (struct draft){.table = match.target->table};
    out->text = write_draft(arena, name, &header, &match, &out->left);
    out->mapped = match.mapped;
    out->missing = missing_columns(arena, &match);
    return STATUS_OK;
}

enum status draft_write(struct arena *arena, const char *folder, const char *name,
                        const struct draft *draft, const char **path, struct error *error)
{
    size_t length = strlen(name);
    if (length == 0 || length > 63 ||
        strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") != length)
        return error_set(error, ERROR_INPUT,
                         "a connector's name has small letters, digits and _, such as helpdesk");
    struct connector *built_in = NULL;
    size_t count = 0;
    size_t broken = 0;
    enum status status = connector_list(arena, NULL, &built_in, &count, &broken, error);
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        if (strcmp(built_in[i].name, name) == 0)
            return error_set(error, ERROR_INPUT,
                             "there is a built-in connector %s; give yours another name", name);
    if (status != STATUS_OK)
        return status;
    *path = arena_printf(arena, "%s/%s.sql", folder, name);
    if (access(*path, F_OK) == 0)
        return error_at(error, ERROR_INPUT, *path, 0, 0,
                        "there is a connector of that name; remove it, or choose another name");
    return file_write(*path, draft->text, strlen(draft->text), 0600, error);
}
