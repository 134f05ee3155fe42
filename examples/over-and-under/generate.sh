#!/usr/bin/env bash
# Points of y = sin(4.5 x) + noise of deviation 0.3, for x from -1 to 1. The same points for the same seed: a linear
# congruential generator (Park and Miller 1988) and Box and Muller's transform.
#
#   generate.sh 50 1 > train.csv;  generate.sh 300 2 > dev.csv;  generate.sh 300 3 > test.csv
set -euo pipefail
awk -v count="$1" -v state="$2" '
    function uniform() { state = (state * 48271) % 2147483647; return state / 2147483647 }
    BEGIN {
        for (i = 0; i < 20; i++) uniform()
        print "x,y"
        for (i = 0; i < count; i++) {
            x = 2 * uniform() - 1
            noise = sqrt(-2 * log(uniform())) * cos(6.283185307179586 * uniform())
            printf "%.5f,%.5f\n", x, sin(4.5 * x) + 0.3 * noise
        }
    }' </dev/null
