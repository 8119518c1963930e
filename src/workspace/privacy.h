/* workspace/privacy.h

   What a workspace holds about people, read from the workspace itself: tables and columns by kind,
   since when, by which settings, and who may read its files. */

#ifndef WORKSPACE_PRIVACY_H
#define WORKSPACE_PRIVACY_H

#include "workspace/workspace.h"

enum privacy_kind {
    PRIVACY_PSEUDONYM, /* made from a name under the workspace's key */
    PRIVACY_TIME,
    PRIVACY_NUMBER, /* truths included */
    PRIVACY_LABEL   /* text as it was brought in: ids, teams, roles, states, attributes */
};

struct privacy_column {
    const char *name;
    enum privacy_kind kind;
};

struct privacy_table {
    const char *name;
    const char *about; /* in plain words; NULL: a table that this program does not know */
    bool derived;      /* made from the other tables */
    int64_t rows;
    const char *since; /* days of the first and last row, NULL where its rows have no times */
    const char *until;
    struct privacy_column *columns;
    size_t column_count;
    struct frame attributes; /* key: of a table with the column attrs */
};

struct privacy_file {
    const char *path; /* in the workspace; "." is the folder */
    unsigned mode;    /* permission bits */
    const char *owner;
    const char *group;
    bool others; /* somebody else than the owner may read, write or enter it, and get there */
};

/* A line of the registry that concerns people: a setting, or that somebody was forgotten. */
struct privacy_event {
    const char *at;
    const char *kind; /* setting or forget */
    long min_group;   /* of a setting */
    bool own_data;
    long names; /* of forget: how many were found */
};

struct privacy {
    const struct settings *settings;
    int min_group;        /* as it is applied */
    const char *since;    /* when the workspace was made */
    int64_t people;       /* different pseudonyms of workers; -1: fewer than min_group */
    struct frame imports; /* connector, files, first, last, accepted, rejected */
    struct privacy_table *tables;
    size_t table_count;
    struct privacy_file *files;
    size_t file_count;
    bool open_to_others; /* of some file */
    struct privacy_event *events;
    size_t event_count;
};

enum status privacy_read(struct workspace *workspace, struct arena *arena, struct privacy *out,
                         struct error *error);

/* "pseudonym", "time", "number", "label". */
const char *privacy_kind_name(enum privacy_kind kind);

#endif
