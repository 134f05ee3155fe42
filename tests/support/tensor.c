/* tensor.c - prints the numbers of one tensor of a .safetensors file, one a line: tensor FILE NAME */
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned char *read_file(const char *path, size_t *length)
{
    FILE *stream = fopen(path, "rb");
    if (!stream || fseek(stream, 0, SEEK_END) != 0)
        return NULL;
    *length = (size_t)ftell(stream);
    rewind(stream);
    unsigned char *bytes = malloc(*length + 1);
    if (bytes && fread(bytes, 1, *length, stream) != *length)
        bytes = NULL;
    fclose(stream);
    return bytes;
}

static void print_numbers(const unsigned char *from, size_t length, int is_double)
{
    size_t width = is_double ? sizeof(double) : sizeof(float);
    for (size_t i = 0; i + width <= length; i += width) {
        float single;
        double twice;
        memcpy(&single, from + i, sizeof single);
        memcpy(&twice, from + i, is_double ? sizeof twice : 0);
        printf("%.17g\n", is_double ? twice : (double)single);
    }
}

int main(int argc, char **argv)
{
    size_t length = 0;
    uint64_t header = 0;
    unsigned char *bytes = argc == 3 ? read_file(argv[1], &length) : NULL;
    if (!bytes || length < 8)
        return 1;
    memcpy(&header, bytes, sizeof header);
    json_t *root = header <= length - 8 ? json_loadb((char *)bytes + 8, (size_t)header, 0, NULL) : NULL;
    const json_t *entry = json_object_get(root, argv[2]), *offsets = json_object_get(entry, "data_offsets");
    const char *type = json_string_value(json_object_get(entry, "dtype"));
    if (!type)
        return 1;
    size_t begin = (size_t)json_integer_value(json_array_get(offsets, 0));
    size_t end = (size_t)json_integer_value(json_array_get(offsets, 1));
    if (end > length - 8 - header || begin > end)
        return 1;
    print_numbers(bytes + 8 + header + begin, end - begin, strcmp(type, "F64") == 0);
    json_decref(root);
    free(bytes);
    return 0;
}
