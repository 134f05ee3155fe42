/* test_panels.c - weights with filters and inputs exchanged: every number is where runtime/panels.h says, for
 * panels that are full and that are not, shared by threads; nothing else is written. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "panels.h"

struct shape {
    int filters, rows, inputs, panel, back;
};

static const struct shape shapes[] = {
    {8, 1, 8, 8, 8},     {10, 1, 23, 16, 8}, {6, 5, 5, 8, 4},
    {37, 3, 18, 16, 32}, {3, 2, 3, 4, 4},    {64, 1, 70, 32, 16},
};

static int panels_of(int count, int panel)
{
    return (count + panel - 1) / panel;
}

/* Its weight of input k in a row into a filter, and whatever stands beside them, is a number of its own. */
static real *numbered(int count)
{
    real *numbers = malloc((size_t)count * sizeof(real));
    cr_assert_not_null(numbers);
    for (int i = 0; i < count; i++)
        numbers[i] = (real)(i + 1);
    return numbers;
}

static void check_transposed(const struct shape *shape, const real *weight, const real *transposed)
{
    const int back_panels = panels_of(shape->inputs, shape->back);
    for (int i = 0; i < shape->rows; i++)
        for (int q = 0; q < back_panels; q++)
            for (int f = 0; f < shape->filters; f++)
                for (int k = 0; k < shape->back; k++) {
                    const int input = q * shape->back + k;
                    const int from =
                        ((f / shape->panel * shape->rows + i) * shape->inputs + input) * shape->panel +
                        f % shape->panel;
                    const real seen =
                        transposed[((i * back_panels + q) * shape->filters + f) * shape->back + k];
                    cr_assert_eq(seen, input < shape->inputs ? weight[from] : -1,
                                 "%d filters, %d inputs: row %d, filter %d, input %d is %g", shape->filters,
                                 shape->inputs, i, f, input, (double)seen);
                }
}

Test(panels, transpose)
{
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
        const struct shape *shape = &shapes[s];
        const int back_panels = panels_of(shape->inputs, shape->back);
        const int weights =
            panels_of(shape->filters, shape->panel) * shape->rows * shape->inputs * shape->panel;
        const int places = shape->rows * back_panels * shape->filters * shape->back;
        real *weight = numbered(weights);
        for (int threads = 1; threads <= 3; threads++) {
            real *transposed = numbered(places);
            for (int i = 0; i < places; i++)
                transposed[i] = -1;
            for (int thread = 0; thread < threads; thread++)
                panels_transpose(weight, shape->filters, shape->rows, shape->inputs, shape->panel, transposed,
                                 shape->back, team_share((struct team){thread, threads}, back_panels));
            check_transposed(shape, weight, transposed);
            free(transposed);
        }
        free(weight);
    }
}

/* Panel by panel the same as all of them at once. */
Test(panels, transpose_one)
{
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
        const struct shape *shape = &shapes[s];
        const int back_panels = panels_of(shape->inputs, shape->back), size = shape->filters * shape->back;
        if (shape->rows > 1)
            continue;
        real *weight = numbered(panels_of(shape->filters, shape->panel) * shape->inputs * shape->panel);
        real *transposed = numbered(back_panels * size);
        for (int i = 0; i < back_panels * size; i++)
            transposed[i] = -1;
        for (int q = 0; q < back_panels; q++)
            panels_transpose_one(weight, shape->filters, shape->inputs, shape->panel, q,
                                 transposed + q * size, shape->back);
        check_transposed(shape, weight, transposed);
        free(transposed);
        free(weight);
    }
}
