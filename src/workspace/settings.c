#include "workspace/settings.h"

#include "base/error.h"
#include "base/text.h"
#include "base/yaml.h"

#include <string.h>

static const char *const keys[] = {"name",     "timezone",  "week_starts", "min_group", "own_data",
                                   "ai_tools", "retention", "memory",      "threads"};

static enum status take_text(const struct yaml *map, const char *key, const char **out,
                             struct error *error)
{
    const struct yaml *node = yaml_get(map, key);
    return node == NULL ? STATUS_OK : yaml_text(node, key, out, error);
}

/* A whole number from low on, at most a million. */
static enum status take_number(const struct yaml *map, const char *key, int low, int *out,
                               struct error *error)
{
    const struct yaml *node = yaml_get(map, key);
    int64_t number = 0;
    if (node == NULL)
        return STATUS_OK;
    enum status status = yaml_integer(node, key, &number, error);
    if (status == STATUS_OK && (number < low || number > 1000000))
        return yaml_error(node, key, error, "write a whole number of at least %d", low);
    if (status == STATUS_OK)
        *out = (int)number;
    return status;
}

static enum status take_tools(struct arena *arena, const struct yaml *map, struct settings *out,
                              struct error *error)
{
    static const char *const parts[] = {"names", "bots"};
    const struct yaml *node = yaml_get(map, "ai_tools");
    if (node == NULL || yaml_is_empty(node))
        return STATUS_OK;
    if (node->kind == YAML_LIST)
        return yaml_list_of_text(arena, node, "ai_tools", &out->ai_tools, &out->ai_tool_count,
                                 error);
    enum status status = yaml_check_keys(node, "ai_tools", parts, 2, error);
    const struct yaml *names = yaml_get(node, "names");
    const struct yaml *bots = yaml_get(node, "bots");
    if (status == STATUS_OK && names != NULL)
        status =
            yaml_list_of_text(arena, names, "names", &out->ai_tools, &out->ai_tool_count, error);
    if (status == STATUS_OK && bots != NULL)
        status = yaml_list_of_text(arena, bots, "bots", &out->bots, &out->bot_count, error);
    return status;
}

enum status settings_read(struct arena *arena, const char *path, struct settings *out,
                          struct error *error)
{
    *out = (struct settings){
        .name = "assay",
        .time_zone = "UTC",
        .week_starts = "monday",
        .min_group = settings_min_group,
    };
    static const char *const weekdays[] = {"monday", "sunday"};
    struct yaml *root = NULL;
    enum status status = yaml_read_file(arena, path, &root, error);
    if (status != STATUS_OK || yaml_is_empty(root))
        return status;
    status = yaml_check_keys(root, NULL, keys, sizeof keys / sizeof keys[0], error);
    if (status == STATUS_OK)
        status = take_text(root, "name", &out->name, error);
    if (status == STATUS_OK)
        status = take_text(root, "timezone", &out->time_zone, error);
    if (status == STATUS_OK)
        status = take_text(root, "retention", &out->retention, error);
    if (status == STATUS_OK)
        status = take_text(root, "memory", &out->memory, error);
    const struct yaml *node = yaml_get(root, "week_starts");
    if (status == STATUS_OK && node != NULL) {
        size_t index = 0;
        status = yaml_word(node, "week_starts", weekdays, 2, &index, error);
        out->week_starts = weekdays[index];
    }
    node = yaml_get(root, "own_data");
    if (status == STATUS_OK && node != NULL)
        status = yaml_bool(node, "own_data", &out->own_data, error);
    if (status == STATUS_OK)
        status = take_number(root, "min_group", out->own_data ? 1 : settings_min_group_least,
                             &out->min_group, error);
    if (status == STATUS_OK)
        status = take_number(root, "threads", 1, &out->threads, error);
    if (status == STATUS_OK)
        status = take_tools(arena, root, out, error);
    return status;
}

/* A text in double quotes as YAML wants it. */
static char *quoted(struct arena *arena, const char *text)
{
    struct text out = {.arena = arena};
    text_add(&out, "\"");
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            text_add(&out, "\\");
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            text_addf(&out, "\\x%02x", (unsigned)(unsigned char)*text);
        else
            text_add_n(&out, text, 1);
    }
    text_add(&out, "\"");
    return arena_text(arena, text_get(&out));
}

char *settings_text(struct arena *arena, const struct settings *settings)
{
    return arena_printf(
        arena,
        "name: %s\n"
        "timezone: %s      # of dates, and of times without an offset\n"
        "week_starts: %s\n"
        "min_group: %d%s\n"
        "own_data: %s\n"
        "# ai_tools: {names: [\"Our Agent <agent@example.com>\"], bots: [\"release-bot\"]}\n"
        "# memory: 4GB              # what the engine may use; default: 80 %% of the machine's\n"
        "# threads: 2\n",
        quoted(arena, settings->name), settings->time_zone, settings->week_starts,
        settings->own_data ? 1 : settings->min_group,
        settings->own_data ? "               # all data is your own or consented"
                           : "               # workers in each arm of anything shown; at least 5",
        settings->own_data ? "true" : "false");
}
