/* Reading one metric. */

#include "model/metric.h"

#include "base/error.h"
#include "base/table.h"
#include "base/text.h"
#include "model/arm_names.h"
#include "model/measures.h"

#include <ctype.h>
#include <string.h>

static const char *const kinds[] = {"mean", "proportion", "duration", "ratio", "quantile"};
TABLE_OF(kinds, METRIC_QUANTILE + 1);

const char *metric_kind_name(enum metric_kind kind)
{
    return kinds[kind];
}

/* ---- Keys -------------------------------------------------------------------------------- */

#define COMMON_KEYS                                                                                \
    "metric", "label", "kind", "unit", "better", "material", "matures_after", "grows_with_time",   \
        "range", "measures"

static enum status check_keys(const struct yaml *root, enum metric_kind kind, struct error *error)
{
    static const char *const mean[] = {COMMON_KEYS, "value", "scale"};
    static const char *const proportion[] = {COMMON_KEYS, "value"};
    static const char *const duration[] = {COMMON_KEYS, "from", "to", "horizon", "abandoned"};
    static const char *const ratio[] = {COMMON_KEYS, "numerator", "denominator"};
    static const char *const quantile[] = {COMMON_KEYS, "value", "quantile"};
    switch (kind) {
    case METRIC_MEAN:
        return yaml_check_keys(root, "kind mean", mean, sizeof mean / sizeof *mean, error);
    case METRIC_PROPORTION:
        return yaml_check_keys(root, "kind proportion", proportion,
                               sizeof proportion / sizeof *proportion, error);
    case METRIC_RATIO:
        return yaml_check_keys(root, "kind ratio", ratio, sizeof ratio / sizeof *ratio, error);
    case METRIC_QUANTILE:
        return yaml_check_keys(root, "kind quantile", quantile, sizeof quantile / sizeof *quantile,
                               error);
    case METRIC_DURATION:
        break;
    }
    return yaml_check_keys(root, "kind duration", duration, sizeof duration / sizeof *duration,
                           error);
}

static enum status read_kind(const struct yaml *root, enum metric_kind *out, struct error *error)
{
    const struct yaml *node = NULL;
    enum status status =
        yaml_require(root, "kind", "mean, proportion, duration, ratio or quantile", &node, error);
    if (status != STATUS_OK)
        return status;
    size_t word = 0;
    status = yaml_word(node, "kind", kinds, sizeof kinds / sizeof *kinds, &word, error);
    if (status == STATUS_OK)
        *out = (enum metric_kind)word;
    return status;
}

static bool is_metric_name(const char *name)
{
    if (!islower((unsigned char)name[0]) || strlen(name) > 60)
        return false;
    return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name);
}

static enum status read_name(const struct yaml *root, const char **out, struct error *error)
{
    const struct yaml *node = NULL;
    enum status status = yaml_require(root, "metric", "its_name", &node, error);
    if (status == STATUS_OK)
        status = yaml_text(node, "metric", out, error);
    if (status == STATUS_OK && !is_metric_name(*out))
        return yaml_error(
            node, "metric", error,
            "\"%.80s\" is no name for a metric; write lower-case letters, digits and _", *out);
    return status;
}

/* "rework_rate" as "Rework rate". */
static const char *label_of(struct arena *arena, const char *name)
{
    char *label = arena_text(arena, name);
    label[0] = (char)toupper((unsigned char)label[0]);
    for (char *at = label; *at != '\0'; at++)
        if (*at == '_')
            *at = ' ';
    return label;
}

double metric_unit_minutes(const struct metric *metric)
{
    if (metric->kind != METRIC_DURATION)
        return 1;
    return strcmp(metric->unit, "days") == 0    ? 24 * 60
           : strcmp(metric->unit, "hours") == 0 ? 60
                                                : 1;
}

static enum status read_texts(struct arena *arena, const struct yaml *root, struct metric *metric,
                              struct error *error)
{
    const struct yaml *node = yaml_get(root, "label");
    metric->label = label_of(arena, metric->name);
    if (node != NULL) {
        enum status status = yaml_text(node, "label", &metric->label, error);
        if (status != STATUS_OK)
            return status;
    }
    node = yaml_get(root, "unit");
    metric->unit = metric->kind == METRIC_DURATION ? "minutes" : "";
    if (node == NULL)
        return STATUS_OK;
    if (metric->kind == METRIC_DURATION) {
        static const char *const units[] = {"minutes", "hours", "days"};
        size_t word = 0;
        enum status status = yaml_word(node, "unit", units, 3, &word, error);
        if (status == STATUS_OK)
            metric->unit = units[word];
        return status;
    }
    if (metric->kind == METRIC_PROPORTION)
        return yaml_error(node, "unit", error, "a proportion is shown in %%; leave unit out");
    return yaml_text(node, "unit", &metric->unit, error);
}

