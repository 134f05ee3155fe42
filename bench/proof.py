"""Proof that all do the same work: our trainer's weights before and after five steps on one batch, dropout off, which a peer
must reach from the same start on the same batch.

    prepare(netc, marches, folder, "lenet5", 64, "float")   ->   {"start": FILE, "ends": [FILE…], "inputs": FILE, …}

The batch is a file of random examples of which a training epoch is one step; momentum goes on from step to step. Float, which
is timed, is tried first. In deep networks a number next to the kink of a relu falls to either side of it by the order of a
sum, and the weights part visibly, also those of one peer in two layouts: then the same proof is asked for in double.
"""
import os
import random
import struct

import contenders
import networks

RATE, STEPS = 0.05, 5
TOLERANCE = 1e-4  # of a tensor's largest number
SHARE_OF_MOVED = 1e-2  # that a difference may be of the smallest displacement of a tensor
TYPES = ("float", "double")


def write_idx(path, kind, sizes, data):
    with open(path, "wb") as file:
        file.write(bytes([0, 0, kind, len(sizes)]) + struct.pack(f">{len(sizes)}I", *sizes) + data)


def write_examples(network, batch, inputs, targets):
    draw = random.Random(1)
    count = batch
    for size in network.input:
        count *= size
    write_idx(inputs, 0x08, (batch, *network.input), draw.randbytes(count))
    if network.classes:
        write_idx(targets, 0x08, (batch,), bytes(draw.randrange(network.classes) for _ in range(batch)))
    else:
        write_idx(targets, 0x0d, (batch, 1), struct.pack(f">{batch}f", *(draw.random() for _ in range(batch))))


def train(trainer, *words):
    try:
        contenders.output_of([trainer, "train", "--progress", "none", *words], f"{os.path.basename(trainer)} cannot train")
    except RuntimeError as error:
        raise SystemExit(error) from error


def prepare(netc, marches, folder, name, batch, real):
    network, place = networks.NETWORKS[name], os.path.join(folder, f"{name}-{batch}-{real}")
    order = {"start": place + "-start/model.safetensors", "ends": [], "inputs": place + "-inputs.idx",
             "targets": place + "-targets.idx", "rate": RATE, "steps": STEPS, "real": real}
    write_examples(network, batch, order["inputs"], order["targets"])
    with open(place + ".yaml", "w") as file:
        file.write(f"format: idx\nscale: 1/255\ntrain: {{ inputs: \"{order['inputs']}\", targets: \"{order['targets']}\" }}\n")
    text = contenders.model_text(network, batch, RATE, STEPS, f'    data "{place}.yaml"\n', dropout=False)
    for march in marches:
        trainer = contenders.build_trainer(netc, march, text, f"{place}-{march}", *(["--double"] if real == "double" else []))
        if march == marches[0]:
            train(trainer, "--epochs", "1", "--out", place + "-start")
        train(trainer, "--init", order["start"], "--out", f"{place}-end-{march}")
        order["ends"].append(f"{place}-end-{march}/model.safetensors")
    return order


def holds(proof):
    if "same" in proof:
        return proof["same"]
    return proof["error"] <= min(TOLERANCE, SHARE_OF_MOVED * proof["moved"])


def demand(contender, order_of):
    """A RuntimeError when the contender proves its step in neither type; order_of(real) is what it has to reach."""
    for real in TYPES:
        found = contender.prove(order_of(real))
        contender.close()
        if not found or holds(found):
            return
    raise RuntimeError(f"not the same work: {found}")
