/* nearest.c - edit distance with swapped neighbours as one slip (optimal string alignment). */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "data/nearest.h"
#include "problem.h"

#define LONGEST 64

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* Slips between two words of at most LONGEST letters. */
static int word_distance(const char *left, const char *right)
{
    int n = (int)strlen(left), m = (int)strlen(right);
    int row[3][LONGEST + 1]; /* the last three rows of the table, row i % 3 */
    for (int j = 0; j <= m; j++)
        row[0][j] = j;
    for (int i = 1; i <= n; i++) {
        int *now = row[i % 3], *above = row[(i + 2) % 3], *two_above = row[(i + 1) % 3];
        now[0] = i;
        for (int j = 1; j <= m; j++) {
            int change = above[j - 1] + (left[i - 1] != right[j - 1]);
            now[j] = least(change, least(above[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                now[j] = least(now[j], two_above[j - 2] + 1);
        }
    }
    return row[n % 3][m];
}

const char *nearest_name(const char *word, const char *const *names, int count)
{
    size_t length = strlen(word);
    if (length > LONGEST)
        return NULL;
    const char *nearest = NULL;
    int fewest = (int)(length + 2) / 3 + 1;
    for (int i = 0; i < count; i++) {
        if (strlen(names[i]) > LONGEST)
            continue;
        int distance = word_distance(word, names[i]);
        if (distance < fewest && distance < (int)strlen(names[i])) {
            fewest = distance;
            nearest = names[i];
        }
    }
    return nearest;
}

static void list_help(struct problem *problem, const char *const *names, int count)
{
    enum { MOST = 8 };
    char list[MOST * 44 + 24] = "";
    size_t used = 0;
    for (int i = 0; i < count && i < MOST; i++)
        used += (size_t)snprintf(list + used, sizeof list - used, "%s'%.40s'",
                                 i == 0                            ? ""
                                 : i + 1 == count && count <= MOST ? " and "
                                                                   : ", ",
                                 names[i]);
    if (count > MOST)
        snprintf(list + used, sizeof list - used, " and %d more", count - MOST);
    problem_help(problem, count == 1 ? "there is only %s" : "there are %s", list);
}

void nearest_or_list_help(struct problem *problem, const char *word, const char *const *names, int count)
{
    if (nearest_name(word, names, count))
        nearest_help(problem, word, names, count);
    else if (count > 0)
        list_help(problem, names, count);
}

void nearest_help(struct problem *problem, const char *word, const char *const *names, int count)
{
    const char *name = nearest_name(word, names, count);
    if (name)
        problem_help(problem, "did you mean '%s'?", name);
}
