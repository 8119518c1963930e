/* tests/unit/workspace_fixture.h: a workspace in a temporary folder, filled by SQL. */

#ifndef TESTS_WORKSPACE_FIXTURE_H
#define TESTS_WORKSPACE_FIXTURE_H

#include "check.h"

#include "evidence/facts/facts.h"
#include "workspace/workspace.h"

struct fixture {
    struct arena *arena;
    char folder[64];
    char path[80]; /* the workspace, in folder */
    struct workspace *workspace;
};

static struct error error;

/* An empty workspace, open for writing. Times are UTC. */
static inline struct fixture fixture_open(bool own_data)
{
    struct fixture fixture = {.arena = arena_create()};
    (void)snprintf(fixture.folder, sizeof fixture.folder, "/tmp/assay-test-XXXXXX");
    assert_non_null(mkdtemp(fixture.folder));
    (void)snprintf(fixture.path, sizeof fixture.path, "%s/w", fixture.folder);
    const struct workspace_options options = {.time_zone = "UTC", .own_data = own_data};
    assert_ok(workspace_init(fixture.path, &options, &error));
    assert_ok(workspace_open(fixture.arena, fixture.path, true, false, "test", &fixture.workspace,
                             &error));
    return fixture;
}

static inline void fixture_run(struct fixture *fixture, const char *sql)
{
    assert_ok(engine_run(fixture->workspace->engine, sql, &error));
}

/* Rebuilds the facts after fixture_run. */
static inline void fixture_facts(struct fixture *fixture)
{
    assert_ok(workspace_bump_data_version(fixture->workspace, &error));
    assert_ok(facts_build(fixture->workspace, &error));
}

static inline struct frame fixture_query(struct fixture *fixture, const char *sql)
{
    struct frame frame;
    assert_ok(engine_query(fixture->workspace->engine, sql, ENGINE_NO_VALUES, fixture->arena,
                           &frame, &error));
    return frame;
}

static inline double fixture_number(struct fixture *fixture, const char *sql)
{
    struct frame frame = fixture_query(fixture, sql);
    assert_int_equal(frame.rows, 1);
    return frame_number(&frame, 0, 0);
}

static inline const char *fixture_text(struct fixture *fixture, const char *sql)
{
    struct frame frame = fixture_query(fixture, sql);
    assert_int_equal(frame.rows, 1);
    return frame_text(&frame, 0, 0);
}

static inline void fixture_close(struct fixture *fixture)
{
    char command[128];
    workspace_close(fixture->workspace);
    arena_destroy(fixture->arena);
    (void)snprintf(command, sizeof command, "rm -rf %s", fixture->folder);
    (void)!system(command);
}

#endif
