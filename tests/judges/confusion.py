"""Where tests/unit/confusion_reference.h comes from: scikit-learn.

    python3 tests/judges/confusion.py > tests/unit/confusion_reference.h
    python3 tests/judges/confusion.py --check tests/unit/confusion_reference.h

Targets and predictions are made of whole numbers, so that tests/unit/test_metrics_confusion.c makes the same. Class 4 is
in no target, class 3 in no prediction, class 6 in neither.
"""
import sys

import numpy
from sklearn import metrics

COUNT, CLASSES = 500, 7


def rows():
    i = numpy.arange(COUNT)
    targets = (i * 7919 + i // 5) % 6
    targets[targets == 4] = 2
    predicted = numpy.where(i % 3 == 0, (targets + i % 5) % 6, targets)
    predicted[predicted == 3] = 1
    return targets, predicted


def array(name, values):
    texts = ("NAN" if numpy.isnan(value) else f"{value:.11g}" for value in values)
    return f"static const double reference_{name}[CLASSES] = {{{', '.join(texts)}}};"


def lines():
    targets, predicted = rows()
    labels = range(CLASSES)
    precision, recall, f1, _ = metrics.precision_recall_fscore_support(targets, predicted, labels=labels,
                                                                       zero_division=numpy.nan)
    table = metrics.confusion_matrix(targets, predicted, labels=labels)
    iou = metrics.jaccard_score(targets, predicted, labels=labels, average=None, zero_division=0)
    f1[table.sum(0) + table.sum(1) == 0] = numpy.nan
    iou[table.sum(0) + table.sum(1) == 0] = numpy.nan
    yield "/* Made by tests/judges/confusion.py: what scikit-learn computes of the classes in"
    yield " * test_metrics_confusion.c. */"
    yield f"enum {{ EXAMPLES = {COUNT}, CLASSES = {CLASSES} }};"
    yield "static const size_t reference_pairs[CLASSES][CLASSES] = {"
    for row in table:
        yield f"    {{{', '.join(map(str, row))}}},"
    yield "};"
    yield array("precision", precision)
    yield array("recall", recall)
    yield array("f1", f1)
    yield array("iou", iou)
    yield f"static const double reference_mean_iou = {metrics.jaccard_score(targets, predicted, average='macro', zero_division=0):.11g};"
    yield f"static const double reference_macro_f1 = {metrics.f1_score(targets, predicted, average='macro', zero_division=0):.11g};"


def main():
    text = "\n".join(lines()) + "\n"
    if sys.argv[1:2] != ["--check"]:
        print(text, end="")
        return
    words = lambda text: text.replace("{", " ").replace("}", " ").split()
    same = words(open(sys.argv[2]).read()) == words(text)
    print("precision, recall, F1 and IoU of", CLASSES, "classes:", "the same" if same else "others")
    sys.exit(0 if same else 1)


if __name__ == "__main__":
    main()
