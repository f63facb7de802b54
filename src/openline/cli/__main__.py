"""`python -m openline.cli` is the command `openline`."""

from openline.cli import main

main(prog_name="openline")
