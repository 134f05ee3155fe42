"""What was measured, as figures in JSON and as tables in Markdown.

A peer's ratio for N threads is to its best number of threads up to N: more threads make some steps slower, and nobody would
use those.
"""
import json
from statistics import median


def contender_figures(contender, network, batch):
    step = median(result["median"] for result in contender.rounds)
    flop = 3 * network.flop()[1] * batch
    counted = {result["flop"] for result in contender.rounds if "flop" in result}
    if counted - {flop}:
        raise RuntimeError(f"{contender.name} counts {counted} FLOP a step where the list of layers has {flop}")
    return {"name": contender.name, "peer": contender.peer, "march": getattr(contender, "march", None),
            "threads": contender.threads, "median": step, "examples": batch / step,
            "slowest": max(result["median"] for result in contender.rounds),
            "fastest": min(result["median"] for result in contender.rounds),
            "least": min(result["least"] for result in contender.rounds),
            "mean": median(result.get("mean", result["median"]) for result in contender.rounds),
            "flops": flop / step, "max_rss": max(result["max_rss"] for result in contender.rounds),
            "processor_share": median(result["processor_share"] for result in contender.rounds),
            "others": median(result["others"] for result in contender.rounds),
            "peak": max(result.get("peak", 0) for result in contender.rounds),
            "first_step_seconds": contender.first, "proof": contender.proof}


def case_figures(name, batch, network, lined, fallen):
    first, whole = network.flop()
    return {"network": name, "title": network.title, "batch": batch, "flop": 3 * whole * batch,
            "flop_without_first": (3 * whole - first) * batch, "not_timed": fallen,
            "contenders": [contender_figures(contender, network, batch) for contender in lined]}


def find_peaks(cases):
    """FLOP/s by march and threads: the most that any round of the run has seen."""
    peaks = {}
    for case in cases:
        for figures in case["contenders"]:
            if figures["peak"]:
                of_march = peaks.setdefault(figures["march"], {})
                of_march[figures["threads"]] = max(of_march.get(figures["threads"], 0), figures["peak"])
    return peaks


def add_shares(case, peaks):
    """Of the peak: ours of their own vectors', others of the widest that the machine has."""
    for figures in case["contenders"]:
        marches = [figures["march"]] if figures["march"] in peaks else list(peaks)
        peak = max((peaks[march].get(figures["threads"], 0) for march in marches), default=0)
        figures["share"] = figures["flops"] / peak if peak else None


def best_peer(case, threads, peer=None):
    """Of all, or of one; None where there is none."""
    known = [figures for figures in case["contenders"] if figures["peer"] not in ("netc", "by hand")
             and figures["threads"] <= threads and peer in (None, figures["peer"])]
    return max(known, key=lambda figures: figures["examples"], default=None)


def count(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def percent(share):
    return f"{100 * share:.1f} %" if share else ""


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows] + [""]


def ratio(ours, theirs):
    return f"{ours['examples'] / theirs['examples']:.2f}" if theirs else "missing"


def overview(result):
    peers = sorted({figures["peer"] for case in result["cases"] for figures in case["contenders"]} - {"netc", "by hand"})
    absent = sorted(result["missing"])
    rows = []
    for case in result["cases"]:
        without = case["flop_without_first"] / case["flop"]
        for ours in (figures for figures in case["contenders"] if figures["peer"] == "netc"):
            best = best_peer(case, ours["threads"])
            rows.append([case["title"], case["batch"], ours["threads"], ours["march"], count(ours["examples"]),
                         percent(ours["share"]), percent(ours["share"] * without),
                         f"{best['name']} ({best['threads']}): {count(best['examples'])}" if best else "", ratio(ours, best),
                         *(ratio(ours, best_peer(case, ours["threads"], peer)) for peer in peers), *("missing" for _ in absent)])
    head = ["network", "batch", "threads", "netc for", "examples/s", "share of peak", "without first dX",
            "best peer (threads): examples/s", "ratio", *("to " + peer for peer in peers + absent)]
    return table(head, rows)


def details(case):
    rows = []
    for figures in case["contenders"]:
        proof = figures["proof"] or {}
        shown = "same layers" if "same" in proof else f"{proof['error']:.1e} ({proof['real']})" if proof else ""
        first = f"{figures['first_step_seconds']:.2f}" if figures["first_step_seconds"] else ""
        rows.append([figures["name"], figures["threads"], f"{figures['median'] * 1e3:.4g}",
                     f"{figures['fastest'] * 1e3:.4g} to {figures['slowest'] * 1e3:.4g}", count(figures["examples"]),
                     f"{figures['flops'] * 1e-9:.4g}", percent(figures["share"]), f"{figures['processor_share']:.2f}",
                     f"{figures['others']:.2f}", f"{figures['max_rss'] / 2 ** 20:.0f}", first, shown])
    head = ["", "threads", "ms a step", "rounds", "examples/s", "GFLOP/s", "share of peak", "CPU s a s", "others' CPU s a s",
            "max RSS MiB", "s to the first step", "difference in the proof"]
    lines = [f"### {case['title']}, batch {case['batch']}", "",
             f"{case['flop'] / 1e6:.4g} MFLOP a step; {case['flop_without_first'] / 1e6:.4g} without the first layer's dX.", ""]
    lines += [f"Not timed: {name}: {reason}\n" for name, reason in case["not_timed"].items()]
    return lines + table(head, rows)


def by_hand(case):
    """The linear model beside its step in one C function."""
    lines = []
    for hand in (figures for figures in case["contenders"] if figures["peer"] == "by hand"):
        for ours in case["contenders"]:
            if ours["peer"] == "netc" and ours["march"] == hand["march"]:
                lines.append(f"* {hand['march']}, threads: {ours['threads']}: {ours['mean'] * 1e6:.3f} µs a step, by hand "
                             f"{hand['mean'] * 1e6:.3f} µs: {(ours['mean'] - hand['mean']) * 1e6:+.3f} µs (means)")
    return lines + [""] if lines else []


def write(result, path):
    peaks = result["peaks"] = find_peaks(result["cases"])
    for case in result["cases"]:
        add_shares(case, peaks)
    machine = result["machine"]
    lines = ["# Training steps, side by side", "",
             f"{machine['cpu']}, {machine['cores']} cores, {machine['system']}, {machine['compiler']}; load "
             f"{result['load_before']:.1f} before, {result['load_after']:.1f} after. Medians of {result['rounds']} interleaved rounds "
             f"of {result['seconds']} s.", "",
             "FMA peak, GFLOP/s: " + "; ".join(f"{march}: " + ", ".join(
                 f"{value * 1e-9:.1f} (threads: {threads})" for threads, value in sorted(found.items()))
                 for march, found in sorted(peaks.items())) + ".", "",
             "Versions: " + ", ".join(f"{peer} {version}" for peer, version in result["versions"].items()) + "."
             + (" PyTorch is held to AVX2, as ours is." if result["held_to_avx2"] else "")]
    lines += [f"Missing: {peer}: {reason}." for peer, reason in result["missing"].items()] + [""]
    lines += overview(result)
    for case in result["cases"]:
        lines += details(case) + by_hand(case)
    with open(path + ".md", "w") as file:
        file.write("\n".join(lines).rstrip() + "\n")
    with open(path + ".json", "w") as file:
        json.dump(result, file, indent=1)
