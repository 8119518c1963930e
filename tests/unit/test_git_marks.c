/* The marks of docs/git.md, and its traps. */

#include "base/arena.h"
#include "collect/git_marks.h"

#include "check.h"

static struct arena *arena;

static int open_arena(void **state)
{
    (void)state;
    arena = arena_create();
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

static struct git_marks read_by(const char *name, const char *email, const char *message)
{
    return git_marks_read(arena, name, email, message, strlen(message), NULL);
}

/* A commit by a person whose body is this. */
static const char *tool_in(const char *body)
{
    return read_by("Ann Lee", "ann@example.org", arena_printf(arena, "subject\n\n%s\n", body)).tool;
}

static void assert_tool(const char *body, const char *tool)
{
    const char *got = tool_in(body);
    if (got == NULL || strcmp(got, tool) != 0)
        fail_msg("\"%s\" names %s, wanted %s", body, got == NULL ? "none" : got, tool);
}

static void assert_no_tool(const char *body)
{
    const char *got = tool_in(body);
    if (got != NULL)
        fail_msg("\"%s\" names %s, wanted none", body, got);
}

static void co_authors_name_the_tools_of_the_vendors(void **state)
{
    (void)state;
    assert_tool("Co-Authored-By: Claude <noreply@anthropic.com>", "claude-code");
    assert_tool("Co-Authored-By: Claude Opus 4.7 (1M context) <noreply@anthropic.com>",
                "claude-code");
    assert_tool("Co-authored-by: Copilot <223556219+Copilot@users.noreply.github.com>", "copilot");
    assert_tool("Co-authored-by: Copilot <175728472+Copilot@users.noreply.github.com>", "copilot");
    assert_tool("Co-authored-by: Copilot <copilot@github.com>", "copilot");
    assert_tool("Co-authored-by: Cursor <cursoragent@cursor.com>", "cursor");
    assert_tool("Co-authored-by: Cursor <cursor@agent>", "cursor");
    assert_tool("Co-authored-by: Codex <noreply@openai.com>", "codex");
    assert_tool("Co-authored-by: ChatGPT <noreply@openai.com>", "chatgpt");
    assert_tool("Co-authored-by: Amp <amp@ampcode.com>", "amp");
    assert_tool("Co-authored-by: aider (gpt-4o) <noreply@aider.chat>", "aider");
    assert_tool("Co-authored-by: opencode <noreply@opencode.ai>", "opencode");
    assert_tool("Co-authored-by: Cline <noreply@cline.bot>", "cline");
    assert_tool("Co-authored-by: Codebuff <noreply@codebuff.com>", "codebuff");
    assert_tool("Co-authored-by: Grok <grok@x.ai>", "grok");
    assert_tool("Co-authored-by: Antigravity <antigravity@gemini.ai>", "antigravity");
    assert_tool("Co-authored-by: amazon-q-developer[bot] "
                "<208079219+amazon-q-developer[bot]@users.noreply.github.com>",
                "amazon-q");
}

static void keys_and_addresses_are_read_in_any_case(void **state)
{
    (void)state;
    assert_tool("CO-AUTHORED-BY: CLAUDE <NoReply@Anthropic.com>", "claude-code");
    assert_tool("  co-authored-by:Claude <noreply@anthropic.com>\r", "claude-code");
}

static void sessions_and_whole_lines_name_the_tool(void **state)
{
    (void)state;
    assert_tool("Claude-Session: https://claude.ai/code/session_01abc", "claude-code");
    assert_tool("Copilot-Session: aa127688-f0f6-6fcc-43c0-c0ad1752b271", "copilot");
    assert_tool("Agent-Logs-Url: https://github.com/o/r/sessions/aa127688", "copilot");
    assert_tool("Amp-Thread-ID: https://ampcode.com/threads/T-1", "amp");
    assert_tool("Made-with: Cursor", "cursor");
    assert_tool("Made with Cursor", "cursor");
    assert_tool("Replit-Commit-Author: Agent", "replit");
    assert_tool("Replit-Commit-Author: Assistant", "replit");
    assert_tool("Replit-Commit-Session-Id: 1234", "replit");
    assert_no_tool("Replit-Commit-Author: User\nReplit-Commit-Session-Id: 1234");
    assert_tool("\xf0\x9f\xa4\x96 Generated with [Claude Code](https://claude.com/claude-code)",
                "claude-code");
    assert_tool("Generated with [Devin](https://devin.ai)", "devin");
    assert_tool("\xf0\x9f\xa4\x96 Generated with Codebuff", "codebuff");
}

static void agents_as_authors_are_marked_and_no_bots(void **state)
{
    (void)state;
    static const char *const authors[][3] = {
        {"Claude", "noreply@anthropic.com", "claude-code"},
        {"claude[bot]", "209825114+claude[bot]@users.noreply.github.com", "claude-code"},
        {"copilot-swe-agent[bot]", "198982749+Copilot@users.noreply.github.com", "copilot"},
        {"copilot-swe-agent[bot]", "", "copilot"},
        {"cursor[bot]", "206951365+cursor[bot]@users.noreply.github.com", "cursor"},
        {"Codex Test", "codex@example.com", "codex"},
        {"gemini-code-assist[bot]", "176961590+gemini-code-assist[bot]@users.noreply.github.com",
         "gemini-code-assist"},
        {"google-labs-jules[bot]", "161369871+google-labs-jules[bot]@users.noreply.github.com",
         "jules"},
        {"Devin AI", "158243242+devin-ai-integration[bot]@users.noreply.github.com", "devin"},
        {"factory-droid[bot]", "138933559+factory-droid[bot]@users.noreply.github.com", "factory"},
        {"greptile-apps[bot]", "165735046+greptile-apps[bot]@users.noreply.github.com", "greptile"},
    };
    for (size_t i = 0; i < sizeof authors / sizeof authors[0]; i++) {
        struct git_marks marks = read_by(authors[i][0], authors[i][1], "subject");
        assert_non_null(marks.tool);
        assert_string_equal(marks.tool, authors[i][2]);
        assert_true(marks.ai_author);
        assert_false(marks.is_bot);
        assert_null(marks.person);
    }
}

static void bots_that_are_no_agents_are_dropped(void **state)
{
    (void)state;
    static const char *const authors[][2] = {
        {"dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com"},
        {"Renovate Bot", "bot@renovateapp.com"},
        {"github-actions[bot]", "41898282+github-actions[bot]@users.noreply.github.com"},
        {"stainless-app[bot]", "142633134+stainless-app[bot]@users.noreply.github.com"},
        {"opencode", "opencode@sst.dev"},
    };
    for (size_t i = 0; i < sizeof authors / sizeof authors[0]; i++) {
        struct git_marks marks = read_by(authors[i][0], authors[i][1], "subject");
        assert_true(marks.is_bot);
        assert_null(marks.tool);
    }
    assert_false(read_by("Ann Lee", "ann@example.org", "subject").is_bot);
}

static void an_agents_commit_belongs_to_the_first_human_co_author(void **state)
{
    (void)state;
    struct git_marks marks =
        read_by("copilot-swe-agent[bot]", "198982749+Copilot@users.noreply.github.com",
                "subject\n\n"
                "Co-authored-by: Copilot <175728472+Copilot@users.noreply.github.com>\n"
                "Co-authored-by: dependabot[bot] <support@dependabot.com>\n"
                "Co-authored-by: GitHub <noreply@github.com>\n\n"
                "Co-authored-by: Ben Ode <Ben@Example.org>\n"
                "Co-authored-by: Ann Lee <ann@example.org>\n");
    assert_string_equal(marks.person, "ben@example.org");
}

static void a_persons_commit_stays_theirs_beside_co_authors(void **state)
{
    (void)state;
    struct git_marks marks = read_by("Ann Lee", "Ann@Example.org ",
                                     "subject\n\nCo-authored-by: Ben <ben@example.org>\n");
    assert_string_equal(marks.person, "ann@example.org");
    assert_null(marks.tool);
}

static void an_author_with_aider_is_still_a_person(void **state)
{
    (void)state;
    struct git_marks marks = read_by("Ann Lee (aider)", "ann@example.org", "subject");
    assert_string_equal(marks.tool, "aider");
    assert_string_equal(marks.person, "ann@example.org");
    assert_false(marks.ai_author);
    assert_string_equal(read_by("Ann", "ann@example.org", "aider: add a test").tool, "aider");
}

static void assisted_by_names_people_in_curl(void **state)
{
    (void)state;
    assert_no_tool("Assisted-by: Viktor Szakats");
    assert_no_tool("Assisted-by: riastradh on github");
    assert_no_tool("Assisted-by: x@users.noreply.github.com");
    assert_no_tool("Assisted-by: Jay <12+jay@users.noreply.github.com>");
    assert_no_tool("Assisted-by: Dan Fandrich <dan@coneharvesters.com>");
}

static void assisted_by_none_is_a_no_for_that_line_only(void **state)
{
    (void)state;
    assert_no_tool("Assisted-by: none");
    assert_no_tool("Assisted-by: N/A");
    assert_tool("Assisted-by: none\nAssisted-by: Claude:claude-opus-4-5", "claude-code");
}

static void the_kernels_form_names_an_agent_and_a_model(void **state)
{
    (void)state;
    assert_tool("Assisted-by: Claude:claude-3-opus coccinelle sparse", "claude-code");
    assert_tool("Assisted-by: GitHub Copilot:gpt-5", "copilot");
    assert_tool("Assisted-by: LLM coccinelle", "unknown");
    assert_tool("Assisted-by: Homegrown:llama-3 sparse", "unknown");
    assert_no_tool("Assisted-by: coccinelle sparse");
    assert_no_tool("Assisted-by: https://example.org/thread");
}

static void a_model_that_is_no_model_does_not_hide_the_tool(void **state)
{
    (void)state;
    assert_tool("Co-authored-by: Claude <synthetic> <noreply@anthropic.com>", "claude-code");
    assert_tool("Assisted-by: Claude:<synthetic>", "claude-code");
    assert_tool("Assisted-by: Claude:unknown", "claude-code");
    assert_tool("Assisted-by: Assisted-by: Claude:claude-3-opus", "claude-code");
}

static void an_unknown_agent_at_nobodys_address_is_an_ai(void **state)
{
    (void)state;
    assert_tool("Assisted-by: Homegrown Agent <noreply@agents.example>", "unknown");
    assert_no_tool("Assisted-by: GitHub <noreply@github.com>");
}

static void other_generators_are_no_ai(void **state)
{
    (void)state;
    assert_no_tool("Generated-By: StageFreight");
    assert_no_tool("Made-with: love");
    assert_no_tool("Generated with love");
    assert_tool("Generated-by: Claude Code 2.1", "claude-code");
    assert_tool("Commit-generated-by: Codex CLI v0.4", "codex");
    assert_tool("Generated-by: GitHub Copilot (GPT-5)", "copilot");
}

static void uses_that_touch_no_code_are_no_mark(void **state)
{
    (void)state;
    assert_no_tool("AI-used-for: research");
    assert_tool("AI-used-for: code, tests", "unknown");
    assert_no_tool("AI-assistant: Claude Code\nAI-used-for: research");
    assert_tool("AI-assistant: Claude Code\nAI-used-for: code", "claude-code");
    assert_tool("Coding-Agent: Codex\nModel: gpt-5", "codex");
    assert_no_tool("Coding-Agent: none");
    assert_no_tool("Coding-Agent: decided to refactor the parser first");
}

static void the_name_decides_before_the_address(void **state)
{
    (void)state;
    assert_tool("Co-authored-by: GPT-5.6 Sol <noreply@anthropic.com>", "claude-code");
    assert_tool("Co-authored-by: Cursor Grok 4.6 <noreply@anthropic.com>", "cursor");
    assert_tool("Co-authored-by: Claude Sonnet 5 <cursoragent@cursor.com>", "cursor");
}

static void staff_of_vendors_are_people(void **state)
{
    (void)state;
    static const char *const addresses[] = {
        "ann@devin.ai",    "bob@aider.chat",  "cy@codeium.com",    "dee@continue.dev",
        "eve@tabnine.com", "fay@moonshot.ai", "guy@anthropic.com", "hal@openai.com",
        "ida@cursor.com",  "jo@ampcode.com",
    };
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        struct git_marks marks = read_by("Some Body", addresses[i], "subject");
        assert_null(marks.tool);
        assert_string_equal(marks.person, addresses[i]);
        assert_no_tool(arena_printf(arena, "Co-authored-by: Some Body <%s>", addresses[i]));
    }
}

