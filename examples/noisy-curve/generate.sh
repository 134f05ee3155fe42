#!/usr/bin/env bash
# Points of y = sin(2x) + noise, whose deviation grows with x: sigma(x) = 0.05 + 0.1 x, for x from 0 to 3. The same points
# for the same seed: a linear congruential generator (Park and Miller 1988) and Box and Muller's transform.
#
#   generate.sh [COUNT] [SEED] > noisy-curve.csv
set -euo pipefail
awk -v count="${1:-10000}" -v state="${2:-1}" '
    function uniform() { state = (state * 48271) % 2147483647; return state / 2147483647 }
    BEGIN {
        for (i = 0; i < 20; i++) uniform()
        print "x,y"
        for (i = 0; i < count; i++) {
            x = 3 * uniform()
            noise = sqrt(-2 * log(uniform())) * cos(6.283185307179586 * uniform())
            printf "%.5f,%.5f\n", x, sin(2 * x) + (0.05 + 0.1 * x) * noise
        }
    }' </dev/null
