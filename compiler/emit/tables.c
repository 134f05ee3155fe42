/* tables.c - the end of the generated file: what the runtime is told about the network (runtime/model.h), in
 * tables with a row per layer and tensor. */
#include "emit/emit.h"

#include <string.h>

#include "layers/catalogue.h"

static const char *value_shape(struct writer *writer, const struct value *value)
{
    if (value->shape.is_vector)
        return writer_format(writer, "{1, 1, %s, true}", value_channels(writer, value));
    return writer_format(writer, "{%s, %s, %s, false}", value_height(writer, value),
                         value_width(writer, value), value_channels(writer, value));
}

const char *emit_layer_description(const struct layer *layer)
{
    if (!layer->statement)
        return layer->kind->name;
    const char *colon = strchr(layer->statement, ':');
    return colon ? colon + 2 : layer->statement;
}

/* "C3_FILTERS, C1_CHANNELS, C3_KERNEL_HEIGHT, C3_KERNEL_WIDTH" */
static const char *tensor_dimensions(struct writer *writer, const struct parameter *parameter)
{
    const struct layer *layer = parameter->layer;
    const struct value *input = layer->input;
    const char *parts[4] = {value_channels(writer, layer->output), "1", "1", "1"};
    if (layer->kind->tensor_shape && parameter == layer->weight)
        return layer->kind->tensor_shape(writer, layer);
    if (parameter->is_grouped)
        parts[1] = layer_constant(writer, layer, "group_channels");
    else if (parameter->rank > 1)
        parts[1] = value_channels(writer, input);
    if (parameter->rank == 4) {
        parts[2] = layer_constant(writer, layer, "kernel_height");
        parts[3] = layer_constant(writer, layer, "kernel_width");
    } else if (parameter->rank == 2 && !input->shape.is_vector) {
        parts[2] = value_height(writer, input);
        parts[3] = value_width(writer, input);
    }
    return writer_format(writer, "%s, %s, %s, %s", parts[0], parts[1], parts[2], parts[3]);
}

/* "C1_AT, C1_SIZE": where the result stands, border included. */
static const char *layer_place(struct writer *writer, const struct value *value)
{
    if (value->view_of)
        return "0, 0";
    return writer_format(writer, "%s, %s", emit_place(writer, value, "at"),
                         value_has_border(value) ? layer_constant(writer, value->layer, "padded_size")
                                                 : value_size(writer, value));
}

static void emit_layers(struct writer *writer)
{
    const struct graph *graph = writer->graph;
    writer_open(writer, "static const struct model_layer layers[] =");
    for (int i = 0; i < graph->layer_count; i++) {
        const struct layer *layer = graph->layers[i];
        writer_line(
            writer, "{\"%s\", \"%s\", %s, %s, %s, %s},", layer->name,
            graph->settings_at_start ? "" : emit_layer_description(layer), value_shape(writer, layer->output),
            layer_parameter_size(layer) ? layer_constant(writer, layer, "parameters") : "0",
            layer->flop ? layer_constant(writer, layer, "flop") : "0", layer_place(writer, layer->output));
    }
    writer->depth--;
    writer_line(writer, "};");
    writer_blank(writer);
}

static void emit_tensor(struct writer *writer, const struct parameter *parameter)
{
    static const char *const inits[] = {[PARAMETER_ZERO] = "INIT_ZERO",
                                        [PARAMETER_ONE] = "INIT_ONE",
                                        [PARAMETER_HE] = "INIT_HE",
                                        [PARAMETER_GLOROT] = "INIT_GLOROT",
                                        [PARAMETER_RUNNING_MEAN] = "INIT_RUNNING_MEAN",
                                        [PARAMETER_RUNNING_VARIANCE] = "INIT_RUNNING_VARIANCE",
                                        [PARAMETER_GIVEN] = "INIT_GIVEN"};
    const struct layer *layer = parameter->layer;
    const char *panel = parameter_has_panels(parameter) ? layer_constant(writer, layer, "panel")
                        : layer->kind->tensor_shape && parameter == layer->weight
                            ? value_channels(writer, layer->input)
                            : value_channels(writer, layer->output);
    writer_line(writer, "{MODEL_TENSOR(%s, %s.%s), %d, %s, %s, %s},", writer->graph->name, layer->name,
                parameter->name, parameter->rank, tensor_dimensions(writer, parameter), panel,
                layer->is_frozen ? writer_format(writer, "%s | TENSOR_FROZEN", inits[parameter->init])
                                 : inits[parameter->init]);
}

static void emit_tensors(struct writer *writer)
{
    const struct graph *graph = writer->graph;
    writer_open(writer, "static const struct model_tensor tensors[] =");
    for (int i = 0; i < graph->layer_count; i++) {
        const struct layer *layer = graph->layers[i];
        for (int j = 0; j < layer->parameter_count; j++)
            emit_tensor(writer, layer->parameters[j]);
    }
    writer->depth--;
    writer_line(writer, "};");
    writer_blank(writer);
}

