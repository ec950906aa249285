"""Computes each verdict of `explain` again: a list of its JSON documents on standard input."""
import json
import math
import sys


def log_sum(logs):
    most = max(logs)
    return most + math.log(sum(math.exp(one - most) for one in logs))


def judge(signal, evidence, bars):
    ways = {"up": ["up"], "down": ["down"], "both": ["up", "down"]}[signal["worse"]]
    purse = evidence["reserve"] + evidence["later"]
    unstaked = [math.log(purse) if purse > 0 else -1e6]
    worse = log_sum([log for way in ways for log in evidence["worse"][way]] + unstaked)
    beyond = log_sum([log for way in ways for log in evidence["beyond"][way]] + unstaked)
    sums, alone = evidence["sums"], evidence["alone"]
    hits, trials = sums["canaryHits"], sums["canaryTrials"]
    if not alone:
        if max(ways, key=lambda way: log_sum(evidence["beyond"][way])) == "down":
            hits = trials * sums["controlHits"] / sums["controlTrials"] if sums["controlTrials"] else 0
        trials = min(trials, sums["controlTrials"])
    weights = [math.log(one["weight"]) for one in bars["ratios"]]

    def healthy(way):
        if "abs" not in signal["margin"]:
            return log_sum([a + b for a, b in zip(weights, evidence["within"][way])])
        line = signal["margin"]["abs"] * (1 if way == "up" else -1)
        paid = evidence["interval"]["down" if way == "up" else "up"]
        rows = zip(weights, paid["payoff"], paid["cost"])
        return log_sum([weight + payoff - line * cost for weight, payoff, cost in rows])

    health = {way: healthy(way) for way in ways} if not alone and evidence["stageWindow"] else {}
    full = worse >= -math.log(signal["alpha"]) and beyond >= -math.log(signal.get("gamma", 0.2))
    if full and hits >= signal.get("minHits", 5):
        verdict = "worse"
    elif trials < signal.get("minTrials", 100):
        verdict = "insufficient"
    else:
        proven = [value >= math.log(2 / signal.get("beta", 0.05)) for value in health.values()]
        verdict = "not-worse" if proven and all(proven) else "undecided"
    return {"verdict": verdict, "worse": worse, "beyond": beyond, "hits": hits, "trials": trials, "healthy": health}


documents = [document["signals"] for document in json.load(sys.stdin)]
json.dump([[judge(one["signal"], one["evidence"], one["bars"]) for one in signals] for signals in documents], sys.stdout)
