#compdef netc
# Completion of netc's command line in zsh; commands, options and names are asked of netc itself.

_netc() {
    local netc=${words[1]}
    local -a names
    if (( CURRENT == 2 )); then
        names=(${(f)"$($netc --help 2>/dev/null | sed -nE 's/^  ([a-z]+) +(.*)/\1:\2/p')"})
        _describe command names
    elif [[ ${words[CURRENT]} == -* ]]; then
        names=(${(f)"$($netc ${words[2]} --help 2>/dev/null | sed -nE 's/^  (-[-A-Za-z]+) .*  +(.*)/\1:\2/p; s/^  (-[-A-Za-z]+)  +(.*)/\1:\2/p')"})
        _describe option names
    elif [[ ${words[2]} == explain ]]; then
        names=(${(f)"$($netc explain 2>/dev/null | sed -nE 's/^  ([a-z_]+) +(.*)/\1:\2/p')"})
        _describe name names
    else
        _files -g '*.net'
    fi
}

_netc "$@"
