/* training.c - the training loop of the generated file, which reads as the algorithm: epochs, batches,
 * forward, backward, update, validation, patience, and the best weights put back at the end. */
#include "emit/emit.h"
#include "layers/catalogue.h"

static const struct layer *output_of(const struct writer *writer)
{
    return writer->graph->layers[writer->graph->layer_count - 1];
}

static bool is_shared(const struct writer *writer)
{
    return writer->graph->form == NODE_TILED;
}

/* The input is the target, number by number. */
static void emit_own_target(struct writer *writer, const struct value *input)
{
    const char *element;
    if (input->shape.is_vector) {
        writer_line(writer, "memcpy(net->target[n], %s, sizeof(net->target[n]));",
                    value_start(writer, input, "n"));
        return;
    }
    writer_line(writer, "real *target = net->target[n];");
    int loops = writer_elements(writer, &input, 1, &element);
    writer_line(writer, "*target++ = %s;", element);
    writer_end(writer, loops);
}

static void emit_load(struct writer *writer)
{
    const struct value *input = writer->graph->layers[0]->output;
    bool is_vector = input->shape.is_vector;
    const char *place = value_start(writer, input, "n");
    writer_line(writer, "/* Some examples of the batch, from the data into the network */");
    writer_line(writer, "static void load(struct %s *net, struct batch batch, struct range examples)",
                writer->graph->name);
    writer_line(writer, "{");
    writer->depth++;
    writer_open(writer, "for (int n = examples.first; n < examples.end; n++)");
    writer_line(writer, "const size_t i = batch_example(&batch, n);");
    if (is_vector)
        writer_line(writer, "examples_read_input(batch.examples, i, %s, 1, INPUT_UNITS, INPUT_UNITS);",
                    place);
    else
        writer_line(
            writer,
            "examples_read_input(batch.examples, i, %s, INPUT_HEIGHT, INPUT_WIDTH * INPUT_CHANNELS, %s * "
            "INPUT_CHANNELS);",
            place, value_has_border(input) ? "INPUT_COLUMNS" : "INPUT_WIDTH");
    const struct layer *output = output_of(writer);
    if (output->likelihood->is_class && output->is_per_position)
        writer_line(writer, "examples_read_classes(batch.examples, i, net->target[n][0], OUTPUT_POSITIONS);");
    else if (output->likelihood->is_class)
        writer_line(writer, "net->target[n] = examples_read_class(batch.examples, i);");
    else if (output->target_is_input)
        emit_own_target(writer, input);
    else
        writer_line(writer, "examples_read_target(batch.examples, i, net->target[n], %s);",
                    emit_target_size(writer));
    writer_close(writer);
    writer_function_end(writer);
}

static void emit_evaluate(struct writer *writer)
{
    const char *name = writer->graph->name;
    writer_line(writer,
                "static void evaluate(void *memory, const struct examples *examples, struct score *score)");
    writer_line(writer, "{");
    writer->depth++;
    writer_line(writer, "struct %s *net = memory;", name);
    writer_line(writer, "net->is_training = false;");
    writer_open(writer, "for (size_t first = 0; first < examples->count; first += BATCH)");
    writer_line(writer, "const struct batch batch = batch_of(examples, NULL, first, BATCH);");
    emit_team_call(writer, "infer", "batch");
    writer_line(writer, is_shared(writer) ? "output_loss(net, range_of_all((size_t)batch.count));"
                                          : "output_loss(net, batch.count);");
    output_of(writer)->likelihood->score(writer, output_of(writer), "score",
                                         "score_sum(net->loss, batch.count)");
    writer_close(writer);
    writer_function_end(writer);
}

void emit_team_function(struct writer *writer, const char *name, const char *arguments)
{
    writer_line(writer, "static void %s(struct %s *net, %s%s)", name, writer->graph->name, arguments,
                is_shared(writer) ? ", struct team team" : "");
    writer_line(writer, "{");
    writer->depth++;
}

void emit_team_call(struct writer *writer, const char *function, const char *arguments)
{
    writer_line(writer, is_shared(writer) ? "TEAM_RUN(THREADS_MOST, %s, net, %s);" : "%s(net, %s);", function,
                arguments);
}

