"""The lasso path of a sweep beside scikit-learn's: every coefficient within 1e-3 of the largest at its λ, zeros the same but near a knot.

    lasso_path.py WEIGHTS.csv DIABETES.csv     weights.csv of examples/lasso-path
"""
import csv
import sys

import numpy as np
from sklearn.linear_model import lasso_path

rows = list(csv.reader(open(sys.argv[1])))
data = np.array([[float(x) for x in row] for row in list(csv.reader(open(sys.argv[2])))[1:]])
x, y = data[:, :10] - data[:, :10].mean(0), data[:, 10] - data[:, 10].mean()
x /= np.linalg.norm(x, axis=0)
l1 = np.array([float(row[1]) for row in rows[1:]])
ours = np.array([[float(c) for c in row[2:]] for row in rows[1:]])


def path(alphas):
    order = np.sort(alphas)[::-1]
    _, coefficients, _ = lasso_path(x, y, alphas=order, tol=1e-12, max_iter=1000000)
    return coefficients.T[::-1]


theirs, below, above = path(l1 / 2), path(l1 / 2 * 0.999), path(l1 / 2 * 1.001)
largest = np.abs(theirs).max(1)
error = (np.abs(ours - theirs).max(1) / np.where(largest > 0, largest, 1)).max()
zeros = ((ours == 0) != (theirs == 0)) & ((theirs == 0) == (below == 0)) & ((theirs == 0) == (above == 0))
print(f"largest difference {error:.2e} of the largest coefficient at its λ; {zeros.sum()} zeros differ")
sys.exit(int(error > 1e-3 or zeros.any()))