static void people_may_be_called_ai_or_gemini_or_claude(void **state)
{
    (void)state;
    static const char *const names[] = {"Ai",    "Gemini",    "Claude",        "Jules",
                                        "Devin", "Ai Tanaka", "Claude Dupont", "Codex Smith"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct git_marks marks = read_by(names[i], "somebody@example.org", "subject");
        assert_null(marks.tool);
        assert_false(marks.ai_author);
        assert_string_equal(marks.person, "somebody@example.org");
    }
    assert_null(read_by("Jules", "77+jules@users.noreply.github.com", "subject").tool);
    assert_no_tool("Co-authored-by: Claude <claude@dupont.example>");
    assert_no_tool("Signed-off-by: Claude Dupont <claude@dupont.example>");
}

static void the_merge_button_is_nobody(void **state)
{
    (void)state;
    assert_no_tool("Co-authored-by: GitHub <noreply@github.com>");
}

static void the_subject_is_never_a_trailer(void **state)
{
    (void)state;
    assert_null(read_by("A", "a@b.c", "agent: move hooks").tool);
    assert_null(read_by("A", "a@b.c", "Assisted-by: Claude:claude-3-opus").tool);
    assert_null(read_by("A", "a@b.c", "\nCo-authored-by: Claude <noreply@anthropic.com>").tool);
}

