/* net_text.h - where something stands in the .net text that is linked in: for advice by line.
 *
 *     "net a {\n    dropout 0.2\n}"  and  "dropout"   ->   line 2, "dropout 0.2"
 *
 * It knows no grammar: it passes over comments and strings, and sees in which of the outer braces a word
 * stands. Behind the text of the model are those of the files that it includes, each with its name. */
#ifndef NETC_RUN_REPORT_NET_TEXT_H
#define NETC_RUN_REPORT_NET_TEXT_H

#include <stdbool.h>

struct net_place {
    int line;           /* from 1; 0: nowhere */
    char file[64];      /* of an included file its name; "": the model itself */
    char statement[96]; /* the line, without comment and blanks around it */
};

/* The first place of a word outside train { }, as a kind or behind others: "dropout" of "relu dropout(0.2)".
 * `skip`: so many before it are passed over. */
bool net_text_find_layer(const char *text, const char *word, int skip, struct net_place *place);
/* The first label of that name: "f5" of "f5: dense 120". */
bool net_text_find_label(const char *text, const char *label, struct net_place *place);
/* The first statement of train { } that begins with the word; λ and lambda are one. */
bool net_text_find_setting(const char *text, const char *word, struct net_place *place);

#endif
