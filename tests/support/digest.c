/* digest.c - tensors as two numbers each, to be compared with those of another program.
 *
 *     {"c1.weight": [[0.1, -0.2], …]}    ->    whole.gradient.c1.weight 0.123 4.5 */
#include "digest.h"

#include <math.h>
#include <stdio.h>

static void add_digest(const json_t *numbers, size_t *at, double *projection, double *size)
{
    const json_t *one;
    size_t i;
    if (!json_is_array(numbers)) {
        const double number = json_number_value(numbers);
        *projection += number * cos((double)++*at);
        *size += fabs(number);
        return;
    }
    json_array_foreach(numbers, i, one)
    {
        add_digest(one, at, projection, size);
    }
}

/* "whole.gradient.c1.weight 0.123 4.5": Σ number_i cos i, and Σ |number_i|. tests/judges/random_networks.py
 * prints the same of what PyTorch computes. */
static void print_digest(const char *what, const char *name, const json_t *numbers)
{
    size_t at = 0;
    double projection = 0, size = 0;
    add_digest(numbers, &at, &projection, &size);
    printf("%s%s %.17g %.6g\n", what, name, projection, size);
}

static void print_digests(const char *what, const json_t *all)
{
    const char *name;
    json_t *numbers;
    json_object_foreach((json_t *)all, name, numbers)
    {
        print_digest(what, name, numbers);
    }
}

void digest_print(const json_t *all)
{
    const json_t *probe = json_object_get(all, "probe"), *label, *step;
    char what[64];
    size_t i;
    print_digest("prediction", "", json_object_get(all, "prediction"));
    json_array_foreach(json_object_get(probe, "labels"), i, label)
    {
        print_digest("value.", json_string_value(label), json_array_get(json_object_get(probe, "values"), i));
        print_digest("gradient-by.", json_string_value(label),
                     json_array_get(json_object_get(probe, "gradients"), i));
    }
    print_digest("whole.loss", "", json_object_get(json_object_get(all, "whole"), "loss"));
    print_digests("whole.gradient.", json_object_get(json_object_get(all, "whole"), "parameters"));
    print_digest("part.loss", "", json_object_get(json_object_get(all, "part"), "loss"));
    print_digests("part.gradient.", json_object_get(json_object_get(all, "part"), "parameters"));
    json_array_foreach(json_object_get(all, "steps"), i, step)
    {
        const json_t *count = json_object_get(step, "count");
        json_t *loss = json_real(json_number_value(json_object_get(step, "loss")) / json_number_value(count));
        snprintf(what, sizeof what, "step%zu.loss", i + 1);
        print_digest(what, "", loss);
        json_decref(loss);
        snprintf(what, sizeof what, "step%zu.", i + 1);
        print_digests(what, json_object_get(step, "parameters"));
    }
    print_digests("kept.", json_object_get(all, "kept"));
}