static enum status read_better(const struct yaml *root, struct metric *metric, struct error *error)
{
    static const char *const words[] = {"lower", "higher"};
    const struct yaml *node = NULL;
    size_t word = 0;
    enum status status = yaml_require(root, "better", "lower or higher", &node, error);
    if (status == STATUS_OK)
        status = yaml_word(node, "better", words, 2, &word, error);
    if (status == STATUS_OK)
        metric->better = word == 0 ? METRIC_LOWER : METRIC_HIGHER;
    return status;
}

static enum status read_duration(const struct yaml *node, const char *what, int64_t *out,
                                 struct error *error)
{
    const char *text = NULL;
    enum status status = yaml_text(node, what, &text, error);
    if (status != STATUS_OK)
        return status;
    struct place place = yaml_place(node, what);
    return duration_read(text, &place, out, error);
}

static enum status read_timing(const struct yaml *root, struct metric *metric, struct error *error)
{
    const struct yaml *node = yaml_get(root, "matures_after");
    enum status status = STATUS_OK;
    if (node != NULL)
        status = read_duration(node, "matures_after", &metric->matures_after, error);
    if (status != STATUS_OK)
        return status;
    metric->grows_with_time = metric->kind == METRIC_DURATION;
    node = yaml_get(root, "grows_with_time");
    if (node == NULL)
        return STATUS_OK;
    status = yaml_bool(node, "grows_with_time", &metric->grows_with_time, error);
    if (status == STATUS_OK && metric->kind == METRIC_DURATION && !metric->grows_with_time)
        return yaml_error(node, "grows_with_time", error,
                          "a duration always grows with time; leave the key out");
    return status;
}

/* ---- By kind ----------------------------------------------------------------------------- */

static enum status read_formula(const struct yaml *root, const char *key, const char *example,
                                struct metric_formula *out, struct error *error)
{
    const struct yaml *node = NULL;
    enum status status = yaml_require(root, key, example, &node, error);
    if (status == STATUS_OK)
        status = yaml_text(node, key, &out->text, error);
    if (status != STATUS_OK)
        return status;
    out->length = node->length;
    out->place = yaml_text_place(node, key);
    return STATUS_OK;
}

static enum status read_range(const struct yaml *root, struct metric *metric, struct error *error)
{
    const struct yaml *node = yaml_get(root, "range");
    if (node == NULL)
        return STATUS_OK;
    if (metric->kind != METRIC_MEAN)
        return yaml_error(node, "range", error, "only kind mean has a range");
    if (node->kind != YAML_LIST || node->count != 2)
        return yaml_error(node, "range", error, "write the lowest and highest value: [0, 1]");
    enum status status = yaml_number(node->values[0], "range", &metric->range_low, error);
    if (status == STATUS_OK)
        status = yaml_number(node->values[1], "range", &metric->range_high, error);
    if (status == STATUS_OK && metric->range_low >= metric->range_high)
        return yaml_error(node, "range", error, "the lowest value comes first: [0, 1]");
    metric->has_range = status == STATUS_OK;
    return status;
}

static enum status read_mean(const struct yaml *root, struct metric *metric, struct error *error)
{
    static const char *const words[] = {"identity", "log"};
    enum status status = read_formula(root, "value", "satisfaction", &metric->value, error);
    const struct yaml *node = yaml_get(root, "scale");
    size_t word = 0;
    if (status == STATUS_OK && node != NULL)
        status = yaml_word(node, "scale", words, 2, &word, error);
    if (status != STATUS_OK)
        return status;
    metric->scale = word == 0 ? METRIC_IDENTITY : METRIC_LOG;
    if (metric->scale == METRIC_LOG && metric->has_range && metric->range_low < 0)
        return yaml_error(node, "scale", error, "log takes values over 0; the range goes below");
    return STATUS_OK;
}

static enum status read_quantile(const struct yaml *root, struct metric *metric,
                                 struct error *error)
{
    const struct yaml *node = NULL;
    enum status status =
        read_formula(root, "value", "hours(closed_at - opened_at)", &metric->value, error);
    if (status == STATUS_OK)
        status = yaml_require(root, "quantile", "0.9 (9 of 10 items have no more)", &node, error);
    if (status == STATUS_OK)
        status = yaml_number(node, "quantile", &metric->quantile, error);
    if (status == STATUS_OK && !(metric->quantile >= 0.01 && metric->quantile <= 0.99))
        return yaml_error(node, "quantile", error,
                          "write a share from 0.01 to 0.99: 0.5 for the median, 0.9 for what 9 of "
                          "10 items have no more than");
    return status;
}

