"""PyTorch as judge of every kind of convolution: the same first weights, one step of gradient descent with rate 1,
whose displacement is the gradient, and predictions with the weights after it.

    python3 tests/judges/convolutions.py build/netc
"""
import json
import os
import random
import struct
import sys
import tempfile

import torch

from pytorch import read_tensors, run

NET = """
net judged {
    input 9x8x1
    mix: conv 8 1x1 tanh
    slices: depthwise 3x2 pad=[2, 1, 0, 3] stride=2x1 dilation=1x2 tanh
    pairs: depthwise 2x2 multiplier=2 tanh
    groups: conv 24 3x3 pad=1 groups=4 dilation=1x2 tanh
    odd: conv 6 2x2 groups=2 tanh
    holes: conv 7 2x3 pad=1 dilation=2x1 stride=1x2 tanh
    grow: conv_transpose 5 2x2 stride=2 tanh
    trim: conv_transpose 3 3x2 stride=2x3 pad=1x0 output_pad=1x2 tanh
    upsample 2
    out: dense 4
    output squared_error
}

train {
    data "judged.yaml"
    batch 16
    epochs 1
    optimizer sgd rate=1
}
"""
COUNT, INPUTS, TARGETS = 16, 72, 4


class Judged(torch.nn.Module):
    """The same network."""

    def __init__(self):
        super().__init__()
        self.mix = torch.nn.Conv2d(1, 8, 1)
        self.slices = torch.nn.Conv2d(8, 8, (3, 2), stride=(2, 1), dilation=(1, 2), groups=8)
        self.pairs = torch.nn.Conv2d(8, 16, 2, groups=8)
        self.groups = torch.nn.Conv2d(16, 24, 3, padding=1, groups=4, dilation=(1, 2))
        self.odd = torch.nn.Conv2d(24, 6, 2, groups=2)
        self.holes = torch.nn.Conv2d(6, 7, (2, 3), padding=1, dilation=(2, 1), stride=(1, 2))
        self.grow = torch.nn.ConvTranspose2d(7, 5, 2, stride=2)
        self.trim = torch.nn.ConvTranspose2d(5, 3, (3, 2), stride=(2, 3), padding=(1, 0), output_padding=(1, 2))
        self.out = torch.nn.LazyLinear(TARGETS)

    def forward(self, x):
        x = torch.tanh(self.mix(x))
        x = torch.tanh(self.slices(torch.nn.functional.pad(x, (1, 3, 2, 0))))
        for layer in (self.pairs, self.groups, self.odd, self.holes, self.grow, self.trim):
            x = torch.tanh(layer(x))
        return self.out(torch.nn.functional.interpolate(x, scale_factor=2).flatten(1))


def write_tensors(path, tensors):
    header, offset = {}, 0
    for name, tensor in tensors.items():
        size = tensor.numel() * 8
        header[name] = {"dtype": "F64", "shape": list(tensor.shape), "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for tensor in tensors.values():
            file.write(tensor.detach().contiguous().numpy().tobytes())


def write_data(folder):
    draw = random.Random(1)
    rows = [[draw.gauss(0, 1) for _ in range(INPUTS + TARGETS)] for _ in range(COUNT)]
    names = [f"x{i}" for i in range(INPUTS)] + [f"y{i}" for i in range(TARGETS)]
    lines = [",".join(map(repr, row)) for row in rows]
    open(folder + "/judged.csv", "w").write("\n".join([",".join(names)] + lines) + "\n")
    open(folder + "/inputs.csv", "w").write(
        "\n".join([",".join(names[:INPUTS])] + [",".join(map(repr, row[:INPUTS])) for row in rows]) + "\n")
    open(folder + "/judged.yaml", "w").write(
        "format: csv\ntrain: { file: judged.csv }\ncolumns: { targets: [%s] }\n" % ", ".join(names[INPUTS:]))
    return torch.tensor(rows, dtype=torch.float64).split([INPUTS, TARGETS], 1)


def report(name, ours, theirs, tolerance=1e-12):
    largest, worst = theirs.abs().max().item(), (ours - theirs).abs().max().item()
    print(f"{name:20} largest {largest:.3g}, largest difference {worst:.3g}")
    return worst < tolerance * max(largest, 1)


def main():
    netc = os.path.abspath(sys.argv[1])
    torch.manual_seed(1)
    with tempfile.TemporaryDirectory() as folder:
        inputs, targets = write_data(folder)
        images = inputs.reshape(-1, 1, 9, 8)
        open(folder + "/judged.net", "w").write(NET)
        module = Judged().double()
        module(images)
        first = {name: tensor.clone() for name, tensor in module.state_dict().items()}
        write_tensors(folder + "/first.safetensors", first)
        torch.sum((module(images) - targets) ** 2, 1).mean().backward()
        run(netc, "build", "--double", "-o", "judged", "judged.net", folder=folder)
        run("./judged", "train", "--init", "first.safetensors", "--progress", "none", "--out", "run", folder=folder)
        after = read_tensors(folder + "/run/model.safetensors")
        good = True
        for name, parameter in module.named_parameters():
            good = report(name, first[name] - after[name], parameter.grad) and good
        printed = run("./judged", "predict", "--json", "--model", "run/model.safetensors", "inputs.csv", folder=folder)
        ours = torch.tensor([list(json.loads(line).values())[-1] for line in printed.splitlines()], dtype=torch.float64)
        module.load_state_dict(after)
        with torch.no_grad():
            good = report("predictions", ours, module(images), 1e-8) and good  # they are printed with 9 digits
        sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