static void emit_infer(struct writer *writer)
{
    writer_line(writer, "/* The forward pass alone%s */", is_shared(writer) ? ", as one of a team" : "");
    emit_team_function(writer, "infer", "struct batch batch");
    if (is_shared(writer)) {
        writer_line(writer, "load(net, batch, team_examples(team, GROUPS, batch.count));");
        writer_line(writer, "forward(net, batch.count, team);");
    } else {
        writer_line(writer, "load(net, batch, range_of_all((size_t)batch.count));");
        emit_lap(writer, "", "load");
        writer_line(writer, "forward(net, batch.count);");
    }
    writer_function_end(writer);
}

static void emit_average_step(struct writer *writer)
{
    if (writer->graph->training.ema < 0)
        return;
    if (is_shared(writer))
        writer_line(writer, "team_wait(team);");
    writer_line(writer, "average(net, net->step == 0 ? 1 : 1 - AVERAGE_EMA%s);",
                is_shared(writer) ? ", team" : "");
}

static void emit_gradients(struct writer *writer)
{
    const bool shared = is_shared(writer), moves = graph_moves_at_once(writer->graph);
    writer_line(writer,
                "/* The gradients of a batch%s%s, and the sum of its losses. Where that is not finite, "
                "there are none. */",
                writer->graph->training.adversarial ? " that is loaded" : "",
                shared ? ", as one of a team" : "");
    writer_line(writer, "static double compute_gradients(struct %s *net, struct batch batch%s%s)",
                writer->graph->name, moves ? ", const double *rate" : "", shared ? ", struct team team" : "");
    writer_line(writer, "{");
    writer->depth++;
    if (shared) {
        writer_line(writer, "const struct range examples = team_examples(team, GROUPS, batch.count);");
        emit_lap_start(writer);
        if (!writer->graph->training.adversarial) {
            writer_line(writer, "load(net, batch, examples);");
            emit_lap(writer, "", "load");
        }
        if (emit_has_prepare(writer->graph))
            writer_line(writer, "prepare(net, team);");
        writer_line(writer, "forward(net, batch.count, team);");
        writer_line(writer, "output_loss(net, examples);");
        emit_lap(writer, "output", "loss");
        writer_line(writer, "team_wait(team);");
        emit_lap(writer, "", "wait");
    } else {
        emit_lap_start(writer);
        writer_line(writer, writer->graph->training.adversarial ? "forward(net, batch.count);"
                                                                : "infer(net, batch);");
        writer_line(writer, "output_loss(net, batch.count);");
        emit_lap(writer, "output", "loss");
    }
    writer_line(writer, "const double loss = score_sum(net->loss, batch.count);");
    writer_under(writer, "if (isfinite(loss))");
    writer_line(writer, "backward(net, batch.count%s%s);", moves ? ", rate" : "", shared ? ", team" : "");
    writer_end(writer, 1);
    writer_line(writer, "return loss;");
    writer_function_end(writer);
}

/* What follows the gradients, whose sum of losses is called `loss`. */
static void emit_update(struct writer *writer, const char *loss, const char *arguments)
{
    const bool has_average = writer->graph->training.ema >= 0;
    writer_under(writer, "if (isfinite(%s))", loss);
    if (has_average)
        writer_brace(writer);
    writer_line(writer, "update(net, rate%s);", arguments);
    emit_average_step(writer);
    if (has_average)
        writer_close(writer);
    else
        writer_end(writer, 1);
}

static void emit_team_step(struct writer *writer)
{
    writer_line(writer, "/* A step as one of a team; where the loss is not finite, nothing moves. */");
    emit_team_function(writer, "step_together", "struct batch batch, double rate, double *loss");
    writer_line(writer, "const double sum = compute_gradients(net, batch%s, team);",
                graph_moves_at_once(writer->graph) ? ", &rate" : "");
    writer_line(writer, "team_wait(team);");
    emit_lap(writer, "", "wait");
    emit_update(writer, "sum", ", team");
    writer_under(writer, "if (team.thread == 0)");
    writer_line(writer, "*loss = sum;");
    writer_end(writer, 1);
    writer_function_end(writer);
}

