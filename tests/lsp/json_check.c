/* json_check.c - are these files JSON, as an editor that reads them wants it? json_check FILE… */
#include <jansson.h>
#include <stdio.h>

int main(int count, char **files)
{
    int failed = count < 2;
    for (int i = 1; i < count; i++) {
        json_error_t error;
        json_t *json = json_load_file(files[i], JSON_REJECT_DUPLICATES, &error);
        if (!json) {
            printf("%s:%d:%d: %s\n", files[i], error.line, error.column, error.text);
            failed = 1;
        }
        json_decref(json);
    }
    return failed;
}