/* What a run takes from step to step, for its state. */
static void emit_pieces(struct writer *writer)
{
    const struct graph *graph = writer->graph;
    const struct training *training = &graph->training;
    const char *names[16];
    int count = 0;
    names[count++] = "param";
    for (int i = 0; i < training->optimizer->buffers(graph); i++)
        names[count++] = training->optimizer->buffer_names[i];
    names[count++] = "best";
    if (training->ema >= 0 || training->swa >= 0)
        names[count++] = "average";
    names[count++] = "step";
    if (training->schedule->judge)
        names[count++] = "rate_factor";
    writer_open(writer, "static const struct model_piece pieces[] =");
    for (int i = 0; i < count; i++)
        writer_line(writer, "MODEL_PIECE(%s, %s),", graph->name, names[i]);
    writer->depth--;
    writer_line(writer, "};");
    writer_blank(writer);
}

static void emit_predict(struct writer *writer)
{
    const struct graph *graph = writer->graph;
    const struct layer *output = graph->layers[graph->layer_count - 1];
    writer_line(
        writer,
        "static const real *predict(void *memory, const struct examples *split, size_t first, int count)");
    writer_line(writer, "{");
    writer_line(writer, "    struct %s *net = memory;", graph->name);
    writer_line(writer, "    net->is_training = false;");
    writer->depth++;
    emit_team_call(writer, "infer", "batch_of(split, NULL, first, count)");
    writer->depth--;
    writer_line(writer, "    return %s;", value_start(writer, output->output, "0"));
    writer_line(writer, "}");
    writer_blank(writer);
}

bool emit_has_samples(const struct graph *graph)
{
    for (int i = 0; i < graph->layer_count; i++)
        if (graph->layers[i]->kind->may_be_sampled)
            return true;
    return false;
}

static void emit_sample(struct writer *writer)
{
    if (!emit_has_samples(writer->graph))
        return;
    writer_line(writer, "/* The same with dropout on, as the seed has it in sample `number`. */");
    writer_line(writer,
                "static const real *sample(void *memory, const struct examples *split, size_t first, int "
                "count, uint64_t seed, uint64_t number)");
    writer_line(writer, "{");
    writer->depth++;
    writer_line(writer, "struct %s *net = memory;", writer->graph->name);
    writer_line(writer, "net->is_sampling = true;");
    writer_line(writer, "net->seed = seed;");
    writer_line(writer, "net->step = number;");
    writer_line(writer, "const real *prediction = predict(net, split, first, count);");
    writer_line(writer, "net->is_sampling = false;");
    writer_line(writer, "return prediction;");
    writer_function_end(writer);
}

/* One batch as training sees it: its gradients, and a step at any rate. */
static void emit_single_steps(struct writer *writer)
{
    const char *name = writer->graph->name;
    emit_adversary_clean_gradients(writer);
    writer_line(writer, "static double gradient(void *memory, const struct examples *split, size_t first, "
                        "int count, uint64_t step)");
    writer_line(writer, "{");
    writer->depth++;
    writer_line(writer, "struct %s *net = memory;", name);
    writer_line(writer, "const struct batch batch = batch_of(split, NULL, first, count);");
    writer_line(writer, "net->is_training = true;");
    writer_line(writer, "net->step = step;");
    if (writer->graph->training.adversarial)
        emit_team_call(writer, "clean_gradients", "batch");
    else
        emit_team_call(writer, "compute_gradients",
                       graph_moves_at_once(writer->graph) ? "batch, NULL" : "batch");
    writer_line(writer, "return score_sum(net->loss, batch.count) / batch.count;");
    writer_function_end(writer);
    writer_line(writer, "static double step(void *memory, struct batch batch, uint64_t number, double rate)");
    writer_line(writer, "{");
    writer_line(writer, "    struct %s *net = memory;", name);
    writer_line(writer, "    net->is_training = true;");
    writer_line(writer, "    net->step = number;");
    writer_line(writer, "    return train_step(net, batch, rate) / batch.count;");
    writer_line(writer, "}");
    writer_blank(writer);
}

static void member(struct writer *writer, const char *name, const char *value)
{
    writer_line(writer, ".%s = %s,", name, value);
}

/* One that is a plain setting; read at start, it is no constant that could stand here. */
static void setting_member(struct writer *writer, const char *name, const char *constant)
{
    if (!writer->graph->settings_at_start)
        member(writer, name, constant);
}

static const char *penalty_description(const struct training *training)
{
    if (training->l1 > 0)
        return training->l2 > 0 ? "\"l1=\" TEXT_OF(LAMBDA_L1) \" l2=\" TEXT_OF(LAMBDA_L2)"
                                : "\"l1=\" TEXT_OF(LAMBDA_L1)";
    return training->l2 > 0 ? "\"l2=\" TEXT_OF(LAMBDA_L2)" : "\"\"";
}