static void emit_plain_step(struct writer *writer)
{
    writer_line(writer, "const double loss = compute_gradients(net, batch);");
    emit_update(writer, "loss", "");
}

static void emit_step(struct writer *writer)
{
    if (is_shared(writer))
        emit_team_step(writer);
    writer_line(
        writer,
        "/* One step%s: the loss of the batch before it. Where that is not finite, nothing has moved. */",
        is_shared(writer) ? ", by all threads together" : "");
    writer_line(writer, "static double train_step(struct %s *net, struct batch batch, double rate)",
                writer->graph->name);
    writer_line(writer, "{");
    writer->depth++;
    if (writer->graph->training.adversarial)
        writer_line(writer, "perturb(net, batch);");
    if (is_shared(writer)) {
        writer_line(writer, "double loss = 0;");
        emit_team_call(writer, "step_together", "batch, rate, &loss");
    } else {
        emit_plain_step(writer);
    }
    writer_line(writer, "return loss;");
    writer_function_end(writer);
}

/* for each batch: forward, loss, backward, update */
static void emit_epoch(struct writer *writer)
{
    bool has_augment = emit_has_augment(writer->graph);
    writer_line(writer, "/* One pass over the training split in its new order. False when the loss or the "
                        "weights are no longer finite. */");
    writer_line(writer,
                "static bool train_epoch(struct %s *net, struct training *run, struct training_epoch *row)",
                writer->graph->name);
    writer_line(writer, "{");
    writer->depth++;
    writer_line(writer, "const uint64_t steps_per_epoch = (run->train->count + BATCH - 1) / BATCH;");
    if (has_augment)
        writer_line(writer,
                    "const struct examples augmented = augment_examples(run->train, &augment, run->seed, "
                    "row->epoch);");
    writer_line(writer, "net->is_training = true;");
    writer_open(writer, "for (size_t first = run->at.first; first < run->train->count; first += BATCH)");
    writer_line(writer, "const struct batch batch = batch_of(%s, run->order, first, BATCH);",
                has_augment ? "&augmented" : "run->train");
    writer_line(writer, "row->rate = %slearning_rate(net->step, steps_per_epoch, run->epochs);",
                writer->graph->training.schedule->judge ? "net->rate_factor * " : "");
    writer_line(writer, "const double loss = train_step(net, batch, row->rate);");
    writer_open(writer, writer->graph->checks_numerics ? "if (!isfinite(loss) || numerics_finding())"
                                                       : "if (!isfinite(loss))");
    writer_line(writer, "training_diverged(run, net, row->epoch, net->step + 1, batch.count);");
    writer_line(writer, "return false;");
    writer_close(writer);
    output_of(writer)->likelihood->score(writer, output_of(writer), "&row->train", "loss");
    writer_line(writer, "net->step++;");
    writer_open(writer, "if (!training_step_done(run, row->epoch, loss, batch.count))");
    writer_line(writer, "run->end = TRAINING_INTERRUPTED;");
    writer_line(writer, "break;");
    writer_close(writer);
    writer_close(writer);
    writer_line(writer, "return training_weights_hold(run, net, row->epoch, net->step);");
    writer_function_end(writer);
}

static bool has_validation(const struct writer *writer)
{
    return writer->graph->training.validate != VALIDATION_NONE;
}

/* What an epoch is judged by, and whether its weights are kept. */
static void emit_judgement(struct writer *writer)
{
    const struct training *training = &writer->graph->training;
    if (!has_validation(writer)) {
        writer_line(writer, "row->is_best = true; /* nothing to judge by: the last weights are kept */");
        return;
    }
    writer_line(writer, "evaluate(net, run->validation, &row->validation);");
    writer_line(writer, "const double figure = %s(&row->validation);",
                training->monitor_accuracy ? "-score_accuracy" : "score_loss");
    writer_line(writer, "row->is_best = figure < run->at.least%s;",
                training->min_delta > 0 ? " - MIN_DELTA" : "");
    if (training->schedule->judge)
        training->schedule->judge(writer, writer->graph);
}

