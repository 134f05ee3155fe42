#!/usr/bin/env bash
# The 8x8 digits of examples/digits as MNIST has its digits: 20x20 pixels amid 28x28, values from 0 to 255.
#
#   digits.sh FOLDER        makes FOLDER with digits.csv (all 1797), digits.yaml and the first of each digit, 0.pgm to 9.pgm
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: digits.sh FOLDER" >&2; exit 2; }
from=$(cd "$(dirname "$0")/../digits" && pwd)/digits.csv
mkdir "$1"
cat >"$1/digits.yaml" <<'YAML'
format: csv
train: { file: digits.csv }
columns: { targets: [digit] }
scale: 1/255
YAML
awk -F, -v folder="$1" '
    # Brightness at row y, column x of a picture of 8x8, between its pixels too
    function at(y, x,    top, left, down, right) {
        y = y < 0 ? 0 : y > 7 ? 7 : y; x = x < 0 ? 0 : x > 7 ? 7 : x
        top = int(y); left = int(x); down = y - top; right = x - left
        return (1 - down) * ((1 - right) * $(top * 8 + left + 1) + right * (left < 7 ? $(top * 8 + left + 2) : 0)) + \
               (top < 7 ? down * ((1 - right) * $(top * 8 + left + 9) + right * (left < 7 ? $(top * 8 + left + 10) : 0)) : 0)
    }
    NR == 1 {
        for (i = 0; i < 784; i++) printf "p%d,", i
        print "digit"
        next
    }
    {
        row = ""
        for (y = 0; y < 28; y++)
            for (x = 0; x < 28; x++) {
                inside = y >= 4 && y < 24 && x >= 4 && x < 24
                row = row (inside ? int(at((y - 4 + .5) * .4 - .5, (x - 4 + .5) * .4 - .5) * 255 / 16 + .5) : 0) ","
            }
        print row $65
        if (!($65 in seen)) {
            picture = folder "/" $65 ".pgm"
            gsub(",", " ", row)
            print "P2 28 28 255\n" row >picture
            close(picture)
        }
        seen[$65] = 1
    }' "$from" >"$1/digits.csv"
