"""PyTorch as judge of `attack`: the same weights, the same inputs, FGSM and PGD written out, in double.

    python3 tests/judges/attack.py build/netc             both compute; 1e-5 may differ
    python3 tests/judges/attack.py build/netc --write     prints what tests/attack/examples.expected holds

ε bounds what is added to the data as scaled (0 to 1), which the network then sees standardized.
"""
import csv
import json
import os
import struct
import subprocess
import sys
import tempfile

import torch
import torch.nn.functional as F

from pytorch import read_tensors

torch.set_default_dtype(torch.float64)
HERE = os.path.dirname(os.path.abspath(__file__))
COUNT = 4


class Judged(torch.nn.Module):
    """The network of tests/attack/prepare, in evaluation mode."""

    def __init__(self, mean, deviation):
        super().__init__()
        self.mean, self.deviation = mean.reshape(1, 2, 1, 1), deviation.reshape(1, 2, 1, 1)
        self.a = torch.nn.Conv2d(2, 4, 3, padding=1)
        self.b = torch.nn.Conv2d(4, 5, 3, bias=False)
        self.b_batchnorm = torch.nn.BatchNorm2d(5)
        self.f = torch.nn.Linear(5, 3)

    def forward(self, x):
        x = (x - self.mean) / self.deviation
        x = F.max_pool2d(F.relu(self.a(x)), 2)
        return self.f(torch.tanh(self.b_batchnorm(self.b(x))).flatten(1))


def gradient(net, x, target):
    x = x.detach().requires_grad_(True)
    F.cross_entropy(net(x), target, reduction="sum").backward()
    return x.grad


def length(x):
    return x.flatten(1).norm(dim=1).reshape(-1, 1, 1, 1)


def attack(net, x, target, low, high, epsilon, norm, steps=1, step=None):
    step = step or (epsilon if steps == 1 else 2.5 * epsilon / steps)
    moved = x.clone()
    for _ in range(steps):
        g = gradient(net, moved, target)
        if norm == "inf":
            assert g.abs().min() > 1e-7, "a sign that rounding may decide"
            change = (moved + step * g.sign() - x).clamp(-epsilon, epsilon)
        else:
            change = moved + step * g / length(g) - x
            change = change * torch.clamp(epsilon / length(change), max=1)
        moved = torch.max(torch.min(x + change, high), low)
    return moved


CASES = {
    "fgsm_inf": (0.1, "inf"),
    "fgsm_2": (0.5, "2"),
    "pgd_inf": (0.1, "inf", 7, 0.03),
    "pgd_2": (0.5, "2", 7),
}


def main():
    with tempfile.TemporaryDirectory() as work:
        subprocess.run([HERE + "/../attack/prepare", sys.argv[1], work], check=True)
        rows = list(csv.reader(open(work + "/points.csv")))[1:]
        path = work + "/run/model.safetensors"
        data = open(path, "rb").read()
        header = json.loads(data[8:8 + struct.unpack("<Q", data[:8])[0]])
        preparation = json.loads(header["__metadata__"]["preparation"])
        state = read_tensors(path)
        saved = {name: read_tensors(f"{work}/{name}.safetensors") for name in CASES}
    x = torch.tensor([[float(number) for number in row[:-1]] for row in rows]).reshape(-1, 6, 6, 2).permute(0, 3, 1, 2) / 10
    low, high = x.amin((0, 2, 3)).reshape(1, 2, 1, 1), x.amax((0, 2, 3)).reshape(1, 2, 1, 1)
    net = Judged(torch.tensor(preparation["input_mean"]), torch.tensor(preparation["input_deviation"]))
    missing = net.load_state_dict(state, strict=False)
    assert all("num_batches" in name for name in missing.missing_keys) and not missing.unexpected_keys, missing
    net.eval()
    x, target = x[:COUNT], torch.tensor([int(row[-1]) for row in rows])[:COUNT]
    for name, case in CASES.items():
        moved = attack(net, x, target, low, high, *case)
        if "--write" in sys.argv:
            print(name + ": " + " ".join(f"{number:.7g}" for number in moved.flatten().tolist()))
            continue
        error = (saved[name][f"epsilon_{case[0]:g}"] - moved).abs().max().item()
        print(f"{name}: {error:.1e}")
        assert error < 1e-5, name


main()
