#include "report/methods_words.h"

#include "base/terminal.h"
#include "report/printable.h"

/* A paragraph with its name before it. */
void methods_paragraph(struct methods *m, const char *name, const char *text)
{
    if (m->style == NULL) {
        text_addf(&m->lines.out, "**%s.** %s\n\n", name, text);
        return;
    }
    const char *head = lines_colour(&m->lines, COLOUR_HEAD, name);
    lines_add(&m->lines, "", "  ", arena_printf(m->arena, "%s. %s", head, text));
}

/* What a user wrote, as code. */
const char *methods_code(struct methods *m, const char *text)
{
    char *shown = text_printable(m->arena, text);
    for (char *c = shown; *c != '\0'; c++)
        if (*c == '`')
            *c = '\'';
    return m->style == NULL ? arena_printf(m->arena, "`%s`", shown) : shown;
}

void methods_add_formulas(struct methods *m, struct text *out, const struct plan_formulas *formulas)
{
    for (size_t i = 0; i < formulas->count; i++)
        text_addf(out, "%s%s", i > 0 ? ", " : "", methods_code(m, formulas->list[i].text));
}

void methods_add_texts(struct methods *m, struct text *out, const char *what,
                       const struct plan_texts *texts)
{
    if (texts->count == 0)
        return;
    text_addf(out, " %s: ", what);
    for (size_t i = 0; i < texts->count; i++)
        text_addf(out, "%s%s", i > 0 ? ", " : "", methods_code(m, texts->list[i]));
    text_add(out, ".");
}

/* Adds to the citations of a sentence, which begin with none: "Lin 2013; Lee 2009". */
static void cite(struct methods *m, struct text *cited, const enum reference *cites, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (cites[i] == REFERENCE_NONE || m->cited[cites[i]])
            continue;
        m->cited[cites[i]] = true;
        text_addf(cited, "%s%s", cited->length > 0 ? "; " : "", methods_citation(cites[i]));
    }
}

/* The same in brackets, for a sentence that cites nothing else. */
void methods_cite(struct methods *m, struct text *out, const enum reference *cites, size_t count)
{
    struct text cited = {.arena = m->arena};
    cite(m, &cited, cites, count);
    if (cited.length > 0)
        text_addf(out, " (%s)", text_get(&cited));
}
