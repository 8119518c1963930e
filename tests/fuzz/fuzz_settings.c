/* assay.yaml of any bytes: what is taken lies in its ranges, and what a new workspace would write
   of it is read the same; all else is the user's error, with its place. */

#include "workspace/settings.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char zone_characters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_/+-";

static void check(const struct settings *settings)
{
    int least = settings->own_data ? 1 : settings_min_group_least;
    if (settings->name == NULL || settings->time_zone == NULL || settings->week_starts == NULL ||
        settings->threads < 0)
        abort();
    if (settings->min_group < least)
        abort();
    for (size_t i = 0; i < settings->ai_tool_count; i++)
        if (settings->ai_tools[i] == NULL)
            abort();
    for (size_t i = 0; i < settings->bot_count; i++)
        if (settings->bots[i] == NULL)
            abort();
}

/* init asks the engine whether there is the zone before it writes one. */
static void check_written(struct arena *arena, const struct settings *settings)
{
    struct settings again;
    struct error error;
    const char *zone = settings->time_zone;
    if (zone[0] == '\0' || strchr("+-/_0123456789", zone[0]) != NULL || strcmp(zone, "null") == 0 ||
        strspn(zone, zone_characters) != strlen(zone))
        return;
    const char *text = settings_text(arena, settings);
    if (settings_parse(arena, "again.yaml", text, strlen(text), &again, &error) != STATUS_OK)
        abort();
    if (strcmp(again.name, settings->name) != 0 || again.own_data != settings->own_data ||
        again.min_group != (settings->own_data ? 1 : settings->min_group))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create();
    struct settings settings;
    struct error error = {.status = STATUS_OK};
    enum status status =
        settings_parse(arena, "assay.yaml", (const char *)data, size, &settings, &error);
    if (status == STATUS_OK) {
        check(&settings);
        check_written(arena, &settings);
    } else if (status != ERROR_INPUT || error.message[0] == '\0' || error.place[0] == '\0') {
        abort();
    }
    arena_destroy(arena);
    return 0;
}
