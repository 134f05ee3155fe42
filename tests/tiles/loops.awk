# loops.awk - finds the loops that a compiler made of a generated file's tiles, and says which tile was lost.
#
#     gcc -E NAME.c | awk -f loops.awk -v source=NAME.c -v bytes=32 - NAME.dump      (objdump -d -l --inlines of NAME.o)
#
#     c1_forward_tile(net, n, p, y, x, 7)                       in NAME.c, line 45
#       tile8_multiply(pixels, C1_VECTORS, sum, …)              in NAME.c, line 32: "rows" is the caller's 7
#         -> the innermost loop whose instructions come from line 32 inlined at line 45 must have 7 x 1
#            multiply-adds (or twice as many, unrolled twice), and none of its numbers on the stack
#
# What is expected comes from the calls alone; names of functions, loops and labels are free. `bytes` is the width of the
# machine's vectors. Prints a line for each loop and exits 1 where one is wrong; with -v all=1 also those that are right.

# Whether a path is that of the generated file.
function is_source(path) {
    return path == source || substr(path, length(path) - length(source)) == "/" source
}

# The words between the parentheses that open at `text`'s start, split at their commas, as far as this line goes.
function split_words(text, words,    i, letter, depth, count, word) {
    split("", words)
    for (i = 1; i <= length(text); i++) {
        letter = substr(text, i, 1)
        if (letter ~ /[[(]/ && depth++ == 0)
            continue
        if (letter ~ /[])]/ && --depth == 0)
            break
        if (letter == "," && depth == 1) {
            words[++count] = trim(word)
            word = ""
        } else
            word = word letter
    }
    words[++count] = trim(word)
    return count
}
function trim(word) {
    gsub(/^[ \t]+|[ \t]+$/, "", word)
    return word
}

# A call of a tile's operation or of a function that holds one: where it stands, in what, with which words.
function add_call(name, text,    words, i, count) {
    calls++
    call_name[calls] = name
    call_line[calls] = line
    call_function[calls] = function_name
    call_count[calls] = count = split_words(text, words)
    for (i = 1; i <= count; i++)
        call_word[calls, i] = words[i]
}

