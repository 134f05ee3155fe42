/* scan.h - what the rules of grammar/net.l do with the text they matched. Each gives the token's kind, 0 for
 * none. */
#ifndef NETC_SCAN_H
#define NETC_SCAN_H

#include "ast/parse.h"

union NET_STYPE;

int scan_name(struct parse *parse, struct span span, union NET_STYPE *token, bool is_call);
int scan_integer(struct parse *parse, struct span span, union NET_STYPE *token);
int scan_real(struct parse *parse, struct span span, union NET_STYPE *token);
int scan_percent(struct parse *parse, struct span span, union NET_STYPE *token);
int scan_size(struct parse *parse, struct span span, union NET_STYPE *token);
int scan_string(struct parse *parse, struct span span, union NET_STYPE *token);
int scan_comma_number(struct parse *parse, struct span span, union NET_STYPE *token);
int scan_operator(struct parse *parse, struct span span);
int scan_newline(struct parse *parse, struct span span);
void scan_comment(struct parse *parse, struct span span);

/* Text that is no token: tells why. */
int scan_bad_number(struct parse *parse, struct span span);
int scan_open_string(struct parse *parse, struct span span);
int scan_bad_characters(struct parse *parse, struct span span);
void scan_bad_comment(struct parse *parse, struct span span);

#endif
