#compdef netc
# Completion of netc's command line in zsh; commands, options, names and which files they take are asked of netc itself.

# What stands behind an option in the help of a command, or, of "", the first file that its usage names: DIR, MODEL.net, SWEEP.yaml.
_netc_wants() { # NETC COMMAND OPTION
    local help="$($1 $2 --help 2>/dev/null)"
    if [[ -n $3 ]]; then
        sed -nE "s/^(  |usage:.*\[)$3 ([^] ]+).*/\2/p" <<<"$help" | head -n 1
    else
        sed -nE '1s/^usage: netc [a-z]+( \[-[^]]*\])? \[?([^] …]+).*/\2/p' <<<"$help"
    fi
}

# Files of the kinds in FILE.dot|FILE.svg, or folders; of a NAME or a number nothing.
_netc_files() { # WANTED
    local -a endings=(${(s:|:)1})
    endings=(${endings##*.})
    case $1 in
    DIR|RUN) _files -/ ;;
    *.yaml) _files -g '*.(yaml|yml)' ;;
    *.*) _files -g "*.(${(j:|:)endings})" ;;
    FILE|BINARY|CC) _files ;;
    esac
}

_netc() {
    local netc=${words[1]} wants=
    local -a names
    if (( CURRENT == 2 )); then
        names=(${(f)"$($netc --help 2>/dev/null | sed -nE 's/^  ([a-z]+) +(.*)/\1:\2/p')"})
        _describe command names
    elif [[ ${words[CURRENT]} == -* ]]; then
        names=(${(f)"$($netc ${words[2]} --help 2>/dev/null | sed -nE 's/^  (-[-A-Za-z]+) .*  +(.*)/\1:\2/p; s/^  (-[-A-Za-z]+)  +(.*)/\1:\2/p')"})
        _describe option names
    elif [[ ${words[CURRENT - 1]} == -* ]] && wants=$(_netc_wants $netc ${words[2]} ${words[CURRENT - 1]}) && [[ -n $wants ]]; then
        _netc_files $wants
    elif [[ ${words[2]} == explain ]]; then
        names=(${(f)"$($netc explain 2>/dev/null | sed -nE 's/^  ([a-z_]+) +(.*)/\1:\2/p')"})
        _describe name names
    else
        _netc_files "$(_netc_wants $netc ${words[2]} '')"
    fi
}

_netc "$@"
