/* test_run_safetensors.c - files that go out and come back, PyTorch's order of elements, and every file that
 * is refused. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "run/safetensors.h"
#include "run/weights.h"
#include "test_data_support.h"
#include "test_run_support.h"

TestSuite(run_safetensors, .init = run_begin, .fini = run_end);

#define WEIGHT "\"linear.weight\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]}"
#define BIAS "\"linear.bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[24,32]}"

/* The linear layer alone: 32 bytes of data. */
static struct model tiny_model(void)
{
    struct model model = fake_model;
    model.tensor_count = EDGES_WEIGHT;
    return model;
}

static void write_net(const char *path, const struct model *model, struct fake *net)
{
    struct problem problem = {{0}};
    json_t *metadata = json_pack("{s:s}", "format", "netc");
    cr_assert(safetensors_write(path, model, net, metadata, &problem), "%s", problem.text);
    json_decref(metadata);
}

static void read_net(const char *path, const struct model *model, struct fake *net)
{
    struct problem problem = {{0}};
    json_t *metadata;
    cr_assert(safetensors_read(path, model, net, &metadata, &problem), "%s", problem.text);
    json_decref(metadata);
}

/* A file of this header and the numbers 0, 1, 2, … */
static void write_container(const char *header, size_t data_length)
{
    unsigned char bytes[1024] = {0};
    size_t length = strlen(header);
    float numbers[64];
    for (int i = 0; i < 64; i++)
        numbers[i] = (float)i;
    bytes[0] = (unsigned char)length;
    bytes[1] = (unsigned char)(length >> 8);
    memcpy(bytes + 8, header, length);
    memcpy(bytes + 8 + length, numbers, data_length);
    data_write("m.safetensors", bytes, 8 + length + data_length);
}

/* Refused with this message, the network as it was. */
static void expect_refused(const char *message)
{
    struct problem problem = {{0}};
    struct model model = tiny_model();
    struct fake *net = fake_create(), *untouched = fake_create();
    json_t *metadata = NULL;
    cr_expect_not(safetensors_read("m.safetensors", &model, net, &metadata, &problem), "%s", message);
    cr_expect_null(metadata);
    cr_expect_str_eq(problem.text, message, "wanted:\n%s\ngot:\n%s", message, problem.text);
    cr_expect_arr_eq(net, untouched, sizeof *net);
    free(net);
    free(untouched);
}

Test(run_safetensors, comes_back_byte_for_byte)
{
    size_t first_length, second_length;
    struct fake *net = fake_create(), *other = fake_create();
    weights_initialise(&fake_model, net, 7);
    write_net("first.safetensors", &fake_model, net);
    read_net("first.safetensors", &fake_model, other);
    cr_expect_arr_eq(net->param, other->param, sizeof net->param);
    write_net("second.safetensors", &fake_model, other);
    unsigned char *first = run_read("first.safetensors", &first_length);
    unsigned char *second = run_read("second.safetensors", &second_length);
    cr_assert_eq(first_length, second_length);
    cr_expect_arr_eq(first, second, first_length);
    free(first);
    free(second);
    free(net);
    free(other);
}

Test(run_safetensors, has_the_header_of_the_format)
{
    static const char header[] = "{\"__metadata__\":{\"format\":\"netc\"}," WEIGHT "," BIAS "}";
    size_t length, padded = (sizeof header - 1 + 7) / 8 * 8;
    struct model model = tiny_model();
    struct fake *net = fake_create();
    write_net("m.safetensors", &model, net);
    unsigned char *bytes = run_read("m.safetensors", &length);
    cr_assert_eq(length, 8 + padded + 32);
    cr_expect_eq(bytes[0], padded);
    for (int i = 1; i < 8; i++)
        cr_expect_eq(bytes[i], 0);
    cr_expect_arr_eq(bytes + 8, header, sizeof header - 1);
    for (size_t i = 8 + sizeof header - 1; i < 8 + padded; i++)
        cr_expect_eq(bytes[i], ' ');
    free(bytes);
    free(net);
}

