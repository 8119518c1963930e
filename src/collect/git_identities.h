/* collect/git_identities.h

   Who is an AI tool, who is a bot, by the name and address that a commit gives.

   Only whole addresses, whole logins and whole names count: staff of vendors are people, and so is
   somebody who is called Claude or Jules. Sources of the rows: docs/git.md. */

#ifndef COLLECT_GIT_IDENTITIES_H
#define COLLECT_GIT_IDENTITIES_H

#include <stdbool.h>
#include <stddef.h>

/* AI is named, but no tool that we know. */
extern const char *const git_tool_unknown;

/* Further tools and bots from the user's settings (ai_tools in assay.yaml). May be NULL where a
   function takes it.
   tools  each "NAME", "NAME <ADDRESS>" or "<ADDRESS>"; the tool is NAME in lower case with '-' for
          blanks, or the unknown tool
   bots   each a part of "NAME ADDRESS", in any case */
struct git_names {
    const char *const *tools;
    size_t tool_count;
    const char *const *bots;
    size_t bot_count;
};

/* A name and an address, trimmed, in lower case, cut to what an identity can be. */
struct git_identity {
    char name[256];
    char address[256]; /* empty: none given */
};

/* From name and address apart (an author), or from a trailer's value `NAME <ADDRESS>`, `ADDRESS` or
   `NAME`. */
struct git_identity git_identity_of(const char *name, const char *address);
struct git_identity git_identity_parse(const char *value, size_t length);

/* The canonical name of the tool (`claude-code`, `copilot`, ...), git_tool_unknown for an AI that
   is no known tool, NULL for anybody else. The name decides before the address: Cursor runs models
   of Anthropic, Claude Code runs models of OpenAI. A tool from names is written to own, which must
   live as long as the result. */
const char *git_identity_tool(const struct git_identity *identity, const struct git_names *names,
                              char own[256]);

/* Dependabot and its like. Ask git_identity_tool first: agents are bots too. */
bool git_identity_is_bot(const struct git_identity *identity, const struct git_names *names);

/* An address at which nobody reads: noreply@anywhere, but not ID+NAME@users.noreply.github.com,
   which is a person's (or a bot's) own. */
bool git_identity_has_no_reply(const struct git_identity *identity);

#endif
