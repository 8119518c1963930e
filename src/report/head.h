/* report/head.h: what stands at the head of every rendering. */

#ifndef REPORT_HEAD_H
#define REPORT_HEAD_H

#include "base/arena.h"

#include <jansson.h>
#include <stddef.h>

/* "app · 2026-07-01 … 09-30 against 04-01 … 06-30 · 1,204 items" */
char *head_of_document(struct arena *arena, const json_t *document);

/* "What got better this quarter?"; of other spans "What got better?"; of plans over their own
   periods "What did each plan find?" */
const char *head_question(struct arena *arena, const json_t *document);

/* " 2026Q3", " --from 2026-07-01 --to 2026-07-20": how a command asks for the same period; "" where
   there is none. */
char *head_period_flags(struct arena *arena, const json_t *document);

/* What a workspace of own data has to say, else NULL. Static. */
const char *head_of_own_data(const json_t *document);

/* What has to be known of the settings, one text after the other; NULL after the last. */
const char *head_note(const json_t *document, size_t index);

/* "assay 0.1.0 · data version 3 · groups of at least 8 · registry 0a1b…": the head in full, since
   only a head that somebody kept shows a registry that was written anew. */
char *head_of_rules(struct arena *arena, const json_t *document);

#endif
