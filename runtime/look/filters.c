/* filters.c - tiles of weights. */
#include "look/filters.h"

#include "look/board.h"

enum {
    MOST_TILES = 64,
    MOST_ROWS = 16,
    MOST_COLUMNS = 16,
    TILE = 56,
    SMALL_TILE = 30,
    BOARD_WIDTH = 832,
    GAP = 2
};

bool filters_plan(struct filters *filters, const struct model *model, const struct model_tensor *tensor)
{
    bool is_convolution = tensor->rank == 4, has_area = tensor->height * tensor->width > 1;
    bool is_first = tensor == &model->tensors[0];
    *filters = (struct filters){.filters = tensor->filters, .channels = tensor->channels};
    filters->is_colour = tensor->channels == 3 && (is_first || !is_convolution);
    bool is_one_tile = filters->is_colour || tensor->channels == 1;
    filters->is_one_tile = is_one_tile;
    int rows = is_one_tile ? MOST_TILES : MOST_ROWS, columns = is_one_tile ? 3 : MOST_COLUMNS;
    filters->shown_filters = tensor->filters < rows ? tensor->filters : rows;
    filters->shown_channels = tensor->channels < columns ? tensor->channels : columns;
    filters->is_upright = filters->shown_channels >= filters->shown_filters;
    return is_convolution ? has_area || !is_one_tile : tensor->rank == 2 && has_area && is_one_tile;
}

static void take_filter(struct map *to, const struct model_tensor *tensor, const real *parameters, int filter)
{
    map_create(to, tensor->height, tensor->width, tensor->channels);
    for (int y = 0; y < tensor->height; y++)
        for (int x = 0; x < tensor->width; x++)
            for (int c = 0; c < tensor->channels; c++)
                *map_at(to, y, x, c) =
                    (double)parameters[tensor->offset + model_tensor_at(tensor, filter, c, y, x)];
}

/* Grey is 0, and the largest weight of the filter the end of its colour. */
static bool colour_filter(struct picture *to, const struct map *filter)
{
    double most = map_largest(filter);
    if (!picture_create(to, filter->height, filter->width, 3))
        return false;
    for (size_t i = 0; i < map_size(filter); i++)
        to->samples[i] = (unsigned char)(127.5 + (most > 0 ? 127.5 * filter->values[i] / most : 0));
    return true;
}

static bool put_tile(const struct board *board, int row, int column, const struct map *filter, int channel)
{
    struct picture tile;
    bool is_drawn = (channel < 0 ? colour_filter(&tile, filter)
                                 : board_shade(&tile, filter, channel, SHADE_SIGNED, map_largest(filter))) &&
                    board_put(board, row, column, &tile);
    picture_release(&tile);
    return is_drawn;
}

/* The tiles of filter f. */
static bool put_filter(const struct board *board, const struct filters *filters, int columns, int f,
                       const struct map *filter)
{
    if (filters->is_one_tile)
        return put_tile(board, f / columns, f % columns, filter, filters->is_colour ? -1 : 0);
    for (int c = 0; c < filters->shown_channels; c++)
        if (!put_tile(board, filters->is_upright ? f : c, filters->is_upright ? c : f, filter, c))
            return false;
    return true;
}

bool filters_draw(struct picture *to, const struct filters *filters, const struct model_tensor *tensor,
                  const real *parameters)
{
    int larger = tensor->height > tensor->width ? tensor->height : tensor->width;
    int count = filters->shown_filters, wanted = filters->is_one_tile ? board_tile(count) : SMALL_TILE;
    int times = larger < wanted ? wanted / larger : 1;
    int height = tensor->height * times, width = tensor->width * times;
    int columns = filters->is_one_tile  ? board_columns(count, width)
                  : filters->is_upright ? filters->shown_channels
                                        : count;
    int rows = filters->is_one_tile  ? (count + columns - 1) / columns
               : filters->is_upright ? count
                                     : filters->shown_channels;
    struct board board;
    bool is_drawn = board_create(&board, rows, columns, height, width);
    for (int f = 0; f < count && is_drawn; f++) {
        struct map filter;
        take_filter(&filter, tensor, parameters, f);
        is_drawn = put_filter(&board, filters, columns, f, &filter);
        map_release(&filter);
    }
    *to = board.picture;
    return is_drawn;
}
