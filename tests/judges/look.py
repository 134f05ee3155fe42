"""PyTorch as judge of `look`: gradients of a class, a unit and a channel by the input, and Grad-CAM by hooks, from the
same weights and the same input, in double.

    python3 tests/judges/look.py build/tests/look/maps            both compute; 1e-5 of the largest number may differ
    python3 tests/judges/look.py build/tests/look/maps --write    prints what tests/look/judged.expected holds
"""
import subprocess
import sys
import tempfile

import torch
import torch.nn.functional as F

from pytorch import read_tensors

torch.set_default_dtype(torch.float64)
HEIGHT, WIDTH, CHANNELS = 12, 10, 3


class Judged(torch.nn.Module):
    """tests/look/judged.net; dropout does nothing here."""

    def __init__(self):
        super().__init__()
        self.a = torch.nn.Conv2d(3, 4, 3, padding=1)
        self.b = torch.nn.Conv2d(4, 4, 3, padding=1, bias=False)
        self.b_batchnorm = torch.nn.BatchNorm2d(4)
        self.c = torch.nn.Conv2d(4, 6, 3, padding=1)
        self.f = torch.nn.Linear(6 * 6 * 5, 8)
        self.g = torch.nn.Linear(8, 5)
        # What a layer gives is behind its activation: a place for each, that a hook can be hung on.
        self.seen = torch.nn.ModuleDict({name: torch.nn.Identity() for name in ("a", "b_batchnorm", "r", "c", "f", "g")})

    def forward(self, x):
        x = F.max_pool2d(self.seen["a"](F.relu(self.a(x))), 2)
        side = self.seen["b_batchnorm"](F.relu(self.b_batchnorm(self.b(x))))
        x = self.seen["r"](x + side)
        x = self.seen["c"](F.relu(self.c(x)))
        x = self.seen["f"](torch.tanh(self.f(x.flatten(1))))
        return self.seen["g"](self.g(x))


def ask(net, x, layer, channel, at):
    """Gradient of a unit by the input, or by what layer `at` gives, with the values there."""
    kept = {}
    hooks = [net.seen[layer].register_forward_hook(lambda _m, _i, out: kept.update(unit=out))]
    if at:
        def hold(_module, _inputs, out):
            kept["value"] = out
            out.register_hook(lambda gradient: kept.update(gradient=gradient))
        hooks.append(net.seen[at].register_forward_hook(hold))
    x = x.clone().requires_grad_(True)
    net(x)
    kept["unit"][0, channel].mean().backward()
    for hook in hooks:
        hook.remove()
    if not at:
        return x.grad[0].permute(1, 2, 0)
    weight = kept["gradient"].mean((2, 3), keepdim=True)
    return F.relu((weight * kept["value"]).sum(1))[0].detach()


QUESTIONS = [
    ("gradient of a class", "g", 3, None),
    ("gradient of a unit", "f", 5, None),
    ("gradient of a channel", "c", 2, None),
    ("gradient of a channel beside a shortcut", "b_batchnorm", 1, None),
    ("Grad-CAM at the last convolution", "g", 1, "c"),
    ("Grad-CAM behind a shortcut", "g", 4, "r"),
    ("Grad-CAM at the first convolution", "g", 4, "a"),
]


def main():
    maps = sys.argv[1]
    net = Judged().eval()
    with tempfile.TemporaryDirectory() as work:
        path = work + "/w.safetensors"
        lines = subprocess.run([maps, "--save", path], check=True, capture_output=True, text=True).stdout.split()
        state = read_tensors(path)
    missing = net.load_state_dict(state, strict=False)
    assert all("num_batches" in name for name in missing.missing_keys) and not missing.unexpected_keys, missing
    x = torch.tensor([float(line) for line in lines]).reshape(1, HEIGHT, WIDTH, CHANNELS).permute(0, 3, 1, 2)
    answers = {name: ask(net, x, layer, channel, at).flatten() for name, layer, channel, at in QUESTIONS}
    if "--write" in sys.argv:
        for name, answer in answers.items():
            print(name + ": " + " ".join(f"{value:.9g}" for value in answer.tolist()))
        return
    numbers = subprocess.run([maps, "--numbers"], check=True, capture_output=True, text=True).stdout
    for line in numbers.splitlines():
        name, values = line.split(": ")
        ours = torch.tensor([float(value) for value in values.split()])
        error = ((ours - answers[name]).abs().max() / answers[name].abs().max()).item()
        print(f"{name}: {error:.1e}")
        assert error < 1e-5, name


main()
