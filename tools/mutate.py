"""Mutation testing: each thing that the code says must have a test that would miss it.

    python -m tools.mutate wire --mutants 400 --seed 1
    python -m tools.mutate wire sessions --jobs 2 --seed 1 --record docs/campaigns/mutation.jsonl
    python -m tools.mutate wire --again --seed 1 --record docs/campaigns/mutation.jsonl

One small change after another is made to a copy of a package (never to the package), and that package's own tests run
on the copy.  A mutant that no test notices survives and is listed: either a test is missing, or the change makes no
difference that anybody could see.  The mutants are drawn by the seed from all that there are, so a run can be repeated.
How they are made stands in `tools.mutants`, how they are judged in `tools.judging`.

With `--again`, only the survivors of the last run of that seed in the record are judged, and those that were left when
its time was over, on the tests and the code of today; one whose line has been changed or taken out since is *gone*, and
counts neither way.
"""

import argparse
import difflib
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tools.judging import ENDLESS, SURVIVED, Verdict, copy_into, judge
from tools.mutants import Mutant, chosen_of, mutants_of

ROOT = Path(__file__).resolve().parent.parent
SHARED = {
    "sessions": ("tests/wire/test_vectors.py",),
    "tlog": ("tests/wire/test_vectors.py",),
    "delivery": ("tests/sessions", "tests/engine"),
}
"""Tests elsewhere that are a package's own: vectors are judged in one place, and delivery is seen through a station."""


STORIES = tuple(f"tests/engine/test_{name}.py" for name in ("crisis_hour", "release_chances", "two_lines"))
"""No unit tests: whole hours of several stations, and chances by seed.  They take longer than all the others."""


def tests_of(package: str) -> list[str]:
    """Return the folders and files of the tests that judge a package, and what of them is left out."""
    return [f"tests/{package}", *SHARED.get(package, ()), *(f"--ignore={story}" for story in STORIES)]


def campaign(package: str, count: int, seed: int, record: Path | None, jobs: int, minutes: float) -> int:
    """Judge one package's mutants, print the survivors, add one line to `record`; return how many survived."""
    begun = time.monotonic()
    chosen, every = chosen_of(ROOT, package, count, seed)
    print(f"{package}: {len(chosen)} of {every} mutants, seed {seed}", flush=True)
    line = {"package": package, "commit": commit(), "seed": seed, "drawn": len(chosen), "of": every, "noticed": 0}
    return finish(line, chosen, judged(package, chosen, jobs, minutes), begun, record)


def once_more(package: str, seed: int, record: Path, jobs: int, minutes: float) -> int:
    """Judge what the last run of this seed in `record` left open; add a line; return how many survived."""
    begun = time.monotonic()
    lines = [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()]
    line = [line for line in lines if (line["package"], line["seed"]) == (package, seed)][-1]
    survivors, left = line["survivors"], line.get("left", [])
    chosen, gone = found_now(line["commit"], [*survivors, *left])
    random.Random(seed).shuffle(chosen)
    print(f"{package}: {len(survivors)} survivors and {len(left)} left of seed {seed} at {line['commit']}", flush=True)
    print(f"  {len(gone)} of them gone since", flush=True)
    again = {
        "package": package, "commit": commit(), "again": line["commit"], "seed": seed, "drawn": line["drawn"],
        "of": line["of"], "noticed": line["mutants"] - len(survivors), "gone": line.get("gone", []) + gone,
    }  # fmt: skip
    return finish(again, chosen, judged(package, chosen, jobs, minutes) if chosen else [], begun, record)


def found_now(at: str, recorded: Sequence[dict[str, Any]]) -> tuple[list[Mutant], list[dict[str, Any]]]:
    """Return what was recorded at a commit as mutants of the code of today, and those whose line is there no more."""
    found: list[Mutant] = []
    gone: list[dict[str, Any]] = []
    for name in sorted({one["file"] for one in recorded}):
        places = moved(source_at(at, name), source_now(name))
        now = list(mutants_of(ROOT / name, name)) if places else []
        for one in (one for one in recorded if one["file"] == name):
            same = (places.get(one["line"]), one["before"], one["after"])
            these = [mutant for mutant in now if (mutant.line, mutant.before, mutant.after) == same]
            these = [mutant for mutant in these if mutant.column == one.get("column", mutant.column)]
            found += [mutant for mutant in these if mutant not in found]
            gone += [] if these else [one]
    return found, gone


