"""consis in all modes: the same verdict, at the same step, with the same report (docs/consis.md)."""
import json
import subprocess
import zlib

MODES = ("full", "incremental")  # that look at every step in turn; and "parallel"
# What only one mode does, or does more often.
WORK = ("values", "pointers", "control", "code", "undefined", "dangling", "comparable", "live", "window")
SEGMENTS = 100  # of a run in mode parallel, at most


class Differ(Exception):
    pass


def outcome(consis, mode, arguments, stdin, timeout):
    """(status, object or error text, what it did)."""
    done = subprocess.run([consis, "--json", "--mode=" + mode, *arguments], input=stdin, capture_output=True, timeout=timeout)
    try:
        found = json.loads(done.stdout)
    except ValueError:
        return done.returncode, done.stderr.decode("latin-1"), {}
    if found.pop("mode") != mode:
        raise Differ(f"mode {mode} calls itself otherwise")
    work = {key: found["counters"].pop(key) for key in WORK}
    work.update(found.pop("parallel", {}))
    return done.returncode, found, work


def segment(image, found):
    """Instructions of a segment: few, another number for another image."""
    instructions = found["counters"]["instructions"] if isinstance(found, dict) else 0
    with open(image, "rb") as file:
        return max(5 + zlib.crc32(file.read()) % 50, instructions // SEGMENTS)


def same(consis, arguments, stdin=b"", timeout=300, work=None):
    """`arguments` end in the image. The outcome on which all modes agree, and the share of the comparisons that mode incremental makes. To `work`, if given, what
    mode parallel did is added."""
    status, full, all_work = outcome(consis, "full", arguments, stdin, timeout)
    compared = 0
    for mode in (*MODES[1:], "parallel"):
        extra = [f"--segment={segment(arguments[-1], full)}", "--jobs=2"] if mode == "parallel" else []
        other_status, other, did = outcome(consis, mode, [*extra, *arguments], stdin, timeout)
        if (status, full) != (other_status, other):
            raise Differ(f"consis {' '.join([*extra, *arguments])}: {brief(status, full)} in mode full, {brief(other_status, other)} in mode {mode}")
        if mode == "incremental":
            compared = did.get("comparable", 0)
        elif work is not None:
            for key in ("segments", "again"):
                work[key] = work.get(key, 0) + did.get(key, 0)
    return full, (compared, all_work.get("comparable", 0))


def brief(status, outcome):
    if isinstance(outcome, str):
        return f"status {status}, {outcome.strip()[:200]}"
    failure = outcome.get("failure") or outcome.get("fault") or {}
    step = failure.get("c0Step", outcome["counters"]["c0Steps"])
    return f"{outcome['verdict']} at step {step} ({failure.get('condition', '')} {failure.get('text', '')}; {json.dumps(outcome['counters'])})"
