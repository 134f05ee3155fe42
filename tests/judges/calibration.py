"""Where tests/unit/calibration_reference.h comes from: scikit-learn, SciPy and, where it is installed, netcal.

    python3 tests/judges/calibration.py > tests/unit/calibration_reference.h
    python3 tests/judges/calibration.py --check tests/unit/calibration_reference.h

Logits and targets are made of whole numbers, so that tests/unit/test_metrics_calibration.c makes the same.
"""
import re
import sys

import numpy
from scipy import optimize, special, stats
from sklearn import metrics

COUNT, BINS = 400, 15


def rows(classes):
    """Logits that are eighths, and targets that the largest logit hits in about half of the cases."""
    i, k = numpy.arange(COUNT)[:, None], numpy.arange(classes)[None, :]
    logits = ((i * 7919 + k * 104729 + i * k * 31) % 97 - 48) / 8
    i = i[:, 0]
    targets = numpy.where(i % 7 < 3, (i * i + 3 * i) % classes, logits.argmax(1))
    return logits, targets


def nll(temperature, logits, targets):
    return metrics.log_loss(targets, special.softmax(logits / temperature, 1), labels=range(logits.shape[1]))


def ece(p, targets):
    """The definition, with bins that are closed above as those of Guo et al. 2017."""
    confidence, hits = p.max(1), p.argmax(1) == targets
    edges = numpy.linspace(0, 1, BINS + 1)
    total = 0
    for low, high in zip(edges, edges[1:]):
        inside = (confidence > low) & (confidence <= high)
        total += abs(hits[inside].sum() - confidence[inside].sum())
    return total / len(p)


def netcal_agrees(p, targets, value):
    try:
        from netcal.metrics import ECE
    except ImportError:
        return
    theirs = ECE(BINS).measure(p[:, 1] if p.shape[1] == 2 else p, targets)
    if p.shape[1] > 2 and abs(theirs - value) > 1e-9:  # of two classes it bins p[1]
        sys.exit(f"netcal has ECE {theirs}, the definition {value}")


def figures(classes):
    logits, targets = rows(classes)
    best = optimize.minimize_scalar(lambda u: nll(numpy.exp(u), logits, targets), bounds=(-3, 5), method="bounded",
                                    options={"xatol": 1e-12})
    # The least is flat: its place is where the slope is 0.
    def slope(beta):
        p = special.softmax(beta * logits, 1)
        return ((p * logits).sum(1) - logits[numpy.arange(COUNT), targets]).mean()
    temperature = 1 / optimize.brentq(slope, 0.5 / numpy.exp(best.x), 2 / numpy.exp(best.x), xtol=1e-15, rtol=1e-15)
    yield "temperature", temperature
    for name, value in ("", 1), ("_after", temperature):
        p = special.softmax(logits / value, 1)
        netcal_agrees(p, targets, ece(p, targets))
        labels = list(range(classes))
        brier = metrics.brier_score_loss(targets, p, labels=labels) if classes > 2 else metrics.brier_score_loss(targets, p[:, 1])
        yield "nll" + name, metrics.log_loss(targets, p, labels=labels)
        yield "brier" + name, brier
        yield "ece" + name, ece(p, targets)
        yield "entropy" + name, stats.entropy(p, axis=1).mean()


def lines():
    yield "/* Made by tests/judges/calibration.py: what scikit-learn and SciPy compute of the logits in"
    yield " * test_metrics_calibration.c, and its definition for the ECE. */"
    yield f"enum {{ EXAMPLES = {COUNT} }};"
    for classes in 5, 2:
        for name, value in figures(classes):
            yield f"static const double {name}_of_{classes} = {value:.11g};"


def numbers(text):
    return {name: float(value) for name, value in re.findall(r"double (\w+) = ([^;]+);", text)}


def main():
    text = "\n".join(lines()) + "\n"
    if sys.argv[1:2] != ["--check"]:
        print(text, end="")
        return
    ours, theirs = numbers(open(sys.argv[2]).read()), numbers(text)
    worst = max(abs(ours[name] - theirs[name]) for name in theirs)
    print(f"{len(theirs)} figures of calibration, largest difference {worst:.3g}")
    sys.exit(0 if worst < 1e-9 and ours.keys() == theirs.keys() else 1)


if __name__ == "__main__":
    main()
