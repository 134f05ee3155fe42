/* bench_laps.c - where the time of a step went, part by part, for `NAME bench` of a trainer compiled with
 * --time-layers.
 *
 *     layer       part                 mean us  of step    least us  GFLOP/s  of peak
 *     c3          forward              688.75   14.5 %      118.96    258.2   82.4 %
 *
 * GFLOP/s and the share of the FMA peak are those of the step where the part was fastest, which others on the
 * machine disturb least. What has no multiply-adds counted for it has neither. */
#include "run/bench_laps.h"

#include <stdio.h>
#include <string.h>

#include "laps.h"

/* FLOP of a part of a step; 0: none are counted. */
static double lap_flop(const struct model *model, const struct lap *lap)
{
    static const char *const parts[] = {"forward", "backward_weight", "backward_input"};
    for (size_t k = 0; k < sizeof parts / sizeof parts[0]; k++)
        for (int i = 0; strcmp(lap->part, parts[k]) == 0 && i < model->layer_count; i++)
            if (strcmp(model->layers[i].label, lap->layer) == 0)
                return (double)model->layers[i].flop * model->settings.batch;
    return 0;
}

static double sum_of_seconds(void)
{
    double sum = 0;
    for (const struct lap *lap = laps_first(); lap; lap = lap->next)
        sum += lap->seconds;
    return sum;
}

bool bench_has_laps(void)
{
    return &laps_are_taken && laps_first();
}

void bench_print_laps(const struct model *model, double steps, double peak)
{
    const double all = sum_of_seconds();
    int widest = 5;
    for (const struct lap *lap = laps_first(); lap; lap = lap->next)
        widest = (int)strlen(lap->layer) > widest ? (int)strlen(lap->layer) : widest;
    printf("\n%-*s  %-16s     mean us  of step    least us  GFLOP/s  of peak   (first thread, %.0f steps)\n",
           widest, "layer", "part", steps);
    for (const struct lap *lap = laps_first(); lap; lap = lap->next) {
        const double flop = lap_flop(model, lap), rate = flop / lap->least;
        printf("%-*s  %-16s %10.2f  %5.1f %%  %10.2f", widest, lap->layer, lap->part,
               lap->seconds / steps * 1e6, 100 * lap->seconds / all, lap->least * 1e6);
        if (flop > 0)
            printf("  %7.1f  %5.1f %%", rate * 1e-9, 100 * rate / peak);
        printf("\n");
    }
}

json_t *bench_laps_json(const struct model *model, double steps)
{
    json_t *rows = json_array();
    for (const struct lap *lap = laps_first(); lap; lap = lap->next) {
        json_t *row = json_pack("{s:s, s:s, s:f, s:f}", "layer", lap->layer, "part", lap->part, "mean",
                                lap->seconds / steps, "least", lap->least);
        const double flop = lap_flop(model, lap);
        if (flop > 0)
            json_object_set_new(row, "flop", json_real(flop));
        json_array_append_new(rows, row);
    }
    return rows;
}
