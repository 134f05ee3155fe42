/* insight.c - one run of the model's probe, whose looks put the inputs in, set the seeds of the gradients and
 * take along what is asked for. */
#include "look/insight.h"

#include <stdlib.h>

#include "data/pool.h"
#include "dataset.h"
#include "probe.h"
#include "problem.h"
#include "run/weights.h"

/* One call of insight_ask. */
struct asking {
    struct insight *insight;
    const struct map *inputs;
    const struct unit *units; /* NULL: no gradients */
};

bool insight_open(struct insight *insight, const struct model *model, void *net, struct problem *problem)
{
    *insight = (struct insight){.model = model, .net = net, .batch = model->settings.batch};
    if (!model->probe) {
        problem_at(problem, model->name, 0, 0, "this trainer cannot look into its network");
        problem_help(problem, "build it with netc build, or give netc emit --probe");
        return false;
    }
    const size_t batch = (size_t)insight->batch, layers = (size_t)model->layer_count;
    const struct model_shape *input = &model->input;
    insight->carrier = dataset_from_seed(model, batch, 1);
    insight->score = memory_resize(NULL, batch, sizeof *insight->score);
    insight->dinput = memory_resize(NULL, batch, sizeof *insight->dinput);
    insight->value = memory_resize(NULL, layers, sizeof *insight->value);
    insight->gradient = memory_resize(NULL, layers, sizeof *insight->gradient);
    for (size_t n = 0; n < batch; n++)
        map_create(&insight->dinput[n], input->height, input->width, input->channels);
    for (size_t i = 0; i < layers; i++) {
        const struct model_shape *shape = &model->layers[i].shape;
        map_create(&insight->value[i], shape->height, shape->width, shape->channels);
        map_create(&insight->gradient[i], shape->height, shape->width, shape->channels);
    }
    return true;
}

void insight_close(struct insight *insight)
{
    for (int n = 0; insight->dinput && n < insight->batch; n++)
        map_release(&insight->dinput[n]);
    for (int i = 0; insight->value && i < insight->model->layer_count; i++) {
        map_release(&insight->value[i]);
        map_release(&insight->gradient[i]);
    }
    free(insight->score);
    free(insight->dinput);
    free(insight->value);
    free(insight->gradient);
    dataset_close(insight->carrier);
    *insight = (struct insight){0};
}

static void take(struct map *to, struct probe_view view)
{
    for (int i = 0; i < probe_view_size(view); i++)
        to->values[i] = (double)*probe_number(view, i);
}

/* A layer's channels stand side by side; its channel `channel` at place i. */
static int number_of(const struct map *map, int place, int channel)
{
    return place * map->channels + channel;
}

static void look_at_value(void *context, int layer, int n, struct probe_view view)
{
    const struct asking *asking = context;
    struct insight *insight = asking->insight;
    const struct map *map = &insight->value[layer];
    const int places = map->height * map->width;
    for (int i = 0; layer == 0 && i < probe_view_size(view); i++)
        *probe_number(view, i) = (real)asking->inputs[n].values[i];
    if (asking->units && layer == asking->units[n].layer) {
        double sum = 0;
        for (int place = 0; place < places; place++)
            sum += (double)*probe_number(view, number_of(map, place, asking->units[n].channel));
        insight->score[n] = sum / places;
    }
    if (n == 0)
        take(&insight->value[layer], view);
}

static void look_at_gradient(void *context, int layer, int n, struct probe_view view)
{
    const struct asking *asking = context;
    struct insight *insight = asking->insight;
    const struct map *map = &insight->value[layer];
    const int places = map->height * map->width;
    for (int place = 0; layer == asking->units[n].layer && place < places; place++)
        *probe_number(view, number_of(map, place, asking->units[n].channel)) += (real)1 / (real)places;
    if (layer == 0)
        take(&insight->dinput[n], view);
    if (n == 0)
        take(&insight->gradient[layer], view);
}

void insight_ask(struct insight *insight, const struct map *inputs, const struct unit *units, int count)
{
    struct asking asking = {insight, inputs, units};
    const struct probe probe = {.unit = PROBE_NOTHING,
                                .context = &asking,
                                .value = look_at_value,
                                .gradient = units ? look_at_gradient : NULL};
    insight->model->probe(insight->net, dataset_train(insight->carrier), 0, count, &probe);
}
