"""Which checker finds which planted bug, and at which seed: the table in docs/campaigns/plants.md.

python -m tools.plants                     all of them, up to 10,000 seeds each
python -m tools.plants --seeds 200         a small budget first: what is found is not hunted again, the rest goes on
python -m tools.plants --some 4 --day 3    a rotating handful, for every change
python -m tools.plants --only flash        those with this in their names

Each hunt is a line of docs/campaigns/plants.jsonl once it has ended, and the table is made from the lines: a run that
is cut short keeps what it has.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path

from openline.cli.plants import SEEDS_MOST, checkout, hunt, plants
from openline.errors import Misuse

LINES, TABLE = "docs/campaigns/plants.jsonl", "docs/campaigns/plants.md"
WORDS_MOST = 110  # characters of what a checker says: one line of a table


@dataclass(frozen=True, slots=True)
class Hunted:
    """One hunt: where it ran, and what came of it.

    patch: what `patch_digest` says of the planted patch, so that one with another change is hunted anew.
    end: the seeds from 0 to before this were tried, at this commit.  seed: None if nothing noticed it.
    """

    commit: str
    plant: str
    patch: str
    end: int
    seed: int | None
    checker: str
    words: str


def main() -> int:
    """Hunt planted bugs; exit 1 if one is not noticed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=SEEDS_MOST, help="at most so many for each")
    parser.add_argument("--some", type=int, default=0, help="only so many of them")
    parser.add_argument("--day", type=int, default=0, help="which of them: the handful turns with this number")
    parser.add_argument("--only", default="", help="only those with this in their names")
    parser.add_argument("--again", action="store_true", help="also those that a line says were found")
    parser.add_argument("--jobs", type=int, default=2, help="processes at once; 0: make the table and hunt nothing")
    arguments = parser.parse_args()
    root = checkout()
    chosen = [patch for patch in plants(root) if arguments.only in patch.stem]
    if arguments.some:
        first = arguments.some * arguments.day % len(chosen)
        chosen = (chosen + chosen)[first : first + arguments.some]
    known = newest(root, read_lines(root))
    open_ones = [
        patch for patch in chosen if arguments.again or patch.stem not in known or known[patch.stem].seed is None
    ]
    if arguments.jobs:
        try:
            with ThreadPoolExecutor(arguments.jobs) as pool:
                for each in pool.map(partial(_hunt, root, arguments.seeds, known, again=arguments.again), open_ones):
                    print(f"{each.plant:40} {each.seed!s:>6} {each.checker:12} {each.words[:80]}", flush=True)
        except Misuse as stale:  # no line of it: nothing was hunted
            print(f"{stale.message}. Plant the same bug where that code is now.", file=sys.stderr)
            return 2
    known = newest(root, read_lines(root))
    (root / TABLE).write_text(table(root, known), encoding="utf-8")
    return int(any(patch.stem not in known or known[patch.stem].seed is None for patch in chosen))


def _hunt(root: Path, seeds: int, known: Mapping[str, Hunted], patch: Path, *, again: bool) -> Hunted:
    """Go on where the last hunt of this commit ended, and write the line before it is told."""
    commit, before = _commit(root), known.get(patch.stem)
    goes_on = before is not None and before.commit == commit and not again
    first = before.end if before is not None and goes_on else 0
    found = hunt(root, patch, first, max(first, seeds))
    end = max(first, seeds) if found.seed is None else found.seed + 1
    hunted = Hunted(commit, patch.stem, patch_digest(patch), end, found.seed, found.checker, found.words[:WORDS_MOST])
    with (root / LINES).open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(asdict(hunted)) + "\n")
    return hunted


def _commit(root: Path) -> str:
    """Return the commit of the checkout; with a + if its source or its planted bugs have changed since."""
    git = shutil.which("git") or "git"
    asked = [["rev-parse", "--short=12", "HEAD"], ["status", "--porcelain", "src", "plants"]]
    head, changed = (
        subprocess.run([git, *words], cwd=root, capture_output=True, text=True, check=True).stdout.strip()
        for words in asked
    )
    return head + ("+" if changed else "")


def patch_digest(patch: Path) -> str:
    """Return the first digits of the SHA-256 of what a patch takes away and puts in; where it does may move."""
    changed = [line for line in patch.read_text(encoding="utf-8").splitlines() if line.startswith(("+", "-"))]
    return sha256("\n".join(changed).encode()).hexdigest()[:12]


def read_lines(root: Path) -> list[Hunted]:
    """Return every hunt that was ever written down, oldest first."""
    path = root / LINES
    return (
        [Hunted(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
    )


def newest(root: Path, lines: Iterable[Hunted]) -> dict[str, Hunted]:
    """Return the last hunt of each bug as it is planted now; one in vain that ended before a known seed is none."""
    digests = {patch.stem: patch_digest(patch) for patch in plants(root)}
    last: dict[str, Hunted] = {}
    for each in lines:
        before = last.get(each.plant)
        known = before is not None and before.seed is not None and each.seed is None and each.end <= before.seed
        if digests.get(each.plant) == each.patch and not known:
            last[each.plant] = each
    return last


def table(root: Path, known: Mapping[str, Hunted]) -> str:
    """Return the page: each planted bug, who found it, where, and what was tried in vain."""
    every = plants(root)
    lines = [
        "# Planted bugs",
        "",
        "Each is a patch in the folder `plants`, applied to a copy of the source. Repeat: `python -m tools.plants`. It",
        "makes this page from [plants.jsonl](plants.jsonl). The seed is the first, from 0, at which a checker spoke;",
        "the commit is the one that it was hunted on, with a + if it had changes that were committed after the hunt.",
        "",
        f"Found: {sum(each.seed is not None for each in known.values())} of {len(every)}.",
        "",
        "| Bug | What it is | Seed | Checker | What it says | Commit |",
        "|---|---|---|---|---|---|",
    ]
    for patch in every:
        what = patch.read_text(encoding="utf-8").splitlines()[0]
        each = known.get(patch.stem)
        if each is None:
            lines.append(f"| {patch.stem} | {what} | not hunted |  |  |  |")
            continue
        seed = f"not in {each.end}" if each.seed is None else str(each.seed)
        words = each.words.replace("|", "/")
        lines.append(f"| {patch.stem} | {what} | {seed} | {each.checker} | {words} | {each.commit} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    raise SystemExit(main())
