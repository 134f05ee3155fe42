"""The peer JAX: the whole step, optimizer included, compiled by jax.jit; run starts it on as many cores as it may use.

    peer_jax.py '{"network": "lenet5", "batch": 64}'
"""
import json
import sys

import jax
import numpy
from jax import lax
from jax import numpy as jnp

import networks
import peer


def max_pool(x):
    return lax.reduce_window(x, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")


class Forward:
    """One forward pass: the loss, and `running`, the statistics of the batchnorms after it."""

    def __init__(self, weights, running, key):
        self.weights, self.running, self.key = weights, dict(running), key

    def norm(self, label, x):
        mean, count = x.mean((0, 1, 2)), x.size // x.shape[3]
        variance = jnp.square(x - mean).mean((0, 1, 2))
        for name, now in (("mean", mean), ("var", variance * (count / max(count - 1, 1)))):
            name = f"{label}.running_{name}"
            self.running[name] = 0.9 * self.running[name] + 0.1 * now
        return (x - mean) * (lax.rsqrt(variance + 1e-5) * self.weights[label + ".weight"]) + self.weights[label + ".bias"]

    def conv(self, layer, x):
        pads = [(layer.pad, layer.pad)] * 2
        x = lax.conv_general_dilated(x, self.weights[layer.label + ".weight"], (layer.stride,) * 2, pads,
                                     dimension_numbers=("NHWC", "HWIO", "NHWC"))
        x = self.norm(layer.label + "_batchnorm", x) if layer.norm else x + self.weights[layer.label + ".bias"]
        return jax.nn.relu(x) if layer.relu else x

    def layer(self, layer, x):
        if isinstance(layer, networks.Conv):
            return self.conv(layer, x)
        if isinstance(layer, networks.Dense):
            x = x.reshape(len(x), -1) @ self.weights[layer.label + ".weight"] + self.weights[layer.label + ".bias"]
            return jax.nn.relu(x) if layer.relu else x
        if isinstance(layer, networks.Pool):
            return max_pool(x)
        if isinstance(layer, networks.MeanPool):
            return x.mean((1, 2))
        if isinstance(layer, networks.Dropout):
            self.key, key = jax.random.split(self.key)
            return jnp.where(jax.random.bernoulli(key, 1 - layer.rate, x.shape), x / (1 - layer.rate), 0)
        body = x
        for inner in layer.body:
            body = self.conv(inner, body)
        return jax.nn.relu(body + (self.conv(layer.shortcut, x) if layer.shortcut else x))

    def loss(self, layers, classes, inputs, targets):
        x = inputs
        for layer in layers:
            x = self.layer(layer, x)
        if not classes:
            return jnp.square(x - targets).mean()
        return -jnp.take_along_axis(jax.nn.log_softmax(x), targets[:, None], 1).mean()


def layer_tensors(layer, shape, tensors):
    """Appends (name, our shape) of the parameters, as in our model files; returns the shape behind the layer."""
    if isinstance(layer, networks.Conv):
        tensors.append((layer.label + ".weight", (layer.filters, shape[2], layer.kernel, layer.kernel)))
        names = [f"_batchnorm.{name}" for name in ("weight", "bias", "running_mean", "running_var")]
        tensors += [(layer.label + name, (layer.filters,)) for name in (names if layer.norm else [".bias"])]
    elif isinstance(layer, networks.Dense):
        tensors.append((layer.label + ".weight", (layer.units, int(numpy.prod(shape)))))
        tensors.append((layer.label + ".bias", (layer.units,)))
    elif isinstance(layer, networks.Residual):
        if layer.shortcut:
            layer_tensors(layer.shortcut, shape, tensors)
        for inner in layer.body:
            shape = layer_tensors(inner, shape, tensors)
        return shape
    return networks.walk_flop([layer], shape, [])


class Jax:
    def __init__(self, network):
        self.network = network
        self.tensors, self.flattened, shape = [], {}, network.input
        for layer in network.layers:
            if isinstance(layer, networks.Dense):
                self.flattened[layer.label + ".weight"] = shape
            shape = layer_tensors(layer, shape, self.tensors)

    def drawn(self):
        draw = numpy.random.default_rng(1)
        for name, shape in self.tensors:
            scale = (2 / numpy.prod(shape[1:])) ** 0.5 if len(shape) > 1 else 0
            ones = len(shape) == 1 and name.endswith(("batchnorm.weight", "running_var"))
            yield name, draw.normal(float(ones), scale, shape).astype(numpy.float32)

    def ours_to_theirs(self, name, value):
        """filters x channels x height x width -> height x width x channels x filters; a dense layer reads channels last."""
        if value.ndim == 4:
            return value.transpose(2, 3, 1, 0)
        if value.ndim == 2:
            if len(self.flattened[name]) == 3:
                height, width, channels = self.flattened[name]
                value = value.reshape(-1, channels, height, width).transpose(0, 2, 3, 1).reshape(len(value), -1)
            return value.T
        return value

    def theirs_to_ours(self, name, value):
        if value.ndim == 4:
            return value.transpose(3, 2, 0, 1)
        if value.ndim == 2:
            value = value.T
            if len(self.flattened[name]) == 3:
                value = value.reshape(-1, *self.flattened[name]).transpose(0, 3, 1, 2).reshape(len(value), -1)
        return value

    def build(self, rate, dropout, start=None):
        if start and next(iter(start.values())).dtype == numpy.float64:
            jax.config.update("jax_enable_x64", True)
        state = {name: jnp.asarray(self.ours_to_theirs(name, value)) for name, value in (start or dict(self.drawn())).items()}
        running = {name: state.pop(name) for name in list(state) if "running_" in name}
        layers = [layer for layer in self.network.layers if dropout or not isinstance(layer, networks.Dropout)]

        def loss(weights, running, key, inputs, targets):
            forward = Forward(weights, running, key)
            return forward.loss(layers, self.network.classes, inputs, targets), forward.running

        def step(state, inputs, targets):
            weights, momentum, running, key = state
            key, own = jax.random.split(key)
            gradient, running = jax.grad(loss, has_aux=True)(weights, running, own, inputs, targets)
            momentum = jax.tree.map(lambda v, g: 0.9 * v + g, momentum, gradient)
            weights = jax.tree.map(lambda w, v: w - rate * v, weights, momentum)
            return weights, momentum, running, key

        self.step = jax.jit(step, donate_argnums=0)
        self.state = state, jax.tree.map(jnp.zeros_like, state), running, jax.random.key(1)

    def load(self, inputs, targets):
        self.inputs, self.targets = jnp.asarray(inputs), jnp.asarray(targets)

    def run(self, steps):
        for _ in range(steps):
            self.state = self.step(self.state, self.inputs, self.targets)
        jax.block_until_ready(self.state)

    def weights(self):
        weights, _, running, _ = self.state
        return {name: self.theirs_to_ours(name, numpy.asarray(value)) for name, value in {**weights, **running}.items()}


def main():
    options = json.loads(sys.argv[1])
    network = networks.NETWORKS[options["network"]]
    peer.serve(Jax(network), network, options["batch"])


main()
