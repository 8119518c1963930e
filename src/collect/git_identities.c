#include "collect/git_identities.h"

#include <string.h>

const char *const git_tool_unknown = "unknown";

enum kind {
    ADDRESS, /* the whole address */
    LOGIN,   /* the account in ID+LOGIN@users.noreply.HOST, or (with [bot]) the whole name */
    NAME,  /* the whole name, whatever the address; a version or a remark in brackets may follow */
    GIVEN, /* the same, but people bear this name too: not beside an address of their own */
    MODEL  /* the beginning of a name that is a model's; '#' is a digit. A known address decides
              which tool ran it */
};

/* One row per identity. Rows without a source in docs/git.md are marked (M): seen in public
   commits, without a document. */
static const struct {
    enum kind kind;
    const char *text;
    const char *tool;
} identities[] = {
    {ADDRESS, "noreply@anthropic.com", "claude-code"},
    {LOGIN, "claude[bot]", "claude-code"},
    {GIVEN, "claude", "claude-code"},
    {NAME, "claude code", "claude-code"},
    {NAME, "claude-code", "claude-code"},
    {MODEL, "claude opus", "claude-code"},
    {MODEL, "claude sonnet", "claude-code"},
    {MODEL, "claude haiku", "claude-code"},
    {MODEL, "claude fable", "claude-code"},
    {MODEL, "claude #", "claude-code"},
    {ADDRESS, "copilot@github.com", "copilot"},
    {LOGIN, "copilot", "copilot"},
    {LOGIN, "copilot-swe-agent[bot]", "copilot"},
    {NAME, "copilot", "copilot"},
    {NAME, "github copilot", "copilot"},
    {NAME, "github copilot cli", "copilot"},
    {NAME, "copilot app", "copilot"},
    {NAME, "copilot cli", "copilot"},
    {MODEL, "copilot autofix", "copilot"},
    {ADDRESS, "cursoragent@cursor.com", "cursor"},
    {ADDRESS, "cursor@agent", "cursor"},
    {LOGIN, "cursor[bot]", "cursor"},
    {GIVEN, "cursor", "cursor"},
    {NAME, "cursor agent", "cursor"},
    {ADDRESS, "noreply@openai.com", "codex"},
    {ADDRESS, "codex@example.com", "codex"},
    {LOGIN, "chatgpt-codex-connector[bot]", "codex"},
    {LOGIN, "codex", "codex"},
    {NAME, "codex", "codex"},
    {NAME, "codex cli", "codex"},
    {NAME, "openai codex", "codex"},
    {NAME, "chatgpt", "chatgpt"},
    {MODEL, "gpt-#", "unknown"},
    {LOGIN, "gemini-code-assist[bot]", "gemini-code-assist"},
    {NAME, "gemini code assist", "gemini-code-assist"},
    {LOGIN, "gemini-cli[bot]", "gemini-cli"},
    {NAME, "gemini cli", "gemini-cli"},
    {NAME, "gemini-cli", "gemini-cli"},
    {GIVEN, "gemini", "gemini"},
    {MODEL, "gemini #", "gemini"},
    {LOGIN, "google-labs-jules[bot]", "jules"},
    {GIVEN, "jules", "jules"},
    {LOGIN, "devin-ai-integration[bot]", "devin"},
    {GIVEN, "devin", "devin"},
    {GIVEN, "devin ai", "devin"},
    {ADDRESS, "amp@ampcode.com", "amp"},
    {GIVEN, "amp", "amp"},
    {ADDRESS, "noreply@aider.chat", "aider"},
    {NAME, "aider", "aider"},
    {MODEL, "aider (", "aider"},
    {LOGIN, "factory-droid[bot]", "factory"},
    {LOGIN, "amazon-q-developer[bot]", "amazon-q"},
    {NAME, "amazon q", "amazon-q"},
    {NAME, "amazon q developer", "amazon-q"},
    {LOGIN, "greptile-apps[bot]", "greptile"},
    {LOGIN, "coderabbitai[bot]", "coderabbit"},
    {LOGIN, "cubic-dev-ai[bot]", "cubic"},
    {LOGIN, "ellipsis-dev[bot]", "ellipsis"},
    {ADDRESS, "noreply@opencode.ai", "opencode"},
    {LOGIN, "opencode-agent[bot]", "opencode"},
    {GIVEN, "opencode", "opencode"},
    {ADDRESS, "noreply@cline.bot", "cline"},
    {GIVEN, "cline", "cline"},
    {ADDRESS, "noreply@codebuff.com", "codebuff"},
    {NAME, "codebuff", "codebuff"},
    {ADDRESS, "grok@x.ai", "grok"},
    {GIVEN, "grok", "grok"},
    {MODEL, "grok #", "grok"},
    {ADDRESS, "antigravity@gemini.ai", "antigravity"},
    {GIVEN, "antigravity", "antigravity"},
    {ADDRESS, "openhands@all-hands.dev", "openhands"}, /* (M) */
    {NAME, "openhands", "openhands"},                  /* (M) */
    {ADDRESS, "agent@warp.dev", "warp"},               /* (M) */
    {ADDRESS, "crush@charm.land", "crush"},            /* (M) */
    {GIVEN, "crush", "crush"},                         /* (M) */
    {ADDRESS, "qwen-coder@alibabacloud.com", "qwen"},  /* (M) */
};

