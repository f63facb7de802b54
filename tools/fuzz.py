"""Fuzzing: any bytes at every boundary, and nothing but documented refusals comes back.

    python -m tools.fuzz --runs 1000                    every target, inputs made from a seed (as `make test` does)
    python -m tools.fuzz --runs 100000 station-member   one target
    python -m tools.fuzz --guided --runs 1000000        the same under atheris, led by what the inputs reach
    python -m tools.fuzz --guided --minutes 60          for so long, shared between the targets (by hand)
    python -m tools.fuzz --replay FILE TARGET           one input again

A finding is written to fuzz/found/TARGET-HASH, and the command that repeats it is printed.
"""

import argparse
import importlib.util
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from fuzz.mutation import inputs
from fuzz.target import CORPUS, INPUT_BYTES_MAX, ROOT, Target
from fuzz.targets import TARGETS

FOUND = ROOT / "fuzz/found"
KEPT_MAX = 12  # inputs kept for each target: small ones that reach what the vectors do not
KEPT_BYTES_MAX = 2_048
SECONDS_MAX = 10  # one input that takes longer is a finding: somebody could stop the line with it


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one target did: executions, how many were accepted, seconds, and whether it failed."""

    target: str
    runs: int
    accepted: int
    seconds: float
    failed: bool


def seeded(target: Target, runs: int, seed: int) -> Outcome:
    """Run a target over inputs made from a seed; stop at its first finding."""
    begun = time.monotonic()
    accepted = done = 0
    for data in inputs(seed, target.beginnings(), runs):
        done += 1
        at = time.monotonic()
        try:
            accepted += target.accepts(data)
        except Exception:  # whatever a target lets through is what is looked for
            found(target, data)
            return Outcome(target.name, done, accepted, time.monotonic() - begun, failed=True)
        if time.monotonic() - at > SECONDS_MAX:
            print(f"{target.name}: one input took {time.monotonic() - at:.0f} s")
            found(target, data)
            return Outcome(target.name, done, accepted, time.monotonic() - begun, failed=True)
    return Outcome(target.name, done, accepted, time.monotonic() - begun, failed=False)


def found(target: Target, data: bytes) -> None:
    """Keep an input that broke something, and say how to see it again."""
    FOUND.mkdir(exist_ok=True)
    path = FOUND / f"{target.name}-{sha256(data).hexdigest()[:12]}"
    path.write_bytes(data)
    traceback.print_exc()
    print(f"again: python -m tools.fuzz --replay {path.relative_to(ROOT)} {target.name}", flush=True)


def guided(target: Target, limit: Sequence[str], seed: int, *, keep: bool) -> Outcome:
    """Run a target under atheris in a process of its own, with the limits that libFuzzer takes."""
    begun = time.monotonic()
    FOUND.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="openline-fuzz-") as folder:
        work = Path(folder) / "work"
        work.mkdir()
        for number, data in enumerate(target.beginnings()):
            (work / f"{number:04}").write_bytes(data)
        begun_from = {path.name for path in work.iterdir()}
        options = [
            f"-seed={seed + 1}", f"-max_len={INPUT_BYTES_MAX}", f"-timeout={SECONDS_MAX}", "-print_final_stats=1",
            "-verbosity=0", f"-artifact_prefix={FOUND}/{target.name}-", *limit,
        ]  # fmt: skip
        command = [sys.executable, "-m", "fuzz.guided", target.name, *options, str(work)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, errors="replace", check=False)
        if done.returncode:
            print("\n".join((done.stdout + done.stderr).splitlines()[-30:]), flush=True)
        if keep:
            _keep(target, work, begun_from)
    runs = next((int(line.split()[-1]) for line in done.stderr.splitlines() if "number_of_executed_units" in line), 0)
    return Outcome(target.name, runs, 0, time.monotonic() - begun, failed=done.returncode != 0)


def _keep(target: Target, work: Path, begun_from: Collection[str]) -> None:
    """Add to the kept corpus what libFuzzer wrote down, because it reached something new: the shortest first."""
    written = (path.read_bytes() for path in work.iterdir() if path.name not in begun_from)
    new = sorted(written, key=lambda data: (len(data), data))
    kept = CORPUS / target.name
    room = KEPT_MAX - len(list(kept.glob("*")))
    for data in [data for data in new if 0 < len(data) <= KEPT_BYTES_MAX][: max(0, room)]:
        kept.mkdir(parents=True, exist_ok=True)
        (kept / sha256(data).hexdigest()[:12]).write_bytes(data)


def replay(path: Path, target: Target) -> int:
    """Run one input again, and let whatever comes out be seen."""
    print(f"{target.name}: {'accepted' if target.accepts(path.read_bytes()) else 'refused, as documented'}")
    return 0


def main(arguments: Sequence[str]) -> int:
    """Run the named targets, or all; the status is 1 if any let something through."""
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"one or more of: {', '.join(TARGETS)}")
    parser.add_argument("--runs", type=int, default=1_000, help="inputs for each target (default: 1000)")
    parser.add_argument("--minutes", type=float, help="instead of --runs, with --guided: minutes for all targets")
    parser.add_argument("--seed", type=int, default=0, help="which inputs (default: 0)")
    parser.add_argument("--guided", action="store_true", help="led by coverage, under atheris")
    parser.add_argument("--keep", action="store_true", help="with --guided: add what is new to fuzz/corpus")
    parser.add_argument("--replay", type=Path, help="one input to run again")
    chosen = parser.parse_args(arguments)
    if unknown := [name for name in chosen.targets if name not in TARGETS]:
        parser.error(f"no such target: {', '.join(unknown)}")
    wanted = [TARGETS[name] for name in chosen.targets] or list(TARGETS.values())
    if chosen.replay:
        return replay(chosen.replay, wanted[0])
    if chosen.guided and importlib.util.find_spec("atheris") is None:
        print("atheris has no wheel for this platform: run without --guided")
        return 1
    limit = [f"-runs={chosen.runs}"]
    if chosen.minutes:
        limit = [f"-max_total_time={max(1, round(60 * chosen.minutes / len(wanted)))}"]
    outcomes = []
    for target in wanted:
        outcome = (
            guided(target, limit, chosen.seed, keep=chosen.keep)
            if chosen.guided
            else seeded(target, chosen.runs, chosen.seed)
        )
        outcomes.append(outcome)
        told = "FAILED" if outcome.failed else "ok"
        accepted = "" if chosen.guided else f"{outcome.accepted:9,} accepted"
        print(f"{told:<6}  {target.name:<18} {outcome.runs:10,} runs {accepted} {outcome.seconds:7.1f} s", flush=True)
    failed = [outcome.target for outcome in outcomes if outcome.failed]
    executions = sum(outcome.runs for outcome in outcomes)
    print(f"{len(outcomes)} targets, {executions:,} executions, {len(failed)} with findings")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