static void trailers_in_the_middle_of_a_squash_count(void **state)
{
    (void)state;
    assert_tool("* first commit\n\n  Co-authored-by: Claude <noreply@anthropic.com>\n\n"
                "* second commit\n\ntext\n\nSigned-off-by: Ann Lee <ann@example.org>",
                "claude-code");
}

static void prose_that_mentions_a_tool_is_no_mark(void **state)
{
    (void)state;
    assert_no_tool("Document how to use Claude");
    assert_no_tool("Agent: decided to refactor the hooks");
    assert_no_tool("Generated with Claude Code in mind, this changes nothing");
    assert_no_tool("Made with Cursor and a lot of patience");
    assert_no_tool("see Co-authored-by: Claude <noreply@anthropic.com>");
    assert_no_tool("Claude-Session: see the wiki");
}

static void a_sign_off_by_an_agent_is_a_mark(void **state)
{
    (void)state;
    assert_tool("Signed-off-by: Claude <noreply@anthropic.com>", "claude-code");
}

static void entire_names_ai_but_no_tool(void **state)
{
    (void)state;
    assert_tool("Entire-Checkpoint: a3b2c4d5e6f7", "unknown");
    assert_tool("Entire-Attribution: 73% agent (146/200 lines)", "unknown");
    assert_tool("Entire-Checkpoint: a3b2c4d5e6f7\nCo-authored-by: Codex <noreply@openai.com>",
                "codex");
    assert_no_tool("Entire-Checkpoint: a3b2c4d5e6f7\nEntire-Attribution: 0% agent (0/200 lines)");
}

