/* workspace/published.h

   Reports that were published: reports/NAME.json, as readers see them, and a line of the registry
   (kind publish) with the SHA-256 of the file. A file is never written over: a second report of a
   period is NAME-2.json.

   A file takes its name after its line is in the registry, so that a file by that name always has a
   line; what a killed command left between the two is completed by the next one that looks. */

#ifndef WORKSPACE_PUBLISHED_H
#define WORKSPACE_PUBLISHED_H

#include "workspace/registry.h"

#include <stdint.h>

enum published_state {
    PUBLISHED_WHOLE,
    PUBLISHED_CHANGED, /* the file is not the one that was published */
    PUBLISHED_MISSING
};

/* One line of the registry. */
struct published {
    const char *name; /* "2026Q3", "2026Q3-2" */
    const char *file; /* "reports/2026Q3.json" */
    const char *at;   /* when, by the machine's clock */
    char hash[hash_hex_length + 1];
    int64_t data_version;
    size_t line;                    /* of the registry */
    char head[hash_hex_length + 1]; /* of the registry after that line; published_keep only */
    enum published_state state;
};

/* All of a workspace's folder, in order. */
enum status published_list(const char *folder, struct arena *arena, struct published **out,
                           size_t *count, struct error *error);

/* The text of one. ERROR_INPUT: there is none of that name (with those that there are), or the file
   is missing or is not what was published. */
enum status published_read(const char *folder, const char *name, struct arena *arena,
                           struct published *out, const char **text, struct error *error);

/* Keeps a report.
   period   the name of its period, as a file's name
   again    a further one of that period
   out      its file is the one beside the name where it could not be renamed: it is published all
            the same, and the next that looks renames it
   ERROR_INPUT: there is one of that period, and no further one was asked for. On another error
   nothing was published, unless the registry has the line all the same and could not be read again
   after it: then it is, and published_list has it. */
enum status published_keep(const char *folder, const char *period, const char *text,
                           int64_t data_version, bool again, struct arena *arena,
                           struct published *out, struct error *error);

#endif
