"""Where the numbers of tests/train/trajectories come from: the same settings, data and start in PyTorch, in double.

    python3 tests/judges/trajectories.py [CASE…]

What it prints is tests/train/trajectories.txt: a case and the weights that netc must keep, those of each unit, then the biases. One layer that starts from zeros
and batches of all examples leave nothing to chance; with `dev` the best weights on those four examples are kept.
"""
import copy
import csv
import os
import sys

import torch
from torch.nn import functional

POINTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../train/points")
EPOCHS = 50


def read(name):
    rows = list(csv.DictReader(open(f"{POINTS}/{name}.csv")))
    column = {key: torch.tensor([float(row[key]) for row in rows], dtype=torch.float64) for key in rows[0]}
    return torch.stack([column["a"], column["b"]], 1), column


def read_maps():
    """Pictures of 3x4 with a class, and two times yes or no, for each pixel; channels stand last in the file."""
    rows = list(csv.DictReader(open(f"{POINTS}/maps.csv")))

    def image(letter, channels):
        numbers = [[float(row[f"{letter}{i}"]) for i in range(12 * channels)] for row in rows]
        return torch.tensor(numbers, dtype=torch.float64).reshape(-1, 3, 4, channels).permute(0, 3, 1, 2)
    return image("x", 1), {"class": image("c", 1)[:, 0], "answer": image("b", 2)}


def cross_entropy(z, column, **settings):
    # ours is the mean over examples, whatever the weights of their classes
    return functional.cross_entropy(z, column["class"].long(), reduction="sum", **settings) / len(z)


def at_positions(z, column, **settings):
    return cross_entropy(z, column, **settings) / z[0, 0].numel()


def answers_at_positions(z, column):
    # summed over the channels of a position
    return functional.binary_cross_entropy_with_logits(z, column["answer"]) * z.shape[1]


def of_height(loss):
    return lambda z, column: loss(z[:, 0], column["height"])


def mean(averages, values, count):
    # torch's own get_swa_multi_avg_fn has the share in float32
    torch._foreach_lerp_(averages, values, 1 / (count.item() + 1))


WEIGHTS = torch.tensor([1, 2.5, 0.5], dtype=torch.float64)
CLASSES = {"loss": cross_entropy, "units": 3}
MAPS = {"maps": True, "loss": at_positions, "units": 3}
CASES = {
    "clip_norm": {**CLASSES, "clip": lambda p: torch.nn.utils.clip_grad_norm_(p, 0.2)},
    "clip_value": {**CLASSES, "clip": lambda p: torch.nn.utils.clip_grad_value_(p, 0.05)},
    "ema": {**CLASSES, "average": torch.optim.swa_utils.get_ema_multi_avg_fn(0.8), "from": 0, "dev": True},
    "swa": {**CLASSES, "average": mean, "from": 37},
    "onecycle": {**CLASSES, "schedule": lambda optimizer: torch.optim.lr_scheduler.OneCycleLR(
        optimizer, 0.5, total_steps=EPOCHS, cycle_momentum=False)},
    # absolute errors with a large rate: the best weights come after three falls of it
    "plateau": {"units": 1, "rate": 0.5, "loss": of_height(torch.nn.L1Loss()), "dev": True, "schedule": lambda optimizer:
                torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.5, patience=1)},
    "smoothing": {**CLASSES, "loss": lambda z, column: cross_entropy(z, column, label_smoothing=0.1)},
    "weights": {**CLASSES, "loss": lambda z, column: cross_entropy(z, column, weight=WEIGHTS, label_smoothing=0.2)},
    # of eight examples the six of class 0, which are alike, give four to an epoch, the two of class 1 two each
    "balance": {**CLASSES, "units": 2, "rows": "rare", "times": [4, 0, 0, 0, 0, 0, 2, 2]},
    "laplace": {"units": 1, "rate": 0.05, "loss": of_height(torch.nn.L1Loss())},
    "huber": {"units": 1, "rate": 0.05, "loss": of_height(torch.nn.HuberLoss(delta=0.5))},
    "poisson": {"units": 1, "rate": 0.05,
                "loss": lambda z, column: torch.nn.PoissonNLLLoss()(z[:, 0], column["count"])},
    "sgd": {**CLASSES, "optimizer": lambda p: torch.optim.SGD(p, lr=0.5)},
    "momentum": CLASSES,
    "nesterov": {**CLASSES, "optimizer": lambda p: torch.optim.SGD(p, lr=0.5, momentum=0.9, nesterov=True)},
    "adam": {**CLASSES, "optimizer": lambda p: torch.optim.Adam(p, lr=0.1)},
    "adamw": {**CLASSES, "optimizer": lambda p: torch.optim.AdamW(p, lr=0.1, weight_decay=0.05)},
    "rmsprop": {**CLASSES, "optimizer": lambda p: torch.optim.RMSprop(p, lr=0.05)},
    "adagrad": {**CLASSES, "optimizer": lambda p: torch.optim.Adagrad(p, lr=0.5)},
    "step": {**CLASSES, "schedule": lambda optimizer: torch.optim.lr_scheduler.StepLR(optimizer, 10, 0.5)},
    "exponential": {**CLASSES, "schedule": lambda optimizer: torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.95)},
    "cosine": {**CLASSES, "schedule": lambda optimizer: torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, EPOCHS)},
    "warmup": {**CLASSES, "schedule": lambda optimizer: torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, (step + 1) / 10))},
    "positions": MAPS,
    "positions_weights": {**MAPS, "loss": lambda z, column: at_positions(z, column, weight=WEIGHTS, label_smoothing=0.2)},
    "positions_bernoulli": {**MAPS, "loss": answers_at_positions, "units": 2},
}