static void the_first_of_several_tools_is_the_tool(void **state)
{
    (void)state;
    assert_tool("Co-authored-by: Cursor <cursoragent@cursor.com>\n"
                "Co-authored-by: Claude <noreply@anthropic.com>",
                "cursor");
    assert_tool("Generated-by: StageFreight, Codex", "codex");
    assert_string_equal(read_by("Claude", "noreply@anthropic.com",
                                "s\n\nCo-authored-by: Cursor <cursoragent@cursor.com>")
                            .tool,
                        "claude-code");
}

static void users_add_tools_and_bots_of_their_own(void **state)
{
    (void)state;
    const char *const tools[] = {"Acme Coder", "House Agent <agent@house.example>"};
    const char *const bots[] = {"Release-Robot"};
    struct git_names names = {tools, 2, bots, 1};
    const char *body = "s\n\nCo-authored-by: Any Name <agent@house.example>";
    assert_string_equal(git_marks_read(arena, "A", "a@b.c", body, strlen(body), &names).tool,
                        "house-agent");
    struct git_marks marks = git_marks_read(arena, "acme coder", "x@acme.example", "s", 1, &names);
    assert_string_equal(marks.tool, "acme-coder");
    assert_true(marks.ai_author);
    assert_true(git_marks_read(arena, "release-robot", "r@acme.example", "s", 1, &names).is_bot);
}

