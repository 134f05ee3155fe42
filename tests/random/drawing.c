/* drawing.c - the same choices from the same seed, anywhere (splitmix64: Steele, Lea, Flood 2014). */
#include "drawing.h"

#include <stdarg.h>
#include <stdio.h>

int below(struct net *net, int limit)
{
    uint64_t z = net->state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (int)((z ^ (z >> 31)) % (uint64_t)limit);
}

int between(struct net *net, int least, int most)
{
    return least + below(net, most - least + 1);
}

bool chance(struct net *net, int percent)
{
    return below(net, 100) < percent;
}

const char *one_of(struct net *net, const char *const *texts, int count)
{
    return texts[below(net, count)];
}

void put(struct net *net, const char *format, ...)
{
    char line[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (!net->is_tidy && chance(net, 15))
        printf("%s", ONE_OF(net, "\n", "   # a comment of its own\n", "\n\n", "\t\n"));
    printf("%*s", net->is_tidy ? 4 * net->depth : below(net, 9), "");
    for (const char *at = line; *at; at++) {
        putchar(*at);
        if (!net->is_tidy && *at == ' ' && chance(net, 20))
            printf("%*s", below(net, 3), "");
    }
    printf("%s\n", net->is_tidy || chance(net, 80) ? "" : ONE_OF(net, "  # why", " #", "   "));
}

void open_body(struct net *net, const char *line)
{
    put(net, "%s {", line);
    net->depth++;
}

void close_body(struct net *net)
{
    net->depth--;
    put(net, "}");
}

int label(struct net *net)
{
    return ++net->labels;
}
