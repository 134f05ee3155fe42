"""A network in the form of Darknet's configurations, and the list of layers that Darknet must find in it.

    Conv("c1", 6, 5, pad=2, relu=True)   ->   [convolutional] filters=6 size=5 stride=1 padding=2 activation=relu
                                              and ["conv", 28, 28, 6, 235200]
"""
import networks

HEAD = {"batch": 0, "subdivisions": 1, "momentum": 0.9, "decay": 0, "policy": "constant", "max_batches": 1000000000}


def section(name, **values):
    return f"[{name}]\n" + "".join(f"{key}={value}\n" for key, value in values.items()) + "\n"


def conv_section(layer):
    return section("convolutional", batch_normalize=int(layer.norm), filters=layer.filters, size=layer.kernel,
                   stride=layer.stride, padding=layer.pad, activation="relu" if layer.relu else "linear")


def layer_sections(layer):
    if isinstance(layer, networks.Conv):
        return conv_section(layer)
    if isinstance(layer, networks.Dense):
        return section("connected", output=layer.units, activation="relu" if layer.relu else "linear")
    if isinstance(layer, networks.Pool):
        return section("maxpool", size=2, stride=2, padding=0)
    if isinstance(layer, networks.MeanPool):
        return section("avgpool")
    if isinstance(layer, networks.Dropout):
        return section("dropout", probability=layer.rate)
    body, count = "".join(conv_section(inner) for inner in layer.body), len(layer.body)
    if layer.shortcut:
        body += section("route", layers=-count - 1) + conv_section(layer.shortcut)
    return body + section("shortcut", **{"from": -3 if layer.shortcut else -count - 1}, activation="relu")


def configuration(network, batch, rate):
    shape = dict(zip(("height", "width", "channels"), network.input if len(network.input) == 3 else (1, 1, *network.input)))
    loss = section("softmax", groups=1) if network.classes else section("cost", type="sse")
    head = section("net", **{**HEAD, "batch": batch, "learning_rate": rate}, **shape)
    return head + "".join(layer_sections(layer) for layer in network.layers) + loss


KINDS = {networks.Conv: "conv", networks.Dense: "dense", networks.Pool: "pool", networks.MeanPool: "mean",
         networks.Dropout: "dropout"}


def expected_layers(layers, shape, rows):
    """Appends what darknet_step must print for these layers; returns the shape behind them."""
    for layer in layers:
        if isinstance(layer, networks.Residual):
            inside = expected_layers(layer.body, shape, rows)
            if layer.shortcut:
                expected_layers([layer.shortcut], shape, rows)
            shape = inside
            rows.append(["add", *shape, 0])
            continue
        counted = []
        shape = networks.walk_flop([layer], shape, counted)
        flat = [1, 1, shape[0] * (shape[1] * shape[2] if len(shape) == 3 else 1)]
        known = list(shape) if len(shape) == 3 and not isinstance(layer, networks.Dropout) else flat
        rows.append([KINDS[type(layer)], *known, *(counted or [0])])
    return shape
