# Lines "NAME PROJECTION SIZE" of two files (tests/support/export.c): those of the first that the second lacks, or has with a projection that
# is off by more than `tolerance` of the size. `except`: a pattern of names that are left out.
NR == FNR { if (!except || $1 !~ except) { wanted[$1] = $2; size[$1] = $3 }; next }
{ found[$1] = $2 }
END {
    for (name in wanted) {
        scale = size[name] > 1e-3 ? size[name] : 1e-3
        off = (found[name] - wanted[name]) / scale
        if (!(name in found) || !(off <= tolerance && off >= -tolerance)) {
            print name ": " (name in found ? found[name] : "nothing") " instead of " wanted[name] ", of " size[name]
            bad = 1
        }
    }
    exit bad || length(wanted) == 0
}
