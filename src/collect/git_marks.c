#include "collect/git_marks.h"

#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "collect/git_bytes.h"

/* Longer lines are data that somebody pasted. */
enum { longest_value = 1000 };

struct text {
    const char *at;
    size_t length;
};

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r';
}

static bool is_word(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_';
}

static struct text trim(struct text text)
{
    while (text.length > 0 && is_blank(text.at[0])) {
        text.at++;
        text.length--;
    }
    while (text.length > 0 && is_blank(text.at[text.length - 1]))
        text.length--;
    return text;
}

/* Cuts the next line off the text; false at its end. */
static bool next_line(struct text *text, struct text *line)
{
    if (text->length == 0)
        return false;
    const char *end = memchr(text->at, '\n', text->length);
    line->at = text->at;
    line->length = end == NULL ? text->length : (size_t)(end - text->at);
    size_t step = line->length + (end != NULL);
    text->at += step;
    text->length -= step;
    return true;
}

/* In any case. */
static bool starts_with(struct text text, const char *start)
{
    size_t length = strlen(start);
    return text.length >= length && strncasecmp(text.at, start, length) == 0;
}

static bool equals(struct text text, const char *other)
{
    return text.length == strlen(other) && starts_with(text, other);
}

/* In any case, with no letter, digit or _ on either side. */
static bool has_word(struct text text, const char *word)
{
    size_t length = strlen(word);
    for (size_t i = 0; i + length <= text.length; i++)
        if ((i == 0 || !is_word(text.at[i - 1])) &&
            (i + length == text.length || !is_word(text.at[i + length])) &&
            strncasecmp(text.at + i, word, length) == 0)
            return true;
    return false;
}

static bool says_fix(struct text line)
{
    return has_word(line, "fix") || has_word(line, "bug") || has_word(line, "hotfix");
}

/* `none` and the like: an answer to the question, and it is no. */
static bool is_no(struct text value)
{
    static const char *const noes[] = {"",         "none",  "no",    "n/a",    "na",
                                       "-",        "nil",   "null",  "nobody", "no ai",
                                       "not used", "false", "human", "none."};
    for (size_t i = 0; i < sizeof noes / sizeof noes[0]; i++)
        if (equals(value, noes[i]))
            return true;
    return false;
}

/* How the value of a key is read. */
enum reading {
    READ_IDENTITY,  /* NAME <ADDRESS> of an AI; anybody else is a person */
    READ_GENERATOR, /* the same, or the bare name of a known tool; other generators are no AI */
    READ_ASSISTANT, /* the same, or the kernel's AGENT:MODEL [TOOL...], or an unknown agent that has
                       nobody's address */
    READ_AGENT,     /* the bare name of a tool, known or not; prose is none */
    READ_USES,      /* what AI was used for */
    READ_PERCENT,   /* N% agent (...) */
    READ_REPLIT,    /* Agent or Assistant */
    READ_LINK,      /* http... */
    READ_TOKEN      /* one word */
};

static const struct key {
    const char *name;
    enum reading reading;
    const char *tool; /* of the readings that name none themselves; NULL: unknown */
} keys[] = {
    {"co-authored-by", READ_IDENTITY, NULL},
    {"authored-by", READ_IDENTITY, NULL},
    {"signed-off-by", READ_IDENTITY, NULL},
    {"commit-generated-by", READ_GENERATOR, NULL},
    {"generated-by", READ_GENERATOR, NULL},
    {"made-with", READ_GENERATOR, NULL},
    {"assisted-by", READ_ASSISTANT, NULL},
    {"coding-agent", READ_AGENT, NULL},
    {"ai-assistant", READ_AGENT, NULL},
    {"ai-used-for", READ_USES, NULL},
    {"entire-attribution", READ_PERCENT, NULL},
    {"entire-checkpoint", READ_TOKEN, NULL},
    {"replit-commit-author", READ_REPLIT, "replit"},
    {"replit-commit-session-id", READ_TOKEN, "replit"},
    {"claude-session", READ_LINK, "claude-code"},
    {"agent-logs-url", READ_LINK, "copilot"},
    {"copilot-session", READ_TOKEN, "copilot"},
    {"amp-thread-id", READ_TOKEN, "amp"},
};

