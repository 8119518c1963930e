/* truth.json. */

#include "desk.h"

#include <math.h>

/* Effects are ratios of mean minutes, less one; 0 where nothing is planted. A change compares the
   whole second quarter with the first. */
void write_truth(const struct desk *desk, const char *folder)
{
    FILE *file = open_file(folder, "truth.json");
    double given = 1 - uses_if_given * use_effect(), not_given = 1 - uses_if_not * use_effect();
    (void)fprintf(file,
                  "{\n"
                  "  \"support.billing\": {\n"
                  "    \"group\": \"Billing\", \"kind\": \"trial\", \"plan\": \"%s\",\n"
                  "    \"mean_minutes\": %.4f, \"sigma\": %.2f, \"abandoned\": %.4f,\n"
                  "    \"effect_time_to_complete\": %.2f, \"effect_of_use\": %.6f,\n"
                  "    \"uses_if_ai\": %.2f, \"uses_if_no_ai\": %.2f,\n"
                  "    \"effect_satisfaction\": 0, \"effect_reopened\": 0,\n"
                  "    \"change_time_to_complete\": %.6f\n"
                  "  },\n",
                  plan_name, mean_minutes(billing), sqrt(time_variance), desk->abandoned,
                  by_assignment, -use_effect(), uses_if_given, uses_if_not,
                  (given + not_given) / 2 - 1);
    (void)fprintf(file,
                  "  \"support.technical\": {\n"
                  "    \"group\": \"Technical\", \"kind\": \"as_found\",\n"
                  "    \"mean_minutes\": %.4f, \"sigma\": %.2f, \"abandoned\": %.4f,\n"
                  "    \"effect_time_to_complete\": 0,\n"
                  "    \"effect_satisfaction\": 0, \"effect_reopened\": 0,\n"
                  "    \"change_time_to_complete\": 0\n"
                  "  },\n",
                  mean_minutes(technical), sqrt(time_variance), desk->abandoned);
    (void)fprintf(file,
                  "  \"support.returns\": {\n"
                  "    \"group\": \"Returns\", \"kind\": \"no_ai\",\n"
                  "    \"mean_minutes\": %.4f, \"sigma\": %.2f, \"abandoned\": %.4f,\n"
                  "    \"effect_time_to_complete\": null,\n"
                  "    \"effect_satisfaction\": null, \"effect_reopened\": null,\n"
                  "    \"change_time_to_complete\": %.2f\n"
                  "  }\n"
                  "}\n",
                  mean_minutes(returns), sqrt(time_variance), desk->abandoned, form_effect);
    close_file(file, "truth.json");
}
