"""A .net text made as small as it gets while something still fails.

    shrink(text, fails)     fails(text) -> bool; false, too, for what netc refuses
    python3 tests/judges/shrink.py FILE.net COMMAND…     COMMAND with a file behind it fails as long as it exits with 1
"""
import os
import subprocess
import sys
import tempfile


def without_lines(lines):
    """Runs of lines with as many braces opened as closed, the longest first."""
    for length in sorted({max(1, len(lines) >> shift) for shift in range(8)}, reverse=True):
        for begin in range(0, len(lines) - length + 1):
            part = "".join(lines[begin:begin + length])
            if part.count("{") == part.count("}"):
                yield lines[:begin] + lines[begin + length:]


def without_frames(lines):
    """`add {`, `path {` and the brace that closes them, what stands within left."""
    for begin, line in enumerate(lines):
        if not line.rstrip().endswith("{") or line.lstrip().startswith(("net ", "train ", "block ")):
            continue
        depth = 0
        for end in range(begin, len(lines)):
            depth += lines[end].count("{") - lines[end].count("}")
            if depth == 0:
                yield lines[:begin] + lines[begin + 1:end] + lines[end + 1:]
                break


def without_words(lines):
    for at, line in enumerate(lines):
        words = line.split()
        for word in range(len(words) - 1, 0, -1):
            if words[word] not in "{}":
                yield lines[:at] + [" ".join(words[:word] + words[word + 1:]) + "\n"] + lines[at + 1:]


def smaller_numbers(lines):
    for at, line in enumerate(lines):
        words = line.split(" ")
        for word, text in enumerate(words):
            number = text.strip()
            if number.isdigit() and int(number) > 1:
                for less in {1, int(number) // 2, int(number) - 1}:
                    yield lines[:at] + [" ".join(words[:word] + [text.replace(number, str(less))] + words[word + 1:])] + lines[at + 1:]


def shrink(text, fails):
    lines = text.splitlines(keepends=True)
    found = True
    while found:
        found = False
        for ways in (without_lines, without_frames, without_words, smaller_numbers):
            again = True
            while again:
                again = False
                for candidate in ways(lines):
                    if fails("".join(candidate)):
                        lines, again, found = candidate, ways is not smaller_numbers, True
                        break
    return "".join(lines)


def main():
    with tempfile.NamedTemporaryFile("w", suffix=".net") as file:
        def fails(text):
            file.seek(0)
            file.truncate()
            file.write(text)
            file.flush()
            return subprocess.run([*sys.argv[2:], file.name], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 1
        print(shrink(open(sys.argv[1]).read(), fails), end="")


if __name__ == "__main__":
    main()
