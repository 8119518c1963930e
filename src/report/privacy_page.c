#include "report/privacy_page.h"

#include "base/time.h"
#include "report/format.h"
#include "report/lines.h"

#include <string.h>

/* ---- What is always true ---------------------------------------------------------------- */

static const struct {
    const char *who;
    const char *sees;
} readers[] = {
    {"operators", "Whoever may read this folder: its owner and the administrators of the machine. "
                  "They can make reports, and with other tools look at every row under its "
                  "pseudonym. Keep them few, and name them."},
    {"readers", "Whoever is given a report: figures of groups only, of the size set above."},
    {"everybody else", "Nothing. assay opens no network connection and sends nothing anywhere."},
};

static const char *const never_seen[] = {
    "the name, address or login of a person: it becomes a pseudonym while it is read, and is not "
    "kept",
    "the text of a prompt or of an answer: of a prompt only the length is kept",
    "what stood in a row that could not be read: only its place and a reason in fixed words",
};

/* Where the data is not all the user's own. */
static const char *const never_seen_of_others[] = {
    "a view, a ranking or a score of one person: no command has one",
    "figures of fewer people than the size set above, in each arm that is compared",
};

static const char *const operators_could[] = {
    "open the database with other tools and follow the rows of one pseudonym",
    "put a list of known names under the key (secret.key) and find whose pseudonym is whose",
    "follow the id of a ticket or commit back to where it came from, which names its author",
    "ask many questions of different periods and kinds of work, and take answers from each other",
    "lower the size of groups: the registry then has a line, and every report says so",
};

/* ---- The document ----------------------------------------------------------------------- */

static json_t *text_or_null(const char *text)
{
    return text != NULL ? json_string(text) : json_null();
}

static json_t *table_json(const struct privacy_table *table)
{
    json_t *columns = json_array();
    json_t *attributes = json_array();
    for (size_t i = 0; i < table->column_count; i++)
        (void)json_array_append_new(columns,
                                    json_pack("{s:s, s:s}", "name", table->columns[i].name, "kind",
                                              privacy_kind_name(table->columns[i].kind)));
    for (size_t i = 0; i < table->attributes.rows; i++)
        (void)json_array_append_new(attributes, text_or_null(frame_text(&table->attributes, i, 0)));
    return json_pack("{s:s, s:o, s:b, s:I, s:o, s:o, s:o, s:o}", "table", table->name, "about",
                     text_or_null(table->about), "derived", (int)table->derived, "rows",
                     (json_int_t)table->rows, "since", text_or_null(table->since), "until",
                     text_or_null(table->until), "columns", columns, "attributes", attributes);
}

static json_t *tables_json(const struct privacy *privacy)
{
    json_t *tables = json_array();
    for (size_t i = 0; i < privacy->table_count; i++)
        (void)json_array_append_new(tables, table_json(&privacy->tables[i]));
    return tables;
}

static json_t *imports_json(const struct frame *imports)
{
    json_t *list = json_array();
    for (size_t i = 0; i < imports->rows; i++)
        (void)json_array_append_new(list,
                                    json_pack("{s:o, s:I, s:o, s:o, s:I, s:I}", "connector",
                                              text_or_null(frame_text(imports, i, 0)), "files",
                                              (json_int_t)frame_integer(imports, i, 1), "first",
                                              text_or_null(frame_text(imports, i, 2)), "last",
                                              text_or_null(frame_text(imports, i, 3)), "accepted",
                                              (json_int_t)frame_integer(imports, i, 4), "rejected",
                                              (json_int_t)frame_integer(imports, i, 5)));
    return list;
}

static json_t *settings_json(const struct privacy *privacy)
{
    json_t *history = json_array();
    for (size_t i = 0; i < privacy->event_count; i++)
        if (strcmp(privacy->events[i].kind, "setting") == 0)
            (void)json_array_append_new(
                history, json_pack("{s:s, s:I, s:b}", "at", privacy->events[i].at, "min_group",
                                   (json_int_t)privacy->events[i].min_group, "own_data",
                                   (int)privacy->events[i].own_data));
    return json_pack("{s:i, s:b, s:o, s:b, s:o}", "min_group", privacy->min_group, "own_data",
                     (int)privacy->settings->own_data, "retention",
                     text_or_null(privacy->settings->retention), "retention_acted_on", 0, "history",
                     history);
}

