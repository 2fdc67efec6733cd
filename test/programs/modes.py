"""consis in both modes: the same verdict, at the same step, with the same report (docs/consis.md)."""
import json
import subprocess

MODES = ("full", "incremental")
# What only one mode does, or does more often.
WORK = ("values", "pointers", "control", "code", "undefined", "dangling", "comparable", "live", "window")


class Differ(Exception):
    pass


def outcomes(consis, arguments, stdin=b"", timeout=300):
    """Of mode full and of mode incremental: (status, object or error text, what it did)."""
    found = []
    for mode in MODES:
        done = subprocess.run([consis, "--json", "--mode=" + mode, *arguments], input=stdin, capture_output=True, timeout=timeout)
        try:
            outcome = json.loads(done.stdout)
        except ValueError:
            found.append((done.returncode, done.stderr.decode("latin-1"), {}))
            continue
        if outcome.pop("mode") != mode:
            raise Differ(f"mode {mode} calls itself otherwise")
        work = {key: outcome["counters"].pop(key) for key in WORK}
        found.append((done.returncode, outcome, work))
    return found


def same(consis, arguments, stdin=b"", timeout=300):
    """The outcome on which both modes agree, and the share of the comparisons that mode incremental makes."""
    (status, full, all_work), (other_status, incremental, work) = outcomes(consis, arguments, stdin, timeout)
    if (status, full) != (other_status, incremental):
        raise Differ(f"consis {' '.join(arguments)}: {brief(status, full)} in mode full, "
                     f"{brief(other_status, incremental)} in mode incremental")
    return full, (work.get("comparable", 0), all_work.get("comparable", 0))


def brief(status, outcome):
    if isinstance(outcome, str):
        return f"status {status}, {outcome.strip()[:200]}"
    failure = outcome.get("failure") or outcome.get("fault") or {}
    step = failure.get("c0Step", outcome["counters"]["c0Steps"])
    return f"{outcome['verdict']} at step {step} ({failure.get('condition', '')} {failure.get('text', '')}; {json.dumps(outcome['counters'])})"
