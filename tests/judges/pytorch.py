"""PyTorch as judge: a module with the same labels loads model.safetensors as it is and gives the same predictions.

    python3 tests/judges/pytorch.py build/netc
"""
import json
import os
import struct
import subprocess
import sys
import tempfile

import torch

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
COUNT = 97


def read_tensors(path):
    """The tensors of a .safetensors file, by name; the format is a JSON header and raw numbers."""
    data = open(path, "rb").read()
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + size])
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        kind = {"F32": torch.float32, "F64": torch.float64}[entry["dtype"]]
        raw = bytearray(data[8 + size + begin:8 + size + end])
        tensors[name] = torch.frombuffer(raw, dtype=kind).reshape(entry["shape"]).double()
    return tensors


class Digits(torch.nn.Module):
    """examples/digits/digits.net; dropout is off in prediction."""

    def __init__(self):
        super().__init__()
        self.edges = torch.nn.Conv2d(1, 16, 3, padding=1)
        self.parts = torch.nn.Conv2d(16, 32, 3, padding=1)
        self.hidden = torch.nn.Linear(32 * 4 * 4, 64)
        self.digit = torch.nn.Linear(64, 10)

    def forward(self, x):
        x = torch.nn.functional.max_pool2d(torch.relu(self.edges(x)), 2)
        x = torch.relu(self.parts(x)).flatten(1)
        return self.digit(torch.relu(self.hidden(x)))


def run(*words, folder):
    return subprocess.run(words, cwd=folder, check=True, capture_output=True, text=True).stdout


def main():
    netc = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        run(netc, "build", "--double", "-o", "digits", ROOT + "/examples/digits/digits.net", folder=folder)
        run("./digits", "train", "--epochs", "2", "--progress", "none", "--out", "run", folder=folder)
        lines = open(ROOT + "/examples/digits/digits.csv").read().split("\n")[:COUNT + 1]
        rows = [line.split(",")[:64] for line in lines]
        open(folder + "/inputs.csv", "w").write("\n".join(",".join(row) for row in rows) + "\n")
        printed = run("./digits", "predict", "--json", "--model", "run/model.safetensors", "inputs.csv", folder=folder)
        ours = torch.tensor([json.loads(line)["probability"] for line in printed.splitlines()], dtype=torch.float64)
        module = Digits().double()
        module.load_state_dict(read_tensors(folder + "/run/model.safetensors"))
        inputs = torch.tensor([[float(value) for value in row] for row in rows[1:]], dtype=torch.float64) / 16
        with torch.no_grad():
            theirs = torch.softmax(module(inputs.reshape(-1, 1, 8, 8)), 1)
        worst = (ours - theirs).abs().max().item()
        print(f"{COUNT} predictions, largest difference {worst:.3g}")
        sys.exit(0 if worst < 1e-8 else 1)


if __name__ == "__main__":
    main()
