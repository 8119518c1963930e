/* report/perception.h: what people expected of AI and what they said afterwards, beside what was
   measured: as JSON, as withheld, and as people read it. */

#ifndef REPORT_PERCEPTION_H
#define REPORT_PERCEPTION_H

#include "base/arena.h"
#include "evidence/result.h"
#include "report/withhold.h"

#include <jansson.h>

/* A new reference. publish() asks perception_publish before anything is shown. */
json_t *perception_json(const struct perception *perception);

/* Withholds in a comparison what fewer than `least` workers expected or said. Returns whether it
   did. */
bool perception_publish(json_t *comparison, struct withhold *withhold);

/* "people expected −25 % (−28 … −21); measured +19 % (−0.2 … +42)"; NULL where there is nothing. */
const char *perception_line(struct arena *arena, const json_t *row);

/* "People expected to be 25 % faster with AI; measured, they were 19 % slower (−0.2 … +42)."; NULL
   likewise. */
const char *perception_sentence(struct arena *arena, const json_t *row);

#endif
