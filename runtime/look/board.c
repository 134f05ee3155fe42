/* board.c - shading maps and placing tiles. */
#include "look/board.h"

#include "look/palette.h"

/* Sizes that a person sees well: of one map beside others, of one of a vector's units, of the whole board. */
enum { TILE = 56, LARGE_TILE = 84, FEW = 16, CELL = 14, BOARD_WIDTH = 832 };

bool board_create(struct board *board, int rows, int columns, int tile_height, int tile_width)
{
    *board = (struct board){.tile_height = tile_height, .tile_width = tile_width};
    return picture_create(&board->picture, rows * (tile_height + BOARD_GAP) - BOARD_GAP,
                          columns * (tile_width + BOARD_GAP) - BOARD_GAP, 4);
}

bool board_put(const struct board *board, int row, int column, const struct picture *tile)
{
    struct picture big;
    int down = board->tile_height / tile->height, across = board->tile_width / tile->width;
    int times = down < across ? down : across;
    if (!picture_enlarge(&big, tile, times > 1 ? times : 1))
        return false;
    picture_place((struct picture *)&board->picture, &big, row * (board->tile_height + BOARD_GAP),
                  column * (board->tile_width + BOARD_GAP));
    picture_release(&big);
    return true;
}

int board_tile(int count)
{
    return count <= FEW ? LARGE_TILE : TILE;
}

int board_columns(int count, int tile_width)
{
    int most = (BOARD_WIDTH + BOARD_GAP) / (tile_width + BOARD_GAP);
    int rows = most > 1 ? (count + most - 1) / most : count;
    return (count + rows - 1) / rows;
}

static struct colour shade_of(enum shade shade, double value)
{
    return shade == SHADE_SIGNED ? palette_signed(value)
           : shade == SHADE_HEAT ? palette_heat(value)
                                 : palette_level(value);
}

bool board_shade(struct picture *to, const struct map *map, int channel, enum shade shade, double most)
{
    if (!picture_create(to, map->height, map->width, 3))
        return false;
    for (int y = 0; y < map->height; y++)
        for (int x = 0; x < map->width; x++) {
            struct colour colour = shade_of(shade, most > 0 ? *map_at(map, y, x, channel) / most : 0);
            unsigned char *at = picture_at(to, y, x);
            at[0] = colour.red;
            at[1] = colour.green;
            at[2] = colour.blue;
        }
    return true;
}

bool board_of_map(struct picture *to, const struct map *map, int count, enum shade shade, double most)
{
    bool is_vector = map->height * map->width == 1;
    int wanted = is_vector ? CELL : board_tile(count),
        larger = map->height > map->width ? map->height : map->width;
    int times = larger < wanted ? wanted / larger : 1;
    struct board board;
    int columns = board_columns(count, map->width * times);
    bool is_drawn = board_create(&board, (count + columns - 1) / columns, columns, map->height * times,
                                 map->width * times);
    for (int c = 0; c < count && is_drawn; c++) {
        struct picture tile;
        is_drawn =
            board_shade(&tile, map, c, shade, most) && board_put(&board, c / columns, c % columns, &tile);
        picture_release(&tile);
    }
    *to = board.picture;
    return is_drawn;
}