/* The key of `KEY: VALUE`, or NULL; line becomes VALUE. */
static const struct key *read_key(struct text *line)
{
    const char *colon = memchr(line->at, ':', line->length < 40 ? line->length : 40);
    if (colon == NULL)
        return NULL;
    struct text name = trim((struct text){line->at, (size_t)(colon - line->at)});
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (!equals(name, keys[i].name))
            continue;
        size_t skip = (size_t)(colon - line->at) + 1;
        *line = trim((struct text){line->at + skip, line->length - skip});
        return &keys[i];
    }
    return NULL;
}

/* What has been found in the message so far. */
struct reader {
    struct arena *arena;
    const struct git_names *names;
    struct git_marks *marks;
    const char *co_author; /* the first human one */
    const char *agent;     /* what READ_AGENT found: void if uses are given and touch no code */
    bool uses_given;       /* AI-used-for */
    bool uses_code;
    bool entire;         /* a checkpoint or an attribution above 0 % */
    bool entire_nothing; /* an attribution of 0 % */
    bool replit_person;  /* Replit-Commit-Author: somebody else */
    bool replit_session;
};

static void add_tool(struct reader *reader, const char *tool)
{
    struct git_marks *marks = reader->marks;
    if (tool == NULL || (marks->tool != NULL && marks->tool != git_tool_unknown))
        return;
    if (strcmp(tool, git_tool_unknown) == 0)
        marks->tool = git_tool_unknown;
    else
        marks->tool = arena_text(reader->arena, tool);
}

static const char *tool_of(struct reader *reader, struct text value, struct git_identity *identity,
                           char own[256])
{
    *identity = git_identity_parse(value.at, value.length);
    return git_identity_tool(identity, reader->names, own);
}

static void read_co_author(struct reader *reader, const struct git_identity *identity)
{
    if (reader->co_author != NULL || strchr(identity->address, '@') == NULL ||
        git_identity_has_no_reply(identity) || git_identity_is_bot(identity, reader->names))
        return;
    reader->co_author =
        git_text_valid(reader->arena, identity->address, strlen(identity->address), true);
}

/* One of several names between commas: `Claude Code, Copilot`. */
static const char *first_named(struct reader *reader, struct text value, char own[256])
{
    struct git_identity identity;
    const char *tool = tool_of(reader, value, &identity, own);
    while (tool == NULL && value.length > 0 && identity.address[0] == '\0') {
        const char *comma = memchr(value.at, ',', value.length);
        size_t length = comma == NULL ? value.length : (size_t)(comma - value.at);
        tool = tool_of(reader, trim((struct text){value.at, length}), &identity, own);
        size_t step = length + (comma != NULL);
        value = trim((struct text){value.at + step, value.length - step});
    }
    return tool;
}

/* The kernel's `AGENT:MODEL [TOOL...]`; `LLM [TOOL...]` where the agent is not told. An agent that
   we don't know stays unnamed: what stands there may be anybody's name. */
static const char *kernel_agent(struct reader *reader, struct text value, char own[256])
{
    const char *blank = memchr(value.at, ' ', value.length);
    struct text first = {value.at, blank == NULL ? value.length : (size_t)(blank - value.at)};
    if (equals(first, "llm") || (first.length == 2 && memcmp(first.at, "AI", 2) == 0))
        return git_tool_unknown;
    const char *colon = memchr(value.at, ':', value.length);
    if (colon == NULL || colon == value.at || colon + 1 == value.at + value.length)
        return NULL;
    struct text agent = {value.at, (size_t)(colon - value.at)};
    struct git_identity identity;
    const char *tool = tool_of(reader, agent, &identity, own);
    if (tool != NULL)
        return tool;
    bool one_word = memchr(agent.at, ' ', agent.length) == NULL && is_word(agent.at[0]);
    return one_word && is_word(colon[1]) ? git_tool_unknown : NULL;
}

