"""Mutation testing: each thing that the code says must have a test that would miss it.

    python -m tools.mutate wire --mutants 400 --seed 1
    python -m tools.mutate wire sessions --jobs 2 --seed 1 --record docs/campaigns/mutation.jsonl

One small change after another is made to a copy of a package (never to the package), and that package's own tests run
on the copy.  A mutant that no test notices survives and is listed: either a test is missing, or the change makes no
difference that anybody could see.  The mutants are drawn by the seed from all that there are, so a run can be repeated.
How they are made stands in `tools.mutants`, how they are judged in `tools.judging`.
"""

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from tools.judging import ENDLESS, SURVIVED, Verdict, copy_into, judge
from tools.mutants import chosen_of

ROOT = Path(__file__).resolve().parent.parent
SHARED = {
    "sessions": ("tests/wire/test_vectors.py",),
    "tlog": ("tests/wire/test_vectors.py",),
    "delivery": ("tests/sessions", "tests/engine"),
}
"""Tests elsewhere that are a package's own: vectors are judged in one place, and delivery is seen through a station."""


def tests_of(package: str) -> list[str]:
    """Return the folders and files of the tests that judge a package."""
    return [f"tests/{package}", *SHARED.get(package, ())]


def campaign(package: str, count: int, seed: int, record: Path | None, jobs: int, minutes: float) -> int:
    """Judge one package's mutants, print the survivors, add one line to `record`; return how many survived."""
    begun = time.monotonic()
    chosen, every = chosen_of(ROOT, package, count, seed)
    print(f"{package}: {len(chosen)} of {every} mutants, seed {seed}", flush=True)

    def told(verdict: Verdict) -> None:
        if verdict.outcome == SURVIVED:
            print(f"  survived  {verdict.file}:{verdict.line}  {verdict.before}  ->  {verdict.after}", flush=True)

    stands_at = commit()
    with tempfile.TemporaryDirectory(prefix="openline-mutants-") as folder:
        works = [Path(folder) / str(number) for number in range(jobs)]
        for work in works:
            work.mkdir()
            copy_into(ROOT, work)
        verdicts = judge(package, tests_of(package), chosen, works, told, minutes=minutes)
        os.chdir(ROOT)
    survivors = [verdict for verdict in verdicts if verdict.outcome == SURVIVED]
    score = 100 * (len(verdicts) - len(survivors)) / max(1, len(verdicts))
    seconds = round(time.monotonic() - begun)
    print(f"{package}: {len(verdicts) - len(survivors)} of {len(verdicts)} noticed, {score:.1f} %, {seconds} s")
    if record is not None:
        line = {
            "package": package, "commit": stands_at, "seed": seed, "drawn": len(chosen), "mutants": len(verdicts),
            "of": every,
            "endless": [asdict(verdict) for verdict in verdicts if verdict.outcome == ENDLESS],
            "score": round(score, 1), "seconds": seconds, "survivors": [asdict(verdict) for verdict in survivors],
        }  # fmt: skip
        with record.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
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
    parser.add_argument("--record", type=Path, help="a file to which one JSON line for each package is added")
    chosen = parser.parse_args(arguments)
    record = chosen.record.resolve() if chosen.record else None
    for package in chosen.packages:
        if not (ROOT / "tests" / package).is_dir() or not (ROOT / "src/openline" / package).is_dir():
            parser.error(f"no such package with tests: {package}")
        campaign(package, chosen.mutants, chosen.seed, record, chosen.jobs, chosen.minutes)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
