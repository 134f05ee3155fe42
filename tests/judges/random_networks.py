"""PyTorch, in double, as judge of networks that nobody wrote: forward passes, every gradient, and the steps of two epochs.

    python3 tests/judges/random_networks.py NETC BUILD FIRST LAST     networks of these seeds (tests/random/generate)
    … --reference                                                     prints what tests/random/reference has of them
    … NETC BUILD FILE.net                                             this network

Everything must agree to 1e-9 of the largest number of a tensor. Draws of data within 1e-9 of a kink, and those where an optimizer would
divide by a gradient that is rounding alone, or steps make much of it, are drawn again and counted. A network that fails is made as small as it
gets, and printed.
"""
import json
import math
import os
import subprocess
import sys
import tempfile

import torch

from network import Network
from shrink import shrink
from steps import Steps, rate_at

TOLERANCE, NEAR, TINY, REDRAWS = 1e-9, 1e-9, 1e-9, 5
EPOCHS, GRADIENT_STEP = 2, 3
LIBRARIES = "-fopenmp -lyaml -lz -lspng -ljansson -lm".split()
torch.set_num_threads(1)


class Failed(Exception):
    pass


def call(*words, folder):
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, env={**os.environ, "OMP_NUM_THREADS": "2",
                                                                                 "OMP_WAIT_POLICY": "passive"})
    if done.returncode:
        raise Failed(f"{' '.join(words)}: exit {done.returncode}\n{done.stderr[-2000:]}")
    return done.stdout


class Exported:
    """What tests/support/export.c says of a network with some data."""

    def __init__(self, description, text):
        told = json.loads(text)
        self.told = told
        shape = description["layers"][0]["shape"]
        self.inputs = tensor(told["inputs"])
        if not description["layers"][0]["vector"]:
            self.inputs = self.inputs.reshape(-1, *shape)
        self.targets = tensor(told["targets"])
        self.batch = description["train"]["batch"]

    def parameters(self):
        return {name: tensor(numbers).reshape(self.told["shapes"][name]).clone()
                for name, numbers in self.told["parameters"].items()}

    def drawn(self, step):
        return {name: tensor(steps[step]).reshape(self.batch, -1) for name, steps in self.told["drawn"].items()}


def tensor(numbers):
    return torch.tensor(numbers, dtype=torch.float64)


class Judge:
    """Both sides' numbers by name; what differs."""

    def __init__(self):
        self.worst, self.differences, self.lines, self.theirs = 0, [], [], {}

    def compare(self, name, ours, theirs):
        ours, theirs = tensor(ours).flatten(), theirs.detach().flatten()
        if ours.shape != theirs.shape:
            self.differences.append(f"{name}: {len(ours)} numbers here, {len(theirs)} in PyTorch")
            return
        self.theirs[name] = theirs
        self.lines.append(digest(name, theirs))
        if not theirs.numel():
            return
        largest = max(theirs.abs().max().item(), 1e-3)
        off = ((ours - theirs).abs().max() / largest).item()
        self.worst = max(self.worst, off)
        if not off <= TOLERANCE:
            self.differences.append(f"{name}: off by {off:.3g} of the largest, {largest:.3g}")


def digest(name, numbers):
    """One number that all of a tensor take part in, and their size: as tests/support/export.c has it."""
    numbers = numbers.tolist()
    return (name, sum(number * math.cos(i + 1) for i, number in enumerate(numbers)), sum(map(abs, numbers)))


def learnable(description, parameters):
    learned = {told["name"] for layer in description["layers"] for told in layer["parameters"] if told["learned"]}
    for name, parameter in parameters.items():
        parameter.requires_grad_(name in learned)
    return parameters


