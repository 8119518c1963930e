/* collect/git_log.h

   Reads a git repository as a history of work: one record per commit on the default branch
   (first-parent history), oldest first, with what the commit says about AI (git_marks.h), its size,
   and whether it was reworked within 21 days (git_rework.h).

   The default branch is where refs/remotes/origin/HEAD points, since a checkout may be on any
   branch and behind; without that ref it is HEAD. Another one can be asked for. Names are as they
   stand in the commits: .mailmap is not read, so that an address is the same as in other sources.

   A shallow clone is read as far as it goes; sizes and rework of the commit at its cut are unknown.
   Of a clone that lacks file contents, commits whose contents are missing have unknown sizes, and
   the commits whose lines can't be followed any more have unknown rework. Nothing is ever fetched.

   A later import names the newest commit it has seen. Then the messages of new commits, and of
   those from which 21 days had not yet passed, are read again, and only the sizes of the new ones;
   rework is replayed from the oldest of these on. Owners of lines older than that cannot matter, so
   every commit in the result has the same answer as in an import of everything.

   Holds people's addresses in clear text: never printed nor in an error, freed with the arena. */

#ifndef COLLECT_GIT_LOG_H
#define COLLECT_GIT_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "assay/status.h"
#include "collect/git_identities.h"

struct arena;

/* 21 days in microseconds: within it a commit can be reworked. */
#define GIT_REWORK_WINDOW (INT64_C(21) * 86400 * 1000000)

struct git_commit {
    const char *sha;        /* 40 or 64 hex digits */
    int64_t committer_time; /* microseconds since 1970, UTC; periods go by it */
    int64_t author_time;
    const char *person;  /* lower-case e-mail, clear text, valid UTF-8; NULL: nobody known */
    const char *tool;    /* the AI tool that is named; NULL: none is */
    int64_t lines_added; /* 0 unless size_known; binary files count nothing */
    int64_t lines_deleted;
    int64_t reverted_at; /* committer time of the first commit that reverts this one */
    int64_t reworked_at; /* committer time of the first commit that reworks it */
    int64_t pull;        /* GitHub's number of the pull request that the subject says was merged, or
                            0 (git_pulls.h); of commits before the result where it is asked for */
    bool is_merge;       /* never an item; its lines and reverts are those of what it merges */
    bool is_bot;         /* never an item */
    bool ai_author;
    bool is_fix;   /* of a merge: its subject, or the title below it */
    bool reverted; /* whenever */
    bool reworked; /* within 21 days */
    bool maturing; /* 21 days have not passed at the head's committer time: reworked is the state so
                      far */
    bool seen_before; /* an earlier import had it: sizes are not read again */
    bool size_known;
    bool rework_known; /* if false, reworked may be true still, but false means nothing */
};

/* A commit before all of the result that was reverted since; 21 days had long passed. */
struct git_late_revert {
    const char *sha;
    int64_t committer_time;
    int64_t reverted_at;
};

struct git_history {
    struct git_commit *commits; /* oldest first; merges and bots too */
    size_t count;
    struct git_late_revert *late_reverts;
    size_t late_revert_count;
    const char *branch; /* "origin/main", "main", or "HEAD" when detached; may name a person */
    const char *head;   /* sha; the next import's since_commit */
    int64_t head_time;
    size_t first_parent_count; /* commits on the branch as far as the clone goes */
    /* Of the commits in the result not seen before: */
    size_t items; /* neither merge nor bot */
    size_t merges;
    size_t bots;
    size_t without_person; /* items */
    size_t maturing;       /* items */
    size_t size_unknown;   /* items */
    size_t rework_unknown; /* items */
    bool shallow;          /* older history is not in this clone */
    bool contents_missing; /* file contents are not in this clone */
    bool since_found; /* false with a since_commit: the history was rewritten, or another branch
                         is read; the result holds everything */
};

struct git_options {
    const char *revision;          /* NULL: the default branch. Not beginning with '-' */
    const char *since_commit;      /* the head of the import before; NULL: read everything */
    const struct git_names *names; /* the user's own tools and bots, or NULL */
    /* Called now and then; false stops with ERROR_STOPPED. May be NULL. total is 0 while the number
       of commits is not known; done never falls. */
    bool (*progress)(void *context, size_t done, size_t total);
    void *context;
};

/* Reads the repository that directory is in.
   options  NULL for the defaults
   history  untouched on error; all that it points to is in the arena
   Fails with ERROR_INPUT, the place being the directory: no such folder, no repository, no commits,
   a repository of another user, no such revision, no git. */
enum status git_log_read(struct arena *arena, const char *directory,
                         const struct git_options *options, struct git_history *history,
                         struct error *error);

#endif