static void emit_keep(struct writer *writer)
{
    const struct training *training = &writer->graph->training;
    writer_open(writer, "if (row->is_best)");
    if (has_validation(writer))
        writer_line(writer, "run->at.least = figure;");
    writer_line(writer, "net->best = net->param;");
    writer_line(writer, "run->at.best_epoch = epoch;");
    writer_line(writer, "run->at.best = *row;");
    writer_close(writer);
    writer_line(writer, "training_epoch_done(run, row);");
    writer_under(writer, "if (run->end == TRAINING_INTERRUPTED)");
    writer_line(writer, "break;");
    writer_end(writer, 1);
    writer_line(writer, "run->at.epochs_done = epoch;");
    if (training->limit_seconds > 0) {
        writer_open(writer, "if (training_seconds(run) >= LIMIT_SECONDS)");
        writer_line(writer, "run->end = TRAINING_TIME;");
        writer_line(writer, "break;");
        writer_close(writer);
    }
    if (!training->patience)
        return;
    writer_open(writer, "if (epoch - run->at.best_epoch >= PATIENCE)");
    writer_line(writer, "run->end = TRAINING_PATIENCE;");
    writer_line(writer, "break;");
    writer_close(writer);
}

/* The average takes the weights' place while it is judged, and may be kept. */
static void emit_average_epoch(struct writer *writer)
{
    const struct training *training = &writer->graph->training;
    if (training->swa >= 0) {
        writer_under(writer, "if (epoch > AVERAGE_SWA * run->epochs)");
        writer_line(writer, "average(net, 1 / (double)++run->at.averaged%s);",
                    is_shared(writer) ? ", TEAM_ALONE" : "");
        writer_end(writer, 1);
        writer_under(writer, "else");
        writer_line(writer, "net->average = net->param;");
        writer_end(writer, 1);
    }
    if (training->ema >= 0 || training->swa >= 0)
        writer_line(writer, "swap_average(net);");
}

static void emit_train(struct writer *writer)
{
    writer_line(writer, "/* Ends with the best weights in place, however it ends. */");
    writer_line(writer, "static void train(void *memory, struct training *run)");
    writer_line(writer, "{");
    writer->depth++;
    writer_line(writer, "struct %s *net = memory;", writer->graph->name);
    const struct training *training = &writer->graph->training;
    const bool has_average = training->ema >= 0 || training->swa >= 0;
    const bool has_several = training->schedule->judge || has_average;
    writer_under(writer, "if (!run->is_resumed)");
    if (has_several)
        writer_brace(writer);
    if (training->schedule->judge)
        writer_line(writer, "net->rate_factor = 1;");
    if (has_average)
        writer_line(writer, "net->average = net->param;");
    writer_line(writer, "net->best = net->param;");
    if (has_several)
        writer_close(writer);
    else
        writer_end(writer, 1);
    writer_line(writer, "run->end = TRAINING_COMPLETE;");
    writer_open(writer, "for (int epoch = run->at.epoch; epoch <= run->epochs; epoch++)");
    writer_line(writer, "struct training_epoch *row = training_epoch_begin(run, epoch);");
    writer_under(writer, "if (!train_epoch(net, run, row))");
    writer_line(writer, "break;");
    writer_end(writer, 1);
    emit_average_epoch(writer);
    emit_judgement(writer);
    emit_keep(writer);
    if (training->ema >= 0 || training->swa >= 0)
        writer_line(writer, "swap_average(net);");
    writer_close(writer);
    writer_line(writer, "run->steps = net->step;");
    writer_line(writer, "net->param = net->best;");
    writer_function_end(writer);
}

void emit_training(struct writer *writer)
{
    emit_load(writer);
    emit_infer(writer);
    emit_evaluate(writer);
    emit_average(writer);
    emit_augment(writer);
    emit_adversary(writer);
    emit_gradients(writer);
    emit_step(writer);
    emit_epoch(writer);
    emit_train(writer);
}
