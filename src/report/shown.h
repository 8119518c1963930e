/* report/shown.h: what publish() will leave of evidence, for those who have to know it before. */

#ifndef REPORT_SHOWN_H
#define REPORT_SHOWN_H

#include "evidence/answer.h"

/* As answer_shown in evidence/answer.h.
   ERROR_MEMORY: it cannot be known, and nothing is shown. */
enum status report_shown(const struct evidence *evidence, bool *shown, struct error *error);

#endif
