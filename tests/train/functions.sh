# shellcheck shell=bash disable=SC2034
# What the tests of training share; sourced with their arguments, NETC TENSOR CASE [TYPE].
netc=$(realpath "$1") tensor=$(realpath "$2") case=$3 type=${4:-double}
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
double=()
[ "$type" = float ] || double=(--double)

train() { # MODEL.net [options]
    "$netc" train "$1" "${double[@]}" --progress none --out "$work/run" "${@:2}"
}

# Each number of a tensor within a tolerance of the expected one; expected 0 must be exactly 0.
expect() { # TENSOR TOLERANCE NUMBERS
    "$tensor" "$work/run/model.safetensors" "$1" >"$work/numbers"
    tr -s ' ' '\n' <<<"$3" | paste "$work/numbers" - | awk -v tolerance="$2" -v name="$1" '
        { difference = $1 - $2; if (difference < 0) difference = -difference; rows++ }
        NF != 2 || difference > tolerance || ($2 == "0" && $1 != 0) {
            print name "[" NR - 1 "]: " $1 " instead of " $2 " (tolerance " tolerance ")"; bad = 1 }
        END { exit bad || rows == 0 }'
}