/* Number i in memory is i, so a file tells where each of its numbers came from. */
Test(run_safetensors, elements_stand_in_pytorch_order)
{
    static const struct {
        size_t in_file, in_memory;
    } known[] = {
        {0, LINEAR_WEIGHT_AT},            /* unit 0, input 0 */
        {2, LINEAR_WEIGHT_AT + 2 * 8},    /* unit 0, input 2 */
        {3, LINEAR_WEIGHT_AT + 1},        /* unit 1, input 0 */
        {7, LINEAR_BIAS_AT + 1},          /* unit 1 */
        {8 + 1, EDGES_WEIGHT_AT + 2 * 4}, /* filter 0, channel 0, y 0, x 1: behind both channels of x 0 */
        {8 + 9, EDGES_WEIGHT_AT + 4},     /* filter 0, channel 1, y 0, x 0 */
        {8 + 67, EDGES_WEIGHT_AT + 39},   /* filter 3, channel 1, y 1, x 1: tap 9 of 18, lane 3 */
        {8 + 87, EDGES_WEIGHT_AT + 124},  /* filter 4, channel 1, y 2, x 0: second panel, tap 13, lane 0 */
        {98 + 4, EDGES_BIAS_AT + 4},      /* filter 4 */
    };
    size_t length;
    struct fake *net = fake_create();
    for (int i = 0; i < FAKE_PARAMETERS; i++)
        net->param[i] = (real)i;
    write_net("m.safetensors", &fake_model, net);
    unsigned char *bytes = run_read("m.safetensors", &length);
    float numbers[103];
    memcpy(numbers, bytes + length - sizeof numbers, sizeof numbers);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        cr_expect_eq((size_t)numbers[known[i].in_file], known[i].in_memory, "number %zu of the file is %g",
                     known[i].in_file, (double)numbers[known[i].in_file]);
    free(bytes);
    free(net);
}

Test(run_safetensors, reads_what_others_write)
{
    struct model model = tiny_model();
    struct fake *net = fake_create();
    json_t *metadata;
    struct problem problem = {{0}};
    /* no metadata, another order of tensors, blanks */
    write_container("{ \"linear.bias\": {\"shape\":[2],\"data_offsets\":[0,8],\"dtype\":\"F32\"}, "
                    "\"linear.weight\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[8,32]} }  ",
                    32);
    cr_assert(safetensors_read("m.safetensors", &model, net, &metadata, &problem), "%s", problem.text);
    cr_expect_null(metadata);
    cr_expect_eq(net->param[LINEAR_BIAS_AT + 1], 1);
    cr_expect_eq(net->param[LINEAR_WEIGHT_AT + 1], 5); /* unit 1, input 0: fourth of six behind two biases */
    free(net);
}

Test(run_safetensors, reads_doubles)
{
    struct model model = tiny_model();
    struct fake *net = fake_create();
    double numbers[8] = {0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5};
    static const char header[] =
        "{\"linear.weight\":{\"dtype\":\"F64\",\"shape\":[2,3],\"data_offsets\":[0,48]},"
        "\"linear.bias\":{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[48,64]}}";
    unsigned char bytes[512] = {sizeof header - 1};
    memcpy(bytes + 8, header, sizeof header - 1);
    memcpy(bytes + 8 + sizeof header - 1, numbers, sizeof numbers);
    data_write("m.safetensors", bytes, 8 + sizeof header - 1 + sizeof numbers);
    read_net("m.safetensors", &model, net);
    cr_expect_eq(net->param[LINEAR_WEIGHT_AT + 1], 3.5);
    cr_expect_eq(net->param[LINEAR_BIAS_AT + 1], 7.5);
    free(net);
}

#define REFUSED "m.safetensors: error: "

