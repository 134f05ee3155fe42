/* server.c - the life of a language server: takes messages, keeps the open documents, sends answers.
 *
 *     {"id": 2, "method": "textDocument/hover", …}    ->    {"id": 2, "result": {"contents": …}} */
#include "lsp/server.h"

#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "lsp/answer.h"
#include "lsp/document.h"
#include "lsp/wire.h"

struct server {
    FILE *to;
    struct document *documents;
    bool is_ready;     /* initialize came */
    bool is_shut_down; /* shutdown came */
    bool counts_bytes; /* the client takes utf-8 positions */
};

static struct document **find_document(struct server *server, const json_t *params)
{
    const char *uri = json_string_value(json_object_get(json_object_get(params, "textDocument"), "uri"));
    struct document **at = &server->documents;
    while (*at && (!uri || strcmp((*at)->uri, uri) != 0))
        at = &(*at)->next;
    return at;
}

static void publish(struct server *server, const char *uri, const json_t *version, json_t *diagnostics)
{
    json_t *params = json_pack("{s:s, s:O}", "uri", uri, "diagnostics", diagnostics);
    if (version)
        json_object_set_new(params, "version", json_deep_copy(version));
    wire_notify(server->to, "textDocument/publishDiagnostics", params);
}

static const json_t *version_of(const json_t *params)
{
    const json_t *version = json_object_get(json_object_get(params, "textDocument"), "version");
    return json_is_integer(version) ? version : NULL;
}

static void refresh(struct server *server, struct document *document, const json_t *params)
{
    document_analyse(document);
    publish(server, document->uri, version_of(params), document->diagnostics);
}

static void drop_document(struct document **at)
{
    struct document *document = *at;
    if (!document)
        return;
    *at = document->next;
    document_release(document);
}

static void take_open(struct server *server, const json_t *params)
{
    const json_t *item = json_object_get(params, "textDocument"), *text = json_object_get(item, "text");
    const char *uri = json_string_value(json_object_get(item, "uri"));
    if (!uri || !json_is_string(text))
        return;
    drop_document(find_document(server, params));
    struct document *document = document_create(uri, server->counts_bytes);
    document->next = server->documents;
    server->documents = document;
    document_set_text(document, json_string_value(text), json_string_length(text));
    refresh(server, document, params);
}

static void take_change(struct server *server, const json_t *params)
{
    struct document *document = *find_document(server, params);
    const json_t *changes = json_object_get(params, "contentChanges");
    if (!document)
        return;
    for (size_t i = 0; i < json_array_size(changes); i++)
        if (!document_change(document, json_array_get(changes, i)))
            break;
    refresh(server, document, params);
}

static void take_close(struct server *server, const json_t *params)
{
    struct document **at = find_document(server, params);
    json_t *none = json_array();
    if (*at)
        publish(server, (*at)->uri, NULL, none);
    json_decref(none);
    drop_document(at);
}

static json_t *answer_initialize(struct server *server, const json_t *params)
{
    const json_t *general = json_object_get(json_object_get(params, "capabilities"), "general");
    const json_t *encodings = json_object_get(general, "positionEncodings");
    for (size_t i = 0; i < json_array_size(encodings); i++) {
        const char *name = json_string_value(json_array_get(encodings, i));
        server->counts_bytes |= name && strcmp(name, "utf-8") == 0;
    }
    server->is_ready = true;
    return json_pack("{s:{s:s, s:{s:b, s:i}, s:b, s:{s:[s]}, s:b, s:b, s:b, s:{s:[s]}}, s:{s:s, s:s}}",
                     "capabilities", "positionEncoding", server->counts_bytes ? "utf-8" : "utf-16",
                     "textDocumentSync", "openClose", 1, "change", 2, "hoverProvider", 1,
                     "completionProvider", "triggerCharacters", "=", "definitionProvider", 1,
                     "documentSymbolProvider", 1, "documentFormattingProvider", 1, "codeActionProvider",
                     "codeActionKinds", "quickfix", "serverInfo", "name", "netc", "version", NETC_VERSION);
}

static void take_notification(struct server *server, const char *method, const json_t *params)
{
    static const struct {
        const char *method;
        void (*take)(struct server *server, const json_t *params);
    } rows[] = {
        {"textDocument/didOpen", take_open},
        {"textDocument/didChange", take_change},
        {"textDocument/didClose", take_close},
    };
    for (size_t i = 0; server->is_ready && !server->is_shut_down && i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(rows[i].method, method) == 0)
            rows[i].take(server, params);
}

/* Questions about a document. */
static void answer_question(struct server *server, const json_t *id, const char *method, const json_t *params)
{
    static const struct {
        const char *method;
        json_t *(*answer)(const struct document *document, const json_t *params);
    } rows[] = {
        {"textDocument/hover", answer_hover},           {"textDocument/completion", answer_completion},
        {"textDocument/definition", answer_definition}, {"textDocument/documentSymbol", answer_symbols},
        {"textDocument/formatting", answer_formatting}, {"textDocument/codeAction", answer_actions},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].method, method) != 0)
            continue;
        const struct document *document = *find_document(server, params);
        if (document)
            wire_send_result(server->to, id, rows[i].answer(document, params));
        else
            wire_send_error(server->to, id, WIRE_PARAMS, "that document is not open");
        return;
    }
    wire_send_error(server->to, id, WIRE_METHOD, "unknown method");
}

static void answer_request(struct server *server, const json_t *id, const char *method, const json_t *params)
{
    bool is_first = strcmp(method, "initialize") == 0;
    if (server->is_shut_down || (is_first && server->is_ready))
        wire_send_error(server->to, id, WIRE_REQUEST,
                        is_first ? "initialize comes once" : "nothing follows a shutdown but exit");
    else if (is_first)
        wire_send_result(server->to, id, answer_initialize(server, params));
    else if (!server->is_ready)
        wire_send_error(server->to, id, WIRE_NOT_READY, "initialize comes first");
    else if (strcmp(method, "shutdown") == 0) {
        server->is_shut_down = true;
        wire_send_result(server->to, id, json_null());
    } else
        answer_question(server, id, method, params);
}

/* False at `exit`. */
static bool take_message(struct server *server, const json_t *message)
{
    const char *method = json_string_value(json_object_get(message, "method"));
    const json_t *id = json_object_get(message, "id"), *params = json_object_get(message, "params");
    bool is_answer = json_is_object(message) && !method && id &&
                     (json_object_get(message, "result") || json_object_get(message, "error"));
    if (!method && !is_answer)
        wire_send_error(server->to, id, WIRE_REQUEST, "a message without a method");
    else if (method && id)
        answer_request(server, id, method, params);
    else if (method && strcmp(method, "exit") == 0)
        return false;
    else if (method)
        take_notification(server, method, params);
    return true;
}

int server_run(FILE *from, FILE *to)
{
    struct server server = {.to = to};
    bool goes_on = true;
    while (goes_on) {
        json_t *message = NULL;
        const char *why = NULL;
        switch (wire_read(from, &message, &why)) {
        case WIRE_MESSAGE:
            goes_on = take_message(&server, message);
            break;
        case WIRE_BAD:
            wire_send_error(to, NULL, WIRE_PARSE, why);
            break;
        case WIRE_END:
            goes_on = false;
            server.is_shut_down = false;
            break;
        }
        json_decref(message);
    }
    while (server.documents)
        drop_document(&server.documents);
    return server.is_shut_down ? 0 : 1;
}
