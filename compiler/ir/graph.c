/* graph.c - building and changing a graph: layers, values and nodes are appended, their order is the order of
 * use. */
#include "ir/graph.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

struct graph *graph_create(struct arena *arena, const char *name)
{
    struct graph *graph = ARENA_NEW(arena, struct graph);
    graph->arena = arena;
    graph->name = name;
    return graph;
}

struct layer *graph_add_layer(struct graph *graph, const struct layer_kind *kind, const char *name)
{
    struct layer *layer = ARENA_NEW(graph->arena, struct layer);
    layer->kind = kind;
    layer->name = name;
    ARENA_GROW(graph->arena, graph->layers, graph->layer_count);
    graph->layers[graph->layer_count++] = layer;
    return layer;
}

/* The last element to place `to`, what stands there and behind it one further. */
static void move_last(void **list, int count, int to)
{
    void *last = list[count - 1];
    memmove(list + to + 1, list + to, (size_t)(count - 1 - to) * sizeof *list);
    list[to] = last;
}

/* The last node in front of the first one of a layer. */
static void move_last_node(struct graph *graph, const struct layer *layer)
{
    for (int i = 0; i < graph->node_count; i++)
        if (graph->nodes[i]->layer == layer) {
            move_last((void **)graph->nodes, graph->node_count, i);
            return;
        }
}

void graph_move_before(struct graph *graph, const struct layer *layer)
{
    for (int i = 0; i < graph->layer_count; i++)
        if (graph->layers[i] == layer) {
            move_last((void **)graph->layers, graph->layer_count, i);
            break;
        }
    move_last_node(graph, layer);
}

struct parameter *layer_add_parameter(struct graph *graph, struct layer *layer)
{
    struct parameter *parameter = ARENA_NEW(graph->arena, struct parameter);
    parameter->layer = layer;
    ARENA_GROW(graph->arena, layer->parameters, layer->parameter_count);
    layer->parameters[layer->parameter_count++] = parameter;
    return parameter;
}

bool parameter_is_learned(const struct parameter *parameter)
{
    return !parameter->layer->is_frozen && parameter->init != PARAMETER_RUNNING_MEAN &&
           parameter->init != PARAMETER_RUNNING_VARIANCE;
}

bool parameter_is_updated(const struct parameter *parameter)
{
    return parameter_is_learned(parameter) && !parameter->moves_at_once;
}

int64_t layer_parameter_size(const struct layer *layer)
{
    int64_t size = 0;
    for (int i = 0; i < layer->parameter_count; i++)
        if (parameter_is_learned(layer->parameters[i]))
            size += parameter_size(layer->parameters[i]);
    return size;
}

int64_t layer_frozen_size(const struct layer *layer)
{
    int64_t size = 0;
    for (int i = 0; layer->is_frozen && i < layer->parameter_count; i++)
        size += parameter_size(layer->parameters[i]);
    return size;
}

int64_t layer_running_size(const struct layer *layer)
{
    int64_t size = 0;
    for (int i = 0; i < layer->parameter_count; i++)
        if (layer->parameters[i]->init == PARAMETER_RUNNING_MEAN ||
            layer->parameters[i]->init == PARAMETER_RUNNING_VARIANCE)
            size += parameter_size(layer->parameters[i]);
    return size;
}

struct value *graph_add_value(struct graph *graph, enum value_kind kind, struct layer *layer,
                              struct shape shape)
{
    struct value *value = ARENA_NEW(graph->arena, struct value);
    value->kind = kind;
    value->name = layer->name;
    value->layer = layer;
    value->shape = shape;
    ARENA_GROW(graph->arena, graph->values, graph->value_count);
    graph->values[graph->value_count++] = value;
    return value;
}

struct node *graph_add_node(struct graph *graph, const struct operation *operation, struct layer *layer)
{
    struct node *node = ARENA_NEW(graph->arena, struct node);
    node->arena = graph->arena;
    node->operation = operation;
    node->phase = operation->phase;
    node->layer = layer;
    ARENA_GROW(graph->arena, graph->nodes, graph->node_count);
    graph->nodes[graph->node_count++] = node;
    return node;
}

