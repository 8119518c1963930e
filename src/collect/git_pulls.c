#include "collect/git_pulls.h"

#include <stdbool.h>
#include <string.h>

struct text {
    const char *at;
    size_t length;
};

static const char merge_start[] = "Merge pull request #";

static bool starts_with(struct text text, const char *start)
{
    size_t length = strlen(start);
    return text.length >= length && memcmp(text.at, start, length) == 0;
}

static struct text behind(struct text text, size_t length)
{
    return (struct text){text.at + length, text.length - length};
}

/* The number that the text begins with and that `end` follows, or 0: nobody has 10^9 of them. */
static int64_t number(struct text text, const char *end)
{
    int64_t value = 0;
    size_t digits = 0;
    while (digits < text.length && text.at[digits] >= '0' && text.at[digits] <= '9' && digits < 10)
        value = value * 10 + (text.at[digits++] - '0');
    return digits > 0 && digits < 10 && starts_with(behind(text, digits), end) ? value : 0;
}

/* The first line that is not blank; message becomes what follows it. */
static struct text next_line(struct text *message)
{
    while (message->length > 0 && strchr(" \t\r\n", message->at[0]) != NULL)
        *message = behind(*message, 1);
    const char *end = memchr(message->at, '\n', message->length);
    struct text line = {message->at, end == NULL ? message->length : (size_t)(end - message->at)};
    *message = behind(*message, line.length);
    return line;
}

/* The title in the quotes ends with the number that a squash put there. */
static int64_t quoted(struct text line)
{
    if (!starts_with(line, "Revert \""))
        return 0;
    int64_t value = 0;
    for (; line.length > 0; line = behind(line, 1))
        if (starts_with(line, "(#") && number(behind(line, 2), ")\"") > 0)
            value = number(behind(line, 2), ")\"");
    return value;
}

/* GitHub names the branch of a revert so. */
static int64_t branch_named(struct text subject)
{
    static const char from[] = " from ";
    static const char start[] = "/revert-";
    while (subject.length > 0 && !starts_with(subject, from))
        subject = behind(subject, 1);
    while (subject.length > 0 && subject.at[0] != '/')
        subject = behind(subject, 1);
    return starts_with(subject, start) ? number(behind(subject, sizeof start - 1), "-") : 0;
}

int64_t git_pull_merged(const char *message, size_t length)
{
    struct text text = {message, length};
    struct text subject = next_line(&text);
    return starts_with(subject, merge_start) ? number(behind(subject, sizeof merge_start - 1), " ")
                                             : 0;
}

int64_t git_pull_squashed(const char *message, size_t length)
{
    struct text text = {message, length};
    struct text subject = next_line(&text);
    while (subject.length > 0 && strchr(" \t\r", subject.at[subject.length - 1]) != NULL)
        subject.length--;
    for (; subject.length > 0; subject = behind(subject, 1))
        if (starts_with(subject, " (#")) {
            struct text rest = behind(subject, 3);
            int64_t value = number(rest, ")");
            if (value > 0 && memchr(rest.at, ')', rest.length) == rest.at + rest.length - 1)
                return value;
        }
    return 0;
}

int64_t git_pull_reverted(const char *message, size_t length)
{
    struct text text = {message, length};
    struct text subject = next_line(&text);
    if (!starts_with(subject, merge_start))
        return quoted(subject);
    int64_t named = branch_named(subject);
    return named > 0 ? named : quoted(next_line(&text));
}
