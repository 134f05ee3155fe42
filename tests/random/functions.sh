# shellcheck shell=bash
# What tests of generated networks share; sourced with NETC HEADERS LIBRARIES CHECKS FLAGS GENERATE, behind which their own arguments stand.
export OMP_WAIT_POLICY=passive OMP_NUM_THREADS=2
netc=$(realpath "$1") headers=$(realpath "$2") libraries=$(realpath "$3") checks=$(realpath "$4") generate=$(realpath "$6")
read -ra flags <<<"$5"
random=$(realpath "$(dirname "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# build PROGRAM COMPILER OPTIONS…: exports what the network in drawn.net computes; with -DNETC_DOUBLE in double
build() {
    local program=$1 compiler=$2 kind='' openmp=-fopenmp
    shift 2
    # clang's header is in a package of its own; without it there is one thread, and the same numbers
    "$compiler" -fopenmp -include omp.h -fsyntax-only -x c /dev/null 2>/dev/null || openmp=-Wno-unknown-pragmas
    case " $* " in *" -DNETC_DOUBLE "*) kind=_double ;; esac
    "$compiler" -std=gnu11 "$openmp" -DNETC_TEAM_ALWAYS -DNETC_NO_MAIN -Ddrawn_model=checked_model "$@" "${flags[@]}" -I"$headers" \
        -Wl,--wrap=training_step_done drawn.c "$checks/libexport$kind.a" "$libraries/libnetc_runtime$kind.a" \
        -lyaml -lz -lspng -ljansson -lm -o "$program"
}
# agree WHAT FIRST OTHER TOLERANCE EXCEPT PROGRAM…: digests FIRST and OTHER are the same. Where they are not, it is measured what the network
# makes of rounding: the least that weights can be off moves some as far, as behind a batchnorm of two examples, whose gradient is what is
# left of two that are equal, or where an optimizer divides a gradient that is 0 by itself. PROGRAM… printed FIRST.
agree() {
    local what=$1 first=$2 other=$3 tolerance=$4 except=$5 moved
    shift 5
    awk -v tolerance="$tolerance" -v except="$except" -f "$random/differ.awk" "$first" "$other" >differences && return
    for moved in 1 2 3; do "$@" 1 digest $moved >"moved.$moved" || return 1; done
    awk -v tolerance="$tolerance" -v except="$except" -f "$random/differ.awk" "$first" "$other" moved.1 moved.2 moved.3 || return 1
    echo "# seed $seed, $what: $(wc -l <differences) tensors differ as rounding does" >>rounded
}
# draw SEED: drawn.net, network.json and drawn.c
draw() {
    "$generate" "$1" --tidy >drawn.net
    "$netc" check --json drawn.net >network.json && "$netc" emit --march=x86-64-v4 --probe drawn.net
}
