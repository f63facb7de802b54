"""Which checker finds which planted bug, and at which seed: the table in docs/campaigns/plants.md.

python -m tools.plants                     all of them, up to 10,000 seeds each
python -m tools.plants --some 4 --day 3    a rotating handful, for every change
"""

from __future__ import annotations

import argparse
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from openline.cli.plants import SEEDS_MOST, Hunt, checkout, hunt, plants


def main() -> int:
    """Hunt planted bugs; exit 1 if one is not noticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=SEEDS_MOST, help="at most so many for each")
    parser.add_argument("--some", type=int, default=0, help="only so many of them")
    parser.add_argument("--day", type=int, default=0, help="which of them: the handful turns with this number")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--table", type=Path, help="write the table to this file")
    arguments = parser.parse_args()
    root = checkout()
    chosen = plants(root)
    if arguments.some:
        first = arguments.some * arguments.day % len(chosen)
        chosen = (chosen + chosen)[first : first + arguments.some]
    with ThreadPoolExecutor(arguments.jobs) as pool:
        found = []
        for each in pool.map(partial(_hunt, root, arguments.seeds), chosen):
            print(f"{each.plant:40} {each.seed!s:>6} {each.checker:12} {each.words[:80]}", flush=True)
            found.append(each)
    if arguments.table is not None:
        arguments.table.write_text(_table(root, found), encoding="utf-8")
    return int(any(each.seed is None for each in found))


def _hunt(root: Path, seeds: int, patch: Path) -> Hunt:
    return hunt(root, patch, 0, seeds)


def _table(root: Path, found: list[Hunt]) -> str:
    lines = [
        "# Planted bugs",
        "",
        "Each is a patch in the folder `plants`, applied to a copy of the source. Repeat: `python -m tools.plants`.",
        "",
        f"Found: {sum(each.seed is not None for each in found)} of {len(found)}.",
        "",
        "| Bug | What it is | Seed | Checker | What it says |",
        "|---|---|---|---|---|",
    ]
    for each in found:
        what = (root / "plants" / f"{each.plant}.patch").read_text(encoding="utf-8").splitlines()[0]
        seed = "not found" if each.seed is None else str(each.seed)
        lines.append(f"| {each.plant} | {what} | {seed} | {each.checker} | {each.words.replace('|', '/')[:120]} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    raise SystemExit(main())