def judge_probe(description, exported, judge):
    """In evaluation mode: each layer's result, and the gradient of the examples' losses by it."""
    told, batch = exported.told["probe"], exported.batch
    network = Network(description, exported.parameters())
    inputs = exported.inputs[:batch].clone().requires_grad_()
    kept = lambda result: (result.retain_grad(), result)[1]
    values = network.forward(inputs, None, False, kept)
    targets = exported.targets[:batch]
    network.losses(values, targets, inputs).sum().backward()
    judge.compare("prediction", exported.told["prediction"], network.predictions(values))
    names = [layer["name"] for layer in description["layers"]]
    for label, ours, gradients in zip(told["labels"], told["values"], told["gradients"]):
        at = names.index(label)
        while at + 1 < len(names) - 1 and names[at + 1] not in told["labels"]:
            at += 1  # an activation that is part of this layer
        if names[at] not in values or None in ours:
            continue
        judge.compare(f"value.{label}", [n for example in ours for n in example], values[names[at]])
        theirs = values[names[at]].grad
        if theirs is not None and None not in gradients:
            judge.compare(f"gradient-by.{label}", [n for example in gradients for n in example], theirs)
    return network.kink


def judge_gradients(description, exported, judge, part):
    told = exported.told[part]
    parameters = learnable(description, exported.parameters())
    network = Network(description, parameters)
    inputs = exported.inputs[:told["count"]]
    values = network.forward(inputs, exported.drawn(GRADIENT_STEP), True)
    loss = network.losses(values, exported.targets[:told["count"]], inputs).mean()
    loss.backward()
    judge.compare(f"{part}.loss", [told["loss"]], loss.reshape(1))
    for name, parameter in parameters.items():
        if parameter.requires_grad:
            gradient = parameter.grad if parameter.grad is not None else torch.zeros_like(parameter)
            judge.compare(f"{part}.gradient.{name}", told["parameters"][name], gradient)
    return network.kink


def keep_better(description, exported, steps):
    """The weights of this epoch, unless those of one before have the lower loss on the first batch."""
    kept = {name: parameter.detach().clone() for name, parameter in steps.kept().items()}
    figure = -math.inf
    if description["train"]["validates"]:
        rows, network = slice(exported.batch), Network(description, kept)
        values = network.forward(exported.inputs[rows], None, False)
        figure = network.losses(values, exported.targets[rows], exported.inputs[rows]).mean().item()
    if steps.best is None or figure < steps.lowest or figure == -math.inf:
        steps.best, steps.lowest = kept, figure


def is_steady(description, exported, judge):
    """Do steps that begin with weights a little off (1e-12) end near the same ones? Rounding grows as much."""
    twin = Judge()
    judge_steps(description, exported, twin, 1e-12)
    return all((theirs - judge.theirs[name]).abs().max().item() <= 1e-8 * max(theirs.abs().max().item(), 1e-3)
               for name, theirs in twin.theirs.items() if name.startswith(("step", "kept")) and theirs.numel())


