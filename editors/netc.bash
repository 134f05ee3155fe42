# Completion of netc's command line in bash; commands and options are asked of netc itself.
# shellcheck shell=bash

_netc() {
    local word=${COMP_WORDS[COMP_CWORD]} netc=${COMP_WORDS[0]} names=
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        names=$("$netc" --help 2>/dev/null | sed -nE 's/^  ([a-z]+) .*/\1/p')
    elif [ "${word:0:1}" = - ]; then
        names=$("$netc" "${COMP_WORDS[1]}" --help 2>/dev/null | sed -nE 's/^  (-[-A-Za-z]+) .*/\1/p')
    elif [ "${COMP_WORDS[1]}" = explain ]; then
        names=$("$netc" explain 2>/dev/null | sed -nE 's/^  ([a-z_]+) .*/\1/p')
    fi
    if [ -n "$names" ]; then
        mapfile -t COMPREPLY < <(compgen -W "$names" -- "$word")
    else
        mapfile -t COMPREPLY < <(compgen -f -X '!*.net' -- "$word" || :; compgen -d -S / -- "$word")
    fi
}
complete -F _netc netc
