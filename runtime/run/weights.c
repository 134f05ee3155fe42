/* weights.c - allocation, initialisation and walks over the tensors of a network. */
#include "run/weights.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "problem.h"
#include "random.h"

enum { CACHE_LINE = 64, HUGE_PAGE = 2 << 20, LARGE = 8 * HUGE_PAGE };

/* Large networks ask for huge pages: a step walks through all of its memory, and small pages cost it a look
 * into the page table every 4 KiB. It is advice: where the system gives none, nothing else changes. */
static void *allocate(size_t size)
{
    void *block;
    if (posix_memalign(&block, size < LARGE ? CACHE_LINE : HUGE_PAGE, size) != 0)
        return NULL;
    if (size >= LARGE)
        (void)madvise(block, size / HUGE_PAGE * HUGE_PAGE, MADV_HUGEPAGE);
    return block;
}

static void *create(const struct model *model, size_t memory, uint64_t seed, struct problem *problem)
{
    size_t size = (memory + 63) / 64 * 64;
    void *net = allocate(size);
    if (!net) {
        problem_at(problem, model->name, 0, 0, "there is no memory for the %zu bytes that the network needs",
                   size);
        return NULL;
    }
    memset(net, 0, size);
    model->create(net, seed);
    return net;
}

void *weights_allocate(const struct model *model, uint64_t seed, struct problem *problem)
{
    return create(model, model->memory, seed, problem);
}

void *weights_allocate_probed(const struct model *model, uint64_t seed, struct problem *problem)
{
    return create(model, model->probe ? model->probe_memory : model->memory, seed, problem);
}

size_t weights_count(const struct model_tensor *tensor)
{
    return (size_t)tensor->filters * (size_t)tensor->channels * (size_t)tensor->height *
           (size_t)tensor->width;
}

void weights_for_each(const struct model_tensor *tensor, real *parameters, weights_visit visit, void *context)
{
    size_t element = 0;
    for (int f = 0; f < tensor->filters; f++)
        for (int c = 0; c < tensor->channels; c++)
            for (int y = 0; y < tensor->height; y++)
                for (int x = 0; x < tensor->width; x++)
                    visit(context, element++,
                          parameters + tensor->offset + model_tensor_at(tensor, f, c, y, x));
}

struct drawing {
    uint64_t seed, stream;
    double middle, bound;
};

static void draw_weight(void *context, size_t element, real *weight)
{
    const struct drawing *drawing = context;
    double uniform = random_uniform(drawing->seed, drawing->stream, 0, (uint32_t)element);
    *weight = (real)(drawing->middle + (2 * uniform - 1) * drawing->bound);
}

void weights_initialise(const struct model *model, void *net, uint64_t seed)
{
    for (int i = 0; i < model->tensor_count; i++) {
        const struct model_tensor *tensor = &model->tensors[i];
        double area = (double)tensor->height * tensor->width;
        double fan_in = area * tensor->channels,
               fan_out = tensor->rank == 4 ? area * tensor->filters : tensor->filters;
        unsigned init = (unsigned)tensor->init & ~(unsigned)TENSOR_FROZEN;
        bool is_one = init == INIT_ONE || init == INIT_RUNNING_VARIANCE;
        if (init == INIT_GIVEN)
            continue;
        struct drawing drawing = {seed, random_stream(tensor->name), is_one, 0};
        if (init == INIT_HE)
            drawing.bound = sqrt(6 / fan_in);
        else if (init == INIT_GLOROT)
            drawing.bound = sqrt(6 / (fan_in + fan_out));
        weights_for_each(tensor, model_parameters(model, net), draw_weight, &drawing);
    }
}

static void count_zero(void *context, size_t element, real *weight)
{
    (void)element;
    *(size_t *)context += *weight == 0;
}

size_t weights_count_zeros(const struct model_tensor *tensor, const real *parameters)
{
    size_t zeros = 0;
    weights_for_each(tensor, (real *)parameters, count_zero, &zeros);
    return zeros;
}

const struct model_tensor *weights_find_not_finite(const struct model *model, void *net)
{
    const real *parameters = model_parameters(model, net);
    for (int i = 0; i < model->tensor_count; i++)
        for (size_t j = 0; j < model->tensors[i].size; j++)
            if (!isfinite(parameters[model->tensors[i].offset + j]))
                return &model->tensors[i];
    return NULL;
}
