/* What tests of comparisons share: a workspace with our aggregate, and one comparison of it. */

#ifndef TESTS_COMPARISON_FIXTURE_H
#define TESTS_COMPARISON_FIXTURE_H

#include "workspace_fixture.h"

#include "evidence/answer.h"
#include "evidence/moments_aggregate.h"

static inline struct row *compare(struct fixture *f, struct answer_request request)
{
    struct evidence *evidence = arena_alloc(f->arena, sizeof *evidence);
    if (request.use_case == NULL)
        request.use_case = "help";
    assert_ok(answer_compare(f->workspace, &request, f->arena, evidence, &error));
    assert_int_equal(evidence->row_count, 1);
    return &evidence->rows[0];
}

static inline struct fixture open_with_moments(void)
{
    struct fixture f = fixture_open(true);
    assert_ok(moments_register(f.workspace->engine, &error));
    return f;
}

#endif