enum split node_split(const struct graph *graph, const struct node *node)
{
    if (graph->form == NODE_PLAIN)
        return SPLIT_NONE;
    return node->operation->split_of ? node->operation->split_of(node->layer) : node->operation->split;
}

struct node *graph_add_first_node(struct graph *graph, const struct operation *operation, struct layer *layer)
{
    struct node *node = graph_add_node(graph, operation, layer);
    move_last_node(graph, layer);
    return node;
}

void node_reads(struct node *node, struct value *value)
{
    if (!value)
        return;
    ARENA_GROW(node->arena, node->reads, node->read_count);
    node->reads[node->read_count++] = value;
}

void node_writes(struct node *node, struct value *value)
{
    if (!value)
        return;
    ARENA_GROW(node->arena, node->writes, node->write_count);
    node->writes[node->write_count++] = value;
}

struct node *graph_find_node(const struct graph *graph, const struct layer *layer,
                             const struct operation *operation)
{
    for (int i = 0; i < graph->node_count; i++)
        if (graph->nodes[i]->layer == layer && graph->nodes[i]->operation == operation)
            return graph->nodes[i];
    return NULL;
}

int64_t graph_groups(const struct graph *graph)
{
    enum { MOST = 16 };
    return graph->training.batch < MOST ? graph->training.batch : MOST;
}

bool graph_has_phase(const struct graph *graph, enum node_phase phase)
{
    for (int i = 0; i < graph->node_count; i++)
        if (graph->nodes[i]->phase == phase)
            return true;
    return false;
}

bool graph_moves_at_once(const struct graph *graph)
{
    for (int i = 0; i < graph->layer_count; i++)
        if (graph->layers[i]->weight && graph->layers[i]->weight->moves_at_once)
            return true;
    return false;
}

bool phase_is_of_probe(enum node_phase phase)
{
    return phase == PHASE_PROBE_FORWARD || phase == PHASE_PROBE_BACKWARD;
}

int64_t shape_size(struct shape shape)
{
    return shape.height * shape.width * shape.channels;
}

bool shape_equal(struct shape left, struct shape right)
{
    return left.height == right.height && left.width == right.width && left.channels == right.channels &&
           left.is_vector == right.is_vector;
}

void shape_print(struct text *to, struct shape shape)
{
    if (shape.is_vector)
        text_format(to, "%lld", (long long)shape.channels);
    else
        text_format(to, "%lldx%lldx%lld", (long long)shape.height, (long long)shape.width,
                    (long long)shape.channels);
}

bool value_has_border(const struct value *value)
{
    return value->border.top || value->border.left || value->border.bottom || value->border.right;
}

bool border_equal(const struct border *left, const struct border *right)
{
    return left->top == right->top && left->left == right->left && left->bottom == right->bottom &&
           left->right == right->right;
}

static void widen(int64_t *side, const struct layer **owner, int64_t pad, const struct layer *layer)
{
    if (pad <= *side)
        return;
    *side = pad;
    *owner = layer;
}

void value_widen_border(struct value *value, const struct layer *layer, struct border pad)
{
    widen(&value->border.top, &value->border_of[0], pad.top, layer);
    widen(&value->border.left, &value->border_of[1], pad.left, layer);
    widen(&value->border.bottom, &value->border_of[2], pad.bottom, layer);
    widen(&value->border.right, &value->border_of[3], pad.right, layer);
}

int64_t value_example_size(const struct value *value)
{
    const struct border *border = &value->border;
    return (border->top + value->shape.height + border->bottom) *
           (border->left + value->shape.width + border->right) * value->shape.channels;
}

int64_t parameter_size(const struct parameter *parameter)
{
    return parameter->filters * parameter->channels * parameter->height * parameter->width;
}

bool parameter_has_panels(const struct parameter *parameter)
{
    return parameter->layer->tiling[TILING_FORWARD].panels && !parameter->has_no_panels;
}

int64_t parameter_memory(const struct graph *graph, const struct parameter *parameter)
{
    const struct tiling *tiling = &parameter->layer->tiling[TILING_FORWARD];
    if (graph->form == NODE_PLAIN || !parameter_has_panels(parameter))
        return parameter_size(parameter);
    return parameter_size(parameter) / parameter->filters * tiling->panels * tiling->panel;
}
