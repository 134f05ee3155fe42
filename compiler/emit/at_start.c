/* at_start.c - the table of a trainer that reads its plain settings when it starts: one binary serves all
 * runs of a sweep that differ in rates, penalties, dropout, … alone.
 *
 *     static double RATE;      (in the header, in the place of #define RATE 0.05)
 *     const struct model_plain_setting model_plain_settings[] = {{"RATE", &RATE, NULL}, …};
 *
 * What such a setting governs is computed as with the constant, by the same expressions of the same types. */
#include "emit/emit.h"

void emit_settings_at_start(struct writer *writer)
{
    const struct plain_settings *settings = &writer->settings;
    if (!writer->graph->settings_at_start)
        return;
    writer_open(writer, "const struct model_plain_setting model_plain_settings[] =");
    for (int i = 0; i < settings->count; i++) {
        const struct plain_setting *setting = &settings->list[i];
        if (setting->type == PLAIN_REAL)
            writer_line(writer, "{\"%s\", &%s, NULL},", setting->name, setting->name);
        else if (setting->type == PLAIN_COUNT)
            writer_line(writer, "{\"%s\", NULL, &%s},", setting->name, setting->name);
    }
    writer_line(writer, "{NULL, NULL, NULL},");
    writer->depth--;
    writer_line(writer, "};");
    writer_blank(writer);
}
