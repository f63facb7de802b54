"""A relay that tells a file of each put that it has taken: what it holds for a moment, no copy of its disk shows.

    python -m tools.telling_relay relay run --home H

The program is the shipped one; only one more byte is written for each put, into `taken` in its home.
"""

import sys
from pathlib import Path
from unittest.mock import patch

from openline.cli import main
from openline.mailbox.shelf import Shelf

TAKEN = "taken"  # in the relay's home: a byte for each put since the campaign began


def run(arguments: list[str]) -> None:
    """Run the program, telling of each put."""
    put = Shelf.put

    with (Path(arguments[arguments.index("--home") + 1]) / TAKEN).open("ab", buffering=0) as told:

        def telling(shelf: Shelf, writer: bytes, reader: bytes, lane: int, envelope: bytes, monotonic_ms: int) -> bool:
            taken = put(shelf, writer, reader, lane, envelope, monotonic_ms)
            told.write(b"." * taken)
            return taken

        with patch.object(Shelf, "put", telling):
            main(arguments, prog_name="openline")


if __name__ == "__main__":
    run(sys.argv[1:])
