/* wire.c - reads and writes messages: a header with their length, an empty line, JSON.
 *
 *     Content-Length: 38\r\n\r\n{"jsonrpc":"2.0","id":1,"method":"…"} */
#include "base/arena.h"
#include "lsp/wire.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LONGEST_HEADER = 512, LONGEST_MESSAGE = 64 * 1024 * 1024 };

/* -1: no length; the largest number there is when it does not fit. */
static long long read_length(const char *text)
{
    char *end;
    while (*text == ' ' || *text == '\t')
        text++;
    if (*text < '0' || *text > '9')
        return -1;
    long long length = strtoll(text, &end, 10);
    return end[strspn(end, " \t\r\n")] ? -1 : length;
}

static bool skip(FILE *from, long long length)
{
    char bytes[4096];
    while (length > 0) {
        size_t wanted = length < (long long)sizeof bytes ? (size_t)length : sizeof bytes;
        size_t got = fread(bytes, 1, wanted, from);
        if (got == 0)
            return false;
        length -= (long long)got;
    }
    return true;
}

/* The length that the header tells; *is_end where the input ends before the empty line. */
static long long read_header(FILE *from, bool *is_end)
{
    static const char name[] = "Content-Length:";
    char line[LONGEST_HEADER];
    long long length = -1;
    *is_end = true;
    while (fgets(line, sizeof line, from)) {
        if (strncasecmp(line, name, sizeof name - 1) == 0)
            length = read_length(line + sizeof name - 1);
        if (strcmp(line, "\r\n") == 0 || strcmp(line, "\n") == 0) {
            *is_end = false;
            break;
        }
    }
    return length;
}

enum wire_result wire_read(FILE *from, json_t **message, const char **why)
{
    bool is_end;
    long long length = read_header(from, &is_end);
    if (is_end)
        return WIRE_END;
    if (length < 0) {
        *why = "a header without a valid Content-Length";
        return WIRE_BAD;
    }
    if (length > LONGEST_MESSAGE) {
        *why = "a message of more than 64 MiB";
        return skip(from, length) ? WIRE_BAD : WIRE_END;
    }
    char *bytes = heap_resize(NULL, (size_t)length + 1);
    if (fread(bytes, 1, (size_t)length, from) != (size_t)length) {
        free(bytes);
        return WIRE_END;
    }
    *message = json_loadb(bytes, (size_t)length, JSON_ALLOW_NUL, NULL);
    free(bytes);
    *why = "a message that is no JSON";
    return *message ? WIRE_MESSAGE : WIRE_BAD;
}

void wire_send(FILE *to, json_t *message)
{
    char *bytes = json_dumps(message, JSON_COMPACT);
    json_decref(message);
    if (!bytes)
        return;
    fprintf(to, "Content-Length: %zu\r\n\r\n%s", strlen(bytes), bytes);
    fflush(to);
    free(bytes);
}

/* Null where the client gave none that could be read. */
static json_t *copy_id(const json_t *id)
{
    return json_is_string(id) || json_is_integer(id) ? json_deep_copy(id) : json_null();
}

void wire_send_error(FILE *to, const json_t *id, enum wire_error code, const char *message)
{
    wire_send(to, json_pack("{s:s, s:o, s:{s:i, s:s}}", "jsonrpc", "2.0", "id", copy_id(id), "error", "code",
                            (int)code, "message", message));
}

void wire_send_result(FILE *to, const json_t *id, json_t *result)
{
    wire_send(to, json_pack("{s:s, s:o, s:o}", "jsonrpc", "2.0", "id", copy_id(id), "result", result));
}

void wire_notify(FILE *to, const char *method, json_t *params)
{
    wire_send(to, json_pack("{s:s, s:s, s:o}", "jsonrpc", "2.0", "method", method, "params", params));
}
