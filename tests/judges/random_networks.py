"""PyTorch, in double, as judge of networks that nobody wrote: forward passes, every gradient, and the steps of two epochs.

    python3 tests/judges/random_networks.py NETC BUILD FIRST LAST     networks of these seeds (tests/random/generate)
    … --reference                                                     prints what tests/random/reference has of them
    … NETC BUILD FILE.net                                             this network

Everything must agree to 1e-9 of the largest number of a tensor. Draws of data within 1e-9 of a kink are drawn again and counted. Some
steps make much of rounding: near a layernorm of two channels that are almost equal, or where an optimizer divides by a gradient that is
rounding alone, as of a bias in front of a batchnorm. How much is measured, not guessed: PyTorch takes the same steps from weights that are one
unit in the last place off, and a tensor may differ as far as those move it, times 30 (of networks in general it is at most 5 times). Networks
with such tensors are counted. One that fails is made as small as it gets, and printed.
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

TOLERANCE, NEAR, REDRAWS = 1e-9, 1e-9, 5
EPOCHS, GRADIENT_STEP = 2, 3
ULP, MOVES, TIMES = 2.0 ** -52, 3, 30  # what weights are moved by, how often, and what of that a difference may be
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
    """Both sides' numbers by name, and how far they are apart."""

    def __init__(self):
        self.off, self.faults, self.lines, self.theirs = {}, [], [], {}

    def compare(self, name, ours, theirs):
        ours, theirs = tensor(ours).flatten(), theirs.detach().flatten().clone()  # parameters go on
        if ours.shape != theirs.shape:
            self.faults.append(f"{name}: {len(ours)} numbers here, {len(theirs)} in PyTorch")
            return
        self.theirs[name] = theirs
        self.lines.append(digest(name, theirs))
        if theirs.numel():
            self.off[name] = distance(ours, theirs)

    def differences(self, allowed={}):
        return self.faults + [
            f"{name}: off by {off:.3g} of the largest, {size_of(self.theirs[name]):.3g}" + (
                f"; rounding explains {allowed[name]:.3g}" if name in allowed else "")
            for name, off in self.off.items() if not off <= max(TOLERANCE, allowed.get(name, 0))]


def size_of(numbers):
    return max(numbers.abs().max().item(), 1e-3)


def distance(ours, theirs):
    """The largest difference, as a share of the largest number."""
    return ((ours - theirs).abs().max() / size_of(theirs)).item()


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


def rounding_of(description, exported, judge):
    """How far each tensor of the steps moves when they begin with weights of which each is one unit in its last place off."""
    moved, generator = {}, torch.Generator().manual_seed(1)
    for _ in range(MOVES):
        twin = Judge()
        judge_steps(description, exported, twin, lambda weights: weights * (
            1 + ULP * (2 * torch.randint(0, 2, weights.shape, generator=generator, dtype=torch.float64) - 1)))
        for name, theirs in twin.theirs.items():
            if theirs.numel() and name in judge.theirs:
                far = distance(theirs, judge.theirs[name])
                moved[name] = max(moved.get(name, 0), far if math.isfinite(far) else math.inf)
    return {name: TIMES * far for name, far in moved.items()}


def judge_steps(description, exported, judge, moved=lambda weights: weights):
    told, batch = exported.told, exported.batch
    parameters = learnable(description, {name: moved(tensor) for name, tensor in exported.parameters().items()})
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
    return kink


class Workshop:
    def __init__(self, netc, build, folder, is_strict):
        self.netc, self.build, self.folder = os.path.abspath(netc), os.path.abspath(build), folder
        self.root = os.path.abspath(os.path.join(os.path.dirname(__file__), "../.."))
        self.networks = self.redrawn = self.given_up = self.rounded = self.worst = 0
        self.is_strict = is_strict  # rounding alone is drawn again, too

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
            judge, steps = Judge(), Judge()
            kink = min(judge_probe(description, exported, judge), judge_gradients(description, exported, judge, "whole"),
                       judge_gradients(description, exported, judge, "part"), judge_steps(description, exported, steps))
            allowed = rounding_of(description, exported, steps) if steps.differences() else {}
            if kink > NEAR and not (self.is_strict and allowed):
                break
            self.redrawn += 1
        else:
            self.given_up += 1
            steps, allowed = Judge(), {}
        self.rounded += bool(allowed)
        differences = judge.differences() + steps.differences(allowed)
        if differences:
            raise Failed("\n".join(differences[:12]))
        judge.lines += steps.lines
        self.networks += 1
        self.worst = max([self.worst, *judge.off.values(), *(off for name, off in steps.off.items() if name not in allowed)])
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
        shop = Workshop(netc, build, folder, "--reference" in sys.argv)
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
        told = (f"{shop.networks} networks agree, largest difference {shop.worst:.2g}; {failed} fail; {shop.redrawn} draws at a kink; "
                f"{shop.rounded} with steps that differ as rounding does; {shop.given_up} without steps")
        print(told, file=sys.stderr if "--reference" in sys.argv else sys.stdout)
        sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
