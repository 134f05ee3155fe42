"""Where tests/unit/groups_reference.h comes from: fairlearn's MetricFrame and fairness metrics, scikit-learn below it.

    python3 tests/judges/groups.py > tests/unit/groups_reference.h
    python3 tests/judges/groups.py --check tests/unit/groups_reference.h

Classes, numbers and groups are made of whole numbers, so that tests/unit/test_metrics_groups.c makes the same. Of several
classes fairlearn has no parity: each class against all others is one, and the largest gap counts.
"""
import re
import sys

import numpy
from fairlearn import metrics as fair
from sklearn import metrics

COUNT = 210
i = numpy.arange(COUNT)
GROUP = numpy.where(i % 7 < 4, 0, numpy.where(i % 7 < 6, 1, 2))


def made(classes):
    target = (i * i + i // 3) % classes
    return target, numpy.where(i % 5 < 2 + GROUP, target, (target + i // 2) % classes)


def by_group(functions, target, prediction):
    frame = fair.MetricFrame(metrics=functions, y_true=target, y_pred=prediction, sensitive_features=GROUP)
    return {name: list(frame.by_group[name]) for name in functions}


def two_classes():
    target, prediction = made(2)
    shown = by_group({"accuracy": metrics.accuracy_score, "precision": metrics.precision_score,
                      "recall": metrics.recall_score, "f1": metrics.f1_score, "selection_rate": fair.selection_rate,
                      "false_positive_rate": fair.false_positive_rate}, target, prediction)
    group = {"sensitive_features": GROUP}
    accuracy = fair.MetricFrame(metrics=metrics.accuracy_score, y_true=target, y_pred=prediction, **group)
    return shown, [accuracy.difference(), fair.demographic_parity_difference(target, prediction, **group),
                   fair.equalized_odds_difference(target, prediction, **group),
                   fair.demographic_parity_ratio(target, prediction, **group),
                   fair.equalized_odds_ratio(target, prediction, **group)]


def many_classes():
    target, prediction = made(4)
    macro = {"average": "macro", "zero_division": 0}
    shown = by_group({"accuracy": metrics.accuracy_score,
                      "precision": lambda y, p: metrics.precision_score(y, p, **macro),
                      "recall": lambda y, p: metrics.recall_score(y, p, **macro),
                      "f1": lambda y, p: metrics.f1_score(y, p, **macro)}, target, prediction)
    group = {"sensitive_features": GROUP}
    accuracy = fair.MetricFrame(metrics=metrics.accuracy_score, y_true=target, y_pred=prediction, **group)

    def each(function):
        return [function((target == k).astype(int), (prediction == k).astype(int), **group) for k in range(4)]
    parity, odds = each(fair.demographic_parity_difference), each(fair.equalized_odds_difference)
    return shown, [accuracy.difference(), max(parity), max(odds), min(each(fair.demographic_parity_ratio)),
                   min(each(fair.equalized_odds_ratio)), parity.index(max(parity)), odds.index(max(odds))]


def reals():
    target, mean = (i * 37 % 101 - 50) / 8, (i * 37 % 101 + i * i % 23 * (1 + GROUP) - 60) / 8
    sigma = 0.5 + i % 3 / 2
    shown = by_group({"rmse": lambda y, p: metrics.mean_squared_error(y, p) ** 0.5,
                      "mae": metrics.mean_absolute_error, "r_squared": metrics.r2_score}, target, mean)
    inside = numpy.abs(target - mean) <= 1.959963984540054 * sigma
    shown["coverage"] = [inside[GROUP == g].mean() for g in range(3)]
    return shown, [max(shown[name]) - min(shown[name]) for name in ("rmse", "coverage")]


def line(name, numbers):
    return f"static const double {name}[] = {{{', '.join(f'{float(number):.15g}' for number in numbers)}}};"


def header():
    lines = ["/* Made by tests/judges/groups.py; see there. */", "enum { EXAMPLES = 210, GROUPS = 3 };"]
    for name, (shown, gaps) in {"two": two_classes(), "many": many_classes(), "real": reals()}.items():
        lines += [line(f"{name}_{metric}", values) for metric, values in shown.items()]
        lines.append(line(f"{name}_gaps", gaps))
    return "\n".join(lines) + "\n"


def main():
    if len(sys.argv) == 1:
        print(header(), end="")
        return
    with open(sys.argv[2], encoding="utf-8") as file:
        kept = file.read()
    numbers = [[float(n) for n in re.findall(r"[-+]?\d+\.?\d*(?:e[-+]?\d+)?", re.sub(r"[a-z_0-9]*\[\]", "", text))]
               for text in (kept, header())]
    if len(numbers[0]) != len(numbers[1]) or not numpy.allclose(*numbers, rtol=1e-12, atol=1e-14):
        sys.exit("fairlearn has other figures now")
    print("the same figures of groups")


main()