static json_t *forgotten_json(const struct privacy *privacy)
{
    json_t *list = json_array();
    for (size_t i = 0; i < privacy->event_count; i++)
        if (strcmp(privacy->events[i].kind, "forget") == 0)
            (void)json_array_append_new(list,
                                        json_pack("{s:s, s:I}", "at", privacy->events[i].at,
                                                  "names", (json_int_t)privacy->events[i].names));
    return list;
}

static json_t *files_json(const struct privacy *privacy)
{
    json_t *list = json_array();
    for (size_t i = 0; i < privacy->file_count; i++) {
        const struct privacy_file *file = &privacy->files[i];
        char mode[8];
        (void)snprintf(mode, sizeof mode, "%04o", file->mode & 07777);
        (void)json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:b}", "path", file->path,
                                                    "mode", mode, "owner", file->owner, "group",
                                                    file->group, "others", (int)file->others));
    }
    return list;
}

static void add_texts(json_t *list, const char *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        (void)json_array_append_new(list, json_string(texts[i]));
}

static json_t *never_seen_json(const struct privacy *privacy)
{
    json_t *list = json_array();
    add_texts(list, never_seen, sizeof never_seen / sizeof never_seen[0]);
    if (!privacy->settings->own_data)
        add_texts(list, never_seen_of_others,
                  sizeof never_seen_of_others / sizeof never_seen_of_others[0]);
    return list;
}

static json_t *operators_could_json(void)
{
    json_t *list = json_array();
    add_texts(list, operators_could, sizeof operators_could / sizeof operators_could[0]);
    return list;
}

static json_t *readers_json(void)
{
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++)
        (void)json_array_append_new(
            list, json_pack("{s:s, s:s}", "who", readers[i].who, "sees", readers[i].sees));
    return list;
}

json_t *privacy_document(const struct privacy *privacy, const char *version)
{
    struct arena *arena = arena_create();
    json_t *people = privacy->people < 0 ? json_null() : json_integer(privacy->people);
    json_t *document = json_pack(
        "{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:o, s:o}", "format",
        "assay-privacy/1", "assay", version, "workspace", privacy->settings->name, "made",
        time_format(arena, time_now()), "since", text_or_null(privacy->since), "people", people,
        "settings", settings_json(privacy), "imports", imports_json(&privacy->imports), "tables",
        tables_json(privacy), "files", files_json(privacy), "open_to_others",
        (int)privacy->open_to_others, "readers", readers_json(), "never_seen",
        never_seen_json(privacy), "operators_could", operators_could_json(), "forgotten",
        forgotten_json(privacy));
    arena_destroy(arena);
    return document;
}

/* ---- The page --------------------------------------------------------------------------- */

/* One page, either way: text of a terminal where style is given, else Markdown. */
struct page {
    struct arena *arena;
    struct lines lines;
    struct text markdown;
    bool is_text;
};

/* What would be markup in Markdown. */
static const char *plain(const struct page *page, const char *text)
{
    if (page->is_text)
        return text;
    struct text out = {.arena = page->arena};
    for (; *text != '\0'; text++) {
        if (strchr("|\\`*_<>[]#", *text) != NULL)
            text_add(&out, "\\");
        text_add_n(&out, *text == '\n' ? " " : text, 1);
    }
    return text_get(&out);
}

static void heading(struct page *page, const char *text)
{
    if (page->is_text) {
        lines_blank(&page->lines);
        lines_add(&page->lines, "", "", lines_colour(&page->lines, COLOUR_HEAD, text));
    } else
        text_addf(&page->markdown, "\n## %s\n\n", text);
}

static void paragraph(struct page *page, const char *text)
{
    if (page->is_text)
        lines_add(&page->lines, "", "", text);
    else
        text_addf(&page->markdown, "%s\n\n", plain(page, text));
}

static void bullet(struct page *page, const char *head, const char *text)
{
    bool has_head = head != NULL;
    if (page->is_text)
        lines_add(&page->lines, "  - ", "    ",
                  has_head ? arena_printf(page->arena, "%s: %s", head, text) : text);
    else if (has_head)
        text_addf(&page->markdown, "- **%s**: %s\n", plain(page, head), plain(page, text));
    else
        text_addf(&page->markdown, "- %s\n", plain(page, text));
}