static void read_assistant(struct reader *reader, struct text value)
{
    char own[256];
    struct git_identity identity;
    const char *tool = tool_of(reader, value, &identity, own);
    if (tool == NULL && identity.address[0] == '\0')
        tool = first_named(reader, value, own);
    if (tool == NULL && identity.address[0] == '\0')
        tool = kernel_agent(reader, value, own);
    if (tool == NULL && git_identity_has_no_reply(&identity) &&
        strcmp(identity.address, "noreply@github.com") != 0 &&
        !git_identity_is_bot(&identity, reader->names))
        tool = git_tool_unknown;
    add_tool(reader, tool);
}

/* A name of up to three words, known or not. */
static void read_agent(struct reader *reader, struct text value)
{
    char own[256];
    const char *tool = first_named(reader, value, own);
    size_t words = 1;
    for (size_t i = 0; i < value.length; i++)
        words += value.at[i] == ' ';
    if (tool == NULL && words <= 3 && value.length <= 40)
        tool = git_tool_unknown;
    if (tool != NULL && (reader->agent == NULL || reader->agent == git_tool_unknown))
        reader->agent = tool == git_tool_unknown ? tool : arena_text(reader->arena, tool);
}

static void read_uses(struct reader *reader, struct text value)
{
    static const char *const uses[] = {"code",    "coding",         "test",        "tests",
                                       "testing", "implementation", "refactoring", "docs",
                                       "scripts", "documentation",  "boilerplate", "debugging"};
    reader->uses_given = true;
    for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++)
        reader->uses_code = reader->uses_code || has_word(value, uses[i]);
}

static bool is_token(struct text value)
{
    return value.length > 0 && memchr(value.at, ' ', value.length) == NULL;
}

static void read_identity(struct reader *reader, const struct key *key, struct text value)
{
    char own[256];
    struct git_identity identity;
    const char *tool = tool_of(reader, value, &identity, own);
    if (tool != NULL)
        add_tool(reader, tool);
    else if (strcmp(key->name, "co-authored-by") == 0)
        read_co_author(reader, &identity);
}

static void read_trailer(struct reader *reader, const struct key *key, struct text value)
{
    char own[256];
    struct text rest = value;
    if (read_key(&rest) == key) /* the key twice: `Assisted-by: Assisted-by: ...` */
        value = rest;
    if (is_no(value) || value.length > longest_value)
        return;
    switch (key->reading) {
    case READ_IDENTITY:
        read_identity(reader, key, value);
        break;
    case READ_GENERATOR:
        add_tool(reader, first_named(reader, value, own));
        break;
    case READ_ASSISTANT:
        read_assistant(reader, value);
        break;
    case READ_AGENT:
        read_agent(reader, value);
        break;
    case READ_USES:
        read_uses(reader, value);
        break;
    case READ_PERCENT:
        if (starts_with(value, "0%"))
            reader->entire_nothing = true;
        else
            reader->entire = reader->entire || memchr(value.at, '%', value.length) != NULL;
        break;
    case READ_REPLIT:
        if (equals(value, "agent") || equals(value, "assistant"))
            add_tool(reader, key->tool);
        else
            reader->replit_person = true;
        break;
    case READ_LINK:
        if (starts_with(value, "http") && is_token(value))
            add_tool(reader, key->tool);
        break;
    case READ_TOKEN:
        if (!is_token(value))
            break;
        if (key->tool == NULL)
            reader->entire = true;
        else if (strcmp(key->tool, "replit") == 0)
            reader->replit_session = true;
        else
            add_tool(reader, key->tool);
        break;
    }
}

/* A whole line `Generated with [TOOL](URL)`, `Made with TOOL`, perhaps behind an emoji. Anything
   more is prose. */
static void read_phrase(struct reader *reader, struct text line)
{
    while (line.length > 0 && !is_word(line.at[0]) && line.at[0] != '[') {
        line.at++;
        line.length--;
    }
    if (!starts_with(line, "generated with ") && !starts_with(line, "made with "))
        return;
    const char *blank = memchr(line.at, ' ', line.length);
    size_t skip = (size_t)(blank - line.at) + sizeof " with " - 1;
    struct text value = trim((struct text){line.at + skip, line.length - skip});
    if (value.length > 0 && value.at[0] == '[') {
        const char *close = memchr(value.at, ']', value.length);
        if (close == NULL || close + 1 == value.at + value.length || close[1] != '(')
            return;
        value = (struct text){value.at + 1, (size_t)(close - value.at) - 1};
    }
    while (value.length > 0 && !is_word(value.at[value.length - 1]) &&
           value.at[value.length - 1] != ')')
        value.length--;
    char own[256];
    struct git_identity identity;
    const char *tool = tool_of(reader, value, &identity, own);
    if (identity.address[0] == '\0')
        add_tool(reader, tool);
}

