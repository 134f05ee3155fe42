/* board.h - many small pictures on one, in rows and columns with clear gaps between them.
 *
 *     6 maps of 28x28, each pixel 2x2, three in a row    ->    a board of 172x116
 *
 * What is written here is for any reader of PNG; a page may show it smaller. */
#ifndef NETC_LOOK_BOARD_H
#define NETC_LOOK_BOARD_H

#include <stdbool.h>

#include "look/map.h"
#include "report/png.h"

struct board {
    struct picture picture;
    int tile_height, tile_width; /* of a tile as it is placed */
};

/* How a number becomes a colour. */
enum shade { SHADE_LEVEL, SHADE_SIGNED, SHADE_HEAT };

enum { BOARD_GAP = 2 }; /* pixels between tiles */

/* How wide or high a tile should be at least, beside `count` others, for a person to see it. */
int board_tile(int count);
/* Columns of a board of `count` such tiles: as many as fit beside each other, in rows of the same length. */
int board_columns(int count, int tile_width);

bool board_create(struct board *board, int rows, int columns, int tile_height, int tile_width);
/* The tile, each of its pixels as many times as high and wide as fit. */
bool board_put(const struct board *board, int row, int column, const struct picture *tile);

/* Channel `channel` of a map, a pixel for each number; the end of the palette stands for `most`. */
bool board_shade(struct picture *to, const struct map *map, int channel, enum shade shade, double most);
/* The first `count` channels of a map, all on one scale; a vector's units are cells of a strip. */
bool board_of_map(struct picture *to, const struct map *map, int count, enum shade shade, double most);

#endif
