/* csv.c - cuts the text of a CSV file into cells, in place. */
#include <stdint.h>
#include <string.h>

#include "data/csv.h"
#include "data/manifest_key.h"
#include "data/pool.h"
#include "problem.h"

#define CSV_COLUMNS 16384

static bool csv_refuse(const struct csv *csv, int column, const char *sentence, struct problem *problem)
{
    return problem_at(problem, csv->file.path, csv->line, column, "%s", sentence);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Characters, not bytes: continuation bytes of UTF-8 count nothing. */
static int characters_between(const char *from, const char *to)
{
    int count = 0;
    for (; from < to; from++)
        count += ((unsigned char)*from & 0xc0) != 0x80;
    return count;
}

/* The next line that is not empty, ended by a zero; NULL at the end of the file. */
static char *csv_take_line(struct csv *csv)
{
    const char *end = (char *)csv->file.bytes + csv->file.length;
    while (csv->next < end) {
        char *line = csv->next;
        char *stop = memchr(line, '\n', (size_t)(end - line));
        csv->next = stop ? stop + 1 : (char *)(uintptr_t)end;
        csv->line++;
        if (!stop)
            stop = csv->next;
        if (stop > line && stop[-1] == '\r')
            stop--;
        *stop = 0;
        if (stop > line)
            return line;
    }
    return NULL;
}

/* Where the cell that begins at `text` ends, quotes included; NULL and a problem where it never does. */
static char *cell_find_end(const struct csv *csv, char *text, int column, struct problem *problem)
{
    char *end = text;
    while (*end != csv->separator && is_blank(*end))
        end++;
    if (*end == '"') {
        column += characters_between(text, end);
        for (end++; *end && (*end != '"' || end[1] == '"'); end++)
            end += *end == '"';
        if (!*end) {
            csv_refuse(csv, column, "the quote that opens here is not closed on this line", problem);
            return NULL;
        }
        for (end++; *end && *end != csv->separator; end++)
            if (!is_blank(*end)) {
                csv_refuse(csv, column, "more text follows this quoted cell", problem);
                return NULL;
            }
    }
    while (*end && *end != csv->separator)
        end++;
    return end;
}

/* `  "a ""b""" ` becomes `a "b"`, in place. */
static struct csv_cell cell_clean(char *text, char *end, int column)
{
    for (; text < end && is_blank(*text); text++)
        column++;
    while (end > text && is_blank(end[-1]))
        end--;
    *end = 0;
    struct csv_cell cell = {.text = text, .column = column};
    if (*text != '"')
        return cell;
    char *to = text;
    for (const char *from = text + 1; from < end - 1; *to++ = *from++)
        from += *from == '"';
    *to = 0;
    return cell;
}

/* Cuts a line into its first `most` cells; gives the number of all, or -1 and a problem. `column` becomes
 * that of the first cell too many, or of the end of the line. */
static int csv_cut_line(const struct csv *csv, char *line, struct csv_cell *cells, int most, int *column,
                        struct problem *problem)
{
    *column = 1;
    for (int count = 0, at = 1;; count++) {
        char *end = cell_find_end(csv, line, at, problem);
        if (!end)
            return -1;
        bool is_last = *end == 0;
        int next = at + characters_between(line, end) + !is_last;
        if (count < most) {
            cells[count] = cell_clean(line, end, at);
            *column = next;
        }
        if (is_last)
            return count + 1;
        at = next;
        line = end + 1;
    }
}

static int count_of(const char *line, char wanted)
{
    int count = 0;
    bool is_quoted = false;
    for (; *line; line++) {
        is_quoted ^= *line == '"';
        count += *line == wanted && !is_quoted;
    }
    return count;
}

static char separator_of(const char *header)
{
    static const char known[] = ",;\t";
    char best = known[0];
    for (const char *c = known + 1; *c; c++)
        if (count_of(header, *c) > count_of(header, best))
            best = *c;
    return best;
}

/* Names must be names: a file without a header would lose its first example to it. */
static bool csv_check_header(const struct csv *csv, struct problem *problem)
{
    int numbers = 0;
    double number;
    for (int i = 0; i < csv->column_count; i++) {
        numbers += text_is_number(csv->names[i], &number);
        int first = *csv->names[i] ? csv_find(csv, csv->names[i]) : i;
        if (first < i)
            return problem_at(problem, csv->file.path, csv->line, csv->cells[i].column,
                              "column '%.60s' stands in the header twice", csv->names[i]);
    }
    if (numbers < csv->column_count)
        return true;
    csv_refuse(csv, 1, "the first line must name the columns, but it has only numbers", problem);
    problem_help(problem, "put a line of names such as a,b,c before it");
    return false;
}

static bool begins_with(const struct file *file, unsigned char first, unsigned char second)
{
    return file->length >= 2 && file->bytes[0] == first && file->bytes[1] == second;
}

static bool is_gzip(const struct file *file)
{
    return begins_with(file, 0x1f, 0x8b);
}

static bool is_utf16(const struct file *file)
{
    return begins_with(file, 0xff, 0xfe) || begins_with(file, 0xfe, 0xff);
}

static bool csv_read_header(struct csv *csv, struct pool *pool, struct problem *problem)
{
    static const unsigned char mark[] = {0xef, 0xbb, 0xbf};
    csv->next = (char *)csv->file.bytes;
    if (csv->file.length >= sizeof mark && memcmp(csv->file.bytes, mark, sizeof mark) == 0)
        csv->next += sizeof mark;
    if (memchr(csv->file.bytes, 0, csv->file.length)) {
        problem_at(problem, csv->file.path, 0, 0, "is not a CSV file: it contains the byte 0");
        if (is_gzip(&csv->file))
            problem_help(problem, "it is compressed: gunzip it first");
        else if (is_utf16(&csv->file))
            problem_help(problem, "it is text in UTF-16: save it as UTF-8");
        return false;
    }
    char *header = csv_take_line(csv);
    if (!header)
        return problem_at(problem, csv->file.path, 0, 0, "is empty");
    csv->separator = separator_of(header);
    int column, count = csv_cut_line(csv, header, NULL, 0, &column, problem); /* only counts */
    if (count < 0)
        return false;
    if (count > CSV_COLUMNS)
        return problem_at(problem, csv->file.path, csv->line, 0, "has %d columns; at most %d are read", count,
                          CSV_COLUMNS);
    csv->column_count = count;
    csv->cells = pool_get(pool, (size_t)count * sizeof *csv->cells);
    csv->names = pool_get(pool, (size_t)count * sizeof *csv->names);
    csv_cut_line(csv, header, csv->cells, count, &column, problem);
    for (int i = 0; i < csv->column_count; i++)
        csv->names[i] = pool_text(pool, csv->cells[i].text, strlen(csv->cells[i].text));
    return csv_check_header(csv, problem);
}

bool csv_open(struct csv *csv, const char *path, struct sha256 *fingerprint, struct pool *pool,
              struct problem *problem)
{
    *csv = (struct csv){0};
    if (!file_read(&csv->file, path, SIZE_MAX / 2, fingerprint, problem))
        return false;
    if (csv_read_header(csv, pool, problem))
        return true;
    csv_close(csv);
    return false;
}

void csv_close(struct csv *csv)
{
    file_free(&csv->file);
}

bool csv_next(struct csv *csv, struct problem *problem)
{
    problem->text[0] = 0;
    char *line = csv_take_line(csv);
    if (!line)
        return false;
    int column, count = csv_cut_line(csv, line, csv->cells, csv->column_count, &column, problem);
    if (count >= 0 && count != csv->column_count)
        problem_at(problem, csv->file.path, csv->line, column,
                   "this line has %d cells, but the header has %d", count, csv->column_count);
    return count == csv->column_count;
}

bool csv_read_number(const struct csv *csv, int column, double *number, struct problem *problem)
{
    const struct csv_cell *cell = &csv->cells[column];
    if (text_is_number(cell->text, number))
        return true;
    const char *name = csv->names[column];
    if (!*cell->text)
        return problem_at(problem, csv->file.path, csv->line, cell->column, "column '%.60s' is empty here",
                          name);
    return problem_at(problem, csv->file.path, csv->line, cell->column,
                      "'%.40s' in column '%.60s' is not a finite number", cell->text, name);
}

int csv_find(const struct csv *csv, const char *name)
{
    for (int i = 0; i < csv->column_count; i++)
        if (strcmp(csv->names[i], name) == 0)
            return i;
    return -1;
}
