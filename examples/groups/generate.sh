#!/usr/bin/env bash
# The diabetes data with one more column, whose class is 1 where the progression is above its median: above.csv.
#
#   generate.sh > above.csv
set -euo pipefail
data=$(dirname "$0")/../diabetes/diabetes.csv
rows=$(($(wc -l <"$data") - 1))
# The mean of the two in the middle: 442 rows are an even number.
median=$(tail -n +2 "$data" | cut -d, -f11 | sort -n |
    awk -v rows="$rows" 'NR == rows / 2 || NR == rows / 2 + 1 { sum += $1 } END { print sum / 2 }')
awk -F, -v median="$median" '{ print $0 "," (NR == 1 ? "above" : $11 > median ? 1 : 0) }' "$data"
