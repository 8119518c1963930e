#include "collect/csv_scan.h"

#include <string.h>

enum state {
    AT_FIELD,     /* at the beginning of a field */
    BEHIND_BLANK, /* behind one blank at the beginning of a field */
    IN_TEXT,
    IN_QUOTES,
    BEHIND_QUOTES /* behind a quote that closes, or is the first of two */
};

struct scan {
    struct arena *arena;
    struct csv_survey *out;
    size_t span_capacity;
    size_t columns;
    int64_t line;
    int64_t record;
    int64_t lines_in_quotes; /* line breaks in quotes of the record */
    int64_t whole_lines;     /* between two of them */
    int64_t opened_on_line;  /* the quotes */
    size_t delimiters;       /* in the line inside of quotes */
    enum state state;
    char delimiter;
    bool after_return; /* CR was the last byte: it ended a line, and LF behind it ends none */
    bool header_seen;
    /* of the record */
    bool holds_something;
    bool broken;
    bool all_look_like_records; /* its whole lines in quotes */
    /* of the line inside of quotes */
    bool whole; /* a line break stands before it, in the same quotes */
    bool prose; /* a blank behind a delimiter, or a quote: no record of a program */
};

static void begin_record(struct scan *scan)
{
    scan->state = AT_FIELD;
    scan->holds_something = scan->broken = false;
    scan->lines_in_quotes = scan->whole_lines = 0;
    scan->all_look_like_records = true;
    scan->record++;
}

static void add_span(struct scan *scan)
{
    struct csv_survey *out = scan->out;
    /* Of two columns any line with a comma in it looks like one. */
    bool lookalikes = scan->columns > 2 && scan->all_look_like_records && scan->whole_lines > 0;
    if (scan->lines_in_quotes == 0 || (!scan->broken && !lookalikes))
        return;
    out->spans = arena_grow(scan->arena, out->spans, out->span_count, &scan->span_capacity,
                            sizeof *out->spans);
    out->spans[out->span_count++] =
        (struct csv_span){scan->record, scan->lines_in_quotes, scan->broken};
}

static void end_record(struct scan *scan)
{
    if (!scan->header_seen)
        scan->header_seen = true;
    else if (scan->holds_something || scan->columns == 1) {
        scan->out->records++;
        add_span(scan);
    }
    begin_record(scan);
}

static void begin_line_in_quotes(struct scan *scan, bool whole)
{
    scan->whole = whole;
    scan->delimiters = 0;
    scan->prose = false;
}

static void open_quotes(struct scan *scan)
{
    scan->state = IN_QUOTES;
    scan->opened_on_line = scan->line;
    begin_line_in_quotes(scan, false);
}

static void end_line(struct scan *scan)
{
    scan->line++;
    if (scan->state != IN_QUOTES) {
        end_record(scan);
        return;
    }
    scan->whole_lines += scan->whole;
    if (scan->whole && (scan->prose || scan->delimiters + 1 != scan->columns))
        scan->all_look_like_records = false;
    scan->lines_in_quotes++;
    begin_line_in_quotes(scan, true);
}

static void take_in_quotes(struct scan *scan, char c, char before)
{
    if (c == '"')
        scan->state = BEHIND_QUOTES;
    else if (c == scan->delimiter)
        scan->delimiters++;
    scan->prose = scan->prose || (c == ' ' && before == scan->delimiter);
}

static void take_behind_quotes(struct scan *scan, char c)
{
    if (c == '"') {
        /* Behind a blank the engine takes it for an opening one, as at the beginning of a field. */
        scan->state = IN_QUOTES;
        scan->prose = true;
    } else if (c != ' ') {
        scan->broken = true;
        scan->state = IN_TEXT;
    }
}

static void take(struct scan *scan, char c, char before)
{
    bool second = c == '\n' && scan->after_return;
    scan->after_return = c == '\r';
    if (second)
        return;
    if (c == '\r' || c == '\n') {
        end_line(scan);
        return;
    }
    scan->holds_something = true;
    if (scan->state == IN_QUOTES)
        take_in_quotes(scan, c, before);
    else if (c == scan->delimiter)
        scan->state = AT_FIELD;
    else if (scan->state == BEHIND_QUOTES)
        take_behind_quotes(scan, c);
    else if (c == '"' && scan->state != IN_TEXT)
        open_quotes(scan);
    else
        scan->state = c == ' ' && scan->state == AT_FIELD ? BEHIND_BLANK : IN_TEXT;
}

/* Most bytes are text outside of quotes: how many of them follow. */
static size_t plain_bytes(const struct scan *scan, const char *bytes, size_t length)
{
    size_t i = 0;
    if (scan->state != IN_TEXT)
        return 0;
    while (i < length && bytes[i] != scan->delimiter && bytes[i] != '\n' && bytes[i] != '\r')
        i++;
    return i;
}

/* Whole lines without quotes at the beginning of a record: how many bytes they are. Of a CR that
   ends no line with its LF nothing is known here. go_on   false: the rest of the bytes is not worth
   another look */
static size_t plain_lines(struct scan *scan, const char *bytes, size_t length, bool *go_on)
{
    if (scan->state != AT_FIELD || scan->holds_something || scan->after_return)
        return 0;
    const char *quote = memchr(bytes, '"', length);
    const char *limit = quote != NULL ? quote : bytes + length;
    const char *line = bytes;
    const char *end = NULL;
    while ((end = memchr(line, '\n', (size_t)(limit - line))) != NULL) {
        const char *ret = memchr(line, '\r', (size_t)(end - line));
        if (ret != NULL && ret + 1 != end)
            break;
        scan->line++;
        scan->holds_something = end > line && ret != line;
        end_record(scan);
        line = end + 1;
    }
    *go_on = quote != NULL && end == NULL;
    return (size_t)(line - bytes);
}

static void finish(struct scan *scan, char last)
{
    struct csv_survey *out = scan->out;
    if (scan->state == IN_QUOTES) {
        out->open_line = scan->opened_on_line;
        out->lines_left = scan->line - scan->opened_on_line - (last == '\n' || last == '\r');
    } else if (scan->holds_something)
        end_record(scan);
}

enum status csv_scan(struct arena *arena, int file, const char *path, enum packing packing,
                     char delimiter, size_t columns, struct csv_survey *out, struct error *error)
{
    struct scan scan = {
        .arena = arena, .out = out, .delimiter = delimiter, .columns = columns, .line = 1};
    struct unpacker *unpacker = NULL;
    char bytes[1 << 16];
    size_t got = sizeof bytes;
    char before = '\0';
    bool first = true;
    *out = (struct csv_survey){0};
    begin_record(&scan);
    enum status status = unpacker_open(file, path, packing, &unpacker, error);
    while (status == STATUS_OK && got == sizeof bytes) {
        status = unpacker_read(unpacker, bytes, sizeof bytes, &got, error);
        size_t i = first && got >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
        first = false;
        bool by_lines = true;
        for (; i < got; i++) {
            size_t lines = by_lines ? plain_lines(&scan, bytes + i, got - i, &by_lines) : 0;
            i += lines;
            if (lines > 0)
                before = '\n';
            if (i == got)
                break;
            size_t plain = plain_bytes(&scan, bytes + i, got - i);
            i += plain;
            if (plain > 0)
                before = bytes[i - 1];
            if (i == got)
                break;
            take(&scan, bytes[i], before);
            before = bytes[i];
        }
    }
    unpacker_close(unpacker);
    if (status == STATUS_OK)
        finish(&scan, before);
    return status;
}