/* Descriptions, "\"sgd rate=\" TEXT_OF(RATE)", have their values from the constants alone. */
static void emit_settings(struct writer *writer)
{
    static const char *const validations[] = {[VALIDATION_NONE] = "VALIDATE_NONE",
                                              [VALIDATION_SHARE] = "VALIDATE_SHARE",
                                              [VALIDATION_COUNT] = "VALIDATE_COUNT",
                                              [VALIDATION_SPLIT] = "VALIDATE_SPLIT"};
    const struct training *training = &writer->graph->training;
    writer_open(writer, ".settings =");
    member(writer, "batch", "BATCH");
    setting_member(writer, "epochs", "EPOCHS");
    setting_member(writer, "seed", "SEED");
    if (training->validate != VALIDATION_NONE)
        member(writer, "validate", validations[training->validate]);
    if (training->validate == VALIDATION_SHARE)
        setting_member(writer, "validate_share", "VALIDATION_SHARE");
    if (training->validate == VALIDATION_COUNT)
        setting_member(writer, "validate_count", "VALIDATION_COUNT");
    if (training->validate == VALIDATION_SPLIT)
        member(writer, "validate_split", writer_format(writer, "\"%s\"", training->validate_split));
    if (training->patience)
        setting_member(writer, "patience", "PATIENCE");
    if (training->min_delta > 0)
        setting_member(writer, "min_delta", "MIN_DELTA");
    if (training->monitor_accuracy)
        member(writer, "monitor", "MONITOR_ACCURACY");
    member(writer, "optimizer", training->optimizer->description(writer, writer->graph));
    member(writer, "schedule", training->schedule->description(writer, writer->graph));
    if (training->balance != BALANCE_NOTHING)
        member(writer, "balance",
               training->balance == BALANCE_BY_CLASS ? "BALANCE_CLASSES" : "BALANCE_GROUPS");
    if (emit_has_augment(writer->graph))
        member(writer, "augment", "&augment");
    member(writer, "penalty", penalty_description(training));
    if (training->clip_norm > 0 || training->clip_value > 0)
        member(writer, "clip",
               training->clip_norm > 0 ? "\"norm=\" TEXT_OF(CLIP_NORM)" : "\"value=\" TEXT_OF(CLIP_VALUE)");
    if (training->ema >= 0 || training->swa >= 0)
        member(writer, "average",
               training->ema >= 0 ? "\"ema=\" TEXT_OF(AVERAGE_EMA)" : "\"swa=\" TEXT_OF(AVERAGE_SWA)");
    if (training->adversarial)
        member(writer, "adversarial", emit_adversary_description(writer));
    if (training->data)
        member(writer, "data", writer_string(writer, training->data));
    writer->depth--;
    writer_line(writer, "},");
}

static void emit_model(struct writer *writer)
{
    const struct graph *graph = writer->graph;
    const struct layer *output = graph->layers[graph->layer_count - 1];
    const char *name = graph->name;
    writer_open(writer, "const struct model %s_model =", name);
    writer_line(writer, "MODEL_OF(%s),", name);
    member(writer, "march", writer_format(writer, "\"%s\"", graph->target->march));
    member(writer, "input", value_shape(writer, graph->layers[0]->output));
    member(writer, "output", output->likelihood->constant);
    if (output->target_is_input)
        member(writer, "target_is_input", "true");
    member(writer, "target_size", emit_target_size(writer));
    if (output->is_per_position) {
        member(writer, "target_height", "OUTPUT_HEIGHT");
        member(writer, "target_width", "OUTPUT_WIDTH");
    }
    member(writer, "output_size", value_size(writer, output->output));
    if (output->likelihood->fixed_sigma && output->likelihood->fixed_sigma(output))
        member(writer, "sigma", "OUTPUT_SIGMA");
    emit_settings(writer);
    if (graph->form == NODE_TILED)
        member(writer, "threads_most", "THREADS_MOST");
    if (emit_has_samples(graph))
        member(writer, "sample", "sample");
    if (graph->wants_looks) {
        member(writer, "probe", "probe");
        member(writer, "probe_memory",
               writer_format(writer, "sizeof(struct %s) + PROBE_ARENA_SIZE * sizeof(real)", name));
    }
    writer->depth--;
    writer_line(writer, "};");
    writer_blank(writer);
    writer_line(writer, "#ifndef NETC_NO_MAIN");
    writer_line(writer, "int main(int argc, char **argv)");
    writer_line(writer, "{");
    writer_line(writer, "    return trainer_main(&%s_model, argc, argv);", name);
    writer_line(writer, "}");
    writer_line(writer, "#endif");
}

void emit_tables(struct writer *writer)
{
    emit_numerics_mark(writer);
    emit_laps_mark(writer);
    emit_layers(writer);
    emit_tensors(writer);
    emit_pieces(writer);
    emit_predict(writer);
    emit_sample(writer);
    emit_single_steps(writer);
    emit_probe(writer);
    emit_model(writer);
}
