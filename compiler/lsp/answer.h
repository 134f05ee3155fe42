/* answer.h - what an editor asks about one document; each gives the result, null where there is none. */
#ifndef NETC_LSP_ANSWER_H
#define NETC_LSP_ANSWER_H

#include <jansson.h>

struct document;

json_t *answer_hover(const struct document *document, const json_t *params);
json_t *answer_completion(const struct document *document, const json_t *params);
json_t *answer_definition(const struct document *document, const json_t *params);
json_t *answer_symbols(const struct document *document, const json_t *params);
json_t *answer_formatting(const struct document *document, const json_t *params);
json_t *answer_actions(const struct document *document, const json_t *params);

#endif