def moved(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Return where each line of the old source that is unchanged stands in the new one; both count from 1."""
    blocks = difflib.SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return {block.a + at + 1: block.b + at + 1 for block in blocks for at in range(block.size)}


def source_at(commit: str, name: str) -> list[str]:
    """Return the lines of a file as they were at a commit that is recorded."""
    command = ["git", "show", f"{commit.rstrip('+')}:{name}"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()


def source_now(name: str) -> list[str]:
    """Return the lines of a file as it is, or none if it is gone."""
    path = ROOT / name
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []


def judged(package: str, chosen: Sequence[Mutant], jobs: int, minutes: float) -> list[Verdict]:
    """Judge these mutants in copies that are thrown away, and print those that survive as they do."""

    def told(verdict: Verdict) -> None:
        if verdict.outcome == SURVIVED:
            print(f"  survived  {verdict.file}:{verdict.line}  {verdict.before}  ->  {verdict.after}", flush=True)

    with tempfile.TemporaryDirectory(prefix="openline-mutants-") as folder:
        works = [Path(folder) / str(number) for number in range(jobs)]
        for work in works:
            work.mkdir()
            copy_into(ROOT, work)
        verdicts = judge(package, tests_of(package), chosen, works, told, minutes=minutes)
        os.chdir(ROOT)
    return verdicts


def finish(
    line: dict[str, Any], chosen: Sequence[Mutant], verdicts: Sequence[Verdict], begun: float, record: Path | None
) -> int:
    """Print the score, with those that `line` says were noticed before, and add to the record; return the survivors."""
    survivors = [verdict for verdict in verdicts if verdict.outcome == SURVIVED]
    endless = [verdict for verdict in verdicts if verdict.outcome == ENDLESS]
    seen = {(verdict.file, verdict.line, verdict.column, verdict.before, verdict.after) for verdict in verdicts}
    left = [
        {"file": one.file, "line": one.line, "column": one.column, "before": one.before, "after": one.after}
        for one in chosen
        if (one.file, one.line, one.column, one.before, one.after) not in seen
    ]
    noticed = line["noticed"] + len(verdicts) - len(survivors)
    mutants = noticed + len(survivors)
    score = 100 * noticed / max(1, mutants)
    seconds = round(time.monotonic() - begun)
    print(f"{line['package']}: {noticed} of {mutants} noticed, {score:.1f} %, {len(left)} left, {seconds} s")
    if record is not None:
        whole = {
            **line, "mutants": mutants, "noticed": noticed, "left": left, "score": round(score, 1), "seconds": seconds,
            "endless": [asdict(verdict) for verdict in endless], "survivors": [asdict(one) for one in survivors],
        }  # fmt: skip
        with record.open("a", encoding="utf-8") as file:
            file.write(json.dumps(whole) + "\n")
    return len(survivors)


def commit() -> str:
    """The commit that the source stands at, with a plus sign if files have changed since."""
    command = ["git", "describe", "--always", "--dirty=+", "--exclude=*"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return said.stdout.strip()


def main(arguments: Sequence[str]) -> int:
    """Run one campaign for each package that is named."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutate", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("packages", nargs="+", metavar="PACKAGE", help="such as wire, tlog, sessions")
    parser.add_argument("--mutants", type=int, default=400, help="how many to draw (default: 400)")
    parser.add_argument("--seed", type=int, default=1, help="which ones (default: 1)")
    parser.add_argument("--jobs", type=int, default=1, help="how many to judge at a time (default: 1)")
    parser.add_argument("--minutes", type=float, default=math.inf, help="when to stop and count (default: at the end)")
    parser.add_argument("--again", action="store_true", help="only what the last run in the record left open")
    parser.add_argument("--record", type=Path, help="a file to which one JSON line for each package is added")
    chosen = parser.parse_args(arguments)
    record = chosen.record.resolve() if chosen.record else None
    for package in chosen.packages:
        if not (ROOT / "tests" / package).is_dir() or not (ROOT / "src/openline" / package).is_dir():
            parser.error(f"no such package with tests: {package}")
        if not chosen.again:
            campaign(package, chosen.mutants, chosen.seed, record, chosen.jobs, chosen.minutes)
        elif record is not None:
            once_more(package, chosen.seed, record, chosen.jobs, chosen.minutes)
        else:
            parser.error("--again needs the --record that it goes on from")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
