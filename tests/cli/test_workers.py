"""Long work is done by several processes; whatever ends the one that was asked ends them too."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

WAIT_S = 60


def workers_of(process: int) -> list[Path]:
    """The processes that one has started, by their folders in /proc."""
    listed = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    return [Path("/proc", child) for child in listed.split()]


def runs(process: Path) -> bool:
    """Whether it has not ended; one that nobody has asked about yet still has its folder."""
    try:
        return process.joinpath("stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_no_worker_outlives_the_command_that_started_it(number: signal.Signals) -> None:
    """They once waited for ever for work, each with its memory, after the command was killed."""
    asked = [sys.executable, "-m", "openline.cli", "simulate", "--seeds", "0:1000000", "--jobs", "2", "--no-shrink"]
    command = subprocess.Popen(asked, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + WAIT_S
    try:
        while len(workers := workers_of(command.pid)) < 2:
            assert time.monotonic() < deadline
            assert command.poll() is None
            time.sleep(0.1)
        command.send_signal(number)
        command.wait(WAIT_S)
    finally:
        command.kill()  # else a test that fails leaves it at work for hours
        command.wait(WAIT_S)
    while any(runs(worker) for worker in workers):
        assert time.monotonic() < deadline
        time.sleep(0.1)
