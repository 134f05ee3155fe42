"""What the two Python peers share: a process that proves its step and times it when it is told to.

A line of JSON on standard input is a command, a line on standard output the answer:

    {"prove": {"start": FILE, "ends": [FILE…], …}}   ->   {"error": 3e-6, "moved": 0.2}     see proof.py
    {"begin": 0.01}                                  ->   {"first": 1.9}                    seconds; the rate is 0.01
    {"time": 1.0}                                    ->   {"median": …, "max_rss": …}

A peer is a class with build(rate, dropout, start=None), load(inputs, targets), run(steps) and weights().
"""
import json
import os
import resource
import struct
import sys
import time

import numpy

GROUP_SECONDS = 0.01


def read_tensors(path):
    """The tensors of a .safetensors file, by name; the format is a JSON header and raw numbers."""
    with open(path, "rb") as file:
        size = struct.unpack("<Q", file.read(8))[0]
        header, data = json.loads(file.read(size)), file.read()
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            kind = {"F32": numpy.float32, "F64": numpy.float64}[entry["dtype"]]
            tensors[name] = numpy.frombuffer(data[begin:end], kind).reshape(entry["shape"]).copy()
    return tensors


def read_idx(path):
    with open(path, "rb") as file:
        magic = file.read(4)
        sizes = struct.unpack(f">{magic[3]}I", file.read(4 * magic[3]))
        kind = {0x08: numpy.uint8, 0x0d: numpy.dtype(">f4")}[magic[2]]
        return numpy.frombuffer(file.read(), kind).reshape(sizes)


def made_up(network, batch):
    """Inputs and targets for timing."""
    draw = numpy.random.default_rng(1)
    inputs = draw.random((batch, *network.input), numpy.float32)
    if network.classes:
        return inputs, draw.integers(0, network.classes, batch)
    return inputs, draw.random((batch, 1), numpy.float32)


def compare(start, theirs, ours):
    """Over all tensors the largest difference and the smallest displacement, as shares of the tensor's largest number."""
    error, moved = 0, 1
    for name, expected in ours.items():
        largest = numpy.abs(expected).max()
        error = max(error, float(numpy.abs(theirs[name].reshape(expected.shape) - expected).max() / largest))
        moved = min(moved, float(numpy.abs(expected - start[name]).max() / largest))
    return error, moved


def prove(peer, network, order):
    start = read_tensors(order["start"])
    real = {"float": numpy.float32, "double": numpy.float64}[order["real"]]
    inputs = read_idx(order["inputs"]).astype(real) / real(255)
    targets = read_idx(order["targets"]).astype(numpy.int64 if network.classes else real)
    peer.build(order["rate"], dropout=False, start=start)
    peer.load(inputs, targets)
    peer.run(order["steps"])
    found = [compare(start, peer.weights(), read_tensors(end)) for end in order["ends"]]
    return {"error": max(error for error, _ in found), "moved": min(moved for _, moved in found)}


def begin(peer, network, batch, rate):
    """Builds what is timed, and says how long the first step took, compiling included."""
    peer.build(rate, dropout=True)
    peer.load(*made_up(network, batch))
    start = time.perf_counter()
    peer.run(1)
    return {"first": time.perf_counter() - start}


def time_steps(peer, seconds):
    """As the trainer's `bench`: groups of steps, a fifth of a second to warm up."""
    group, warm = 1, time.perf_counter() + 0.2
    while True:
        start = time.perf_counter()
        peer.run(group)
        now = time.perf_counter()
        if now > warm:
            break
        if now - start < GROUP_SECONDS / 2:
            group *= 2
    times, processor, start = [], time.process_time(), time.perf_counter()
    while len(times) < 2 or time.perf_counter() < start + seconds:
        before = time.perf_counter()
        peer.run(group)
        times.append((time.perf_counter() - before) / group)
    wall, processor = time.perf_counter() - start, time.process_time() - processor
    times.sort()
    return {"median": times[len(times) // 2], "least": times[0], "mean": wall / len(times) / group,
            "processor_share": processor / wall, "max_rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}


def serve(peer, network, batch):
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print is no answer
    for line in sys.stdin:
        order = json.loads(line)
        if "prove" in order:
            answer = prove(peer, network, order["prove"])
        elif "begin" in order:
            answer = begin(peer, network, batch, order["begin"])
        else:
            answer = time_steps(peer, order["time"])
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
