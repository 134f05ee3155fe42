"""Where tests/unit/power_law_reference.h comes from: the power law a + b n^-c of learning curves as SciPy's curve_fit has it, with
its standard errors.

    python3 tests/judges/power_law.py | clang-format > tests/unit/power_law_reference.h
    python3 tests/judges/power_law.py --check tests/unit/power_law_reference.h

Weighted by the figures themselves (sigma=y), the residuals are relative. Where the least squares within a >= 0 have a = 0 the two
unknowns that are left are fitted again, so that the errors are those of two.
"""
import re
import sys

import numpy
from scipy.optimize import curve_fit, least_squares

TIGHT = {"ftol": 1e-15, "xtol": 1e-15, "gtol": 1e-15}


def law(n, a, b, c):
    return a + b * n ** -c


def points(counts, seeds, noise, a, b, c):
    """Several runs of each count, whose noise is made of whole numbers; as many digits as a table has."""
    n = numpy.repeat(numpy.array(counts, float), seeds)
    i = numpy.arange(len(n))
    y = law(n, a, b, c) * (1 + noise * ((i * 7919 + i * i * 31 + 13) % 97 - 48) / 48)
    return n, numpy.array([float(f"{value:.6g}") for value in y])


# examples/learning-curve: seeds 1 to 3 of each share.
MEASURED = numpy.repeat([600.0, 1200, 3000, 6000, 12000, 30000, 60000], 3)
NARROW = numpy.array([0.2937, 0.275, 0.2721, 0.2451, 0.226, 0.2333, 0.1946, 0.1968, 0.1951, 0.1786, 0.1754, 0.1758,
                      0.1701, 0.1697, 0.1664, 0.1581, 0.1583, 0.1574, 0.1527, 0.15, 0.1508])
WIDE = numpy.array([0.2202, 0.217, 0.231, 0.1963, 0.1933, 0.2042, 0.1775, 0.1738, 0.172, 0.1608, 0.157, 0.1519,
                    0.1414, 0.141, 0.1398, 0.1235, 0.1228, 0.1254, 0.1099, 0.1121, 0.112])

SETS = {
    "exact": points([600, 1800, 6000, 18000, 54000], 1, 0, 0.07, 3.6, 0.42),
    "noisy": points([540, 1080, 2700, 5400, 13500, 27000, 54000], 3, 0.08, 0.05, 2, 0.5),
    "without_limit": points([100, 200, 400, 800, 1600, 3200], 2, 0.03, 0, 5, 0.35),
    # Falls ever faster, so that least squares alone would have a below 0.
    "below_zero": (numpy.array([100.0, 300, 1000, 3000, 10000]), numpy.array([0.5, 0.4, 0.27, 0.15, 0.06])),
    "steep": points([4, 8, 16, 32, 64], 2, 0.05, 0.3, 20, 1.6),
    "shallow": points([1000, 4000, 16000, 64000, 256000], 2, 0.002, 1.2, 3, 0.1),
    "narrow": (MEASURED, NARROW),
    "wide": (MEASURED, WIDE),
    "mostly_limit": points([50, 100, 200, 400, 800, 1600], 4, 0.02, 2500, 90000, 1.1),
}


def fit(n, y):
    def residuals(unknowns):
        return (law(n, *unknowns) - y) / y
    starts = [(part * y.min(), (y.max() - part * y.min()) * n.min() ** c, c) for part in (0.1, 0.5, 0.9) for c in (0.1, 0.3, 0.6, 1.2)]
    found = [least_squares(residuals, start, bounds=([0, 0, 0.01], [numpy.inf, numpy.inf, 5]), x_scale="jac", max_nfev=20000, **TIGHT)
             for start in starts]
    a, b, c = min(found, key=lambda result: result.cost).x
    if a > 1e-6 * y.min():
        values, covariance = curve_fit(law, n, y, (a, b, c), sigma=y, maxfev=100000, **TIGHT)
        errors = numpy.sqrt(numpy.diag(covariance))
    else:
        two, part = curve_fit(lambda n, b, c: law(n, 0, b, c), n, y, (b, c), sigma=y, maxfev=100000, **TIGHT)
        values, covariance = numpy.array([0, *two]), numpy.zeros((3, 3))
        covariance[1:, 1:] = part
        errors = numpy.array([numpy.nan, *numpy.sqrt(numpy.diag(part))])
    twice = 2 * n.max()
    by = numpy.array([1, twice ** -values[2], -values[1] * numpy.log(twice) * twice ** -values[2]])
    deviation = numpy.sqrt((residuals(values) ** 2).sum() / (len(n) - numpy.isfinite(errors).sum()))
    return [*values, *errors, deviation, law(twice, *values), numpy.sqrt(by @ covariance @ by)]


def numbers(values):
    return ", ".join("NAN" if numpy.isnan(value) else f"{value:.12g}" for value in values)


def header():
    yield "/* Made by tests/judges/power_law.py; see there. Of a law: a, b, c, their standard errors, the deviation of"
    yield " * the points, the value at twice the most examples and its standard error. */"
    for name, (n, y) in SETS.items():
        yield f"static const double {name}_n[] = {{{numbers(n)}}};"
        yield f"static const double {name}_y[] = {{{numbers(y)}}};"
        yield f"static const double {name}_law[] = {{{numbers(fit(n, y))}}};"


def read(text):
    return {name: [float(value) for value in values.split(",")] for name, values in re.findall(r"(\w+)\[\] = \{([^}]*)\};", text)}


def main():
    text = "\n".join(header()) + "\n"
    if sys.argv[1:2] != ["--check"]:
        print(text, end="")
        return
    ours, theirs = read(open(sys.argv[2]).read()), read(text)
    worst = max(numpy.nanmax(numpy.abs(numpy.array(ours[name]) / numpy.where(numpy.array(theirs[name]) == 0, 1, theirs[name])
                                       - (numpy.array(theirs[name]) != 0))) for name in theirs)
    print(f"{len(SETS)} power laws, largest difference {worst:.3g}")
    sys.exit(int(ours.keys() != theirs.keys() or worst > 1e-5))


if __name__ == "__main__":
    main()
