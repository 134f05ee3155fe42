# Completion of netc's command line in bash; commands, options and which files they take are asked of netc itself.
# shellcheck shell=bash

# What stands behind an option in the help of a command, or, of "", the first file that its usage names: DIR, MODEL.net, SWEEP.yaml.
_netc_wants() { # NETC COMMAND OPTION
    local help
    help=$("$1" "$2" --help 2>/dev/null)
    if [ -n "$3" ]; then
        sed -nE "s/^(  |usage:.*\[)$3 ([^] ]+).*/\2/p" <<<"$help" | head -n 1
    else
        sed -nE '1s/^usage: netc [a-z]+( \[-[^]]*\])? \[?([^] …]+).*/\2/p' <<<"$help"
    fi
}

# Files of the kinds in FILE.dot|FILE.svg, and folders to look into; of a NAME or a number nothing.
_netc_files() { # WANTED WORD
    local kind
    for kind in ${1//|/ }; do
        case $kind in
        DIR | RUN) ;;
        *.yaml) compgen -f -X '!*.yaml' -- "$2" || compgen -f -X '!*.yml' -- "$2" || : ;;
        *.*) compgen -f -X "!*.${kind##*.}" -- "$2" || : ;;
        FILE | BINARY | CC)
            compgen -f -- "$2" || :
            return
            ;;
        *) return ;;
        esac
    done
    compgen -d -S / -- "$2" || :
}

_netc() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} netc=${COMP_WORDS[0]} names='' wants=''
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        names=$("$netc" --help 2>/dev/null | sed -nE 's/^  ([a-z]+) .*/\1/p')
    elif [ "${word:0:1}" = - ]; then
        names=$("$netc" "${COMP_WORDS[1]}" --help 2>/dev/null | sed -nE 's/^  (-[-A-Za-z]+) .*/\1/p')
    elif [ "${before:0:1}" = - ] && wants=$(_netc_wants "$netc" "${COMP_WORDS[1]}" "$before") && [ -n "$wants" ]; then
        :
    elif [ "${COMP_WORDS[1]}" = explain ]; then
        names=$("$netc" explain 2>/dev/null | sed -nE 's/^  ([a-z_]+) .*/\1/p')
    else
        wants=$(_netc_wants "$netc" "${COMP_WORDS[1]}" "")
    fi
    if [ -n "$names" ]; then
        mapfile -t COMPREPLY < <(compgen -W "$names" -- "$word")
    else
        mapfile -t COMPREPLY < <(_netc_files "$wants" "$word")
    fi
}
complete -F _netc netc
