"""Model checking: the dialogue and the receipt protocol in every order, by spin, in small bounds.

    python -m tools.model            the bounds of `make test`, and every planted fault must be found
    python -m tools.model --large    larger bounds, by hand: minutes, and up to three gigabytes
    python -m tools.model --table    print the state table as the model reads it

The models are models/*.pml; docs/campaigns/model.md says what they cover and what they do not.  The table of dialogues
is made from `openline.dialogue.states` each time.  Needs spin and a C compiler (tools/packages.txt names them).
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from openline.dialogue.states import ALARMING, ENDED, OWED_BY_ASKER, TABLE, WAITING, Input, State
from openline.dialogue.thread import STANDBY_MAX

MODELS = Path(__file__).resolve().parent.parent / "models"
NEEDED = ("spin", "gcc")
MEMORY_MB = 3_000
DEPTH = 100_000
NOTHING = "255"  # a pair that is not in the table changes nothing

Table = Mapping[tuple[State, Input], State]


@dataclass(frozen=True, slots=True)
class Check:
    """One run of spin: a model, its bounds, and whether a fault is planted that must be found."""

    model: str
    bounds: tuple[str, ...]
    planted: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What spin says: how many states it stored, and what was violated, empty if nothing."""

    states: int
    violated: str
    seconds: float


SMALL = (
    Check("delivery", ("PAIRS=2", "LOSSES=2", "DOUBLES=1", "CRASHES=1")),
    Check("delivery", ("PAIRS=3", "LOSSES=1", "DOUBLES=0", "CRASHES=0")),
    Check("dialogue", ("REPLIES=2", "CLOCK_MAX=3")),
)
LARGE = (
    Check("delivery", ("PAIRS=2", "LOSSES=3", "DOUBLES=3", "CRASHES=2")),
    Check("delivery", ("PAIRS=3", "LOSSES=0", "DOUBLES=0", "CRASHES=1")),
    Check("dialogue", ("REPLIES=3", "CLOCK_MAX=2")),
)
_TWO = ("PAIRS=2", "LOSSES=1", "DOUBLES=1", "CRASHES=1")
_TALK = ("REPLIES=3", "CLOCK_MAX=2")
PLANTED = (
    Check("delivery", _TWO, "NO_RETRY"),
    Check("delivery", _TWO, "RECEIPT_FIRST"),
    Check("delivery", _TWO, "COUNT_BEYOND_THE_GAP"),
    Check("delivery", _TWO, "TAKE_AGAIN"),
    Check("delivery", _TWO, "KNOWN_IS_SILENT"),
    Check("delivery", _TWO, "NEVER_PRESENT_AGAIN"),
    Check("dialogue", _TALK, "STANDBY_FOREVER"),
    Check("dialogue", _TALK, "ORDER_OF_ARRIVAL"),
    Check("dialogue", _TALK, "SILENCE_CLOSES"),
    Check("dialogue", _TALK, "NO_WAY_OUT"),
    Check("dialogue", _TALK, "QUIET_WHEN_OVERDUE"),
)
"""Faults that others have had, or that we might have: each must be found, or the checks check nothing."""


def planted_table(fault: str) -> tuple[Table, frozenset[State]]:
    """Return the state table and the alarming states, with a fault of the table planted in them if it is one."""
    table, alarming = dict(TABLE), frozenset(ALARMING)
    if fault == "SILENCE_CLOSES":
        table = {pair: State.CLOSED if pair[1] is Input.DEADLINE else after for pair, after in table.items()}
    elif fault == "NO_WAY_OUT":
        table = {pair: after for pair, after in table.items() if pair != (State.OVERDUE, Input.CANCELLATION)}
    elif fault == "QUIET_WHEN_OVERDUE":
        alarming -= {State.OVERDUE}
    return table, alarming


