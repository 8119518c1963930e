/* workspace/settings.h: assay.yaml, checked, with defaults for what it leaves out. */

#ifndef WORKSPACE_SETTINGS_H
#define WORKSPACE_SETTINGS_H

#include "assay/status.h"
#include "base/arena.h"
#include "base/place.h"

#include <stdbool.h>
#include <stddef.h>

enum { settings_min_group = 8, settings_min_group_least = 5 };

struct settings {
    const char *name;
    const char *time_zone; /* an IANA name; whether there is one of it, workspace_open asks */
    struct place time_zone_place;
    const char *week_starts; /* monday or sunday: when weeks of staggered plans begin */
    int min_group;           /* workers in each arm of anything shown */
    bool own_data;
    const char *const *ai_tools; /* further names or addresses that mark AI in a repository */
    size_t ai_tool_count;
    const char *const *bots; /* further names or addresses of bots */
    size_t bot_count;
    const char *retention; /* a span such as 400d, or NULL; nothing is deleted by it yet */
    const char *memory;    /* "4GB"; NULL: the engine's default */
    int threads;           /* 0: one per core */
};

/* ERROR_INPUT with path:line:column. */
enum status settings_read(struct arena *arena, const char *path, struct settings *out,
                          struct error *error);

/* The same of text; name stands for the file in errors. */
enum status settings_parse(struct arena *arena, const char *name, const char *text, size_t length,
                           struct settings *out, struct error *error);

/* The text of a fresh assay.yaml, commented. */
char *settings_text(struct arena *arena, const struct settings *settings);

#endif
