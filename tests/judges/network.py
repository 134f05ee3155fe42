"""A network as PyTorch computes it, from what `netc check --json` says of it: nothing here knows netc's code.

    network = Network(description, parameters)         float64 tensors by name, in the layouts of a model file
    values = network.forward(inputs, drawn, training)  every layer's result, channels last

Results are kept as [examples, height, width, channels], of features as [examples, features]. What training draws at
random, masks and noise, is given. `kink` becomes the smallest distance of a number from a place where a layer has no derivative.
"""
import math

import torch
from torch.nn import functional


def first(x):
    """Channels first, as PyTorch's convolutions want it."""
    return x.permute(0, 3, 1, 2)


def last(x):
    return x.permute(0, 2, 3, 1)


def softplus(x):
    """PyTorch's own is a straight line from 20 on."""
    return torch.logaddexp(x, torch.zeros_like(x))


def flat_as_weights(x):
    """Features in the order of a dense layer's weights: an image's channels come first."""
    return x if x.dim() == 2 else first(x).reshape(len(x), -1)


class Network:
    def __init__(self, description, parameters):
        self.layers, self.parameters = description["layers"], parameters
        self.kink = math.inf

    def near(self, distances):
        """Notes how near numbers are to a kink. One that is exactly there is so by construction, and stays: what dropout or a relu has
        made 0, or copies of one number in a window. Both sides must treat it alike."""
        distances = distances.detach().abs()
        distances = distances[distances > 0]
        if distances.numel():
            self.kink = min(self.kink, distances.min().item())

    def parameter(self, layer, name):
        return self.parameters.get(f"{layer['name']}.{name}")

    def forward(self, inputs, drawn, training, seen=None):
        """`seen`: a function that every result goes through."""
        values = {"input": inputs}
        for layer in self.layers[1:]:
            taken = [values[name] for name in layer["inputs"]]
            if layer["kind"] == "output":
                break
            function = getattr(self, layer["kind"])
            result = function(layer, taken, drawn) if layer["kind"] in ("dropout", "noise") else (
                function(layer, taken, training) if layer["kind"] == "batchnorm" else function(layer, *taken))
            if not training and layer["kind"] in ("dropout", "noise"):
                result = taken[0]
            values[layer["name"]] = result if seen is None else seen(result)
        return values

    # --- layers with weights

    def padded(self, x, pad, value=0.0):
        top, left, bottom, right = pad
        return functional.pad(first(x), (left, right, top, bottom), value=value)

    def convolve(self, layer, x, groups):
        settings = layer["settings"]
        return last(functional.conv2d(self.padded(x, settings["pad"]), self.parameter(layer, "weight"),
                                      self.parameter(layer, "bias"), stride=tuple(settings["stride"]),
                                      dilation=tuple(settings["dilation"]), groups=groups))

    def conv(self, layer, x):
        return self.convolve(layer, x, layer["settings"]["groups"])

    def depthwise(self, layer, x):
        return self.convolve(layer, x, x.shape[3])

    def conv_transpose(self, layer, x):
        settings = layer["settings"]
        return last(functional.conv_transpose2d(
            first(x), self.parameter(layer, "weight"), self.parameter(layer, "bias"), stride=tuple(settings["stride"]),
            padding=tuple(settings["pad"][:2]), output_padding=tuple(settings["output_pad"][:2])))

    def dense(self, layer, x):
        return functional.linear(flat_as_weights(x), self.parameter(layer, "weight"), self.parameter(layer, "bias"))

    # --- windows

    @staticmethod
    def window(layer):
        settings = layer["settings"]
        return settings["window"], [stride or size for stride, size in zip(settings["stride"], settings["window"])]

    def windows(self, layer, x, value):
        """[examples, channels, windows, taps]"""
        size, stride = self.window(layer)
        padded = self.padded(x, layer["settings"]["pad"], value)
        parts = padded.unfold(2, size[0], stride[0]).unfold(3, size[1], stride[1])
        return parts.reshape(*parts.shape[:4], -1)

    def maxpool(self, layer, x):
        taps = self.windows(layer, x, -math.inf)
        if taps.shape[-1] > 1:
            two = taps.topk(2, dim=-1).values
            self.near(two[..., 0] - two[..., 1])
        return last(taps.max(dim=-1).values)

    def avgpool(self, layer, x):
        return last(self.windows(layer, x, 0.0).mean(dim=-1))

    def globalpool(self, layer, x):
        if not layer["settings"]["max"]:
            return x.mean(dim=(1, 2))
        rows = x.reshape(len(x), -1, x.shape[3])
        if rows.shape[1] > 1:
            two = rows.topk(2, dim=1).values
            self.near(two[:, 0] - two[:, 1])
        return rows.max(dim=1).values

    def upsample(self, layer, x):
        height, width = layer["settings"]["factor"]
        return x.repeat_interleave(height, 1).repeat_interleave(width, 2)

    # --- normalisation

    def batchnorm(self, layer, taken, training):
        x, = taken
        settings = layer["settings"]
        mean, variance = self.parameter(layer, "running_mean"), self.parameter(layer, "running_var")
        if training:
            over, count = tuple(range(x.dim() - 1)), x.numel() // x.shape[-1]
            share = 1 - settings["momentum"]
            now, spread = x.mean(dim=over), x.var(dim=over, unbiased=False)
            with torch.no_grad():
                mean.mul_(1 - share).add_(share * now)
                variance.mul_(1 - share).add_(share * spread * count / (count - 1))
            mean, variance = now, spread
        normal = (x - mean) / torch.sqrt(variance + settings["eps"])
        return normal * self.parameter(layer, "weight") + self.parameter(layer, "bias")

    def layernorm(self, layer, x):
        if x.shape[-1] == 1:  # x - mean is 0; of that PyTorch's kernel makes rounding, which adam divides by its own size
            x = (x - x.mean(-1, keepdim=True)) / math.sqrt(layer["settings"]["eps"])
            return x * self.parameter(layer, "weight") + self.parameter(layer, "bias")
        return functional.layer_norm(x, x.shape[-1:], self.parameter(layer, "weight"), self.parameter(layer, "bias"),
                                     layer["settings"]["eps"])

    # --- what training draws

    def dropout(self, layer, taken, drawn):
        x, = taken
        if not drawn:
            return x
        return x * drawn[layer["name"]][:len(x)].reshape(x.shape) / (1 - layer["settings"]["rate"])

    def noise(self, layer, taken, drawn):
        x, = taken
        return x + drawn[layer["name"]][:len(x)].reshape(x.shape) if drawn else x

    # --- shapes and joins

    @staticmethod
    def reshape(layer, x):
        height, width, channels = layer["shape"]
        return x.reshape(len(x), channels) if layer["vector"] else x.reshape(len(x), height, width, channels)

    flatten = reshape

    @staticmethod
    def add(layer, *paths):
        return sum(paths[1:], paths[0])

    residual = add

    @staticmethod
    def concat(layer, *paths):
        return torch.cat(paths, dim=-1)

    # --- functions of one number

    def relu(self, layer, x):
        self.near(x)
        return functional.relu(x)

    def leaky_relu(self, layer, x):
        self.near(x)
        return functional.leaky_relu(x, layer["settings"]["slope"])

    def elu(self, layer, x):
        if layer["settings"]["alpha"] != 1:
            self.near(x)
        return functional.elu(x, layer["settings"]["alpha"])

    def selu(self, layer, x):
        self.near(x)
        return functional.selu(x)

    def hard_swish(self, layer, x):
        self.near(x + 3)
        self.near(x - 3)
        return functional.hardswish(x)

    def gelu(self, layer, x):
        return functional.gelu(x)

    def silu(self, layer, x):
        return functional.silu(x)

    def sigmoid(self, layer, x):
        return torch.sigmoid(x)

    def tanh(self, layer, x):
        return torch.tanh(x)

    def softplus(self, layer, x):
        return softplus(x)

    # --- the output: the loss of each example, and what is predicted

    def losses(self, values, targets, inputs):
        """[examples]"""
        output = self.layers[-1]
        z = values[output["inputs"][0]]
        settings, count = output["settings"], len(z)
        if output["target_is_input"]:
            targets = inputs.detach()
        if output["likelihood"] == "categorical":
            classes = z.shape[-1] if output["per_position"] else z.numel() // count
            z, targets = z.reshape(count, -1, classes), targets.reshape(count, -1).long()
            wanted = functional.one_hot(targets, classes).double()
            if settings["smoothing"]:
                wanted = wanted * (1 - settings["smoothing"]) + settings["smoothing"] / classes
            if settings["weights"]:
                wanted = wanted * torch.tensor(settings["weights"], dtype=torch.float64)
            return -(wanted * functional.log_softmax(z, -1)).sum(-1).mean(-1)
        z, targets = z.reshape(count, -1), targets.reshape(count, -1)
        return getattr(self, "loss_" + output["likelihood"])(z, targets, settings, output)

    def loss_bernoulli(self, z, targets, settings, output):
        each = functional.binary_cross_entropy_with_logits(z, targets, reduction="none")
        return each.sum(-1) / (output["shape"][0] * output["shape"][1] if output["per_position"] else 1)

    def loss_normal(self, z, targets, settings, output):
        if settings.get("sigma"):
            mean, sigma = z, torch.full_like(z, settings["sigma"])
        else:
            mean, raw = z.split(z.shape[1] // 2, 1)
            sigma = softplus(raw) + 1e-6
        return -torch.distributions.Normal(mean, sigma, validate_args=False).log_prob(targets).sum(-1)

    def loss_squared_error(self, z, targets, settings, output):
        return ((z - targets) ** 2).sum(-1)

    def loss_laplace(self, z, targets, settings, output):
        self.near(z - targets)
        return (z - targets).abs().sum(-1)

    def loss_huber(self, z, targets, settings, output):
        return functional.huber_loss(z, targets, reduction="none", delta=settings["delta"]).sum(-1)

    def loss_poisson(self, z, targets, settings, output):
        return functional.poisson_nll_loss(z, targets, log_input=True, reduction="none").sum(-1)

    def predictions(self, values):
        """[examples, numbers]"""
        output = self.layers[-1]
        z = values[output["inputs"][0]]
        if output["likelihood"] == "categorical" and not output["per_position"]:
            z = z.reshape(len(z), -1)
        if output["likelihood"] == "categorical":
            return torch.softmax(z, -1).reshape(len(z), -1)
        z = z.reshape(len(z), -1)
        if output["likelihood"] == "bernoulli":
            return torch.sigmoid(z)
        if output["likelihood"] == "poisson":
            return torch.exp(z)
        if output["likelihood"] == "normal" and not output["settings"].get("sigma"):
            mean, raw = z.split(z.shape[1] // 2, 1)
            return torch.cat([mean, softplus(raw) + 1e-6], 1)
        return z