static void fixes_are_words_of_the_subject_or_a_line(void **state)
{
    (void)state;
    assert_true(read_by("A", "a@b.c", "Fix the parser").is_fix);
    assert_true(read_by("A", "a@b.c", "parser: (bug) off by one").is_fix);
    assert_true(read_by("A", "a@b.c", "HOTFIX").is_fix);
    assert_true(read_by("A", "a@b.c", "subject\n\n  fixes: #12").is_fix);
    assert_false(read_by("A", "a@b.c", "Fixes the prefix of debug_bug").is_fix);
    assert_false(read_by("A", "a@b.c", "subject\n\nfix the parser").is_fix);
    assert_false(read_by("A", "a@b.c", "bug_12").is_fix);
}

static void reverts_are_read_from_the_whole_message(void **state)
{
    (void)state;
    struct git_marks marks =
        read_by("A", "a@b.c",
                "Revert \"x\"\n\nThis reverts commit ABCDEF1.\n\nThis reverts commit\n"
                "0123456789abcdef0123456789abcdef01234567, reversing\n\n"
                "This reverts commit abc.\nThis reverts commit abcdefgh.");
    assert_int_equal(marks.revert_count, 2);
    assert_string_equal(marks.reverts[0], "abcdef1");
    assert_string_equal(marks.reverts[1], "0123456789abcdef0123456789abcdef01234567");
}

static void invalid_bytes_in_an_address_become_replacement_characters(void **state)
{
    (void)state;
    struct git_marks marks = read_by("\xff\xfe", "J\xf6rg@Example.org", "\xc0\x80 fix");
    assert_string_equal(marks.person, "j\xef\xbf\xbdrg@example.org");
    assert_true(marks.is_fix);
    marks = read_by("A", "J\xc3\xb6rg@Example.org", "s");
    assert_string_equal(marks.person, "j\xc3\xb6rg@example.org");
}

static void an_empty_address_is_nobody(void **state)
{
    (void)state;
    assert_null(read_by("A", "  ", "s").person);
    assert_null(read_by("", "", "").person);
}

#define CHECK(name) cmocka_unit_test_setup_teardown(name, open_arena, close_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHECK(co_authors_name_the_tools_of_the_vendors),
        CHECK(keys_and_addresses_are_read_in_any_case),
        CHECK(sessions_and_whole_lines_name_the_tool),
        CHECK(agents_as_authors_are_marked_and_no_bots),
        CHECK(bots_that_are_no_agents_are_dropped),
        CHECK(an_agents_commit_belongs_to_the_first_human_co_author),
        CHECK(a_persons_commit_stays_theirs_beside_co_authors),
        CHECK(an_author_with_aider_is_still_a_person),
        CHECK(assisted_by_names_people_in_curl),
        CHECK(assisted_by_none_is_a_no_for_that_line_only),
        CHECK(the_kernels_form_names_an_agent_and_a_model),
        CHECK(a_model_that_is_no_model_does_not_hide_the_tool),
        CHECK(an_unknown_agent_at_nobodys_address_is_an_ai),
        CHECK(other_generators_are_no_ai),
        CHECK(uses_that_touch_no_code_are_no_mark),
        CHECK(the_name_decides_before_the_address),
        CHECK(staff_of_vendors_are_people),
        CHECK(people_may_be_called_ai_or_gemini_or_claude),
        CHECK(the_merge_button_is_nobody),
        CHECK(the_subject_is_never_a_trailer),
        CHECK(trailers_in_the_middle_of_a_squash_count),
        CHECK(prose_that_mentions_a_tool_is_no_mark),
        CHECK(a_sign_off_by_an_agent_is_a_mark),
        CHECK(entire_names_ai_but_no_tool),
        CHECK(the_first_of_several_tools_is_the_tool),
        CHECK(users_add_tools_and_bots_of_their_own),
        CHECK(fixes_are_words_of_the_subject_or_a_line),
        CHECK(reverts_are_read_from_the_whole_message),
        CHECK(invalid_bytes_in_an_address_become_replacement_characters),
        CHECK(an_empty_address_is_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