static enum status read_spell(const struct yaml *root, struct metric *metric, struct error *error)
{
    static const char *const words[] = {"never_done", "censored"};
    const struct yaml *node = NULL;
    size_t word = 0;
    enum status status =
        read_formula(root, "from", "coalesce(started_at, opened_at)", &metric->from, error);
    if (status == STATUS_OK)
        status = read_formula(root, "to", "closed_at", &metric->to, error);
    if (status == STATUS_OK)
        status = yaml_require(root, "horizon", "30d (how long an item is followed)", &node, error);
    if (status == STATUS_OK)
        status = read_duration(node, "horizon", &metric->horizon, error);
    if (status == STATUS_OK && metric->horizon <= 0)
        return yaml_error(node, "horizon", error, "the horizon must be over 0");
    const struct yaml *abandoned = yaml_get(root, "abandoned");
    if (status == STATUS_OK && abandoned != NULL)
        status = yaml_word(abandoned, "abandoned", words, 2, &word, error);
    if (status == STATUS_OK)
        metric->abandoned = word == 0 ? METRIC_NEVER_DONE : METRIC_CENSORED;
    return status;
}

/* ---- Material ---------------------------------------------------------------------------- */

enum status metric_check_amount(const struct metric *metric, struct amount amount,
                                const struct place *place, struct error *error)
{
    bool bounded = metric->kind == METRIC_PROPORTION || metric->has_range;
    if (amount.scale == AMOUNT_POINTS && !bounded)
        return place_error(
            error, place, "pp are points of a proportion, and %s is none; write 10%% or 12.5%s%s%s",
            metric->name, metric->unit[0] != '\0' ? " (" : "", metric->unit,
            metric->unit[0] != '\0' ? ")" : "");
    if (amount.scale == AMOUNT_UNITS && metric->kind == METRIC_PROPORTION)
        return place_error(error, place, "%s is a proportion; write 1pp or 10%%", metric->name);
    if (amount.scale != AMOUNT_RELATIVE && metric->kind == METRIC_MEAN &&
        metric->scale == METRIC_LOG)
        return place_error(error, place, "%s is compared by ratios (scale: log); write 10%%",
                           metric->name);
    return STATUS_OK;
}

/* Times, quantiles and other means 10 %, proportions 1pp, means with a range 2pp of it. */
static struct amount default_material(const struct metric *metric)
{
    if (metric->kind == METRIC_PROPORTION)
        return (struct amount){AMOUNT_POINTS, 0.01};
    if (metric->kind == METRIC_MEAN && metric->has_range && metric->scale == METRIC_IDENTITY)
        return (struct amount){AMOUNT_POINTS, 0.02};
    return (struct amount){AMOUNT_RELATIVE, 0.10};
}

static enum status read_material(const struct yaml *root, struct metric *metric,
                                 struct error *error)
{
    const struct yaml *node = yaml_get(root, "material");
    metric->material = default_material(metric);
    if (node == NULL)
        return STATUS_OK;
    const char *text = NULL;
    enum status status = yaml_text(node, "material", &text, error);
    if (status != STATUS_OK)
        return status;
    struct place place = yaml_place(node, "material");
    status = amount_read(text, metric->unit, &place, &metric->material, error);
    if (status == STATUS_OK && metric->material.value <= 0)
        return yaml_error(node, "material", error,
                          "the smallest change worth acting on must be over 0");
    if (status == STATUS_OK)
        status = metric_check_amount(metric, metric->material, &place, error);
    return status;
}

/* measures: [typing_minutes] */
static enum status read_measures(struct arena *arena, const struct yaml *root,
                                 struct metric *metric, struct error *error)
{
    const struct yaml *node = yaml_get(root, "measures");
    if (node == NULL)
        return STATUS_OK;
    enum status status = yaml_list_of_text(arena, node, "measures", &metric->measures,
                                           &metric->measure_count, error);
    for (size_t i = 0; i < metric->measure_count && status == STATUS_OK; i++)
        if (!measure_is_name(metric->measures[i]))
            status = yaml_error(node->values[i], "measures", error,
                                "\"%.80s\" is no name of a measure; write lower-case letters, "
                                "digits and _, at most 63",
                                metric->measures[i]);
    return status;
}

/* ---- The whole --------------------------------------------------------------------------- */