def train(case):
    x, column = read_maps() if "maps" in case else read(case.get("rows", "train"))
    if "times" in case:
        times = torch.tensor(case["times"])
        x, column = x.repeat_interleave(times, 0), {"class": column["class"].repeat_interleave(times)}
    other, other_column = read("dev") if case.get("dev") else (x, column)
    layer = (torch.nn.Conv2d(1, case["units"], 3, padding=1, dtype=torch.float64) if "maps" in case else
             torch.nn.Linear(2, case["units"], dtype=torch.float64))
    for parameter in layer.parameters():
        torch.nn.init.zeros_(parameter)
    make = case.get("optimizer", lambda p: torch.optim.SGD(p, lr=case.get("rate", 0.5), momentum=0.9))
    optimizer = make(layer.parameters())
    schedule = case["schedule"](optimizer) if "schedule" in case else None
    average = torch.optim.swa_utils.AveragedModel(layer, multi_avg_fn=case["average"]) if "average" in case else None
    best, kept, rates = float("inf"), None, set()
    for epoch in range(EPOCHS):
        optimizer.zero_grad()
        case["loss"](layer(x), column).backward()
        if "clip" in case:
            case["clip"](layer.parameters())
        rates.add(optimizer.param_groups[0]["lr"])
        optimizer.step()
        judged = layer
        if average and epoch >= case["from"]:
            average.update_parameters(layer)
            judged = average.module
        with torch.no_grad():
            figure = case["loss"](judged(other), other_column).item()
        if figure < best or not case.get("dev"):
            best, kept = figure, copy.deepcopy(judged)
        if isinstance(schedule, torch.optim.lr_scheduler.ReduceLROnPlateau):
            schedule.step(figure)
        elif schedule and epoch + 1 < EPOCHS:
            schedule.step()
    return kept, len(rates)


def main():
    for name in sys.argv[1:] or CASES:
        kept, rates = train(CASES[name])
        print(f"{name}:", *(f"{number:.15g}" for number in kept.weight.flatten().tolist()), "|",
              *(f"{number:.15g}" for number in kept.bias.tolist()))
        print(f"{name}: {rates} rates", file=sys.stderr)


main()