static bool is_hex(char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f') ||
           (byte >= 'A' && byte <= 'F');
}

/* "This reverts commit SHA", also when the line is wrapped before the sha. */
const char **git_marks_reverts(struct arena *arena, const char *message, size_t message_length,
                               size_t *count)
{
    static const char phrase[] = "this reverts commit";
    size_t length = sizeof phrase - 1;
    size_t capacity = 0;
    const char **reverts = NULL;
    const char *end = message + message_length;
    *count = 0;
    for (const char *at = message; (size_t)(end - at) > length; at++) {
        if ((*at != 't' && *at != 'T') || strncasecmp(at, phrase, length) != 0)
            continue;
        const char *hex = at + length;
        while (hex < end && (is_blank(*hex) || *hex == '\n'))
            hex++;
        size_t digits = 0;
        while (hex + digits < end && is_hex(hex[digits]))
            digits++;
        bool whole = hex + digits == end || !is_word(hex[digits]);
        if (hex == at + length || digits < 7 || digits > 64 || !whole)
            continue;
        reverts = arena_grow(arena, reverts, *count, &capacity, sizeof *reverts);
        reverts[(*count)++] = git_text_valid(arena, hex, digits, true);
    }
    return reverts;
}

static void read_author(struct reader *reader, const char *name, const char *email)
{
    char own[256];
    struct git_marks *marks = reader->marks;
    struct git_identity author = git_identity_of(name, email);
    const char *tool = git_identity_tool(&author, reader->names, own);
    marks->ai_author = tool != NULL;
    marks->is_bot = tool == NULL && git_identity_is_bot(&author, reader->names);
    add_tool(reader, tool);
    static const char suffix[] = " (aider)";
    size_t length = strlen(author.name);
    if (tool == NULL && length > sizeof suffix - 1 &&
        strcmp(author.name + length - (sizeof suffix - 1), suffix) == 0)
        add_tool(reader, "aider"); /* a person with aider: still the author */
}

/* What only the whole message tells. */
static void conclude(struct reader *reader, const char *email)
{
    struct git_marks *marks = reader->marks;
    if (reader->agent != NULL && (!reader->uses_given || reader->uses_code))
        add_tool(reader, reader->agent);
    if (reader->uses_code || (reader->entire && !reader->entire_nothing))
        add_tool(reader, git_tool_unknown);
    if (reader->replit_session && !reader->replit_person)
        add_tool(reader, "replit");
    if (marks->ai_author) {
        marks->person = reader->co_author;
        return;
    }
    struct text address = trim((struct text){email, strlen(email)});
    if (address.length > 0)
        marks->person = git_text_valid(reader->arena, address.at, address.length, true);
}

struct git_marks git_marks_read(struct arena *arena, const char *name, const char *email,
                                const char *message, size_t length, const struct git_names *names)
{
    struct git_marks marks = {0};
    struct reader reader = {.arena = arena, .names = names, .marks = &marks};
    read_author(&reader, name, email);

    struct text rest = {message, length};
    struct text line;
    size_t place = 0;
    while (next_line(&rest, &line)) {
        line = trim(line);
        if (line.length == 0)
            continue;
        marks.is_fix = marks.is_fix || starts_with(line, "fixes:");
        if (place == 1)
            marks.title_is_fix = says_fix(line);
        if (place++ == 0) {
            marks.is_fix = marks.is_fix || says_fix(line);
            if (line.length > 6 && memcmp(line.at, "aider:", 6) == 0)
                add_tool(&reader, "aider");
            continue;
        }
        const struct key *key = read_key(&line);
        if (key != NULL)
            read_trailer(&reader, key, line);
        else
            read_phrase(&reader, line);
    }
    marks.reverts = git_marks_reverts(arena, message, length, &marks.revert_count);
    conclude(&reader, email);
    return marks;
}
