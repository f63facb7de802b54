"""The command line: `openline COMMAND --help` teaches each command; every command answers JSON with --json."""

from openline.cli.main import main

__all__ = ["main"]