def judge_steps(description, exported, judge, off=0.0):
    told, batch = exported.told, exported.batch
    parameters = learnable(description, {name: tensor * (1 + off) for name, tensor in exported.parameters().items()})
    steps = Steps(description, parameters)
    kink, number, per_epoch = math.inf, 0, -(-len(exported.inputs) // batch)
    for epoch in range(1, EPOCHS + 1):
        order = told["orders"][epoch - 1]
        for begin in range(0, len(order), batch):
            rows = order[begin:begin + batch]
            network = Network(description, parameters)
            values = network.forward(exported.inputs[rows], exported.drawn(number), True)
            targets = exported.targets[rows] if len(exported.targets) else exported.targets
            loss = network.losses(values, targets, exported.inputs[rows]).mean()
            if number >= len(told["steps"]) and not math.isfinite(loss.item()):
                return kink  # it diverges, and netc has stopped
            steps.optimizer.zero_grad(set_to_none=False)
            loss.backward()
            for parameter in steps.learned.values():
                if parameter.grad is None:
                    parameter.grad = torch.zeros_like(parameter)
            steps.take(rate_at(description["train"], number, per_epoch, EPOCHS))
            kink = min(kink, network.kink)
            ours = told["steps"][number]
            judge.compare(f"step{number + 1}.loss", [ours["loss"] / ours["count"]], loss.reshape(1))
            for name, parameter in parameters.items():
                judge.compare(f"step{number + 1}.{name}", ours["parameters"][name], parameter)
            number += 1
        steps.end_epoch(epoch, EPOCHS)
        keep_better(description, exported, steps)
    for name, parameter in steps.best.items():
        judge.compare(f"kept.{name}", told["kept"][name], parameter)
    return kink if steps.smallest > TINY else 0


class Workshop:
    def __init__(self, netc, build, folder):
        self.netc, self.build, self.folder = os.path.abspath(netc), os.path.abspath(build), folder
        self.root = os.path.abspath(os.path.join(os.path.dirname(__file__), "../.."))
        self.networks = self.redrawn = self.given_up = 0
        self.worst = 0

    def compile(self, text):
        folder = self.folder
        open(f"{folder}/drawn.net", "w").write(text)
        description = json.loads(call(self.netc, "check", "--json", "drawn.net", folder=folder))
        json.dump(description, open(f"{folder}/network.json", "w"))
        call(self.netc, "emit", "--march=x86-64-v4", "--probe", "-o", "drawn.c", "drawn.net", folder=folder)
        call(os.environ.get("CC", "cc"), "-std=gnu11", "-O1", "-fopenmp", "-DNETC_TEAM_ALWAYS", "-DNETC_DOUBLE", "-DNETC_NO_MAIN",
             f"-D{description['net']}_model=checked_model", f"-I{self.root}/runtime", "-Wl,--wrap=training_step_done", "drawn.c",
             f"{self.build}/tests/support/libexport_double.a", f"{self.build}/runtime/libnetc_runtime_double.a", *LIBRARIES,
             "-o", "export", folder=folder)
        return description

    def judge(self, text):
        """(judge, seed of the data); raises Failed with all differences."""
        description = self.compile(text)
        for seed in range(1, REDRAWS + 1):
            exported = Exported(description, call("./export", "network.json", str(seed), folder=self.folder))
            judge = Judge()
            kink = judge_probe(description, exported, judge)
            kink = min(kink, judge_gradients(description, exported, judge, "whole"))
            kink = min(kink, judge_gradients(description, exported, judge, "part"))
            before_steps, worst = len(judge.differences), judge.worst
            kink = min(kink, judge_steps(description, exported, judge))
            if kink > NEAR and (not judge.differences[before_steps:] or is_steady(description, exported, judge)):
                break
            self.redrawn += 1
        else:
            # gradients that are always rounding alone, of a bias in front of a batchnorm: the steps say nothing
            self.given_up += 1
            judge.differences, judge.worst = judge.differences[:before_steps], worst
            judge.lines = [line for line in judge.lines if not line[0].startswith(("step", "kept"))]
        if judge.differences:
            raise Failed("\n".join(judge.differences[:12]))
        self.networks += 1
        self.worst = max(self.worst, judge.worst)
        return judge, seed

    def fails(self, text):
        try:
            self.compile(text)
        except Failed:
            return False  # another mistake than the one that is looked for
        try:
            self.judge(text)
            return False
        except Failed:
            return True


def print_reference(seed, data_seed, judge):
    print(f"network {seed} {data_seed}")
    for name, projection, size in judge.lines:
        if not name.startswith("step") or name.startswith(("step1.", "step6.")):
            print(f"{name} {projection:.17g} {size:.6g}")


def main():
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    netc, build, wanted = words[0], words[1], words[2:]
    with tempfile.TemporaryDirectory() as folder:
        shop = Workshop(netc, build, folder)
        named = len(wanted) == 1
        texts = ((wanted[0], open(wanted[0]).read()) for _ in range(1)) if named else (
            (seed, call(f"{shop.build}/tests/generate", str(seed), "--tidy", folder=folder))
            for seed in range(int(wanted[0]), int(wanted[1]) + 1))
        failed = 0
        for seed, text in texts:
            try:
                judge, data_seed = shop.judge(text)
                if "--reference" in sys.argv:
                    print_reference(seed, data_seed, judge)
            except Failed as failure:
                failed += 1
                print(f"not ok - network {seed}:\n{failure}\nthe smallest that still fails:")
                print(shrink(text, shop.fails) if "--whole" not in sys.argv else text, flush=True)
        told = (f"{shop.networks} networks agree, largest difference {shop.worst:.2g}; {failed} fail; {shop.redrawn} draws at a kink "
                f"or of rounding alone; {shop.given_up} without steps")
        print(told, file=sys.stderr if "--reference" in sys.argv else sys.stdout)
        sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
