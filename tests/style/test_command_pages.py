"""The page of commands is what `--help` prints."""

import subprocess
import sys

from openline.cli import main
from tools.command_pages import PAGE, commands


def test_the_page_of_commands_is_current() -> None:
    # In a process of its own: a command keeps the help option that it was first given, by whichever test came first.
    made = subprocess.run([sys.executable, "-m", "tools.command_pages", "--check"], check=False)
    assert made.returncode == 0, "run: python -m tools.command_pages"


def test_every_command_has_its_section() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert all(f"# openline {' '.join(path)}\n" in text for path, _ in commands(main))