static void under(struct page *page, const char *head, const char *text)
{
    if (text[0] == '\0')
        return;
    if (page->is_text)
        lines_add(&page->lines, "      ", "        ",
                  arena_printf(page->arena, "%s: %s", head, text));
    else
        text_addf(&page->markdown, "  - %s: %s\n", head, plain(page, text));
}

static void add_head(struct page *page, const json_t *document)
{
    const char *title = arena_printf(page->arena, "What the workspace \"%s\" holds about people",
                                     text_at(document, "workspace"));
    if (page->is_text)
        lines_add(&page->lines, "", "", lines_colour(&page->lines, COLOUR_HEAD, title));
    else
        text_addf(&page->markdown, "# %s\n\n", plain(page, title));
    const json_t *people = at(document, "people");
    const char *count =
        json_is_integer(people)
            ? arena_printf(page->arena, "%s people are known to it, by pseudonyms.",
                           format_count(page->arena, json_integer_value(people)))
            : arena_printf(page->arena, "Fewer than %.0f people are known to it, by pseudonyms.",
                           number_at(document, "settings.min_group"));
    paragraph(page, arena_printf(page->arena,
                                 "Written by assay %s from the workspace itself on %.10s. It was "
                                 "made on %.10s. %s",
                                 text_at(document, "assay"), text_at(document, "made"),
                                 text_at(document, "since"), count));
}

/* The columns of one kind, with commas. */
static const char *columns_of(struct page *page, const json_t *table, const char *kind)
{
    struct text out = {.arena = page->arena};
    size_t index = 0;
    json_t *column = NULL;
    json_array_foreach(at(table, "columns"), index, column)
    {
        if (strcmp(text_at(column, "kind"), kind) == 0)
            text_addf(&out, "%s%s", out.length > 0 ? ", " : "", text_at(column, "name"));
    }
    return text_get(&out);
}

static const char *attributes_of(struct page *page, const json_t *table)
{
    struct text out = {.arena = page->arena};
    size_t index = 0;
    json_t *key = NULL;
    json_array_foreach(at(table, "attributes"), index, key)
        text_addf(&out, "%s%s", index > 0 ? ", " : "", json_string_value(key));
    return text_get(&out);
}

static void add_table(struct page *page, const json_t *table)
{
    const char *about = text_at(table, "about");
    if (about[0] == '\0')
        about = "a table that this version of assay does not know";
    const char *since = text_at(table, "since");
    const char *days = since[0] == '\0'
                           ? ""
                           : arena_printf(page->arena, ", %s … %s", since, text_at(table, "until"));
    bullet(page, text_at(table, "table"),
           arena_printf(page->arena, "%s (%s rows%s)", about,
                        format_count(page->arena, json_integer_value(at(table, "rows"))), days));
    under(page, "pseudonyms", columns_of(page, table, "pseudonym"));
    under(page, "times", columns_of(page, table, "time"));
    under(page, "numbers", columns_of(page, table, "number"));
    under(page, "labels", columns_of(page, table, "label"));
    under(page, "attributes kept", attributes_of(page, table));
}

static void add_tables(struct page *page, const json_t *document)
{
    size_t index = 0;
    json_t *table = NULL;
    struct text empty = {.arena = page->arena};
    heading(page, "What is stored");
    paragraph(page,
              "A pseudonym is 16 digits made from a name under a key; the name is not kept. A "
              "label is text as it was brought in: ids, teams, roles, states, attributes. It "
              "can name a person if the export put a name there.");
    json_array_foreach(at(document, "tables"), index, table)
    {
        bool unknown = text_at(table, "about")[0] == '\0';
        if (json_integer_value(at(table, "rows")) > 0 || unknown)
            add_table(page, table);
        else
            text_addf(&empty, "%s%s", empty.length > 0 ? ", " : "", text_at(table, "table"));
    }
    if (empty.length > 0)
        bullet(page, "empty", text_get(&empty));
}

