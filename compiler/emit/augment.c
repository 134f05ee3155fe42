/* augment.c - how training examples are changed: a constant for each setting that is there, and the table
 * that the training loop hands to the runtime (runtime/augment.h).
 *
 *     augment shift=2 flip=horizontal    ->    #define AUGMENT_SHIFT 2
 *                                              #define AUGMENT_FLIP FLIP_HORIZONTAL
 *                                              static const struct augment augment = {…}; */
#include "emit/emit.h"

#include "layers/catalogue.h"

/* The next setting from number *i on that changes something; NULL behind the last. */
static const struct setting *next_setting(const struct graph *graph, const struct attribute **attribute,
                                          int *i)
{
    const struct attribute *attributes = catalogue_find_training("augment")->attributes;
    for (; attributes[*i].name; ++*i)
        if (setting_is_on(&graph->training.augment[*i])) {
            *attribute = &attributes[*i];
            return &graph->training.augment[(*i)++];
        }
    return NULL;
}

bool emit_has_augment(const struct graph *graph)
{
    const struct attribute *attribute;
    return next_setting(graph, &attribute, &(int){0}) != NULL;
}

void emit_augment_constants(struct writer *writer)
{
    const struct attribute *attribute;
    int i = 0;
    for (const struct setting *setting; (setting = next_setting(writer->graph, &attribute, &i));) {
        const char *name = constant_name(writer, "augment", attribute->name);
        if (attribute->type == ATTRIBUTE_CHOICE)
            writer_line(writer, "#define %s %s", name, constant_name(writer, attribute->name, setting->text));
        else if (attribute->type == ATTRIBUTE_COUNT)
            writer_line(writer, "#define %s %lld", name, (long long)setting->integer[0]);
        else
            writer_line(writer, "#define %s %s", name, writer_number(writer, setting->real));
    }
}

void emit_augment(struct writer *writer)
{
    const struct attribute *attribute;
    int i = 0;
    if (!emit_has_augment(writer->graph))
        return;
    writer_line(writer,
                "/* How each example changes as it is read for training, by seed, epoch and its number */");
    writer_open(writer, "static const struct augment augment =");
    while (next_setting(writer->graph, &attribute, &i))
        writer_line(writer, ".%s = %s,", attribute->name, constant_name(writer, "augment", attribute->name));
    writer->depth--;
    writer_line(writer, "};");
    writer_blank(writer);
}
