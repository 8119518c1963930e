/* workspace/registry_verify.h: what a registry's chain shows of changes after the fact. */

#ifndef WORKSPACE_REGISTRY_VERIFY_H
#define WORKSPACE_REGISTRY_VERIFY_H

#include "workspace/registry.h"

#include <stdint.h>

struct registry_verdict {
    struct registry registry;
    size_t head_at;       /* the line whose hash is the head asked for; 0: none is */
    size_t backwards;     /* lines that are older than the one before them */
    int64_t backwards_at; /* the first such line; 0: none */
};

/* Reads the whole chain. head (64 hex digits) may be NULL.
   ERROR_INPUT with file:line where the chain breaks. A missing head is no error: head_at is 0. */
enum status registry_verify(const char *path, const char *head, struct registry_verdict *out,
                            struct error *error);

#endif
