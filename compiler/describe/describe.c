/* describe.c - the catalogue as text.
 *
 *     netc explain dropout
 *
 *     dropout: a layer, also a word behind one
 *     in training, drops each element with probability `rate` and scales the others up
 *
 *       rate  1st value, needed     probability that an element is dropped (from 0, below 1) */
#include "describe/describe.h"

#include <string.h>

#include "base/diagnostics.h"
#include "base/names.h"
#include "base/text.h"
#include "layers/catalogue.h"

/* A kind of anything: what the catalogue's structs have in common. */
struct entry {
    const char *sort; /* "layer", "optimizer", … */
    const char *name, *summary;
    const struct attribute *attributes;
    bool is_word, has_parameters;
};

/* What the grammar itself knows. */
static const struct {
    const char *name, *summary;
} words[] = {
    {"net", "net NAME { … }: the network; a file has one"},
    {"train", "train { … }: how it is trained; may be left out"},
    {"let", "let NAME = value: a name for a value, for the file or until the end of a body; -D NAME=value "
            "replaces it"},
    {"filter", "filter NAME = [1 0 -1; 1 0 -1]: a matrix that conv filters=[NAME] begins with"},
    {"block", "block NAME(parameter, parameter=default) { … }: statements that are written out where NAME(…) "
              "is called"},
    {"repeat", "LABEL: repeat COUNT { … }: the statements several times; labels become LABEL_1_…, LABEL_2_…"},
    {"include", "include \"file.net\": the declarations of another file; its path is relative to this one"},
    {"shortcut", "residual { … } shortcut { … }: the other path of a residual"},
    {"path", "add { path { … } path { … } }: one of the paths of an add or concat"},
    {"optimizer",
     "the method that moves the weights: sgd, adam, adamw, rmsprop or adagrad, and its settings"},
    {"schedule",
     "how the rate changes from step to step: constant, step, exponential, cosine, onecycle or plateau"},
};

typedef void entry_visit(void *context, const struct entry *entry);

static void each_choice(const char *statement, entry_visit *visit, void *context)
{
    struct choice choice;
    for (int i = 0; (choice = catalogue_choice(statement, i)).name; i++)
        visit(context,
              &(struct entry){statement, choice.name, choice.summary, choice.attributes, false, false});
}

static void each_entry(entry_visit *visit, void *context)
{
    for (int i = 0; catalogue_layers[i]; i++) {
        const struct layer_kind *kind = catalogue_layers[i];
        visit(context, &(struct entry){"layer", kind->name, kind->summary, kind->attributes, kind->is_word,
                                       kind->has_parameters});
    }
    each_choice("output", visit, context);
    for (int i = 0; catalogue_training[i]; i++)
        visit(context,
              &(struct entry){"setting of train", catalogue_training[i]->name, catalogue_training[i]->summary,
                              catalogue_training[i]->attributes, false, false});
    each_choice("optimizer", visit, context);
    each_choice("schedule", visit, context);
}

/* "1st value", "key", "word", and what it is without being given. */
static void print_manner(struct text *to, const struct attribute *attribute)
{
    static const char *const places[] = {"1st value", "2nd value", "3rd value"};
    bool is_flag = attribute->type == ATTRIBUTE_FLAG;
    text_format(to, "%s", is_flag ? "word" : attribute->position >= 0 ? places[attribute->position] : "key");
    if (!attribute->fallback)
        text_format(to, ", needed");
    else if (*attribute->fallback && !is_flag)
        text_format(to, ", else %s", attribute->fallback);
}

static void print_choices(struct text *to, const struct attribute *attribute)
{
    if (attribute->type != ATTRIBUTE_CHOICE || strstr(attribute->meaning, attribute->choices[0]))
        return;
    for (int i = 0; attribute->choices[i]; i++)
        text_format(to, "%s%s", i == 0 ? ": " : ", ", attribute->choices[i]);
}

bool describe_range(struct text *to, const struct attribute *attribute)
{
    if (attribute->least >= attribute->most)
        return false;
    const char *least = text_of_number(to->arena, attribute->least),
               *most = text_of_number(to->arena, attribute->most);
    if (attribute->above_least || attribute->below_most)
        text_format(to, "%s %s, %s %s", attribute->above_least ? "above" : "from", least,
                    attribute->below_most ? "below" : "at most", most);
    else
        text_format(to, "%s to %s", least, most);
    return true;
}

/* What it means, with its choices or range. */
static void print_meaning(struct text *to, const struct attribute *attribute)
{
    struct text range = text_create(to->arena);
    text_format(to, "%s", attribute->meaning);
    print_choices(to, attribute);
    if (describe_range(&range, attribute))
        text_format(to, " (%s)", range.bytes);
    text_format(to, "\n");
}

