"""Those who are timed: our trainer for each vector width, and the peers, each with a number of threads.

    Ours(...), Worker(...) (PyTorch, JAX), Darknet(...), ByHand(...)   ->   prove(), begin(), time(seconds)

Each gets as many cores as it has threads, the same ones for all, and an environment without settings of thread libraries
other than their number.
"""
import json
import os
import re
import subprocess
import time

import darknet
import networks

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
RATE = 0.01  # of timed steps: low, so that long timings on one batch stay tame
SETTINGS = ("OMP_", "GOMP_", "KMP_", "MKL_", "OPENBLAS_", "XLA_", "JAX_", "TORCH_", "ONEDNN_", "DNNL_", "ATEN_", "NPROC")
# What holds PyTorch's own loops, those that torch.compile makes, oneDNN and MKL to vectors of 256 bits. XLA's flag for the
# same does not hold its products of matrices, so that JAX cannot be held.
NARROW = {"ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2", "MKL_ENABLE_INSTRUCTIONS": "AVX2"}


def environment(threads, narrow=False):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(SETTINGS)}
    return {**kept, **(NARROW if narrow else {}), "OMP_NUM_THREADS": str(threads)}


def on_cores(threads):
    """The last cores that this process may use: the first ones serve interrupts."""
    cores = sorted(os.sched_getaffinity(0))[-threads:]
    return lambda: os.sched_setaffinity(0, cores)


def said(text):
    """The one line in which a program or compiler tells what is wrong."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return next((line for line in lines if "error" in line), lines[0] if lines else "")


def output_of(words, doing, **options):
    """What a command prints. One that fails is a RuntimeError of one line: what it was for, and its own message."""
    try:
        done = subprocess.run(words, capture_output=True, text=True, **options)
    except OSError as error:
        raise RuntimeError(f"{doing}: {words[0]}: {error.strerror}") from error
    if done.returncode:
        raise RuntimeError(f"{doing}: {said(done.stderr) or f'{os.path.basename(words[0])} ended with {done.returncode}'}")
    return done.stdout


def last_line(words, threads):
    output = output_of(words, os.path.basename(words[0]), env=environment(threads), preexec_fn=on_cores(threads))
    return json.loads(output.strip().splitlines()[-1])


class Contender:
    def __init__(self, peer, detail, threads):
        self.peer, self.detail, self.threads = peer, detail, threads
        self.name = f"{peer}, {detail}" if detail else peer
        self.first = None  # seconds until the first step was done, compiling included
        self.proof = None
        self.rounds = []

    def prove(self, order):
        """Sets `proof` and returns it; None: the others are measured against this one."""

    def begin(self):
        pass

    def close(self):
        pass


def model_text(network, batch, rate, epochs=1, data="", dropout=True):
    """The model with settings of its own: nothing but the step that all do."""
    source = open(os.path.join(ROOT, network.model)).read().split("\ntrain {")[0]
    if not dropout:
        source = re.sub(r"^ *dropout .*\n", "", source, flags=re.M)
    settings = f"    batch {batch}\n    epochs {epochs}\n    optimizer sgd rate={rate} momentum=0.9\n{data}"
    return f"{source}\ntrain {{\n{settings}}}\n"


def build_trainer(netc, march, text, path, *options):
    with open(path + ".net", "w") as file:
        file.write(text)
    try:
        output_of([netc, "build", "--march=" + march, *options, "-o", path, path + ".net"],
                  f"no trainer of {os.path.basename(path)}.net can be built")
    except RuntimeError as error:
        raise SystemExit(error) from error  # not one contender falls: nothing can be compared
    return path


class Ours(Contender):
    def __init__(self, trainer, march, threads):
        super().__init__("netc", march, threads)
        self.trainer, self.march = trainer, march

    def time(self, seconds):
        return last_line([self.trainer, "bench", "--json", "--seconds", str(seconds), "--threads", str(self.threads)],
                         self.threads)


class ByHand(Contender):
    """The step of the linear model in one C function; ours beside it are those of the same march."""

    def __init__(self, folder, march):
        super().__init__("by hand", march, 1)
        self.march, self.program = march, os.path.join(folder, "linear_by_hand-" + march)
        output_of(["cc", "-std=gnu11", "-O3", "-ffp-contract=fast", "-march=" + march, "-o", self.program,
                   os.path.join(HERE, "linear_by_hand.c")], "the step by hand cannot be built")

    def time(self, seconds):
        return last_line([self.program, "1000000"], 1)


class Worker(Contender):
    """PyTorch or JAX: a process that stays, see peer.py."""

    def __init__(self, peer, detail, python, script, options, threads, log, narrow=False):
        super().__init__(peer, detail, threads)
        self.environment = environment(threads, narrow)
        self.words = [python, os.path.join(HERE, script), json.dumps({**options, "threads": threads})]
        self.log, self.process = log, None

    def ask(self, **order):
        if not self.process:
            self.process = subprocess.Popen(self.words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log, text=True,
                                            env=self.environment, preexec_fn=on_cores(self.threads))
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{self.name} ended with {self.process.wait()}, see the log")
        return json.loads(answer)

    def prove(self, order):
        self.proof = {**self.ask(prove=order), "real": order["real"]}
        return self.proof

    def begin(self):
        self.first = self.ask(begin=RATE)["first"]

    def time(self, seconds):
        time.sleep(0.05)  # threads of the one before may still wait for work with open eyes
        return self.ask(time=seconds)

    def close(self):
        if self.process:
            self.process.communicate()
            self.process = None


class Darknet(Contender):
    """Debian's package is built without threads."""

    def __init__(self, program, folder, name, batch):
        super().__init__("darknet", "", 1)
        network = networks.NETWORKS[name]
        self.program, self.path = program, os.path.join(folder, f"{name}-{batch}.cfg")
        with open(self.path, "w") as file:
            file.write(darknet.configuration(network, batch, RATE))
        self.expected = []
        darknet.expected_layers(network.layers, network.input, self.expected)

    def prove(self, order):
        found = last_line([self.program, self.path, "0.001"], 1)["layers"]
        self.proof = {"layers": len(found), "same": found == self.expected}
        return self.proof

    def time(self, seconds):
        result = last_line([self.program, self.path, str(seconds)], 1)
        del result["layers"]
        return result
