/* wire.h - JSON-RPC messages as a language server's client sends them. */
#ifndef NETC_LSP_WIRE_H
#define NETC_LSP_WIRE_H

#include <jansson.h>
#include <stdio.h>

enum wire_result { WIRE_MESSAGE, WIRE_BAD, WIRE_END };
enum wire_error {
    WIRE_PARSE = -32700,
    WIRE_REQUEST = -32600,
    WIRE_METHOD = -32601,
    WIRE_PARAMS = -32602,
    WIRE_NOT_READY = -32002
};

/* The next message. WIRE_BAD: what came is none, *why says so; the reading may go on behind it. */
enum wire_result wire_read(FILE *from, json_t **message, const char **why);
/* Sends it and gives it back to jansson. */
void wire_send(FILE *to, json_t *message);
void wire_send_error(FILE *to, const json_t *id, enum wire_error code, const char *message);
void wire_send_result(FILE *to, const json_t *id, json_t *result);
void wire_notify(FILE *to, const char *method, json_t *params);

#endif