static void print_attribute(struct text *to, const struct attribute *attribute, int width)
{
    struct text manner = text_create(to->arena);
    print_manner(&manner, attribute);
    text_format(to, "  %-*s  %-20s  ", width, attribute->name, manner.bytes);
    print_meaning(to, attribute);
}

static void print_entry(struct text *to, const struct entry *entry)
{
    int width = 0;
    bool has_vowel = strchr("aeiou", entry->sort[0]) != NULL;
    text_format(to, "%s%s: %s %s%s\n%s\n", to->length ? "\n" : "", entry->name, has_vowel ? "an" : "a",
                entry->sort, entry->is_word ? ", also a word behind one" : "", entry->summary);
    if (entry->has_parameters)
        text_format(to, "It has parameters, so it needs a label in front.\n");
    for (int i = 0; entry->attributes[i].name; i++)
        width =
            (int)strlen(entry->attributes[i].name) > width ? (int)strlen(entry->attributes[i].name) : width;
    if (width)
        text_format(to, "\n");
    for (int i = 0; entry->attributes[i].name; i++)
        print_attribute(to, &entry->attributes[i], width);
}

struct search {
    struct text *to;
    const char *name;
    bool is_found;
};

static void find_entry(void *context, const struct entry *entry)
{
    struct search *search = context;
    if (strcmp(entry->name, search->name) != 0)
        return;
    print_entry(search->to, entry);
    search->is_found = true;
}

/* A key of one entry: "stride of conv (key, else 1): step of the window". */
static void find_key(void *context, const struct entry *entry)
{
    struct search *search = context;
    for (int i = 0; entry->attributes[i].name; i++) {
        const struct attribute *attribute = &entry->attributes[i];
        bool is_itself = strcmp(entry->name, attribute->name) == 0;
        if (strcmp(attribute->name, search->name) != 0 || is_itself)
            continue;
        if (search->to->length && !search->is_found)
            text_format(search->to, "\n");
        text_format(search->to, "%s of %s (", attribute->name, entry->name);
        print_manner(search->to, attribute);
        text_format(search->to, "): ");
        print_meaning(search->to, attribute);
        search->is_found = true;
    }
}

static bool find_code(struct text *to, const char *name)
{
    static const char *const names[] = {
#define CODE(name, meaning) #name,
#include "base/codes.def"
#undef CODE
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i], name) != 0)
            continue;
        text_format(to, "%s: %s\n", name, code_meaning((enum code)i));
        return true;
    }
    return false;
}

static void offer(void *context, const char *name)
{
    suggestion_offer(context, name);
}

bool describe_name(struct text *to, const char *name, struct suggestion *nearest)
{
    if (strcmp(name, "λ") == 0)
        name = "lambda";
    struct search search = {to, name, find_code(to, name)}, keys = {to, name, false};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i].name, name) == 0) {
            text_format(to, "%s\n", words[i].summary);
            search.is_found = true;
        }
    each_entry(find_entry, &search);
    each_entry(find_key, &keys);
    if (search.is_found || keys.is_found)
        return true;
    describe_each(offer, nearest);
    return false;
}

struct visiting {
    void (*visit)(void *context, const char *name);
    void *context;
    const char *seen[512];
    int count;
};

static void visit_once(struct visiting *visiting, const char *name)
{
    for (int i = 0; i < visiting->count; i++)
        if (strcmp(visiting->seen[i], name) == 0)
            return;
    if (visiting->count < (int)(sizeof visiting->seen / sizeof visiting->seen[0]))
        visiting->seen[visiting->count++] = name;
    visiting->visit(visiting->context, name);
}

static void visit_entry(void *context, const struct entry *entry)
{
    visit_once(context, entry->name);
    for (int i = 0; entry->attributes[i].name; i++)
        visit_once(context, entry->attributes[i].name);
}

void describe_each(void (*visit)(void *context, const char *name), void *context)
{
    struct visiting visiting = {.visit = visit, .context = context};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        visit_once(&visiting, words[i].name);
    each_entry(visit_entry, &visiting);
}

struct listing {
    struct text *to;
    const char *sort;
};

static void list_entry(void *context, const struct entry *entry)
{
    struct listing *listing = context;
    if (!listing->sort || strcmp(listing->sort, entry->sort) != 0)
        text_format(listing->to, "\n%ss\n",
                    strcmp(entry->sort, "setting of train") == 0 ? "train setting" : entry->sort);
    listing->sort = entry->sort;
    text_format(listing->to, "  %-14s  %s\n", entry->name, entry->summary);
}

void describe_all(struct text *to)
{
    struct listing listing = {to, NULL};
    text_format(to, "netc explain NAME tells more about each, about keys (stride) and error codes "
                    "(E0401).\n\nstatements\n");
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        text_format(to, "  %-14s  %s\n", words[i].name, words[i].summary);
    each_entry(list_entry, &listing);
}
