"""consis in all modes: the same verdict, at the same step, with the same report (docs/consis.md)."""
import json
import os
import subprocess
import tempfile
import zlib

MODES = ("full", "incremental")  # that look at every step in turn; and "parallel"
# What only one mode does, or does more often.
WORK = ("values", "pointers", "control", "code", "undefined", "dangling", "comparable", "live", "window")
SEGMENTS = 100  # of a run in mode parallel, at most
SHARDS = 3


class Differ(Exception):
    pass


def outcome(consis, mode, arguments, stdin, timeout):
    """(status, object or error text, what it did)."""
    return reported(subprocess.run([consis, "--json", "--mode=" + mode, *arguments], input=stdin, capture_output=True, timeout=timeout), mode)


def reported(done, mode):
    try:
        found = json.loads(done.stdout)
    except ValueError:
        return done.returncode, done.stderr.decode("latin-1"), {}
    if found.pop("mode") != mode:
        raise Differ(f"mode {mode} calls itself otherwise")
    work = {key: found["counters"].pop(key) for key in WORK}
    work.update(found.pop("parallel", {}))
    return done.returncode, found, work


def merged(consis, found, arguments, stdin, timeout):
    """The same of shards that have been merged. `found` is the run's outcome: a wrong program may run on for ever, which shards do not see."""
    until = f"--until={2 * found['counters']['instructions'] + 10_000}"
    with tempfile.TemporaryDirectory() as folder:
        files = [os.path.join(folder, f"{i}.json") for i in range(1, SHARDS + 1)]
        for i, file in enumerate(files, 1):
            command = [consis, f"--shard={i}/{SHARDS}", "--json=" + file, "-q", until, *arguments]
            done = subprocess.run(command, input=stdin, capture_output=True, timeout=timeout)
            if done.returncode or done.stdout or done.stderr:
                raise Differ(f"{' '.join(command)}: status {done.returncode}, {done.stderr.decode('latin-1').strip()[:200]}")
        return reported(subprocess.run([consis, "--merge", "--json", *files], capture_output=True, timeout=timeout), "parallel")


def segment(image, found):
    """Instructions of a segment: few, another number for another image."""
    instructions = found["counters"]["instructions"] if isinstance(found, dict) else 0
    with open(image, "rb") as file:
        return max(5 + zlib.crc32(file.read()) % 50, instructions // SEGMENTS)


def same(consis, arguments, stdin=b"", timeout=300, work=None, shards=False):
    """`arguments` end in the image. The outcome on which all modes agree, with `shards` merged shards too, and the share of the comparisons that mode incremental
    makes. To `work`, if given, what mode parallel and the merging did is added."""
    status, full, all_work = outcome(consis, "full", arguments, stdin, timeout)
    compared = 0
    parts = [f"--segment={segment(arguments[-1], full)}", "--jobs=2"]
    for mode in (*MODES[1:], "parallel", *(["merged"] if shards and isinstance(full, dict) else [])):
        extra = parts if mode in ("parallel", "merged") else []
        if mode == "merged":
            other_status, other, did = merged(consis, full, [*extra, *arguments], stdin, timeout)
        else:
            other_status, other, did = outcome(consis, mode, [*extra, *arguments], stdin, timeout)
        if (status, full) != (other_status, other):
            raise Differ(f"consis {' '.join([*extra, *arguments])}: {brief(status, full)} in mode full, {brief(other_status, other)} in mode {mode}")
        if mode == "incremental":
            compared = did.get("comparable", 0)
        elif work is not None:
            for key in ("segments", "again"):
                name = key if mode == "parallel" else f"{key} of shards"
                work[name] = work.get(name, 0) + did.get(key, 0)
    return full, (compared, all_work.get("comparable", 0))


def brief(status, outcome):
    if isinstance(outcome, str):
        return f"status {status}, {outcome.strip()[:200]}"
    failure = outcome.get("failure") or outcome.get("fault") or {}
    step = failure.get("c0Step", outcome["counters"]["c0Steps"])
    return f"{outcome['verdict']} at step {step} ({failure.get('condition', '')} {failure.get('text', '')}; {json.dumps(outcome['counters'])})"