def promela(table: Table, alarming: frozenset[State]) -> str:
    """Return the state table in Promela: names, sets of states, and `move`."""
    order = {state: number for number, state in enumerate(State)}
    lines = [f"#define S_{state.name} {number}" for state, number in order.items()]
    lines += [f"#define {_word(happening)} {number}" for number, happening in enumerate(Input)]
    lines.append(f"#define STANDBY_MAX {STANDBY_MAX}")
    sets = {"ENDED": ENDED, "ALARMING": alarming, "WAITING": WAITING, "OWED_BY_ASKER": OWED_BY_ASKER}
    for name, states in sets.items():
        chosen = " || ".join(f"(s) == S_{state.name}" for state in State if state in states)
        lines.append(f"#define IS_{name}(s) ({chosen})")
    rows = [
        ", ".join(
            str(order[table[state, happening]]) if (state, happening) in table else NOTHING for happening in Input
        )
        for state in State
    ]
    lines.append(f"c_decl {{ static const unsigned char AFTER[{len(State)}][{len(Input)}] = {{")
    lines += [f"  {{{row}}}," for row in rows]
    return "\n".join([*lines, "}; };", _MOVE, ""])


_MOVE = """\
byte input;
bit moved;
inline move(happening_) {
  input = happening_;
  c_code {
    now.moved = AFTER[now.state][now.input] != 255;
    if (now.moved) now.state = AFTER[now.state][now.input];
  };
  input = 0
}"""


def _word(happening: Input) -> str:
    """An input's name; STANDBY is a state too, and a word of Promela's own must not be meant."""
    return "STANDBY_" if happening is Input.STANDBY else happening.name


def run(check: Check, folder: Path) -> Result:
    """Let spin search every run of one model within its bounds."""
    begun = time.monotonic()
    shutil.copy(MODELS / f"{check.model}.pml", folder / "model.pml")
    (folder / "table.pml").write_text(promela(*planted_table(check.planted)), encoding="utf-8")
    defined = [f"-D{bound}" for bound in (*check.bounds, *([check.planted] if check.planted else []))]
    _call(["spin", *defined, "-a", "model.pml"], folder)
    # NP: a run without end is a fault too, since losses, crashes and words are counted down.
    _call(["gcc", "-O1", "-w", "-DNP", "-DCOLLAPSE", f"-DMEMLIM={MEMORY_MB}", "-o", "pan", "pan.c"], folder)
    said = _call(["./pan", "-l", f"-m{DEPTH}"], folder)
    stored = re.search(r"^\s*([\d.e+]+) states, stored", said, re.MULTILINE)
    violated = re.search(r"^pan:1: (.*) \(at depth", said, re.MULTILINE)
    complete = "errors: 0" in said and "Search not completed" not in said
    reason = violated[1] if violated else "" if complete else "the search was not completed"
    return Result(int(float(stored[1])) if stored else 0, reason, time.monotonic() - begun)


def _call(command: Sequence[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode and command[0] != "./pan":
        sys.exit(f"{' '.join(command)}: {done.stdout}{done.stderr}")
    return done.stdout


def judge(check: Check) -> bool:
    """Run one check and say what came of it; return whether it is as it should be."""
    with tempfile.TemporaryDirectory(prefix="openline-model-") as folder:
        result = run(check, Path(folder))
    good = bool(result.violated) == bool(check.planted)
    what = f"{check.model} {' '.join(check.bounds)}{' with ' + check.planted if check.planted else ''}"
    told = f"found: {result.violated[:90]}" if result.violated else "nothing violated"
    print(
        f"{'ok    ' if good else 'FAILED'}  {what}: {result.states:,} states, {result.seconds:.1f} s, {told}",
        flush=True,
    )
    return good


def missing() -> list[str]:
    """Return the programs that are needed and not here."""
    return [name for name in NEEDED if shutil.which(name) is None]


def main(arguments: Sequence[str]) -> int:
    """Check the models, then that each planted fault is found; the status is 1 if anything is not as it should be."""
    parser = argparse.ArgumentParser(prog="python -m tools.model", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--large", action="store_true", help="larger bounds: minutes")
    parser.add_argument("--table", action="store_true", help="print the state table as the model reads it")
    chosen = parser.parse_args(arguments)
    if chosen.table:
        print(promela(*planted_table("")), end="")
        return 0
    if missing():
        print(f"not here: {', '.join(missing())}; tools/packages.txt names the Debian packages")
        return 1
    checks = (*(LARGE if chosen.large else SMALL), *PLANTED)
    wrong = [check for check in checks if not judge(check)]
    print(f"{len(checks)} checks, {len(wrong)} not as they should be")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