Test(run_safetensors, refuses_other_networks_and_damage)
{
    static const struct {
        const char *header;
        size_t data_length;
        const char *message;
    } cases[] = {
        {"[1, 2]", 0, REFUSED "is no model file: its header is no JSON object"},
        {"{" WEIGHT "}", 24, REFUSED "is of another network: it has no tensor 'linear.bias'"},
        {"{\"linear.weight\":{\"dtype\":\"F32\",\"shape\":[3,2],\"data_offsets\":[0,24]}," BIAS "}", 32,
         REFUSED "is of another network: 'linear.weight' is 3x2 there and 2x3 here"},
        {"{\"linear.weight\":{\"dtype\":\"F32\",\"data_offsets\":[0,24]}," BIAS "}", 32,
         REFUSED "is of another network: 'linear.weight' is of no shape there and 2x3 here"},
        {"{" WEIGHT "," BIAS ",\"more\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[32,36]}}", 36,
         REFUSED "is of another network: this one has no tensor 'more'"},
        {"{\"linear.weight\":{\"dtype\":\"BF16\",\"shape\":[2,3],\"data_offsets\":[0,12]}," BIAS "}", 32,
         REFUSED "'linear.weight' has numbers of another type than F32 and F64"},
        {"{\"linear.weight\":{\"dtype\":4,\"shape\":[2,3],\"data_offsets\":[0,24]}," BIAS "}", 32,
         REFUSED "'linear.weight' has numbers of another type than F32 and F64"},
        {"{\"linear.weight\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[\"0\",24]}," BIAS "}", 32,
         REFUSED "is damaged: the place of 'linear.weight' does not fit its shape"},
        {"{" WEIGHT "," BIAS "}", 31,
         REFUSED "is cut off: 'linear.bias' ends at byte 32 of the data, but there are only 31"},
        {"{" WEIGHT "," BIAS "}", 36, REFUSED "is damaged: it has 36 bytes of data, but its tensors have 32"},
        {"{" WEIGHT ",\"linear.bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[16,24]}}", 24,
         REFUSED "is damaged: 'linear.weight' and 'linear.bias' overlap"},
        {"{" WEIGHT ",\"linear.bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[28,36]}}", 36,
         REFUSED "is damaged: it has 36 bytes of data, but its tensors have 32"},
        {"{" WEIGHT "," BIAS ",\"__metadata__\":{\"epoch\":3}}", 32,
         REFUSED "is damaged: its metadata are no object of strings"},
        {"{" WEIGHT "," BIAS ",\"__metadata__\":[]}", 32,
         REFUSED "is damaged: its metadata are no object of strings"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        write_container(cases[i].header, cases[i].data_length);
        expect_refused(cases[i].message);
    }
}

Test(run_safetensors, refuses_offsets_that_are_no_place)
{
    static const char *const offsets[] = {
        "[24,28]",     "[32,24]",         "[-8,0]", "[24]",       "[24,32,40]",
        "[24.0,32.0]", "[\"24\",\"32\"]", "24",     "{\"0\":24}", "[0,9223372036854775807]",
    };
    for (size_t i = 0; i < sizeof offsets / sizeof offsets[0]; i++) {
        char header[512];
        snprintf(header, sizeof header,
                 "{" WEIGHT ",\"linear.bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":%s}}",
                 offsets[i]);
        write_container(header, 32);
        expect_refused(REFUSED "is damaged: the place of 'linear.bias' does not fit its shape");
    }
}

Test(run_safetensors, refuses_what_is_no_container)
{
    data_write("m.safetensors", "", 0);
    expect_refused(REFUSED "is no model file: it has only 0 bytes");
    data_write("m.safetensors", "1234567", 7);
    expect_refused(REFUSED "is no model file: it has only 7 bytes");
    data_write_text("m.safetensors", "net m {\n    input 3\n}\n");
    expect_refused(REFUSED "is no model file: its header would have 755233015582713198 bytes");
    data_write("m.safetensors", "\100\0\0\0\0\0\0\0{\"a\":", 13);
    expect_refused(REFUSED "is cut off: it has 13 bytes, its header alone needs 72");
}

Test(run_safetensors, refuses_headers_that_are_no_json)
{
    write_container("{" WEIGHT "," WEIGHT "}", 32);
    expect_refused(REFUSED
                   "is no model file: its header is no JSON: duplicate object key near '\"linear.weight\"'");
    write_container("{\"linear.weight\":", 32);
    expect_refused(REFUSED "is no model file: its header is no JSON: unexpected token near end of file");
}

Test(run_safetensors, refuses_numbers_that_are_not_finite)
{
    size_t length;
    float broken = __builtin_nanf("");
    write_container("{" WEIGHT "," BIAS "}", 32);
    unsigned char *bytes = run_read("m.safetensors", &length);
    memcpy(bytes + length - 4, &broken, sizeof broken);
    data_write("m.safetensors", bytes, length);
    expect_refused(REFUSED "number 2 of 'linear.bias' is not finite, or too large for this trainer");
    free(bytes);
}

Test(run_safetensors, every_shorter_file_is_refused)
{
    size_t length;
    struct fake *net = fake_create();
    json_t *metadata;
    write_net("whole.safetensors", &fake_model, net);
    unsigned char *bytes = run_read("whole.safetensors", &length);
    for (size_t i = 0; i < length; i++) {
        struct problem problem = {{0}};
        data_write("m.safetensors", bytes, i);
        cr_assert_not(safetensors_read("m.safetensors", &fake_model, net, &metadata, &problem), "%zu", i);
        cr_assert(problem.text[0]);
    }
    free(bytes);
    free(net);
}

Test(run_safetensors, a_file_that_cannot_be_written_leaves_nothing)
{
    struct problem problem = {{0}};
    struct fake *net = fake_create();
    cr_expect_not(safetensors_write("none/m.safetensors", &fake_model, net, NULL, &problem));
    cr_expect_str_eq(problem.text, "none/m.safetensors: error: cannot be written: No such file or directory");
    free(net);
}