static enum status read_root(struct arena *arena, const struct yaml *root, struct metric *metric,
                             struct error *error)
{
    if (root->kind != YAML_MAP)
        return yaml_error(root, NULL, error, "a metric is a map; write metric: its_name, kind: …");
    enum status status = read_kind(root, &metric->kind, error);
    if (status == STATUS_OK)
        status = check_keys(root, metric->kind, error);
    if (status == STATUS_OK)
        status = read_name(root, &metric->name, error);
    if (status == STATUS_OK)
        status = read_texts(arena, root, metric, error);
    if (status == STATUS_OK)
        status = read_better(root, metric, error);
    if (status == STATUS_OK)
        status = read_timing(root, metric, error);
    if (status == STATUS_OK)
        status = read_range(root, metric, error);
    if (status == STATUS_OK)
        status = read_measures(arena, root, metric, error);
    if (status != STATUS_OK)
        return status;
    switch (metric->kind) {
    case METRIC_MEAN:
        status = read_mean(root, metric, error);
        break;
    case METRIC_PROPORTION:
        status = read_formula(root, "value", "errors > 0", &metric->value, error);
        break;
    case METRIC_RATIO:
        status = read_formula(root, "numerator", "usd + usd_inferred", &metric->numerator, error);
        if (status == STATUS_OK)
            status = read_formula(root, "denominator", "case when state = 'done' then 1 else 0 end",
                                  &metric->denominator, error);
        break;
    case METRIC_QUANTILE:
        status = read_quantile(root, metric, error);
        break;
    case METRIC_DURATION:
        status = read_spell(root, metric, error);
        break;
    }
    return status == STATUS_OK ? read_material(root, metric, error) : status;
}

enum status metric_read(struct arena *arena, const char *file, const char *text, size_t length,
                        struct metric *out, struct error *error)
{
    struct yaml *root = NULL;
    enum status status = yaml_read(arena, file, text, length, &root, error);
    if (status != STATUS_OK)
        return status;
    struct metric metric = {.file = root->file, .source = arena_text_n(arena, text, length)};
    status = read_root(arena, root, &metric, error);
    if (status == STATUS_OK)
        *out = metric;
    return status;
}

/* ---- Formulas ---------------------------------------------------------------------------- */

static enum status compile_one(struct arena *arena, struct engine *engine,
                               const struct formula_names *names, enum formula_type type,
                               struct metric_formula *formula, struct error *error)
{
    struct formula compiled;
    enum status status = formula_compile(arena, engine, names, FORMULA_DUCKDB, formula->text,
                                         formula->length, &formula->place, &compiled, error);
    if (status == STATUS_OK)
        status = formula_expect(&compiled, type, &formula->place, error);
    if (status == STATUS_OK)
        formula->compiled = compiled;
    return status;
}

/* Is it reckoned up to the close? Work that takes longer then has more of it. */
static bool uses_close(const struct formula *formula)
{
    for (size_t i = 0; i < formula->used_count; i++)
        if (strcmp(formula->used[i], "closed_at") == 0 ||
            strcmp(formula->used[i], "first_closed_at") == 0)
            return true;
    return false;
}

enum status metric_compile(struct arena *arena, struct engine *engine,
                           const struct formula_names *names, struct metric *metric,
                           struct error *error)
{
    const struct formula_names all =
        formula_names_with(arena, names, metric->measures, metric->measure_count);
    if (metric->kind == METRIC_DURATION) {
        enum status status = compile_one(arena, engine, &all, FORMULA_TIME, &metric->from, error);
        if (status == STATUS_OK)
            status = compile_one(arena, engine, &all, FORMULA_TIME, &metric->to, error);
        return status;
    }
    if (metric->kind == METRIC_RATIO) {
        enum status status =
            compile_one(arena, engine, &all, FORMULA_NUMBER, &metric->numerator, error);
        if (status == STATUS_OK)
            status = compile_one(arena, engine, &all, FORMULA_NUMBER, &metric->denominator, error);
        return status;
    }
    enum formula_type type = metric->kind == METRIC_PROPORTION ? FORMULA_TRUTH : FORMULA_NUMBER;
    enum status status = compile_one(arena, engine, &all, type, &metric->value, error);
    if (status == STATUS_OK && metric->kind == METRIC_QUANTILE)
        metric->grows_with_time = metric->grows_with_time || uses_close(&metric->value.compiled);
    return status;
}

/* ---- Between arms ------------------------------------------------------------------------ */

/* Is all that the metric counts what AI costs? */
static bool is_ai_cost_alone(const struct metric *metric)
{
    const struct formula *formula = &metric->numerator.compiled;
    if (metric->kind != METRIC_RATIO)
        return false;
    for (size_t i = 0; i < formula->used_count; i++)
        if (strcmp(formula->used[i], "usd") != 0 && strcmp(formula->used[i], "usd_inferred") != 0)
            return false;
    return true;
}

const char *metric_refused_between(const struct metric *metric, const char *const arms[2],
                                   bool as_found)
{
    if (is_ai_cost_alone(metric) && (arm_is_without_ai(arms[0]) || arm_is_without_ai(arms[1])))
        return "what AI costs is 0 without it, so the two can't be told apart by that; compare "
               "tools or models, or see the change";
    if (as_found && metric->kind != METRIC_DURATION && metric->grows_with_time)
        return "what grows with time can't be compared as found: longer work meets AI more often; "
               "take another metric, or assign the arms";
    return NULL;
}