function read_definition(text,    words, i, count) {
    sub(/^.*void /, "", text)
    function_name = text
    sub(/\(.*/, "", function_name)
    count = split_words(substr(text, length(function_name) + 1), words)
    for (i = 1; i <= count; i++) {
        sub(/^.*[ *]/, "", words[i])
        place[function_name, words[i]] = i
    }
}

# "(5 * 1)" is 5.
function product_of(text,    factors, i, count, product) {
    gsub(/[() ]/, "", text)
    count = split(text, factors, "*")
    product = 1
    for (i = 1; i <= count; i++)
        product *= factors[i]
    return product
}

# Multiply-adds of a tile's loop. Two pixels, or two taps, may share a vector, and then pixels go to two tiles of sums in turn.
function numbers_of(call, rows, vectors) {
    if (call_name[call] ~ /_multiply_pairs$/)
        return int((rows + 1) / 2) * call_width[call]
    if (call_name[call] ~ /_outer_pairs$/)
        return 2 * rows * int((product_of(vectors) + 1) / 2) * call_width[call]
    return rows * vectors * call_width[call]
}

# Follows a call outward until its rows are a number: each way there is one loop to find. Where a line calls with several
# numbers of rows (TILE_EXAMPLES), its key has as many options.
function add_expected(call, outermost, key, rows, vectors, label,    i, j, at) {
    if (rows == "0") # TILE_EXAMPLES without a rest
        return
    if (rows ~ /^[0-9]+$/) {
        j = ++options[key]
        key_expected[key, j] = numbers_of(call, rows, vectors)
        key_row[key, j] = call_name[call] ~ /_pairs$/ ? key_expected[key, j] : \
                          call_name[call] ~ /_some/ ? product_of(vectors) * call_width[call] : rows * call_width[call]
        key_label[key, j] = label " " rows (label ~ /_multiply_pairs$/ ? "" : "x" product_of(vectors))
        key_count++
        return
    }
    at = place[call_function[outermost], rows]
    for (i = 1; at && i <= calls; i++)
        if (call_name[i] == call_function[outermost])
            add_expected(call, i, key "<" call_line[i], call_word[i, at], vectors, label)
}

# Those of a dense layer are told their vectors first and their rows last: tile8_affine(F5_VECTORS, …, n, 6).
function expect_loops(    i, lanes, rows, vectors) {
    for (i = 1; i <= calls; i++)
        if (call_name[i] ~ /^tile[0-9]+_/) {
            lanes = call_name[i]
            gsub(/[^0-9]/, "", lanes)
            call_width[i] = lanes * 4 > bytes ? lanes * 4 / bytes : 1
            rows = call_name[i] ~ /_(affine|product)/ ? call_count[i] : 1
            vectors = rows == 1 ? 2 : 1
            add_expected(i, i, call_line[i], call_word[i, rows], call_word[i, vectors],
                         call_function[i] ":" call_line[i] " " call_name[i])
        }
}

# The loop to find that an instruction belongs to: the lines of NAME.c that it was inlined by, from the inside out.
function key_of_chain(    i, key) {
    for (i = 1; i <= chain_length; i++) {
        key = i == 1 ? chain[i] : key "<" chain[i]
        if (key in options)
            return key
    }
    return ""
}

function is_multiply_add(name) {
    return bytes == 16 && !is_arm ? name == "mulps" : name ~ /^vfn?m(add|sub)[0-9]+ps$/ || name == "fmla"
}

# A function's instructions are known: its loops are its jumps backward, innermost where no other lies within.
function end_function(    i, k, edges, from, to, is_innermost) {
    edges = 0
    for (i = 1; i <= count; i++)
        if (target[i] in index_of && index_of[target[i]] <= i) {
            to[++edges] = i
            from[edges] = index_of[target[i]]
        }
    for (i = 1; i <= edges; i++) {
        is_innermost = 1
        for (k = 1; k <= edges; k++)
            if (k != i && from[k] >= from[i] && to[k] <= to[i] && (from[k] > from[i] || to[k] < to[i]))
                is_innermost = 0
        if (is_innermost)
            measure_loop(from[i], to[i])
    }
    count = 0
    has_frame = 0
    split("", index_of)
    split("", target)
}

# Not what has an index: that is an array, which a loop walks.
function is_stack(operands) {
    return operands ~ /\(%rsp\)|\[sp[],]/ && operands !~ /\[sp, x/ ||
        (has_frame && operands ~ /\(%rbp\)|\[x29[],]/ && operands !~ /\[x29, x/)
}

function is_memory(i) {
    return operands[i] ~ (is_arm ? "\\[" : "\\(") && name[i] !~ /^lea|nop|^fmla|^mov$/
}
function is_store(i) {
    return is_arm ? name[i] ~ /^st/ : (operands[i] ~ /\)$/ && name[i] ~ /mov/)
}

# Counts what a loop does. A bound or an address that waits on the stack costs little; a vector there is a number of the tile.
function measure_loop(from, to,    i, key, sums, loads, stores, others, writes, reads) {
    for (i = from; i <= to; i++)
        if (is_multiply_add(name[i]))
            sums[key_at[i]]++
        else if (!is_memory(i))
            others++
    for (i = from; i <= to; i++)
        if (is_memory(i) && is_stack(operands[i]) && operands[i] ~ vector) {
            if (is_store(i))
                writes++
            else
                reads++
        } else if (is_memory(i) && is_store(i))
            stores++
        else if (is_memory(i))
            loads++
    for (key in sums)
        if (key != "")
            judge_loop(key, sums[key], writes > reads ? writes : reads + 0,
                       sprintf("%3d loads %3d stores %3d others", loads, stores, others))
}

# The option with the most numbers, of those whose number of them divides what was found; 0: none.
function fitting_option(key, found, numbers,    j, option) {
    for (j = 1; j <= options[key]; j++)
        if (found % numbers[key, j] == 0 && (!option || numbers[key, j] > numbers[key, option]))
            option = j
    return option + 0
}

# A loop may go several steps at once, and leave out vectors that a last panel never stores. Once in several steps a number may
# go to the stack and back, not in each.
function judge_loop(key, found, on_stack, counts,    option, wanted, steps, verdict) {
    option = fitting_option(key, found, key_expected)
    if (!option)
        option = fitting_option(key, found, key_row)
    if (!option)
        option = 1
    wanted = key_expected[key, option]
    steps = found < wanted ? 1 : found / wanted
    if (found % wanted == 0)
        is_found[key, option] = 1
    else if (found % key_row[key, option] != 0)
        verdict = "LOST: " wanted " multiply-adds expected"
    if (on_stack >= steps)
        verdict = (verdict ? verdict ", " : "LOST: ") on_stack " numbers on the stack"
    if (verdict)
        failed = 1
    if (verdict || all)
        printf "%-56s %4d multiply-adds %s  %s\n", key_label[key, option], found, counts, verdict
}

BEGIN {
    is_arm = (machine == "aarch64")
    vector = is_arm ? "^{?[qvsd][0-9]" : "%[xyz]mm"
}

# The preprocessed C: only what stands in the generated file itself.
NR == FNR && /^# [0-9]+ "/ {
    line = $2 - 1
    is_own = is_source(substr($3, 2, length($3) - 2))
    next
}
NR == FNR {
    line++
    if (!is_own)
        next
    if (/^static .*void [a-z0-9_]+\(/)
        read_definition($0)
    else
        for (text = $0; match(text, /[A-Za-z0-9_]+\(/); text = substr(text, RSTART + RLENGTH)) {
            call = substr(text, RSTART, RLENGTH - 1)
            if (call ~ /^tile[0-9]+_(multiply(_some)?(_images|_pairs)?|outer(_pairs)?|outer_product|affine(_relu|_leaky_relu)?|channels)$/ || call !~ /^tile[0-9]+_/)
                add_call(call, substr(text, RSTART + RLENGTH - 1))
        }
    next
}

# The disassembly.
FNR == 1 { expect_loops() }
/^[0-9a-f]+ <.*>:$/ {
    end_function()
    next
}
/^inlined by / {
    sub(/^inlined by /, "")
    sub(/ \(.*\)$/, "")
    sub(/ \(discriminator.*/, "")
    where = $0
    sub(/:[0-9]+$/, "", where)
    if (is_source(where)) {
        sub(/^.*:/, "")
        chain[++chain_length] = $0
    }
    next
}
/^ *[0-9a-f]+:\t/ {
    count++
    split($0, fields, "\t")
    address = trim(fields[1])
    index_of[substr(address, 1, length(address) - 1)] = count
    name[count] = $2
    operands[count] = fields[2]
    sub(/^[^ \t]+[ \t]*/, "", operands[count])
    if (fields[3] != "")
        operands[count] = fields[3]
    target[count] = ""
    if (match($0, /[ \t][0-9a-f]+ </))
        target[count] = substr($0, RSTART + 1, RLENGTH - 3)
    if ($0 ~ /mov +%rsp,%rbp|mov\tx29, sp/)
        has_frame = 1
    key_at[count] = key_of_chain()
    chain_length = 0
}

END {
    end_function()
    for (key in key_label)
        if (!(key in is_found)) {
            printf "%-64s LOST: no loop has its %d multiply-adds\n", key_label[key], key_expected[key]
            failed = 1
        }
    if (!key_count) {
        print source ": no tile is called with literal rows"
        failed = 1
    }
    exit failed
}