static void add_imports(struct page *page, const json_t *document)
{
    size_t index = 0;
    json_t *import = NULL;
    heading(page, "Where it came from, and when");
    json_array_foreach(at(document, "imports"), index, import)
    {
        json_int_t files = json_integer_value(at(import, "files"));
        bullet(page, text_at(import, "connector"),
               arena_printf(page->arena, "%s import%s, %s … %s; %s rows taken, %s refused",
                            format_count(page->arena, files), files == 1 ? "" : "s",
                            text_at(import, "first"), text_at(import, "last"),
                            format_count(page->arena, json_integer_value(at(import, "accepted"))),
                            format_count(page->arena, json_integer_value(at(import, "rejected")))));
    }
    if (json_array_size(at(document, "imports")) == 0)
        paragraph(page, "Nothing was imported yet.");
}

static void add_settings(struct page *page, const json_t *document)
{
    size_t index = 0;
    json_t *event = NULL;
    const json_t *retention = at(document, "settings.retention");
    bool own = json_is_true(at(document, "settings.own_data"));
    heading(page, "By which settings");
    if (own)
        bullet(page, "own_data",
               "yes. All data is declared as the user's own or consented; groups of one are shown, "
               "and every report says so");
    else
        bullet(page, "min_group",
               arena_printf(page->arena,
                            "%.0f. Nothing is shown of fewer people, in each arm that is compared",
                            number_at(document, "settings.min_group")));
    bullet(page, "retention",
           json_is_string(retention)
               ? arena_printf(page->arena, "%s is written, but this version deletes nothing by age",
                              json_string_value(retention))
               : "none. Nothing is deleted by age");
    json_array_foreach(at(document, "settings.history"), index, event)
        bullet(page,
               arena_printf(page->arena, "%s on %.10s", index == 0 ? "set" : "changed",
                            text_at(event, "at")),
               arena_printf(page->arena, "groups of at least %.0f%s", number_at(event, "min_group"),
                            json_is_true(at(event, "own_data")) ? ", own data" : ""));
    json_array_foreach(at(document, "forgotten"), index, event)
        bullet(page, arena_printf(page->arena, "forgotten on %.10s", text_at(event, "at")),
               arena_printf(page->arena, "people under %.0f names", number_at(event, "names")));
}

static void add_readers(struct page *page, const json_t *document)
{
    size_t index = 0;
    json_t *file = NULL;
    json_t *reader = NULL;
    heading(page, "Who may read");
    json_array_foreach(at(document, "readers"), index, reader)
        bullet(page, text_at(reader, "who"), text_at(reader, "sees"));
    const json_t *files = at(document, "files");
    const json_t *folder = json_array_get(files, 0);
    bullet(page, "the folder",
           arena_printf(page->arena, "belongs to %s, mode %s; %zu files and folders in it",
                        text_at(folder, "owner"), text_at(folder, "mode"),
                        json_array_size(files) - 1));
    if (!json_is_true(at(document, "open_to_others"))) {
        bullet(page, "others on this machine", "can open none of them");
        return;
    }
    bullet(page, "ATTENTION",
           "these may be opened by others than their owner who can get to the folder; mend it with "
           "chmod -R go= on it");
    json_array_foreach(files, index, file)
    {
        if (json_is_true(at(file, "others")))
            under(page, text_at(file, "path"),
                  arena_printf(page->arena, "mode %s, owner %s, group %s", text_at(file, "mode"),
                               text_at(file, "owner"), text_at(file, "group")));
    }
}

static void add_list(struct page *page, const json_t *texts)
{
    size_t index = 0;
    json_t *text = NULL;
    json_array_foreach(texts, index, text) bullet(page, NULL, json_string_value(text));
}

char *privacy_page(struct arena *arena, const json_t *document, const struct text_style *style)
{
    struct page page = {.arena = arena, .markdown = {.arena = arena}, .is_text = style != NULL};
    if (style != NULL)
        page.lines = lines_start(arena, style);
    add_head(&page, document);
    add_tables(&page, document);
    add_imports(&page, document);
    add_settings(&page, document);
    add_readers(&page, document);
    heading(&page, "What no role can see in assay");
    add_list(&page, at(document, "never_seen"));
    heading(&page, "What operators could do all the same");
    add_list(&page, at(document, "operators_could"));
    paragraph(&page, "No program on the same machine prevents this. Destroying secret.key ends the "
                     "tie between names and pseudonyms for good; assay forget removes a person.");
    return style != NULL ? lines_finish(&page.lines) : arena_text(arena, text_get(&page.markdown));
}
