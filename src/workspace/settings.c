#include "workspace/settings.h"

#include "base/error.h"
#include "base/text.h"
#include "base/yaml.h"
#include "model/amount.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const double memory_least = 50e6;

static const char *const keys[] = {"name",     "timezone",  "week_starts", "min_group", "own_data",
                                   "ai_tools", "retention", "memory",      "threads"};

static enum status take_text(const struct yaml *map, const char *key, const char **out,
                             struct error *error)
{
    const struct yaml *node = yaml_get(map, key);
    return node == NULL ? STATUS_OK : yaml_text(node, key, out, error);
}

enum { number_most = 1000000 };

/* A whole number from low on. */
static enum status take_number(const struct yaml *map, const char *key, int low, int *out,
                               struct error *error)
{
    const struct yaml *node = yaml_get(map, key);
    int64_t number = 0;
    if (node == NULL)
        return STATUS_OK;
    enum status status = yaml_integer(node, key, &number, error);
    if (status == STATUS_OK && (number < low || number > number_most))
        return yaml_error(node, key, error, "write a whole number from %d to %d", low, number_most);
    if (status == STATUS_OK)
        *out = (int)number;
    return status;
}

static enum status take_retention(const struct yaml *map, const char **out, struct error *error)
{
    const struct yaml *node = yaml_get(map, "retention");
    int64_t span = 0;
    if (node == NULL)
        return STATUS_OK;
    enum status status = yaml_text(node, "retention", out, error);
    if (status != STATUS_OK)
        return status;
    const struct place place = yaml_text_place(node, "retention");
    return duration_read(*out, &place, &span, error);
}

/* A number and its unit, as the engine takes it; "0.5 gb" is one. */
static enum status take_memory(const struct yaml *map, const char **out, struct error *error)
{
    static const struct {
        const char *unit;
        double bytes;
    } units[] = {
        {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}, {"MiB", 0x1p20}, {"GiB", 0x1p30}, {"TiB", 0x1p40},
    };
    const struct yaml *node = yaml_get(map, "memory");
    const char *text = NULL;
    if (node == NULL)
        return STATUS_OK;
    enum status status = yaml_text(node, "memory", &text, error);
    if (status != STATUS_OK)
        return status;
    size_t digits = strspn(text, "0123456789.");
    const char *unit = text + digits + strspn(text + digits, " ");
    double bytes = 0;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strcasecmp(unit, units[i].unit) == 0)
            bytes = strtod(text, NULL) * units[i].bytes;
    if (digits == 0 || digits > 12 || strchr(text, '.') != strrchr(text, '.') || bytes <= 0)
        return yaml_error(node, "memory", error,
                          "\"%.40s\" is no amount of memory; write a number and MB or GB: 4GB",
                          text);
    if (bytes < memory_least)
        return yaml_error(node, "memory", error, "%.40s is too little; write at least 50MB", text);
    *out = text;
    return STATUS_OK;
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

static enum status read_root(struct arena *arena, const struct yaml *root, struct settings *out,
                             struct error *error)
{
    *out = (struct settings){
        .name = "assay",
        .time_zone = "UTC",
        .week_starts = "monday",
        .min_group = settings_min_group,
    };
    static const char *const weekdays[] = {"monday", "sunday"};
    if (yaml_is_empty(root))
        return STATUS_OK;
    enum status status = yaml_check_keys(root, NULL, keys, sizeof keys / sizeof keys[0], error);
    if (status == STATUS_OK)
        status = take_text(root, "name", &out->name, error);
    if (status == STATUS_OK)
        status = take_text(root, "timezone", &out->time_zone, error);
    if (status == STATUS_OK)
        status = take_retention(root, &out->retention, error);
    if (status == STATUS_OK)
        status = take_memory(root, &out->memory, error);
    if (yaml_get(root, "timezone") != NULL)
        out->time_zone_place = yaml_place(yaml_get(root, "timezone"), "timezone");
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

enum status settings_read(struct arena *arena, const char *path, struct settings *out,
                          struct error *error)
{
    struct yaml *root = NULL;
    enum status status = yaml_read_file(arena, path, &root, error);
    return status == STATUS_OK ? read_root(arena, root, out, error) : status;
}

enum status settings_parse(struct arena *arena, const char *name, const char *text, size_t length,
                           struct settings *out, struct error *error)
{
    struct yaml *root = NULL;
    enum status status = yaml_read(arena, name, text, length, &root, error);
    return status == STATUS_OK ? read_root(arena, root, out, error) : status;
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
        "week_starts: %s           # of weekly waves of a plan\n"
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
