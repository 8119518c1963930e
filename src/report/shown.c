#include "report/shown.h"

#include "base/error.h"
#include "report/document.h"
#include "report/publish.h"

/* Publishes a document of its own. The list keeps the order of rows, which publishing changes. */
enum status report_shown(const struct evidence *evidence, bool *shown, struct error *error)
{
    json_t *document = document_make(evidence, "");
    json_t *rows = json_copy(json_object_get(document, "rows"));
    bool known = json_array_size(rows) == evidence->row_count && publish(document);
    size_t index = 0;
    json_t *row = NULL;
    json_array_foreach(rows, index, row)
    {
        const json_t *comparison = json_object_get(row, "comparison");
        shown[index] = known && !json_is_true(json_object_get(comparison, "withheld"));
    }
    json_decref(rows);
    json_decref(document);
    return known ? STATUS_OK : error_memory(error);
}
