"""The peer PyTorch, eager or compiled, in one memory layout; run starts it.

    peer_torch.py '{"network": "lenet5", "batch": 64, "threads": 2, "layout": "channels last", "compile": false}'
"""
import json
import sys

import torch
from torch import nn

import networks
import peer


def layer_modules(layer):
    """The modules of one layer, by name; lazy ones find out their inputs."""
    if isinstance(layer, networks.Conv):
        yield layer.label, nn.LazyConv2d(layer.filters, layer.kernel, layer.stride, layer.pad, bias=not layer.norm)
        if layer.norm:
            yield layer.label + "_batchnorm", nn.BatchNorm2d(layer.filters)
    elif isinstance(layer, networks.Dense):
        yield layer.label, nn.LazyLinear(layer.units)
    elif isinstance(layer, networks.Residual):
        for inner in [*layer.body, *([layer.shortcut] if layer.shortcut else [])]:
            yield from layer_modules(inner)


class Module(nn.Module):
    """The network; weights are called as in our model files. Forward gives the loss."""

    def __init__(self, network, dropout):
        super().__init__()
        self.network, self.dropout = network, dropout
        for layer in network.layers:
            for name, module in layer_modules(layer):
                self.add_module(name, module)

    def conv(self, layer, x):
        x = getattr(self, layer.label)(x)
        if layer.norm:
            x = getattr(self, layer.label + "_batchnorm")(x)
        return nn.functional.relu(x, inplace=True) if layer.relu else x

    def layer(self, layer, x):
        if isinstance(layer, networks.Conv):
            return self.conv(layer, x)
        if isinstance(layer, networks.Dense):
            x = getattr(self, layer.label)(x.flatten(1))
            return nn.functional.relu(x, inplace=True) if layer.relu else x
        if isinstance(layer, networks.Pool):
            return nn.functional.max_pool2d(x, 2)
        if isinstance(layer, networks.MeanPool):
            return x.mean((2, 3))
        if isinstance(layer, networks.Dropout):
            return nn.functional.dropout(x, layer.rate) if self.dropout else x
        body = x
        for inner in layer.body:
            body = self.conv(inner, body)
        return nn.functional.relu(body + (self.conv(layer.shortcut, x) if layer.shortcut else x), inplace=True)

    def forward(self, x, targets):
        for layer in self.network.layers:
            x = self.layer(layer, x)
        return nn.functional.cross_entropy(x, targets) if self.network.classes else nn.functional.mse_loss(x, targets)


class Torch:
    def __init__(self, network, options):
        self.network, self.options = network, options
        last = options["layout"] == "channels last"
        self.layout = torch.channels_last if last else torch.contiguous_format

    def build(self, rate, dropout, start=None):
        torch.manual_seed(1)
        module = Module(self.network, dropout)
        module(*self.tensors(*peer.made_up(self.network, 2)))  # the lazy modules see their sizes
        module.to(memory_format=self.layout)
        for layer in module.modules():
            if isinstance(layer, nn.BatchNorm2d):
                layer.reset_running_stats()
        self.module = module
        if start:
            module.to(torch.from_numpy(next(iter(start.values()))).dtype)
            missing = module.load_state_dict({name: torch.from_numpy(value) for name, value in start.items()}, strict=False)
            assert not [name for name in missing.missing_keys if "num_batches" not in name] and not missing.unexpected_keys
        self.optimizer = torch.optim.SGD(module.parameters(), lr=rate, momentum=0.9, fused=True)
        self.loss = torch.compile(module) if self.options["compile"] else module

    def tensors(self, inputs, targets):
        inputs = torch.from_numpy(inputs)
        if inputs.dim() == 4:
            inputs = inputs.permute(0, 3, 1, 2).contiguous(memory_format=self.layout)
        return inputs, torch.from_numpy(targets)

    def load(self, inputs, targets):
        self.inputs, self.targets = self.tensors(inputs, targets)

    def run(self, steps):
        for _ in range(steps):
            self.optimizer.zero_grad()
            self.loss(self.inputs, self.targets).backward()
            self.optimizer.step()

    def weights(self):
        return {name: value.detach().contiguous().numpy() for name, value in self.module.state_dict().items()}


def main():
    options = json.loads(sys.argv[1])
    torch.set_num_threads(options["threads"])
    network = networks.NETWORKS[options["network"]]
    peer.serve(Torch(network, options), network, options["batch"])


main()
