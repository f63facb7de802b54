"""Everything `make test` checks, one step after another.

    python -m tools.check              every step
    python -m tools.check ruff tests   the named steps
    python -m tools.check --list       their names

Each step says what it runs and how long it took. A failing step does not stop the others; the exit status is 1 if any
failed. Nothing here fails by time: campaigns have counts, never durations, so that a run can be repeated.
"""

import argparse
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

CORE = ("wire", "charter", "sessions", "tlog", "engine")
"""The packages whose every branch a test must take."""

PROCESSES = min(os.cpu_count() or 1, 4)
"""Beyond four, a test run spends more on starting workers than it saves."""

SUMMARY = re.compile(r"^=*\s*(\d+ (?:passed|failed|error).* in [\d.]+s.*?)\s*=*$")


@dataclass(frozen=True, slots=True)
class Step:
    """One command of the check. `needs` is a path that must exist, or there is nothing to check yet."""

    name: str
    command: tuple[str, ...]
    needs: str = "src"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a step ended, after how many seconds, and pytest's own last line if it had one."""

    name: str
    status: int
    seconds: float
    summary: str


def core_files() -> str:
    """The coverage pattern of the core packages that exist."""
    return ",".join(f"src/openline/{name}/*" for name in CORE if (ROOT / "src/openline" / name).exists())


def steps() -> tuple[Step, ...]:
    """Every step in the order in which a reader wants to hear of a fault: cheap and exact first."""
    python, coverage, openline = (str(BIN / name) for name in ("python", "coverage", "openline"))
    return (
        Step("ruff", (str(BIN / "ruff"), "check", "--quiet", "--output-format", "concise", ".")),
        Step("format", (str(BIN / "ruff"), "format", "--check", "--quiet", ".")),
        Step("mypy", (str(BIN / "mypy"),)),
        Step("contracts", (python, "-m", "tools.contracts")),
        Step(
            "tests",
            (python, "-m", "pytest", "-q", "-n", str(PROCESSES), "--durations=10", "--cov", "--cov-report="),
            "tests",
        ),
        Step("coverage", (coverage, "report", f"--include={core_files()}", "--fail-under=100"), ".coverage"),
        # Campaigns: small counts of what is run by hand with large ones.
        Step("demo", (openline, "demo", "--headless"), "src/openline/cli/demo.py"),
        Step("kills", (python, "-m", "tools.kill9", "--kills", "40", "--each", "2"), "tools/kill9.py"),
        Step("fuzz", (python, "-m", "tools.fuzz", "--runs", "1000"), "tools/fuzz.py"),
        Step("model", (python, "-m", "tools.model"), "tools/model.py"),
        Step("simulate", (openline, "simulate", "--seeds", "commit:200"), "src/openline/cli/simulate.py"),
        Step("soak", (openline, "simulate", "--soak", "14", "--seeds", "7:9"), "src/openline/cli/soak.py"),
        Step("deaths", (openline, "simulate", "--exhaustive", "--bound", "death"), "src/openline/cli/exhaust.py"),
        Step("search", (openline, "simulate", "--exhaustive", "--bound", "small"), "src/openline/cli/exhaust.py"),
    )


def run(step: Step) -> Outcome:
    """Run one step, its output passed on line by line as it comes, and keep pytest's summary line."""
    environment = {**os.environ, "HYPOTHESIS_PROFILE": os.environ.get("HYPOTHESIS_PROFILE", "ci")}
    begun = time.monotonic()
    summary = ""
    with subprocess.Popen(
        step.command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            if found := SUMMARY.match(line):
                summary = found.group(1)
    return Outcome(step.name, process.returncode, time.monotonic() - begun, summary)


def report(outcomes: Sequence[Outcome]) -> int:
    """One line for each step, then pytest's summary, or a count of steps when no test ran."""
    failed = [outcome.name for outcome in outcomes if outcome.status != 0]
    print("\n---- summary")
    for outcome in outcomes:
        print(f"{'ok    ' if outcome.status == 0 else 'FAILED'}  {outcome.name:<12} {outcome.seconds:7.1f} s")
    if failed:
        print(f"steps failed: {', '.join(failed)}")
    summaries = [outcome.summary for outcome in outcomes if outcome.summary]
    print(summaries[-1] if summaries else f"{len(outcomes) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


def main(arguments: Sequence[str]) -> int:
    """Run the steps that were named, or all."""
    known = {step.name: step for step in steps()}
    parser = argparse.ArgumentParser(prog="python -m tools.check", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--list", action="store_true", help="say the names of the steps and end")
    parser.add_argument("names", nargs="*", metavar="STEP", help=f"one or more of: {', '.join(known)}")
    chosen = parser.parse_args(arguments)
    if chosen.list:
        print("\n".join(known))
        return 0
    # A shell's background job ignores Ctrl-C, and so would every program that a story ends by it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if unknown := [name for name in chosen.names if name not in known]:
        parser.error(f"no such step: {', '.join(unknown)}")
    outcomes = []
    wanted = [known[name] for name in chosen.names] or list(known.values())
    for number, step in enumerate(wanted, 1):
        if not (ROOT / step.needs).exists():
            print(f"---- {number}/{len(wanted)} {step.name}: {step.needs} is not there", flush=True)
            outcomes.append(Outcome(step.name, 1, 0.0, ""))
            continue
        print(f"---- {number}/{len(wanted)} {step.name}", flush=True)
        outcome = run(step)
        print(f"---- {step.name}: {'ok' if outcome.status == 0 else 'FAILED'} in {outcome.seconds:.1f} s", flush=True)
        outcomes.append(outcome)
    return report(outcomes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
