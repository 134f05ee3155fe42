# Lines "NAME PROJECTION SIZE" of two files (tests/support/export.c): those of the first that the second lacks, or has with a projection that
# is off by more than `tolerance` of the size. `except`: a pattern of names that are left out. Further files are what the first becomes of
# weights that are one unit in the last place off: rounding moves a projection about as far as those, and may 30 times.
FNR == 1 { file++ }
file == 1 { if (!except || $1 !~ except) { wanted[$1] = $2; size[$1] = $3 }; next }
file == 2 { found[$1] = $2; next }
$1 in wanted { far = $2 < wanted[$1] ? wanted[$1] - $2 : $2 - wanted[$1]; if (!(far <= moved[$1])) moved[$1] = far }
END {
    for (name in wanted) {
        scale = size[name] > 1e-3 ? size[name] : 1e-3
        allowed = tolerance * scale > 30 * moved[name] ? tolerance * scale : 30 * moved[name]
        off = found[name] - wanted[name]
        if (!(name in found) || !(off <= allowed && off >= -allowed)) {
            print name ": " (name in found ? found[name] : "nothing") " instead of " wanted[name] ", of " size[name] \
                (file > 2 ? "; rounding explains " 30 * moved[name] : "")
            bad = 1
        }
    }
    exit bad || length(wanted) == 0
}
