"""Where tests/unit/calibration_reference.h and familiarity_reference.h come from: scikit-learn, SciPy and, where it is
installed, netcal.

    python3 tests/judges/calibration.py            writes them
    python3 tests/judges/calibration.py --check    compares

Logits and targets are made of whole numbers, so that tests/unit/test_metrics_rows.h makes the same.
"""
import os
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


def density(logits, targets, z):
    """The definition: a normal distribution for each class, its covariance drawn to that of all, and a ridge."""
    count, classes = logits.shape
    off = [logits[targets == k] - logits[targets == k].mean(0) for k in range(classes)]
    squares = [o.T @ o for o in off]
    pooled = sum(squares) / count
    parts = []
    for k in range(classes):
        covariance = (squares[k] + 2 * classes * pooled) / (len(off[k]) + 2 * classes)
        covariance += 1e-3 * numpy.trace(pooled) / classes * numpy.eye(classes)
        normal = stats.multivariate_normal(logits[targets == k].mean(0), covariance)
        parts.append(numpy.log(len(off[k]) / count) + normal.logpdf(z))
    return special.logsumexp(parts, axis=0)


def scores():
    logits, targets = rows(5)
    strange = numpy.arange(5) * 0.75 - 1
    yield "density_mean", density(logits, targets, logits).mean()
    yield "density_strange", density(logits, targets, strange)
    energy = special.logsumexp(logits / 2, axis=1) * 2
    yield "energy_mean", energy.mean()
    third = numpy.arange(COUNT) % 3 == 0
    yield "auroc_of_energy", metrics.roc_auc_score(third, energy)
    yield "auroc_of_ties", metrics.roc_auc_score(third, numpy.arange(COUNT) * 7 % 11 + third)
    for share in 1e-6, 0.5, 0.9, 0.95, 0.999999:
        yield f"deviations_of_{share:g}".replace(".", "_").replace("-", "_"), stats.norm.isf((1 - share) / 2)


def calibration():
    for classes in 5, 2:
        for name, value in figures(classes):
            yield f"{name}_of_{classes}", value


FILES = {"calibration": calibration, "familiarity": scores}


def text_of(name):
    yield "/* Made by tests/judges/calibration.py: what scikit-learn and SciPy compute of the logits in"
    yield " * test_metrics_rows.h; of the ECE and of densities their definition. */"
    for figure, value in FILES[name]():
        yield f"static const double {figure} = {value:.11g};"


def numbers(text):
    return {name: float(value) for name, value in re.findall(r"double (\w+) = ([^;]+);", text)}


def main():
    worst = 0
    for name in FILES:
        path = f"{os.path.dirname(os.path.abspath(__file__))}/../unit/{name}_reference.h"
        text = "\n".join(text_of(name)) + "\n"
        if sys.argv[1:] != ["--check"]:
            open(path, "w").write(text)
            continue
        ours, theirs = numbers(open(path).read()), numbers(text)
        worst = max([worst] + [abs(ours.get(figure, numpy.inf) - theirs[figure]) for figure in theirs])
        print(f"{len(theirs)} figures of {name}, largest difference up to here {worst:.3g}")
    sys.exit(0 if worst < 1e-9 else 1)


if __name__ == "__main__":
    main()
