#include "model/arm_names.h"

#include <stddef.h>
#include <string.h>

static const char *const baselines[] = {"no_ai", "control", "without", "off"};

enum { baseline_count = sizeof baselines / sizeof *baselines };

int arm_baseline_rank(const char *arm)
{
    for (int i = 0; i < baseline_count; i++)
        if (strcmp(arm, baselines[i]) == 0)
            return i;
    return baseline_count;
}

bool arm_is_baseline(const char *arm)
{
    return arm_baseline_rank(arm) < baseline_count;
}

bool arm_is_without_ai(const char *arm)
{
    return arm_is_baseline(arm) || strcmp(arm, "unmarked") == 0;
}

const char *arm_after_key(const char *arm, const char *key)
{
    size_t length = strlen(key);
    return strncmp(arm, key, length) == 0 && arm[length] == '=' ? arm + length + 1 : NULL;
}
