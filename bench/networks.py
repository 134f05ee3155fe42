"""The networks that are compared, as plain lists of layers from which each peer builds its own form.

    NETWORKS["lenet5"].layers[0]   ->   Conv("c1", 6, 5, pad=2, relu=True), which is `c1: conv 6 5x5 pad=2 relu`

Ours are the files models/NAME.net themselves. That both are the same is proved before anything is timed: by the FLOP, and by
the weights after five steps.
"""
from dataclasses import dataclass


@dataclass
class Conv:
    label: str
    filters: int
    kernel: int
    pad: int = 0
    stride: int = 1
    norm: bool = False  # a batchnorm behind it, and then no bias
    relu: bool = False


@dataclass
class Dense:
    label: str
    units: int
    relu: bool = False


@dataclass
class Pool:  # the maxima of 2x2
    pass


@dataclass
class MeanPool:  # the mean of the whole picture
    pass


@dataclass
class Dropout:
    rate: float


@dataclass
class Residual:  # relu(body(x) + shortcut(x)); no shortcut: x itself
    body: list
    shortcut: object = None


@dataclass
class Network:
    title: str
    model: str  # the .net file, from the root of the repository
    input: tuple  # height, width, channels; (features,)
    layers: list
    classes: int = 10  # 0: one number, with the squared error

    def flop(self):
        """2 x the multiply-adds of one example's forward pass: (of the first layer, of all), taps on padding included."""
        counted = []
        walk_flop(self.layers, self.input, counted)
        return counted[0], sum(counted)


def conv_size(size, layer):
    return (size + 2 * layer.pad - layer.kernel) // layer.stride + 1


def walk_flop(layers, shape, counted):
    """Appends the FLOP of each layer that has any; returns the shape behind the last."""
    for layer in layers:
        if isinstance(layer, Conv):
            height, width = (conv_size(size, layer) for size in shape[:2])
            counted.append(2 * height * width * layer.filters * shape[2] * layer.kernel ** 2)
            shape = (height, width, layer.filters)
        elif isinstance(layer, Dense):
            inputs = 1
            for size in shape:
                inputs *= size
            counted.append(2 * inputs * layer.units)
            shape = (layer.units,)
        elif isinstance(layer, Pool):
            shape = (shape[0] // 2, shape[1] // 2, shape[2])
        elif isinstance(layer, MeanPool):
            shape = (shape[2],)
        elif isinstance(layer, Residual):
            if layer.shortcut:
                walk_flop([layer.shortcut], shape, counted)
            shape = walk_flop(layer.body, shape, counted)
    return shape


def basic(label, filters, stride=1):
    """One block of ResNet-18."""
    shortcut = Conv(label + "_p", filters, 1, stride=stride, norm=True) if stride > 1 else None
    return Residual([Conv(label + "_a", filters, 3, pad=1, stride=stride, norm=True, relu=True),
                     Conv(label + "_b", filters, 3, pad=1, norm=True)], shortcut)


def vgg_conv(label, filters):
    return Conv(label, filters, 3, pad=1, relu=True)


NETWORKS = {
    "mlp": Network("MLP 784-512-512-10", "models/mlp.net", (28, 28, 1), [
        Dense("f1", 512, relu=True), Dropout(0.2), Dense("f2", 512, relu=True), Dropout(0.2), Dense("f3", 10)]),
    "lenet5": Network("LeNet-5", "models/lenet5.net", (28, 28, 1), [
        Conv("c1", 6, 5, pad=2, relu=True), Pool(), Conv("c3", 16, 5, relu=True), Pool(),
        Dense("f5", 120, relu=True), Dropout(0.2), Dense("f6", 84, relu=True), Dense("f7", 10)]),
    "mnist_cnn": Network("MNIST-CNN", "models/mnist_cnn.net", (28, 28, 1), [
        Conv("c1", 32, 3, relu=True), Conv("c2", 64, 3, relu=True), Pool(), Dropout(0.25),
        Dense("f1", 128, relu=True), Dropout(0.5), Dense("f2", 10)]),
    "vgg6": Network("VGG-6", "models/vgg6.net", (32, 32, 3), [
        vgg_conv("c1", 64), vgg_conv("c2", 64), Pool(), vgg_conv("c3", 128), vgg_conv("c4", 128), Pool(),
        vgg_conv("c5", 256), vgg_conv("c6", 256), Pool(), Dense("f7", 512, relu=True), Dropout(0.5), Dense("f8", 10)]),
    "resnet18": Network("ResNet-18", "models/resnet18.net", (32, 32, 3), [
        Conv("stem", 64, 3, pad=1, norm=True, relu=True), basic("s1_1", 64), basic("s1_2", 64),
        basic("s2_r1", 128, 2), basic("s2_r2", 128), basic("s3_r1", 256, 2), basic("s3_r2", 256),
        basic("s4_r1", 512, 2), basic("s4_r2", 512), MeanPool(), Dense("f", 10)]),
    "linear": Network("linear 10 to 1", "bench/models/linear.net", (10,), [Dense("y", 1)], classes=0),
}
