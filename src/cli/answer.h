/* cli/answer.h: how `report` and `compare` open, ask, publish and render. */

#ifndef CLI_ANSWER_H
#define CLI_ANSWER_H

#include "cli/cli.h"
#include "evidence/answer.h"
#include "report/text.h"

/* Names the rows of `formats` in answer.c. */
#define FORMAT_FLAG                                                                                \
    {                                                                                              \
        "format", "FORMAT", "text, json, markdown or csv"                                          \
    }

typedef enum status (*answer_function)(struct workspace *workspace,
                                       const struct answer_request *request, struct arena *arena,
                                       struct evidence *out, struct error *error);

/* Where nothing can be compared a comparison's exit code is 1; a report is one all the same. */
enum answer_form {
    ANSWER_REPORT,
    ANSWER_COMPARISON,  /* one row in full */
    ANSWER_COMPARISONS, /* a row for each */
};

enum status cli_answer(struct cli *cli, const struct arguments *arguments,
                       const struct answer_request *request, answer_function answer,
                       enum answer_form form, struct error *error);

/* The same, with a step between the document as readers see it and its renderer. */
typedef enum status (*document_step)(struct cli *cli, const struct arguments *arguments,
                                     const char *folder, const struct evidence *evidence,
                                     json_t *document, struct error *error);
enum status cli_answer_with(struct cli *cli, const struct arguments *arguments,
                            const struct answer_request *request, answer_function answer,
                            document_step step, enum answer_form form, struct error *error);

/* A document on its way out. */
struct showing {
    struct arena *arena;
    const json_t *document;
    struct text_style style;
    bool detail;
};

struct format {
    const char *name;
    const char *(*show)(const struct showing *showing); /* NULL: no memory */
    bool for_eyes; /* what steers a terminal is taken out first */
};

const char *cli_show_json(const struct showing *showing);

/* ERROR_INPUT: none of them has the name. */
enum status cli_find_format(struct arena *arena, const struct format *from, size_t count,
                            const char *name, const struct format **out, struct error *error);

enum status cli_show(struct cli *cli, const struct arguments *arguments,
                     const struct format *format, json_t *document, bool detail,
                     struct error *error);

/* How a terminal, or what stands in its place, wants its text. */
struct text_style cli_text_style(const struct arguments *arguments);

#endif
