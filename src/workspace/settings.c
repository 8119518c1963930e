#include "workspace/settings.h"

#include "base/error.h"
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

static enum status take_tools(struct arena *arena, const struct yaml *map, struct settings *out,
                              struct error *error)
{
    static const char *const parts[] = {"names", "bots"};
    const struct yaml *node = yaml_get(map, "ai_tools");
    if (node == NULL)
        return STATUS_OK;
    if (node->kind == YAML_LIST)
        return yaml_texts(arena, node, "ai_tools", &out->ai_tools, &out->ai_tool_count, error);
    enum status status =
        yaml_is_map(node, node->file, "ai_tools: {names: [...], bots: [...]}", error);
    if (status == STATUS_OK)
        status = yaml_check_keys(node, parts, 2, error);
    const struct yaml *names = yaml_get(node, "names");
    const struct yaml *bots = yaml_get(node, "bots");
    if (status == STATUS_OK && names != NULL)
        status = yaml_texts(arena, names, "names", &out->ai_tools, &out->ai_tool_count, error);
    if (status == STATUS_OK && bots != NULL)
        status = yaml_texts(arena, bots, "bots", &out->bots, &out->bot_count, error);
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
    struct yaml *root = NULL;
    enum status status = yaml_read(arena, path, &root, error);
    if (status != STATUS_OK || root == NULL)
        return status;
    status = yaml_is_map(root, path, "for example: min_group: 8", error);
    if (status == STATUS_OK)
        status = yaml_check_keys(root, keys, sizeof keys / sizeof keys[0], error);
    if (status == STATUS_OK)
        status = take_text(root, "name", &out->name, error);
    if (status == STATUS_OK)
        status = take_text(root, "timezone", &out->time_zone, error);
    if (status == STATUS_OK)
        status = take_text(root, "week_starts", &out->week_starts, error);
    if (status == STATUS_OK)
        status = take_text(root, "retention", &out->retention, error);
    if (status == STATUS_OK)
        status = take_text(root, "memory", &out->memory, error);
    const struct yaml *node = yaml_get(root, "week_starts");
    if (status == STATUS_OK && node != NULL && strcmp(out->week_starts, "monday") != 0 &&
        strcmp(out->week_starts, "sunday") != 0)
        status = yaml_error(node, error, "week_starts: write monday or sunday");
    node = yaml_get(root, "own_data");
    if (status == STATUS_OK && node != NULL)
        status = yaml_truth(node, "own_data", &out->own_data, error);
    node = yaml_get(root, "min_group");
    if (status == STATUS_OK && node != NULL)
        status = yaml_integer(node, "min_group", out->own_data ? 1 : settings_min_group_least,
                              1000000, &out->min_group, error);
    node = yaml_get(root, "threads");
    if (status == STATUS_OK && node != NULL)
        status = yaml_integer(node, "threads", 1, 1024, &out->threads, error);
    if (status == STATUS_OK)
        status = take_tools(arena, root, out, error);
    return status;
}

char *settings_text(struct arena *arena, const struct settings *settings)
{
    return arena_printf(
        arena,
        "name: \"%s\"\n"
        "timezone: %s      # of dates, and of times without an offset\n"
        "week_starts: %s\n"
        "min_group: %d%s\n"
        "own_data: %s\n"
        "# ai_tools: {names: [\"Our Agent <agent@example.com>\"], bots: [\"release-bot\"]}\n"
        "# memory: 4GB              # what the engine may use; default: 80 %% of the machine's\n"
        "# threads: 2\n",
        settings->name, settings->time_zone, settings->week_starts,
        settings->own_data ? 1 : settings->min_group,
        settings->own_data ? "               # all data is your own or consented"
                           : "               # workers in each arm of anything shown; at least 5",
        settings->own_data ? "true" : "false");
}