enum { identity_count = sizeof identities / sizeof identities[0] };

/* Parts of "name address" in lower case. */
static const char *const bots[] = {
    "[bot]",        "dependabot", "renovate",         "github-actions",
    "dotnet bot",   "dotnet-bot", "dotnet-maestro",   "gemini-cli-robot",
    "langfuse-bot", "hassiebbot", "opencode@sst.dev", /* opencode's releases (M) */
};

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static char lower(char byte)
{
    if (byte < 'A' || byte > 'Z')
        return byte;
    return (char)(byte - 'A' + 'a');
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_letter(char byte) /* lower case */
{
    return byte >= 'a' && byte <= 'z';
}

static void copy_trimmed(char to[256], const char *text, size_t length)
{
    while (length > 0 && is_blank(text[0])) {
        text++;
        length--;
    }
    while (length > 0 && is_blank(text[length - 1]))
        length--;
    size_t kept = length < 255 ? length : 255;
    for (size_t i = 0; i < kept; i++)
        to[i] = lower(text[i]);
    to[kept] = '\0';
}

struct git_identity git_identity_of(const char *name, const char *address)
{
    struct git_identity identity = {0};
    copy_trimmed(identity.name, name, strlen(name));
    copy_trimmed(identity.address, address, strlen(address));
    return identity;
}

/* The address is in the last angle brackets: `Claude <synthetic> <noreply@anthropic.com>`. */
struct git_identity git_identity_parse(const char *value, size_t length)
{
    struct git_identity identity = {0};
    size_t open = length;
    while (open > 0 && value[open - 1] != '<')
        open--;
    const char *close = open == 0 ? NULL : memchr(value + open, '>', length - open);
    if (close != NULL && memchr(value + open, '@', (size_t)(close - value) - open) != NULL) {
        copy_trimmed(identity.name, value, open - 1);
        copy_trimmed(identity.address, value + open, (size_t)(close - value) - open);
    } else {
        copy_trimmed(identity.name, value, length);
        if (strchr(identity.name, '@') != NULL && strchr(identity.name, ' ') == NULL) {
            memcpy(identity.address, identity.name, sizeof identity.address);
            identity.name[0] = '\0';
        }
    }
    return identity;
}

/* The account in `ID+LOGIN@users.noreply.HOST`, or NULL. */
static const char *login_of(const char *address, size_t *length)
{
    static const char host[] = "@users.noreply.";
    const char *at = strchr(address, '@');
    if (at == NULL || strncmp(at, host, sizeof host - 1) != 0)
        return NULL;
    const char *plus = memchr(address, '+', (size_t)(at - address));
    const char *login = plus == NULL ? address : plus + 1;
    *length = (size_t)(at - login);
    return login;
}

static bool equals(const char *text, size_t length, const char *other)
{
    return strlen(other) == length && memcmp(text, other, length) == 0;
}

bool git_identity_has_no_reply(const struct git_identity *identity)
{
    const char *at = strchr(identity->address, '@');
    size_t length = at == NULL ? 0 : (size_t)(at - identity->address);
    return equals(identity->address, length, "noreply") ||
           equals(identity->address, length, "no-reply") ||
           equals(identity->address, length, "donotreply");
}

static const char *tool_by_address(const struct git_identity *identity)
{
    size_t login_length = 0;
    const char *login = login_of(identity->address, &login_length);
    for (size_t i = 0; i < identity_count; i++) {
        const char *text = identities[i].text;
        if (identities[i].kind == ADDRESS && strcmp(identity->address, text) == 0)
            return identities[i].tool;
        if (identities[i].kind != LOGIN)
            continue;
        if (login != NULL && equals(login, login_length, text))
            return identities[i].tool;
        if (strchr(text, '[') != NULL && strcmp(identity->name, text) == 0)
            return identities[i].tool;
    }
    return NULL;
}

/* Where the name ends and a version (`2.1`, `v0.4`) or a remark in brackets begins. */
static size_t plain_length(const char *name)
{
    for (const char *blank = strchr(name, ' '); blank != NULL; blank = strchr(blank + 1, ' '))
        if (blank[1] == '(' || blank[1] == '<' || is_digit(blank[1]) ||
            (blank[1] == 'v' && is_digit(blank[2])))
            return (size_t)(blank - name);
    return strlen(name);
}

/* The pattern's end must be a word's end. */
static bool begins_with_model(const char *name, const char *pattern)
{
    size_t i = 0;
    for (; pattern[i] != '\0'; i++)
        if (pattern[i] == '#' ? !is_digit(name[i]) : name[i] != pattern[i])
            return false;
    return !is_letter(pattern[i - 1]) || !is_letter(name[i]);
}

static const char *tool_by_name(const struct git_identity *identity, bool address_known)
{
    const char *name = identity->name;
    bool personal =
        identity->address[0] != '\0' && !address_known && !git_identity_has_no_reply(identity);
    for (size_t i = 0; i < identity_count; i++)
        if (identities[i].kind == MODEL && begins_with_model(name, identities[i].text))
            return address_known ? NULL : identities[i].tool;
    size_t length = plain_length(name);
    const char *blank = strchr(name, ' ');
    size_t word = blank == NULL ? length : (size_t)(blank - name);
    for (size_t i = 0; i < identity_count; i++) {
        const char *text = identities[i].text;
        bool whole = identities[i].kind == NAME || (identities[i].kind == GIVEN && !personal);
        if (whole && equals(name, length, text))
            return identities[i].tool;
    }
    /* `Cursor Grok 4.6 <noreply@anthropic.com>`: the tool, then the model that it ran. */
    for (size_t i = 0; address_known && i < identity_count; i++)
        if ((identities[i].kind == NAME || identities[i].kind == GIVEN) &&
            equals(name, word, identities[i].text))
            return identities[i].tool;
    return NULL;
}

/* NAME in lower case with '-' for blanks. */
static const char *own_tool(const struct git_identity *row, char own[256])
{
    if (row->name[0] == '\0')
        return git_tool_unknown;
    size_t i = 0;
    for (; row->name[i] != '\0'; i++)
        own[i] = row->name[i];
    own[i] = '\0';
    for (char *blank = strchr(own, ' '); blank != NULL; blank = strchr(blank, ' '))
        *blank = '-';
    return own;
}

static const char *tool_of_user(const struct git_identity *identity, const struct git_names *names,
                                char own[256])
{
    size_t login_length = 0;
    const char *login = login_of(identity->address, &login_length);
    for (size_t i = 0; names != NULL && i < names->tool_count; i++) {
        struct git_identity row = git_identity_parse(names->tools[i], strlen(names->tools[i]));
        bool by_address = row.address[0] != '\0' && strcmp(row.address, identity->address) == 0;
        bool by_name = row.address[0] == '\0' && row.name[0] != '\0' &&
                       (strcmp(row.name, identity->name) == 0 ||
                        (login != NULL && equals(login, login_length, row.name)));
        if (by_address || by_name)
            return own_tool(&row, own);
    }
    return NULL;
}

const char *git_identity_tool(const struct git_identity *identity, const struct git_names *names,
                              char own[256])
{
    const char *tool = tool_of_user(identity, names, own);
    if (tool != NULL)
        return tool;
    const char *by_address = tool_by_address(identity);
    const char *by_name = tool_by_name(identity, by_address != NULL);
    return by_name != NULL ? by_name : by_address;
}

bool git_identity_is_bot(const struct git_identity *identity, const struct git_names *names)
{
    char both[sizeof identity->name + sizeof identity->address];
    size_t length = strlen(identity->name);
    memcpy(both, identity->name, length);
    both[length] = ' ';
    memcpy(both + length + 1, identity->address, strlen(identity->address) + 1);
    for (size_t i = 0; i < sizeof bots / sizeof bots[0]; i++)
        if (strstr(both, bots[i]) != NULL)
            return true;
    for (size_t i = 0; names != NULL && i < names->bot_count; i++) {
        char part[256];
        copy_trimmed(part, names->bots[i], strlen(names->bots[i]));
        if (part[0] != '\0' && strstr(both, part) != NULL)
            return true;
    }
    return false;
}
